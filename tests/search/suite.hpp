// SPDX-License-Identifier: MIT
/// What holds for every searcher: instantiated once per searcher.
#pragma once

#include <cmath>
#include <deque>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/searcher.hpp>

namespace searcher_suite {

using namespace mend;

inline space mixed_space() {
    space s;
    s.real("x", -5, 10)
        .real("lr", 1e-6, 10, log_scale)
        .integer("n", 1, 9)
        .categorical("act", {"relu", "tanh", "elu"})
        .real("slope", 0, 1)
        .only_if("act", {"elu"})
        .ordinal("batch", {16, 32, 64})
        .boolean("bias");
    s.default_point(s.make_point(
        {{"x", 3}, {"lr", 0.01}, {"n", 2}, {"act", "relu"}, {"batch", 32}, {"bias", true}}
    ));
    return s;
}

inline double bowl(const point& p) {
    return std::abs(p["x"] - 1) + std::abs(std::log10(p["lr"]) + 3) + (p["act"] == "elu" ? 0 : 1);
}

/// Every outcome that an objective may have.
inline outcome hostile(const proposal& what) {
    outcome made;
    switch (what.id % 6) {
    case 0:
        return failure(status::nan, 1);
    case 1:
        made.values = {1e300};
        return made;
    case 2:
        return failure(status::unbuildable, 0.01);
    case 3:
        made.values = {std::numeric_limits<double>::infinity()};
        return made;
    default:
        made.values = {bowl(what.at)};
        return made;
    }
}

/// Asks and tells as a study does, with as many open as the searcher lets be open, up to `width`.
template <class Searcher, class Evaluate>
std::vector<trial>
drive(Searcher s, const space& over, std::uint64_t seed, std::size_t count, Evaluate evaluate) {
    s.start(over, seed);
    std::deque<proposal> open;
    std::vector<trial> told;
    while (told.size() < count) {
        while (static_cast<int>(open.size()) < width_of(s)) {
            auto next = s.ask();
            if (!next) {
                break;
            }
            open.push_back(*next);
        }
        if (open.empty()) {
            break;
        }
        trial done;
        done.proposal = open.front();
        done.outcome = evaluate(open.front());
        open.pop_front();
        s.tell(done);
        told.push_back(done);
    }
    return told;
}

inline outcome good(const proposal& what) {
    outcome made;
    made.values = {bowl(what.at)};
    return made;
}

template <class Searcher>
void check_searcher(const Searcher& fresh) {
    const space over = mixed_space();

    SUBCASE("stays in the space, keeps conditions, counts its proposals") {
        const auto told = drive(fresh, over, 5, 200, hostile);
        REQUIRE(told.size() == 200);
        for (std::size_t i = 0; i < told.size(); ++i) {
            REQUIRE(over.contains(told[i].proposal.at));
            REQUIRE(told[i].proposal.id == static_cast<std::int64_t>(i));
            REQUIRE(told[i].proposal.fidelity > 0);
            REQUIRE(told[i].proposal.fidelity <= 1);
        }
    }
    SUBCASE("begins with the default point") {
        CHECK(drive(fresh, over, 5, 1, good).front().proposal.at == *over.default_point());
    }
    SUBCASE("proposes the same for the same seed, another for another") {
        const auto one = drive(fresh, over, 5, 60, good);
        CHECK(one == drive(fresh, over, 5, 60, good));
        CHECK(one != drive(fresh, over, 6, 60, good));
    }
    SUBCASE("start forgets what was before") {
        Searcher used = fresh;
        used.start(over, 9);
        static_cast<void>(used.ask());
        CHECK(drive(used, over, 5, 40, good) == drive(fresh, over, 5, 40, good));
    }
    SUBCASE("is the same behind the erased type") {
        CHECK(
            drive(any_searcher(fresh), over, 5, 40, hostile) == drive(fresh, over, 5, 40, hostile)
        );
    }
    SUBCASE("goes on when every trial fails") {
        const auto told =
            drive(fresh, over, 5, 100, [](const proposal&) { return failure(status::nan, 1); });
        CHECK(told.size() == 100);
    }
    SUBCASE("copes with parameters of one value and with two hundred of them") {
        space narrow;
        narrow.real("x", 2, 2).categorical("a", {"only"}).integer("n", 3, 3);
        for (const trial& t :
             drive(fresh, narrow, 5, 30, [](const proposal&) { return outcome{{1.0}}; })) {
            REQUIRE(narrow.contains(t.proposal.at));
        }
        space wide;
        for (int i = 0; i < 200; ++i) {
            wide.real("x" + std::to_string(i), 0, 1);
        }
        for (const trial& t : drive(fresh, wide, 5, 30, [](const proposal& what) {
                 return outcome{{what.at["x7"]}};
             })) {
            REQUIRE(wide.contains(t.proposal.at));
        }
    }
}

} // namespace searcher_suite
