// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include <mend/nn/activation.hpp>
#include <mend/nn/dense.hpp>
#include <mend/nn/rectifier.hpp>

#include "run.hpp"

namespace nn_rectifier_tests {

using mend::activation;
using mend::shape;

TEST_CASE("rectifier: PReLU learns a slope for every number, or one along shared axes") {
    CHECK(mend::prelu{}.parameters({4, 5, 3})[0].extents == shape{4, 5, 3});
    CHECK(mend::prelu{{.shared_axes = {1, 2}}}.parameters({4, 5, 3})[0].extents == shape{1, 1, 3});
    mend::network<double> net(
        {3, 2},
        {mend::dense{{.units = 4}},
         mend::prelu{{.alpha_initializer = mend::initializer::constant(0.3), .shared_axes = {2}}},
         mend::prelu{{.alpha_regularizer = {0, 0.1}}}}
    );
    net.initialise(1);
    CHECK(network_gradient_error(net, normal<double>({3, 3, 2}, 2)) < 1e-7);
}

TEST_CASE("rectifier: softmax along any axis sums to one there, and gradients flow") {
    const auto x = normal<double>({2, 3, 4, 2}, 3);
    for (const int axis : {0, 1, 2}) {
        mend::network<double> net({3, 4, 2}, {mend::softmax_layer{axis}});
        const auto y = predicted(net, x);
        double sum = 0;
        const mend::index step[] = {8, 2, 1};
        const mend::index count[] = {3, 4, 2};
        for (mend::index i = 0; i < count[axis]; ++i) {
            sum += y[24 + i * step[axis]];
        }
        CHECK(sum == doctest::Approx(1));
        mend::network<double> learning(
            {3, 4, 2}, {mend::dense{{.units = 2}}, mend::softmax_layer{axis}, mend::dense{{}}}
        );
        learning.initialise(4);
        CHECK(network_gradient_error(learning, x) < 1e-8);
    }
}

TEST_CASE("rectifier: ReLU with its options passes what lies above the threshold alone") {
    const activation f{mend::activation_kind::rectifier, 0.5, 1, 3};
    mend::network<float> net({5}, {mend::activation_layer{f}});
    mend::tensor<float> x({1, 5});
    const float given[] = {-1, 1, std::nextafter(1.0F, 2.0F), 2, 5};
    std::copy_n(given, 5, x.data());
    const auto y = predicted(net, x);
    CHECK(y[0] == -1);
    CHECK(y[1] == 0); // x > threshold, as Keras computes it
    CHECK(y[2] == given[2]);
    CHECK(y[3] == 2);
    CHECK(y[4] == 3);
}

} // namespace nn_rectifier_tests
