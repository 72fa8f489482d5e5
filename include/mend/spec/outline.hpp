// SPDX-License-Identifier: MIT
/// The outline of a model: its layers with kernels, the activation that each of them ends in, and
/// which of them is the output, however the activations are written (as a setting or as a layer).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <mend/spec/initializer_spec.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>

namespace mend {

namespace detail {

/// The setting of that key and type; nullptr where the layer has none.
template <class Value>
[[nodiscard]] Value* find_setting(layer_spec& layer, std::string_view key) {
    for (const setting& s : settings_of(layer.kind)) {
        if (s.about.key == key) {
            return s.value.to<Value>();
        }
    }
    return nullptr;
}

} // namespace detail

/// The activation setting of a layer that has one; nullptr for others.
[[nodiscard]] inline std::string* find_activation_setting(layer_spec& layer) {
    return detail::find_setting<std::string>(layer, "activation");
}

/// The canonical name of the activation that a layer applies: "linear" where its setting says none,
/// "relu" for a ReLU layer, "" for layers that have no activation (Flatten, Dropout, ...).
[[nodiscard]] inline std::string activation_of(const layer_spec& layer) {
    if (const std::string* stated = find_activation_setting(const_cast<layer_spec&>(layer))) {
        return *stated;
    }
    if (!is_activation(layer)) {
        return {};
    }
    const std::string_view name = layer.class_name();
    return name == "LeakyReLU" || name == "PReLU" ? "leaky_relu"
           : name == "ELU"                        ? "elu"
           : name == "Softmax"                    ? "softmax"
                                                  : "relu";
}

/// How the kernel of a layer starts (of SeparableConv2D the last of its kernels); nullptr for a
/// layer without one. Dense, the convolutions.
[[nodiscard]] inline initializer_spec* find_kernel_initializer(layer_spec& layer) {
    for (const auto* key :
         {"kernel_initializer", "pointwise_initializer", "depthwise_initializer"}) {
        if (auto* found = detail::find_setting<initializer_spec>(layer, key)) {
            return found;
        }
    }
    return nullptr;
}

/// How the bias of a layer starts; nullptr for a layer without one.
[[nodiscard]] inline initializer_spec* find_bias_initializer(layer_spec& layer) {
    const bool* used = detail::find_setting<bool>(layer, "use_bias");
    return used != nullptr && *used
               ? detail::find_setting<initializer_spec>(layer, "bias_initializer")
               : nullptr;
}

[[nodiscard]] inline bool has_kernel(const layer_spec& layer) {
    return find_kernel_initializer(const_cast<layer_spec&>(layer)) != nullptr;
}

/// A layer with a kernel and what follows it up to the next one.
struct outlined_layer {
    std::size_t layer = 0;      ///< position in the model
    std::size_t activation = 0; ///< position of the last layer that applies one: itself or a later
    std::string function{};     ///< that activation
    std::string own{};          ///< its own activation setting
    bool bends = false;         ///< something non-linear stands between it and the next
};

/// The layers with kernels, in order; the last is the output.
[[nodiscard]] inline std::vector<outlined_layer> outline(const model_spec& model) {
    std::vector<outlined_layer> found;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const layer_spec& layer = model.layers[i];
        const std::string name = activation_of(layer);
        if (has_kernel(layer)) {
            found.push_back({i, i, name, name, name != "linear" && !name.empty()});
        } else if (!found.empty()) {
            outlined_layer& last = found.back();
            last.bends = last.bends || layer.class_name().find("MaxPool") != std::string_view::npos;
            if (!name.empty() && name != "linear") {
                last.activation = i;
                last.function = name;
                last.bends = true;
            }
        }
    }
    return found;
}

/// Makes an outlined layer end in another activation: in its own setting, or in the activation
/// layer that stands after it. Positions stay as they are.
inline void set_activation(model_spec& model, const outlined_layer& of, std::string_view name) {
    layer_spec& place = model.layers[of.activation];
    if (std::string* setting = find_activation_setting(place)) {
        *setting = name;
    } else {
        place.kind = activation_spec{std::string(name)};
    }
}

} // namespace mend
