// SPDX-License-Identifier: MIT
#include <atomic>
#include <chrono>
#include <cmath>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/random.hpp>
#include <mend/study/study.hpp>

namespace study_study_tests {

using namespace mend;

namespace {

space plane() {
    space s;
    s.real("x", -5, 10).categorical("act", {"relu", "tanh"});
    s.default_point(s.make_point({{"x", 9}, {"act", "tanh"}}));
    return s;
}

/// Depends on the proposal alone; takes a time that does not follow the order of ids. Some trials
/// fail, all have a cost of their own.
struct uneven_objective {
    std::atomic<int>* calls = nullptr;
    double pace = 300; ///< microseconds at most

    outcome operator()(const proposal& what, const evaluation_context&) const {
        random_stream stream(what.seed, 0, purpose::generator);
        const double u = stream.uniform();
        if (calls) {
            ++*calls;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(static_cast<int>(u * pace)));
        if (u < 0.2) {
            return failure(u < 0.1 ? status::nan : status::unbuildable, u < 0.1 ? 0.3 : 0);
        }
        outcome made = value_outcome(what.at["x"] * what.at["x"] + u, 0.1 + u);
        made.curve = {{{u, 1 - u}, {}}};
        made.attributes = {{"patch", "learning_rate"}};
        return made;
    }
};

/// Proposes next to the best told so far: what it asks depends on what it was told.
struct climbing_search {
    space over{};
    std::uint64_t seed = 0;
    std::int64_t next = 0;
    std::int64_t told = 0;
    int open = 4;
    trial best{};

    void start(const space& s, std::uint64_t from) {
        *this = {.over = s, .seed = from, .open = open};
    }

    std::optional<proposal> ask() {
        proposal made;
        made.id = next++;
        random_stream stream(seed, static_cast<std::uint64_t>(made.id), purpose::search);
        made.at = over.sample(stream);
        if (best.completed()) {
            auto raw = made.at.raw();
            raw[0] = 0.5 * raw[0] + 0.5 * best.proposal.at.raw()[0];
            made.at = over.make_point(raw);
        }
        return made;
    }

    void tell(const trial& t) {
        REQUIRE(t.proposal.id == told++);
        best = t.value() < best.value() ? t : best;
    }

    [[nodiscard]] int width() const { return open; }
};

static_assert(searcher<climbing_search>);

/// Must not be called by two threads at once, and says so.
struct touchy_objective {
    static constexpr bool thread_safe = false;

    std::atomic<int>* inside;

