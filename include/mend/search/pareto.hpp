// SPDX-License-Identifier: MIT
/// Several objectives at once: dominance, fronts, the order of NSGA-II, hypervolume.
///
/// All objectives are minimised; NaN counts as positive infinity. Fronts are found by efficient
/// non-dominated sorting (Zhang, Tian, Cheng, Jin, IEEE TEVC 2015) with binary search over the
/// fronts; crowding distance and order are those of NSGA-II (Deb, Pratap, Agarwal, Meyarivan, IEEE
/// TEVC 2002), but for objectives without spread, which add nothing, and for ties, which keep the
/// order given.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/search/sorting.hpp>

namespace mend {

/// Objective vectors, one per row of `width` numbers; a view.
class objective_rows {
public:
    objective_rows(std::span<const double> values, std::size_t width)
        : values_(values)
        , width_(width) {
        MEND_EXPECTS(width > 0 && values.size() % width == 0, "whole rows");
    }

    [[nodiscard]] std::size_t size() const noexcept { return values_.size() / width_; }

    [[nodiscard]] std::size_t width() const noexcept { return width_; }

    [[nodiscard]] std::span<const double> operator[](std::size_t row) const noexcept {
        return values_.subspan(row * width_, width_);
    }

    /// One number; NaN as infinity.
    [[nodiscard]] double at(std::size_t row, std::size_t objective) const noexcept {
        const double value = values_[row * width_ + objective];
        return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
    }

private:
    std::span<const double> values_;
    std::size_t width_;
};

/// Whether row a is nowhere worse than row b and better somewhere.
[[nodiscard]] inline bool dominates(objective_rows rows, std::size_t a, std::size_t b) noexcept {
    bool better = false;
    for (std::size_t k = 0; k < rows.width(); ++k) {
        const double left = rows.at(a, k);
        const double right = rows.at(b, k);
        if (left > right) {
            return false;
        }
        better = better || left < right;
    }
    return better;
}

/// The front of every row: 0 where nothing dominates it, 1 where only rows of front 0 do, ...
/// Cost: O(n log n) comparisons of rows at best, O(n^2) at worst.
[[nodiscard]] inline std::vector<std::size_t> pareto_ranks(objective_rows rows) {
    const auto order = detail::sorted_positions(rows.size(), [&](std::size_t a, std::size_t b) {
        for (std::size_t k = 0; k < rows.width(); ++k) {
            if (rows.at(a, k) != rows.at(b, k)) {
                return rows.at(a, k) < rows.at(b, k);
            }
        }
        return false;
    });
    std::vector<std::size_t> ranks(rows.size());
    std::vector<std::vector<std::size_t>> fronts;
    const auto is_dominated = [&](const std::vector<std::size_t>& front, std::size_t row) {
        for (std::size_t i = front.size(); i-- > 0;) {
            if (dominates(rows, front[i], row)) {
                return true;
            }
        }
        return false;
    };
    for (const std::size_t row : order) {
        // Only earlier rows can dominate this one, and a front that does implies all before it.
        std::size_t low = 0;
        std::size_t high = fronts.size();
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            if (is_dominated(fronts[middle], row)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == fronts.size()) {
            fronts.emplace_back();
        }
        fronts[low].push_back(row);
        ranks[row] = low;
    }
    return ranks;
}

/// The rows that no other dominates, in ascending order; equal rows are all in it.
[[nodiscard]] inline std::vector<std::size_t> pareto_front(objective_rows rows) {
    const std::vector<std::size_t> ranks = pareto_ranks(rows);
    std::vector<std::size_t> front;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        if (ranks[i] == 0) {
            front.push_back(i);
        }
    }
    return front;
}

