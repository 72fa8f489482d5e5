// SPDX-License-Identifier: MIT
/// Layers that are active in training alone: Dropout, SpatialDropout2D, GaussianNoise,
/// GaussianDropout.
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
};

/// Dropout of whole channels of an image.
struct spatial_dropout2d_spec {
    static constexpr std::string_view class_name = "SpatialDropout2D";
    static constexpr std::string_view default_name = "spatial_dropout2d";
    static constexpr std::string_view fixed_keys[] = {"data_format", "noise_shape"};

    double rate = 0.5; ///< [0, 1)
    std::optional<std::int64_t> seed{};

    friend bool operator==(const spatial_dropout2d_spec&, const spatial_dropout2d_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"rate", domain::rate, true}, self.rate);
        visit(field{"seed"}, self.seed);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return input.size() == 3 ? shape_result(input) : not_an_image(input);
    }
};

/// Adds normal noise.
struct gaussian_noise_spec {
    static constexpr std::string_view class_name = "GaussianNoise";
    static constexpr std::string_view default_name = "gaussian_noise";

    double stddev = 0.1; ///< >= 0
    std::optional<std::int64_t> seed{};

    friend bool operator==(const gaussian_noise_spec&, const gaussian_noise_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"stddev", domain::non_negative, true}, self.stddev);
        visit(field{"seed"}, self.seed);
    }
};

/// Multiplies by normal noise of mean 1 and variance rate / (1 - rate).
struct gaussian_dropout_spec {
    static constexpr std::string_view class_name = "GaussianDropout";
    static constexpr std::string_view default_name = "gaussian_dropout";

    double rate = 0.5; ///< [0, 1)
    std::optional<std::int64_t> seed{};

    friend bool operator==(const gaussian_dropout_spec&, const gaussian_dropout_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"rate", domain::rate, true}, self.rate);
        visit(field{"seed"}, self.seed);
    }
};

} // namespace mend
