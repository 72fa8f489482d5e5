// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/eval/kill.hpp>

#include "../repair/blobs.hpp"

namespace eval_kill_tests {

namespace {

using namespace mend;

mutant_run_options quick(int jobs = 1) { return {.runs = 6, .seed = 3, .jobs = jobs}; }

kill_plan planned(const char* code, const kill_options& options = {}) {
    const problem original = test::blobs_problem(0.1);
    const mutation_facts facts = mutation_facts_of(original, test::blobs_data());
    return plan_kill(find_operator(code), original, facts, options);
}

kill_result
killed(const char* code, const kill_options& options = {}, mutant_run_options how = quick()) {
    mutant_runs runs(test::blobs_problem(0.1), test::blobs_data(), how);
    return kill(planned(code, options), runs);
}

mutant_run_options on_both_parts(int jobs = 1) {
    mutant_run_options how = quick(jobs);
    how.on_train = true;
    return how;
}

std::vector<double> values_of(const kill_search& found) {
    std::vector<double> values;
    for (const kill_row& row : found.rows) {
        values.push_back(std::get<double>(row.what.value));
    }
    return values;
}

} // namespace

TEST_CASE("kill: an interval is bisected down to the mildest killed setting") {
    const kill_result found = killed("HLR", {.strong = 1e-4, .precision = 0.02, .decimals = 4});
    REQUIRE(found.interval.has_value());
    REQUIRE(found.test.mildest.has_value());
    const std::vector<double> path = values_of(found.test);
    CHECK(path.front() == 1e-4);
    CHECK(found.test.rows.front().verdict->killed);
    const double killing = path[*found.test.mildest];
    CHECK(killing < *found.test.survivor);
    CHECK(*found.test.survivor - killing <= 0.02);
    for (const kill_row& row : found.test.rows) { // every verdict is on the right side
        CHECK(row.verdict->killed == (std::get<double>(row.what.value) <= killing));
    }
}

TEST_CASE("kill: the number of jobs changes no verdict") {
    const auto verdicts = [](int jobs) {
        std::vector<killing> all;
        for (const kill_row& row : killed("TCL", {.value = 90.0}, on_both_parts(jobs)).test.rows) {
            all.push_back(*row.verdict);
        }
        return all;
    };
    const auto one = verdicts(1);
    REQUIRE(one.size() == 1);
    CHECK(one == verdicts(2));
    CHECK(one == verdicts(5));
}

TEST_CASE("kill: a list is evaluated whole, and both parts give the mutation score") {
    const kill_result found = killed("ARM", {}, on_both_parts());
    CHECK_FALSE(found.interval.has_value());
    CHECK(found.test.rows.size() == 2); // both layers have an activation
    REQUIRE(found.train.has_value());
    CHECK(found.train->rows.size() == 2);
    if (found.score) {
        CHECK(found.score->score >= 0);
        CHECK(found.score->score <= 1);
    }
}

TEST_CASE("kill: mutants that cannot be trained are told, not judged") {
    // With numbers to predict, a loss for classes is none.
    const kill_result found = killed("LCH");
    CHECK(found.test.rows.size() == 12);
    for (const kill_row& row : found.test.rows) {
        CHECK(row.verdict.has_value() == row.refused.empty());
    }
}

TEST_CASE("kill: a given value is the only one") {
    const kill_result found = killed("HNE", {.value = 1.0});
    CHECK(values_of(found.test) == std::vector<double>{1});
    CHECK_THROWS_AS(static_cast<void>(planned("HNE", {.value = 7.0})), usage_error);
}

TEST_CASE("kill: what an operator cannot take is refused before anything is trained") {
    const auto refused = [](const char* code, const kill_options& options) {
        CHECK_THROWS_AS(static_cast<void>(planned(code, options)), usage_error);
    };
    refused("VRM", {});
    refused("ARM", {.precision = 1});
    refused("TCL", {.mild = -5});
    refused("TCL", {.strong = 150});
    refused("TRD", {.strong = 100}); // a class keeps one row
    refused("HLR", {.strong = 0});
    refused("HLR", {.mild = std::nan("")});
    refused("HNE", {.strong = 0.3});
    refused("HNE", {.mild = 1, .strong = 1});
    CHECK(planned("TCL", {.mild = 10, .strong = 90}).interval->mild == 10);
    CHECK(planned("HLR", {.strong = 1e-5}).interval->strong == 1e-5);
}

TEST_CASE("mutant_runs: each configuration is trained once, each run with its own draw") {
    mutant_runs runs(test::blobs_problem(0.1), test::blobs_data(), quick());
    CHECK(runs.trainings() == 6);
    const mutation m{.code = "HNE", .value = 1.0};
    const std::vector<double> first = runs(m).test;
    CHECK(runs.trainings() == 12);
    CHECK(runs(m).test == first);
    CHECK(runs.trainings() == 12);
    CHECK(std::adjacent_find(first.begin(), first.end(), std::not_equal_to<>()) != first.end());
    CHECK(runs.original().test.size() == 6);
    // What else was trained before changes nothing.
    mutant_runs others(test::blobs_problem(0.1), test::blobs_data(), quick());
    static_cast<void>(others({.code = "TCL", .value = 80.0}));
    CHECK(others(m).test == first);
}

TEST_CASE("kill: inputs tell how trivial a killed mutant is") {
    mutant_run_options options = quick();
    options.inputs = true;
    const problem original = test::blobs_problem(0.1);
    mutant_runs runs(original, test::blobs_data(), options);
    const kill_result found = kill(planned("HLR", {.strong = 1e-5, .precision = 0.05}), runs);
    const kill_row& strongest = found.test.rows.front();
    REQUIRE(strongest.triviality.has_value());
    CHECK(*strongest.triviality > 0.2);
    CHECK(*strongest.triviality <= 1);
    for (const kill_row& row : found.test.rows) {
        CHECK(row.triviality.has_value() == row.verdict->killed);
        CHECK((!row.redundant || row.verdict->killed));
    }
    // The mean over a run's inputs is its accuracy.
    double right = 0;
    for (const bool one : runs.original().correct[0]) {
        right += one ? 1 : 0;
    }
    CHECK(right / static_cast<double>(runs.original().correct[0].size()) > 0.8);
}

TEST_CASE("mutant_runs: an interruption ends them") {
    std::atomic<bool> interrupted{true};
    mutant_run_options options = quick();
    options.interrupted = &interrupted;
    CHECK_THROWS_AS(
        mutant_runs(test::blobs_problem(0.1), test::blobs_data(), options), mutant_run_interrupted
    );
}

} // namespace eval_kill_tests
