// SPDX-License-Identifier: MIT
/// From documents to the values of settings: types, ranges and names.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/spec/constraint.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/fit.hpp>
#include <mend/spec/initializer_spec.hpp>
#include <mend/spec/learning_rate.hpp>
#include <mend/spec/names.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/reading.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/validate.hpp>

namespace mend::detail {

/// "" where the number lies in the domain, else what it must be.
[[nodiscard]] inline std::string_view demand(domain values, double number) noexcept {
    switch (values) {
    case domain::positive:
    case domain::extent:
        return number > 0 ? "" : "must be positive";
    case domain::non_negative:
        return number >= 0 ? "" : "must not be negative";
    case domain::rate:
        return number >= 0 && number < 1 ? "" : "must be at least 0 and below 1";
    case domain::share:
        return number >= 0 && number <= 1 ? "" : "must be between 0 and 1";
    default:
        return "";
    }
}

/// Reads values into settings; `at` is the path of the value.
class value_reader {
public:
    value_reader(mistake_list& mistakes, const document& value, std::string at, const field& about)
        : mistakes_(mistakes)
        , value_(value)
        , at_(std::move(at))
        , about_(about) {}

    void operator()(bool* out) const {
        if (value_.is_bool()) {
            *out = value_.as_bool();
        } else {
            wrong("must be true or false");
        }
    }

    void operator()(std::int64_t* out) const {
        const document& list = unwrapped(value_);
        const bool of_one = (about_.values == domain::extent || about_.values == domain::axis) &&
                            list.is_array() && list.size() == 1;
        if (const auto read = integer(of_one ? list.items()[0] : value_)) {
            *out = *read;
        }
    }

    void operator()(double* out) const {
        if (value_.is_null() && about_.key == "epsilon") {
            return; // Keras 2.0 to 2.2: the default
        }
        if (const auto read = number(value_)) {
            *out = *read;
        }
    }

    void operator()(std::string* out) const;

    void operator()(extent_pair* out) const {
        const document& list = unwrapped(value_);
        if (list.is_array() && list.size() == 2) {
            const auto first = integer(list.items()[0]);
            const auto second = integer(list.items()[1]);
            if (first && second) {
                *out = {*first, *second};
            }
        } else if (list.is_number()) {
            if (const auto both = integer(list)) {
                *out = {*both, *both};
            }
        } else {
            wrong("must be an integer or a list of two");
        }
    }

    void operator()(edge_sizes* out) const {
        const document& list = unwrapped(value_);
        if (!list.is_number() && !(list.is_array() && list.size() == 2)) {
            wrong("must be an integer, a list of two, or a list of two lists of two");
            return;
        }
        for (std::size_t i = 0; i < 2; ++i) {
            const document& axis = list.is_array() ? list.items()[i] : list;
            value_reader(mistakes_, axis, at_, about_)(&(*out)[i]);
        }
    }

    void operator()(dimensions* out) const {
        out->clear();
        const document& list = unwrapped(value_);
        if (list.is_null()) {
            return;
        }
        const document::array_type one{list};
        for (const document& item : list.is_array() ? list.items() : one) {
            if (const auto read = integer(item)) {
                out->push_back(*read);
            }
        }
    }

    void operator()(std::vector<double>* out) const {
        if (!value_.is_null()) {
            out->clear();
            append_numbers(unwrapped(value_), *out);
            if (out->empty()) {
                wrong("must be null, a number or a list of numbers");
            }
        }
    }

    void operator()(std::optional<std::int64_t>* out) const {
        out->reset();
        if (!value_.is_null()) {
            (*this)(&out->emplace());
        }
    }

    /// false stands for null, as some Keras versions write it.
    void operator()(std::optional<double>* out) const {
        out->reset();
        if (!value_.is_null() && !(value_.is_bool() && !value_.as_bool())) {
            *out = number(value_);
        }
    }

    void operator()(std::optional<extent_pair>* out) const {
        out->reset();
        if (!value_.is_null()) {
            (*this)(&out->emplace());
        }
    }

    void operator()(initializer_spec* out) const;
    void operator()(regularizer_spec* out) const;
    void operator()(learning_rate_spec* out) const;
    void operator()(constraint_spec* out) const;
    void operator()(class_weights* out) const;
    void operator()(std::vector<callback_spec>* out) const;

private:
    void wrong(std::string_view what) const {
        mistakes_.add(at_, std::string(what) + ", not " + shown(value_));
    }

