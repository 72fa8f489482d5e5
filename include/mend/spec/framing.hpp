// SPDX-License-Identifier: MIT
/// Layers that make images larger or smaller: ZeroPadding2D, Cropping2D, UpSampling2D.
#pragma once

#include <cstdint>
#include <string_view>

#include <mend/spec/field.hpp>

namespace mend {

/// Zeros around an image.
struct zero_padding2d_spec {
    static constexpr std::string_view class_name = "ZeroPadding2D";
    static constexpr std::string_view default_name = "zero_padding2d";
    static constexpr std::string_view fixed_keys[] = {"data_format"};

    edge_sizes padding{{{1, 1}, {1, 1}}};

    friend bool operator==(const zero_padding2d_spec&, const zero_padding2d_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"padding", domain::non_negative}, self.padding);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        if (input.size() != 3) {
            return not_an_image(input);
        }
        return dimensions{
            input[0] + padding[0][0] + padding[0][1],
            input[1] + padding[1][0] + padding[1][1],
            input[2]};
    }
};

/// An image without its edges.
struct cropping2d_spec {
    static constexpr std::string_view class_name = "Cropping2D";
    static constexpr std::string_view default_name = "cropping2d";
    static constexpr std::string_view fixed_keys[] = {"data_format"};

    edge_sizes cropping{};

    friend bool operator==(const cropping2d_spec&, const cropping2d_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"cropping", domain::non_negative}, self.cropping);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        if (input.size() != 3) {
            return not_an_image(input);
        }
        const dimensions output{
            input[0] - cropping[0][0] - cropping[0][1],
            input[1] - cropping[1][0] - cropping[1][1],
            input[2]};
        if (output[0] < 1 || output[1] < 1) {
            return shape_result::refused("crops away all of the input " + to_text(input));
        }
        return output;
    }
};

/// Every cell of an image repeated (interpolation "nearest").
struct up_sampling2d_spec {
    static constexpr std::string_view class_name = "UpSampling2D";
    static constexpr std::string_view default_name = "up_sampling2d";
    static constexpr std::string_view fixed_keys[] = {"data_format", "interpolation"};

    extent_pair size{2, 2};

    friend bool operator==(const up_sampling2d_spec&, const up_sampling2d_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"size", domain::positive}, self.size);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        if (input.size() != 3) {
            return not_an_image(input);
        }
        return dimensions{
            bounded_product({input[0], size[0]}), bounded_product({input[1], size[1]}), input[2]};
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product({element_count(input), size[0], size[1]});
    }
};

} // namespace mend
