// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/halving.hpp>
#include <mend/search/hebo.hpp>
#include <mend/search/sobol.hpp>
#include <mend/stats/summary.hpp>

#include "functions.hpp"
#include "suite.hpp"

namespace search_hebo_tests {

using namespace mend;
using searcher_suite::branin;
using searcher_suite::branin_minimum;
using searcher_suite::drive;
using searcher_suite::hartmann6;
using searcher_suite::hartmann6_minimum;

// Limits and numbers of seeds are those of HEBO's specification, T9 to T11. What does not ask for
// the default effort is tested with a smaller population.

namespace {

constexpr mace_options quick{.population = 24, .generations = 12};

space plane() {
    space s;
    s.real("x0", -5, 10).real("x1", 0, 15);
    return s;
}

outcome of(double value) {
    outcome made;
    made.values = {value};
    return made;
}

/// Medians over seeds of how far the lowest true value met lies above the minimum, after so many
/// trials each; `see` says what is told.
template <class See>
std::vector<double> median_regrets(
    const hebo& s,
    const space& over,
    const auto& function,
    double minimum,
    std::uint64_t seeds,
    const std::vector<std::size_t>& after,
    const See& see
) {
    std::vector<std::vector<double>> regrets(after.size());
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        double best = std::numeric_limits<double>::infinity();
        std::size_t count = 0;
        random_stream noise(seed, 1, purpose::search);
        drive(s, over, seed, after.back(), [&](const proposal& what) {
            const double value = function(what.at);
            const double seen = see(value, noise);
            best = std::isnan(seen) ? best : std::min(best, value - minimum);
            ++count;
            for (std::size_t k = 0; k < after.size(); ++k) {
                if (after[k] == count) {
                    regrets[k].push_back(best);
                }
            }
            return std::isnan(seen) ? failure(status::nan, 1) : of(seen);
        });
    }
    std::vector<double> medians;
    for (const std::vector<double>& r : regrets) {
        medians.push_back(median(r));
    }
    return medians;
}

/// The same on Branin's function, after so many trials.
template <class See>
double median_regret(const hebo& s, std::size_t count, std::uint64_t seeds, const See& see) {
    return median_regrets(s, plane(), branin, branin_minimum, seeds, {count}, see)[0];
}

double as_it_is(double value, random_stream& /*noise*/) { return value; }

} // namespace

TEST_CASE("hebo: is a searcher, one at a time and in batches") {
    hebo_options small{.model_points = 12, .search = {.population = 12, .generations = 6}};
    searcher_suite::check_searcher(hebo{small});
    small.width = 5;
    searcher_suite::check_searcher(hebo{small});
}

TEST_CASE("hebo: begins with Sobol points in their order, until enough did not fail") {
    hebo s{{.search = quick}};
    s.start(plane(), 3);
    sobol_points points(plane(), 3);
    CHECK(s.width() == 3);
    for (int i = 0; i < 5; ++i) {
        random_stream stream(3, static_cast<std::uint64_t>(i), purpose::search);
        trial done;
        done.proposal = *s.ask();
        CHECK(s.origin() == hebo_origin::initial);
        CHECK(done.proposal.at == points.next(stream));
        done.outcome = i < 2 ? failure(status::nan, 1) : of(branin(done.proposal.at));
        s.tell(done);
    }
    static_cast<void>(s.ask());
    CHECK(s.origin() == hebo_origin::model);
    CHECK(s.model().size() == 3);
}

TEST_CASE("hebo: the initial phase has one more than parameters, but never more than eight") {
    for (const auto& [parameters, initial] : {std::pair{2, 3}, {6, 7}, {30, 8}}) {
        space wide;
        for (int i = 0; i < parameters; ++i) {
            wide.real("x" + std::to_string(i), 0, 1);
        }
        hebo s;
        s.start(wide, 1);
        CHECK(s.width() == initial);
    }
    hebo s{{.initial = 1}};
    s.start(plane(), 1);
    CHECK(s.width() == 2);
}

TEST_CASE("hebo: proposes nothing twice while there is something new") {
    space grid;
    grid.integer("a", 0, 7).integer("b", 0, 7);
    for (const int width : {1, 4}) {
        const auto told =
            drive(hebo{{.width = width, .search = quick}}, grid, 2, 40, [](const proposal& what) {
                return of(std::abs(what.at["a"] - 5) + std::abs(what.at["b"] - 2));
            });
        REQUIRE(told.size() == 40);
        for (std::size_t i = 0; i < told.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                REQUIRE(told[i].proposal.at != told[j].proposal.at);
            }
        }
    }
    space four;
    four.integer("a", 0, 1).boolean("b");
    const auto told = drive(hebo{{.search = quick}}, four, 2, 12, [](const proposal& what) {
        return of(what.at["a"]);
    });
    CHECK(told.size() == 12);
}

