// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/nn/batch_normalization.hpp>
#include <mend/nn/conv2d.hpp>
#include <mend/nn/dense.hpp>

#include "run.hpp"

namespace nn_batch_normalization_tests {

using mend::shape;

namespace {

// A step in training mode, after which moving statistics have moved.
template <class Scalar>
mend::tensor<Scalar> trained(mend::network<Scalar>& net, const mend::tensor<Scalar>& x) {
    mend::tape<Scalar> tape;
    const mend::variable y = net.forward(tape, x, {.training = true});
    mend::tensor<Scalar> result(tape.extents(y));
    std::copy_n(tape.data(y), result.size(), result.data());
    net.apply_updates(tape);
    return result;
}

} // namespace

TEST_CASE("batch_normalization: has Keras' weights in Keras' order, those asked for") {
    const auto all = mend::batch_normalization{}.parameters({4, 4, 3});
    REQUIRE(all.size() == 4);
    CHECK(all[0].name == "gamma");
    CHECK(all[1].name == "beta");
    CHECK(all[2].name == "moving_mean");
    CHECK(all[3].name == "moving_variance");
    CHECK(all[3].extents == shape{3});
    CHECK(all[1].trainable);
    CHECK_FALSE(all[2].trainable);
    const mend::batch_normalization plain{{.axis = 0, .center = false, .scale = false}};
    CHECK(plain.parameters({4, 5, 3}).size() == 2);
    CHECK(plain.parameters({4, 5, 3})[0].extents == shape{4});
}

TEST_CASE("batch_normalization: training uses the batch and moves the statistics, else they count"
) {
    mend::network<double> net({1}, {mend::batch_normalization{{.momentum = 0.75, .epsilon = 0}}});
    net.initialise(1);
    mend::tensor<double> x({4, 1});
    for (int i = 0; i < 4; ++i) {
        x[i] = i * 2; // mean 3, variance 5
    }
    const auto y = trained(net, x);
    CHECK(y[0] == doctest::Approx(-3 / std::sqrt(5.0)));
    CHECK(y[3] == doctest::Approx(3 / std::sqrt(5.0)));
    CHECK(net.value(net.parameters()[2])[0] == doctest::Approx(0.25 * 3));
    CHECK(net.value(net.parameters()[3])[0] == doctest::Approx(0.75 + 0.25 * 5));
    const auto later = predicted(net, x);
    CHECK(later[0] == doctest::Approx(-0.75 / std::sqrt(2.0)));
}

TEST_CASE("batch_normalization: tf.keras 2's kernel moves the unbiased variance") {
    mend::network<double> net(
        {2, 1, 1}, {mend::batch_normalization{{.momentum = 0, .epsilon = 1e-9, .fused = true}}}
    );
    net.initialise(1);
    mend::tensor<double> x({2, 2, 1, 1});
    for (int i = 0; i < 4; ++i) {
        x[i] = i * 2e-3;
    }
    const auto y = trained(net, x);
    CHECK(net.value(net.parameters()[3])[0] == doctest::Approx(5e-6 * 4 / 3));
    CHECK(y[3] == doctest::Approx(3e-3 / std::sqrt(5e-6 + 1.001e-5))); // and has a least epsilon
}

TEST_CASE("batch_normalization: one that is not trainable stays as it is") {
    mend::network<double> net({2}, {mend::batch_normalization{{.trainable = false}}});
    net.initialise(1);
    const auto x = normal<double>({8, 2}, 2);
    const auto y = trained(net, x);
    CHECK(y == predicted(net, x));
    CHECK(net.value(net.parameters()[2])[0] == 0);
    CHECK(net.trainable_size() == 0);
}

TEST_CASE("batch_normalization: along another axis it does what it does along the last") {
    const auto x = normal<double>({3, 2, 4}, 3);
    mend::network<double> middle({2, 4}, {mend::batch_normalization{{.axis = 0}}});
    middle.initialise(1);
    const auto y = trained(middle, x);
    for (mend::index n = 0; n < 2; ++n) {
        double sum = 0;
        for (mend::index i = 0; i < 12; ++i) {
            sum += y[i / 4 * 8 + n * 4 + i % 4];
        }
        CHECK(std::abs(sum) < 1e-12);
    }
}

TEST_CASE("batch_normalization: gradients flow through it, in networks too") {
    mend::network<double> net(
        {4, 3, 2},
        {mend::conv2d{{.filters = 3, .kernel_size = {2, 2}}},
         mend::batch_normalization{
             {.gamma_initializer = mend::initializer::constant(1.5),
              .gamma_regularizer = {0.01, 0.1}}},
         mend::batch_normalization{{.axis = 1, .scale = false}},
         mend::layer_normalization{{.axes = 2}},
         mend::layer_normalization{{.center = false, .scale = false}}}
    );
    net.initialise(4);
    CHECK(network_gradient_error(net, normal<double>({3, 4, 3, 2}, 5)) < 1e-6);
}

TEST_CASE("layer_normalization: each sample by its own mean and variance, as the weights say") {
    mend::network<float> net({2, 3}, {mend::layer_normalization{{.epsilon = 0}}});
    net.initialise(1);
    CHECK(net.parameters()[0].extents == shape{3});
    mend::tensor<float> x({1, 2, 3});
    for (int i = 0; i < 6; ++i) {
        x[i] = static_cast<float>(i * i);
    }
    const auto y = predicted(net, x); // 0 1 4: mean 5/3, variance 26/9
    CHECK(y[0] == doctest::Approx(-5 / std::sqrt(26.0)));
    CHECK(y[2] == doctest::Approx(7 / std::sqrt(26.0)));
    CHECK(y[3] + y[4] + y[5] == doctest::Approx(0).epsilon(1e-5));
}

} // namespace nn_batch_normalization_tests
