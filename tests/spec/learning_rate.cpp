// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/learning_rate.hpp>
#include <mend/spec/read_values.hpp>
#include <mend/spec/write.hpp>

namespace spec_learning_rate_tests {

using namespace mend;

namespace {

struct reading {
    learning_rate_spec rate;
    std::vector<std::string> mistakes;
};

reading read(const char* text) {
    reading made;
    detail::mistake_list found;
    detail::read_setting(found, parse_json(text), "/lr", {field{}, &made.rate});
    for (const mistake& m : found.found) {
        made.mistakes.push_back(m.where + ": " + m.why);
    }
    return made;
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("learning_rate: a number is a constant rate, an object a schedule") {
    CHECK(read("0.5").rate == learning_rate_spec(0.5));
    const reading cosine = read(
        R"({"module": "keras.optimizers.schedules", "registered_name": null,
            "class_name": "CosineDecay", "config": {"initial_learning_rate": 0.5, "decay_steps": 10,
            "alpha": 0.1, "name": "CosineDecay", "warmup_target": null, "warmup_steps": 0}})"
    );
    CHECK(cosine.mistakes.empty());
    CHECK(cosine.rate.schedule == "cosine_decay");
    CHECK(cosine.rate.first() == 0.5);
    CHECK(cosine.rate.decay_steps == 10);
    CHECK(cosine.rate.alpha == 0.1);
}

TEST_CASE("learning_rate: what is written is read again") {
    for (const std::string name :
         {"exponential_decay",
          "piecewise_constant_decay",
          "polynomial_decay",
          "inverse_time_decay",
          "cosine_decay",
          "cosine_decay_restarts"}) {
        learning_rate_spec rate(0.25);
        rate.schedule = name;
        if (name == "piecewise_constant_decay") {
            rate.rate = learning_rate_spec().rate;
            rate.boundaries = {3};
            rate.values = {1, 2};
        }
        const document written = document_from(setting{field{}, &rate});
        learning_rate_spec again;
        detail::mistake_list none;
        detail::read_setting(none, written, "", {field{}, &again});
        CHECK(none.found.empty());
        CHECK(again == rate);
    }
}

TEST_CASE("learning_rate: mistakes name their path") {
    CHECK(read("\"fast\"").mistakes == list{"/lr: must be a number or a schedule, not \"fast\""});
    CHECK(
        read(R"({"class_name": "StepDecay", "config": {}})").mistakes ==
        list{"/lr/class_name: \"StepDecay\" is not supported"}
    );
    CHECK(
        read(R"({"class_name": "ExponentialDecay", "config": {"decay_steps": 0, "decay_rate": 1,
            "initial_learning_rate": 1}})")
            .mistakes == list{"/lr/config/decay_steps: must be positive, not 0"}
    );
    CHECK(
        read(R"({"class_name": "InverseTimeDecay"})").mistakes ==
        list{
            "/lr/config/initial_learning_rate: is missing",
            "/lr/config/decay_steps: is missing",
            "/lr/config/decay_rate: is missing"}
    );
    CHECK(
        read(R"({"class_name": "PiecewiseConstantDecay", "config": {"boundaries": [2, 1],
            "values": [1, 2]}})")
            .mistakes ==
        list{
            "/lr/config/values: must be one more than boundaries",
            "/lr/config/boundaries: must ascend"}
    );
}

TEST_CASE("learning_rate: another first rate keeps the course of a schedule") {
    learning_rate_spec rate(0.5);
    rate.schedule = "piecewise_constant_decay";
    rate.values = {1, 0.1};
    rate.first(0.5);
    CHECK(rate.values == std::vector<double>{0.5, 0.05});
    rate = learning_rate_spec(0.5);
    rate.schedule = "cosine_decay";
    rate.first(2);
    CHECK(rate.first() == 2);
    CHECK(rate.schedule == "cosine_decay");
}

TEST_CASE("learning_rate: diffs of a schedule are leaves") {
    problem before;
    before.model.input_shape = {2};
    before.model.layers = {{dense_spec{}}};
    learning_rate_spec rate(0.5);
    rate.schedule = "exponential_decay";
    before.compile.optimizer.rate() = rate;
    problem after = before;
    after.compile.optimizer.rate().decay_rate = 0.25;
    const patch found = diff(before, after);
    REQUIRE(found.edits.size() == 1);
    CHECK(found.edits[0].path == "/compile/optimizer/config/learning_rate/config/decay_rate");
    REQUIRE(found.text.size() == 1);
    CHECK(found.text[0].starts_with("optimizer.learning_rate: exponential_decay("));
    after.compile.optimizer.rate() = 0.1;
    CHECK(diff(before, after).text[0].ends_with("staircase=false) -> 0.1"));
}

} // namespace spec_learning_rate_tests
