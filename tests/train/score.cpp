// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/train/score.hpp>

namespace train_score_tests {

namespace {

mend::tensor<float> rows(mend::index count, const std::vector<float>& numbers) {
    mend::tensor<float> t(mend::shape{count, static_cast<mend::index>(numbers.size()) / count});
    std::copy(numbers.begin(), numbers.end(), t.data());
    return t;
}

double
score(mend::score_kind kind, const mend::tensor<float>& output, const std::vector<int>& labels) {
    mend::score_sum sum({kind});
    sum.add(output.view(), labels);
    return sum.value();
}

mend::dataset labelled(int classes) {
    mend::dataset data;
    data.classes = classes;
    return data;
}

} // namespace

TEST_CASE("score: accuracy of several outputs is the share of rows whose largest is the label") {
    const auto output = rows(4, {0.1F, 0.9F, 0.8F, 0.2F, 0.5F, 0.5F, -2.0F, -1.0F});
    CHECK(score(mend::score_kind::accuracy, output, {1, 0, 0, 0}) == 0.75);
}

TEST_CASE("score: accuracy of one output is whether it is above one half") {
    const auto output = rows(4, {0.5F, 0.51F, -3.0F, 7.0F});
    CHECK(score(mend::score_kind::accuracy, output, {0, 1, 0, 1}) == 1);
}

TEST_CASE("score: an output of NaN counts as the first class, as in Keras") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK(score(mend::score_kind::accuracy, rows(2, {nan, nan, nan, nan}), {0, 1}) == 0.5);
    CHECK(std::isnan(score(mend::score_kind::mean_absolute_error, rows(1, {nan, nan}), {0})));
}

TEST_CASE("score: errors against labels are errors against one-hot rows or the label's number") {
    CHECK(score(mend::score_kind::mean_squared_error, rows(1, {0.5F, 0.0F}), {1}) == 0.625);
    CHECK(score(mend::score_kind::mean_absolute_error, rows(2, {0.5F, 3.0F}), {1, 1}) == 1.25);
}

TEST_CASE("score: against targets the errors are means over rows and columns") {
    mend::score_sum sum({mend::score_kind::mean_squared_error});
    sum.add(rows(1, {1.0F, 2.0F}).view(), rows(1, {0.0F, 4.0F}).view());
    sum.add(rows(1, {0.0F, 0.0F}).view(), rows(1, {0.0F, 1.0F}).view());
    CHECK(sum.value() == (2.5 + 0.5) / 2);
}

TEST_CASE("score: nothing seen has no score") {
    CHECK(std::isnan(mend::score_sum({mend::score_kind::accuracy}).value()));
}

TEST_CASE("score: chance is the standard error of an accuracy, or a twentieth of another score") {
    const mend::score_rule accuracy{mend::score_kind::accuracy};
    CHECK(accuracy.chance(0.5, 100) == doctest::Approx(0.05));
    CHECK(accuracy.chance(0.9, 400) == doctest::Approx(0.015));
    CHECK(accuracy.chance(1, 100) == doctest::Approx(0.005)); // as of a quarter of a row
    CHECK(accuracy.chance(std::nan(""), 100) == 0);
    CHECK(mend::score_rule{mend::score_kind::mean_squared_error}.chance(4, 100) == 0.2);
}

TEST_CASE("score: the first metric decides, then the kind of data") {
    using kind = mend::score_kind;
    const std::vector<mend::metric_spec> none;
    const std::vector<mend::metric_spec> mae{"mae", "accuracy"};
    const std::vector<mend::metric_spec> acc{"acc"};
    CHECK(mend::resolve_score(none, labelled(3)).kind == kind::accuracy);
    CHECK(mend::resolve_score(none, labelled(0)).kind == kind::mean_absolute_error);
    CHECK(mend::resolve_score(mae, labelled(3)).kind == kind::mean_absolute_error);
    CHECK(mend::resolve_score(acc, labelled(0)).kind == kind::accuracy);
    const std::vector<mend::metric_spec> unknown{"bleu"};
    CHECK_THROWS_WITH_AS(
        static_cast<void>(mend::resolve_score(unknown, labelled(2))),
        "/compile/metrics/0: \"bleu\" cannot judge a model here",
        mend::spec_error
    );
}

