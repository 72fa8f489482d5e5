// SPDX-License-Identifier: MIT
/// A fault's problem at a published configuration, as the studies write them: `name=value` pairs,
/// joined by commas.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/fault/fault.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/space/study_space.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/names.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>

namespace mend {

namespace detail {

/// A published value as the dimension that it is for holds it.
[[nodiscard]] inline document configuration_value(std::string_view edits, const std::string& text) {
    if (edits == "optimizer") {
        const auto kind = make_optimizer(text);
        return kind ? document(optimizer_spec{*kind}.class_name()) : document(text);
    }
    if (edits == "loss") {
        return std::string(loss_name(text));
    }
    if (edits.ends_with(".activation")) {
        return text == "None" ? std::string("linear") : std::string(activation_name(text));
    }
    if (edits.ends_with("_initializer")) {
        return std::string(initializer_name(text));
    }
    const char* const end = text.data() + text.size();
    std::int64_t whole = 0;
    if (const auto got = std::from_chars(text.data(), end, whole);
        got.ec == std::errc{} && got.ptr == end) {
        return edits == "learning_rate" ? document(static_cast<double>(whole)) : document(whole);
    }
    double number = 0;
    if (const auto got = std::from_chars(text.data(), end, number);
        got.ec == std::errc{} && got.ptr == end) {
        return number;
    }
    return text;
}

} // namespace detail

/// The problem of a fault with what a configuration says; dimensions that it does not name and
/// those that have no effect stay as they are. Requires a fault with a space. Throws data_error for
/// a text that is no configuration of this fault, or for a value that mend does not know.
[[nodiscard]] inline problem configured(const fault& f, std::string_view text) {
    MEND_EXPECTS(f.space.has_value(), "the fault has a published space");
    const auto refuse = [&](const std::string& why) {
        throw data_error(f.id + ": " + std::string(text), why);
    };
    study_space changed; // the dimensions that are not at their faulty values
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view pair = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) {
            refuse("\"" + std::string(pair) + "\" is no name=value");
        }
        const std::string value(pair.substr(equals + 1));
        const study_dimension* known = f.space->find(pair.substr(0, equals));
        if (known == nullptr) {
            refuse("there is no dimension " + std::string(pair.substr(0, equals)));
        }
        if (known->edits.empty() || known->faulty == value) {
            continue;
        }
        study_dimension here = *known;
        here.frozen = false;
        here.values = {detail::configuration_value(here.edits, value)};
        if (here.values[0] == document(std::string())) {
            refuse("mend does not know \"" + value + "\"");
        }
        changed.dimensions.push_back(std::move(here));
    }
    const fix_space fixes = make_fix_space(f.problem, answers{}, changed);
    std::vector<double> raw = fixes.over().default_point()->raw();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        // Two values are possible, the faulty one and that of the configuration.
        raw[i] = fixes.over().parameters()[i].low + fixes.over().parameters()[i].high - raw[i];
    }
    return fixes.apply(fixes.over().make_point(std::move(raw)));
}

} // namespace mend
