// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/read.hpp>

namespace spec_read_tests {

using namespace mend;

namespace {

document good() {
    return parse_json(R"({
"model": {"class_name": "Sequential", "keras_version": "2.4.3", "config": {"name": "m", "layers": [
  {"class_name": "Conv2D", "config": {"filters": 4, "kernel_size": [3, 3], "activation": "relu",
    "batch_input_shape": [null, 8, 8, 1]}},
  {"class_name": "MaxPooling2D", "config": {"pool_size": 2}},
  {"class_name": "Flatten", "config": {}},
  {"class_name": "Dropout", "config": {"rate": 0.5}},
  {"class_name": "Dense", "config": {"units": 3, "activation": "softmax"}}]}},
"compile": {"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.001}},
  "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
"fit": {"batch_size": 32, "epochs": 10}})");
}

const std::string layers = "/model/config/layers";

/// All mistakes after one value is put at a path, as "path: why" lines.
std::vector<std::string> mistakes_with(const std::string& path, std::string_view value) {
    document d = good();
    static_cast<void>(add_at(d, path, parse_json(value)));
    std::vector<std::string> found;
    for (const mistake& m : validate(d)) {
        found.push_back(m.where + ": " + m.why);
    }
    return found;
}

std::vector<std::string> mistakes_without(const std::string& path) {
    document d = good();
    static_cast<void>(remove_at(d, path));
    std::vector<std::string> found;
    for (const mistake& m : validate(d)) {
        found.push_back(m.where + ": " + m.why);
    }
    return found;
}

/// Expects exactly this one mistake.
void expect(
    const std::string& path,
    std::string_view value,
    const std::string& where,
    const std::string& why
) {
    CAPTURE(path);
    CAPTURE(std::string(value));
    CHECK(mistakes_with(path, value) == std::vector<std::string>{where + ": " + why});
}

void expect_at(const std::string& path, std::string_view value, const std::string& why) {
    expect(path, value, path, why);
}

} // namespace

TEST_CASE("read: a good problem has no mistakes") { CHECK(validate(good()).empty()); }

TEST_CASE("read: classes that mend does not support are named with their path") {
    expect_at(layers + "/3/class_name", "\"LSTM\"", "\"LSTM\" is not supported");
    expect_at(layers + "/3/class_name", "3", "must be a name, not 3");
    expect_at(layers + "/0/class_name", "\"conv2d\"", "\"conv2d\" is not supported");
    expect_at(
        "/model/class_name", "\"Functional\"", "\"Functional\" is not supported, only Sequential is"
    );
    expect_at(
        "/model/keras_version",
        "\"1.2.2\"",
        "\"1.2.2\" is not supported: 2.0 to 2.15, 3 and tfjs-layers are"
    );
    expect_at("/compile/optimizer/class_name", "\"Lion\"", "\"Lion\" is not supported");
    expect_at("/compile/optimizer", "\"lion\"", "\"lion\" is not supported");
    expect_at("/compile/loss", "\"ctc\"", "\"ctc\" is not supported");
    expect_at("/compile/metrics/0", "\"f1\"", "\"f1\" is not supported");
    expect_at(layers + "/4/config/activation", "\"rellu\"", "\"rellu\" is not supported");
    expect_at(layers + "/4/config/kernel_initializer", "\"xavier\"", "\"xavier\" is not supported");
    expect(
        layers + "/4/config/kernel_regularizer",
        R"({"class_name": "OrthogonalRegularizer", "config": {}})",
        layers + "/4/config/kernel_regularizer/class_name",
        "\"OrthogonalRegularizer\" is not supported"
    );
    expect_at(
        layers + "/4/config/kernel_regularizer",
        "\"l1_l2\"",
        "needs l1 and l2: Keras versions differ in the defaults"
    );
}

TEST_CASE("read: wrong types are named with what was expected and what was there") {
    expect_at("/fit/batch_size", "\"32\"", "must be an integer, not \"32\"");
    expect_at("/fit/epochs", "1.5", "must be an integer, not 1.5");
    expect_at("/fit/epochs", "null", "must be an integer, not null");
    expect_at("/fit/shuffle", "1", "must be true or false, not 1");
    expect_at("/fit", "[]", "must be an object, not []");
    expect_at("/compile", "true", "must be an object, not true");
    expect_at("/compile/optimizer", "3", "must be an optimizer, not 3");
    expect_at("/compile/optimizer/config", "[1]", "must be an object, not [1]");
    expect_at(
        "/compile/optimizer/config/learning_rate",
        "\"0.1\"",
        "must be a number or a schedule, not \"0.1\""
    );
    expect_at("/compile/loss", "null", "must be a loss, not null");
    expect_at("/compile/metrics/0", "7", "must be a metric, not 7");
    expect_at(
        layers + "/1/config/pool_size",
        "[2, 2, 2]",
        "must be an integer or a list of two, not [2, 2, 2]"
    );
    expect_at(layers + "/3/config/rate", "true", "must be a number, not true");
    expect_at(layers + "/4/config/activation", "[]", "must be a name, not []");
    expect_at(layers + "/2", "\"Flatten\"", "must be a layer, not \"Flatten\"");
    expect_at(layers + "/2/config", "null", "must be an object, not null");
    expect_at(layers, "{}", "must be a list of layers, not an object");
    expect_at("/model/config", "7", "must be a list of layers, not 7");
    expect_at("/model", "\"{}\"", "must be a model as Keras writes it, not \"{}\"");
    expect_at(
        layers + "/0/config/batch_input_shape/1", "null", "must be a positive integer, not null"
    );
    expect_at(
        layers + "/0/config/batch_input_shape",
        "[null]",
        "[null] is not a shape of samples with one to three dimensions"
    );
}

TEST_CASE("read: numbers out of range are named") {
    expect_at(layers + "/4/config/units", "0", "must be positive, not 0");
    expect_at(layers + "/4/config/units", "-3", "must be positive, not -3");
    expect_at(
        layers + "/4/config/units", "3000000000", "must be at most 2147483647, not 3000000000"
    );
    expect_at(layers + "/3/config/rate", "1.5", "must be at least 0 and below 1, not 1.5");
    expect_at(layers + "/3/config/rate", "-0.1", "must be at least 0 and below 1, not -0.1");
    expect_at(layers + "/1/config/pool_size", "[2, 0]", "must be positive, not [2, 0]");
    expect_at("/fit/batch_size", "0", "must be positive, not 0");
    expect_at("/fit/validation_split", "1", "must be at least 0 and below 1, not 1");
    expect_at("/compile/optimizer/config/learning_rate", "-0.1", "must not be negative, not -0.1");
    expect_at("/compile/optimizer/config/beta_1", "1.0", "must be at least 0 and below 1, not 1.0");
}

TEST_CASE("read: missing and unknown keys are named") {
    using list = std::vector<std::string>;
    CHECK(mistakes_without("/compile") == list{"/compile: is missing"});
    CHECK(mistakes_without("/model") == list{"/model: is missing"});
    CHECK(mistakes_without("/fit").empty());
    CHECK(mistakes_without("/compile/loss") == list{"/compile/loss: is missing"});
    CHECK(mistakes_without("/compile/optimizer") == list{"/compile/optimizer: is missing"});
    CHECK(mistakes_without("/compile/metrics").empty());
    CHECK(mistakes_without(layers) == list{layers + ": is missing"});
    CHECK(mistakes_without("/model/config") == list{"/model/config: is missing"});
    CHECK(
        mistakes_without(layers + "/4/config/units") == list{layers + "/4/config/units: is missing"}
    );
    CHECK(mistakes_without(layers + "/4/config") == list{layers + "/4/config: is missing"});
    CHECK(
        mistakes_without(layers + "/0/config/batch_input_shape") ==
        list{layers + "/0/config/batch_input_shape: is missing: the model states no input shape"}
    );
    const std::string unknown = "is not a key that mend knows here";
    expect_at("/fit/epoch", "3", unknown);
    expect_at("/fits", "{}", unknown);
    expect_at("/model/configs", "{}", unknown);
    expect_at("/compile/metric", "[]", unknown);
    expect_at("/compile/optimizer/config/learnin_rate", "0.1", unknown);
    expect_at(layers + "/4/config/unit", "3", unknown);
    expect_at(layers + "/4/config/filters", "3", unknown);
    expect_at(layers + "/4/config/a~1b", "3", unknown);
    expect_at(layers, "[]", "has no layers");
}

TEST_CASE("read: keys that mean something which mend does not do are refused, else ignored") {
    expect_at(layers + "/0/config/groups", "2", "2 is not supported, only 1 is");
    expect_at(
        layers + "/0/config/data_format",
        "\"channels_first\"",
        "\"channels_first\" is not supported, only channels_last is"
    );
    expect_at(
        layers + "/4/config/dtype", "\"float64\"", "\"float64\" is not supported, only float32 is"
    );
    expect_at("/compile/loss_weights", "[1]", "[1] is not supported, only null is");
    expect_at("/fit/sample_weight", "[1]", "[1] is not supported, only null is");
    expect_at("/model/config/trainable", "false", "false is not supported, only true is");
    for (const auto& entry : std::vector<std::pair<std::string, std::string>>{
             {layers + "/0/config/dilation_rate", "1"},
             {layers + "/0/config/groups", "1"},
             {layers + "/0/config/data_format", "\"channels_last\""},
             {layers + "/4/config/kernel_constraint", "null"},
             {layers + "/4/config/bias_constraint", R"({"class_name": "NonNeg", "config": {}})"},
             {layers + "/4/config/dtype",
              R"({"class_name": "DTypePolicy", "config": {"name": "float32"}})"},
             {layers + "/4/config/bias_regularizer", "\"l2\""},
             {"/compile/optimizer/config/clipnorm", "null"},
             {"/compile/optimizer/config/decay", "0.0"},
             {"/compile/optimizer/config/weight_decay", "false"},
             {"/compile/run_eagerly", "true"},
             {"/compile/metrics", "\"mse\""},
             {"/compile/metrics", R"({"dense": ["acc"]})"},
             {"/compile/loss", R"(["mse"])"},
             {"/compile/loss", R"({"dense": "mse"})"},
             {"/fit/verbose", "2"},
             {"/fit/callbacks", "[]"},
             {"/fit/batch_size", "null"},
             {"/fit/batch_size", "64.0"},
             {"/model/backend", "\"tensorflow\""},
             {"/model/keras_version", "null"}}) {
        CAPTURE(entry.first);
        CHECK(mistakes_with(entry.first, entry.second).empty());
    }
}

TEST_CASE("read: layers that do not fit together are named by their path and shapes") {
    expect_at(
        layers + "/1",
        R"({"class_name": "MaxPooling2D", "config": {"pool_size": 7}})",
        "MaxPooling2D: its window (7, 7) is larger than the input (6, 6, 4)"
    );
    expect(
        layers + "/0",
        R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4]}})",
        layers + "/1",
        "Conv2D: needs an input (height, width, channels), not (4)"
    );
    expect_at(
        layers + "/2",
        R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4]}})",
        "an InputLayer must come first"
    );
}

