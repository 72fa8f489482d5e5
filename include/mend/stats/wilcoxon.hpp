// SPDX-License-Identifier: MIT
/// The Wilcoxon signed-rank test of paired samples.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/stats/distributions.hpp>
#include <mend/stats/tests.hpp>

namespace mend {

enum class wilcoxon_method : std::uint8_t {
    automatic, ///< exact for up to 50 differences, else normal
    exact,     ///< the distribution given the ranks that were seen, tied ones included
    normal,    ///< corrected for ties
};

struct wilcoxon_options {
    alternative claim = alternative::two_sided;
    wilcoxon_method method = wilcoxon_method::automatic;
    bool continuity = true; ///< corrects the normal approximation by half a rank (scipy: false)
};

namespace detail {

/// P(W >= w) where each rank counts or does not, a coin for each; ranks and w are doubled so that
/// the middle ranks of ties are whole. Cost n times the sum of the ranks.
[[nodiscard]] inline double
signed_rank_tail(std::span<const std::size_t> doubled_ranks, std::size_t doubled_w) {
    std::size_t sum = 0;
    for (const std::size_t rank : doubled_ranks) {
        sum += rank;
    }
    std::vector<double> chance(sum + 1, 0.0);
    chance[0] = 1;
    std::size_t reached = 0;
    for (const std::size_t rank : doubled_ranks) {
        reached += rank;
        for (std::size_t k = reached + 1; k-- > 0;) {
            chance[k] = (chance[k] + (k >= rank ? chance[k - rank] : 0)) / 2;
        }
    }
    double tail = 0;
    for (std::size_t k = sum + 1; k-- > doubled_w;) { // from the smallest up
        tail += chance[k];
    }
    return std::min(tail, 1.0);
}

} // namespace detail

/// Wilcoxon's signed-rank test (Wilcoxon 1945): do the differences a[i] - b[i] tend to be greater
/// or less than 0? Differences of 0 are left out. The statistic is W+, the sum of the ranks of the
/// positive ones; equal absolute differences share their middle rank. Without any difference p is
/// 1. Requires as many values in `a` as in `b`; no difference may be NaN.
///
/// Deviation from scipy 1.10, whose "exact" takes the ranks for 1, 2, ... even where they are tied.
[[nodiscard]] inline test_result wilcoxon_signed_rank(
    std::span<const double> a, std::span<const double> b, const wilcoxon_options& options = {}
) {
    MEND_EXPECTS(a.size() == b.size(), "the samples are pairs");
    std::vector<std::pair<double, bool>> differences; // size, is positive
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double d = a[i] - b[i];
        MEND_EXPECTS(!std::isnan(d), "no difference is NaN");
        if (d != 0) {
            differences.emplace_back(std::abs(d), d > 0);
        }
    }
    std::sort(differences.begin(), differences.end());

    std::vector<std::size_t> doubled_ranks;
    std::size_t doubled = 0; // 2 W+
    double tied = 0;         // sum of t^3 - t over groups of t equal sizes
    for (std::size_t from = 0; from < differences.size();) {
        std::size_t to = from;
        while (to < differences.size() && differences[to].first == differences[from].first) {
            ++to;
        }
        const std::size_t rank = from + to + 1;
        for (std::size_t i = from; i < to; ++i) {
            doubled_ranks.push_back(rank);
            doubled += differences[i].second ? rank : 0;
        }
        const double t = static_cast<double>(to - from);
        tied += t * t * t - t;
        from = to;
    }

    // The tail that is looked at is always the upper one of `seen`.
    const std::size_t other = differences.size() * (differences.size() + 1) - doubled;
    const std::size_t seen = options.claim == alternative::greater ? doubled
                             : options.claim == alternative::less  ? other
                                                                   : std::max(doubled, other);
    const double sides = options.claim == alternative::two_sided ? 2 : 1;
    test_result result{static_cast<double>(doubled) / 2, 1, false};
    constexpr std::size_t most_exact = 50;
    if (options.method == wilcoxon_method::exact ||
        (options.method == wilcoxon_method::automatic && differences.size() <= most_exact)) {
        result.exact = true;
        result.p = std::min(1.0, sides * detail::signed_rank_tail(doubled_ranks, seen));
        return result;
    }
    const double n = static_cast<double>(differences.size());
    const double variance = n * (n + 1) * (2 * n + 1) / 24 - tied / 48;
    if (variance > 0) {
        const double above = static_cast<double>(seen) / 2 - n * (n + 1) / 4;
        const double z = (above - (options.continuity ? 0.5 : 0)) / std::sqrt(variance);
        result.p = std::min(1.0, sides * normal_tail(z));
    }
    return result;
}

} // namespace mend
