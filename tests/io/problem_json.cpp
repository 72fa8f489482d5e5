// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/io/problem_json.hpp>
#include <mend/spec/validate.hpp>

#include "../build_facts.hpp"

namespace io_problem_json_tests {

using namespace mend;

namespace {

const std::string folder = std::string(build_facts::source_folder) + "/tests/io/samples/";

const std::vector<std::string> samples{
    "fault.json",
    "keras2_cnn.json",
    "keras2_mlp.json",
    "keras2_old.json",
    "keras2_tuples.json",
    "keras3_cnn.json",
    "keras3_mlp.json",
    "small.json",
    "tfjs_cnn.json",
    "tfjs_mlp.json",
    "tfjs_model_json.json",
    "tfjs_text.json"};

problem sample(const std::string& name) { return read_problem(folder + name); }

template <class Layer>
const Layer& layer_of(const problem& p, std::size_t position) {
    return mend::get<Layer>(p.model.layers.at(position).kind);
}

/// The error of a text; "" where it is a problem.
std::string failure(const std::string& text, const std::string& name = "") {
    try {
        static_cast<void>(parse_problem(text, name));
    } catch (const spec_error& e) {
        return e.what();
    }
    return "";
}

} // namespace

TEST_CASE("problem_json: TensorFlow.js' model.toJSON() of an MLP reads as what was built") {
    const problem p = sample("tfjs_mlp.json");
    CHECK(p.model.semantics() == keras_semantics::keras2_15);
    CHECK(p.model.input_shape == dimensions{784});
    const initializer_spec glorot{"glorot_normal"}; // TensorFlow.js' default, written as scaling
    const std::vector<layer_spec> expected{
        {dense_spec{.units = 512, .activation = "relu", .kernel_initializer = glorot}},
        {dropout_spec{.rate = 0.2}},
        {dense_spec{
            .units = 512,
            .activation = "relu",
            .kernel_initializer = {"he_normal"},
            .kernel_regularizer = {0.01, 0.01}}},
        {dense_spec{
            .units = 10,
            .activation = "softmax",
            .kernel_initializer = glorot,
            .bias_initializer = {.name = "constant", .value = 0.1}}}};
    CHECK(p.model.layers == expected);
    CHECK(p.model.layers[0].name == "dense_Dense1");
    // Its RMSprop calls rho decay.
    CHECK(p.compile.optimizer == optimizer_spec{rmsprop_spec{.learning_rate = 0.001, .rho = 0.9}});
    CHECK(p.compile.loss == loss_spec{"categorical_crossentropy"});
    CHECK(p.compile.metrics == std::vector<metric_spec>{"accuracy"});
    CHECK(p.fit == fit_spec{.batch_size = 64, .epochs = 3, .validation_split = 0.1});
}

TEST_CASE("problem_json: TensorFlow.js' model.toJSON() of a CNN reads as what was built") {
    const problem p = sample("tfjs_cnn.json");
    CHECK(p.model.input_shape == dimensions{28, 28, 1});
    REQUIRE(p.model.layers.size() == 7);
    const auto& conv = layer_of<conv2d_spec>(p, 0);
    CHECK(conv.filters == 8);
    CHECK(conv.strides == extent_pair{2, 2});
    CHECK(conv.padding == "same");
    CHECK(layer_of<conv2d_spec>(p, 2).kernel_size == extent_pair{3, 2});
    CHECK(layer_of<conv2d_spec>(p, 2).kernel_initializer == initializer_spec{"random_normal"});
    CHECK(layer_of<average_pooling2d_spec>(p, 4).step() == extent_pair{1, 1});
    CHECK(p.compile.optimizer == optimizer_spec{adam_spec{.learning_rate = 0.01}});
    CHECK(output_shape(p.model) == dimensions{10});
}

TEST_CASE("problem_json: a model given as text, or as model.json, reads like the tree") {
    const problem text = sample("tfjs_text.json");
    const problem tree = sample("tfjs_model_json.json");
    CHECK(text.model == tree.model);
    CHECK(text.model_is_text);
    CHECK_FALSE(tree.model_is_text);
    CHECK(text.compile == tree.compile); // "sgd" and {"class_name": "SGD", "learningRate": 0.01}
    CHECK(text.fit == fit_spec{.epochs = 2});
    CHECK(tree.fit == fit_spec{});
}

TEST_CASE("problem_json: files of Keras 2 read as what they mean") {
    const problem mlp = sample("keras2_mlp.json");
    CHECK(mlp.model.semantics() == keras_semantics::keras2_10);
    CHECK(mlp.model.layers.size() == 5);
    CHECK(layer_of<dense_spec>(mlp, 4).kernel_regularizer.l2 == 0.009999999776482582);
    CHECK(infer_shapes(mlp.model).parameters() == 669706); // Keras' summary of this network
    CHECK(mlp.fit == fit_spec{.batch_size = 128, .epochs = 20});

    const problem cnn = sample("keras2_cnn.json");
    CHECK(cnn.model.input_shape == dimensions{32, 32, 3});
    CHECK(
        cnn.compile.optimizer ==
        optimizer_spec{
            sgd_spec{.learning_rate = 0.009999999776482582, .momentum = 0.9, .nesterov = true}}
    );
    CHECK(
        cnn.compile.loss == loss_spec{.name = "categorical_crossentropy", .label_smoothing = 0.1}
    );
    CHECK(cnn.compile.metrics == std::vector<metric_spec>{"categorical_accuracy"});

    const problem tuples = sample("keras2_tuples.json");
    CHECK(tuples.model.layers == cnn.model.layers);
    CHECK(tuples.model.semantics() == keras_semantics::keras2_15);
    CHECK(tuples.compile.optimizer == optimizer_spec{adadelta_spec{.learning_rate = 1}});
    CHECK(tuples.fit.batch_size == 32);

    const problem old = sample("keras2_old.json");
    CHECK(old.model.input_shape == dimensions{8});
    CHECK(layer_of<dense_spec>(old, 1).kernel_initializer.name == "random_normal");
    CHECK(old.compile.optimizer.learning_rate() == 0.0010000000474974513);
    CHECK(mend::get<adam_spec>(old.compile.optimizer.kind).epsilon == 1e-7);
    CHECK(old.fit == fit_spec{.batch_size = 10, .epochs = 150});
}

TEST_CASE("problem_json: files of Keras 3 read as what they mean") {
    const problem mlp = sample("keras3_mlp.json");
    CHECK(mlp.model.semantics() == keras_semantics::keras3);
    CHECK(mlp.model.input_shape == dimensions{784});
    CHECK(layer_of<rescaling_spec>(mlp, 0).scale == 0.00392156862745098);
    CHECK(mlp.compile.loss.name == "sparse_categorical_crossentropy");

    const problem cnn = sample("keras3_cnn.json");
    CHECK(layer_of<normalization_spec>(cnn, 0) == normalization_spec{});
    CHECK(layer_of<conv2d_spec>(cnn, 1).kernel_initializer == initializer_spec{"he_normal"});
    CHECK(layer_of<conv2d_spec>(cnn, 1).kernel_regularizer == regularizer_spec{.l2 = 0.0001});
    CHECK(cnn.compile.loss == loss_spec{.name = "categorical_crossentropy", .from_logits = true});
    // Keras' example: conv 320 + 18496, dense 1600 -> 10.
    CHECK(infer_shapes(cnn.model).parameters() == 320 + 18496 + 16010);
}

TEST_CASE("problem_json: of a fault its problem is read, and mistakes name the path in the fault") {
    const problem p = sample("fault.json");
    CHECK(p.compile.optimizer == optimizer_spec{sgd_spec{}});
    std::string text = read_text_file(folder + "fault.json");
    text.replace(text.find("\"sgd\""), 5, "\"LION\"");
    CHECK(
        failure(text, "f.json") == "f.json: /problem/compile/optimizer: \"LION\" is not supported"
    );
}

TEST_CASE("problem_json: what is written reads back as the same problem") {
    for (const std::string& name : samples) {
        CAPTURE(name);
        const problem p = sample(name);
        CHECK(parse_problem(to_json(p)) == p);
        problem made = p; // in Keras 2's own spelling
        made.source = {};
        CHECK(parse_problem(to_json(made)) == p);
        made.fit.epochs += 1; // the source no longer says the same
        made.source = p.source;
        CHECK(parse_problem(to_json(made)) == made);
    }
    const std::string path = std::filesystem::temp_directory_path() / "mend_problem_json.json";
    const problem p = sample("small.json");
    write_problem(path, p);
    CHECK(read_problem(path) == p);
    CHECK(parse_json(read_text_file(path)) == parse_json(read_text_file(folder + "small.json")));
    std::remove(path.c_str());
    CHECK_THROWS_AS(write_problem("/nowhere/at/all.json", p), file_error);
    CHECK_THROWS_AS(static_cast<void>(read_problem("/nowhere/at/all.json")), file_error);
    CHECK_THROWS_AS(static_cast<void>(read_problem(folder)), file_error);
}

TEST_CASE("problem_json: malformed JSON is named by line and column") {
    CHECK(failure("", "p.json").starts_with("p.json: line 1, column 0: syntax error"));
    CHECK(failure("{\n  \"model\": x\n}", "p.json")
              .starts_with("p.json: line 2, column 12: syntax error"));
    CHECK(failure("{} {}").starts_with("line 1, column 4: syntax error"));
    CHECK(failure("{\"a\": [1,]}").starts_with("line 1, column 10: "));
    CHECK(failure("{\"a\": NaN}") == "line 1, column 7: NaN and infinities are not JSON");
    CHECK(failure("{\"a\": 1e999}").starts_with("line 1, column 11: number overflow"));
    CHECK(
        failure("{\"fit\": {\"epochs\": 1, \"epochs\": 2}}") ==
        "/fit/epochs: this key is given twice"
    );
    CHECK(
        failure("{\"a\": [0, {\"b\": 1, \"b\": 2}]}", "f") == "f: /a/1/b: this key is given twice"
    );
    CHECK(failure("\"\xff\"").find('\n') == std::string::npos);
    CHECK(failure(std::string(100000, '[')).ends_with("is nested more than 200 deep"));
    CHECK(failure("{\"model\": \"{\", \"compile\": {}}", "p")
              .starts_with("p: /model: line 1, column 1: "));
    CHECK(
        failure("[1, 2]") ==
        R"(/: a problem is an object with "model", "compile" and "fit", not [1, 2])"
    );
    CHECK(failure("7").ends_with(", not 7"));
    CHECK(
        failure(R"({"class_name": "Sequential", "config": {"layers": []}})", "m.json") ==
        R"(m.json: /: is a model alone: a problem has it as "model", beside "compile" and "fit")"
    );
}

TEST_CASE("problem_json: a JSON text keeps order, integers and exact reals") {
    const std::string text =
        R"({"b": 1, "a": [true, null, -0.0, 1e-07, 9007199254740993, 0.1, 2.0], "": "\u00e9\"\\\u0001"})";
    CHECK(
        to_json(parse_json(text)) ==
        R"({"b": 1, "a": [true, null, -0.0, 1e-07, 9007199254740993, 0.1, 2.0], "": "é\"\\\u0001"})"
    );
    CHECK(parse_json("18446744073709551615").as_number() == 18446744073709551615.0);
    CHECK(parse_json("\xEF\xBB\xBF{}") == document::object());
}

