// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/callback.hpp>
#include <mend/spec/diff.hpp>

namespace spec_callback_tests {

using namespace mend;

namespace {

document with_fit(std::string_view fit, std::string_view version = "2.4.3") {
    std::string text = R"({"model": {"class_name": "Sequential", "keras_version": ")";
    text += version;
    text += R"(", "config": {"layers": [{"class_name": "Dense", "config": {"units": 2,
        "batch_input_shape": [null, 2]}}]}}, "compile": {"loss": "mse", "metrics": ["acc", "AUC"],
        "optimizer": "sgd"}, "fit": )";
    text += fit;
    return parse_json(text + "}");
}

std::vector<std::string> mistakes(std::string_view fit, std::string_view version = "2.4.3") {
    std::vector<std::string> found;
    for (const mistake& m : validate(with_fit(fit, version))) {
        found.push_back(m.where + ": " + m.why);
    }
    return found;
}

using list = std::vector<std::string>;

const std::string both = R"({"epochs": 9, "class_weight": {"0": 1, "1": 2.5}, "callbacks": [
    {"class_name": "EarlyStopping", "config": {"monitor": "val_acc", "patience": 3, "verbose": 1,
        "baseline": null, "restore_best_weights": true}},
    {"class_name": "ReduceLROnPlateau", "config": {"factor": 0.5, "min_lr": 1e-05}}]})";

} // namespace

TEST_CASE("callback: what Keras calls them is read with Keras' defaults") {
    const problem p = problem_from(with_fit(both));
    REQUIRE(p.fit.callbacks.size() == 2);
    const callback_spec& stop = p.fit.callbacks[0];
    CHECK(stop.monitor == "val_acc");
    CHECK(stop.patience == 3);
    CHECK(stop.min_delta == 0);
    CHECK(stop.restore_best_weights);
    CHECK(monitored_metric(stop, p.compile)->metric == 0);
    CHECK(monitored_metric(stop, p.compile)->validation);
    const callback_spec& reduce = p.fit.callbacks[1];
    CHECK(reduce.monitor == "val_loss");
    CHECK(reduce.patience == 10);
    CHECK(reduce.min_delta == 1e-4);
    CHECK(reduce.factor == 0.5);
    CHECK(p.fit.class_weight.weights[1] == std::pair<std::int64_t, double>{1, 2.5});
    CHECK(problem_from(document_from(p)) == p);
}

TEST_CASE("callback: mistakes name their path") {
    CHECK(
        mistakes(R"({"callbacks": [{"class_name": "CSVLogger"}]})") ==
        list{"/fit/callbacks/0/class_name: \"CSVLogger\" is not supported"}
    );
    CHECK(
        mistakes(R"({"callbacks": [{"class_name": "EarlyStopping", "config": {"mode": "up"}}]})") ==
        list{"/fit/callbacks/0/config/mode: \"up\" is not supported"}
    );
    CHECK(
        mistakes(
            R"({"callbacks": [{"class_name": "EarlyStopping", "config": {"monitor": "val_mae"}}]})"
        ) == list{"/fit/callbacks/0/config/monitor: \"val_mae\" is neither the loss nor among the "
                  "metrics "
                  "of compile"}
    );
    CHECK(
        mistakes(R"({"class_weight": {"a": 1}})") ==
        list{"/fit/class_weight/a: is not the index of a class"}
    );
    CHECK(
        mistakes(R"({"class_weight": {"1": 2}})") ==
        list{"/fit/class_weight: must name all classes from 0 on in Keras 2, but lacks 0"}
    );
    CHECK(mistakes(R"({"class_weight": {"1": 2}})", "3.3.3").empty());
    document scheduled = with_fit(both);
    *scheduled.find("compile")->find("optimizer") = parse_json(
        R"({"class_name": "SGD", "config": {"learning_rate": {"class_name": "CosineDecay",
            "config": {"initial_learning_rate": 1, "decay_steps": 9}}}})"
    );
    REQUIRE(validate(scheduled).size() == 1);
    CHECK(validate(scheduled)[0].where == "/fit/callbacks/1");
}

TEST_CASE("callback: patches add callbacks and change their leaves") {
    const problem before = problem_from(with_fit(both));
    problem after = before;
    after.fit.callbacks[0].patience = 5;
    after.fit.callbacks[1].monitor = "loss";
    after.fit.class_weight.weights[0].second = 3;
    const patch changed = diff(before, after);
    REQUIRE(changed.edits.size() == 3);
    CHECK(changed.edits[0].path == "/fit/class_weight");
    CHECK(changed.edits[1].path == "/fit/callbacks/0/config/patience");
    CHECK(changed.edits[2].path == "/fit/callbacks/1/config/monitor");
    CHECK(apply(before, changed) == after);

    const problem plain = problem_from(with_fit("{}"));
    const patch added = diff(plain, before);
    CHECK(apply(plain, added) == before);
    CHECK(
        added.text ==
        list{
            "fit.epochs: 1 -> 9",
            "fit.class_weight: none -> {\"0\": 1.0, \"1\": 2.5}",
            "fit.callbacks: none -> EarlyStopping(monitor=val_acc, patience=3, "
            "restore_best_weights=true), ReduceLROnPlateau(factor=0.5, min_lr=1e-05)"}
    );
    CHECK(apply(before, diff(before, plain)) == plain);
}

} // namespace spec_callback_tests
