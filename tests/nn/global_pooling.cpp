// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/conv2d.hpp>
#include <mend/nn/global_pooling.hpp>

#include "run.hpp"

namespace nn_global_pooling_tests {

using mend::pooling_kind;
using mend::shape;

TEST_CASE("global_pooling: one number per channel, of sequences and of images") {
    const mend::global_pooling largest{pooling_kind::max};
    CHECK(largest.output({5, 3}) == shape{3});
    CHECK(largest.output({5, 4, 3}) == shape{3});
    const mend::global_pooling kept{pooling_kind::average, {.keepdims = true}};
    CHECK(kept.output({5, 4, 3}) == shape{1, 1, 3});
    mend::tensor<float> x({2, 2, 2});
    for (int i = 0; i < 8; ++i) {
        x[i] = static_cast<float>(i);
    }
    CHECK(predicted(mend::network<float>({2, 2}, {largest}), x)[3] == 7);
    CHECK(predicted(mend::network<float>({2, 2}, {kept}), x)[1] == 2);
}

TEST_CASE("global_pooling: gradients flow through it") {
    for (const pooling_kind kind : {pooling_kind::max, pooling_kind::average}) {
        mend::network<double> net(
            {4, 3, 2},
            {mend::conv2d{{.filters = 3, .kernel_size = {2, 2}}}, mend::global_pooling{kind}}
        );
        net.initialise(1);
        CHECK(network_gradient_error(net, normal<double>({3, 4, 3, 2}, 2)) < 1e-7);
    }
}

} // namespace nn_global_pooling_tests
