// SPDX-License-Identifier: MIT
/// From one layer as plain values to the layer that computes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/nn/activation.hpp>
#include <mend/nn/batch_normalization.hpp>
#include <mend/nn/conv1d.hpp>
#include <mend/nn/conv2d.hpp>
#include <mend/nn/dense.hpp>
#include <mend/nn/dropout.hpp>
#include <mend/nn/embedding.hpp>
#include <mend/nn/flatten.hpp>
#include <mend/nn/global_pooling.hpp>
#include <mend/nn/layer.hpp>
#include <mend/nn/noise.hpp>
#include <mend/nn/normalization.hpp>
#include <mend/nn/pooling1d.hpp>
#include <mend/nn/pooling2d.hpp>
#include <mend/nn/rearrangement.hpp>
#include <mend/nn/rectifier.hpp>
#include <mend/nn/rescaling.hpp>
#include <mend/nn/separable.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read.hpp>

namespace mend::detail {

[[nodiscard]] inline shape shape_of(const dimensions& sample) {
    shape made;
    for (const std::int64_t extent : sample) {
        made.push_back(extent);
    }
    return made;
}

/// Where a layer stands in the file that its problem was read from.
[[nodiscard]] inline std::string layer_path(const problem& p, std::size_t layer) {
    const problem_layout layout = read_tree(document_of(p)).layout;
    return pointer_to(layout.layers, layout.offset + layer);
}

/// Makes the layers of nn from those of spec; throws spec_error where nn has no such thing. One
/// overload for each kind of layer, in the order of the variant.
class layer_builder {
public:
    /// For one layer of a problem, which outlives it, as do the shapes.
    layer_builder(
        const problem& of, std::size_t layer, const dimensions& input, const dimensions& output
    )
        : of_(of)
        , layer_(layer)
        , semantics_(of.model.semantics())
        , trainable_(of.model.layers[layer].trainable)
        , input_(input)
        , output_(output) {}

    any_layer<float> operator()(const dense_spec& s) const {
        dense_options options{.units = s.units};
        fill_kernel(options, s, 2);
        return dense{std::move(options)};
    }

    any_layer<float> operator()(const conv1d_spec& s) const {
        conv1d_options options{
            .filters = s.filters,
            .kernel_size = s.kernel_size,
            .strides = s.strides,
            .padding = pad(s.padding),
            .dilation_rate = s.dilation_rate};
        fill_kernel(options, s, 3);
        return conv1d{std::move(options)};
    }

    any_layer<float> operator()(const conv2d_spec& s) const {
        conv2d_options options{
            .filters = s.filters,
            .kernel_size = pair(s.kernel_size),
            .strides = pair(s.strides),
            .padding = pad(s.padding),
            .dilation_rate = pair(s.dilation_rate)};
        fill_kernel(options, s, 4);
        return conv2d{std::move(options)};
    }

    any_layer<float> operator()(const depthwise_conv2d_spec& s) const {
        return separable{separable_of(s)};
    }

    any_layer<float> operator()(const separable_conv2d_spec& s) const {
        separable_options options = separable_of(s);
        options.filters = s.filters;
        options.pointwise_initializer = start(s.pointwise_initializer, "pointwise_initializer", 4);
        options.pointwise_regularizer = penalty(s.pointwise_regularizer);
        return separable{std::move(options)};
    }

    any_layer<float> operator()(const embedding_spec& s) const {
        return embedding{
            {.input_dim = s.input_dim,
             .output_dim = s.output_dim,
             .embeddings_initializer = start(s.embeddings_initializer, "embeddings_initializer", 2),
             .embeddings_regularizer = penalty(s.embeddings_regularizer),
             .trainable = trainable_}};
    }

    any_layer<float> operator()(const pooling1d_settings& s, pooling_kind kind) const {
        return pooling1d{
            kind, {.pool_size = s.pool_size, .strides = s.step(), .padding = pad(s.padding)}};
    }

    any_layer<float> operator()(const pooling2d_settings& s, pooling_kind kind) const {
        return pooling2d{
            kind,
            {.pool_size = pair(s.pool_size), .strides = pair(s.step()), .padding = pad(s.padding)}};
    }

    any_layer<float> operator()(const max_pooling1d_spec& s) const {
        return (*this)(s, pooling_kind::max);
    }

    any_layer<float> operator()(const max_pooling2d_spec& s) const {
        return (*this)(s, pooling_kind::max);
    }

    any_layer<float> operator()(const average_pooling1d_spec& s) const {
        return (*this)(s, pooling_kind::average);
    }

    any_layer<float> operator()(const average_pooling2d_spec& s) const {
        return (*this)(s, pooling_kind::average);
    }

    any_layer<float> operator()(const global_max_pooling1d_spec& s) const {
        return global_pooling{pooling_kind::max, {s.keepdims}};
    }

