// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/tpe.hpp>

#include "suite.hpp"

namespace search_tpe_tests {

using namespace mend;
using searcher_suite::drive;

namespace {

outcome of(double value) {
    outcome made;
    made.values = {value};
    return made;
}

} // namespace

TEST_CASE("tpe: is a searcher, also of one parameter at a time") {
    searcher_suite::check_searcher(tpe{});
    searcher_suite::check_searcher(tpe{{.startup = 4, .multivariate = false, .width = 3}});
}

TEST_CASE("tpe: how many trials are good") {
    // Optuna: min(ceil(0.1 n), 25)
    const std::vector<std::pair<std::size_t, std::size_t>> expected{
        {0, 0}, {1, 1}, {10, 1}, {11, 2}, {20, 2}, {30, 3}, {100, 10}, {250, 25}, {1000, 25}};
    for (const auto& [n, good] : expected) {
        CHECK(tpe_good_count(n, 0.1, 25) == good);
    }
}

TEST_CASE("tpe: the start is open at once and asks the same as one by one") {
    const space over = searcher_suite::mixed_space();
    tpe s{{.startup = 8}};
    s.start(over, 3);
    CHECK(s.width() == 8);
    // drive() fills the width; an outer one of a single trial must see the same proposals
    const auto wide = drive(tpe{{.startup = 8}}, over, 3, 30, searcher_suite::good);
    s.start(over, 3);
    for (const trial& t : wide) {
        const auto next = s.ask();
        REQUIRE(next.has_value());
        CHECK(*next == t.proposal);
        s.tell(t);
    }
    CHECK(s.width() == 1);
}

TEST_CASE("tpe: closes in on the values that are good, of every kind") {
    space over;
    over.real("x", -10, 10)
        .integer("n", 1, 1000, log_scale)
        .categorical("a", {"u", "v", "w", "x", "y"})
        .ordinal("level", {1, 2, 4, 8, 16, 32})
        .boolean("flag");
    const auto told = drive(tpe{}, over, 1, 150, [](const proposal& what) {
        const point& p = what.at;
        return of(
            std::abs(p["x"] - 3) / 4 + std::abs(std::log(p["n"] / 50)) + (p["a"] == "w" ? 0 : 1) +
            std::abs(std::log2(p["level"]) - 3) / 2 + (p["flag"] == "true" ? 0 : 1)
        );
    });
    int near = 0;
    for (std::size_t i = 100; i < 150; ++i) {
        const point& p = told[i].proposal.at;
        near += std::abs(p["x"] - 3) < 2 && p["n"] > 15 && p["n"] < 170 && p["a"] == "w" &&
                        p["flag"] == "true"
                    ? 1
                    : 0;
    }
    CHECK(near > 10); // at random: 0.4
}

TEST_CASE("tpe: learns what matters on one side of a condition alone") {
    space over;
    over.categorical("kind", {"flat", "steep"}).real("x", 0, 1).only_if("kind", {"steep"});
    over.real("y", 0, 1).only_if("kind", {"flat"});
    const auto told = drive(tpe{}, over, 4, 80, [](const proposal& what) {
        const point& p = what.at;
        return of(p["kind"] == "steep" ? std::abs(p["x"] - 0.3) : 0.5 + p["y"]);
    });
    int near = 0;
    for (std::size_t i = 50; i < 80; ++i) {
        const point_value x = told[i].proposal.at["x"];
        near += x.exists() && std::abs(x - 0.3) < 0.1 ? 1 : 0;
    }
    CHECK(near > 20);
}

TEST_CASE("tpe: does not repeat itself while there is something new") {
    space over;
    over.integer("n", 1, 6).categorical("a", {"u", "v", "w"}).boolean("flag");
    const auto told = drive(tpe{}, over, 4, 30, [](const proposal& what) {
        return of(what.at["n"] + (what.at["a"] == "u" ? 0 : 2));
    });
    int repeated = 0;
    for (std::size_t i = 0; i < told.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            repeated += told[i].proposal.at == told[j].proposal.at ? 1 : 0;
        }
    }
    CHECK(repeated == 0);
}

TEST_CASE("tpe: a result of higher fidelity goes before all of lower ones") {
    space over;
    over.real("x", 0, 1);
    const auto ask_after = [&](bool updated) {
        tpe s{{.startup = 10}};
        s.start(over, 1);
        std::vector<trial> told;
        for (int i = 0; i < 10; ++i) {
            trial t;
            t.proposal = *s.ask();
            t.proposal.fidelity = 0.25;
            t.outcome = of(t.proposal.at["x"]);
            told.push_back(t);
            s.tell(t);
        }
        // the worst at low fidelity is the only one known at full fidelity
        trial worst =
            *std::max_element(told.begin(), told.end(), [](const trial& a, const trial& b) {
                return a.value() < b.value();
            });
        worst.proposal.fidelity = 1;
        if (updated) {
            s.update(worst);
        }
        return double(s.ask()->at["x"]);
    };
    CHECK(ask_after(false) < 0.5);
    CHECK(ask_after(true) > 0.5);
}

TEST_CASE("tpe: of two objectives it approaches the front") {
    space over;
    over.real("x", 0, 1).real("y", 0, 1);
    const auto told = drive(tpe{}, over, 2, 100, [](const proposal& what) {
        const double x = what.at["x"];
        const double away = std::abs(what.at["y"] - 0.5);
        outcome made;
        made.values = {x + away, 1 - x + away};
        return made;
    });
    double away = 0;
    for (std::size_t i = 60; i < 100; ++i) {
        away += std::abs(told[i].proposal.at["y"] - 0.5) / 40;
    }
    CHECK(away < 0.12); // at random: 0.25
}

} // namespace search_tpe_tests
