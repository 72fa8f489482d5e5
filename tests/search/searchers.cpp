// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/bohb.hpp>
#include <mend/search/evolution.hpp>
#include <mend/search/genetic.hpp>
#include <mend/search/grid.hpp>
#include <mend/search/halving.hpp>
#include <mend/search/hebo.hpp>
#include <mend/search/kde.hpp>
#include <mend/search/random.hpp>
#include <mend/search/sobol.hpp>
#include <mend/search/tpe.hpp>
#include <mend/stats/tests.hpp>

#include "suite.hpp"

namespace search_searchers_tests {

// What every searcher must bear: hostile objectives for a thousand trials, spaces with conditions
// and forbidden combinations; and that those which learn are better than random search.

using namespace mend;
using searcher_suite::drive;

namespace {

struct named {
    std::string name;
    any_searcher searcher;
    bool learns;
};

/// Whether everything is done in full, which may take hours, most of them for HEBO's warped model
/// (environment variable MEND_FULL_TESTS).
bool in_full() { return std::getenv("MEND_FULL_TESTS") != nullptr; }

/// HEBO's effort is cut where its results do not matter.
hebo small_hebo(hebo_model model, int width) {
    if (in_full()) {
        return hebo{{.width = width, .model = model}};
    }
    return hebo{
        {.width = width,
         .model = model,
         .model_points = 8,
         .search = {.population = 8, .generations = 4}}};
}

std::vector<named> all_searchers() {
    return {
        {"random", random_search{}, false},
        {"sobol", sobol{}, false},
        {"grid", grid{}, false},
        {"genetic", genetic{}, true},
        {"generational", genetic{{.replacement = replacement::generational}}, true},
        {"evolution", evolution{}, true},
        {"tpe", tpe{}, true},
        {"tpe 3", tpe{{.startup = 4, .multivariate = false, .width = 3}}, true},
        {"kde", kde_search{}, true},
        {"bohb", bohb{}, true},
        {"asynchronous bohb", bohb{{.mode = halving_mode::asynchronous, .width = 4}}, true},
        {"hyperband", hyperband{{.width = 2}}, false},
        {"hebo", small_hebo(hebo_model::plain, 1), false},
        {"hebo in batches", small_hebo(hebo_model::plain, 5), false},
        {"hebo warped", small_hebo(hebo_model::warped, 1), false},
        {"halving of tpe", successive_halving{{.min_fidelity = 0.25}, tpe{}}, true},
    };
}

space tree() {
    space s;
    s.categorical("optimizer", {"sgd", "adam", "rmsprop"})
        .real("momentum", 0, 1)
        .only_if("optimizer", {"sgd", "rmsprop"})
        .real("lr", 1e-6, 10, log_scale)
        .integer("layers", 1, 4)
        .integer("second", 4, 512, log_scale)
        .only_if("layers", {"2", "3", "4"})
        .boolean("schedule")
        .ordinal("decay", {0.1, 0.5, 0.9})
        .only_if("schedule", {"true"})
        .only_if("optimizer", {"sgd"})
        .real("only", 3, 3);
    s.forbid({{"optimizer", {"adam"}}, {"layers", {"4"}}});
    return s;
}

outcome of(double value) {
    outcome made;
    made.values = {value};
    return made;
}

/// Every kind of outcome in turn.
outcome hostile(const proposal& what) {
    switch (what.id % 6) {
    case 0:
        return failure(status::nan, 1);
    case 1:
        return of(1e300);
    case 2:
        return of(std::nan(""));
    case 3:
        return of(-std::numeric_limits<double>::infinity());
    default:
        return of(std::abs(std::log10(what.at["lr"])) + what.at["layers"]);
    }
}

/// Smooth, of every kind of parameter, 0 at its minimum; the higher the fidelity, the truer.
double distance_to_optimum(const point& p, double fidelity) {
    const double bias = 0.3 * (1 - fidelity) * std::sin(20 * p["a"]);
    return std::pow(p["a"] - 0.3, 2) * 4 + std::pow(std::log10(p["b"]) + 2, 2) / 4 +
           std::abs(p["n"] - 7) / 8 + (p["kind"] == "two" ? 0 : 0.5) +
           std::abs(p["level"] - 3) / 4 + bias;
}

space known_optimum() {
    space s;
    s.real("a", -1, 1)
        .real("b", 1e-5, 1, log_scale)
        .integer("n", 1, 20)
        .categorical("kind", {"one", "two", "three", "four"})
        .ordinal("level", {1, 2, 3, 4, 5});
    return s;
}

/// The best value at full fidelity once trials have cost so much.
double best_after(any_searcher s, std::uint64_t seed, double budget) {
    double cost = 0;
    double best = std::numeric_limits<double>::infinity();
    const space over = known_optimum();
    s.start(over, seed);
    while (cost < budget) {
        trial done;
        done.proposal = *s.ask();
        cost += done.proposal.fidelity;
        done.outcome = of(distance_to_optimum(done.proposal.at, done.proposal.fidelity));
        best = done.proposal.fidelity == 1 ? std::min(best, done.value()) : best;
        s.tell(done);
    }
    return best;
}

} // namespace

TEST_CASE("searchers: stay in a space of conditions and forbidden combinations") {
    const space over = tree();
    for (const named& one : all_searchers()) {
        CAPTURE(one.name);
        const std::size_t count = one.name == "hebo warped" ? 40 : 150;
        const auto told = drive(one.searcher, over, 7, count, hostile);
        REQUIRE(told.size() == count);
        for (std::size_t i = 0; i < told.size(); ++i) {
            REQUIRE(over.contains(told[i].proposal.at));
            REQUIRE(told[i].proposal.id == static_cast<std::int64_t>(i));
        }
    }
}

TEST_CASE("searchers: a thousand trials of hostile objectives") {
    const space over = tree();
    const auto spike = [](const proposal& what) { return of(what.id == 17 ? -1e300 : 1e300); };
    const auto constant = [](const proposal&) { return of(0); };
    const auto nan = [](const proposal&) { return of(std::nan("")); };
    const auto failed = [](const proposal&) { return failure(status::deadline, 1); };
    const auto ragged = [](const proposal& what) { // as many objectives as it likes
        outcome made;
        made.values.assign(static_cast<std::size_t>(what.id % 4), 1.0);
        return made;
    };
    const auto stays = [&](const named& one, std::size_t count, const auto& evaluate) {
        const std::vector<trial> told = drive(one.searcher, over, 1, count, evaluate);
        CHECK(told.size() == count);
        CHECK(std::all_of(told.begin(), told.end(), [&](const trial& t) {
            return over.contains(t.proposal.at);
        }));
    };
    for (const named& one : all_searchers()) {
        CAPTURE(one.name);
        const bool slow = one.name.starts_with("hebo") && !in_full();
        const std::size_t many = !slow ? 1000 : one.name == "hebo warped" ? 30 : 80;
        const std::size_t some = in_full() ? many : std::min<std::size_t>(many, 200);
        stays(one, many, spike);
        stays(one, some, hostile);
        stays(one, some, constant);
        stays(one, some, nan);
        stays(one, some, failed);
        stays(one, some, ragged);
    }
}

TEST_CASE("searchers: a thousand trials in two hundred parameters") {
    space over;
    for (int i = 0; i < 200; ++i) {
        over.real("x" + std::to_string(i), 0, 1);
    }
    for (const named& one : all_searchers()) {
        CAPTURE(one.name);
        const bool slow = one.name.starts_with("hebo");
        const std::size_t count = in_full() ? 1000 : slow ? 12 : 60;
        const auto told = drive(one.searcher, over, 1, count, [](const proposal& what) {
            return what.id % 5 == 3 ? failure(status::nan, 1) : of(what.at["x7"] - what.at["x8"]);
        });
        CHECK(told.size() == count);
        CHECK(std::all_of(told.begin(), told.end(), [&](const trial& t) {
            return over.contains(t.proposal.at);
        }));
    }
}

TEST_CASE("searchers: a space of three points is searched without end, or to its end") {
    space over;
    over.categorical("a", {"x", "y", "z"}).real("fixed", 1, 1);
    for (const named& one : all_searchers()) {
        CAPTURE(one.name);
        const auto told = drive(one.searcher, over, 1, 60, [](const proposal& what) {
            return of(what.at.raw()[0]);
        });
        CHECK(told.size() == (one.name == "grid" ? 3 : 60));
        std::vector<bool> met(3);
        for (const trial& t : told) {
            met[static_cast<std::size_t>(t.proposal.at.raw()[0])] = true;
        }
        CHECK(met == std::vector<bool>(3, true));
    }
}

TEST_CASE("searchers: suggested points come first") {
    const space over = known_optimum();
    random_stream stream(1, 0, purpose::search);
    const std::vector<point> known{over.sample(stream), over.sample(stream), over.sample(stream)};
    for (named& one : all_searchers()) {
        CAPTURE(one.name);
        one.searcher.start(over, 4);
        CHECK(one.searcher.suggest(known));
        for (const point& p : known) {
            trial done;
            done.proposal = *one.searcher.ask();
            CHECK(done.proposal.at == p);
            done.outcome = of(1);
            one.searcher.tell(done);
        }
    }
}

TEST_CASE("searchers: those that learn beat random search on a known optimum") {
    constexpr std::uint64_t seeds = 20;
    std::vector<double> random;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        random.push_back(best_after(random_search{}, seed, 50));
    }
    for (const named& one : all_searchers()) {
        if (!one.learns) {
            continue;
        }
        std::vector<double> best;
        for (std::uint64_t seed = 0; seed < seeds; ++seed) {
            best.push_back(best_after(one.searcher, seed, 50));
        }
        CAPTURE(one.name);
        CHECK(mann_whitney(best, random, alternative::less).p < 0.01);
    }
}

} // namespace search_searchers_tests
