// SPDX-License-Identifier: MIT
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/repair.hpp>
#include <mend/search/random.hpp>
#include <mend/spec/apply.hpp>

#include "blobs.hpp"

namespace repair_repair_tests {

namespace {

mend::repair_result run(double rate, const mend::repair_options& options) {
    return mend::repair(
        mend::test::blobs_problem(rate), mend::test::blobs_data(), mend::random_search{}, options
    );
}

} // namespace

TEST_CASE("repair: a hopeless learning rate is mended, with evidence on fresh seeds") {
    const mend::repair_result fixed = run(1000, {.budget = mend::trainings(30), .seed = 2});
    CHECK(fixed.improved());
    CHECK(fixed.comparison.p < 0.05);
    CHECK(fixed.faulty.test.size() == 5);
    CHECK(fixed.patched.test.size() == 5);
    CHECK(mend::mean(fixed.patched.test) > mend::mean(fixed.faulty.test));
    CHECK(mend::apply(mend::test::blobs_problem(1000), fixed.patch) == fixed.fixed);
    CHECK(fixed.complexity == mend::complexity(mend::test::blobs_problem(1000), fixed.fixed));
    CHECK(fixed.study.cost <= 30);
    CHECK(fixed.study.cost > 20);
    CHECK(fixed.report_trainings >= 5);
}

TEST_CASE("repair: trial 0 is the faulty problem, at the cost of one training") {
    const mend::repair_result fixed = run(0.05, {.budget = mend::trials(1)});
    REQUIRE(fixed.study.trials.size() == 1);
    CHECK(fixed.study.trials[0].outcome.cost == doctest::Approx(1));
    CHECK(fixed.patch.empty());
    CHECK(fixed.complexity == 0);
    CHECK(fixed.comparison.verdict == mend::verdict::none);
    CHECK(fixed.fixed == mend::test::blobs_problem(0.05));
}

TEST_CASE("repair: the number of jobs changes no result") {
    const auto trials_of = [](int jobs) {
        const mend::repair_result r =
            run(1000, {.budget = mend::trainings(8), .seed = 3, .jobs = jobs});
        std::vector<mend::outcome> all;
        for (const mend::trial& t : r.study.trials) {
            all.push_back(t.outcome);
        }
        return std::pair(all, r.patched.test);
    };
    const auto one = trials_of(1);
    CHECK(one == trials_of(2));
    CHECK(one == trials_of(5));
}

TEST_CASE("repair: a problem that cannot be trained on the data is refused before anything runs") {
    mend::problem p = mend::test::blobs_problem(0.1);
    p.model.input_shape = {7};
    CHECK_THROWS_AS(
        static_cast<void>(mend::repair(p, mend::test::blobs_data(), mend::random_search{})),
        mend::spec_error
    );
}

TEST_CASE("repair: interrupted, it keeps what it found and reports nothing") {
    const std::atomic<bool> stop{true};
    const mend::repair_result r = run(0.05, {.interrupted = &stop});
    CHECK(r.interrupted());
    CHECK(r.faulty.test.empty());
}

TEST_CASE("repair: interrupted in the final report, it reports nothing") {
    // Trial 0 is all of the search; the report would take minutes.
    std::atomic<bool> stop{false};
    std::atomic<bool> searched{false};
    std::jthread user([&] {
        searched.wait(false);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        stop = true;
    });
    const auto begun = [&](const mend::study_progress&) {
        searched = true;
        searched.notify_one();
    };
    const mend::repair_result r =
        run(0.05,
            {.budget = mend::trainings(1),
             .report_runs = 100'000,
             .interrupted = &stop,
             .progress = begun});
    CHECK(r.interrupted());
    CHECK(r.study.end == mend::study_end::budget);
    CHECK(r.faulty.test.empty());
    CHECK(r.patched.test.empty());
    CHECK_FALSE(r.improved());
}

} // namespace repair_repair_tests
