// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/tensor/shape.hpp>

namespace tensor_shape_tests {

TEST_CASE("shape: counts its elements, by row too") {
    const mend::shape s{5, 28, 28, 3};
    CHECK(s.rank() == 4);
    CHECK(s.size() == 5 * 28 * 28 * 3);
    CHECK(s.row_size() == 28 * 28 * 3);
    CHECK(mend::shape{}.size() == 1);
    CHECK(mend::shape{0, 7}.size() == 0);
}

TEST_CASE("shape: a batch of rows is taken apart and put together") {
    const mend::shape sample{28, 28, 1};
    CHECK(sample.batch(32) == mend::shape{32, 28, 28, 1});
    CHECK(sample.batch(32).row() == sample);
    CHECK(mend::shape{}.batch(4) == mend::shape{4});
}

TEST_CASE("shape: equality compares rank and extents") {
    CHECK(mend::shape{2, 3} == mend::shape{2, 3});
    CHECK(mend::shape{2, 3} != mend::shape{3, 2});
    CHECK(mend::shape{2} != mend::shape{2, 1});
}

TEST_CASE("shape: a fifth dimension breaks the contract") {
    mend::shape s{1, 2, 3, 4};
    CHECK_THROWS_AS(s.push_back(5), mend::contract_violation);
    CHECK_THROWS_AS((mend::shape{1, 2, 3, 4, 5}), mend::contract_violation);
}

TEST_CASE("shape: prints like Python's tuples of several") {
    CHECK(mend::to_text(mend::shape{28, 28, 1}) == "(28, 28, 1)");
    CHECK(mend::to_text(mend::shape{}) == "()");
}

} // namespace tensor_shape_tests
