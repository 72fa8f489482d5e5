// SPDX-License-Identifier: MIT
/// Conv2D, and the arithmetic of windows that pooling shares.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <mend/spec/constraint.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/initializer_spec.hpp>

namespace mend {

/// Positions of a window along one axis: `same` ceil(n / stride), `valid` floor((n - size) /
/// stride) + 1, 0 where the window does not fit.
[[nodiscard]] inline std::int64_t window_count(
    std::int64_t n, std::int64_t size, std::int64_t stride, std::string_view padding
) noexcept {
    if (padding == "same") {
        return (n - 1) / stride + 1;
    }
    return n < size ? 0 : (n - size) / stride + 1;
}

/// Shape after a window of `size` went over an image (h, w, c), with `channels` in the end.
[[nodiscard]] inline shape_result windowed_shape(
    const dimensions& input,
    const extent_pair& size,
    const extent_pair& strides,
    std::string_view padding,
    std::int64_t channels
) {
    if (input.size() != 3) {
        return shape_result::refused(
            "needs an input (height, width, channels), not " + to_text(input)
        );
    }
    const dimensions output{
        window_count(input[0], size[0], strides[0], padding),
        window_count(input[1], size[1], strides[1], padding),
        channels};
    if (output[0] < 1 || output[1] < 1) {
        return shape_result::refused(
            "its window " + to_text(dimensions{size[0], size[1]}) + " is larger than the input " +
            to_text(input)
        );
    }
    return output;
}

struct conv2d_spec {
    static constexpr std::string_view class_name = "Conv2D";
    static constexpr std::string_view default_name = "conv2d";
    static constexpr std::string_view fixed_keys[] = {"data_format", "dilation_rate", "groups"};

    std::int64_t filters = 1;
    extent_pair kernel_size{3, 3};
    extent_pair strides{1, 1};
    std::string padding = "valid"; ///< "valid", "same"
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
        visit(field{"activation", domain::activation}, self.activation);
        visit(field{"use_bias"}, self.use_bias);
        visit(field{"kernel_initializer"}, self.kernel_initializer);
        visit(field{"bias_initializer"}, self.bias_initializer);
        visit(field{"kernel_regularizer"}, self.kernel_regularizer);
        visit(field{"bias_regularizer"}, self.bias_regularizer);
        visit(field{"activity_regularizer"}, self.activity_regularizer);
        visit(field{"kernel_constraint"}, self.kernel_constraint);
        visit(field{"bias_constraint"}, self.bias_constraint);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return windowed_shape(input, kernel_size, strides, padding, filters);
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        return bounded_product({kernel_size[0], kernel_size[1], input.back(), filters}) +
               (use_bias ? filters : 0);
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product(
            {element_count(output_shape(input).shape), kernel_size[0], kernel_size[1], input.back()}
        );
    }
};

} // namespace mend
