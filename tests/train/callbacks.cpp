// SPDX-License-Identifier: MIT
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/nn/dense.hpp>
#include <mend/train/callbacks.hpp>

namespace train_callbacks_tests {

namespace {

using mend::callback_spec;

struct course {
    std::size_t epochs = 0;    ///< until a callback ended it
    float weight = -1;         ///< in the end: the number of the epoch that it is from
    std::vector<double> rates; ///< after each epoch
    std::size_t held = 0;
};

mend::problem with(std::vector<callback_spec> list, const std::string& version = "2.12.0") {
    mend::problem p;
    p.model.keras_version = version;
    p.compile.metrics = {"accuracy", "auc"};
    p.fit.epochs = 100;
    p.fit.callbacks = std::move(list);
    return p;
}

/// Epochs with these validation losses (and accuracies one minus that); a weight counts them.
course run(const mend::problem& p, const std::vector<double>& losses) {
    mend::network<float> net({1}, {mend::dense{{.units = 1, .use_bias = false}}});
    mend::optimizer<float> rule({mend::sgd{1}}, net);
    mend::callbacks all(p, true);
    mend::training_curve curve;
    course done;
    for (const double loss : losses) {
        net.value(net.parameters()[0])[0] = static_cast<float>(curve.size());
        mend::part_scores scores{loss, 1 - loss, {1 - loss, 1 - loss}};
        curve.push_back({{}, scores});
        const bool stop = all.after_epoch(curve, net, rule);
        ++done.epochs;
        done.rates.push_back(rule.learning_rate());
        CHECK(net.value(net.parameters()[0])[0] == static_cast<float>(curve.size() - 1));
        all.restore(net);
        if (stop) {
            break;
        }
    }
    done.weight = net.value(net.parameters()[0])[0];
    done.held = all.held();
    return done;
}

callback_spec stopping(std::int64_t patience, bool restores = false) {
    callback_spec made = mend::callback_named("EarlyStopping");
    made.patience = patience;
    made.restore_best_weights = restores;
    return made;
}

const std::vector<double> losses{0.9, 0.5, 0.6, 0.55, 0.4, 0.7, 0.7, 0.7, 0.7};

} // namespace

TEST_CASE("callbacks: EarlyStopping waits as long as its patience") {
    CHECK(run(with({stopping(0)}), losses).epochs == 3);
    CHECK(run(with({stopping(2)}), losses).epochs == 4);
    CHECK(run(with({stopping(3)}), losses).epochs == 8);
    CHECK(run(with({stopping(9)}), losses).epochs == 9);
    callback_spec picky = stopping(2);
    picky.min_delta = -0.2; // its size counts: 0.4 is no improvement on 0.5
    CHECK(run(with({picky}), losses).epochs == 4);
    callback_spec late = stopping(2);
    late.start_from_epoch = 2;
    CHECK(run(with({late}), losses).epochs == 7);
}

TEST_CASE("callbacks: EarlyStopping puts the best weights back where asked to") {
    const course plain = run(with({stopping(3)}), losses);
    CHECK(plain.weight == 7);
    CHECK(plain.held == 7);
    const course best = run(with({stopping(3, true)}), losses);
    CHECK(best.epochs == 8);
    CHECK(best.weight == 4);
    CHECK(best.held == 4);
}

TEST_CASE("callbacks: Keras 3 puts the best weights back after the last epoch, too") {
    for (const std::string version : {"2.12.0", "3.3.3"}) {
        mend::problem p = with({stopping(50, true)}, version);
        p.fit.epochs = 9;
        CHECK(run(p, losses).weight == (version == "3.3.3" ? 4 : 8));
    }
}

TEST_CASE("callbacks: in Keras 3 each that restores does, whichever ended the training") {
    callback_spec first = stopping(2); // ends after epoch 3
    first.monitor = "val_accuracy";
    first.mode = "min";
    const auto ended = [&](const char* version) {
        return run(with({first, stopping(50, true)}, version), losses);
    };
    CHECK(ended("3.3.3").epochs == 3);
    CHECK(ended("3.3.3").weight == 1);
    CHECK(ended("2.12.0").weight == 2);
}

TEST_CASE("callbacks: a baseline must be beaten within the patience") {
    callback_spec base = stopping(3);
    base.baseline = 0.3;
    CHECK(run(with({base}), losses).epochs == 3); // waits 1, 2 (better, not enough), 3
    base.baseline = 0.6;
    CHECK(run(with({base}), losses).epochs == 8);
}

TEST_CASE("callbacks: more is better for an accuracy, and for an AUC where Keras knows it") {
    callback_spec stop = stopping(1);
    stop.monitor = "val_acc";
    CHECK(run(with({stop}), losses).epochs == 3);
    stop.monitor = "val_auc";
    CHECK(run(with({stop}), losses).epochs == 3);
    stop.mode = "min";
    CHECK(run(with({stop}), losses).epochs == 2);
}

TEST_CASE("callbacks: a monitor of NaN never improves") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(run(with({stopping(2)}), {nan, nan, nan, nan}).epochs == 2);
}

TEST_CASE("callbacks: ReduceLROnPlateau lowers the rate, then cools down") {
    callback_spec reduce = mend::callback_named("ReduceLROnPlateau");
    reduce.patience = 2;
    reduce.factor = 0.5;
    const std::vector<double> flat(8, 1.0);
    CHECK(
        run(with({reduce}), flat).rates ==
        std::vector<double>{1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125}
    );
    reduce.cooldown = 2;
    CHECK(
        run(with({reduce}), flat).rates ==
        std::vector<double>{1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25}
    );
    reduce.cooldown = 0;
    reduce.min_lr = 0.3;
    CHECK(run(with({reduce}), flat).rates.back() == 0.3);
}

TEST_CASE("callbacks: without a validation part they watch nothing there") {
    mend::callbacks none(with({stopping(0)}), false);
    mend::network<float> net({1}, {mend::dense{{.units = 1}}});
    mend::optimizer<float> rule({mend::sgd{}}, net);
    const mend::training_curve curve(5);
    CHECK_FALSE(none.after_epoch(curve, net, rule));
    CHECK_FALSE(none.reads_metrics());
}

} // namespace train_callbacks_tests
