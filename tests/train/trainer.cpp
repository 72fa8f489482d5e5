// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/train/trainer.hpp>

namespace train_trainer_tests {

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

TEST_CASE("trainer: a batch of more rows than there are is all of them") {
    const mend::dataset data = two_classes(40);
    mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    p.fit.batch_size = 32;
    const std::vector<float> whole = weights_after(p, data, 1);
    p.fit.batch_size = std::int64_t{1} << 40;
    CHECK(weights_after(p, data, 1) == whole);
}

TEST_CASE("trainer: Keras 3 leaves out the penalties of frozen layers") {
    const mend::dataset data = two_classes(40);
    const mend::data_parts parts = mend::split(data, 0.2);
    mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    const auto loss = [&](const char* version, double l2) {
        p.model.keras_version = version;
        mend::get<mend::dense_spec>(p.model.layers[0].kind).kernel_regularizer.l2 = l2;
        mend::trainer run(p, data, parts, accuracy, {.seed = 1});
        return run.evaluate(parts.validation).loss;
    };
    CHECK(loss("3.3.3", 10) > loss("3.3.3", 0) + 1);
    p.model.layers[0].trainable = false;
    CHECK(loss("3.3.3", 10) == loss("3.3.3", 0));
    CHECK(loss("2.4.3", 10) > loss("2.4.3", 0) + 1);
}

TEST_CASE("trainer: a penalty is part of the loss that is reported") {
    const mend::dataset data = two_classes(100);
    const mend::data_parts parts = mend::split(data, 0.2);
    mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    mend::trainer plain(p, data, parts, accuracy, {.seed = 1});
    mend::get<mend::dense_spec>(p.model.layers[0].kind).kernel_regularizer = {.l1 = 0, .l2 = 0.5};
    mend::trainer penalised(p, data, parts, accuracy, {.seed = 1});
    double squares = 0;
    for (const float w : std::as_const(plain).net().value(plain.net().parameters()[0]).flat()) {
        squares += static_cast<double>(w) * static_cast<double>(w);
    }
    const double difference = penalised.evaluate(parts.test).loss - plain.evaluate(parts.test).loss;
    CHECK(difference == doctest::Approx(0.5 * squares).epsilon(1e-4));
}

namespace {

// Bags of 400 words, eight to a row, whose label is the parity of a topic.
mend::dataset bags(bool sparse) {
    auto table = std::make_shared<mend::samples>();
    table->sample = mend::shape{400};
    mend::random_stream random(9, 0, mend::purpose::generator);
    constexpr mend::index rows = 150;
    for (mend::index r = 0; r < rows; ++r) {
        const std::uint64_t topic = random.below(4);
        std::int32_t word = -1;
        for (int i = 0; i < 8; ++i) {
            word += 1 + static_cast<std::int32_t>(random.below(10 + 12 * topic));
            table->sparse.columns.push_back(word);
            table->sparse.values.push_back(1.0F);
        }
        table->sparse.end_row();
        table->labels.push_back(static_cast<int>(topic % 2));
    }
    if (!sparse) {
        std::vector<mend::index> all;
        for (mend::index r = 0; r < rows; ++r) {
            all.push_back(r);
        }
        mend::tensor<float> dense(mend::shape{rows, 400});
        mend::gather_features(*table, all, dense.view());
        table->dense = dense;
        table->sparse = {};
    }
    mend::dataset data;
    data.name = "bags";
    data.classes = 2;
    data.pool = table;
    return data;
}

} // namespace

TEST_CASE("trainer: sparse rows train as dense ones do") {
    mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    p.model.input_shape = {400};
    for (const mend::optimizer_spec_kind& optimizer : std::vector<mend::optimizer_spec_kind>{
             mend::adam_spec{.learning_rate = 0.01},
             mend::adam_spec{.learning_rate = 0.01, .amsgrad = true}, // not postponed
             mend::sgd_spec{.learning_rate = 0.1, .momentum = 0.9}}) {
        p.compile.optimizer.kind = optimizer;
        const std::vector<float> dense = weights_after(p, bags(false), 2);
        const std::vector<float> sparse = weights_after(p, bags(true), 2);
        REQUIRE(dense.size() == sparse.size());
        double worst = 0;
        for (std::size_t i = 0; i < dense.size(); ++i) {
            const auto right = static_cast<double>(dense[i]);
            const double error = std::abs(static_cast<double>(sparse[i]) - right);
            worst = std::max(worst, error / (1e-5 + 1e-4 * std::abs(right)));
        }
        CHECK(worst < 1);
    }
}

TEST_CASE("trainer: a sparse training in two goes, looked at in between, has the same bits") {
    struct look {
        std::vector<float> weights;

        void on_step(const mend::step_view& step) {
            weights.resize(step.net.values().size());
            step.copy_weights(weights);
        }
    };

    mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    p.model.input_shape = {400};
    const mend::dataset data = bags(true);
    const mend::data_parts parts = mend::split(data, 0.2);
    mend::trainer run(p, data, parts, accuracy, {.seed = 2});
    look seen;
    run.run(3, seen);
    const mend::part_scores scores = run.evaluate(parts.test);
    CHECK(std::isfinite(scores.loss));
    run.run(8, seen);
    const auto values = std::as_const(run).net().values();
    CHECK(std::vector<float>(values.begin(), values.end()) == weights_after(p, data, 2));
}

TEST_CASE("trainer: early stopping ends a training as completed, with the best weights held") {
    const mend::dataset data = two_classes(200);
    const mend::data_parts parts = mend::split(data, 0.3);
    mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    p.compile.metrics = {"accuracy", "auc"};
    p.fit.epochs = 60;
    mend::callback_spec stop = mend::callback_named("EarlyStopping");
    stop.monitor = "val_auc";
    stop.mode = "max";
    stop.patience = 2;
    stop.restore_best_weights = true;
    p.fit.callbacks = {stop};
    mend::trainer run(p, data, parts, accuracy, {.seed = 2});
    CHECK(run.run(p.fit.epochs) == mend::status::completed);
    const std::size_t epochs = run.curve().size();
    CHECK(epochs < 60);
    CHECK(run.held() == run.curve()[epochs - 3]);
    const mend::part_scores now = run.evaluate(parts.validation);
    CHECK(now == run.held().validation);
    run.run(60); // it stays ended
    CHECK(run.curve().size() == epochs);
}

TEST_CASE("trainer: ReduceLROnPlateau and class weights change a training") {
    const mend::dataset data = two_classes(100);
    mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    p.fit.epochs = 4;
    const std::vector<float> plain = weights_after(p, data, 1);
    mend::callback_spec reduce = mend::callback_named("ReduceLROnPlateau");
    reduce.min_delta = 100; // nothing is an improvement after the first epoch
    reduce.patience = 1;
    p.fit.callbacks = {reduce};
    CHECK(weights_after(p, data, 1) != plain);
    p.fit.callbacks.clear();
    p.fit.class_weight.weights = {{0, 1}, {1, 1}};
    CHECK(weights_after(p, data, 1) == plain);
    p.fit.class_weight.weights = {{0, 1}, {1, 5}};
    CHECK(weights_after(p, data, 1) != plain);
}

TEST_CASE("trainer: a weight of 2 is a sample that is there twice") {
    mend::dataset once = two_classes(40);
    auto doubled = std::make_shared<mend::samples>(*once.pool);
    auto weighted = std::make_shared<mend::samples>(*once.pool);
    doubled->dense = mend::tensor<float>(mend::shape{80, 2});
    for (mend::index r = 0; r < 80; ++r) {
        doubled->dense[2 * r] = once.pool->dense[2 * (r % 40)];
        doubled->dense[2 * r + 1] = once.pool->dense[2 * (r % 40) + 1];
    }
    doubled->labels.insert(
        doubled->labels.end(), once.pool->labels.begin(), once.pool->labels.end()
    );
    weighted->weights.assign(40, 2.0F);
    mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    p.model.layers.erase(p.model.layers.begin() + 1); // dropout
    p.compile.optimizer.kind = mend::sgd_spec{.learning_rate = 0.5};
    p.fit.batch_size = 100;
    const auto trained = [&](const std::shared_ptr<mend::samples>& table, double rate) {
        mend::dataset data = once;
        data.pool = nullptr;
        data.train = table;
        mend::data_parts parts;
        parts.train = mend::data_part(table);
        p.compile.optimizer.learning_rate(rate);
        mend::trainer run(p, data, parts, accuracy, {.seed = 1});
        run.run(3);
        const auto values = std::as_const(run).net().values();
        return std::vector<float>(values.begin(), values.end());
    };
    // The mean divides by the rows, not by the weights: twice the weight is twice the rate.
    const std::vector<float> by_weight = trained(weighted, 0.25);
    const std::vector<float> by_rows = trained(doubled, 0.5);
    for (std::size_t i = 0; i < by_rows.size(); ++i) {
        CHECK(by_weight[i] == doctest::Approx(by_rows[i]).epsilon(1e-4));
    }
}

TEST_CASE("trainer: weights that are given are those it begins with, and it gives back its own") {
    const mend::dataset data = two_classes(60);
    const mend::data_parts parts = mend::split(data, 0.2);
    mend::problem p = mlp(2, "softmax", "categorical_crossentropy");
    p.compile.metrics = {"accuracy", "recall"};
    p.fit.epochs = 1;
    const mend::training first =
        mend::train(p, data, parts, accuracy, {.seed = 1, .metrics = true, .keep_weights = true});
    REQUIRE(first.weights.size() == 4);
    CHECK(first.validation.metrics.size() == 2);
    CHECK(first.validation.metrics[0] == first.validation.metric);
    p.compile.optimizer.learning_rate(0);
    const mend::training second = mend::train(
        p,
        data,
        parts,
        accuracy,
        {.seed = 9, .keep_weights = true, .initial_weights = first.weights}
    );
    CHECK(second.weights == first.weights);
}

} // namespace train_trainer_tests
