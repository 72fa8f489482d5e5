// SPDX-License-Identifier: MIT
#include <vector>

#include <doctest/doctest.h>

#include <mend/eval/killing_search.hpp>

namespace eval_killing_search_tests {

namespace {

using path = std::vector<double>;

// The values visited, and where it ended.
template <class Killed>
void check_search(
    const mend::setting_interval& over,
    Killed killed,
    const path& visited,
    double killing,
    double survivor
) {
    const mend::killing_bounds found = mend::search_killing(over, killed);
    path values;
    for (const mend::killing_step& step : found.path) {
        values.push_back(step.value);
        CHECK(step.killed == killed(step.value));
    }
    CHECK(values == visited);
    REQUIRE(found.is_killable());
    CHECK(*found.killing == killing);
    CHECK(found.survivor == survivor);
}

constexpr mend::setting_interval percentage{0, 100, 5, 2};

} // namespace

TEST_CASE("search_killing: percentages") {
    check_search(
        percentage,
        [](double p) { return p >= 30; },
        {100, 50, 25, 37.5, 31.25, 28.12},
        31.25,
        28.12
    );
    check_search(
        percentage, [](double p) { return p > 0; }, {100, 50, 25, 12.5, 6.25, 3.12}, 3.12, 0
    );
    check_search(
        percentage,
        [](double p) { return p >= 99.5; },
        {100, 50, 75, 87.5, 93.75, 96.88},
        100,
        96.88
    );
    check_search(
        {0, 99, 5, 2},
        [](double p) { return p >= 30; },
        {99, 49.5, 24.75, 37.12, 30.93, 27.84},
        30.93,
        27.84
    );
}

TEST_CASE("search_killing: learning rates and epochs, whose strong end is the smaller") {
    check_search(
        {1, 0.001, 0.01, 3},
        [](double rate) { return rate <= 0.1; },
        {0.001, 0.5, 0.251, 0.126, 0.064, 0.095, 0.111, 0.103},
        0.095,
        0.103
    );
    check_search(
        {0.01, 0.001, 0.001, 4},
        [](double rate) { return rate <= 0.004; },
        {0.001, 0.0055, 0.0032, 0.0043, 0.0037},
        0.0037,
        0.0043
    );
    check_search(
        {12, 1, 1, 0}, [](double n) { return n <= 4; }, {1, 6, 4, 5}, 4, 5
    );
    check_search(
        {50, 1, 5, 0}, [](double n) { return n <= 20; }, {1, 26, 14, 20, 23}, 20, 23
    );
}

TEST_CASE("search_killing: where the strong end survives nothing else is evaluated") {
    int asked = 0;
    const auto found = mend::search_killing(percentage, [&](double) {
        ++asked;
        return false;
    });
    CHECK(asked == 1);
    CHECK_FALSE(found.is_killable());
    CHECK(found.survivor == 100);
}

TEST_CASE("search_killing: ends where the rounding is coarser than the precision") {
    const auto found = mend::search_killing({10, 1, 0.01, 0}, [](double n) { return n <= 4; });
    CHECK(*found.killing == 4);
    CHECK(found.survivor == 5);
}

} // namespace eval_killing_search_tests
