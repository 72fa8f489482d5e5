// SPDX-License-Identifier: MIT
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/numpy_random.hpp>

namespace data_numpy_random_tests {

// What NumPy gives for RandomState(42).
TEST_CASE("numpy_random: draws NumPy's numbers") {
    mend::numpy_random reals(42);
    CHECK(reals.uniform() == 0.3745401188473625);
    CHECK(reals.uniform(-1, 1) == -1 + 2 * 0.9507143064099162);

    mend::numpy_random whole(42);
    for (const std::uint32_t expected : {6U, 3U, 7U, 4U, 6U, 9U, 2U, 6U, 7U, 4U}) {
        CHECK(whole.up_to(9) == expected);
    }
    using rows = std::vector<mend::index>;
    CHECK(mend::numpy_random(42).permutation(10) == rows{8, 1, 5, 0, 7, 2, 9, 4, 3, 6});
    CHECK(mend::numpy_random(1).permutation(1) == rows{0});
}

TEST_CASE("numpy_random: a range of one number costs no draw, a whole word is taken as it is") {
    mend::numpy_random random(7);
    mend::numpy_random same(7);
    CHECK(random.up_to(0) == 0);
    CHECK(random.up_to(0xFFFFFFFFU) == same.next());
}

} // namespace data_numpy_random_tests