    any_layer<float> operator()(const global_max_pooling2d_spec& s) const {
        return global_pooling{pooling_kind::max, {s.keepdims}};
    }

    any_layer<float> operator()(const global_average_pooling1d_spec& s) const {
        return global_pooling{pooling_kind::average, {s.keepdims}};
    }

    any_layer<float> operator()(const global_average_pooling2d_spec& s) const {
        return global_pooling{pooling_kind::average, {s.keepdims}};
    }

    any_layer<float> operator()(const flatten_spec&) const { return flatten{}; }

    any_layer<float> operator()(const reshape_spec&) const {
        return reshape_layer{shape_of(output_)};
    }

    any_layer<float> operator()(const permute_spec& s) const {
        permute_layer made;
        for (std::size_t i = 0; i < s.dims.size(); ++i) {
            made.dims[i] = static_cast<int>(s.dims[i]);
        }
        return made;
    }

    any_layer<float> operator()(const repeat_vector_spec& s) const { return repeat_vector{s.n}; }

    any_layer<float> operator()(const zero_padding2d_spec& s) const {
        const auto& [rows, columns] = s.padding;
        return framing2d{rows[0], rows[1], columns[0], columns[1]};
    }

    any_layer<float> operator()(const cropping2d_spec& s) const {
        const auto& [rows, columns] = s.cropping;
        return framing2d{-rows[0], -rows[1], -columns[0], -columns[1]};
    }

    any_layer<float> operator()(const up_sampling2d_spec& s) const {
        return up_sampling2d{pair(s.size)};
    }

    any_layer<float> operator()(const activation_spec& s) const {
        return activation_layer{function(s.activation)};
    }

    any_layer<float> operator()(const leaky_relu_spec& s) const {
        return activation_layer{activation::leaky_relu.with_slope(s.alpha)};
    }

    any_layer<float> operator()(const elu_spec& s) const {
        return activation_layer{activation::elu.with_slope(s.alpha)};
    }

    any_layer<float> operator()(const prelu_spec& s) const {
        return prelu{
            {.alpha_initializer =
                 start(s.alpha_initializer, "alpha_initializer", static_cast<int>(input_.size())),
             .alpha_regularizer = penalty(s.alpha_regularizer),
             .shared_axes = std::vector<int>(s.shared_axes.begin(), s.shared_axes.end()),
             .trainable = trainable_}};
    }

    any_layer<float> operator()(const relu_spec& s) const {
        constexpr double none = std::numeric_limits<double>::infinity();
        if (s == relu_spec{}) {
            return activation_layer{activation::relu};
        }
        return activation_layer{
            {activation_kind::rectifier,
             s.negative_slope,
             s.threshold,
             s.max_value.value_or(none)}};
    }

    any_layer<float> operator()(const thresholded_relu_spec& s) const {
        return activation_layer{{activation_kind::rectifier, 0, s.theta}};
    }

    any_layer<float> operator()(const softmax_spec& s) const {
        return softmax_layer{static_cast<int>(*sample_axis(s.axis, input_))};
    }

    any_layer<float> operator()(const dropout_spec& s) const { return dropout{{.rate = s.rate}}; }

    any_layer<float> operator()(const spatial_dropout2d_spec& s) const {
        return spatial_dropout{s.rate};
    }

    any_layer<float> operator()(const gaussian_noise_spec& s) const {
        return gaussian_noise{s.stddev};
    }

    any_layer<float> operator()(const gaussian_dropout_spec& s) const {
        return gaussian_dropout{s.rate};
    }

    any_layer<float> operator()(const batch_normalization_spec& s) const {
        const std::size_t axis = *sample_axis(s.axis, input_);
        return batch_normalization{
            {.axis = static_cast<int>(axis),
             .momentum = s.momentum,
             .epsilon = s.epsilon,
             .center = s.center,
             .scale = s.scale,
             .beta_initializer = start(s.beta_initializer, "beta_initializer", 1),
             .gamma_initializer = start(s.gamma_initializer, "gamma_initializer", 1),
             .moving_mean_initializer =
                 start(s.moving_mean_initializer, "moving_mean_initializer", 1),
             .moving_variance_initializer =
                 start(s.moving_variance_initializer, "moving_variance_initializer", 1),
             .beta_regularizer = penalty(s.beta_regularizer),
             .gamma_regularizer = penalty(s.gamma_regularizer),
             .fused = semantics_ != keras_semantics::keras3 && input_.size() == 3 && axis != 1,
             .trainable = trainable_}};
    }

    any_layer<float> operator()(const layer_normalization_spec& s) const {
        const int rank = static_cast<int>(s.axis.size());
        return layer_normalization{
            {.axes = rank,
             .epsilon = s.epsilon,
             .center = s.center,
             .scale = s.scale,
             .beta_initializer = start(s.beta_initializer, "beta_initializer", rank),
             .gamma_initializer = start(s.gamma_initializer, "gamma_initializer", rank),
             .beta_regularizer = penalty(s.beta_regularizer),
             .gamma_regularizer = penalty(s.gamma_regularizer),
             .trainable = trainable_}};
    }