TEST_CASE("read: all mistakes are collected, the error tells the first and how many more") {
    document d = good();
    static_cast<void>(replace_at(d, layers + "/3/config/rate", 2));
    static_cast<void>(replace_at(d, layers + "/1/class_name", "LSTM"));
    static_cast<void>(replace_at(d, "/compile/loss", "x"));
    static_cast<void>(replace_at(d, "/fit/epochs", 0));
    const std::vector<mistake> found = validate(d);
    REQUIRE(found.size() == 4);
    CHECK(found[0] == mistake{layers + "/1/class_name", "\"LSTM\" is not supported"});
    CHECK(found[3].where == "/fit/epochs");
    try {
        static_cast<void>(problem_from(d, "p.json"));
        FAIL("a problem with mistakes was read");
    } catch (const spec_error& e) {
        CHECK(
            std::string(e.what()) ==
            "p.json: /model/config/layers/1/class_name: \"LSTM\" is not supported (and 3 more)"
        );
    }
}

TEST_CASE("read: a problem made in C++ is validated through its document") {
    problem p = problem_from(good());
    p.source = {};
    CHECK(validate(p).empty());
    mend::get<dense_spec>(p.model.layers[4].kind).units = 0;
    mend::get<dense_spec>(p.model.layers[4].kind).activation = "nope";
    p.model.input_shape = {};
    CHECK(validate(p).size() == 3);
}

TEST_CASE("read: the document of a changed problem is written anew") {
    problem p = problem_from(good());
    CHECK(document_of(p) == good());
    p.fit.epochs = 11;
    CHECK(document_of(p) != good());
    CHECK(problem_from(document_of(p)) == p);
}

} // namespace spec_read_tests
