// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/bohb.hpp>

#include "suite.hpp"

namespace search_bohb_tests {

using namespace mend;

namespace {

double branin(const point& p, double fidelity) {
    constexpr double pi = std::numbers::pi;
    const double b = 5.1 / (4 * pi * pi) - 0.1 * (1 - fidelity);
    const double x = p["x0"];
    const double root = p["x1"] - b * x * x + 5 / pi * x - 6;
    return root * root + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
}

double hartmann6(const point& p, double fidelity) {
    const std::array<double, 4> alpha{1.0 - 0.1 * (1 - fidelity), 1.2, 3.0, 3.2};
    constexpr double a[4][6] = {
        {10, 3, 17, 3.5, 1.7, 8},
        {0.05, 10, 17, 0.1, 8, 14},
        {3, 3.5, 1.7, 10, 17, 8},
        {17, 8, 0.05, 10, 0.1, 14}};
    constexpr double centre[4][6] = {
        {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
        {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
        {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
        {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        double exponent = 0;
        for (std::size_t j = 0; j < 6; ++j) {
            exponent += a[i][j] * (p[j] - centre[i][j]) * (p[j] - centre[i][j]);
        }
        sum -= alpha[i] * std::exp(-exponent);
    }
    return sum;
}

/// Median over seeds of the regret of the best full run once runs have cost so many of those.
template <class Searcher>
double median_regret(
    const Searcher& s,
    const space& over,
    double (*f)(const point&, double),
    double minimum,
    double budget,
    std::size_t seeds
) {
    std::vector<double> regrets;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        Searcher mine = s;
        mine.start(over, seed);
        double best = std::numeric_limits<double>::infinity();
        for (double cost = 0;;) {
            trial done;
            done.proposal = *mine.ask();
            cost += done.proposal.fidelity;
            if (cost > budget + 1e-9) {
                break;
            }
            const double value = f(done.proposal.at, done.proposal.fidelity);
            done.outcome.values = {value};
            best = done.proposal.fidelity == 1 ? std::min(best, value - minimum) : best;
            mine.tell(done);
        }
        regrets.push_back(best);
    }
    std::sort(regrets.begin(), regrets.end());
    return (regrets[(seeds - 1) / 2] + regrets[seeds / 2]) / 2;
}

} // namespace

TEST_CASE("bohb: is a searcher, synchronous, asynchronous and without halving") {
    searcher_suite::check_searcher(bohb{});
    searcher_suite::check_searcher(bohb{{.mode = halving_mode::asynchronous, .width = 4}});
    searcher_suite::check_searcher(bohb{{.min_fidelity = 1, .min_points = 3}});
}

TEST_CASE("bohb: regret of Hartmann-6 and Branin after a hundred full evaluations") {
    // HpBandSter's rules, 20 seeds, eta 3, from 1 / 9 on: Hartmann-6 .29, Hyperband 1.04, Branin
    // .17
    space six;
    for (int i = 0; i < 6; ++i) {
        six.real("x" + std::to_string(i), 0, 1);
    }
    space plane;
    plane.real("x0", -5, 10).real("x1", 0, 15);
    const bohb ours{{.min_fidelity = 1.0 / 9}};
    const hyperband random{{.min_fidelity = 1.0 / 9}};
    const double hartmann = median_regret(ours, six, hartmann6, -3.322368011415512, 100, 30);
    CHECK(hartmann <= 0.5);
    CHECK(hartmann <= median_regret(random, six, hartmann6, -3.322368011415512, 100, 30) - 0.4);
    CHECK(median_regret(ours, plane, branin, 0.39788735772973816, 100, 30) <= 0.35);
}

TEST_CASE("bohb: a third of NaN changes no bracket") {
    const auto runs = [](bool failing) {
        return searcher_suite::drive(
            bohb{{.min_fidelity = 1.0 / 9}},
            searcher_suite::mixed_space(),
            2,
            200,
            [&](const proposal& what) {
                outcome made = searcher_suite::good(what);
                if (failing && what.id % 10 < 3) {
                    made.values = {std::nan("")};
                }
                return made;
            }
        );
    };
    const auto whole = runs(false);
    const auto holed = runs(true);
    REQUIRE(holed.size() == 200);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        CHECK(whole[i].proposal.fidelity == holed[i].proposal.fidelity);
        if (holed[i].proposal.continues != proposal::none) {
            CHECK(holed[i].proposal.continues % 10 >= 3);
        }
    }
}

TEST_CASE("bohb: a rung that crashes whole is followed by new configurations") {
    const auto told = searcher_suite::drive(
        bohb{{.min_fidelity = 1.0 / 9}},
        searcher_suite::mixed_space(),
        2,
        13,
        [](const proposal& what) {
            return what.id < 9 ? failure(status::nan, 0.1) : searcher_suite::good(what);
        }
    );
    for (std::size_t i = 9; i < 12; ++i) {
        CHECK(told[i].proposal.continues == proposal::none);
        CHECK(told[i].proposal.fidelity == doctest::Approx(1.0 / 3));
    }
    CHECK(told[12].proposal.continues >= 9);
}

} // namespace search_bohb_tests