TEST_CASE("score: better knows its direction and puts NaN last") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const mend::score_rule accuracy{mend::score_kind::accuracy};
    const mend::score_rule error{mend::score_kind::mean_absolute_error};
    CHECK(accuracy.better(0.9, 0.8));
    CHECK_FALSE(error.better(0.9, 0.8));
    CHECK(error.better(0.9, nan));
    CHECK_FALSE(error.better(nan, nan));
    CHECK_FALSE(accuracy.better(nan, 0.1));
}

TEST_CASE("score: binary accuracy counts outputs, top-k accuracy rows") {
    mend::metric_spec binary("binary_accuracy");
    binary.threshold = 0.6;
    mend::score_sum sum(*mend::find_score(binary));
    sum.add(rows(2, {0.9F, 0.55F, 0.1F, 0.7F}).view(), std::vector<int>{0, 0});
    CHECK(sum.value() == 0.5); // 1 0 | 0 1 against 1 0 | 1 0
    mend::metric_spec top("top_k_categorical_accuracy");
    top.k = 2;
    const auto output = rows(3, {0.5F, 0.3F, 0.2F, 0.5F, 0.2F, 0.3F, 0.4F, 0.4F, 0.4F});
    mend::score_sum by_label(*mend::find_score(top));
    by_label.add(output.view(), std::vector<int>{1, 1, 2});
    CHECK(by_label.value() == doctest::Approx(2.0 / 3)); // ties count as within
    mend::score_sum by_target(*mend::find_score(top));
    by_target.add(output.view(), rows(3, {0, 1, 0, 0, 1, 0, 0, 0, 1}).view());
    CHECK(by_target.value() == by_label.value());
}

TEST_CASE("score: precision and recall count outputs above the threshold") {
    const auto output = rows(4, {0.9F, 0.8F, 0.3F, 0.5F});
    const std::vector<int> labels{1, 0, 1, 1};
    CHECK(score(mend::score_kind::precision, output, labels) == 0.5);
    CHECK(score(mend::score_kind::recall, output, labels) == doctest::Approx(1.0 / 3));
    CHECK(score(mend::score_kind::precision, rows(1, {0.1F}), {1}) == 0);
    CHECK(score(mend::score_kind::recall, rows(1, {0.1F}), {0}) == 0);
}

TEST_CASE("score: the area under the curve is the share of pairs in the right order") {
    const std::vector<float> outputs{0.1F, 0.4F, 0.35F, 0.8F, 0.66F, 0.2F};
    const std::vector<int> labels{0, 0, 1, 1, 1, 0};
    // No two outputs share a bucket of 1/199, so trapezoids are exact: 8 of 9 pairs.
    const auto table = rows(6, outputs);
    CHECK(score(mend::score_kind::auc, table, labels) == doctest::Approx(8.0 / 9));
    mend::metric_spec coarse("auc");
    coarse.num_thresholds = 3; // Keras' own example: 0, 0.5, 0.3, 0.9 against 0, 0, 1, 1
    mend::score_sum sum(*mend::find_score(coarse));
    sum.add(rows(4, {0.0F, 0.5F, 0.3F, 0.9F}).view(), std::vector<int>{0, 0, 1, 1});
    CHECK(sum.value() == 0.75);
    sum.clear();
    sum.add(rows(1, {7.0F}).view(), std::vector<int>{1});
    CHECK(sum.value() == 0); // no negatives: no false alarms, no area
}

TEST_CASE("score: all metrics are added up beside the score") {
    mend::score_sums sums({mend::score_kind::mean_squared_error});
    const std::vector<mend::metric_spec> metrics{"accuracy", "recall"};
    sums.add_metrics(metrics);
    sums.add(rows(2, {1.0F, 0.0F}).view(), std::span<const int>(std::vector<int>{1, 1}));
    const mend::part_scores found = sums.scores(0.25);
    CHECK(found.loss == 0.25);
    CHECK(found.metric == 0.5);
    CHECK(found.metrics == std::vector<double>{0.5, 0.5});
}

} // namespace train_score_tests
