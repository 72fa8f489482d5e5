// SPDX-License-Identifier: MIT
/// From a document to a problem, with every mistake in it.
///
/// Accepted are the spellings of Keras 1 to 3 and TensorFlow.js 4, alone or as the "problem" of a
/// fault. What mend does not support is a mistake, never a guess; so is a key that nobody knows.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/spec/check_problem.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read_compile.hpp>
#include <mend/spec/read_fit.hpp>
#include <mend/spec/read_model.hpp>
#include <mend/spec/reading.hpp>
#include <mend/spec/validate.hpp>
#include <mend/spec/write.hpp>

namespace mend {

namespace detail {

struct problem_reading {
    problem value;
    problem_layout layout;
    mistake_list mistakes;
};

[[nodiscard]] inline problem_reading read_tree(const document& root) {
    problem_reading reading;
    mistake_list& mistakes = reading.mistakes;
    if (!root.is_object()) {
        mistakes.add(
            "", R"(a problem is an object with "model", "compile" and "fit", not )" + shown(root)
        );
        return reading;
    }
    if (root.find("model") == nullptr && root.find("class_name") != nullptr) {
        mistakes.add(
            "", R"(is a model alone: a problem has it as "model", beside "compile" and "fit")"
        );
        return reading;
    }
    if (const document* model = root.find("model")) {
        model_reader(mistakes, reading.layout, reading.value.model).read(*model, "/model");
    } else {
        mistakes.add("/model", "is missing");
    }
    if (const document* compile = root.find("compile")) {
        const std::string& version = reading.value.model.keras_version;
        compile_reader(mistakes, reading.layout, reading.value.compile, version)
            .read(*compile, "/compile");
    } else {
        mistakes.add("/compile", "is missing");
    }
    reading.layout.fit = "/fit";
    if (const document* fit = root.find("fit")) {
        read_fit(mistakes, *fit, "/fit", reading.value.fit);
    }
    check_problem(mistakes, reading.layout, reading.value);
    for (const auto& [key, member] : root.members()) {
        if (!is_any_of(key, {"model", "compile", "fit"})) {
            mistakes.add(pointer_to("", key), "is not a key that mend knows here");
        }
    }
    return reading;
}

/// The problem within a fault, else the document itself, and its path.
[[nodiscard]] inline std::pair<const document&, std::string_view> problem_part(const document& root
) noexcept {
    const document* inner = root.find("problem");
    if (inner != nullptr && root.find("model") == nullptr) {
        return {*inner, "/problem"};
    }
    return {root, ""};
}

} // namespace detail

/// All mistakes of a problem or fault; empty for a good one. Never throws for bad content.
[[nodiscard]] inline std::vector<mistake> validate(const document& root) {
    const auto [part, prefix] = detail::problem_part(root);
    std::vector<mistake> found = detail::read_tree(part).mistakes.found;
    for (mistake& m : found) {
        m.where = std::string(prefix) + m.where;
    }
    return found;
}

/// All mistakes of a problem made in C++, with paths into its document.
[[nodiscard]] inline std::vector<mistake> validate(const problem& p) {
    return validate(document_from(p));
}

/// One error for a list of mistakes: the first, and how many more there are. Requires a mistake.
[[nodiscard]] inline spec_error error_of(const std::vector<mistake>& found, std::string_view name) {
    MEND_EXPECTS(!found.empty(), "an error needs a mistake");
    std::string where = found.front().where.empty() ? "/" : found.front().where;
    if (!name.empty()) {
        where = std::string(name) + ": " + where;
    }
    std::string why = found.front().why;
    if (found.size() > 1) {
        why += " (and " + std::to_string(found.size() - 1) + " more)";
    }
    return {std::move(where), std::move(why)};
}

/// The problem that a document (a problem or a fault) holds, with that document as its source.
/// Throws spec_error with its first mistake; `name`, of the file, goes in front of the path.
[[nodiscard]] inline problem problem_from(const document& root, std::string_view name = {}) {
    const auto [part, prefix] = detail::problem_part(root);
    detail::problem_reading reading = detail::read_tree(part);
    if (!reading.mistakes.found.empty()) {
        for (mistake& m : reading.mistakes.found) {
            m.where = std::string(prefix) + m.where;
        }
        throw error_of(reading.mistakes.found, name);
    }
    reading.value.source = part;
    return std::move(reading.value);
}

/// The document that patches of a problem apply to: the one it was read from, or for a problem made
/// or changed in C++ the one written from its values.
[[nodiscard]] inline document document_of(const problem& p) {
    if (!p.source.is_null()) {
        const detail::problem_reading reading = detail::read_tree(p.source);
        if (reading.mistakes.found.empty() && reading.value == p) {
            return p.source;
        }
    }
    return document_from(p);
}

} // namespace mend
