// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/brackets.hpp>

namespace search_brackets_tests {

using namespace mend;

namespace {

using counts = std::vector<std::vector<std::int64_t>>;

counts counts_of(double eta, double lowest, double highest) {
    counts all;
    for (const bracket_plan& plan : hyperband_brackets(eta, lowest, highest)) {
        all.push_back(plan.counts);
    }
    return all;
}

double cost_of(const bracket_plan& plan) {
    double cost = 0;
    for (std::size_t j = 0; j < plan.counts.size(); ++j) {
        cost += static_cast<double>(plan.counts[j]) * plan.budgets[j];
    }
    return cost;
}

void check_ladder(const std::vector<double>& made, const std::vector<double>& expected) {
    REQUIRE(made.size() == expected.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
        CHECK(made[i] == doctest::Approx(expected[i]).epsilon(1e-4));
    }
    CHECK(made.back() == expected.back());
}

} // namespace

// All schedules were dumped from the running HpBandSter 0.7.4, but where it rounds wrongly.

TEST_CASE("hyperband_brackets: the published schedule for eta 3 and budgets 1 to 81") {
    const std::vector<bracket_plan> plans = hyperband_brackets(3, 1, 81);
    CHECK(counts_of(3, 1, 81) == counts{{81, 27, 9, 3, 1}, {27, 9, 3, 1}, {9, 3, 1}, {6, 2}, {5}});
    CHECK(plans[0].budgets == std::vector<double>{1, 3, 9, 27, 81});
    CHECK(plans[3].budgets == std::vector<double>{27, 81});
    const std::vector<double> costs{405, 324, 243, 324, 405};
    double total = 0;
    std::int64_t runs = 0;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        CHECK(cost_of(plans[i]) == costs[i]);
        total += cost_of(plans[i]);
        runs += std::accumulate(plans[i].counts.begin(), plans[i].counts.end(), std::int64_t{0});
    }
    CHECK(total == 1701);
    CHECK(runs == 187);
}

TEST_CASE("hyperband_brackets: schedules of other numbers") {
    CHECK(counts_of(3, 1, 9) == counts{{9, 3, 1}, {3, 1}, {3}});
    CHECK(counts_of(3, 1, 27) == counts{{27, 9, 3, 1}, {9, 3, 1}, {6, 2}, {4}});
    CHECK(
        counts_of(3, 1, 243) ==
        counts{{243, 81, 27, 9, 3, 1}, {81, 27, 9, 3, 1}, {27, 9, 3, 1}, {18, 6, 2}, {9, 3}, {6}}
    );
    CHECK(counts_of(3, 1, 729).front() == std::vector<std::int64_t>{729, 243, 81, 27, 9, 3, 1});
    CHECK(counts_of(2, 1, 16) == counts{{16, 8, 4, 2, 1}, {8, 4, 2, 1}, {4, 2, 1}, {4, 2}, {5}});
    CHECK(
        counts_of(2, 1, 64) ==
        counts{
            {64, 32, 16, 8, 4, 2, 1},
            {32, 16, 8, 4, 2, 1},
            {16, 8, 4, 2, 1},
            {8, 4, 2, 1},
            {8, 4, 2},
            {6, 3},
            {7}}
    );
    CHECK(counts_of(4, 1, 64) == counts{{64, 16, 4, 1}, {16, 4, 1}, {8, 2}, {4}});
    CHECK(counts_of(10, 1, 1000) == counts{{1000, 100, 10, 1}, {100, 10, 1}, {20, 2}, {4}});
    CHECK(counts_of(5, 1, 125) == counts{{125, 25, 5, 1}, {25, 5, 1}, {10, 2}, {4}});
    CHECK(counts_of(3, 2, 10) == counts{{3, 1}, {2}});
    CHECK(counts_of(2, 0.1, 1) == counts{{8, 4, 2, 1}, {4, 2, 1}, {4, 2}, {4}});
    CHECK(counts_of(4, 1, 12) == counts{{4, 1}, {2}});
    CHECK(counts_of(3, 10, 200) == counts{{9, 3, 1}, {3, 1}, {3}});
    CHECK(counts_of(3, 5, 5) == counts{{1}});
    CHECK(counts_of(3, 0.01, 1) == counts_of(3, 1, 81));
    CHECK(counts_of(3, 1, 100) == counts_of(3, 1, 81));
}

TEST_CASE("hyperband_brackets: costs of other numbers") {
    const auto costs = [](double eta, double lowest, double highest) {
        std::vector<double> all;
        for (const bracket_plan& plan : hyperband_brackets(eta, lowest, highest)) {
            all.push_back(cost_of(plan));
        }
        return all;
    };
    CHECK(costs(3, 1, 9) == std::vector<double>{27, 18, 27});
    CHECK(costs(3, 1, 27) == std::vector<double>{108, 81, 108, 108});
    CHECK(costs(2, 1, 16) == std::vector<double>{80, 64, 48, 64, 80});
    CHECK(costs(4, 1, 64) == std::vector<double>{256, 192, 256, 256});
}

TEST_CASE("budget_ladder: ends at the highest budget and not below the lowest") {
    check_ladder(budget_ladder(3, 1, 100), {1.23457, 3.7037, 11.1111, 33.3333, 100});
    check_ladder(budget_ladder(3, 0.01), {0.0123457, 0.037037, 0.111111, 0.333333, 1});
    check_ladder(budget_ladder(3, 10, 200), {22.2222, 66.6667, 200});
}

TEST_CASE("brackets: whole powers of eta neither lose a rung nor a configuration") {
    for (int eta = 2; eta <= 10; ++eta) {
        double power = 1;
        for (std::size_t rungs = 1; power <= 1e7; ++rungs, power *= eta) {
            CHECK(budget_ladder(eta, 1, power).size() == rungs);
            CHECK(budget_ladder(eta, 1 / power).size() == rungs);
        }
    }
    // in floating point 343 / 7 / 7 is a little less than 7
    CHECK(counts_of(7, 1, 343).front() == std::vector<std::int64_t>{343, 49, 7, 1});
    CHECK(counts_of(7, 1, 343)[1] == std::vector<std::int64_t>{49, 7, 1});
    CHECK(counts_of(7, 1, 343)[2] == std::vector<std::int64_t>{14, 2});
    CHECK(counts_of(9, 1, 729).front() == std::vector<std::int64_t>{729, 81, 9, 1});
}

TEST_CASE("brackets: a fractional eta rounds down, and the last rungs keep one") {
    const bracket_plan plan = plan_bracket(10, {1, 2.5, 6.25, 15.625}, 2.5);
    CHECK(plan.counts == std::vector<std::int64_t>{10, 4, 1, 1});
    CHECK(plan_bracket(2, {1, 3, 9}, 3).counts == std::vector<std::int64_t>{2, 1, 1});
    CHECK_THROWS_AS(static_cast<void>(budget_ladder(1, 0.1)), contract_violation);
    CHECK_THROWS_AS(static_cast<void>(budget_ladder(3, 0)), contract_violation);
}

} // namespace search_brackets_tests
