// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/grid.hpp>
#include <mend/search/halving.hpp>
#include <mend/search/tpe.hpp>

#include "suite.hpp"

namespace search_halving_tests {

using namespace mend;
using searcher_suite::drive;
using searcher_suite::good;
using searcher_suite::mixed_space;

namespace {

/// Remembers what it is told; proposes at random.
struct listener {
    void start(const space& over, std::uint64_t seed) {
        inner.start(over, seed);
        told.clear();
        updated.clear();
    }

    std::optional<proposal> ask() { return inner.ask(); }

    void tell(const trial& done) { told.push_back(done); }

    void update(const trial& done) { updated.push_back(done); }

    [[nodiscard]] int width() const { return 3; }

    random_search inner{};
    std::vector<trial> told{};
    std::vector<trial> updated{};
};

} // namespace

TEST_CASE("hyperband: is a searcher, synchronous or not, over any other") {
    searcher_suite::check_searcher(hyperband{});
    searcher_suite::check_searcher(hyperband{{.eta = 2, .width = 5}, tpe{}});
    searcher_suite::check_searcher(hyperband{{.mode = halving_mode::asynchronous}});
    searcher_suite::check_searcher(successive_halving{
        {.min_fidelity = 1.0 / 9}, any_searcher(tpe{{.width = 2}})});
}

TEST_CASE("hyperband: a promoted trial is the same point at the next fidelity") {
    const auto told = drive(hyperband{{.min_fidelity = 1.0 / 9}}, mixed_space(), 3, 60, good);
    int promoted = 0;
    for (const trial& t : told) {
        if (t.proposal.continues == proposal::none) {
            continue;
        }
        const trial& before = told[static_cast<std::size_t>(t.proposal.continues)];
        CHECK(before.proposal.id < t.proposal.id);
        CHECK(before.proposal.at == t.proposal.at);
        CHECK(t.proposal.fidelity == doctest::Approx(3 * before.proposal.fidelity));
        ++promoted;
    }
    CHECK(promoted == 15); // 4 + 1 + 0 in each of three cycles of 20
}

TEST_CASE("hyperband: what independent runs may be open at once changes nothing") {
    // drive() opens as many as the width says, here the runs of a rung; one by one must be the same
    hyperband h{{.min_fidelity = 1.0 / 27}};
    const space over = mixed_space();
    const auto wide = drive(h, over, 3, 120, good);
    h.start(over, 3);
    CHECK(h.width() >= 1);
    int most = 0;
    for (const trial& t : wide) {
        most = std::max(most, h.width());
        const auto next = h.ask();
        REQUIRE(next.has_value());
        REQUIRE(*next == t.proposal);
        h.tell(t);
    }
    h.start(over, 3);
    int open = 0;
    while (open < h.width() && h.ask()) {
        ++open;
    }
    CHECK(open == 16); // of 27: as many as random search lets be open
}

TEST_CASE("hyperband: a width of its own begins the next bracket early") {
    hyperband h{{.min_fidelity = 1.0 / 9, .width = 16}};
    h.start(mixed_space(), 3);
    std::vector<double> fidelities;
    for (int i = 0; i < 16; ++i) {
        fidelities.push_back(h.ask()->fidelity);
    }
    CHECK(fidelities[8] == doctest::Approx(1.0 / 9));
    CHECK(fidelities[9] == doctest::Approx(1.0 / 3));
    CHECK(fidelities[12] == 1);
    CHECK(fidelities[15] == doctest::Approx(1.0 / 9));
}

TEST_CASE("hyperband: the searcher within is told each configuration once, and updates") {
    hyperband h{{.min_fidelity = 1.0 / 9, .brackets = 3}, listener{}};
    const space over = mixed_space();
    h.start(over, 3);
    std::vector<proposal> open;
    std::size_t told = 0;
    std::size_t most = 0;
    for (;;) {
        while (static_cast<int>(open.size() - told) < h.width()) {
            const auto next = h.ask();
            if (!next) {
                break;
            }
            open.push_back(*next);
        }
        if (told == open.size()) {
            break;
        }
        most = std::max(most, open.size() - told);
        trial done;
        done.proposal = open[told++];
        done.outcome = good(done.proposal);
        h.tell(done);
    }
    CHECK(open.size() == 20);
    CHECK(most == 3);
    REQUIRE(h.inner().told.size() == 15);
    for (std::size_t i = 0; i < 15; ++i) {
        CHECK(h.inner().told[i].proposal.id == static_cast<std::int64_t>(i));
    }
    REQUIRE(h.inner().updated.size() == 5);
    for (const trial& t : h.inner().updated) {
        const trial& first = h.inner().told[static_cast<std::size_t>(t.proposal.id)];
        CHECK(first.proposal.at == t.proposal.at);
        CHECK(first.proposal.fidelity < t.proposal.fidelity);
    }
}

TEST_CASE("hyperband: goes on to the end when the searcher within has no more") {
    space over;
    over.integer("n", 1, 5);
    const auto told =
        drive(hyperband{{.min_fidelity = 1.0 / 9}, grid{}}, over, 1, 100, [](const proposal& what) {
            outcome made;
            made.values = {std::abs(what.at["n"] - 4)};
            return made;
        });
    REQUIRE(told.size() == 9); // 5, then 3 and 1 of the bracket of 9
    CHECK(told.back().proposal.fidelity == 1);
    CHECK(told.back().proposal.at["n"] == 4.0);
}

TEST_CASE("successive_halving: the same bracket again and again, of as many as asked for") {
    const auto fidelities = [](const auto& s, std::size_t count) {
        std::vector<double> all;
        for (const trial& t : drive(s, mixed_space(), 1, count, good)) {
            all.push_back(std::round(9 * t.proposal.fidelity));
        }
        return all;
    };
    const std::vector<double> four{1, 1, 1, 1, 3, 9, 1, 1, 1, 1, 3, 9};
    CHECK(
        fidelities(successive_halving{{.min_fidelity = 1.0 / 9, .configurations = 4}}, 12) == four
    );
    CHECK(fidelities(successive_halving{{.min_fidelity = 1.0 / 9}}, 13).back() == 9);
    CHECK(
        fidelities(successive_halving{{.min_fidelity = 1.0 / 9, .brackets = 2}}, 100).size() == 26
    );
}

TEST_CASE("any_searcher: forwards updates") {
    const space over = mixed_space();
    const hyperband plain{{.min_fidelity = 1.0 / 9}, tpe{}};
    const hyperband erased{{.min_fidelity = 1.0 / 9}, any_searcher(tpe{})};
    CHECK(drive(plain, over, 3, 80, good) == drive(erased, over, 3, 80, good));
    any_searcher deaf = random_search{};
    CHECK_FALSE(update_to(deaf, trial{}));
}

} // namespace search_halving_tests
