// SPDX-License-Identifier: MIT
/// MaxPooling2D and AveragePooling2D.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <mend/spec/convolution.hpp>
#include <mend/spec/field.hpp>

namespace mend {

/// What both poolings share. Their average ignores the padding, as Keras' does.
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
        visit(field{"pool_size", domain::positive}, self.pool_size);
        visit(field{"strides", domain::positive}, self.strides);
        visit(field{"padding", domain::padding}, self.padding);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return windowed_shape(input, pool_size, step(), padding, input.empty() ? 0 : input.back());
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions&) const { return 0; }

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

} // namespace mend
