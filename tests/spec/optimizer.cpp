// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/optimizer.hpp>
#include <mend/spec/read.hpp>

namespace spec_optimizer_tests {

using namespace mend;

namespace {

problem with_optimizer(std::string_view optimizer, std::string_view version) {
    std::string text = R"({"model": {"class_name": "Sequential", "keras_version": ")";
    text += version;
    text += R"(", "config": {"layers": [{"class_name": "Dense", "config": {"units": 1,
        "batch_input_shape": [null, 2]}}]}}, "compile": {"loss": "mse", "optimizer": )";
    text += optimizer;
    return problem_from(parse_json(text + "}}"));
}

std::string mistake_of(std::string_view optimizer, std::string_view version) {
    try {
        static_cast<void>(with_optimizer(optimizer, version));
    } catch (const spec_error& e) {
        return e.what();
    }
    return "";
}

double rate_of(std::string_view name, std::string_view version) {
    return with_optimizer("\"" + std::string(name) + "\"", version)
        .compile.optimizer.learning_rate();
}

} // namespace

TEST_CASE("optimizer: a rate that the file leaves out is the default of its version") {
    CHECK(rate_of("adagrad", "2.3.1") == 0.01);
    CHECK(rate_of("adagrad", "2.3.0-tf") == 0.001);
    CHECK(rate_of("adagrad", "2.4.3") == 0.001);
    CHECK(rate_of("Adadelta", "2.2.4") == 1);
    CHECK(rate_of("adadelta", "tfjs-layers 4.22.0") == 1);
    CHECK(rate_of("adamax", "2.0.0") == 0.002);
    CHECK(rate_of("nadam", "2.3.1") == 0.002);
    CHECK(rate_of("nadam", "3.3.3") == 0.001);
    CHECK(rate_of("sgd", "2.3.1") == 0.01);
    CHECK(rate_of("adamw", "2.15.0") == 0.001);
}

TEST_CASE("optimizer: what all of them share is read whatever the class") {
    const problem p = with_optimizer(
        R"({"class_name": "Adagrad", "config": {"clipnorm": 1.5, "decay": 0.25, "weight_decay": 0.1,
            "learning_rate": 0.5, "clipvalue": null}})",
        "2.4.3"
    );
    const optimizer_spec& o = p.compile.optimizer;
    CHECK(o.update.clipnorm == 1.5);
    CHECK_FALSE(o.update.clipvalue.has_value());
    CHECK(o.update.decay == 0.25);
    CHECK(o.update.weight_decay == 0.1);
    CHECK(o.learning_rate() == 0.5);
    const optimizer_spec w =
        with_optimizer(R"({"class_name": "AdamW", "config": {"weight_decay": 0.1}})", "3.3.3")
            .compile.optimizer;
    CHECK(mend::get<adamw_spec>(w.kind).weight_decay == 0.1);
    CHECK_FALSE(w.update.weight_decay.has_value());
}

TEST_CASE("optimizer: a legacy optimizer is refused where its rules were others") {
    const auto legacy = [](const std::string& name) {
        return mistake_of(
            R"({"class_name": ")" + name + R"(", "config": {"is_legacy_optimizer": true}})",
            "2.13.1"
        );
    };
    CHECK(legacy("Adam").empty());
    CHECK(legacy("RMSprop").find("keras_version 2.10") != std::string::npos);
    CHECK(legacy("Adagrad").find("is_legacy_optimizer") != std::string::npos);
}

TEST_CASE("optimizer: TensorFlow.js calls the rho of RMSprop decay, and no other's") {
    const auto with = [](const char* text) { return with_optimizer(text, "tfjs-layers 4.22.0"); };
    const auto rms =
        with(R"({"class_name": "RMSprop", "config": {"learningRate": 1, "decay": 0.8}})");
    CHECK(mend::get<mend::rmsprop_spec>(rms.compile.optimizer.kind).rho == 0.8);
    const auto max = with(
        R"({"class_name": "Adamax", "config": {"learningRate": 1, "beta1": 0.8, "decay": 0.5}})"
    );
    CHECK(max.compile.optimizer.update.decay == 0.5);
}

TEST_CASE("optimizer: settings that a version does not have are mistakes") {
    const std::string nadam = R"({"class_name": "Nadam", "config": {"decay": 0.004}})";
    CHECK(mistake_of(nadam, "2.4.3").empty());
    CHECK(
        mistake_of(nadam, "3.3.3") ==
        "/compile/optimizer/config/decay: is a setting of Keras up to 2.10 only"
    );
    const std::string both = R"({"class_name": "SGD", "config": {"clipnorm": 1, "clipvalue": 1}})";
    CHECK(mistake_of(both, "2.4.3").empty());
    CHECK(
        mistake_of(both, "2.12.0") ==
        "/compile/optimizer/config/clipvalue: cannot stand beside a clipping by norm since Keras "
        "2.11"
    );
    CHECK(
        mistake_of(
            R"({"class_name": "SGD", "config": {"clipnorm": 1, "global_clipnorm": 1}})", "2.4.3"
        ) == "/compile/optimizer/config/global_clipnorm: cannot stand beside clipnorm"
    );
    CHECK(
        mistake_of(R"({"class_name": "SGD", "config": {"clipnorm": 0}})", "2.4.3") ==
        "/compile/optimizer/config/clipnorm: must be positive, not 0"
    );
}

} // namespace spec_optimizer_tests
