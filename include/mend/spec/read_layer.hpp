// SPDX-License-Identifier: MIT
/// From a document to one layer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/spec/document.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/read_values.hpp>
#include <mend/spec/reading.hpp>
#include <mend/spec/settings.hpp>

namespace mend::detail {

/// Training is in float32; other precisions would be another training.
inline void check_dtype(mistake_list& mistakes, const document& config, const std::string& at) {
    const document* value = config.find("dtype");
    if (value == nullptr || value->is_null()) {
        return;
    }
    std::string path = pointer_to(at, "dtype");
    if (const document* policy = value->find("config")) { // {"class_name": "DTypePolicy", ..}
        value = policy->find("name");
        path = pointer_to(pointer_to(path, "config"), "name");
    }
    if (value == nullptr || !value->is_string() || value->as_string() != "float32") {
        mistakes.add(
            path, (value != nullptr ? shown(*value) : "this") + " is not supported, only float32 is"
        );
    }
}

inline constexpr std::string_view layer_noise[] = {
    "batch_input_shape",
    "batch_shape",
    "input_shape",
    "input_dim",
    "input_dtype",
    "dtype",
    "autocast"};
inline constexpr std::string_view input_layer_keys[] = {
    "batch_input_shape",
    "batch_shape",
    "input_shape",
    "dtype",
    "sparse",
    "ragged",
    "optional",
    "name",
    "trainable"};

/// The class and settings of a layer as an object; nothing where it is none of that form.
struct layer_parts {
    std::string class_name;
    const document* config;
};

[[nodiscard]] inline std::optional<layer_parts>
read_layer_parts(mistake_list& mistakes, const document& value, const std::string& at) {
    if (!value.is_object()) {
        mistakes.add(at, "must be a layer, not " + shown(value));
        return std::nullopt;
    }
    for (const auto& [key, member] : value.members()) {
        if (!is_any_of(
                key,
                {"class_name",
                 "config",
                 "name",
                 "module",
                 "registered_name",
                 "build_config",
                 "inbound_nodes",
                 "shared_object_id"}
            )) {
            mistakes.add(pointer_to(at, key), "is not a key that mend knows here");
        }
    }
    const document* name = value.find("class_name");
    const document* config = value.find("config");
    const bool named = name != nullptr && name->is_string();
    if (!named) {
        mistakes.add(
            pointer_to(at, "class_name"),
            name == nullptr ? "is missing" : "must be a name, not " + shown(*name)
        );
    }
    if (config == nullptr || !config->is_object()) {
        mistakes.add(
            pointer_to(at, "config"),
            config == nullptr ? "is missing" : "must be an object, not " + shown(*config)
        );
        return std::nullopt;
    }
    return named ? std::optional(layer_parts{name->as_string(), config}) : std::nullopt;
}

/// Nothing for a class that mend does not support; the mistake is then listed.
[[nodiscard]] inline std::optional<layer_spec>
read_layer(mistake_list& mistakes, const layer_parts& parts, const std::string& at) {
    std::optional<layer_kind> kind = make_layer(parts.class_name);
    if (!kind) {
        mistakes.add(pointer_to(at, "class_name"), shown(parts.class_name) + " is not supported");
        return std::nullopt;
    }
    layer_spec layer;
    layer.kind = *std::move(kind);
    std::vector<setting> settings = settings_of(layer.kind);
    settings.push_back({field{"name"}, &layer.name});
    settings.push_back({field{"trainable"}, &layer.trainable});
    const std::string config_at = pointer_to(at, "config");
    std::vector<std::string_view> ignored(std::begin(layer_noise), std::end(layer_noise));
    const layer_facts& facts = facts_of(layer.kind);
    ignored.insert(ignored.end(), facts.ignored_keys.begin(), facts.ignored_keys.end());
    read_settings(mistakes, *parts.config, config_at, settings, facts.fixed_keys, ignored);
    check_dtype(mistakes, *parts.config, config_at);
    return layer;
}

} // namespace mend::detail
