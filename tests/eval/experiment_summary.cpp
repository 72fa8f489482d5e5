// SPDX-License-Identifier: MIT
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/eval/experiment_summary.hpp>

namespace eval_experiment_summary_tests {

namespace {

using namespace mend;

experiment_run
row_of(const char* fault, const char* technique, std::size_t run, double patched, double cost = 1) {
    experiment_run row;
    row.fault = fault;
    row.technique = technique;
    row.space = "mend";
    row.run = run;
    row.budget = 20;
    row.metric = "accuracy";
    row.faulty = 0.5;
    row.fixed = 0.9;
    row.patched = patched;
    row.measured = patched;
    row.improvement = improvement_rate(patched, row.faulty, row.fixed);
    row.complexity = patched > 0.5 ? static_cast<double>(run + 1) : std::nan("");
    row.fix_cost = cost;
    row.trials = 10;
    row.trainings = 20;
    return row;
}

// Two faults, one with a fix beyond the budget; guided does better than random on both.
std::vector<experiment_run> rows() {
    std::vector<experiment_run> all;
    for (std::size_t run = 0; run < 10; ++run) {
        const double shift = 0.001 * static_cast<double>(run);
        all.push_back(row_of("D1", "oracle", run, 0.9));
        all.push_back(row_of("D1", "guided", run, 0.9 + shift));
        all.push_back(row_of("D1", "random", run, run < 5 ? 0.5 : 0.9 - shift));
        all.push_back(row_of("C2", "guided", run, 0.8 + shift, 50));
        all.push_back(row_of("C2", "random", run, 0.6 + shift, 50));
        all.push_back(row_of("mine", "random", run, 0.5));
    }
    return all;
}

} // namespace

TEST_CASE("experiment summary: rates are averaged over runs first, then clipped") {
    const auto all = rows();
    const experiment_summary s = summarise(all);
    CHECK(s.techniques == std::vector<std::string>{"random", "guided", "oracle"});
    CHECK(s.faults == std::vector<std::string>{"D1", "C2", "mine"});
    CHECK(s.counts_twenty);
    CHECK(s.counted == std::vector<std::string>{"D1", "C2"}); // averages are over the twenty
    const fault_summary* guided = s.find("D1", "guided", "mend");
    REQUIRE(guided != nullptr);
    CHECK(guided->rate == 1); // above the fix on average
    const fault_summary* random = s.find("D1", "random", "mend");
    CHECK(random->mean == doctest::Approx((5 * 0.5 + 5 * 0.9 - 0.035) / 10));
    CHECK(random->rate == doctest::Approx((random->mean - 0.5) / 0.4));
    CHECK(random->rate_between.low <= random->rate);
    CHECK(random->rate <= random->rate_between.high);
    CHECK(random->patches == 5);
    CHECK(random->complexity == 8); // median of 6 .. 10
}

TEST_CASE("experiment summary: faults whose fix costs more than the budget are averaged apart") {
    const auto all = rows();
    const experiment_summary s = summarise(all);
    const technique_summary* guided = s.find("guided", "mend");
    REQUIRE(guided != nullptr);
    CHECK(guided->faults == 2);
    CHECK(guided->beyond == 1);
    CHECK(guided->rate_within == 1);
    CHECK(guided->rate_beyond == doctest::Approx(0.3045 / 0.4));
    CHECK(guided->rate == doctest::Approx((guided->rate_within + guided->rate_beyond) / 2));
    CHECK(s.find("C2", "guided", "mend")->beyond_budget);
    CHECK_FALSE(s.find("D1", "guided", "mend")->beyond_budget);
}

TEST_CASE("experiment summary: techniques are compared with random search") {
    const auto all = rows();
    const experiment_summary s = summarise(all);
    CHECK_FALSE(s.find("D1", "random", "mend")->compared);
    const fault_summary* on_c2 = s.find("C2", "guided", "mend");
    CHECK(on_c2->compared);
    CHECK(on_c2->against.a == 1);
    // All ten pairs have one sign: 2 / 2^10. All of one sample above the other: 2 / C(20, 10).
    CHECK(on_c2->against.wilcoxon == doctest::Approx(2.0 / 1024));
    CHECK(on_c2->against.mann_whitney == doctest::Approx(2.0 / 184756));
    CHECK(on_c2->against.holm == doctest::Approx(2 * on_c2->against.mann_whitney));
    const technique_summary* guided = s.find("guided", "mend");
    CHECK(guided->better == 2);
    CHECK(guided->worse == 0);
    CHECK(guided->rank == 1);
    CHECK(s.find("random", "mend")->rank == 2);
    CHECK(std::isnan(s.find("oracle", "mend")->rank));
}

TEST_CASE("experiment summary: without random search nothing is compared") {
    const std::vector<experiment_run> all{row_of("mine", "tpe", 0, 0.7)};
    const experiment_summary s = summarise(all);
    CHECK_FALSE(s.cells[0].compared);
    CHECK_FALSE(s.overall[0].compared);
    CHECK_FALSE(s.counts_twenty);
    CHECK(s.overall[0].rate == doctest::Approx(0.5));
    CHECK(summarise({}).cells.empty());
}

TEST_CASE("experiment summary: ranks share places, and their critical difference is the book's") {
    CHECK(ranks_of(std::vector<double>{0.5, 0.9, 0.5, 0.1}) == std::vector<double>{2.5, 1, 2.5, 4});
    // Demsar 2006, section 3.2.2: four classifiers on 14 data sets, 1.25 at 0.05.
    CHECK(critical_difference(4, 14) == doctest::Approx(1.25).epsilon(0.01));
}

} // namespace eval_experiment_summary_tests
