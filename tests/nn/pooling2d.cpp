// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/conv2d.hpp>
#include <mend/nn/pooling2d.hpp>

#include "run.hpp"

namespace nn_pooling2d_tests {

using mend::padding;
using mend::shape;

TEST_CASE("pooling2d: output shapes are Keras', strides default to the pool") {
    CHECK(mend::max_pooling2d{}.output({28, 27, 3}) == shape{14, 13, 3});
    CHECK(mend::max_pooling2d{{.padding = padding::same}}.output({28, 27, 3}) == shape{14, 14, 3});
    CHECK(mend::average_pooling2d{{.pool_size = {3, 2}}}.output({9, 9, 1}) == shape{3, 4, 1});
    const mend::pooling2d_options overlapping{.pool_size = {3, 3}, .strides = {{1, 2}}};
    CHECK(mend::max_pooling2d{overlapping}.output({9, 9, 1}) == shape{7, 4, 1});
}

TEST_CASE("pooling2d: takes maxima and means") {
    mend::tensor<float> x({1, 2, 4, 1});
    for (mend::index i = 0; i < 8; ++i) {
        x[i] = static_cast<float>(i);
    }
    const auto largest = predicted(mend::network<float>({2, 4, 1}, {mend::max_pooling2d{}}), x);
    CHECK(largest[0] == 5);
    CHECK(largest[1] == 7);
    const auto mean = predicted(mend::network<float>({2, 4, 1}, {mend::average_pooling2d{}}), x);
    CHECK(mean[0] == 2.5F);
    CHECK(mean[1] == 4.5F);
}

TEST_CASE("pooling2d: gradients flow through it") {
    for (const bool is_max : {true, false}) {
        const mend::pooling2d_options options{.strides = {{1, 1}}, .padding = padding::same};
        const mend::any_layer<double> pool =
            is_max ? mend::any_layer<double>(mend::max_pooling2d{options})
                   : mend::any_layer<double>(mend::average_pooling2d{options});
        mend::network<double> net({5, 4, 1}, {mend::conv2d{{.filters = 2}}, pool});
        net.initialise(6);
        CHECK(network_gradient_error(net, normal<double>({2, 5, 4, 1}, 7)) < 1e-8);
    }
}

} // namespace nn_pooling2d_tests
