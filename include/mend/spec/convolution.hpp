// SPDX-License-Identifier: MIT
/// Conv1D and Conv2D, and the arithmetic of windows that pooling shares.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <mend/spec/constraint.hpp>
#include <mend/spec/dense.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/initializer_spec.hpp>

namespace mend {

/// Positions of a window along one axis: `same` and `causal` ceil(n / stride), `valid` floor((n -
/// reach) / stride) + 1, 0 where the window does not fit. `reach` is the window's size, its
/// dilation included.
[[nodiscard]] inline std::int64_t window_count(
    std::int64_t n, std::int64_t reach, std::int64_t stride, std::string_view padding
) noexcept {
    if (padding != "valid") {
        return (n - 1) / stride + 1;
    }
    return n < reach ? 0 : (n - reach) / stride + 1;
}

namespace detail {

/// What windows over so many dimensions say to an input of other rank.
[[nodiscard]] inline shape_result not_for_windows(std::size_t rank, const dimensions& input) {
    return rank == 2
               ? not_an_image(input)
               : shape_result::refused("needs an input (steps, channels), not " + to_text(input));
}

} // namespace detail

/// Shape after a window of `size`, one extent for each dimension, went over an image (h, w, c) or a
/// sequence (n, c), with `channels` in the end. Strides and dilations above 1 do not go together,
/// as in Keras.
[[nodiscard]] inline shape_result windowed_shape(
    const dimensions& input,
    const dimensions& size,
    const dimensions& strides,
    const dimensions& dilation,
    std::string_view padding,
    std::int64_t channels
) {
    if (input.size() != size.size() + 1) {
        return detail::not_for_windows(size.size(), input);
    }
    const auto above_one = [](const dimensions& list) {
        return std::any_of(list.begin(), list.end(), [](std::int64_t v) { return v > 1; });
    };
    if (above_one(strides) && above_one(dilation)) {
        return shape_result::refused("strides and dilation_rate cannot both be above 1");
    }
    dimensions output;
    for (std::size_t axis = 0; axis < size.size(); ++axis) {
        const std::int64_t reach = bounded_product({size[axis] - 1, dilation[axis]});
        output.push_back(window_count(
            input[axis], std::min(reach, std::int64_t{1} << 62) + 1, strides[axis], padding
        ));
        if (output.back() < 1) {
            return shape_result::refused(
                "its window " + to_text(size) + " is larger than the input " + to_text(input)
            );
        }
    }
    output.push_back(channels);
    return output;
}

struct conv1d_spec {
    static constexpr std::string_view class_name = "Conv1D";
    static constexpr std::string_view default_name = "conv1d";
    static constexpr std::string_view fixed_keys[] = {"data_format", "groups"};

    std::int64_t filters = 1;
    std::int64_t kernel_size = 3;
    std::int64_t strides = 1;
    std::string padding = "valid"; ///< "valid", "same", "causal"
    std::int64_t dilation_rate = 1;
    std::string activation = "linear";
    bool use_bias = true;
    initializer_spec kernel_initializer{};
    initializer_spec bias_initializer{"zeros"};
    regularizer_spec kernel_regularizer{};
    regularizer_spec bias_regularizer{};
    regularizer_spec activity_regularizer{};
    constraint_spec kernel_constraint{};
    constraint_spec bias_constraint{};

    friend bool operator==(const conv1d_spec&, const conv1d_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"filters", domain::positive, true}, self.filters);
        visit(field{"kernel_size", domain::extent, true}, self.kernel_size);
        visit(field{"strides", domain::extent}, self.strides);
        visit(field{"padding", domain::time_padding}, self.padding);
        visit(field{"dilation_rate", domain::extent}, self.dilation_rate);
        detail::kernel_fields(self, visit);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return windowed_shape(input, {kernel_size}, {strides}, {dilation_rate}, padding, filters);
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        return bounded_sum(
            {bounded_product({kernel_size, input.back(), filters}), use_bias ? filters : 0}
        );
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product({element_count(output_shape(input).shape), kernel_size, input.back()}
        );
    }
};

struct conv2d_spec {
    static constexpr std::string_view class_name = "Conv2D";
    static constexpr std::string_view default_name = "conv2d";
    static constexpr std::string_view fixed_keys[] = {"data_format", "groups"};

    std::int64_t filters = 1;
    extent_pair kernel_size{3, 3};
    extent_pair strides{1, 1};
    std::string padding = "valid"; ///< "valid", "same"
    extent_pair dilation_rate{1, 1};
    std::string activation = "linear";
    bool use_bias = true;
    initializer_spec kernel_initializer{};
    initializer_spec bias_initializer{"zeros"};
    regularizer_spec kernel_regularizer{};
    regularizer_spec bias_regularizer{};
    regularizer_spec activity_regularizer{};
    constraint_spec kernel_constraint{};
    constraint_spec bias_constraint{};

    friend bool operator==(const conv2d_spec&, const conv2d_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"filters", domain::positive, true}, self.filters);
        visit(field{"kernel_size", domain::positive, true}, self.kernel_size);
        visit(field{"strides", domain::positive}, self.strides);
        visit(field{"padding", domain::padding}, self.padding);
        visit(field{"dilation_rate", domain::positive}, self.dilation_rate);
        detail::kernel_fields(self, visit);
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
        return bounded_sum(
            {bounded_product({kernel_size[0], kernel_size[1], input.back(), filters}),
             use_bias ? filters : 0}
        );
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product(
            {element_count(output_shape(input).shape), kernel_size[0], kernel_size[1], input.back()}
        );
    }
};

} // namespace mend