    any_layer<float> operator()(const rescaling_spec& s) const {
        return rescaling{{.scale = s.scale, .offset = s.offset}};
    }

    any_layer<float> operator()(const normalization_spec& s) const {
        normalization_options options{.mean = s.mean, .variance = s.variance};
        // One number for all channels stands beside one for each.
        const std::size_t channels = std::max(s.mean.size(), s.variance.size());
        for (std::vector<double>* given : {&options.mean, &options.variance}) {
            if (given->size() == 1) {
                given->resize(channels, given->front());
            }
        }
        return normalization{options};
    }

private:
    [[noreturn]] void refuse(const std::string& key, const std::string& why) const {
        throw spec_error(layer_path(of_, layer_) + "/config/" + key, why);
    }

    /// What Dense and the convolutions with one kernel have in common.
    template <class Options, class Spec>
    void fill_kernel(Options& options, const Spec& s, int rank) const {
        options.activation = function(s.activation);
        options.use_bias = s.use_bias;
        options.kernel_initializer = start(s.kernel_initializer, "kernel_initializer", rank);
        options.bias_initializer = start(s.bias_initializer, "bias_initializer", 1);
        options.kernel_regularizer = penalty(s.kernel_regularizer);
        options.bias_regularizer = penalty(s.bias_regularizer);
        options.trainable = trainable_;
    }

    template <class Spec>
    [[nodiscard]] separable_options separable_of(const Spec& s) const {
        return {
            .kernel_size = pair(s.kernel_size),
            .strides = pair(s.strides),
            .padding = pad(s.padding),
            .dilation_rate = pair(s.dilation_rate),
            .depth_multiplier = s.depth_multiplier,
            .activation = function(s.activation),
            .use_bias = s.use_bias,
            .depthwise_initializer = start(s.depthwise_initializer, "depthwise_initializer", 4),
            .bias_initializer = start(s.bias_initializer, "bias_initializer", 1),
            .depthwise_regularizer = penalty(s.depthwise_regularizer),
            .bias_regularizer = penalty(s.bias_regularizer),
            .trainable = trainable_};
    }

    [[nodiscard]] activation function(const std::string& name) const {
        const auto found = find_activation(name, semantics_ == keras_semantics::keras3);
        if (!found) {
            refuse("activation", "\"" + name + "\" is not supported");
        }
        return *found;
    }

    /// An initialiser for a weight of this rank; Keras refuses the others when it builds.
    [[nodiscard]] initializer start(const initializer_spec& s, const char* key, int rank) const {
        auto found = find_initializer(s.name);
        if (!found) {
            refuse(key, "\"" + s.name + "\" is not supported");
        }
        if ((found->kind == initializer_kind::orthogonal && rank < 2) ||
            (found->kind == initializer_kind::identity && rank != 2)) {
            refuse(
                key,
                "\"" + s.name + "\" cannot fill a weight of " + std::to_string(rank) +
                    (rank == 1 ? " dimension" : " dimensions")
            );
        }
        if (found->kind == initializer_kind::variance_scaling && s.name == "variance_scaling") {
            found->scale = s.scale;
            found->mode = s.mode == "fan_in"    ? fan_mode::fan_in
                          : s.mode == "fan_out" ? fan_mode::fan_out
                                                : fan_mode::fan_avg;
            found->distribution = s.distribution == "uniform" ? fan_distribution::uniform
                                  : s.distribution == "untruncated_normal"
                                      ? fan_distribution::untruncated_normal
                                      : fan_distribution::truncated_normal;
        }
        found->value = s.value;
        found->mean = s.mean;
        found->deviation = s.stddev;
        found->low = s.minval;
        found->high = s.maxval;
        found->gain = s.gain;
        return *found;
    }

    /// Keras 3 does not count what keeps frozen weights small.
    [[nodiscard]] regularizer penalty(const regularizer_spec& s) const noexcept {
        if (!trainable_ && semantics_ == keras_semantics::keras3) {
            return {};
        }
        return {s.l1, s.l2};
    }

    [[nodiscard]] static mend::padding pad(const std::string& name) noexcept {
        return name == "same" ? padding::same : name == "causal" ? padding::causal : padding::valid;
    }

    [[nodiscard]] static std::array<index, 2> pair(const extent_pair& s) noexcept {
        return {s[0], s[1]};
    }

    const problem& of_;
    std::size_t layer_;
    keras_semantics semantics_;
    bool trainable_;
    const dimensions& input_; ///< of one sample
    const dimensions& output_;
};

} // namespace mend::detail
