// SPDX-License-Identifier: MIT
#include <cmath>

#include <doctest/doctest.h>

#include <mend/nn/dense.hpp>
#include <mend/nn/normalization.hpp>
#include <mend/nn/rescaling.hpp>

#include "run.hpp"

namespace nn_normalization_tests {

using mend::shape;
using mend::tensor;

TEST_CASE("normalization: given mean and variance are applied per channel") {
    const mend::network<double> net(
        {2}, {mend::normalization{{.mean = {1, 10}, .variance = {4, 25}}}}
    );
    CHECK(net.parameters().empty());
    CHECK_FALSE(net.adapts());
    tensor<double> x({1, 2});
    x[0] = 5;
    x[1] = 0;
    const auto y = predicted(net, x);
    CHECK(y[0] == doctest::Approx(2));
    CHECK(y[1] == doctest::Approx(-2));
}

TEST_CASE("normalization: adapted to data, the data come out with mean 0 and variance 1") {
    mend::network<double> net({5, 4, 3}, {mend::normalization{}});
    auto x = normal<double>({20, 5, 4, 3}, 1);
    for (mend::index i = 0; i < x.size(); ++i) {
        x[i] = x[i] * static_cast<double>(1 + i % 3) + 100 * static_cast<double>(i % 3);
    }
    CHECK(net.adapts());
    net.adapt(x);
    const auto y = predicted(net, x);
    for (mend::index c = 0; c < 3; ++c) {
        double mean = 0;
        double square = 0;
        for (mend::index i = c; i < y.size(); i += 3) {
            mean += y[i] / 400;
            square += y[i] * y[i] / 400;
        }
        CHECK(std::abs(mean) < 1e-10);
        CHECK(square == doctest::Approx(1));
    }
}

TEST_CASE("normalization: its weights are Keras': mean, variance, count; none is trained") {
    mend::network<double> net({4}, {mend::normalization{}});
    net.initialise(1);
    const auto weights = net.parameters();
    REQUIRE(weights.size() == 3);
    CHECK(weights[0].name == "mean");
    CHECK(weights[0].extents == shape{4});
    CHECK(weights[1].name == "variance");
    CHECK(net.value(weights[1])[2] == 1.0);
    CHECK(weights[2].extents == shape{});
    CHECK(net.trainable_size() == 0);
    net.adapt(normal<double>({50, 4}, 1));
    CHECK(net.value(weights[2])[0] == 50.0);
}

TEST_CASE("normalization: one mean for all numbers where axis is none") {
    mend::network<double> net({2}, {mend::normalization{{.per_channel = false}}});
    tensor<double> x({2, 2});
    x[0] = 1;
    x[1] = 2;
    x[2] = 3;
    x[3] = 6;
    net.adapt(x);
    const auto y = predicted(net, x);
    CHECK(y[0] == doctest::Approx(-2 / std::sqrt(3.5)));
    CHECK(y[3] == doctest::Approx(3 / std::sqrt(3.5)));
}

TEST_CASE("normalization: a constant column divides by 1e-7, as Keras does, and stays finite") {
    mend::network<double> net({2}, {mend::normalization{}});
    tensor<double> x({3, 2}, 5.0);
    net.adapt(x);
    x[0] = 6;
    const auto y = predicted(net, x);
    CHECK(y[0] == doctest::Approx(1e7));
    CHECK(y[1] == 0);
}

TEST_CASE("normalization: behind another layer it adapts to what that layer makes") {
    mend::network<double> net({1}, {mend::rescaling{{.scale = 2}}, mend::normalization{}});
    tensor<double> x({2, 1});
    x[0] = 1;
    x[1] = 3;
    net.adapt(x);
    CHECK(net.value(net.parameters()[0])[0] == doctest::Approx(4));
    CHECK(net.value(net.parameters()[1])[0] == doctest::Approx(4));
}

TEST_CASE("normalization: inverting undoes it") {
    const mend::normalization_options given{.mean = {3}, .variance = {4}};
    mend::normalization_options back = given;
    back.invert = true;
    const mend::network<double> net({2}, {mend::normalization{given}, mend::normalization{back}});
    const auto x = normal<double>({4, 2}, 9);
    const auto y = predicted(net, x);
    for (mend::index i = 0; i < x.size(); ++i) {
        CHECK(y[i] == doctest::Approx(x[i]));
    }
}

TEST_CASE("normalization: gradients flow through it, not into it") {
    mend::network<double> net(
        {3}, {mend::dense{{.units = 2}}, mend::normalization{}, mend::dense{{.units = 1}}}
    );
    net.initialise(1);
    const auto x = normal<double>({6, 3}, 2);
    net.adapt(x);
    CHECK(network_gradient_error(net, x) < 1e-8);
}

} // namespace nn_normalization_tests
