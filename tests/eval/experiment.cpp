// SPDX-License-Identifier: MIT
#include <atomic>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/eval/experiment.hpp>

#include "../repair/blobs.hpp"

namespace eval_experiment_tests {

namespace {

using namespace mend;

fault blobs_fault() {
    fault f;
    f.id = "blobs";
    f.data = "blobs";
    f.problem = test::blobs_problem(1e-5);
    f.fix = diff(f.problem, test::blobs_problem(0.1));
    return f;
}

const experiment_technique random_technique{
    "random", [](const problem& faulty, const dataset& data, const repair_options& options) {
        return repair(faulty, data, random_search{}, options);
    }};

const experiment_baseline baseline{{0.3, 0.35}, {0.9, 0.95}};

} // namespace

TEST_CASE("experiment: a cell is one function of its seed, and goes on from its journal") {
    const fault f = blobs_fault();
    const dataset data = test::blobs_data();
    const experiment_options options{.budget = 6, .seed = 3};
    std::vector<trial> told;
    const auto whole = run_cell(
        f,
        data,
        random_technique,
        space_name::mend,
        1,
        baseline,
        options,
        {},
        [&](const trial& t) { told.push_back(t); }
    );
    REQUIRE(whole);
    CHECK(whole->seed == 4);
    CHECK(whole->trials == told.size());
    CHECK(whole->trainings <= 6);
    CHECK(whole->faulty == doctest::Approx(0.325));
    CHECK(whole->fixed == doctest::Approx(0.925));
    CHECK(whole->metric == "accuracy");
    CHECK(whole->fix_cost == 1);
    REQUIRE_FALSE(whole->course.empty());
    for (std::size_t i = 1; i < whole->course.size(); ++i) {
        CHECK(whole->course[i].cost > whole->course[i - 1].cost);
        CHECK(whole->course[i].best > whole->course[i - 1].best);
    }
    told.resize(told.size() / 2);
    const auto resumed =
        run_cell(f, data, random_technique, space_name::mend, 1, baseline, options, told);
    REQUIRE(resumed);
    CHECK(resumed->measured == whole->measured);
    CHECK(resumed->patch == whole->patch);
    CHECK(resumed->trials == whole->trials);
    CHECK(resumed->trainings == whole->trainings);
    CHECK(resumed->course == whole->course);
}

TEST_CASE("experiment: the score of a patch is that of its trial's own model") {
    const fault f = blobs_fault();
    const dataset data = test::blobs_data();
    repair_result seen;
    const experiment_technique watched{
        "random", [&](const problem& faulty, const dataset& d, const repair_options& options) {
            seen = repair(faulty, d, random_search{}, options);
            return seen;
        }};
    const auto row =
        run_cell(f, data, watched, space_name::study, 0, baseline, {.budget = 6, .seed = 8});
    REQUIRE(row);
    // The validation score of the model that is measured is the one that the trial had.
    std::size_t best = 0;
    for (std::size_t i = 1; i < seen.study.trials.size(); ++i) {
        const bool better =
            best == 0 || seen.study.trials[i].value() < seen.study.trials[best].value();
        best = seen.study.trials[i].completed() && better ? i : best;
    }
    REQUIRE(best > 0);
    const trial& chosen = seen.study.trials[best];
    const problem what = repair_space(f.problem, data, space_name::study).apply(chosen.proposal.at);
    const training own = train(
        what,
        data,
        repair_parts(f.problem, data),
        seen.score,
        {.seed = chosen.proposal.seed, .test = true}
    );
    CHECK(own.validation.metric == -chosen.value());
    CHECK(row->measured == own.test.metric);
    // On fresh seeds it is another number, the same for every call.
    const experiment_options fresh{.budget = 6, .seed = 8, .fresh_runs = 2};
    const auto again = run_cell(f, data, watched, space_name::study, 0, baseline, fresh);
    const auto once_more = run_cell(f, data, watched, space_name::study, 0, baseline, fresh);
    CHECK(again->measured == once_more->measured);
    CHECK(again->patch == row->patch);
}

TEST_CASE("experiment: the oracle applies the known fix and is measured like a technique") {
    const fault f = blobs_fault();
    const auto row =
        run_cell(f, test::blobs_data(), {"oracle", {}}, space_name::mend, 0, baseline, {.seed = 2});
    REQUIRE(row);
    CHECK(row->complexity == 1);
    CHECK(row->jaccard == 1);
    CHECK(row->trainings == 1);
    CHECK(row->patch == "optimizer.learning_rate: 1e-05 -> 0.1");
    CHECK(row->improvement > 0.5);
    CHECK(row->improvement == improvement_rate(row->patched, row->faulty, row->fixed));
}

TEST_CASE("experiment: a patch that is no better than the faulty problem does not count") {
    const fault f = blobs_fault();
    const experiment_baseline high{{0.999}, {1.0}};
    const auto row =
        run_cell(f, test::blobs_data(), random_technique, space_name::mend, 0, high, {.budget = 2});
    REQUIRE(row);
    CHECK(row->patched == 0.999);
    CHECK(row->improvement == 0);
    CHECK_FALSE(row->has_patch());
    CHECK(row->patch.empty());
}

TEST_CASE("experiment: told to stop, a cell has no result") {
    const std::atomic<bool> stop{true};
    const experiment_options options{.budget = 6, .interrupted = &stop};
    const fault f = blobs_fault();
    const dataset data = test::blobs_data();
    CHECK_FALSE(run_cell(f, data, random_technique, space_name::mend, 0, baseline, options));
    CHECK_FALSE(run_cell(f, data, {"oracle", {}}, space_name::mend, 0, baseline, options));
    CHECK_FALSE(baseline_score(f.problem, data, {}, 0, options));
}

TEST_CASE("experiment: baselines have seeds of their own, the same for both sides") {
    const fault f = blobs_fault();
    const dataset data = test::blobs_data();
    const experiment_options options{.seed = 5};
    CHECK(
        baseline_score(f.problem, data, {}, 3, options) ==
        baseline_score(f.problem, data, {}, 3, options)
    );
    CHECK(mean_score({0.25, std::nan(""), 0.75}) == 0.5);
    CHECK(std::isnan(mean_score({std::nan("")})));
}

} // namespace eval_experiment_tests
