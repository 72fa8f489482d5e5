// SPDX-License-Identifier: MIT
/// DepthwiseConv2D and SeparableConv2D.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <mend/spec/constraint.hpp>
#include <mend/spec/convolution.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/initializer_spec.hpp>

namespace mend {

/// Every channel convolved with `depth_multiplier` kernels of its own.
struct depthwise_conv2d_spec {
    static constexpr std::string_view class_name = "DepthwiseConv2D";
    static constexpr std::string_view default_name = "depthwise_conv2d";
    static constexpr std::string_view fixed_keys[] = {"data_format", "groups"};

    extent_pair kernel_size{3, 3};
    extent_pair strides{1, 1};
    std::string padding = "valid"; ///< "valid", "same"
    std::int64_t depth_multiplier = 1;
    extent_pair dilation_rate{1, 1};
    std::string activation = "linear";
    bool use_bias = true;
    initializer_spec depthwise_initializer{};
    initializer_spec bias_initializer{"zeros"};
    regularizer_spec depthwise_regularizer{};
    regularizer_spec bias_regularizer{};
    regularizer_spec activity_regularizer{};
    constraint_spec depthwise_constraint{};
    constraint_spec bias_constraint{};

    friend bool operator==(const depthwise_conv2d_spec&, const depthwise_conv2d_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"kernel_size", domain::positive, true}, self.kernel_size);
        visit(field{"strides", domain::positive}, self.strides);
        visit(field{"padding", domain::padding}, self.padding);
        visit(field{"depth_multiplier", domain::positive}, self.depth_multiplier);
        visit(field{"dilation_rate", domain::positive}, self.dilation_rate);
        visit(field{"activation", domain::activation}, self.activation);
        visit(field{"use_bias"}, self.use_bias);
        visit(field{"depthwise_initializer"}, self.depthwise_initializer);
        visit(field{"bias_initializer"}, self.bias_initializer);
        visit(field{"depthwise_regularizer"}, self.depthwise_regularizer);
        visit(field{"bias_regularizer"}, self.bias_regularizer);
        visit(field{"activity_regularizer"}, self.activity_regularizer);
        visit(field{"depthwise_constraint"}, self.depthwise_constraint);
        visit(field{"bias_constraint"}, self.bias_constraint);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return windowed_shape(
            input,
            {kernel_size[0], kernel_size[1]},
            {strides[0], strides[1]},
            {dilation_rate[0], dilation_rate[1]},
            padding,
            input.empty() ? 0 : bounded_product({input.back(), depth_multiplier})
        );
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        const std::int64_t channels = bounded_product({input.back(), depth_multiplier});
        return bounded_sum(
            {bounded_product({kernel_size[0], kernel_size[1], channels}), use_bias ? channels : 0}
        );
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product(
            {element_count(output_shape(input).shape), kernel_size[0], kernel_size[1]}
        );
    }
};

/// A depthwise convolution followed by one with kernels of one cell.
struct separable_conv2d_spec {
    static constexpr std::string_view class_name = "SeparableConv2D";
    static constexpr std::string_view default_name = "separable_conv2d";
    static constexpr std::string_view fixed_keys[] = {"data_format", "groups"};
    /// tf.keras 2 writes those of Conv2D besides its own.
    static constexpr std::string_view ignored_keys[] = {
        "kernel_initializer", "kernel_regularizer", "kernel_constraint"};

    std::int64_t filters = 1;
    extent_pair kernel_size{3, 3};
    extent_pair strides{1, 1};
    std::string padding = "valid"; ///< "valid", "same"
    extent_pair dilation_rate{1, 1};
    std::int64_t depth_multiplier = 1;
    std::string activation = "linear";
    bool use_bias = true;
    initializer_spec depthwise_initializer{};
    initializer_spec pointwise_initializer{};
    initializer_spec bias_initializer{"zeros"};
    regularizer_spec depthwise_regularizer{};
    regularizer_spec pointwise_regularizer{};
    regularizer_spec bias_regularizer{};
    regularizer_spec activity_regularizer{};
    constraint_spec depthwise_constraint{};
    constraint_spec pointwise_constraint{};
    constraint_spec bias_constraint{};

    friend bool operator==(const separable_conv2d_spec&, const separable_conv2d_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"filters", domain::positive, true}, self.filters);
        visit(field{"kernel_size", domain::positive, true}, self.kernel_size);
        visit(field{"strides", domain::positive}, self.strides);
        visit(field{"padding", domain::padding}, self.padding);
        visit(field{"dilation_rate", domain::positive}, self.dilation_rate);
        visit(field{"depth_multiplier", domain::positive}, self.depth_multiplier);
        visit(field{"activation", domain::activation}, self.activation);
        visit(field{"use_bias"}, self.use_bias);
        visit(field{"depthwise_initializer"}, self.depthwise_initializer);
        visit(field{"pointwise_initializer"}, self.pointwise_initializer);
        visit(field{"bias_initializer"}, self.bias_initializer);
        visit(field{"depthwise_regularizer"}, self.depthwise_regularizer);
        visit(field{"pointwise_regularizer"}, self.pointwise_regularizer);
        visit(field{"bias_regularizer"}, self.bias_regularizer);
        visit(field{"activity_regularizer"}, self.activity_regularizer);
        visit(field{"depthwise_constraint"}, self.depthwise_constraint);
        visit(field{"pointwise_constraint"}, self.pointwise_constraint);
        visit(field{"bias_constraint"}, self.bias_constraint);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return windowed_shape(
            input,
            {kernel_size[0], kernel_size[1]},
            {strides[0], strides[1]},
            {dilation_rate[0], dilation_rate[1]},
            padding,
            filters
        );
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        const std::int64_t between = bounded_product({input.back(), depth_multiplier});
        const std::int64_t depthwise = bounded_product({kernel_size[0], kernel_size[1], between});
        const std::int64_t pointwise = bounded_product({between, filters});
        return bounded_sum({depthwise, pointwise, use_bias ? filters : 0});
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        const dimensions output = output_shape(input).shape;
        const std::int64_t between =
            bounded_product({output[0], output[1], input.back(), depth_multiplier});
        const std::int64_t depthwise = bounded_product({between, kernel_size[0], kernel_size[1]});
        const std::int64_t pointwise = bounded_product({between, filters});
        return bounded_sum({depthwise, pointwise});
    }
};

} // namespace mend
