// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/activation.hpp>
#include <mend/nn/dense.hpp>

#include "run.hpp"

namespace nn_activation_tests {

using mend::activation;

TEST_CASE("activation names: Keras' spellings are understood, others are nothing") {
    CHECK(mend::find_activation("relu") == activation::relu);
    CHECK(mend::find_activation("ReLU") == activation::relu);
    CHECK(mend::find_activation("silu") == activation::swish);
    CHECK(mend::find_activation("log_softmax") == activation::log_softmax);
    CHECK(mend::find_activation("leaky_relu")->slope == doctest::Approx(0.2));
    CHECK(mend::find_activation("hard_sigmoid")->slope == doctest::Approx(0.2));
    CHECK(mend::find_activation("hard_sigmoid", true)->slope == doctest::Approx(1.0 / 6));
    CHECK_FALSE(mend::find_activation("relu7").has_value());
    CHECK_FALSE(mend::find_activation("").has_value());
}

TEST_CASE("activation layer: applies its function to every number") {
    const mend::network<float> net({3}, {mend::activation_layer{activation::relu}});
    const auto x = normal<float>({4, 3}, 1);
    const auto y = predicted(net, x);
    for (mend::index i = 0; i < x.size(); ++i) {
        CHECK(y[i] == (x[i] > 0 ? x[i] : 0.0F));
    }
}

TEST_CASE("activation layer: gradients flow through it") {
    mend::network<double> net(
        {3},
        {mend::dense{{.units = 4}},
         mend::activation_layer{activation::tanh},
         mend::dense{{.units = 2}},
         mend::activation_layer{activation::softmax}}
    );
    net.initialise(1);
    CHECK(network_gradient_error(net, normal<double>({5, 3}, 2)) < 1e-8);
}

} // namespace nn_activation_tests
