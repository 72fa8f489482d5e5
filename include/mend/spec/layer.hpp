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

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <mend/core/one_of.hpp>
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

using layer_list = one_of<
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

/// A layer of any class. A class of its own so that the list is not part of every name.
struct layer_kind : layer_list {
    using layer_list::layer_list;

    layer_kind() = default;

    layer_kind(layer_list any)
        : layer_list(std::move(any)) {}
};

namespace detail {

/// What a class of layers says of itself; null where the standard holds.
struct layer_facts {
    std::string_view class_name{};
    std::span<const std::string_view> fixed_keys{};
    std::span<const std::string_view> ignored_keys{};
    shape_result (*output_shape)(const void*, const dimensions&) = nullptr;
    std::int64_t (*parameter_count)(const void*, const dimensions&) = nullptr;
    std::int64_t (*multiply_adds)(const void*, const dimensions&) = nullptr;
    void (*normalise)(void*) = nullptr;
};

template <class Layer>
[[nodiscard]] constexpr layer_facts facts_of() {
    layer_facts facts;
    facts.class_name = Layer::class_name;
    if constexpr (requires { Layer::fixed_keys; }) {
        facts.fixed_keys = Layer::fixed_keys;
    }
    if constexpr (requires { Layer::ignored_keys; }) {
        facts.ignored_keys = Layer::ignored_keys;
    }
    if constexpr (requires(const Layer& l, const dimensions& input) { l.output_shape(input); }) {
        facts.output_shape = [](const void* layer, const dimensions& input) -> shape_result {
            return static_cast<const Layer*>(layer)->output_shape(input);
        };
    }
    if constexpr (requires(const Layer& l, const dimensions& input) { l.parameter_count(input); }) {
        facts.parameter_count = [](const void* layer, const dimensions& input) -> std::int64_t {
            return static_cast<const Layer*>(layer)->parameter_count(input);
        };
    }
    if constexpr (requires(const Layer& l, const dimensions& input) { l.multiply_adds(input); }) {
        facts.multiply_adds = [](const void* layer, const dimensions& input) -> std::int64_t {
            return static_cast<const Layer*>(layer)->multiply_adds(input);
        };
    }
    if constexpr (requires(Layer & l) { l.normalise(); }) {
        facts.normalise = [](void* layer) { static_cast<Layer*>(layer)->normalise(); };
    }
    return facts;
}

template <class... Layers>
[[nodiscard]] inline const layer_facts& facts_at(std::size_t position, const one_of<Layers...>*) {
    static constexpr layer_facts all[] = {facts_of<Layers>()...};
    return all[position];
}

/// Of the class at that position in the list.
[[nodiscard]] inline const layer_facts& facts_at(std::size_t position) {
    return facts_at(position, static_cast<const layer_list*>(nullptr));
}

[[nodiscard]] inline const layer_facts& facts_of(const layer_kind& kind) {
    return facts_at(kind.index());
}

} // namespace detail

/// A layer of a sequential model. The name is a label: == compares what the layer does.
struct layer_spec {
    layer_kind kind{};
    std::string name{}; ///< empty: named after its class, as Keras does
    bool trainable = true;

    friend bool operator==(const layer_spec& a, const layer_spec& b) {
        return a.trainable == b.trainable && a.kind == b.kind;
    }

    /// Keras' class: "Dense".
    [[nodiscard]] std::string_view class_name() const { return detail::facts_of(kind).class_name; }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        const auto shape = detail::facts_of(kind).output_shape;
        return shape != nullptr ? shape(kind.address(), input) : shape_result(input);
    }

    /// Weights that training moves; the next two require an input that output_shape accepts.
    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        const auto count = detail::facts_of(kind).parameter_count;
        return count != nullptr ? count(kind.address(), input) : 0;
    }

    /// Of one sample, forward.
    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        const auto count = detail::facts_of(kind).multiply_adds;
        return count != nullptr ? count(kind.address(), input) : element_count(input);
    }
};

/// Whether the layer is of the given spec: `holds<dense_spec>(layer)`.
template <class Layer>
[[nodiscard]] bool holds(const layer_spec& layer) noexcept {
    return holds<Layer>(layer.kind);
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
