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

#include "functions.hpp"
#include "suite.hpp"

namespace search_bohb_tests {

using namespace mend;
using searcher_suite::branin;
using searcher_suite::branin_minimum;
using searcher_suite::hartmann6;
using searcher_suite::hartmann6_minimum;

namespace {

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
    const double hartmann = median_regret(ours, six, hartmann6, hartmann6_minimum, 100, 30);
    CHECK(hartmann <= 0.5);
    CHECK(hartmann <= median_regret(random, six, hartmann6, hartmann6_minimum, 100, 30) - 0.4);
    CHECK(median_regret(ours, plane, branin, branin_minimum, 100, 30) <= 0.35);
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
