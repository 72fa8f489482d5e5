// SPDX-License-Identifier: MIT
/// Maximum and average pooling: over windows of images and of sequences, and over all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <mend/spec/convolution.hpp>
#include <mend/spec/field.hpp>

namespace mend {

namespace detail {

/// The fields of a pooling over windows.
template <class Self, class Visit>
void pooling_fields(Self& self, Visit&& visit) {
    visit(field{"pool_size", domain::extent}, self.pool_size);
    visit(field{"strides", domain::extent}, self.strides);
    visit(field{"padding", domain::padding}, self.padding);
}

} // namespace detail

/// What MaxPooling1D and AveragePooling1D share. The average ignores the padding, as Keras' does.
struct pooling1d_settings {
    static constexpr std::string_view fixed_keys[] = {"data_format"};

    std::int64_t pool_size = 2;
    std::optional<std::int64_t> strides{}; ///< absent: the pool size
    std::string padding = "valid";         ///< "valid", "same"

    friend bool operator==(const pooling1d_settings& a, const pooling1d_settings& b) {
        return a.pool_size == b.pool_size && a.step() == b.step() && a.padding == b.padding;
    }

    /// Strides in effect.
    [[nodiscard]] std::int64_t step() const noexcept { return strides.value_or(pool_size); }

    /// Strides equal to the pool size are the default.
    void normalise() noexcept {
        if (step() == pool_size) {
            strides.reset();
        }
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        detail::pooling_fields(self, visit);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return windowed_shape(
            input, {pool_size}, {step()}, {1}, padding, input.empty() ? 0 : input.back()
        );
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product({element_count(output_shape(input).shape), pool_size});
    }
};

struct max_pooling1d_spec : pooling1d_settings {
    static constexpr std::string_view class_name = "MaxPooling1D";
    static constexpr std::string_view default_name = "max_pooling1d";

    friend bool operator==(const max_pooling1d_spec&, const max_pooling1d_spec&) = default;
};

struct average_pooling1d_spec : pooling1d_settings {
    static constexpr std::string_view class_name = "AveragePooling1D";
    static constexpr std::string_view default_name = "average_pooling1d";

    friend bool operator==(const average_pooling1d_spec&, const average_pooling1d_spec&) = default;
};

/// What MaxPooling2D and AveragePooling2D share.
struct pooling2d_settings {
    static constexpr std::string_view fixed_keys[] = {"data_format"};

    extent_pair pool_size{2, 2};
    std::optional<extent_pair> strides{}; ///< absent: the pool size
    std::string padding = "valid";        ///< "valid", "same"

    friend bool operator==(const pooling2d_settings& a, const pooling2d_settings& b) {
        return a.pool_size == b.pool_size && a.step() == b.step() && a.padding == b.padding;
    }

    /// Strides in effect.
    [[nodiscard]] extent_pair step() const noexcept { return strides.value_or(pool_size); }

    /// Strides equal to the pool size are the default.
    void normalise() noexcept {
        if (step() == pool_size) {
            strides.reset();
        }
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        detail::pooling_fields(self, visit);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return windowed_shape(
            input,
            {pool_size[0], pool_size[1]},
            {step()[0], step()[1]},
            {1, 1},
            padding,
            input.empty() ? 0 : input.back()
        );
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product(
            {element_count(output_shape(input).shape), pool_size[0], pool_size[1]}
        );
    }
};

struct max_pooling2d_spec : pooling2d_settings {
    static constexpr std::string_view class_name = "MaxPooling2D";
    static constexpr std::string_view default_name = "max_pooling2d";

    friend bool operator==(const max_pooling2d_spec&, const max_pooling2d_spec&) = default;
};

struct average_pooling2d_spec : pooling2d_settings {
    static constexpr std::string_view class_name = "AveragePooling2D";
    static constexpr std::string_view default_name = "average_pooling2d";

    friend bool operator==(const average_pooling2d_spec&, const average_pooling2d_spec&) = default;
};

/// One number for each channel of an input with so many dimensions besides.
template <std::size_t Dimensions>
struct global_pooling_settings {
    static constexpr std::string_view fixed_keys[] = {"data_format"};

    bool keepdims = false; ///< the dimensions stay, each of extent 1

    friend bool
    operator==(const global_pooling_settings&, const global_pooling_settings&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"keepdims"}, self.keepdims);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        if (input.size() != Dimensions + 1) {
            return detail::not_for_windows(Dimensions, input);
        }
        dimensions output((keepdims ? Dimensions : 0) + 1, 1);
        output.back() = input.back();
        return output;
    }
};

struct global_max_pooling1d_spec : global_pooling_settings<1> {
    static constexpr std::string_view class_name = "GlobalMaxPooling1D";
    static constexpr std::string_view default_name = "global_max_pooling1d";

    friend bool
    operator==(const global_max_pooling1d_spec&, const global_max_pooling1d_spec&) = default;
};

struct global_max_pooling2d_spec : global_pooling_settings<2> {
    static constexpr std::string_view class_name = "GlobalMaxPooling2D";
    static constexpr std::string_view default_name = "global_max_pooling2d";

    friend bool
    operator==(const global_max_pooling2d_spec&, const global_max_pooling2d_spec&) = default;
};

struct global_average_pooling1d_spec : global_pooling_settings<1> {
    static constexpr std::string_view class_name = "GlobalAveragePooling1D";
    static constexpr std::string_view default_name = "global_average_pooling1d";

    friend bool
    operator==(const global_average_pooling1d_spec&, const global_average_pooling1d_spec&) =
        default;
};

struct global_average_pooling2d_spec : global_pooling_settings<2> {
    static constexpr std::string_view class_name = "GlobalAveragePooling2D";
    static constexpr std::string_view default_name = "global_average_pooling2d";

    friend bool
    operator==(const global_average_pooling2d_spec&, const global_average_pooling2d_spec&) =
        default;
};

} // namespace mend
