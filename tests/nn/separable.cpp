// SPDX-License-Identifier: MIT
#include <utility>

#include <doctest/doctest.h>

#include <mend/nn/conv2d.hpp>
#include <mend/nn/separable.hpp>

#include "run.hpp"

namespace nn_separable_tests {

using mend::padding;
using mend::shape;

TEST_CASE("separable: shapes and weights are Keras'") {
    const mend::separable depthwise{
        {.strides = {2, 2}, .padding = padding::same, .depth_multiplier = 3}};
    CHECK(depthwise.output({7, 8, 2}) == shape{4, 4, 6});
    CHECK(depthwise.parameters({7, 8, 2})[0].extents == shape{3, 3, 2, 3});
    CHECK(depthwise.parameters({7, 8, 2})[1].extents == shape{6});
    const mend::separable both{{.filters = 5, .depth_multiplier = 3}};
    CHECK(both.output({7, 8, 2}) == shape{5, 6, 5});
    CHECK(both.parameters({7, 8, 2})[1].extents == shape{1, 1, 6, 5});
}

TEST_CASE("separable: is a convolution with the product of both kernels") {
    const mend::padding pad = padding::same;
    mend::network<float> two(
        {6, 5, 2}, {mend::separable{{.filters = 4, .padding = pad, .depth_multiplier = 2}}}
    );
    mend::network<float> one({6, 5, 2}, {mend::conv2d{{.filters = 4, .padding = pad}}});
    two.initialise(1);
    const auto depthwise = two.value(two.parameters()[0]);
    const auto pointwise = two.value(two.parameters()[1]);
    const auto kernel = one.value(one.parameters()[0]);
    for (mend::index cell = 0; cell < 9; ++cell) {
        for (mend::index c = 0; c < 2; ++c) {
            for (mend::index f = 0; f < 4; ++f) {
                float sum = 0;
                for (mend::index m = 0; m < 2; ++m) {
                    sum += depthwise[(cell * 2 + c) * 2 + m] * pointwise[(c * 2 + m) * 4 + f];
                }
                kernel[(cell * 2 + c) * 4 + f] = sum;
            }
        }
    }
    const auto x = normal<float>({3, 6, 5, 2}, 2);
    const auto a = predicted(two, x);
    const auto b = predicted(one, x);
    for (mend::index i = 0; i < a.size(); ++i) {
        REQUIRE(a[i] == doctest::Approx(b[i]).epsilon(1e-4));
    }
}

TEST_CASE("separable: gradients flow through both kinds") {
    mend::network<double> net(
        {5, 4, 2},
        {mend::separable{
             {.filters = 3, .kernel_size = {2, 2}, .activation = mend::activation::tanh}},
         mend::separable{
             {.strides = {2, 2}, .padding = padding::same, .activation = mend::activation::swish}}}
    );
    net.initialise(3);
    CHECK(network_gradient_error(net, normal<double>({2, 5, 4, 2}, 4)) < 1e-7);
}

} // namespace nn_separable_tests
