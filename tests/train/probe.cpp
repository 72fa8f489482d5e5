// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/train/probe.hpp>

namespace train_probe_tests {

using namespace mend;
using mend::index; // not the one of <strings.h>

namespace {

// Two classes on either side of a line, in 0..1 or scaled.
dataset two_classes(index rows, float scale = 1) {
    auto table = std::make_shared<samples>();
    table->sample = shape{2};
    table->dense = tensor<float>(shape{rows, 2});
    random_stream random(3, 0, purpose::generator);
    for (index r = 0; r < rows; ++r) {
        const auto x = static_cast<float>(random.uniform(-1, 1));
        const auto y = static_cast<float>(random.uniform(-1, 1));
        table->dense[2 * r] = x * scale;
        table->dense[2 * r + 1] = y * scale;
        table->labels.push_back(x + y > 0 ? 1 : 0);
    }
    dataset data;
    data.name = "line";
    data.classes = 2;
    data.pool = table;
    return data;
}

problem mlp(const char* hidden, double rate = 0.1) {
    problem p;
    p.model.input_shape = {2};
    p.model.layers = {
        {dense_spec{.units = 6, .activation = hidden}},
        {dropout_spec{.rate = 0.2}},
        {dense_spec{.units = 2, .activation = "softmax"}}};
    p.compile.optimizer.kind = sgd_spec{.learning_rate = rate};
    p.compile.loss.name = "categorical_crossentropy";
    p.fit.batch_size = 8;
    p.fit.epochs = 8;
    return p;
}

const score_rule accuracy{score_kind::accuracy};

struct watched {
    training_checks seen;
    std::vector<float> weights;
    training_curve curve;
};

watched run_watched(const problem& p, const dataset& data, const probe_options& options = {}) {
    const data_parts parts = split(data, 0.25);
    trainer run(p, data, parts, accuracy, {.seed = 4});
    probe watch(p, options);
    run.run(p.fit.epochs, watch);
    const auto values = std::as_const(run).net().values();
    return {watch.seen(), {values.begin(), values.end()}, run.curve()};
}

} // namespace

TEST_CASE("probe: looks at the start and then every third epoch from the first") {
    const watched done = run_watched(mlp("relu"), two_classes(80));
    std::vector<std::int64_t> epochs;
    for (const training_check& c : done.seen.at) {
        epochs.push_back(c.epoch);
    }
    CHECK(epochs == std::vector<std::int64_t>{-1, 0, 3, 6});
    CHECK_FALSE(done.seen.failure.has_value());

    problem longer = mlp("relu");
    longer.fit.epochs = 10;
    const watched other = run_watched(longer, two_classes(80), {.interval = 3, .start = false});
    REQUIRE(other.seen.at.size() == 4);
    CHECK(other.seen.at.back().epoch == 9);
}

TEST_CASE("probe: what lies between weights is no weight") {
    // Without epsilon, RMSprop divides zero by zero where there is no gradient.
    problem p = mlp("tanh");
    p.compile.optimizer.kind = rmsprop_spec{.epsilon = 0};
    p.fit.epochs = 1;
    const watched done = run_watched(p, two_classes(80));
    REQUIRE(done.seen.at.size() == 2);
    CHECK(done.seen.at.back().bad_weights == 0);
}

TEST_CASE("probe: sees an epoch's own weights before a callback puts others back") {
    problem p = mlp("tanh", 0.01);
    p.fit.epochs = 4;
    callback_spec stop = callback_named("EarlyStopping");
    stop.monitor = "loss";
    stop.mode = "max"; // the first epoch is the best
    stop.patience = 3;
    problem restoring = p;
    stop.restore_best_weights = true;
    restoring.fit.callbacks = {stop};
    const watched with = run_watched(restoring, two_classes(80));
    const watched without = run_watched(p, two_classes(80));
    CHECK(with.weights != without.weights);
    CHECK(with.seen.at.back().loss == without.seen.at.back().loss);
}

TEST_CASE("probe: a training that is looked at is the same, bit for bit") {
    const dataset data = two_classes(80);
    const problem p = mlp("tanh");
    const watched with = run_watched(p, data, {.interval = 1});
    const data_parts parts = split(data, 0.25);
    trainer alone(p, data, parts, accuracy, {.seed = 4});
    alone.run(p.fit.epochs);
    const auto values = std::as_const(alone).net().values();
    CHECK(std::equal(values.begin(), values.end(), with.weights.begin(), with.weights.end()));
    CHECK(alone.curve() == with.curve);
}

TEST_CASE("probe: norms and update sizes are those of one step of plain gradient descent") {
    // One full batch per epoch and no dropout: the next update is rate times the gradient seen.
    const dataset data = two_classes(20);
    problem p = mlp("tanh", 0.25);
    p.model.layers[1].kind = dropout_spec{.rate = 0};
    p.fit.batch_size = 64;
    p.fit.epochs = 2;
    const watched done = run_watched(p, data, {.interval = 1});
    REQUIRE(done.seen.at.size() == 3);
    for (const std::size_t layer : {0U, 2U}) {
        const layer_check& before = done.seen.at[0].layers[layer];
        const layer_check& after = done.seen.at[1].layers[layer];
        CHECK(
            after.update_ratio * before.weight ==
            doctest::Approx(0.25 * before.gradient).epsilon(1e-4)
        );
        CHECK(before.kernel_gradient <= before.gradient);
        CHECK(std::isnan(before.update_ratio));
    }
    CHECK(std::isnan(done.seen.at[0].layers[1].gradient)); // Dropout has no weights
    CHECK(std::isnan(done.seen.at[0].layers[1].dead_units));
    // In inference mode the loss on all train rows before the last update is what Keras reports.
    CHECK(done.seen.at[1].loss == doctest::Approx(done.curve[1].train.loss).epsilon(1e-5));
    CHECK(done.seen.at[0].penalty == 0);
    CHECK(done.seen.at[0].output_size == doctest::Approx(1));
    CHECK(done.seen.at[0].bad_outputs == 0);
}

TEST_CASE("probe: units that are off for every row are dead, and their gradients zero") {
    const dataset data = two_classes(80);
    problem p = mlp("relu");
    auto& first = mend::get<dense_spec>(p.model.layers[0].kind);
    first.bias_initializer = {.name = "constant", .value = -100};
    const watched done = run_watched(p, data);
    for (const training_check& c : done.seen.at) {
        CHECK(c.layers[0].dead_units == 1);
        CHECK(c.layers[0].gradient == 0);
        CHECK(c.layers[0].mean_absolute == 0);
        CHECK(c.output_spread == doctest::Approx(0));
        // 2 x 6 + 6 weights of the first layer and the 6 x 2 kernel of the last see nothing.
        CHECK(c.zero_gradients == doctest::Approx(30.0 / 32.0));
    }
    CHECK(run_watched(mlp("relu"), data).seen.at[0].layers[0].dead_units < 1);
}

TEST_CASE("probe: a bounded unit at the end of its range is saturated") {
    const watched calm = run_watched(mlp("tanh"), two_classes(80));
    CHECK(calm.seen.at[0].layers[0].saturated_units < 0.2);
    CHECK(std::isnan(calm.seen.at[0].layers[2].saturated_units)); // an output may be sure
    const watched loud = run_watched(mlp("sigmoid"), two_classes(80, 1000));
    CHECK(loud.seen.at[0].layers[0].saturated_units > 0.95);
    CHECK(loud.seen.at[0].layers[0].variance > 0.1);
}

TEST_CASE("probe: tells where a training broke") {
    problem p = mlp("relu", 1e30);
    p.model.layers[2].kind = dense_spec{.units = 2, .activation = "linear"};
    p.compile.loss.name = "mean_squared_error";
    const watched done = run_watched(p, two_classes(80));
    REQUIRE(done.seen.failure.has_value());
    CHECK(done.seen.failure->epoch == 0);
    CHECK(done.seen.failure->step >= 1);
    CHECK(done.seen.failure->step <= 3);
    CHECK(done.seen.failure->layer >= 0);
    CHECK(done.seen.at.size() == 1);
}

TEST_CASE("probe: penalties are told apart from the loss of the data") {
    problem p = mlp("relu");
    mend::get<dense_spec>(p.model.layers[0].kind).kernel_regularizer.l2 = 10;
    const watched done = run_watched(p, two_classes(80));
    const training_check& start = done.seen.at[0];
    CHECK(start.penalty > 1);
    CHECK(start.loss > start.penalty);
    CHECK(start.penalty < 10 * start.layers[0].weight * start.layers[0].weight * 1.001);
}

} // namespace train_probe_tests
