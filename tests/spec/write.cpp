// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/read.hpp>
#include <mend/spec/write.hpp>

#include "random_problem.hpp"

namespace spec_write_tests {

using namespace mend;

TEST_CASE("write: reading back what was written gives the same problem, names included") {
    test::problem_maker maker(5);
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        const problem p = maker.make();
        const problem back = problem_from(document_from(p));
        REQUIRE(back == p);
        REQUIRE(back.model.name == p.model.name);
        REQUIRE(back.model.keras_version == p.model.keras_version);
        for (std::size_t i = 0; i < p.model.layers.size(); ++i) {
            REQUIRE(back.model.layers[i].name == p.model.layers[i].name);
        }
        // Text and back.
        REQUIRE(problem_from(parse_json(to_json(document_from(p), 2))) == p);
    }
}

TEST_CASE("write: the spelling is Keras 2's, with every setting") {
    const problem p{
        .model =
            {.input_shape = {2},
             .layers = {{.kind = dense_spec{.units = 16, .activation = "relu"}, .name = "d"}},
             .keras_version = "2.4.3",
             .name = "m"},
        .compile = {
            .optimizer = {sgd_spec{.momentum = 0.9}},
            .loss = {.name = "binary_crossentropy", .from_logits = true},
            .metrics = {"accuracy"}}};
    CHECK(document_from(p) == parse_json(R"({
"model": {"class_name": "Sequential", "keras_version": "2.4.3", "config": {"name": "m", "layers": [
  {"class_name": "Dense", "config": {
    "name": "d", "trainable": true, "units": 16, "activation": "relu", "use_bias": true,
    "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}},
    "bias_initializer": {"class_name": "Zeros", "config": {}},
    "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": null,
    "kernel_constraint": null, "bias_constraint": null,
    "batch_input_shape": [null, 2]}}]}},
"compile": {
  "optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.01, "momentum": 0.9, "nesterov": false}},
  "loss": {"class_name": "BinaryCrossentropy", "config": {"from_logits": true}},
  "metrics": ["accuracy"]},
"fit": {"batch_size": 32, "epochs": 1, "shuffle": true, "validation_split": 0.0}})"));
}

TEST_CASE("write: a setting at its default can be left out") {
    const layer_kind dense = dense_spec{.units = 1, .activation = "relu"};
    CHECK(
        to_json(settings_document(dense, detail_level::given)) ==
        R"({"units": 1, "activation": "relu"})"
    );
    const layer_kind pool = max_pooling2d_spec{{.pool_size = {3, 3}, .strides = extent_pair{3, 3}}};
    CHECK(to_json(settings_document(pool, detail_level::given)) == R"({"pool_size": [3, 3]})");
    CHECK(to_json(document_from(loss_spec{"huber"})) == "\"huber\"");
}

} // namespace spec_write_tests
