// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/genetic.hpp>
#include <mend/search/pareto.hpp>

#include "suite.hpp"

namespace search_genetic_tests {

using namespace mend;
using searcher_suite::drive;

namespace {

space plane() {
    space s;
    s.real("x", 0, 1).real("y", 0, 1);
    return s;
}

outcome bowl(const proposal& what) {
    outcome made;
    made.values = {std::abs(what.at["x"] - 0.7) + std::abs(what.at["y"] - 0.2)};
    return made;
}

} // namespace

TEST_CASE("genetic: is a searcher with every policy") {
    searcher_suite::check_searcher(genetic{});
    searcher_suite::check_searcher(genetic{{.replacement = replacement::generational}});
    searcher_suite::check_searcher(
        genetic<truncation_selection, simulated_binary_crossover, polynomial_mutation>{
            {.population = 5, .elite = 1, .replacement = replacement::generational}}
    );
    searcher_suite::check_searcher(genetic{{.population = 4, .crossover_rate = 0, .width = 6}});
}

TEST_CASE("genetic: a generation is open at once, the next waits for all of it") {
    genetic g{{.population = 6, .replacement = replacement::generational}};
    g.start(plane(), 1);
    std::vector<proposal> open;
    for (int generation = 0; generation < 4; ++generation) {
        CHECK(g.width() == 6);
        open.clear();
        for (int i = 0; i < 6; ++i) {
            open.push_back(*g.ask());
        }
        for (const proposal& what : open) {
            CHECK_FALSE(g.ask().has_value());
            trial done;
            done.proposal = what;
            done.outcome = bowl(what);
            g.tell(done);
        }
    }
}

TEST_CASE("genetic: generations that keep their best parents end better") {
    const auto best_after = [&](int elite) {
        double sum = 0;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const auto told = drive(
                genetic{
                    {.population = 6, .elite = elite, .replacement = replacement::generational}},
                plane(),
                seed,
                60,
                bowl
            );
            double late = 1e300; // of the last generation alone
            for (std::size_t i = 54; i < 60; ++i) {
                late = std::min(late, told[i].value());
            }
            sum += late / 20;
        }
        return sum;
    };
    CHECK(best_after(genetic_options<>::all) < best_after(0));
}

TEST_CASE("genetic: of two objectives it spreads along the front") {
    const auto told = drive(genetic{{.population = 20}}, plane(), 2, 400, [](const proposal& what) {
        const double x = what.at["x"];
        const double away = std::abs(what.at["y"] - 0.5);
        outcome made;
        made.values = {x + away, 1 - std::sqrt(x) + away}; // ZDT1's front: f2 = 1 - sqrt(f1)
        return made;
    });
    std::vector<double> values;
    for (const trial& t : told) {
        values.insert(values.end(), t.outcome.values.begin(), t.outcome.values.end());
    }
    const std::vector<double> corner{1.1, 1.1};
    // of the whole front: 1.21 - 1 / 3
    CHECK(hypervolume({values, 2}, corner) > 0.80);
    CHECK(hypervolume({values, 2}, corner) < 1.21 - 1.0 / 3);
}

TEST_CASE("genetic: children of a conditional space complete what begins to exist") {
    space s;
    s.categorical("kind", {"a", "b"}).real("x", 0, 1).only_if("kind", {"a"});
    s.real("y", 0, 1).only_if("kind", {"b"});
    s.forbid({{"kind", {"a"}}});
    for (const trial& t :
         drive(genetic{}, s, 2, 60, [](const proposal&) { return outcome{{1.0}}; })) {
        REQUIRE(s.contains(t.proposal.at));
        REQUIRE(t.proposal.at["kind"] == "b");
    }
}

} // namespace search_genetic_tests
