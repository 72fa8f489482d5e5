// SPDX-License-Identifier: MIT
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/space/study_space.hpp>

namespace space_study_space_tests {

TEST_CASE("study_space: epochs are cut to whole numbers, small quotients left out") {
    using grid = std::vector<std::int64_t>;
    mend::study_space space;
    CHECK(space.epochs(1) == grid{1, 2});
    CHECK(space.epochs(10) == grid{4, 5, 6, 8, 10, 12, 14, 17, 20});
    space.quotients_above = 5;
    CHECK(space.epochs(3) == grid{3, 4, 5, 6});
    CHECK(space.epochs(12) == grid{5, 6, 8, 10, 12, 14, 17, 20, 24});
}

} // namespace space_study_space_tests
