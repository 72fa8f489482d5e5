// SPDX-License-Identifier: MIT
/// Mean, spread and quantiles of a sample.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <mend/core/config.hpp>

namespace mend {

/// NaN for an empty sample.
[[nodiscard]] inline double mean(std::span<const double> sample) noexcept {
    double sum = 0;
    for (const double x : sample) {
        sum += x;
    }
    return sample.empty() ? std::numeric_limits<double>::quiet_NaN()
                          : sum / static_cast<double>(sample.size());
}

/// With n - 1 in the denominator, in two passes; NaN for fewer than two values.
[[nodiscard]] inline double standard_deviation(std::span<const double> sample) noexcept {
    if (sample.size() < 2) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double centre = mean(sample);
    double squares = 0;
    for (const double x : sample) {
        squares += (x - centre) * (x - centre);
    }
    return std::sqrt(squares / static_cast<double>(sample.size() - 1));
}

/// The value below which a share of the sample lies, linear between order statistics (Hyndman, Fan
/// 1996, type 7: numpy's default). Requires share in [0, 1] and no NaN; NaN for an empty sample.
[[nodiscard]] inline double quantile(std::span<const double> sample, double share) {
    MEND_EXPECTS(share >= 0 && share <= 1, "a share of the sample");
    if (sample.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    std::vector<double> sorted(sample.begin(), sample.end());
    std::sort(sorted.begin(), sorted.end());
    const double at = share * static_cast<double>(sorted.size() - 1);
    const double below = std::floor(at);
    const auto i = static_cast<std::size_t>(below);
    const double weight = at - below;
    // Without the test an infinite neighbour of weight 0 would make a NaN.
    return weight == 0 ? sorted[i] : sorted[i] + weight * (sorted[i + 1] - sorted[i]);
}

[[nodiscard]] inline double median(std::span<const double> sample) { return quantile(sample, 0.5); }

} // namespace mend
