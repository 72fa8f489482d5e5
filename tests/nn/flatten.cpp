// SPDX-License-Identifier: MIT
#include <algorithm>

#include <doctest/doctest.h>

#include <mend/nn/flatten.hpp>

#include "run.hpp"

namespace nn_flatten_tests {

TEST_CASE("flatten: keeps the numbers and their order") {
    CHECK(mend::flatten{}.output({4, 3, 2}) == mend::shape{24});
    CHECK(mend::flatten{}.output({7}) == mend::shape{7});
    const auto x = normal<float>({3, 4, 3, 2}, 1);
    const auto y = predicted(mend::network<float>({4, 3, 2}, {mend::flatten{}}), x);
    CHECK(y.extents() == mend::shape{3, 24});
    CHECK(std::equal(y.flat().begin(), y.flat().end(), x.flat().begin()));
}

} // namespace nn_flatten_tests
