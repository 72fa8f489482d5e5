// SPDX-License-Identifier: MIT
/// Flatten.
#pragma once

#include <cstdint>
#include <string_view>

#include <mend/spec/field.hpp>

namespace mend {

/// All dimensions of a sample as one, row-major.
struct flatten_spec {
    static constexpr std::string_view class_name = "Flatten";
    static constexpr std::string_view default_name = "flatten";
    static constexpr std::string_view fixed_keys[] = {"data_format"};

    friend bool operator==(const flatten_spec&, const flatten_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self&, Visit&&) {}

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return dimensions{element_count(input)};
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions&) const { return 0; }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions&) const { return 0; }
};

} // namespace mend
