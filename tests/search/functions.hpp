// SPDX-License-Identifier: MIT
// Functions that searchers are tested on, at fidelity 1 or less.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include <mend/space/space.hpp>

namespace searcher_suite {

using mend::point;

/// On [-5, 10] x [0, 15]; the minimum is branin_minimum.
inline constexpr auto branin = [](const point& p, double fidelity = 1) {
    constexpr double pi = std::numbers::pi;
    const double b = 5.1 / (4 * pi * pi) - 0.1 * (1 - fidelity);
    const double x = p["x0"];
    const double root = p["x1"] - b * x * x + 5 / pi * x - 6;
    return root * root + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
};

inline constexpr double branin_minimum = 0.39788735772973816;

/// On [0, 1]^6; the minimum is hartmann6_minimum.
inline constexpr auto hartmann6 = [](const point& p, double fidelity = 1) {
    const std::array<double, 4> alpha{1.0 - 0.1 * (1 - fidelity), 1.2, 3.0, 3.2};
    constexpr double a[4][6] = {
        {10, 3, 17, 3.5, 1.7, 8},
        {0.05, 10, 17, 0.1, 8, 14},
        {3, 3.5, 1.7, 10, 17, 8},
        {17, 8, 0.05, 10, 0.1, 14}};
    constexpr double centre[4][6] = {
        {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
        {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
        {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
        {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        double exponent = 0;
        for (std::size_t j = 0; j < 6; ++j) {
            exponent += a[i][j] * (p[j] - centre[i][j]) * (p[j] - centre[i][j]);
        }
        sum -= alpha[i] * std::exp(-exponent);
    }
    return sum;
};

inline constexpr double hartmann6_minimum = -3.322368011415512;

} // namespace searcher_suite
