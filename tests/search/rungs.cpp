// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/rungs.hpp>

namespace search_rungs_tests {

using namespace mend;

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

struct run_record {
    detail::halving_run what;
    double from = 0;
    double to = 0;
};

detail::told_point result(std::int64_t id, double value, double fidelity) {
    trial done;
    done.proposal.id = id;
    done.proposal.fidelity = fidelity;
    done.outcome.values = {value};
    return detail::told_point(done);
}

/// Workers that take a run whenever they are free; a run lasts as long as its budget, and results
/// are told in the order in which runs began. Ends when nothing is left to do.
template <class Brackets, class Loss>
std::vector<run_record> work(Brackets brackets, std::size_t workers, std::size_t most, Loss loss) {
    std::vector<run_record> runs;
    std::size_t told = 0;
    double now = 0;
    for (;;) {
        while (told < runs.size() && runs[told].to <= now) {
            const auto id = static_cast<std::int64_t>(told);
            brackets.tell(result(id, loss(runs[told].what, id), runs[told].what.budget));
            ++told;
        }
        const auto busy = static_cast<std::size_t>(
            std::count_if(runs.begin(), runs.end(), [&](const run_record& r) { return r.to > now; })
        );
        std::optional<detail::halving_run> next;
        if (busy < workers && runs.size() < most && (next = brackets.next(true))) {
            brackets.begin(*next);
            runs.push_back({*next, now, now + next->budget});
            continue;
        }
        double soonest = std::numeric_limits<double>::infinity();
        for (const run_record& r : runs) {
            soonest = r.to > now ? std::min(soonest, r.to) : soonest;
        }
        if (std::isinf(soonest)) {
            return runs;
        }
        now = soonest;
    }
}

detail::synchronous_brackets to_nine(std::int64_t brackets) {
    return detail::synchronous_brackets(hyperband_brackets(3, 1, 9), brackets);
}

} // namespace

TEST_CASE("brackets: the best of a rung go on in the order in which they came") {
    const std::vector<double> losses{5, 1, 4, 2, 3, 0, 9, 8, 7};
    const auto runs =
        work(to_nine(1), 1, 100, [&](const detail::halving_run& what, std::int64_t id) {
            return what.rung == 0 ? losses[static_cast<std::size_t>(id)] : 0.0;
        });
    REQUIRE(runs.size() == 13);
    CHECK(runs[9].what.continues == 1);
    CHECK(runs[10].what.continues == 3);
    CHECK(runs[11].what.continues == 5);
    CHECK(runs[12].what.continues == 9); // ties: the earlier
    CHECK(runs[12].what.budget == 9);
}

TEST_CASE("brackets: NaN and infinite losses are never promoted") {
    const std::vector<double> losses{nothing, 1, -INFINITY, 2, INFINITY, 0, nothing, 8, 7};
    const auto runs =
        work(to_nine(1), 1, 100, [&](const detail::halving_run& what, std::int64_t id) {
            return what.rung == 0 ? losses[static_cast<std::size_t>(id)] : 0.0;
        });
    CHECK(runs[9].what.continues == 1);
    CHECK(runs[10].what.continues == 3);
    CHECK(runs[11].what.continues == 5);
}

TEST_CASE("brackets: one worker goes bracket by bracket, rung by rung") {
    const auto runs = work(to_nine(3), 1, 100, [](const detail::halving_run&, std::int64_t id) {
        return double(id);
    });
    REQUIRE(runs.size() == 20);
    std::vector<double> budgets;
    for (const run_record& r : runs) {
        budgets.push_back(r.what.budget);
    }
    const std::vector<double> expected{1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 9, 3, 3, 3, 9, 9, 9, 9};
    CHECK(budgets == expected);
    CHECK(runs.back().to == 72);
}

TEST_CASE("brackets: four workers begin the next bracket early and older ones go first") {
    // the trace of HpBandSter with run times equal to budgets
    const auto runs = work(to_nine(3), 4, 100, [](const detail::halving_run&, std::int64_t id) {
        return double(id);
    });
    REQUIRE(runs.size() == 20);
    const auto starts = [&](std::size_t bracket, double budget) {
        std::vector<double> all;
        for (const run_record& r : runs) {
            if (r.what.bracket == bracket && r.what.budget == budget) {
                all.push_back(r.from);
            }
        }
        return all;
    };
    CHECK(starts(0, 1) == std::vector<double>{0, 0, 0, 0, 1, 1, 1, 1, 2});
    CHECK(starts(1, 3) == std::vector<double>{2, 2, 2});
    CHECK(starts(0, 3) == std::vector<double>{3, 5, 5});
    CHECK(starts(0, 9) == std::vector<double>{8});
    CHECK(starts(2, 9).front() == 6);
    double last = 0;
    for (const run_record& r : runs) {
        last = std::max(last, r.to);
    }
    CHECK(last == 23);
}

