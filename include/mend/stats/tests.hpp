// SPDX-License-Identifier: MIT
/// Tests of hypotheses: Mann-Whitney; Holm's correction for several tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/stats/distributions.hpp>

namespace mend {

/// What is claimed of the first sample, against "no difference".
enum class alternative : std::uint8_t { less, greater, two_sided };

struct test_result {
    double statistic = 0;
    double p = 1;       ///< probability of what was seen, or more, where there is no difference
    bool exact = false; ///< p is exact, not an approximation
};

namespace detail {

/// P(U >= u) without ties: U counts the pairs in which the first sample wins. The counts are the
/// coefficients of the Gaussian binomial (n + m over n), product of (1 - q^(m+i)) / (1 - q^i);
/// whole numbers below 2^53 for n, m <= 25. Cost n^2 m.
[[nodiscard]] inline double mann_whitney_tail(std::size_t n, std::size_t m, double u) {
    std::vector<double> count(n * m + 1, 0.0);
    count[0] = 1;
    for (std::size_t i = 1; i <= n; ++i) {
        for (std::size_t k = count.size(); k-- > m + i;) {
            count[k] -= count[k - m - i];
        }
        for (std::size_t k = i; k < count.size(); ++k) {
            count[k] += count[k - i];
        }
    }
    double all = 0;
    double above = 0;
    for (std::size_t k = 0; k < count.size(); ++k) {
        all += count[k];
        above += static_cast<double>(k) >= u ? count[k] : 0;
    }
    return above / all;
}

} // namespace detail

/// Mann-Whitney U test (Mann, Whitney 1947): do values of `a` tend to be less or greater than those
/// of `b`? The statistic is U of `a`: the pairs in which it is the greater, ties counting half.
///
/// p is exact without ties where both samples have at most 25 values, else from the normal
/// distribution with correction for ties and continuity. Where all values are equal, p is 1 for
/// every alternative (as in scipy). Requires values in both samples, no NaN; infinities are
/// ordinary largest and smallest values.
[[nodiscard]] inline test_result mann_whitney(
    std::span<const double> a, std::span<const double> b, alternative claim = alternative::two_sided
) {
    MEND_EXPECTS(!a.empty() && !b.empty(), "both samples have values");
    std::vector<std::pair<double, bool>> pooled; // value, is of a
    pooled.reserve(a.size() + b.size());
    for (const double x : a) {
        pooled.emplace_back(x, true);
    }
    for (const double x : b) {
        pooled.emplace_back(x, false);
    }
    for (const auto& value : pooled) {
        MEND_EXPECTS(!std::isnan(value.first), "no value is NaN");
    }
    std::sort(pooled.begin(), pooled.end());

    const double n = static_cast<double>(a.size());
    const double m = static_cast<double>(b.size());
    const double total = n + m;
    double rank_sum = 0;
    double tied = 0; // sum of t^3 - t over groups of t equal values
    for (std::size_t from = 0; from < pooled.size();) {
        std::size_t to = from;
        double of_a = 0;
        for (; to < pooled.size() && pooled[to].first == pooled[from].first; ++to) {
            of_a += pooled[to].second ? 1 : 0;
        }
        const double t = static_cast<double>(to - from);
        rank_sum += of_a * (static_cast<double>(from) + (t + 1) / 2);
        tied += t * t * t - t;
        from = to;
    }
    const double u = rank_sum - n * (n + 1) / 2;

    // The tail that is looked at is always the upper one of `seen`.
    const double other = n * m - u;
    const double seen = claim == alternative::greater ? u
                        : claim == alternative::less  ? other
                                                      : std::max(u, other);
    const double sides = claim == alternative::two_sided ? 2 : 1;
    test_result result{u, 1, false};
    constexpr std::size_t largest_exact = 25;
    if (tied == 0 && a.size() <= largest_exact && b.size() <= largest_exact) {
        result.exact = true;
        result.p = std::min(1.0, sides * detail::mann_whitney_tail(a.size(), b.size(), seen));
        return result;
    }
    const double variance = n * m / 12 * ((total + 1) - tied / (total * (total - 1)));
    if (variance > 0) {
        const double z = (seen - n * m / 2 - 0.5) / std::sqrt(variance);
        result.p = std::min(1.0, sides * normal_tail(z));
    }
    return result;
}

/// Holm's step-down correction (Holm 1979): the p-values of several tests, adjusted so that the
/// chance of one false claim among all stays below the level they are held against; in the order
/// given. Requires each p in [0, 1].
[[nodiscard]] inline std::vector<double> holm(std::span<const double> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
        return p[i] < p[j];
    });
    std::vector<double> adjusted(p.size());
    double least = 0;
    for (std::size_t k = 0; k < order.size(); ++k) {
        const double one = p[order[k]];
        MEND_EXPECTS(one >= 0 && one <= 1, "a probability");
        least = std::min(1.0, std::max(least, static_cast<double>(p.size() - k) * one));
        adjusted[order[k]] = least;
    }
    return adjusted;
}

} // namespace mend
