// SPDX-License-Identifier: MIT
/// Sorting of positions, compiled once whatever they are sorted by.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace mend::detail {

/// Whether position a comes before position b, asked of whoever `context` is.
using comes_before = bool (*)(const void* context, std::size_t a, std::size_t b);

inline void sort_erased(std::span<std::size_t> positions, comes_before less, const void* context) {
    std::sort(positions.begin(), positions.end(), [&](std::size_t a, std::size_t b) {
        return less(context, a, b) || (a < b && !less(context, b, a));
    });
}

/// Sorts by less(a, b); equal ones stand in ascending order, so that of ascending positions the
/// sort is stable. A call through a pointer per comparison, for one copy of std::sort in a program.
template <class Less>
void sort_positions(std::span<std::size_t> positions, const Less& less) {
    sort_erased(
        positions,
        [](const void* context, std::size_t a, std::size_t b) {
            return (*static_cast<const Less*>(context))(a, b);
        },
        std::addressof(less)
    );
}

/// 0, 1, ..., count - 1 sorted by less(a, b).
template <class Less>
[[nodiscard]] std::vector<std::size_t> sorted_positions(std::size_t count, const Less& less) {
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) {
        order[i] = i;
    }
    sort_positions(order, less);
    return order;
}

} // namespace mend::detail
