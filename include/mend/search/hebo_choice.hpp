// SPDX-License-Identifier: MIT
/// Which points of MACE's front HEBO proposes.
///
/// One: any, all equally likely, as the program does it. A batch of more than two has, beside
/// random ones, the most uncertain point of the front and that of the lowest mean; here each has a
/// place of its own, where the program may put one in the place of the other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <mend/search/gaussian_process.hpp>
#include <mend/search/mace.hpp>

namespace mend {

enum class hebo_choice : std::uint8_t {
    random,       ///< any
    lowest_bound, ///< those of the lowest confidence bounds
    improvement,  ///< those of the largest expected improvements
};

namespace detail {

/// Reduces a front, positions of predictions in random order, to so many points or as many as there
/// are. What is asked for comes first.
inline void choose_from_front(
    std::vector<std::size_t>& front,
    std::span<const gaussian_prediction> predicted,
    const mace_target& target,
    hebo_choice by,
    std::size_t wanted
) {
    wanted = std::min(wanted, front.size());
    const auto move_least = [&](std::size_t slot, const auto& score) {
        for (std::size_t i = slot + 1; i < front.size(); ++i) {
            if (score(predicted[front[i]]) < score(predicted[front[slot]])) {
                std::swap(front[i], front[slot]);
            }
        }
    };
    if (by == hebo_choice::random && wanted > 2) {
        move_least(0, [](const gaussian_prediction& p) { return -p.variance; });
        move_least(1, [](const gaussian_prediction& p) { return p.mean; });
    }
    if (by != hebo_choice::random) {
        const std::size_t which = by == hebo_choice::lowest_bound ? 0 : 1;
        for (std::size_t slot = 0; slot < wanted; ++slot) {
            move_least(slot, [&](const gaussian_prediction& p) {
                return mace_values(p, target, 0, 0)[which];
            });
        }
    }
    front.resize(wanted);
}

} // namespace detail

} // namespace mend
