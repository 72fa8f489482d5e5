// SPDX-License-Identifier: MIT
/// How a genetic search chooses parents: policies.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>

namespace mend {

/// Chooses one of `count` individuals, which stand best first: its place, below count.
///
///     struct always_best {
///         std::size_t operator()(std::size_t, random_stream&) const { return 0; }
///     };
template <class Selection>
concept parent_selection =
    requires(const Selection select, std::size_t count, random_stream& stream) {
    { select(count, stream) } -> std::same_as<std::size_t>;
};

/// The best of `size` drawn with replacement. Over the order of NSGA-II, with two, its crowded
/// tournament (Deb et al. 2002); four suit budgets of tens of trials better (measured on four
/// functions).
struct tournament_selection {
    int size = 4;

    [[nodiscard]] std::size_t operator()(std::size_t count, random_stream& stream) const {
        MEND_EXPECTS(count > 0 && size > 0, "a tournament has participants");
        std::size_t best = count;
        for (int i = 0; i < size; ++i) {
            best = std::min(best, static_cast<std::size_t>(stream.below(count)));
        }
        return best;
    }
};

/// Any of the best `share`, at least of two.
struct truncation_selection {
    double share = 0.5;

    [[nodiscard]] std::size_t operator()(std::size_t count, random_stream& stream) const {
        MEND_EXPECTS(count > 0 && share > 0 && share <= 1, "a share of some");
        const auto best = static_cast<std::size_t>(std::ceil(share * static_cast<double>(count)));
        return stream.below(std::min(count, std::max<std::size_t>(best, 2)));
    }
};

static_assert(parent_selection<tournament_selection> && parent_selection<truncation_selection>);

} // namespace mend
