// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/eval/judge.hpp>

namespace eval_judge_tests {

using doctest::Approx;
using mend::judge_killing;
using mend::score_kind;

namespace {

using sample = std::vector<double>;

constexpr mend::score_rule accuracy{score_kind::accuracy};
constexpr mend::score_rule error{score_kind::mean_absolute_error};

// Test accuracies of twenty trainings that DeepCrime publishes: MNIST, and its mutant OCH sgd.
const sample mnist{.9916, .9919, .9897, .9915, .9919, .9910, .9908, .9910, .9916, .9919,
                   .9919, .9913, .9922, .9921, .9922, .9921, .9909, .9909, .9916, .9920};
const sample mutant{.9701, .9699, .9713, .9726, .9690, .9677, .9700, .9707, .9683, .9703,
                    .9734, .9712, .9678, .9694, .9676, .9665, .9686, .9698, .9702, .9683};

// Two samples of n values each with the given d: the same spread around means d apart.
struct pair {
    sample original;
    sample mutant;

    pair(std::size_t n, double d) {
        for (std::size_t i = 0; i < n; ++i) {
            mutant.push_back(static_cast<double>(i * 7 % n));
        }
        const double s = mend::standard_deviation(mutant);
        for (double& x : mutant) {
            x /= s;
            original.push_back(x + d);
        }
    }
};

} // namespace

TEST_CASE("judge_killing: DeepCrime's published sample") {
    const auto verdict = judge_killing(mnist, mutant, accuracy);
    CHECK(mend::mean(mnist) == Approx(0.991505).epsilon(1e-6));
    CHECK(mend::standard_deviation(mnist) == Approx(0.000633).epsilon(1e-3));
    CHECK(mend::standard_deviation(mutant) == Approx(0.001728).epsilon(1e-3));
    CHECK(verdict.killed);
    CHECK(verdict.d == Approx(16.8106).epsilon(1e-4));
    CHECK(std::abs(mend::glm_test(mnist, mutant).statistic) == Approx(53.2).epsilon(1e-3));
    CHECK(verdict.p < 0.0005);
    CHECK(verdict.is_stable());
}

// scipy's p for the four decimals that are published, whose differences have ties; that of the
// accuracies before they were rounded, 8.857e-05, is in tests/stats/wilcoxon.cpp.
TEST_CASE("judge_killing: the same sample by Wilcoxon's test") {
    const auto verdict =
        judge_killing(mnist, mutant, accuracy, {.test = mend::killing_test::wilcoxon});
    CHECK(verdict.p == Approx(8.844915021211901e-05).epsilon(1e-9));
    CHECK(verdict.killed);
}

TEST_CASE("judge_killing: a mutant that is better is not killed") {
    const auto verdict = judge_killing(mutant, mnist, accuracy);
    CHECK(verdict.d == Approx(-16.8106).epsilon(1e-4));
    CHECK_FALSE(verdict.killed);
    // As errors the same numbers say that the mutant is worse.
    CHECK(judge_killing(mutant, mnist, error).killed);
    CHECK_FALSE(judge_killing(mnist, mutant, error).killed);
}

TEST_CASE("judge_killing: p binds below thirty runs, the effect above") {
    struct expected {
        std::size_t n;
        double d;
        double p;
        bool killed;
    };

    const expected table[] = {
        {20, 0.50, 0.114, false},
        {20, 0.60, 0.058, false},
        {20, 0.62, 0.050, false},
        {20, 0.63, 0.046, true},
        {10, 0.86, 0.054, false},
        {10, 0.90, 0.044, true},
        {40, 0.49, 0.028, false},
        {40, 0.5000001, 0.025, true}};
    for (const auto& [n, d, p, killed] : table) {
        CAPTURE(n);
        CAPTURE(d);
        const pair samples(n, d);
        const auto verdict = judge_killing(samples.original, samples.mutant, accuracy);
        CHECK(verdict.d == Approx(d).epsilon(1e-9));
        CHECK(std::abs(verdict.p - p) < 0.0005);
        CHECK(verdict.killed == killed);
    }
}

TEST_CASE("judge_killing: p is compared with three decimals, as printed, unless asked otherwise") {
    const pair samples(20, 0.6205);
    const auto rounded = judge_killing(samples.original, samples.mutant, accuracy);
    CHECK(rounded.p == Approx(0.0497).epsilon(1e-3));
    CHECK_FALSE(rounded.killed);
    CHECK(judge_killing(samples.original, samples.mutant, accuracy, {.rounded = false}).killed);
}

TEST_CASE("judge_killing: samples without spread are no crash") {
    const sample high(20, 0.9);
    const sample low(20, 0.1);
    const auto verdict = judge_killing(high, low, accuracy);
    CHECK(verdict.killed);
    CHECK(verdict.p == 0);
    CHECK(verdict.power == 1);
    CHECK_FALSE(judge_killing(high, high, accuracy).killed);
    CHECK_FALSE(judge_killing(low, high, accuracy).killed);
}

TEST_CASE("judge_killing: trainings that give no number are the worst there are") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const sample fine{1, 2, 3, 2, 1, 2, 3, 2};
    const sample failed(8, nan);
    sample some = fine;
    some[3] = nan;
    CHECK(judge_killing(fine, failed, error).killed);
    CHECK_FALSE(judge_killing(failed, fine, error).killed);
    CHECK_FALSE(judge_killing(failed, failed, error).killed);
    CHECK_FALSE(judge_killing(fine, some, error).killed); // one of eight is no evidence
}

// Thresholds of DeepCrime's power analysis.
TEST_CASE("killing_power: takes d for Cohen's f") {
    CHECK(mend::killing_power(0.20, 40) == Approx(0.234).epsilon(2e-3));
    CHECK(mend::killing_power(0.45, 40) < mend::stable_power);
    CHECK(mend::killing_power(0.46, 40) >= mend::stable_power);
    CHECK(mend::killing_power(-0.50, 40) == Approx(0.869).epsilon(1e-3));
    CHECK(mend::killing_power(0.62, 40) == Approx(0.969).epsilon(1e-3));
    CHECK(mend::killing_power(0.50, 20) == Approx(0.562).epsilon(1e-3));
    CHECK(mend::killing_power(0.62, 20) == Approx(0.746).epsilon(1e-3));
    CHECK(mend::killing_power(0.62, 10) == Approx(0.408).epsilon(1e-3));
}

TEST_CASE("judge_repair: better by the test and by a large effect") {
    const sample faulty{0.1, 0.2, 0.15, 0.1, 0.12};
    const sample patched{0.9, 0.91, 0.15, 0.92, 0.93};
    const auto verdict = mend::judge_repair(faulty, patched, accuracy);
    CHECK(verdict.repaired);
    CHECK(verdict.a == Approx(1 - 1.5 / 25));
    CHECK_FALSE(mend::judge_repair(faulty, patched, error).repaired);
    CHECK_FALSE(mend::judge_repair(faulty, faulty, accuracy).repaired);
    CHECK(mend::judge_repair(
              {{std::nan(""), std::nan(""), std::nan(""), std::nan("")}}, sample{1, 2, 3, 4}, error
    )
              .repaired);
}

} // namespace eval_judge_tests
