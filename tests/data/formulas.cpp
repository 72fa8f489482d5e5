// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/formulas.hpp>

namespace data_formulas_tests {

namespace {

mend::index place_of_largest(const mend::samples& table, mend::index row) {
    const auto targets = table.targets.row(row);
    return std::max_element(targets.begin(), targets.end()) - targets.begin();
}

} // namespace

TEST_CASE("formulas: every set is whole, and the same each time") {
    for (const auto make :
         {mend::make_constant_vectors,
          mend::make_threshold,
          mend::make_squares,
          mend::make_fivefold,
          mend::make_remainders,
          mend::make_parabola}) {
        const mend::dataset data = make();
        CAPTURE(data.name);
        mend::check_dataset(data);
        CHECK(make().table() == data.table());
    }
}

// A model that always answers 0 is right on these shares of the published holdout rows.
TEST_CASE("formulas: remainders have the published shares of targets in the holdout") {
    const mend::dataset data = mend::cut(mend::make_remainders(), {.holdout = 42});
    REQUIRE(data.test->rows() == 400);
    std::vector<int> counts(20);
    for (mend::index row = 0; row < 400; ++row) {
        ++counts[static_cast<std::size_t>(place_of_largest(*data.test, row))];
    }
    CHECK(counts[0] == 233); // 0.5825
    CHECK(counts[1] == 111); // 0.2775
    CHECK(counts[2] == 56);  // 0.14
}

TEST_CASE("formulas: the threshold lies at 20,000 of numbers that are standardised") {
    const mend::dataset data = mend::make_threshold();
    double sum = 0;
    double squares = 0;
    double lowest_above = 1e9;
    double highest_below = -1e9;
    for (mend::index row = 0; row < data.pool->rows(); ++row) {
        const auto x = static_cast<double>(data.pool->dense[row]);
        sum += x;
        squares += x * x;
        if (data.pool->labels[static_cast<std::size_t>(row)] == 1) {
            highest_below = std::max(highest_below, x);
        } else {
            lowest_above = std::min(lowest_above, x);
        }
    }
    CHECK(sum / 10000 == doctest::Approx(0).epsilon(1e-4));
    CHECK(squares / 10000 == doctest::Approx(1).epsilon(1e-4));
    CHECK(highest_below < lowest_above);
    CHECK(lowest_above - highest_below < 0.005);
}

TEST_CASE("formulas: the squares are disjoint and lie where they should") {
    const mend::dataset data = mend::make_squares();
    for (mend::index row = 0; row < 200; ++row) {
        for (mend::index i = 0; i < 2; ++i) {
            const float x = data.pool->dense[2 * row + i];
            const bool second = data.pool->labels[static_cast<std::size_t>(row)] == 1;
            CHECK(x >= (second ? 0.5F : 0.2F));
            CHECK(x <= (second ? 0.7F : 0.4F));
        }
    }
    // The first numbers of RandomState(42): 0.37454012, 0.95071431.
    CHECK(data.pool->dense[0] == doctest::Approx(0.2 + 0.2 * 0.3745401188));
    CHECK(data.pool->dense[1] == doctest::Approx(0.2 + 0.2 * 0.9507143064));
}

TEST_CASE("formulas: a constant answer of 1 has the published error on the parabola's test rows") {
    const mend::dataset data = mend::make_parabola();
    CHECK(data.train->rows() == 150);
    REQUIRE(data.test->rows() == 51);
    double sum = 0;
    for (mend::index row = 0; row < 51; ++row) {
        sum += std::pow(static_cast<double>(data.test->targets[row]) - 1, 2);
    }
    CHECK(sum / 51 == doctest::Approx(1788.3155).epsilon(1e-6));
}

} // namespace data_formulas_tests
