// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include <mend/nn/dense.hpp>

#include "run.hpp"

namespace nn_dense_tests {

using mend::activation;
using mend::shape;

TEST_CASE("dense: computes activation(x kernel + bias)") {
    mend::network<float> net({2}, {mend::dense{{.units = 3, .activation = activation::relu}}});
    const std::vector<float> kernel{1, 2, 3, 4, 5, 6}; // 2 x 3
    const std::vector<float> bias{-10, 0, 1};
    const auto weights = net.parameters();
    REQUIRE(weights.size() == 2);
    std::copy(kernel.begin(), kernel.end(), net.value(weights[0]).data());
    std::copy(bias.begin(), bias.end(), net.value(weights[1]).data());
    mend::tensor<float> x({1, 2});
    x[0] = 1;
    x[1] = 2;
    const auto y = predicted(net, x);
    CHECK(y[0] == 0); // 1 + 8 - 10 = -1
    CHECK(y[1] == 12);
    CHECK(y[2] == 16);
}

TEST_CASE("dense: declares kernel and bias as Keras does") {
    const mend::dense layer{{.units = 7, .kernel_regularizer = {.l2 = 0.1}}};
    const auto found = layer.parameters({4, 5});
    REQUIRE(found.size() == 2);
    CHECK(found[0].name == "kernel");
    CHECK(found[0].extents == shape{5, 7});
    CHECK(found[0].initial == mend::initializer::glorot_uniform);
    CHECK(found[0].penalty.l2 == 0.1);
    CHECK(found[1].extents == shape{7});
    CHECK(found[1].initial == mend::initializer::zeros);
    CHECK(layer.output({4, 5}) == shape{4, 7});
    CHECK(mend::dense{{.units = 7, .use_bias = false}}.parameters({5}).size() == 1);
}

TEST_CASE("dense: passes the gradient check with penalties, on rows and on rows of rows") {
    for (const shape& sample : {shape{4}, shape{3, 4}}) {
        mend::network<double> net(
            sample,
            {mend::dense{
                 {.units = 5,
                  .activation = activation::sigmoid,
                  .kernel_regularizer = {.l1 = 0.01, .l2 = 0.1}}},
             mend::dense{
                 {.units = 2,
                  .bias_initializer = mend::initializer::ones,
                  .bias_regularizer = {.l2 = 0.2}}}}
        );
        net.initialise(2);
        CHECK(network_gradient_error(net, normal<double>(sample.batch(6), 3)) < 1e-8);
    }
}

TEST_CASE("dense: a frozen layer gets no gradient") {
    mend::network<double> net(
        {3}, {mend::dense{{.units = 4, .trainable = false}}, mend::dense{{.units = 1}}}
    );
    net.initialise(1);
    CHECK(net.trainable_size() == 16); // 4 + 1 numbers, each weight from a new line of 8
    CHECK(network_gradient_error(net, normal<double>({5, 3}, 2)) < 1e-8);
}

TEST_CASE("dense: no units break the contract") {
    CHECK_THROWS_AS(mend::dense{{.units = 0}}, mend::contract_violation);
}

} // namespace nn_dense_tests
