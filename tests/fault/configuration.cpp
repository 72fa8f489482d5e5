// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/fault/configuration.hpp>
#include <mend/io/json_text.hpp>
#include <mend/spec/difference.hpp>

namespace fault_configuration_tests {

namespace {

mend::fault sample() {
    return mend::fault_from(mend::parse_json(R"({
 "id": "f", "data": "blobs",
 "problem": {
  "model": {"class_name": "Sequential", "config": {"layers": [
    {"class_name": "Dense", "config": {"units": 8, "activation": "linear", "batch_input_shape": [null, 2],
      "kernel_initializer": {"class_name": "RandomNormal", "config": {"stddev": 1.0}}}},
    {"class_name": "Dense", "config": {"units": 3, "activation": "softmax"}}]}},
  "compile": {"optimizer": {"class_name": "SGD", "config": {"learning_rate": 3.0}}, "loss": "mse"},
  "fit": {"epochs": 5, "batch_size": 10}},
 "fix": [],
 "space": {"dimensions": [
   {"name": "act1", "edits": "layers[0].activation", "faulty": "None"},
   {"name": "ki1", "edits": "layers[0].kernel_initializer", "faulty": "RandomNormal"},
   {"name": "unit1", "edits": "layers[0].units", "faulty": "8"},
   {"name": "layer1", "edits": "layers[0].repeat", "faulty": "1"},
   {"name": "bi2", "edits": "layers[1].bias_initializer", "faulty": "zeros", "frozen": true},
   {"name": "none", "edits": "", "faulty": "1"},
   {"name": "loss", "edits": "loss", "faulty": "mean_squared_error"},
   {"name": "optimizer", "edits": "optimizer", "faulty": "sgd"},
   {"name": "lr", "edits": "learning_rate", "faulty": "3.0"},
   {"name": "epochs", "edits": "epochs", "faulty": "5"},
   {"name": "batch_size", "edits": "batch_size", "faulty": "10"}],
  "epochs": {"ratio": [1.1, 1.3], "quotients_above": 1}}})"));
}

mend::problem at(const char* configuration) { return mend::configured(sample(), configuration); }

} // namespace

TEST_CASE("configuration: the faulty values are the faulty problem") {
    CHECK(at("act1=None,ki1=RandomNormal,unit1=8,lr=3.0,epochs=5,none=7") == sample().problem);
    CHECK(at("") == sample().problem);
}

TEST_CASE("configuration: each value lands where it belongs, of whatever size") {
    const mend::problem p =
        at("act1=exponential,bi2=he_normal,ki1=random_normal,layer1=2,unit1=16,loss=poisson,"
           "optimizer=adam,lr=30.0,epochs=400,batch_size=512");
    REQUIRE(p.model.layers.size() == 3);
    for (std::size_t i = 0; i < 2; ++i) {
        mend::layer_spec layer = p.model.layers[i];
        const auto& dense = mend::get<mend::dense_spec>(layer.kind);
        CHECK(dense.units == 16);
        CHECK(dense.activation == "exponential");
        CHECK(dense.kernel_initializer == mend::initializer_spec{.name = "random_normal"});
    }
    CHECK(mend::get<mend::dense_spec>(p.model.layers[2].kind).bias_initializer.name == "he_normal");
    CHECK(p.compile.loss.name == "poisson");
    CHECK(p.compile.optimizer.class_name() == "Adam");
    CHECK(p.compile.optimizer.learning_rate() == 30);
    CHECK(p.fit.epochs == 400);
    CHECK(p.fit.batch_size == 512);
    CHECK(at("layer1=0").model.layers.size() == 1);
    CHECK(at("optimizer=adam").compile.optimizer.learning_rate() == 3.0);
}

TEST_CASE("configuration: what is no configuration of the fault is refused") {
    for (const char* const wrong : {"act1", "act9=relu", "act1=wavy", "loss=none"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(static_cast<void>(at(wrong)), mend::data_error);
    }
}

} // namespace fault_configuration_tests
