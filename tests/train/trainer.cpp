// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/train/trainer.hpp>

namespace {

// Two classes on either side of a line; `labels_of` a problem that an MLP learns in a few epochs.
mend::dataset two_classes(mend::index rows) {
    auto table = std::make_shared<mend::samples>();
    table->sample = mend::shape{2};
    table->dense = mend::tensor<float>(mend::shape{rows, 2});
    mend::random_stream random(3, 0, mend::purpose::generator);
    for (mend::index r = 0; r < rows; ++r) {
        const auto x = static_cast<float>(random.uniform(-1, 1));
        const auto y = static_cast<float>(random.uniform(-1, 1));
        table->dense[2 * r] = x;
        table->dense[2 * r + 1] = y;
        table->labels.push_back(x + y > 0 ? 1 : 0);
    }
    mend::dataset data;
    data.name = "line";
    data.classes = 2;
    data.pool = table;
    return data;
}

mend::problem mlp(std::int64_t outputs, const std::string& last, const std::string& loss) {
    mend::problem p;
    p.model.input_shape = {2};
    p.model.layers = {
        {mend::dense_spec{.units = 16, .activation = "relu"}},
        {mend::dropout_spec{.rate = 0.1}},
        {mend::dense_spec{.units = outputs, .activation = last}}};
    p.compile.optimizer.kind = mend::adam_spec{.learning_rate = 0.01};
    p.compile.loss.name = loss;
    p.fit.batch_size = 16;
    p.fit.epochs = 8;
    return p;
}

const mend::score_rule accuracy{mend::score_kind::accuracy};

std::vector<float>
weights_after(const mend::problem& p, const mend::dataset& data, std::uint64_t seed) {
    const mend::data_parts parts = mend::split(data, 0.2);
    mend::trainer run(p, data, parts, accuracy, {.seed = seed});
    run.run(p.fit.epochs);
    const auto values = std::as_const(run).net().values();
    return {values.begin(), values.end()};
}

} // namespace

TEST_CASE("trainer: a small network learns a line, whatever form loss and labels take") {
    const mend::dataset data = two_classes(600);
    const mend::data_parts parts = mend::split(data, 0.2);
    for (const mend::problem& p :
         {mlp(2, "softmax", "categorical_crossentropy"),
          mlp(2, "softmax", "sparse_categorical_crossentropy"),
          mlp(1, "sigmoid", "binary_crossentropy"),
          mlp(2, "linear", "mean_squared_error"),
          mlp(1, "linear", "mean_absolute_error")}) {
        CAPTURE(p.compile.loss.name);
        const mend::training done =
            mend::train(p, data, parts, accuracy, {.seed = 1, .test = true});
        CHECK(done.status == mend::status::completed);
        CHECK(done.epochs == 8);
        CHECK(done.curve.size() == 8);
        CHECK(done.curve.back().train.loss < done.curve.front().train.loss);
        CHECK(done.validation.metric > 0.93);
        CHECK(done.test.metric > 0.93);
        CHECK(done.samples == 8 * parts.train.size());
    }
}

TEST_CASE("trainer: the same seed gives the same bits, another seed others") {
    const mend::dataset data = two_classes(200);
    const mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    CHECK(weights_after(p, data, 5) == weights_after(p, data, 5));
    CHECK(weights_after(p, data, 5) != weights_after(p, data, 6));
}

TEST_CASE("trainer: going on gives the same bits as training in one go") {
    const mend::dataset data = two_classes(200);
    const mend::data_parts parts = mend::split(data, 0.2);
    const mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    mend::trainer whole(p, data, parts, accuracy, {.seed = 2});
    mend::trainer stepwise(p, data, parts, accuracy, {.seed = 2});
    whole.run(6);
    stepwise.run(1);
    stepwise.run(4);
    stepwise.run(6);
    const auto a = std::as_const(whole).net().values();
    const auto b = std::as_const(stepwise).net().values();
    CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
    CHECK(whole.curve() == stepwise.curve());
}

TEST_CASE("trainer: the search never sees the test part unless it is asked for") {
    const mend::dataset data = two_classes(100);
    const mend::data_parts parts = mend::split(data, 0.2);
    const mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    CHECK(std::isnan(mend::train(p, data, parts, accuracy).test.metric));
}

