// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/metric.hpp>

namespace spec_metric_tests {

using namespace mend;

namespace {

document with_metrics(const std::string& metrics) {
    return parse_json(
        R"({"model": {"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense",
            "config": {"units": 2, "batch_input_shape": [null, 2]}}]}},
            "compile": {"loss": "mse", "optimizer": "sgd", "metrics": )" +
        metrics + "}}"
    );
}

std::vector<metric_spec> read(const std::string& metrics) {
    return problem_from(with_metrics(metrics)).compile.metrics;
}

std::string mistake_of(const std::string& metrics) {
    const auto found = validate(with_metrics(metrics));
    return found.size() == 1 ? found[0].where + ": " + found[0].why : "";
}

} // namespace

TEST_CASE("metric: names, classes and settings of Keras 2 and 3") {
    CHECK(
        read(R"(["acc", "AUC", "Precision", "mse"])") ==
        std::vector<metric_spec>{"accuracy", "auc", "precision", "mean_squared_error"}
    );
    const auto classes = read(
        R"([{"class_name": "SparseTopKCategoricalAccuracy", "config": {"k": 3, "name": "top3"}},
            {"class_name": "AUC", "config": {"num_thresholds": 50, "curve": "ROC",
             "summation_method": "interpolation", "multi_label": false, "from_logits": false}},
            {"class_name": "Recall", "config": {"thresholds": 0.25, "top_k": null}},
            {"class_name": "Precision", "config": {"thresholds": null, "class_id": null}},
            {"class_name": "BinaryAccuracy", "config": {"threshold": 0.75}}])"
    );
    REQUIRE(classes.size() == 5);
    CHECK(classes[0].name == "sparse_top_k_categorical_accuracy");
    CHECK(classes[0].k == 3);
    CHECK(classes[1].num_thresholds == 50);
    CHECK(classes[2].threshold == 0.25);
    CHECK(classes[3] == metric_spec("precision"));
    CHECK(classes[4].threshold == 0.75);
}

TEST_CASE("metric: what mend does not compute is a mistake") {
    const std::string at = "/compile/metrics/0/config/";
    CHECK(
        mistake_of(R"([{"class_name": "AUC", "config": {"curve": "PR"}}])") ==
        at + "curve: \"PR\" is not supported, only ROC is"
    );
    CHECK(
        mistake_of(R"([{"class_name": "AUC", "config": {"num_thresholds": 1}}])") ==
        at + "num_thresholds: must be at least 2"
    );
    CHECK(
        mistake_of(R"([{"class_name": "Precision", "config": {"class_id": 1}}])") ==
        at + "class_id: 1 is not supported, only null is"
    );
    CHECK(
        mistake_of(R"([{"class_name": "Precision", "config": {"thresholds": [0.5]}}])") ==
        at + "thresholds: must be a number, not [0.5]"
    );
}

TEST_CASE("metric: a patch names their settings") {
    const problem before = problem_from(with_metrics(R"(["acc"])"));
    problem after = before;
    after.compile.metrics = {"auc", "recall"};
    after.compile.metrics[1].threshold = 0.25;
    const patch found = diff(before, after);
    CHECK(apply(before, found) == after);
    CHECK(
        found.text ==
        std::vector<std::string>{"metrics: [accuracy] -> [auc, recall(thresholds=0.25)]"}
    );
}

} // namespace spec_metric_tests
