// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/spec/difference.hpp>

namespace spec_difference_tests {

using namespace mend;

namespace {

using list = std::vector<std::string>;

problem base() {
    return {
        .model =
            {.input_shape = {4},
             .layers =
                 {{.kind = dense_spec{.units = 16, .activation = "relu"}, .name = "hidden"},
                  {dropout_spec{.rate = 0.2}},
                  {dense_spec{.units = 3}}},
             .keras_version = "2.4.3"},
        .compile = {
            .optimizer = {adam_spec{.learning_rate = 1}},
            .loss = {"mean_squared_error"},
            .metrics = {"accuracy"}}};
}

dense_spec& dense(problem& p, std::size_t position) {
    return mend::get<dense_spec>(p.model.layers[position].kind);
}

} // namespace

TEST_CASE("difference: one readable line per change") {
    const problem a = base();
    CHECK(lines(a, a).empty());

    problem b = base();
    b.compile.optimizer.learning_rate(0.001);
    CHECK(lines(a, b) == list{"optimizer.learning_rate: 1 -> 0.001"});

    b = base();
    dense(b, 2).activation = "softmax";
    dense(b, 0).kernel_initializer = {.name = "random_normal", .stddev = 0.01};
    dense(b, 0).kernel_regularizer = {.l2 = 0.01};
    b.model.layers[1].trainable = false;
    CHECK(
        lines(a, b) ==
        list{
            "layers[0] Dense \"hidden\" kernel_initializer: glorot_uniform -> "
            "random_normal(stddev=0.01)",
            "layers[0] Dense \"hidden\" kernel_regularizer: none -> l2(0.01)",
            "layers[1] Dropout trainable: true -> false",
            "layers[2] Dense activation: linear -> softmax"}
    );

    b = base();
    b.model.layers.insert(b.model.layers.begin(), {rescaling_spec{.scale = 0.00392}});
    b.model.layers.erase(b.model.layers.begin() + 2);
    b.model.layers.push_back({activation_spec{"softmax"}});
    CHECK(
        lines(a, b) ==
        list{
            "+ Rescaling(scale=0.00392) before layers[0]",
            "- layers[1] Dropout",
            "+ Activation(activation=softmax) after layers[2]"}
    );

    b = base();
    b.compile = {
        .optimizer = {sgd_spec{.learning_rate = 0.1, .momentum = 0.9}},
        .loss = {.name = "categorical_crossentropy", .from_logits = true},
        .metrics = {}};
    b.fit = {.batch_size = 64, .epochs = 3};
    b.model.input_shape = {5};
    b.model.keras_version = "3.0.0";
    CHECK(
        lines(a, b) ==
        list{
            "keras_version: 2.4.3 -> 3.0.0",
            "input_shape: (4) -> (5)",
            "optimizer: Adam -> SGD",
            "optimizer.learning_rate: 1 -> 0.1",
            "optimizer.momentum: 0.9",
            "loss: mean_squared_error -> categorical_crossentropy",
            "loss.from_logits: false -> true",
            "metrics: [accuracy] -> []",
            "fit.batch_size: 32 -> 64",
            "fit.epochs: 1 -> 3"}
    );
}

TEST_CASE("difference: complexity counts settings, added and removed layers, and what comes with "
          "an optimizer") {
    const problem a = base();
    problem b = base();
    CHECK(complexity(a, b) == 0);
    b.compile.optimizer = {sgd_spec{}};
    CHECK(complexity(a, b) == 1); // all settings at their defaults
    b.compile.optimizer = {sgd_spec{.learning_rate = 0.5, .momentum = 0.9}};
    CHECK(complexity(a, b) == 3);

    b = base();
    b.model.layers[1] = {activation_spec{"relu"}}; // one removed, one added
    CHECK(complexity(a, b) == 2);
    b = base();
    b.model.layers.pop_back();
    CHECK(complexity(a, b) == 1);
    b = base(); // an initialiser with its settings is one
    dense(b, 0).kernel_initializer = {.name = "random_normal", .mean = 1, .stddev = 2};
    CHECK(complexity(a, b) == 1);
    b = base(); // names and spellings are none
    b.model.layers[0].name = "other";
    b.model.keras_version = "2.9.1";
    CHECK(complexity(a, b) == 0);

    problem pool{.model = {.input_shape = {8, 8, 1}, .layers = {{max_pooling2d_spec{}}}}};
    problem larger = pool; // strides follow the pool size: one hyperparameter
    larger.model.layers[0] = {max_pooling2d_spec{{.pool_size = {4, 4}}}};
    CHECK(complexity(pool, larger) == 1);
}

TEST_CASE("difference: layers are aligned with as few additions and removals as possible") {
    const auto dense_of = [](std::int64_t units) { return layer_spec{dense_spec{.units = units}}; };
    const layer_spec drop{dropout_spec{}};
    const auto text = [](const std::vector<layer_spec>& a, const std::vector<layer_spec>& b) {
        std::string out;
        for (const auto& [before, after] : align_layers(a, b)) {
            out += (before ? std::to_string(*before) : "-") +
                   (after ? std::to_string(*after) : "-") + " ";
        }
        return out;
    };
    CHECK(text({}, {}).empty());
    CHECK(text({dense_of(1)}, {}) == "0- ");
    CHECK(text({}, {drop}) == "-0 ");
    CHECK(text({dense_of(1), dense_of(2)}, {dense_of(2)}) == "0- 10 ");
    CHECK(text({dense_of(1), dense_of(2)}, {dense_of(1)}) == "00 1- ");
    CHECK(text({dense_of(1), dense_of(2)}, {dense_of(3), dense_of(1), dense_of(2)}) == "-0 01 12 ");
    CHECK(text({dense_of(1), drop, dense_of(2)}, {dense_of(5), dense_of(6)}) == "00 1- 21 ");
    // All settings of a layer may change: it is still the layer.
    CHECK(
        text({dense_of(1)}, {{dense_spec{.units = 2, .activation = "relu", .use_bias = false}}}) ==
        "00 "
    );
}

} // namespace spec_difference_tests