TEST_CASE("trainer: without a validation part nothing is validated") {
    const mend::dataset data = two_classes(100);
    const mend::data_parts parts = mend::split(data, 0.0);
    const mend::training done =
        mend::train(mlp(2, "softmax", "categorical_crossentropy"), data, parts, accuracy);
    CHECK(done.status == mend::status::completed);
    CHECK(std::isnan(done.validation.loss));
}

TEST_CASE("trainer: a loss without bound ends the training as diverged or nan, and is no error") {
    const mend::dataset data = two_classes(100);
    const mend::data_parts parts = mend::split(data, 0.2);
    mend::problem p = mlp(1, "linear", "mean_squared_error");
    p.compile.optimizer.kind = mend::sgd_spec{.learning_rate = 1e9};
    p.fit.epochs = 50;
    const mend::training done = mend::train(p, data, parts, accuracy);
    CHECK((done.status == mend::status::diverged || done.status == mend::status::nan));
    CHECK(done.steps < 50);
}

TEST_CASE("trainer: inputs that are NaN end the training as nan") {
    mend::dataset data = two_classes(100);
    auto table = std::make_shared<mend::samples>(*data.pool);
    for (float& v : table->dense.flat()) {
        v = std::numeric_limits<float>::quiet_NaN();
    }
    data.pool = table;
    const mend::data_parts parts = mend::split(data, 0.2);
    const mend::training done =
        mend::train(mlp(1, "linear", "mean_squared_error"), data, parts, accuracy);
    CHECK(done.status == mend::status::nan);
    CHECK(done.steps == 0);
}

TEST_CASE("trainer: observers see every step and epoch and may end the training") {
    struct counter {
        std::int64_t steps = 0;
        std::int64_t epochs = 0;

        void on_step(const mend::step_view& step) {
            CHECK(step.step == steps);
            ++steps;
        }

        bool on_epoch(const mend::epoch_record&) { return ++epochs == 3; }
    };

    const mend::dataset data = two_classes(100);
    const mend::data_parts parts = mend::split(data, 0.2);
    const mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    counter count;
    const mend::training done = mend::train(p, data, parts, accuracy, {}, count);
    CHECK(done.status == mend::status::stopped);
    CHECK(count.epochs == 3);
    CHECK(count.steps == 3 * 4); // 64 train rows in batches of 16
    static_assert(mend::training_observer<counter>);
    static_assert(!mend::training_observer<int>);
}

TEST_CASE("trainer: problem and data that cannot meet are refused with the place") {
    const mend::dataset data = two_classes(100);
    const mend::data_parts parts = mend::split(data, 0.2);
    mend::problem wide = mlp(2, "softmax", "categorical_crossentropy");
    wide.model.input_shape = {3};
    CHECK_THROWS_WITH_AS(
        mend::trainer(wide, data, parts, accuracy),
        "/model/config/layers/0: takes samples of shape (3), those of line have shape (2)",
        mend::spec_error
    );
    CHECK_THROWS_AS(
        mend::trainer(mlp(1, "sigmoid", "sparse_categorical_crossentropy"), data, parts, accuracy),
        mend::spec_error
    );
}

TEST_CASE("trainer: a penalty is part of the loss that is reported") {
    const mend::dataset data = two_classes(100);
    const mend::data_parts parts = mend::split(data, 0.2);
    mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    mend::trainer plain(p, data, parts, accuracy, {.seed = 1});
    std::get<mend::dense_spec>(p.model.layers[0].kind).kernel_regularizer = {.l1 = 0, .l2 = 0.5};
    mend::trainer penalised(p, data, parts, accuracy, {.seed = 1});
    double squares = 0;
    for (const float w : std::as_const(plain).net().value(plain.net().parameters()[0]).flat()) {
        squares += static_cast<double>(w) * static_cast<double>(w);
    }
    const double difference = penalised.evaluate(parts.test).loss - plain.evaluate(parts.test).loss;
    CHECK(difference == doctest::Approx(0.5 * squares).epsilon(1e-4));
}
