// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include <mend/nn/dense.hpp>
#include <mend/nn/optimizer.hpp>

namespace nn_optimizer_tests {

namespace {

using mend::optimizer_kind;
using mend::optimizer_options;

/// Two weights, held by a dense layer without bias.
mend::network<double> two_weights(double first, double second) {
    mend::network<double> net({2}, {mend::dense{{.units = 1, .use_bias = false}}});
    net.value(net.parameters()[0])[0] = first;
    net.value(net.parameters()[0])[1] = second;
    return net;
}

/// Weights (1, -2) after `steps` steps down 1.5 a^2 + 0.25 b^2 + 0.3 a - 0.1 b.
std::array<double, 2> descend(const optimizer_options& options, int steps = 5) {
    mend::network<double> net = two_weights(1, -2);
    mend::gradients<double> g = net.make_gradients();
    mend::optimizer<double> rule(options, net);
    const auto w = net.value(net.parameters()[0]);
    for (int i = 0; i < steps; ++i) {
        const auto slope = g.of(net.parameters()[0]);
        slope[0] = 3 * w[0] + 0.3;
        slope[1] = 0.5 * w[1] - 0.1;
        rule.step(net, g);
    }
    return {w[0], w[1]};
}

void check_near(const std::array<double, 2>& got, double first, double second) {
    CHECK(got[0] == doctest::Approx(first).epsilon(1e-10));
    CHECK(got[1] == doctest::Approx(second).epsilon(1e-10));
}

/// The first weight after one step from 1 with gradient 3.3.
double one_step(const optimizer_kind& kind) { return descend({kind}, 1)[0]; }

} // namespace

// The numbers are torch 1.13's in double for the same function, five steps. Where Keras adds
// epsilon elsewhere than torch does, epsilon is negligible here and its place is tested below.
TEST_CASE("optimizer: five steps agree with torch") {
    check_near(descend({mend::sgd{0.1}}), 0.084877000000, -1.502318062500);
    check_near(descend({mend::sgd{0.1, 0.9}}), -0.956108000000, -0.717743062500);
    check_near(descend({mend::sgd{0.1, 0.9, true}}), -0.482637463670, -0.495073071144);
    const mend::rmsprop outside{
        .learning_rate = 0.1, .epsilon = 1e-7, .epsilon_inside_root = false};
    check_near(descend({outside}), 0.170240138275, -1.036965520365);
    mend::rmsprop momentum = outside;
    momentum.momentum = 0.5;
    momentum.epsilon = 1e-30;
    check_near(descend({momentum}), -0.205828856141, -0.449516290437);
    mend::rmsprop centered = outside;
    centered.centered = true;
    check_near(descend({centered}), 0.106207697857, -0.916375647551);
    check_near(
        descend({mend::adam{.learning_rate = 0.1, .epsilon = 1e-30}}),
        0.506863704140,
        -1.502613731981
    );
    const mend::adam amsgrad{0.1, 0.5, 0.6, 1e-30, true};
    check_near(descend({amsgrad}), 0.518887459291, -1.504425174850);
    check_near(
        descend({mend::adadelta{.learning_rate = 1, .epsilon = 1e-2}}),
        -0.073063985885,
        -0.445190850463
    );
}

TEST_CASE("optimizer: epsilon is where Keras has it") {
    const double g = 3.3;
    const double mean_square = 0.1 * g * g; // after one step from zero
    mend::rmsprop r{.learning_rate = 0.1, .epsilon = 0.5};
    CHECK(one_step(r) == doctest::Approx(1 - 0.1 * g / std::sqrt(mean_square + 0.5)));
    r.epsilon_inside_root = false; // tf.keras <= 2.10
    CHECK(one_step(r) == doctest::Approx(1 - 0.1 * g / (std::sqrt(mean_square) + 0.5)));
    r.momentum = 0.9; // its fused kernel adds it inside
    CHECK(one_step(r) == doctest::Approx(1 - 0.1 * g / std::sqrt(mean_square + 0.5)));
    mend::adagrad s{.learning_rate = 0.1, .initial_accumulator = 0.2, .epsilon = 0.5};
    CHECK(one_step(s) == doctest::Approx(1 - 0.1 * g / std::sqrt(0.2 + g * g + 0.5)));
    s.epsilon_inside_root = false;
    CHECK(one_step(s) == doctest::Approx(1 - 0.1 * g / (std::sqrt(0.2 + g * g) + 0.5)));
    // Adam: rate sqrt(1 - b2) / (1 - b1) m / (sqrt(v) + eps) with m = (1 - b1) g
    const mend::adam a{.learning_rate = 0.1, .epsilon = 0.5};
    const double v = 0.001 * g * g;
    CHECK(one_step(a) == doctest::Approx(1 - 0.1 * std::sqrt(0.001) * g / (std::sqrt(v) + 0.5)));
}

TEST_CASE("optimizer: the learning rate can be set between steps") {
    mend::network<double> net = two_weights(1, 1);
    mend::gradients<double> g = net.make_gradients();
    g.of(net.parameters()[0])[0] = 1;
    mend::optimizer<double> rule({mend::sgd{0.5}}, net);
    CHECK(rule.learning_rate() == 0.5);
    rule.step(net, g);
    rule.learning_rate(0.1);
    rule.step(net, g);
    CHECK(net.value(net.parameters()[0])[0] == doctest::Approx(0.4));
    CHECK(rule.iterations() == 2);
}

TEST_CASE("optimizer: Keras 2's decay divides the rate by 1 + decay * steps done") {
    optimizer_options options{mend::sgd{0.5}};
    options.decay = 1;
    // gradients 3.3, then 3 (1 - 1.65) + 0.3
    const double first = 1 - 0.5 * 3.3;
    check_near(
        descend(options, 2), first - 0.25 * (3 * first + 0.3), -1.45 - 0.25 * (-1.45 / 2 - 0.1)
    );
}

TEST_CASE("optimizer: clipping by value, norm and global norm") {
    optimizer_options options{mend::sgd{1}};
    options.clip_value = 0.5; // gradients 3.3 and -1.1
    check_near(descend(options, 1), 0.5, -1.5);
    options.clip_value = 0;
    options.clip_norm = 1;
    const double norm = std::sqrt(3.3 * 3.3 + 1.1 * 1.1);
    check_near(descend(options, 1), 1 - 3.3 / norm, -2 + 1.1 / norm);
    options.clip_norm = 10; // not reached
    check_near(descend(options, 1), 1 - 3.3, -2 + 1.1);

    mend::network<double> net({1}, {mend::dense{{.units = 1}}}); // two weights of one number
    mend::gradients<double> g = net.make_gradients();
    g.of(net.parameters()[0])[0] = 3;
    g.of(net.parameters()[1])[0] = 4;
    optimizer_options global{mend::sgd{1}};
    global.global_clip_norm = 1;
    mend::optimizer<double>(global, net).step(net, g);
    CHECK(net.value(net.parameters()[0])[0] == doctest::Approx(-0.6));
    CHECK(net.value(net.parameters()[1])[0] == doctest::Approx(-0.8));
}

TEST_CASE("optimizer: frozen weights stay") {
    mend::network<double> net({2}, {mend::dense{{.units = 2, .trainable = false}}});
    net.initialise(1);
    const std::vector<double> before(net.values().begin(), net.values().end());
    mend::gradients<double> g = net.make_gradients();
    std::fill(g.numbers.flat().begin(), g.numbers.flat().end(), 1.0);
    mend::optimizer<double>({mend::adam{}}, net).step(net, g);
    CHECK(std::equal(before.begin(), before.end(), net.values().begin()));
}

TEST_CASE("optimizer: Adagrad, Adamax and Nadam take their published first step") {
    const double g = 3.3;
    CHECK(
        one_step(mend::adagrad{0.1, 0.2, 0.5}) ==
        doctest::Approx(1 - 0.1 * g / std::sqrt(0.2 + g * g + 0.5))
    );
    // m = (1 - b1) g is corrected to g; u = |g|
    CHECK(one_step(mend::adamax{0.1, 0.9, 0.99, 0.5}) == doctest::Approx(1 - 0.1 * g / (g + 0.5)));
    for (const double schedule_decay : {1.0, 0.004}) {
        const double now = 0.9 * (1 - 0.5 * std::pow(0.96, schedule_decay));
        const double next = 0.9 * (1 - 0.5 * std::pow(0.96, 2 * schedule_decay));
        const double moment = next * 0.1 * g / (1 - now * next) + (1 - now) * g / (1 - now);
        CHECK(
            one_step(mend::nadam{0.1, 0.9, 0.99, 0.5, schedule_decay}) ==
            doctest::Approx(1 - 0.1 * moment / (g + 0.5))
        );
    }
}

TEST_CASE("optimizer: weights decay by the rate before the update") {
    optimizer_options options{mend::sgd{0.1}};
    options.weight_decay = 0.5;
    check_near(descend(options, 1), 1 * 0.95 - 0.33, -2 * 0.95 + 0.11);
}

TEST_CASE("optimizer: a schedule sets the rate of every step") {
    optimizer_options options{mend::sgd{7}};
    options.schedule = {
        .kind = mend::schedule_kind::piecewise_constant_decay, .boundaries = {0}, .values = {1, 0}};
    check_near(descend(options, 5), 1 - 3.3, -2 + 1.1);
    options.decay = 1;
    options.schedule.values = {1, 0.5}; // the second step: 0.5 / (1 + 1)
    const double first = 1 - 3.3;
    check_near(
        descend(options, 2), first - 0.25 * (3 * first + 0.3), -0.9 - 0.25 * (-0.9 / 2 - 0.1)
    );
}

} // namespace nn_optimizer_tests
