// SPDX-License-Identifier: MIT
/// Any layer as plain data.
///
/// A new layer is one struct in the header of its family and one alternative below. It has
///
///     static constexpr std::string_view class_name;   // Keras' class
///     static constexpr std::string_view default_name; // what Keras calls the first of them
///
/// and, where they are not the standard ones, these members:
///
/// | member | says | standard |
/// |---|---|---|
/// | `fields(self, visit)` | its settings (field.hpp) | none |
/// | `output_shape(input)` | what it makes of an input shape, or why it cannot | the input's |
/// | `parameter_count(input)` | weights that training moves | 0 |
/// | `multiply_adds(input)` | of one sample, forward | the input's elements |
/// | `normalise()` | writes settings that only repeat a default as the default | nothing to do |
/// | `fixed_keys[]` | Keras keys that mend supports at one value alone | none |
/// | `ignored_keys[]` | Keras keys that Keras itself ignores | none |
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <mend/core/dispatch.hpp>
#include <mend/spec/convolution.hpp>
#include <mend/spec/dense.hpp>
#include <mend/spec/embedding.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/framing.hpp>
#include <mend/spec/normalization.hpp>
#include <mend/spec/pooling.hpp>
#include <mend/spec/preprocessing.hpp>
#include <mend/spec/rectifier.hpp>
#include <mend/spec/regularization.hpp>
#include <mend/spec/reshaping.hpp>
#include <mend/spec/separable.hpp>

namespace mend {

using layer_kind = std::variant<
    dense_spec,
    conv1d_spec,
    conv2d_spec,
    depthwise_conv2d_spec,
    separable_conv2d_spec,
    embedding_spec,
    max_pooling1d_spec,
    max_pooling2d_spec,
    average_pooling1d_spec,
    average_pooling2d_spec,
    global_max_pooling1d_spec,
    global_max_pooling2d_spec,
    global_average_pooling1d_spec,
    global_average_pooling2d_spec,
    flatten_spec,
    reshape_spec,
    permute_spec,
    repeat_vector_spec,
    zero_padding2d_spec,
    cropping2d_spec,
    up_sampling2d_spec,
    activation_spec,
    leaky_relu_spec,
    elu_spec,
    prelu_spec,
    relu_spec,
    thresholded_relu_spec,
    softmax_spec,
    dropout_spec,
    spatial_dropout2d_spec,
    gaussian_noise_spec,
    gaussian_dropout_spec,
    batch_normalization_spec,
    layer_normalization_spec,
    rescaling_spec,
    normalization_spec>;

/// A layer of a sequential model. The name is a label: == compares what the layer does.
struct layer_spec {
    layer_kind kind{};
    std::string name{}; ///< empty: named after its class, as Keras does
    bool trainable = true;

    friend bool operator==(const layer_spec& a, const layer_spec& b) {
        return a.trainable == b.trainable && a.kind == b.kind;
    }

    /// Keras' class: "Dense".
    [[nodiscard]] std::string_view class_name() const {
        return dispatch([](const auto& layer) { return layer.class_name; }, kind);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return dispatch(
            [&](const auto& layer) -> shape_result {
                if constexpr (requires { layer.output_shape(input); }) {
                    return layer.output_shape(input);
                } else {
                    return input;
                }
            },
            kind
        );
    }

    /// Weights that training moves; the next two require an input that output_shape accepts.
    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        return dispatch(
            [&](const auto& layer) -> std::int64_t {
                if constexpr (requires { layer.parameter_count(input); }) {
                    return layer.parameter_count(input);
                } else {
                    return 0;
                }
            },
            kind
        );
    }

    /// Of one sample, forward.
    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return dispatch(
            [&](const auto& layer) -> std::int64_t {
                if constexpr (requires { layer.multiply_adds(input); }) {
                    return layer.multiply_adds(input);
                } else {
                    return element_count(input);
                }
            },
            kind
        );
    }
};

/// Whether the layer is of the given spec: `holds<dense_spec>(layer)`.
template <class Layer>
[[nodiscard]] bool holds(const layer_spec& layer) noexcept {
    return std::holds_alternative<Layer>(layer.kind);
}

/// Whether the layer does nothing but apply an activation, number by number or row by row.
[[nodiscard]] inline bool is_activation(const layer_spec& layer) noexcept {
    return holds<activation_spec>(layer) || holds<leaky_relu_spec>(layer) ||
           holds<elu_spec>(layer) || holds<prelu_spec>(layer) || holds<relu_spec>(layer) ||
           holds<thresholded_relu_spec>(layer) || holds<softmax_spec>(layer);
}

/// Whether the layer only makes training harder or steadier, so that a model works without it.
[[nodiscard]] inline bool is_regularizing(const layer_spec& layer) noexcept {
    return holds<dropout_spec>(layer) || holds<spatial_dropout2d_spec>(layer) ||
           holds<gaussian_noise_spec>(layer) || holds<gaussian_dropout_spec>(layer) ||
           holds<batch_normalization_spec>(layer) || holds<layer_normalization_spec>(layer);
}

} // namespace mend
