// SPDX-License-Identifier: MIT
/// The fields of any spec as one list, their types erased.
///
/// Reading, writing and diffing work on these lists, so that none of them is a template and a new
/// layer costs one instantiation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/one_of.hpp>
#include <mend/core/text.hpp>
#include <mend/spec/compile.hpp>
#include <mend/spec/constraint.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/fit.hpp>
#include <mend/spec/initializer_spec.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/learning_rate.hpp>
#include <mend/spec/optimizer.hpp>

namespace mend {

/// Every type that a setting may have.
using setting_pointer = pointer_to_one_of<
    bool,
    std::int64_t,
    double,
    std::string,
    extent_pair,
    edge_sizes,
    dimensions,
    std::vector<double>,
    std::optional<std::int64_t>,
    std::optional<double>,
    std::optional<extent_pair>,
    initializer_spec,
    regularizer_spec,
    learning_rate_spec,
    constraint_spec,
    class_weights,
    std::vector<callback_spec>>;

/// One field of a spec that outlives this.
struct setting {
    field about;
    setting_pointer value;
};

namespace detail {

template <class Spec>
[[nodiscard]] std::vector<setting> list_settings(Spec& spec) {
    std::vector<setting> list;
    if constexpr (requires { Spec::fields(spec, [](const field&, auto&) {}); }) {
        Spec::fields(spec, [&list](const field& about, auto& value) {
            list.push_back({about, &value});
        });
    }
    return list;
}

} // namespace detail

/// The settings of a spec, in Keras' order; they point into it.
[[nodiscard]] inline std::vector<setting> settings_of(layer_kind& kind) {
    return dispatch([](auto& spec) { return detail::list_settings(spec); }, kind);
}

/// Of the class alone, without those that all optimizers share.
[[nodiscard]] inline std::vector<setting> settings_of(optimizer_spec_kind& kind) {
    return dispatch([](auto& spec) { return detail::list_settings(spec); }, kind);
}

/// Of what all optimizers share, as far as the class does not have its own.
[[nodiscard]] inline std::vector<setting> shared_settings_of(optimizer_spec& spec) {
    std::vector<setting> shared = detail::list_settings(spec.update);
    for (const setting& own : settings_of(spec.kind)) {
        std::erase_if(shared, [&](const setting& s) { return s.about.key == own.about.key; });
    }
    return shared;
}

[[nodiscard]] inline std::vector<setting> settings_of(optimizer_spec& spec) {
    std::vector<setting> all = settings_of(spec.kind);
    for (const setting& shared : shared_settings_of(spec)) {
        all.push_back(shared);
    }
    return all;
}

[[nodiscard]] inline std::vector<setting> settings_of(constraint_spec& spec) {
    return detail::list_settings(spec);
}

[[nodiscard]] inline std::vector<setting> settings_of(metric_spec& spec) {
    return detail::list_settings(spec);
}

[[nodiscard]] inline std::vector<setting> settings_of(callback_spec& spec) {
    return detail::list_settings(spec);
}

[[nodiscard]] inline std::vector<setting> settings_of(learning_rate_spec& spec) {
    return detail::list_settings(spec);
}

[[nodiscard]] inline std::vector<setting> settings_of(initializer_spec& spec) {
    return detail::list_settings(spec);
}

[[nodiscard]] inline std::vector<setting> settings_of(loss_spec& spec) {
    return detail::list_settings(spec);
}

[[nodiscard]] inline std::vector<setting> settings_of(fit_spec& spec) {
    return detail::list_settings(spec);
}

/// The same class with its default settings.
[[nodiscard]] inline layer_kind default_of(const layer_kind& kind) {
    return layer_kind::at(kind.index());
}

[[nodiscard]] inline optimizer_spec_kind default_of(const optimizer_spec_kind& kind) {
    return optimizer_spec_kind::at(kind.index());
}

/// A spec of the class of that Keras name, with defaults; nothing for an unknown one. Layers have
/// exactly their Keras name or one of its aliases, optimizers any case.
[[nodiscard]] std::optional<layer_kind> make_layer(std::string_view class_name);
[[nodiscard]] std::optional<optimizer_spec_kind> make_optimizer(std::string_view name);

namespace detail {

struct class_alias {
    std::string_view alias;
    std::string_view class_name;
};

inline constexpr class_alias layer_aliases[] = {
    {"AvgPool1D", "AveragePooling1D"},
    {"AvgPool2D", "AveragePooling2D"},
    {"Convolution1D", "Conv1D"},
    {"Convolution2D", "Conv2D"},
    {"GlobalAvgPool1D", "GlobalAveragePooling1D"},
    {"GlobalAvgPool2D", "GlobalAveragePooling2D"},
    {"GlobalMaxPool1D", "GlobalMaxPooling1D"},
    {"GlobalMaxPool2D", "GlobalMaxPooling2D"},
    {"MaxPool1D", "MaxPooling1D"},
    {"MaxPool2D", "MaxPooling2D"},
    {"SeparableConvolution2D", "SeparableConv2D"}};

} // namespace detail

inline std::optional<layer_kind> make_layer(std::string_view class_name) {
    for (const auto& [alias, name] : detail::layer_aliases) {
        if (class_name == alias) {
            class_name = name;
        }
    }
    for (std::size_t position = 0; position < layer_kind::size; ++position) {
        if (detail::facts_at(position).class_name == class_name) {
            return layer_kind::at(position);
        }
    }
    return std::nullopt;
}

inline std::optional<optimizer_spec_kind> make_optimizer(std::string_view name) {
    if (name.starts_with("Custom>")) { // Keras 2.11 and 2.12 register their own optimizers so
        name.remove_prefix(7);
    }
    const std::string plain = plain_name(name);
    for (std::size_t position = 0; position < optimizer_spec_kind::size; ++position) {
        optimizer_spec made{optimizer_spec_kind::at(position)};
        if (plain_name(made.class_name()) == plain) {
            return std::move(made.kind);
        }
    }
    return std::nullopt;
}

} // namespace mend
