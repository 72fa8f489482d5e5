// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/conv1d.hpp>
#include <mend/nn/pooling1d.hpp>

#include "run.hpp"

namespace nn_conv1d_tests {

using mend::padding;
using mend::shape;

TEST_CASE("conv1d: output shapes are Keras'") {
    const mend::conv1d_options same{.filters = 4, .strides = 2, .padding = padding::same};
    CHECK(mend::conv1d{{.filters = 4}}.output({10, 2}) == shape{8, 4});
    CHECK(mend::conv1d{same}.output({11, 2}) == shape{6, 4});
    CHECK(
        mend::conv1d{{.padding = padding::causal, .dilation_rate = 3}}.output({5, 2}) == shape{5, 1}
    );
    CHECK(mend::conv1d{{.filters = 5}}.parameters({10, 2})[0].extents == shape{3, 2, 5});
}

TEST_CASE("conv1d: a causal one sees the past alone") {
    mend::network<float> net(
        {4, 1},
        {mend::conv1d{
            {.kernel_size = 2,
             .padding = padding::causal,
             .dilation_rate = 2,
             .kernel_initializer = mend::initializer::ones}}}
    );
    net.initialise(1);
    mend::tensor<float> x({1, 4, 1});
    for (int i = 0; i < 4; ++i) {
        x[i] = static_cast<float>(1 << i);
    }
    const auto y = predicted(net, x);
    CHECK(y[0] == 1);
    CHECK(y[1] == 2);
    CHECK(y[2] == 4 + 1);
    CHECK(y[3] == 8 + 2);
}

TEST_CASE("conv1d: gradients flow through it and the poolings of sequences") {
    for (const padding pad : {padding::valid, padding::same, padding::causal}) {
        mend::network<double> net(
            {9, 2},
            {mend::conv1d{{.filters = 3, .padding = pad, .activation = mend::activation::tanh}},
             mend::pooling1d{mend::pooling_kind::max, {.strides = 1}},
             mend::pooling1d{mend::pooling_kind::average, {.padding = padding::same}},
             mend::conv1d{
                 {.strides = 2, .activation = mend::activation::softmax, .use_bias = false}}}
        );
        net.initialise(2);
        CHECK(network_gradient_error(net, normal<double>({2, 9, 2}, 3)) < 1e-7);
    }
}

} // namespace nn_conv1d_tests