TEST_CASE("problem_json: mutilated files give a problem or one line of error, never a crash") {
    random_stream random(3, 0, purpose::generator);
    const std::vector<std::string> tokens{
        "null",
        "-1",
        "0",
        "1e308",
        "\"x\"",
        "[]",
        "{}",
        "true",
        "1.5",
        "[1]",
        "2147483648",
        "\"relu\""};
    int problems = 0;
    int errors = 0;
    const auto try_text = [&](const std::string& text) {
        try {
            const problem p = parse_problem(text, "f.json");
            REQUIRE(parse_problem(to_json(p)) == p);
            ++problems;
        } catch (const spec_error& e) {
            const std::string what = e.what();
            REQUIRE(what.find('\n') == std::string::npos);
            REQUIRE(what.starts_with("f.json: "));
            ++errors;
        }
    };
    for (const std::string& name : samples) {
        const std::string text = read_text_file(folder + name);
        const document tree = parse_json(text);
        for (int round = 0; round < 60; ++round) { // bytes
            std::string bad = text;
            for (std::uint64_t edits = 1 + random.below(3); edits-- > 0;) {
                const auto at = static_cast<std::size_t>(random.below(bad.size()));
                switch (random.below(3)) {
                case 0:
                    bad[at] = static_cast<char>(random.below(256));
                    break;
                case 1:
                    bad.erase(at, 1 + static_cast<std::size_t>(random.below(20)));
                    break;
                default:
                    bad.resize(at + 1);
                }
            }
            try_text(bad);
        }
        // Every value of the tree in turn becomes something else.
        std::vector<std::string> paths;
        const auto walk =
            [&paths](const auto& self, const document& value, const std::string& at) -> void {
            paths.push_back(at);
            if (value.is_array()) {
                for (std::size_t i = 0; i < value.size(); ++i) {
                    self(self, value.items()[i], pointer_to(at, i));
                }
            } else if (value.is_object()) {
                for (const auto& [key, member] : value.members()) {
                    self(self, member, pointer_to(at, key));
                }
            }
        };
        walk(walk, tree, "");
        for (const std::string& path : paths) {
            for (int round = 0; round < 3; ++round) {
                document bad = tree;
                static_cast<void>(replace_at(
                    bad,
                    path,
                    parse_json(tokens[static_cast<std::size_t>(random.below(tokens.size()))])
                ));
                try_text(to_json(bad));
            }
            document less = tree;
            static_cast<void>(remove_at(less, path));
            try_text(to_json(less));
        }
    }
    CHECK(problems > 500);
    CHECK(errors > 2000);
}

} // namespace io_problem_json_tests