    [[nodiscard]] std::optional<double> number(const document& value) const {
        if (!value.is_number()) {
            wrong("must be a number");
        } else if (const auto why = demand(about_.values, value.as_number()); !why.empty()) {
            wrong(why);
        } else {
            return value.as_number();
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<std::int64_t> integer(const document& value) const {
        const auto read = integer_of(value);
        if (!read) {
            wrong("must be an integer");
        } else if (about_.values != domain::any && *read > largest_layer) {
            wrong("must be at most 2147483647");
        } else if (const auto why = demand(about_.values, static_cast<double>(*read));
                   !why.empty()) {
            wrong(why);
        } else {
            return read;
        }
        return std::nullopt;
    }

    void append_numbers(const document& value, std::vector<double>& out) const {
        if (!value.is_array()) {
            out.push_back(number(value).value_or(0));
            return;
        }
        for (const document& item : value.items()) {
            append_numbers(item, out);
        }
    }

    mistake_list& mistakes_;
    const document& value_;
    std::string at_;
    field about_;
};

inline void
read_setting(mistake_list& mistakes, const document& value, std::string at, const setting& into) {
    into.value.dispatch(value_reader(mistakes, value, std::move(at), into.about));
}

inline void value_reader::operator()(std::string* out) const {
    const document& value = unwrapped_name(value_);
    if (value.is_null() && about_.values == domain::activation) {
        *out = "linear";
        return;
    }
    if (!value.is_string()) {
        wrong("must be a name");
        return;
    }
    std::string_view name;
    switch (about_.values) {
    case domain::activation:
        name = activation_name(value.as_string());
        break;
    case domain::padding:
        name = find_name(known_paddings, value.as_string());
        break;
    case domain::time_padding:
        name = find_name(known_time_paddings, value.as_string());
        break;
    case domain::fan_mode:
        name = find_name(known_fan_modes, value.as_string());
        break;
    case domain::monitor_mode:
        name = find_name(known_monitor_modes, value.as_string());
        break;
    case domain::distribution:
        name = find_name(known_distributions, value.as_string());
        break;
    default:
        name = value.as_string();
    }
    if (name.empty()) {
        mistakes_.add(at_, shown(value) + " is not supported");
    } else {
        *out = name;
    }
}

inline void value_reader::operator()(initializer_spec* out) const {
    const auto reference = read_class(mistakes_, value_, at_, "an initializer");
    if (!reference) {
        return;
    }
    const std::string_view name = initializer_name(reference->name);
    if (name.empty()) {
        mistakes_.add(reference->name_at, shown(reference->name) + " is not supported");
        return;
    }
    *out = initializer_spec{.name = std::string(name)};
    if (reference->config != nullptr) {
        read_settings(
            mistakes_, *reference->config, reference->config_at, settings_of(*out), {}, config_noise
        );
    }
    *out = normalised(*out);
}

inline void value_reader::operator()(regularizer_spec* out) const {
    *out = {};
    if (value_.is_null()) {
        return;
    }
    const auto reference = read_class(mistakes_, value_, at_, "a regularizer");
    if (!reference) {
        return;
    }
    const std::string name = plain_name(reference->name);
    if (!is_any_of(name, {"l1", "l2", "l1l2"})) {
        mistakes_.add(reference->name_at, shown(reference->name) + " is not supported");
        return;
    }
    const bool bare = reference->config == nullptr;
    if (bare && name == "l1l2") {
        mistakes_.add(reference->name_at, "needs l1 and l2: Keras versions differ in the defaults");
        return;
    }
    out->l1 = name == "l1" ? 0.01 : 0;
    out->l2 = name == "l2" ? 0.01 : 0;
    if (!bare) {
        std::vector<setting> settings;
        if (name != "l2") {
            settings.push_back({field{"l1", domain::non_negative}, &out->l1});
        }
        if (name != "l1") {
            settings.push_back({field{"l2", domain::non_negative}, &out->l2});
        }
        read_settings(
            mistakes_, *reference->config, reference->config_at, settings, {}, config_noise
        );
    }
}

inline void value_reader::operator()(learning_rate_spec* out) const {
    if (value_.is_number()) {
        *out = number(value_).value_or(out->rate);
        return;
    }
    if (!value_.is_object()) {
        wrong("must be a number or a schedule");
        return;
    }
    const auto reference = read_class(mistakes_, value_, at_, "a schedule");
    if (!reference) {
        return;
    }
    const std::string_view name = schedule_name(reference->name);
    if (name.empty()) {
        mistakes_.add(reference->name_at, shown(reference->name) + " is not supported");
        return;
    }
    *out = learning_rate_spec();
    out->schedule = name;
    const document none = document::object();
    const document& config = reference->config != nullptr ? *reference->config : none;
    const std::size_t known = mistakes_.found.size();
    read_settings(mistakes_, config, reference->config_at, settings_of(*out), {}, config_noise);
    if (mistakes_.found.size() != known || name != "piecewise_constant_decay") {
        return;
    }
    if (out->values.size() != out->boundaries.size() + 1) {
        mistakes_.add(
            pointer_to(reference->config_at, "values"), "must be one more than boundaries"
        );
    }
    if (!std::is_sorted(out->boundaries.begin(), out->boundaries.end())) {
        mistakes_.add(pointer_to(reference->config_at, "boundaries"), "must ascend");
    }
}

inline void value_reader::operator()(constraint_spec* out) const {
    *out = {};
    if (value_.is_null()) {
        return;
    }
    const auto reference = read_class(mistakes_, value_, at_, "a constraint");
    if (!reference) {
        return;
    }
    const std::string_view name = constraint_name(reference->name);
    if (name.empty()) {
        mistakes_.add(reference->name_at, shown(reference->name) + " is not supported");
        return;
    }
    out->name = name;
    out->max_value = name == "min_max_norm" ? 1 : out->max_value;
    if (reference->config == nullptr) {
        return;
    }
    static constexpr std::string_view ignored[] = {"name", "dtype", "axis"};
    const bool has_axis = name != "non_neg";
    read_settings(
        mistakes_,
        *reference->config,
        reference->config_at,
        settings_of(*out),
        {},
        std::span(ignored).first(has_axis ? 3 : 2)
    );
    const document* axis = has_axis ? reference->config->find("axis") : nullptr;
    if (axis == nullptr) {
        return;
    }
    const document& list = unwrapped(*axis);
    const document::array_type single{list};
    out->axis.clear();
    for (const document& item : list.is_array() ? list.items() : single) {
        if (const auto number = integer_of(item)) {
            out->axis.push_back(*number);
        } else {
            mistakes_.add(
                pointer_to(reference->config_at, "axis"),
                "must be an integer or a list of them, not " + shown(*axis)
            );
            return;
        }
    }
}

/// `{"0": 1.0, "1": 5.0}`, the keys being class indices.
inline void value_reader::operator()(class_weights* out) const {
    out->weights.clear();
    if (value_.is_null()) {
        return;
    }
    if (!value_.is_object()) {
        wrong("must be an object of weights by class");
        return;
    }
    for (const auto& [key, weight] : value_.members()) {
        std::int64_t label = 0;
        const char* end = key.data() + key.size();
        const auto parsed = std::from_chars(key.data(), end, label);
        const std::string at = pointer_to(at_, key);
        if (parsed.ec != std::errc{} || parsed.ptr != end || label < 0) {
            mistakes_.add(at, "is not the index of a class");
        } else if (!weight.is_number()) {
            mistakes_.add(at, "must be a number, not " + shown(weight));
        } else {
            out->weights.emplace_back(label, weight.as_number());
        }
    }
    std::sort(out->weights.begin(), out->weights.end());
}

inline void value_reader::operator()(std::vector<callback_spec>* out) const {
    out->clear();
    if (value_.is_null()) {
        return;
    }
    if (!value_.is_array()) {
        wrong("must be a list of callbacks");
        return;
    }
    static constexpr std::string_view ignored[] = {"verbose"};
    for (std::size_t i = 0; i < value_.size(); ++i) {
        const std::string at = pointer_to(at_, i);
        const auto reference = read_class(mistakes_, value_.items()[i], at, "a callback");
        if (!reference) {
            continue;
        }
        if (!is_any_of(reference->name, {"EarlyStopping", "ReduceLROnPlateau", "TerminateOnNaN"})) {
            mistakes_.add(reference->name_at, shown(reference->name) + " is not supported");
            continue;
        }
        callback_spec& made = out->emplace_back(callback_named(reference->name));
        if (reference->config != nullptr) {
            read_settings(
                mistakes_, *reference->config, reference->config_at, settings_of(made), {}, ignored
            );
        }
    }
}

} // namespace mend::detail
