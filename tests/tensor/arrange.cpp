// SPDX-License-Identifier: MIT
#include <vector>

#include <doctest/doctest.h>

#include <mend/tensor/arrange.hpp>

namespace tensor_arrange_tests {

namespace {

std::vector<int> counted(int count) {
    std::vector<int> numbers;
    for (int i = 1; i <= count; ++i) {
        numbers.push_back(i);
    }
    return numbers;
}

} // namespace

TEST_CASE("arrange: a permuted table is its transpose") {
    const std::vector<int> from = counted(6);
    std::vector<int> to(6);
    mend::permute(mend::shape{2, 3}, {1, 0}, from.data(), to.data(), false);
    CHECK(to == std::vector<int>{1, 4, 2, 5, 3, 6});
    mend::permute(mend::shape{2, 3}, {0, 1}, from.data(), to.data(), true);
    CHECK(to == std::vector<int>{2, 6, 5, 9, 8, 12});
    CHECK(mend::permuted({2, 3, 4}, {2, 0, 1}) == mend::shape{4, 2, 3});
}

TEST_CASE("arrange: an image is framed with zeros, cut, and repeated cell by cell") {
    const std::vector<int> from = counted(4);
    std::vector<int> framed(12, 7);
    mend::reframe(mend::reframing{1, 2, 2, 1, 3, 4, 0, 1}, from.data(), framed.data(), false);
    CHECK(framed == std::vector<int>{0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0});
    std::vector<int> cut(1);
    mend::reframe(mend::reframing{1, 2, 2, 1, 1, 1, -1, 0}, from.data(), cut.data(), false);
    CHECK(cut == std::vector<int>{3});

    std::vector<int> large(16);
    mend::repeat_cells(2, 2, 1, 2, 2, from.data(), large.data());
    CHECK(large == std::vector<int>{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4});
    std::vector<int> sums(4, 1);
    mend::sum_cells(2, 2, 1, 2, 2, large.data(), sums.data(), true);
    CHECK(sums == std::vector<int>{5, 9, 13, 17});
}

} // namespace tensor_arrange_tests