TEST_CASE("hebo: a batch is asked without being told, of points apart from each other") {
    hebo s{{.width = 8, .search = quick}};
    s.start(plane(), 4);
    std::vector<trial> open;
    for (int i = 0; i < 8; ++i) {
        open.emplace_back().proposal = *s.ask();
    }
    for (trial& t : open) {
        t.outcome = of(branin(t.proposal.at));
        s.tell(t);
    }
    std::vector<point> batch;
    for (int i = 0; i < 8; ++i) {
        batch.push_back(s.ask()->at);
        CHECK(s.origin() == hebo_origin::model);
        for (int j = 0; j < i; ++j) {
            CHECK(batch[static_cast<std::size_t>(j)] != batch.back());
        }
    }
}

TEST_CASE("hebo: an open proposal changes the next one, a failed one is not made again") {
    const auto ask_after = [](bool told) {
        hebo s{{.width = 2, .search = quick}};
        s.start(plane(), 5);
        for (int i = 0; i < 6; ++i) {
            trial done;
            done.proposal = *s.ask();
            done.outcome = of(branin(done.proposal.at));
            s.tell(done);
        }
        trial first;
        first.proposal = *s.ask();
        first.outcome = failure(status::nan, 1);
        if (told) {
            s.tell(first);
        }
        return std::pair(first.proposal.at, s.ask()->at);
    };
    const auto [open, next] = ask_after(false);
    const auto [failed, after] = ask_after(true);
    CHECK(open == failed);
    CHECK(next != open);
    CHECK(after != failed);
}

TEST_CASE("hebo: Branin's regret is as published") {
    const std::vector<double> regrets =
        median_regrets(hebo{}, plane(), branin, branin_minimum, 10, {20, 30, 50}, as_it_is);
    CHECK(regrets[0] <= 0.5);
    CHECK(regrets[1] <= 0.1);
    CHECK(regrets[2] <= 0.02);
    // 64 in batches of eight reached .001 to .004
    const hebo batches{{.width = 8, .search = {.population = 40, .generations = 30}}};
    CHECK(median_regret(batches, 64, 10, as_it_is) <= 0.02);
}

TEST_CASE("hebo: Hartmann's regret is as published") {
    space six;
    for (int i = 0; i < 6; ++i) {
        six.real("x" + std::to_string(i), 0, 1);
    }
    const hebo s{{.search = {.population = 40, .generations = 40}}};
    const std::vector<double> regrets =
        median_regrets(s, six, hartmann6, hartmann6_minimum, 10, {40, 60, 80}, as_it_is);
    CHECK(regrets[0] <= 1);
    CHECK(regrets[1] <= 0.5);
    CHECK(regrets[2] <= 0.3);
}

TEST_CASE("hebo: bent, shifted, failing, noisy and constant values do it little harm") {
    const hebo s{{.search = {.population = 40, .generations = 30}}};
    CHECK(median_regret(s, 50, 5, [](double y, random_stream&) {
              return std::exp(y / 10);
          }) <= 0.05);
    CHECK(median_regret(s, 50, 5, [](double y, random_stream&) { return y - 50; }) <= 0.05);
    CHECK(median_regret(s, 50, 5, [](double y, random_stream& noise) {
              return noise.uniform() < 0.2 ? std::nan("") : y;
          }) <= 0.05);
    CHECK(median_regret(s, 60, 5, [](double y, random_stream& noise) {
              return y + noise.normal();
          }) <= 0.5);
    const space over = plane();
    for (const trial& t : drive(s, over, 1, 15, [](const proposal&) { return of(3); })) {
        CHECK(over.contains(t.proposal.at));
    }
}

TEST_CASE("hebo: the paper's model finds Branin's minimum, too") {
    const hebo s{{.model = hebo_model::warped, .search = {.population = 40, .generations = 20}}};
    CHECK(median_regret(s, 30, 5, as_it_is) <= 0.1);
}

TEST_CASE("hebo: results of higher fidelity take the place of lower ones") {
    hebo s{{.search = quick}};
    s.start(plane(), 6);
    std::vector<trial> told;
    for (int i = 0; i < 4; ++i) {
        trial done;
        done.proposal = *s.ask();
        done.outcome = of(branin(done.proposal.at));
        s.tell(done);
        told.push_back(done);
    }
    told[2].outcome = failure(status::nan, 1);
    s.update(told[2]);
    static_cast<void>(s.ask());
    CHECK(s.model().size() == 3);
    // A scheduler uses it so.
    const auto scheduled = drive(
        hyperband{{.min_fidelity = 1.0 / 9}, hebo{{.search = quick}}},
        plane(),
        1,
        40,
        [](const proposal& what) { return of(branin(what.at) + 3 * (1 - what.fidelity)); }
    );
    CHECK(scheduled.size() == 40);
}

} // namespace search_hebo_tests
