// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/search/sorting.hpp>

namespace search_sorting_tests {

using namespace mend;

TEST_CASE("sorted_positions: is a stable sort of what the positions stand for") {
    random_stream stream(1, 0, purpose::search);
    for (const std::size_t count : {0U, 1U, 2U, 17U, 500U}) {
        std::vector<double> keys(count);
        for (double& key : keys) {
            key = static_cast<double>(stream.below(20));
        }
        std::vector<std::size_t> expected(count);
        std::iota(expected.begin(), expected.end(), std::size_t{0});
        const auto less = [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; };
        std::stable_sort(expected.begin(), expected.end(), less);
        CHECK(detail::sorted_positions(count, less) == expected);
    }
}

TEST_CASE("sort_positions: sorts a part, whatever the order it comes in") {
    const std::vector<double> keys{3, 1, 2, 1, 0};
    std::vector<std::size_t> positions{3, 2, 0, 1};
    detail::sort_positions(positions, [&](std::size_t a, std::size_t b) {
        return keys[a] < keys[b];
    });
    CHECK(positions == std::vector<std::size_t>{1, 3, 2, 0});
}

} // namespace search_sorting_tests