    outcome operator()(const proposal&, const evaluation_context&) const {
        CHECK(++*inside == 1);
        std::this_thread::sleep_for(std::chrono::microseconds(100));
        --*inside;
        return value_outcome(1);
    }
};

/// Everything of a study but its times.
std::vector<trial> timeless(std::vector<trial> told) {
    for (trial& t : told) {
        t.seconds = 0;
    }
    return told;
}

} // namespace

TEST_CASE("study: the same told sequence for 1, 2 and 8 jobs, failures included") {
    for (const any_searcher& search :
         {any_searcher(random_search{}), any_searcher(climbing_search{})}) {
        const auto one =
            run_study(search, uneven_objective{}, plane(), trainings(40), {.jobs = 1, .seed = 3});
        CHECK(one.end == study_end::budget);
        CHECK(one.trials.size() > 40);
        for (const int jobs : {2, 8}) {
            const auto many = run_study(
                search, uneven_objective{}, plane(), trainings(40), {.jobs = jobs, .seed = 3}
            );
            CHECK(timeless(many.trials) == timeless(one.trials));
            CHECK(many.cost == one.cost);
            CHECK(many.best == one.best);
        }
    }
}

TEST_CASE("study: an adaptive searcher is told in order and asked after each tell") {
    const auto done = run_study(
        climbing_search{}, uneven_objective{}, plane(), trials(100), {.jobs = 4, .seed = 3}
    );
    REQUIRE(done.best.has_value());
    CHECK(done.trials.size() == 100);
    CHECK(done.trials[*done.best].value() < 1);
    CHECK(find_best(done.trials) == done.best);
}

TEST_CASE("study: seeds of trials follow from the study's and the id alone") {
    const auto done =
        run_study(random_search{}, uneven_objective{}, plane(), trials(20), {.seed = 3});
    std::set<std::uint64_t> seeds;
    for (const trial& t : done.trials) {
        CHECK(
            t.proposal.seed ==
            derived_seed(3, purpose::trial, static_cast<std::uint64_t>(t.proposal.id))
        );
        seeds.insert(t.proposal.seed);
    }
    CHECK(seeds.size() == 20);
}

TEST_CASE("study: a trial that carries on another keeps its seed") {
    struct promoting_search : climbing_search {
        std::optional<proposal> ask() {
            auto made = climbing_search::ask();
            made->fidelity = made->id < 4 ? 0.25 : 1;
            made->continues = made->id < 8 ? proposal::none : made->id - 8;
            return made;
        }
    };

    const auto done =
        run_study(promoting_search{}, uneven_objective{}, plane(), trials(12), {.jobs = 2});
    CHECK(done.trials[8].proposal.seed == done.trials[0].proposal.seed);
    CHECK(done.trials[7].proposal.seed != done.trials[0].proposal.seed);
}

TEST_CASE("study: a trial paired with another shares its seed") {
    struct pairing_search : climbing_search {
        std::optional<proposal> ask() {
            auto made = climbing_search::ask();
            made->pairs_with = made->id < 8 ? proposal::none : 0;
            return made;
        }
    };

    const auto done =
        run_study(pairing_search{}, uneven_objective{}, plane(), trials(10), {.jobs = 2});
    CHECK(done.trials[8].proposal.seed == done.trials[0].proposal.seed);
    CHECK(done.trials[9].proposal.seed == done.trials[0].proposal.seed);
    CHECK(done.trials[7].proposal.seed != done.trials[0].proposal.seed);
}

TEST_CASE("study: what a searcher prunes is told, what it recommends is the result") {
    struct pruning_search : climbing_search {
        bool prune(const proposal& what, const outcome& so_far) const {
            return what.id == 1 && so_far.cost > 0.2;
        }

        std::optional<std::int64_t> recommend() const { return 2; }
    };

    const auto evaluate = [](const proposal& what, const evaluation_context& context) {
        outcome so_far;
        so_far.values = {static_cast<double>(what.id)};
        so_far.cost = 0.5;
        return context.should_prune(what, so_far) ? failure(status::stopped, so_far.cost) : so_far;
    };
    for (const int jobs : {1, 2}) {
        const study_result done = run_study(
            pruning_search{}, any_objective(evaluate), plane(), trials(4), {.jobs = jobs}
        );
        REQUIRE(done.trials.size() == 4);
        CHECK(done.trials[1].outcome.status == status::stopped);
        CHECK(done.trials[1].outcome.cost == 0.5);
        CHECK(done.trials[2].completed());
        CHECK(done.best == 2);
    }
}

TEST_CASE("study: what is told costs no more than the budget, and the next trial would have") {
    const auto longer =
        run_study(random_search{}, uneven_objective{}, plane(), trainings(20), {.seed = 1});
    for (const int jobs : {1, 3}) {
        const auto done = run_study(
            random_search{}, uneven_objective{}, plane(), trainings(10), {.jobs = jobs, .seed = 1}
        );
        CHECK(done.end == study_end::budget);
        double cost = 0;
        for (const trial& t : done.trials) {
            CHECK(t.outcome.cost >= minimum_trial_cost);
            cost += t.outcome.cost;
        }
        CHECK(cost == done.cost);
        CHECK(cost <= 10);
        REQUIRE(done.trials.size() < longer.trials.size());
        CHECK(cost + longer.trials[done.trials.size()].outcome.cost > 10);
        const std::vector<trial> prefix(
            longer.trials.begin(),
            longer.trials.begin() + static_cast<std::ptrdiff_t>(done.trials.size())
        );
        CHECK(timeless(done.trials) == timeless(prefix));
    }
}

TEST_CASE("study: a sum of costs that is the budget but for rounding fits") {
    const auto tenth = [](const proposal&, const evaluation_context&) {
        return value_outcome(1, 0.1);
    };
    const auto done = run_study(random_search{}, tenth, plane(), trainings(3), {.jobs = 2});
    CHECK(done.trials.size() == 30);
    CHECK(done.end == study_end::budget);
}

TEST_CASE("study: trial 0 is told whatever it costs") {
    const auto costly = [](const proposal&, const evaluation_context& context) {
        CHECK_FALSE(context.exceeds_budget(50));
        return value_outcome(1, 50);
    };
    const auto done = run_study(random_search{}, costly, plane(), trainings(0.5));
    CHECK(done.trials.size() == 1);
    CHECK(done.cost == 50);
}

TEST_CASE("study: a trial that sees itself exceed the budget may give up") {
    // Costs grow while a trial runs; trial 4 would cost 1000.
    const auto growing = [](const proposal& what, const evaluation_context& context) {
        double cost = 0;
        while (cost < (what.id == 4 ? 1000 : 1)) {
            cost += 0.25;
            if (context.exceeds_budget(cost)) {
                return failure(status::stopped, cost);
            }
            std::this_thread::sleep_for(std::chrono::microseconds(100));
        }
        return value_outcome(what.at["x"], cost);
    };
    for (const int jobs : {1, 2, 8}) {
        const auto done =
            run_study(random_search{}, growing, plane(), trainings(10), {.jobs = jobs});
        CHECK(done.trials.size() == 4);
        CHECK(done.cost == 4);
        CHECK(done.end == study_end::budget);
        CHECK(done.seconds < 5);
    }
}

TEST_CASE("study: the smaller of two limits holds") {
    const auto few = run_study(
        random_search{}, uneven_objective{}, plane(), budget(trainings(10)) & trials(7), {.jobs = 2}
    );
    CHECK(few.trials.size() == 7);
    const auto none = run_study(random_search{}, uneven_objective{}, plane(), trials(0));
    CHECK(none.trials.empty());
}

TEST_CASE("study: little is evaluated beyond the budget") {
    std::atomic<int> calls{0};
    const auto by_count = run_study(
        random_search{}, uneven_objective{&calls}, plane(), trials(30), {.jobs = 2, .seed = 1}
    );
    CHECK(calls == 30);
    calls = 0;
    const auto by_cost = run_study(
        random_search{}, uneven_objective{&calls}, plane(), trainings(10), {.jobs = 2, .seed = 1}
    );
    CHECK(calls <= static_cast<int>(by_cost.trials.size()) + 16);
    // A first trial that spends everything: the one beside it is stopped, no other is begun.
    calls = 0;
    const auto spends = [&](const proposal& what, const evaluation_context& context) {
        ++calls;
        while (what.id > 0 && !context.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return what.id > 0 ? failure(status::stopped, 1) : value_outcome(1, 100);
    };
    const auto first = run_study(random_search{}, spends, plane(), trainings(10), {.jobs = 2});
    CHECK(first.trials.size() == 1);
    CHECK(calls <= 2);
}

TEST_CASE("study: a search over nothing but failures ends") {
    const auto fails = [](const proposal&, const evaluation_context&) {
        return failure(status::unbuildable, 0);
    };
    const auto done = run_study(random_search{}, fails, plane(), trainings(1), {.jobs = 2});
    CHECK(done.trials.size() == 100);
    CHECK_FALSE(done.best.has_value());
}

TEST_CASE("study: with seconds, what was told is a prefix of the unlimited run") {
    const auto slow = [](const proposal& what, const evaluation_context& context) {
        for (int i = 0; i < 10; ++i) {
            if (context.stop_requested()) {
                return failure(status::stopped, 0.5);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return value_outcome(what.at["x"]);
    };
    const auto whole =
        run_study(random_search{}, slow, plane(), trials(60), {.jobs = 8, .seed = 2});
    for (const int jobs : {1, 2}) {
        const auto part =
            run_study(random_search{}, slow, plane(), seconds(0.15), {.jobs = jobs, .seed = 2});
        CHECK(part.end == study_end::deadline);
        CHECK(part.seconds < 5);
        REQUIRE(part.trials.size() < whole.trials.size());
        const std::vector<trial> prefix(
            whole.trials.begin(),
            whole.trials.begin() + static_cast<std::ptrdiff_t>(part.trials.size())
        );
        CHECK(timeless(part.trials) == timeless(prefix));
    }
    const auto at_once = run_study(random_search{}, slow, plane(), seconds(0));
    CHECK(at_once.trials.empty());
    CHECK(at_once.end == study_end::deadline);
}

TEST_CASE("study: an interruption keeps all that was told and ends soon") {
    for (const int jobs : {1, 3}) {
        std::atomic<bool> interrupted{false};
        const auto endless = [&](const proposal& what, const evaluation_context& context) {
            if (what.id == 5) {
                interrupted = true; // as a signal handler would
            }
            while (what.id >= 5 && !context.stop_requested()) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            return what.id >= 5 ? failure(status::stopped, 0.1) : value_outcome(1);
        };
        std::vector<std::int64_t> journal;
        study_options options{.jobs = jobs, .interrupted = &interrupted};
        options.journal = [&](const trial& t) { journal.push_back(t.proposal.id); };
        const auto done = run_study(random_search{}, endless, plane(), trials(50), options);
        CHECK(done.end == study_end::interrupted);
        CHECK(done.trials.size() == 5);
        CHECK(journal == std::vector<std::int64_t>{0, 1, 2, 3, 4});
    }
}

TEST_CASE("study: a trial that stops of its own accord is a failure like others") {
    const auto stops = [](const proposal&, const evaluation_context&) {
        return failure(status::stopped, 0.5);
    };
    const auto done = run_study(random_search{}, stops, plane(), trials(9), {.jobs = 2});
    CHECK(done.trials.size() == 9);
}

TEST_CASE("study: resumed after any trial it ends as the uninterrupted one") {
    for (const any_searcher& search :
         {any_searcher(random_search{}), any_searcher(climbing_search{})}) {
        const auto whole =
            run_study(search, uneven_objective{}, plane(), trainings(12), {.jobs = 2, .seed = 4});
        for (std::size_t cut = 0; cut <= whole.trials.size(); ++cut) {
            std::atomic<int> calls{0};
            std::vector<std::int64_t> journal;
            study_options options{.jobs = cut % 2 == 0 ? 1 : 2, .seed = 4};
            options.past.assign(
                whole.trials.begin(), whole.trials.begin() + static_cast<std::ptrdiff_t>(cut)
            );
            options.journal = [&](const trial& t) { journal.push_back(t.proposal.id); };
            const auto resumed =
                run_study(search, uneven_objective{&calls, 0}, plane(), trainings(12), options);
            CHECK(timeless(resumed.trials) == timeless(whole.trials));
            CHECK(resumed.best == whole.best);
            CHECK(resumed.cost == whole.cost);
            CHECK(journal.size() == whole.trials.size() - cut);
            if (options.jobs == 1) {
                // Told trials are not evaluated again; the one that no longer fits is.
                CHECK(calls == static_cast<int>(whole.trials.size() - cut) + 1);
            }
        }
    }
}

TEST_CASE("study: the past of another search is refused") {
    const auto other =
        run_study(random_search{}, uneven_objective{}, plane(), trials(3), {.seed = 8});
    study_options options{.seed = 9};
    options.past = other.trials;
    CHECK_THROWS_AS(
        static_cast<void>(
            run_study(random_search{}, uneven_objective{}, plane(), trials(9), options)
        ),
        usage_error
    );
}

TEST_CASE("study: progress sees every told trial, in order") {
    std::size_t seen = 0;
    double cost = 0;
    study_options options{.jobs = 2};
    options.progress = [&](const study_progress& now) {
        CHECK(now.told->size() == ++seen);
        CHECK(now.cost > cost);
        CHECK(now.best == find_best(*now.told));
        CHECK(now.limits == budget(trials(25)));
        cost = now.cost;
    };
    static_cast<void>(run_study(random_search{}, uneven_objective{}, plane(), trials(25), options));
    CHECK(seen == 25);
}

TEST_CASE("study: what a callback throws ends it, and no trial outlives it") {
    for (const int jobs : {1, 2, 8}) {
        std::atomic<int> inside{0};
        const auto slow = [&](const proposal&, const evaluation_context&) {
            ++inside;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            --inside;
            return value_outcome(1);
        };
        study_options options{.jobs = jobs};
        options.journal = [](const trial& t) {
            if (t.proposal.id == 3) {
                throw std::runtime_error("disk full");
            }
        };
        CHECK_THROWS_WITH_AS(
            static_cast<void>(run_study(random_search{}, slow, plane(), trials(50), options)),
            "disk full",
            std::runtime_error
        );
        CHECK(inside == 0);
    }
}

TEST_CASE("study: it ends when the searcher has no more") {
    struct three_points : random_search {
        int left = 3;

        std::optional<proposal> ask() { return left-- > 0 ? random_search::ask() : std::nullopt; }
    };

    const auto done =
        run_study(three_points{}, uneven_objective{}, plane(), trainings(50), {.jobs = 2});
    CHECK(done.trials.size() == 3);
    CHECK(done.end == study_end::exhausted);
}

TEST_CASE("study: an objective that is not thread safe runs alone") {
    std::atomic<int> inside{0};
    CHECK(
        run_study(random_search{}, touchy_objective{&inside}, plane(), trials(20), {.jobs = 8})
            .trials.size() == 20
    );
}

} // namespace study_study_tests
