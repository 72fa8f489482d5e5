// SPDX-License-Identifier: MIT
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/eval/mutation_score.hpp>

namespace eval_mutation_score_tests {

using doctest::Approx;
using mend::interval_score;
using mend::killing;
using mend::killing_table;
using mend::operator_score;

namespace {

constexpr killing dead{.killed = true, .p = 0, .d = 1, .power = 0.99};
constexpr killing unsure{.killed = true, .p = 0.04, .d = 0.6, .power = 0.7};
constexpr killing alive{.killed = false, .p = 0.5, .d = 0.1, .power = 0.1};

constexpr mend::setting_interval percentage{0, 100, 5, 2};
constexpr mend::setting_interval epochs{12, 1, 1, 0};

} // namespace

TEST_CASE("interval_score: the share of the range that the test set kills") {
    CHECK(interval_score(100, 31.25, 65.62) == 0.5);
    CHECK(interval_score(100, 31.25, 31.25) == 1);
    CHECK(interval_score(100, 31.25, 20.0) == 1); // at most
    CHECK(interval_score(100, 31.25, std::nullopt) == 0);
    CHECK(interval_score(1, 4, 2) == 0.33);          // epochs
    CHECK(interval_score(0.001, 0.1, 0.01) == 0.09); // learning rates
}

TEST_CASE("interval_score: not killed on train, or only by the strong end, leaves it out") {
    CHECK_FALSE(interval_score(100, std::nullopt, 50.0).has_value());
    CHECK_FALSE(interval_score(100, 100.0, 50.0).has_value());
    CHECK_FALSE(interval_score(100, 100.0, std::nullopt).has_value());
    CHECK(interval_score(100, 100.0, 100.0) == 1);
}

TEST_CASE("list_score: what both sets kill of what the training set surely kills") {
    const killing_table train{
        {"OCH sgd", dead}, {"OCH adagrad", dead}, {"OCH nadam", unsure}, {"OCH rmsprop", alive}};
    const killing_table test{{"OCH sgd", dead}, {"OCH rmsprop", dead}};
    CHECK(mend::list_score(train, test) == operator_score{0.5, 0});
    CHECK_FALSE(mend::list_score({{"a", alive}}, test).has_value());
    CHECK(mend::list_score({{"a", unsure}}, {{"a", dead}}) == operator_score{0, 0});
    CHECK(
        mend::list_score({{"a", dead}, {"b", dead}, {"c", dead}}, {{"a", dead}, {"b", unsure}}) ==
        operator_score{0.67, 0.5}
    );
}

TEST_CASE("list_score: operators without settings, layers and regularisers are told apart") {
    CHECK(mend::list_score({{"HDB 400", dead}}, {{"HDB 400", dead}}) == operator_score{1, 0});
    const killing_table train{
        {"RAW layers[0] l1", dead}, {"RAW layers[0] l2", dead}, {"RAW layers[1] l1", dead}};
    CHECK(mend::list_score(train, {{"RAW layers[0] l1", dead}}) == operator_score{0.33, 0});
}

TEST_CASE("mutation_score: the mean over operators that are stable") {
    const std::vector<std::optional<operator_score>> all{
        operator_score{1, 0}, operator_score{0.5, 0}, operator_score{0, 0.4}, std::nullopt};
    CHECK(mend::mutation_score(all) == 0.75);
    CHECK(mend::mutation_score({}) == 0);
}

TEST_CASE("interval_instability: by the unstable and the stable values around the killing one") {
    const auto of = [](const mend::setting_interval& over,
                       double train,
                       std::optional<double> test,
                       const std::vector<mend::evaluated_value>& seen) {
        return mend::interval_instability(over, train, test, seen);
    };
    // Nothing is stable at or above what kills.
    CHECK(of(percentage, 30, 50.0, {{100, 0.5}, {50, 0.5}}) == 2);
    // An unstable one above a stable one.
    CHECK(of(percentage, 30, 50.0, {{100, 0.5}, {50, 0.9}}) == 2);
    // The unstable ones are milder than what kills on train.
    CHECK(of(percentage, 30, 50.0, {{100, 0.9}, {50, 0.9}, {25, 0.2}}) == 0);
    CHECK(of(percentage, 30, 50.0, {{100, 0.9}, {50, 0.9}}) == 0);
    // Between: distances from kc_train in parts of the range above it.
    CHECK(of(percentage, 30, 50.0, {{100, 0.9}, {50, 0.9}, {40, 0.5}}) == Approx(0.14 + 0.29));
    CHECK(of(percentage, 100, 100.0, {{100, 0.9}, {50, 0.2}}) == 0); // milder values do not count
    // Falling ranges: larger is milder.
    CHECK(of(epochs, 4, 2.0, {{1, 0.9}, {2, 0.9}, {6, 0.3}}) == 0);
    CHECK(of(epochs, 6, 2.0, {{1, 0.99}, {2, 0.9}, {4, 0.3}}) == Approx(0.4 + 0.8));
}

TEST_CASE("killed_inputs: triviality is the mean killing probability of known inputs") {
    // Four runs, three inputs; the third is never right in the original.
    const mend::correct_table original{{1, 1, 0}, {1, 0, 0}, {1, 1, 0}, {1, 1, 0}};
    const mend::correct_table mutant{{0, 1, 0}, {0, 0, 1}, {0, 0, 0}, {0, 1, 0}};
    const auto inputs = mend::killed_inputs(original, mutant);
    REQUIRE(inputs.size() == 3);
    CHECK(inputs[0].probability() == 1);
    CHECK(inputs[1].probability() == 0.25);
    CHECK(inputs[2].probability() == 0);
    CHECK(mend::triviality(inputs) == Approx(0.625));
    CHECK(mend::triviality({}) == 0);
}

TEST_CASE("relate_mutants: inputs separate mutants where their intervals do not overlap") {
    const auto inputs = [](std::vector<std::size_t> kills) {
        std::vector<mend::killed_input> all;
        for (const std::size_t k : kills) {
            all.push_back({.kills = k, .runs = 20, .known = true});
        }
        return all;
    };
    using relation = mend::mutant_relation;
    const auto hard = inputs({1, 2, 0});
    const auto easy = inputs({19, 20, 1});
    CHECK(mend::relate_mutants(hard, hard) == relation::indistinguishable);
    CHECK(mend::relate_mutants(easy, hard) == relation::first_redundant);
    CHECK(mend::relate_mutants(hard, easy) == relation::second_redundant);
    CHECK(mend::relate_mutants(inputs({20, 0}), inputs({0, 20})) == relation::distinct);
    CHECK(mend::relate_mutants(inputs({10}), inputs({12})) == relation::indistinguishable);
}

} // namespace eval_mutation_score_tests