TEST_CASE("brackets: no worker is idle while there is something to run") {
    for (const std::size_t workers : {1U, 2U, 3U, 7U, 20U}) {
        const auto runs =
            work(to_nine(0), workers, 200, [](const detail::halving_run&, std::int64_t id) {
                return id % 5 == 0 ? nothing : double(id * 7 % 31);
            });
        REQUIRE(runs.size() == 200);
        const double last = runs.back().from; // none waits as long as a new bracket may begin
        for (double now = 0.5; now < last; ++now) {
            std::size_t busy = 0;
            for (const run_record& r : runs) {
                busy += r.from <= now && now < r.to ? 1 : 0;
            }
            REQUIRE(busy == workers);
        }
    }
}

TEST_CASE("brackets: places of crashed runs are filled with new configurations") {
    // seven of nine crash: two go on, one begins at the next budget
    const auto runs =
        work(to_nine(1), 1, 100, [](const detail::halving_run& what, std::int64_t id) {
            return what.rung == 0 && id != 3 && id != 6 ? nothing : 1.0;
        });
    REQUIRE(runs.size() == 13);
    CHECK(runs[9].what.continues == 3);
    CHECK(runs[10].what.continues == 6);
    CHECK(runs[11].what.is_new());
    CHECK(runs[11].what.budget == 3);
    CHECK(runs[12].what.continues == 9);
    const auto failures =
        work(to_nine(3), 2, 100, [](const detail::halving_run&, std::int64_t) { return nothing; });
    CHECK(failures.size() == 20); // nothing is ever promoted, the counts stay
    for (const run_record& r : failures) {
        CHECK(r.what.is_new());
    }
}

TEST_CASE("brackets: without new configurations the open brackets are brought to their end") {
    detail::synchronous_brackets brackets = to_nine(0);
    for (std::int64_t id = 0; id < 5; ++id) {
        brackets.begin(*brackets.next(true));
    }
    CHECK_FALSE(brackets.next(false).has_value());
    for (std::int64_t id = 0; id < 5; ++id) {
        brackets.tell(result(id, double(id), 1));
    }
    brackets.exhaust();
    std::vector<double> budgets;
    for (std::int64_t id = 5; const auto next = brackets.next(false); ++id) {
        brackets.begin(*next);
        brackets.tell(result(id, double(id), next->budget));
        budgets.push_back(next->budget);
    }
    CHECK(budgets == std::vector<double>{3, 3, 3, 9});
}

TEST_CASE("asynchronous brackets: promotes the best third as soon as there is one") {
    const std::vector<double> losses{5, 1, 4, 0, 3, 2, 9, 8, 7};
    detail::asynchronous_brackets brackets({hyperband_brackets(3, 1, 9).front()}, 3);
    std::vector<std::int64_t> continued;
    for (std::int64_t id = 0; id < 16; ++id) {
        const auto next = brackets.next(true);
        REQUIRE(next.has_value());
        brackets.begin(*next);
        continued.push_back(next->continues);
        const double loss = next->is_new() ? losses[static_cast<std::size_t>(id) % 9] : double(id);
        brackets.tell(result(id, loss, next->budget));
    }
    CHECK(continued[0] == proposal::none);
    CHECK(continued[3] == 1); // of three told, trial 1 is the best
    std::vector<std::int64_t> promoted;
    std::copy_if(
        continued.begin(),
        continued.end(),
        std::back_inserter(promoted),
        [](std::int64_t from) { return from != proposal::none; }
    );
    CHECK(promoted.size() >= 4);
    std::sort(promoted.begin(), promoted.end());
    CHECK(std::adjacent_find(promoted.begin(), promoted.end()) == promoted.end());
}

TEST_CASE("asynchronous brackets: keeps the shares of new configurations, whatever fails") {
    detail::asynchronous_brackets brackets(hyperband_brackets(3, 1, 9), 3);
    std::vector<double> begun(3);
    for (std::int64_t id = 0; id < 1500; ++id) {
        const auto next = brackets.next(true);
        REQUIRE(next.has_value());
        brackets.begin(*next);
        begun[next->bracket] += next->is_new() ? 1 : 0;
        brackets.tell(result(id, id % 3 == 0 ? nothing : double(id * 37 % 101), next->budget));
    }
    CHECK(begun[0] / begun[1] == doctest::Approx(3).epsilon(0.02));
    CHECK(begun[1] / begun[2] == doctest::Approx(1).epsilon(0.02));
}

} // namespace search_rungs_tests
