// SPDX-License-Identifier: MIT
/// Effect sizes: how far apart two samples are.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/stats/summary.hpp>

namespace mend {

/// Cohen's d (Cohen 1988): the difference of the means, a - b, in pooled sample standard
/// deviations. Where neither sample has any spread: 0 for equal means, else an infinity of the
/// difference's sign. Requires two values in each sample; NaN where a value is not finite.
[[nodiscard]] inline double cohens_d(std::span<const double> a, std::span<const double> b) {
    MEND_EXPECTS(a.size() > 1 && b.size() > 1, "two values in each sample");
    const auto is_constant = [](std::span<const double> sample) {
        return std::all_of(sample.begin(), sample.end(), [&](double x) { return x == sample[0]; });
    };
    if (is_constant(a) && is_constant(b)) { // a mean that rounds would make a spread of nothing
        constexpr double far = std::numeric_limits<double>::infinity();
        return a[0] == b[0] ? 0 : a[0] > b[0] ? far : a[0] < b[0] ? -far : std::nan("");
    }
    const double n = static_cast<double>(a.size());
    const double m = static_cast<double>(b.size());
    const double s = standard_deviation(a);
    const double t = standard_deviation(b);
    return (mean(a) - mean(b)) / std::sqrt(((n - 1) * s * s + (m - 1) * t * t) / (n + m - 2));
}

/// Vargha and Delaney's A (2000): the probability that a value of `a` is greater than one of `b`,
/// ties counting half; 0.5 is no difference. Requires values in both samples, no NaN. Cost
/// (n + m) log m.
[[nodiscard]] inline double vargha_delaney(std::span<const double> a, std::span<const double> b) {
    MEND_EXPECTS(!a.empty() && !b.empty(), "both samples have values");
    std::vector<double> sorted(b.begin(), b.end());
    std::sort(sorted.begin(), sorted.end());
    MEND_EXPECTS(
        std::none_of(b.begin(), b.end(), [](double x) { return std::isnan(x); }), "no value is NaN"
    );
    double halves = 0; // of wins
    for (const double x : a) {
        MEND_EXPECTS(!std::isnan(x), "no value is NaN");
        const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), x);
        halves += static_cast<double>((low - sorted.begin()) + (high - sorted.begin()));
    }
    return halves / (2 * static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

/// Cliff's delta (1993): P(a > b) - P(a < b), in [-1, 1]; 2 A - 1. As vargha_delaney requires.
[[nodiscard]] inline double cliffs_delta(std::span<const double> a, std::span<const double> b) {
    return 2 * vargha_delaney(a, b) - 1;
}

} // namespace mend
