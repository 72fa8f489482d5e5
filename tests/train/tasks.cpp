// SPDX-License-Identifier: MIT
// The built-in image and text data are real tasks: too hard for a linear model, learnt by a small
// network of the right kind, and close enough to MNIST that a network trained there reads the drawn
// digits.
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/digits.hpp>
#include <mend/data/textures.hpp>
#include <mend/data/topics.hpp>
#include <mend/io/dataset.hpp>
#include <mend/train/trainer.hpp>

#include "../io/scratch.hpp"

namespace train_tasks_tests {

namespace {

mend::layer_spec dense(std::int64_t units, const char* activation) {
    return {mend::dense_spec{.units = units, .activation = activation}};
}

mend::problem model(
    mend::dimensions input, std::vector<mend::layer_spec> layers, double rate, std::int64_t epochs
) {
    mend::problem p;
    p.model.input_shape = std::move(input);
    p.model.layers = std::move(layers);
    p.compile.optimizer.kind = mend::adam_spec{.learning_rate = rate};
    p.compile.loss.name = "sparse_categorical_crossentropy";
    p.fit.batch_size = 32;
    p.fit.epochs = epochs;
    return p;
}

mend::problem linear(std::int64_t inputs, std::int64_t epochs) {
    return model({inputs}, {dense(10, "softmax")}, 0.001, epochs);
}

mend::problem small_cnn(mend::dimensions input, std::int64_t epochs) {
    const auto conv = [](std::int64_t filters) {
        return mend::layer_spec{mend::conv2d_spec{.filters = filters, .activation = "relu"}};
    };
    return model(
        std::move(input),
        {conv(16),
         {mend::max_pooling2d_spec{}},
         conv(32),
         {mend::max_pooling2d_spec{}},
         {mend::flatten_spec{}},
         dense(64, "relu"),
         dense(10, "softmax")},
        0.002,
        epochs
    );
}

double test_accuracy(const mend::problem& p, const mend::dataset& data) {
    const mend::data_parts parts = mend::split(data, 0.0);
    const mend::score_rule rule{mend::score_kind::accuracy};
    return mend::train(p, data, parts, rule, {.seed = 1, .test = true}).test.metric;
}

} // namespace

TEST_CASE("tasks: digits are beyond a linear model and within a small CNN") {
    const mend::dataset digits = mend::make_digits();
    CHECK(test_accuracy(linear(784, 20), digits) <= 0.90);
    CHECK(test_accuracy(small_cnn({28, 28, 1}, 6), digits) >= 0.98);
}

TEST_CASE("tasks: textures are beyond a linear model and within a small CNN") {
    const mend::dataset textures = mend::make_textures();
    CHECK(test_accuracy(linear(32 * 32 * 3, 15), textures) <= 0.5);
    CHECK(test_accuracy(small_cnn({32, 32, 3}, 4), textures) >= 0.85);
}

TEST_CASE("tasks: topics bring an MLP between 0.8 and 0.95") {
    mend::problem mlp = model({10000}, {dense(64, "relu"), dense(46, "softmax")}, 0.001, 8);
    const double accuracy = test_accuracy(mlp, mend::make_topics());
    CHECK(accuracy >= 0.8);
    CHECK(accuracy <= 0.95);
}

TEST_CASE("tasks: a CNN trained on MNIST reads at least six of ten drawn digits") {
    if (real_data().empty()) {
        MESSAGE("skipped: MEND_DATA_DIR holds no data");
        return;
    }
    const mend::dataset mnist = mend::read_dataset("mnist:" + real_data() + "/mnist?limit=12000");
    const mend::data_parts parts = mend::split(mnist, 0.0);
    mend::trainer run(
        small_cnn({28, 28, 1}, 3), mnist, parts, {mend::score_kind::accuracy}, {.seed = 1}
    );
    run.run(3);
    CHECK(run.evaluate(parts.test).metric > 0.97);
    const mend::dataset drawn = mend::make_digits({.n = 1000});
    CHECK(run.evaluate(mend::data_part(drawn.pool)).metric >= 0.6);
}

} // namespace train_tasks_tests
