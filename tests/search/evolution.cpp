// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/evolution.hpp>

#include "suite.hpp"

namespace search_evolution_tests {

using namespace mend;
using searcher_suite::drive;

TEST_CASE("evolution: is a searcher") {
    searcher_suite::check_searcher(evolution{});
    searcher_suite::check_searcher(evolution<polynomial_mutation>{{.population = 4, .sample = 2}});
}

TEST_CASE("evolution: a child differs from someone of the population in what was mutated") {
    space s;
    for (int i = 0; i < 8; ++i) {
        s.integer("n" + std::to_string(i), 1, 1000);
    }
    const auto told = drive(
        evolution{{.population = 6, .sample = 3, .mutation = {.rate = 1e-9}}},
        s,
        1,
        60,
        [](const proposal& what) { return outcome{{double(what.at["n0"])}}; }
    );
    for (std::size_t i = 6; i < told.size(); ++i) {
        std::size_t fewest = 8;
        for (std::size_t k = i - 6; k < i; ++k) {
            std::size_t differs = 0;
            for (std::size_t j = 0; j < 8; ++j) {
                differs += told[i].proposal.at.raw()[j] != told[k].proposal.at.raw()[j] ? 1 : 0;
            }
            fewest = std::min(fewest, differs);
        }
        REQUIRE(fewest == 1);
    }
}

TEST_CASE("evolution: the best dies of age") {
    space s;
    s.real("x", 0, 1);

    struct copy {
        void operator()(const space&, std::vector<double>& raw, random_stream&) const {
            raw[0] = std::nextafter(raw[0], 2.0); // a child is told by its value
        }
    };

    const auto told =
        drive(evolution<copy>{{.population = 4, .sample = 50}}, s, 1, 12, [](const proposal& what) {
            return outcome{{what.id == 3 ? -1.0 : double(what.id)}};
        });
    const double best = told[3].proposal.at["x"];
    // trials 4 .. 7 descend from it or, as repeated points are drawn anew, come at random; then the
    // best of those alive is trial 4, though it is far worse
    const double child = told[4].proposal.at["x"];
    CHECK(child == std::nextafter(best, 2.0));
    CHECK(told[8].proposal.at["x"] == std::nextafter(child, 2.0));
}

TEST_CASE("evolution: the first population is open at once") {
    evolution e{{.population = 7, .sample = 3}};
    e.start(searcher_suite::mixed_space(), 1);
    CHECK(e.width() == 7);
    for (int i = 0; i < 7; ++i) {
        trial done;
        done.proposal = *e.ask();
        done.outcome = searcher_suite::good(done.proposal);
        e.tell(done);
    }
    CHECK(e.width() == 1);
}

} // namespace search_evolution_tests
