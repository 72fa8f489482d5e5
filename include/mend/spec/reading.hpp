// SPDX-License-Identifier: MIT
/// Tools for reading documents into specs: objects and their keys, every mistake with its path.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/validate.hpp>

namespace mend::detail {

/// Where mistakes gather while a document is read.
struct mistake_list {
    std::vector<mistake> found;

    [[gnu::cold, gnu::noinline]] void add(std::string_view where, std::string_view why) {
        found.push_back({std::string(where), std::string(why)});
    }
};

[[nodiscard]] inline bool
is_any_of(std::string_view key, std::initializer_list<std::string_view> keys) noexcept {
    for (const std::string_view k : keys) {
        if (k == key) {
            return true;
        }
    }
    return false;
}

/// A list as it is, or as tf.keras wraps tuples and shapes: `{"class_name": "__tuple__", "items":
/// [..]}`.
[[nodiscard]] inline const document& unwrapped(const document& value) noexcept {
    const document* items = value.find("items");
    return items != nullptr && items->is_array() && value.find("class_name") != nullptr ? *items
                                                                                        : value;
}

/// A name as it is, or as Keras wraps its own functions: `{"class_name": "function", "config":
/// "relu"}`.
[[nodiscard]] inline const document& unwrapped_name(const document& value) noexcept {
    const document* kind = value.find("class_name");
    const document* config = value.find("config");
    return kind != nullptr && kind->is_string() && kind->as_string() == "function" &&
                   config != nullptr && config->is_string()
               ? *config
               : value;
}

/// The integer that a number is, also where it is written 32.0.
[[nodiscard]] inline std::optional<std::int64_t> integer_of(const document& value) noexcept {
    if (value.is_integer()) {
        return value.as_integer();
    }
    if (value.is_number()) {
        const double number = value.as_number();
        if (std::abs(number) <= 0x1p53 && number == std::floor(number)) {
            return static_cast<std::int64_t>(number);
        }
    }
    return std::nullopt;
}

/// Reads a value into a setting; `at` is the path of the value. Defined in read_values.hpp.
void read_setting(
    mistake_list& mistakes, const document& value, std::string at, const setting& into
);

/// The key under which an object holds a setting: Keras' own, its alias, or TensorFlow.js' camel
/// case; "" where it holds none. In TensorFlow.js the rho of RMSprop is called decay.
[[nodiscard]] inline std::string_view key_in(const document& object, const field& about) {
    const bool camel_case = object.find("learningRate") != nullptr;
    const bool is_rho = camel_case && object.find("beta1") == nullptr;
    if (is_rho && about.key == "decay") {
        return {};
    }
    for (const document_member& member : object.members()) {
        const std::string_view key = member.key;
        if (key == about.key || (!about.alias.empty() && key == about.alias) ||
            (camel_case && plain_name(key) == plain_name(about.key) &&
             key.find('_') == std::string_view::npos) ||
            (is_rho && key == "decay" && about.key == "rho")) {
            return key;
        }
    }
    return {};
}

/// Whether a key that mend supports at one value only has it, or is absent; else what is supported.
[[nodiscard]] inline std::string_view only_support(std::string_view key, const document& value) {
    const document& plain = unwrapped(value);
    const auto all_are = [&plain](std::int64_t wanted) {
        if (!plain.is_array()) {
            return integer_of(plain) == wanted;
        }
        for (const document& item : plain.items()) {
            if (integer_of(item) != wanted) {
                return false;
            }
        }
        return plain.size() > 0;
    };
    const bool is_false = plain.is_bool() && !plain.as_bool();
    if (key == "axis") { // null is all of them
        return all_are(-1) ? "" : "-1, the last,";
    }
    if (plain.is_null()) {
        return "";
    }
    if (key == "data_format") {
        return plain.is_string() && plain_name(plain.as_string()) == "channelslast"
                   ? ""
                   : "channels_last";
    }
    if (key == "groups") {
        return all_are(1) ? "" : "1";
    }
    if (key == "interpolation") {
        return plain.is_string() && plain.as_string() == "nearest" ? "" : "nearest";
    }
    if (key == "curve" || key == "summation_method") {
        const std::string_view only = key == "curve" ? "ROC" : "interpolation";
        const bool is_it = plain.is_string() && plain_name(plain.as_string()) == plain_name(only);
        return is_it ? "" : only;
    }
    if (is_any_of(
            key,
            {"from_logits",
             "invert",
             "mask_zero",
             "multi_label",
             "renorm",
             "rms_scaling",
             "synchronized",
             "use_ema"}
        )) {
        return is_false ? "" : "false";
    }
    if (key == "initial_epoch") {
        return is_false || all_are(0) ? "" : "0";
    }
    if (key == "weighted_metrics" && plain.is_array() && plain.size() == 0) {
        return "";
    }
    return "null";
}

/// Reads an object's members into settings. Members that belong to no setting must be among
/// `fixed` and have the one value that mend supports, or be `ignored`; anything else is a mistake.
inline void read_settings(
    mistake_list& mistakes,
    const document& object,
    const std::string& at,
    const std::vector<setting>& settings,
    std::span<const std::string_view> fixed,
    std::span<const std::string_view> ignored
) {
    std::vector<std::string_view> used;
    for (const setting& s : settings) {
        const std::string_view key = key_in(object, s.about);
        if (!key.empty()) {
            used.push_back(key);
            read_setting(mistakes, *object.find(key), pointer_to(at, key), s);
        } else if (s.about.required) {
            mistakes.add(pointer_to(at, s.about.key), "is missing");
        }
    }
    const auto contains = [](std::span<const std::string_view> keys, std::string_view key) {
        for (const std::string_view k : keys) {
            if (k == key) {
                return true;
            }
        }
        return false;
    };
    for (const auto& [key, value] : object.members()) {
        if (contains(used, key) || contains(ignored, key)) {
            continue;
        }
        if (!contains(fixed, key)) {
            mistakes.add(pointer_to(at, key), "is not a key that mend knows here");
        } else if (const std::string_view only = only_support(key, value); !only.empty()) {
            mistakes.add(
                pointer_to(at, key),
                shown(value) + " is not supported, only " + std::string(only) + " is"
            );
        }
    }
}

/// `{"class_name": .., "config": {..}}` taken apart, with the paths of both.
struct class_reference {
    std::string name;
    std::string name_at;
    const document* config = nullptr; ///< nullptr where there is none
    std::string config_at;
};

/// Nothing where the value is neither a name nor such an object; that mistake is then listed.
[[nodiscard]] inline std::optional<class_reference> read_class(
    mistake_list& mistakes, const document& value, const std::string& at, std::string_view what
) {
    const document& plain = unwrapped_name(value);
    if (plain.is_string()) {
        return class_reference{plain.as_string(), at, nullptr, pointer_to(at, "config")};
    }
    const document* name = plain.find("class_name");
    if (name == nullptr || !name->is_string()) {
        if (name != nullptr) {
            mistakes.add(pointer_to(at, "class_name"), "must be a name, not " + shown(*name));
        } else if (plain.is_object()) {
            mistakes.add(pointer_to(at, "class_name"), "is missing");
        } else {
            mistakes.add(at, "must be " + std::string(what) + ", not " + shown(plain));
        }
        return std::nullopt;
    }
    class_reference found{
        name->as_string(),
        pointer_to(at, "class_name"),
        plain.find("config"),
        pointer_to(at, "config")};
    if (found.config != nullptr && found.config->is_null()) {
        found.config = nullptr;
    }
    if (found.config != nullptr && !found.config->is_object()) {
        mistakes.add(found.config_at, "must be an object, not " + shown(*found.config));
        return std::nullopt;
    }
    for (const auto& [key, member] : plain.members()) {
        if (!is_any_of(
                key,
                {"class_name",
                 "config",
                 "module",
                 "registered_name",
                 "build_config",
                 "shared_object_id",
                 "compile_config"}
            )) {
            mistakes.add(pointer_to(at, key), "is not a key that mend knows here");
        }
    }
    return found;
}

inline constexpr std::string_view config_noise[] = {"name", "dtype"};

} // namespace mend::detail
