// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/hebo_choice.hpp>

namespace search_hebo_choice_tests {

using namespace mend;
using positions = std::vector<std::size_t>;

namespace {

const std::vector<gaussian_prediction> predicted{
    {0.0, 0.01}, {1.0, 4.0}, {-1.0, 0.04}, {0.5, 0.25}, {0.2, 1.0}};
const mace_target target{.kappa = 2, .target = -1, .noise = 0};

positions choose(positions front, hebo_choice by, std::size_t wanted) {
    detail::choose_from_front(front, predicted, target, by, wanted);
    return front;
}

} // namespace

TEST_CASE("hebo_choice: one or two of a random order are the first of it") {
    CHECK(choose({3, 0, 4}, hebo_choice::random, 1) == positions{3});
    CHECK(choose({3, 0, 4}, hebo_choice::random, 2) == positions{3, 0});
    CHECK(choose({3}, hebo_choice::random, 2) == positions{3});
    CHECK(choose({}, hebo_choice::random, 4).empty());
}

TEST_CASE("hebo_choice: a batch has the least certain and the lowest, each once") {
    for (positions front : {positions{0, 1, 2, 3, 4}, {2, 1, 0, 4, 3}, {4, 3, 2, 1, 0}}) {
        const positions chosen = choose(front, hebo_choice::random, 3);
        REQUIRE(chosen.size() == 3);
        CHECK(chosen[0] == 1);
        CHECK(chosen[1] == 2);
        CHECK(std::count(chosen.begin(), chosen.end(), chosen[2]) == 1);
    }
    // The same point is both: it takes one place.
    const std::vector<gaussian_prediction> both{{0, 1}, {-2, 3}, {1, 2}};
    positions front{0, 2, 1};
    detail::choose_from_front(front, both, target, hebo_choice::random, 3);
    std::sort(front.begin(), front.end());
    CHECK(front == positions{0, 1, 2});
}

TEST_CASE("hebo_choice: by the bound or the improvement, best first") {
    // bounds: -0.2, -3, -1.4, -0.5, -1.8
    CHECK(choose({0, 3, 4, 2, 1}, hebo_choice::lowest_bound, 3) == positions{1, 4, 2});
    // improvements over -1: of point 1 most, then of 4; the surest of all is next to none
    CHECK(choose({0, 2, 3, 4, 1}, hebo_choice::improvement, 1) == positions{1});
    CHECK(choose({0, 3, 4}, hebo_choice::improvement, 2) == positions{4, 3});
}

} // namespace search_hebo_choice_tests
