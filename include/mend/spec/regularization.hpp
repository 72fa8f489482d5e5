// SPDX-License-Identifier: MIT
/// Dropout.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <mend/spec/field.hpp>

namespace mend {

/// Zeroes a share of its input while training and scales the rest by 1 / (1 - rate).
struct dropout_spec {
    static constexpr std::string_view class_name = "Dropout";
    static constexpr std::string_view default_name = "dropout";
    static constexpr std::string_view fixed_keys[] = {"noise_shape"};

    double rate = 0.5; ///< [0, 1)
    std::optional<std::int64_t> seed{};

    friend bool operator==(const dropout_spec&, const dropout_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"rate", domain::rate, true}, self.rate);
        visit(field{"seed"}, self.seed);
    }

    [[nodiscard]] shape_result output_shape(dimensions input) const { return input; }

    [[nodiscard]] std::int64_t parameter_count(const dimensions&) const { return 0; }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return element_count(input);
    }
};

} // namespace mend