/// Crowding distance of some rows among themselves, in the order given: the sum over objectives of
/// the gap between both neighbours as a share of the spread; infinite at the ends.
[[nodiscard]] inline std::vector<double>
crowding_distances(objective_rows rows, std::span<const std::size_t> members) {
    constexpr double largest = std::numeric_limits<double>::max();
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const std::size_t n = members.size();
    std::vector<double> crowding(n, n <= 2 ? infinite : 0.0);
    if (n <= 2) {
        return crowding;
    }
    std::vector<double> half(n); // halves: a difference never overflows
    for (std::size_t k = 0; k < rows.width(); ++k) {
        for (std::size_t i = 0; i < n; ++i) {
            half[i] = std::clamp(rows.at(members[i], k), -largest, largest) / 2;
        }
        const auto order = detail::sorted_positions(n, [&](std::size_t a, std::size_t b) {
            return half[a] < half[b];
        });
        const double spread = half[order.back()] - half[order.front()];
        if (!(spread > 0)) {
            continue;
        }
        crowding[order.front()] = infinite;
        crowding[order.back()] = infinite;
        for (std::size_t i = 1; i + 1 < n; ++i) {
            crowding[order[i]] += (half[order[i + 1]] - half[order[i - 1]]) / spread;
        }
    }
    return crowding;
}

/// All rows, best first: by front, within a front the less crowded first, ties as given. Of one
/// objective: by value.
[[nodiscard]] inline std::vector<std::size_t> nsga2_order(objective_rows rows) {
    if (rows.width() == 1) {
        return detail::sorted_positions(rows.size(), [&](std::size_t a, std::size_t b) {
            return rows.at(a, 0) < rows.at(b, 0);
        });
    }
    const std::vector<std::size_t> ranks = pareto_ranks(rows);
    auto order = detail::sorted_positions(rows.size(), [&](std::size_t a, std::size_t b) {
        return ranks[a] < ranks[b];
    });
    std::vector<double> crowding(rows.size());
    for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
        while (to < order.size() && ranks[order[to]] == ranks[order[from]]) {
            ++to;
        }
        const std::span<std::size_t> front(order.data() + from, to - from);
        const std::vector<double> distances = crowding_distances(rows, front);
        for (std::size_t i = 0; i < front.size(); ++i) {
            crowding[front[i]] = distances[i];
        }
        detail::sort_positions(front, [&](std::size_t a, std::size_t b) {
            return crowding[a] > crowding[b];
        });
    }
    return order;
}

namespace detail {

/// Volume dominated in the first `width` objectives by rows that all lie below the reference.
inline double dominated_volume(
    std::vector<std::span<const double>> rows, std::span<const double> reference, std::size_t width
) {
    const std::size_t last = width - 1;
    std::vector<std::span<const double>> sorted;
    for (const std::size_t i : sorted_positions(rows.size(), [&](std::size_t a, std::size_t b) {
             return rows[a][last] < rows[b][last];
         })) {
        sorted.push_back(rows[i]);
    }
    rows = std::move(sorted);
    if (rows.empty() || width == 1) {
        return rows.empty() ? 0.0 : reference[0] - rows.front()[0];
    }
    double volume = 0;
    double lowest = reference[0]; // of two objectives: of the first one so far
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double next = i + 1 < rows.size() ? rows[i + 1][last] : reference[last];
        lowest = std::min(lowest, rows[i][0]);
        if (next > rows[i][last]) {
            const auto end = rows.begin() + static_cast<std::ptrdiff_t>(i + 1);
            const double area = width == 2 ? reference[0] - lowest
                                           : dominated_volume({rows.begin(), end}, reference, last);
            volume += (next - rows[i][last]) * area;
        }
    }
    return volume;
}

} // namespace detail

/// Volume of what the rows dominate below a reference point of the same width. Rows that do not lie
/// below it everywhere, NaN among them, add nothing. By slices: O(n log n) for two objectives,
/// O(n^2 log n) for three, a factor n for each further one.
[[nodiscard]] inline double hypervolume(objective_rows rows, std::span<const double> reference) {
    MEND_EXPECTS(reference.size() == rows.width(), "one reference value per objective");
    std::vector<std::span<const double>> inside;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        bool below = true;
        for (std::size_t k = 0; k < rows.width(); ++k) {
            below = below && rows.at(i, k) < reference[k];
        }
        if (below) {
            inside.push_back(rows[i]);
        }
    }
    return detail::dominated_volume(std::move(inside), reference, rows.width());
}

} // namespace mend
