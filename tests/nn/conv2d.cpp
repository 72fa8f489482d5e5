// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/conv2d.hpp>
#include <mend/nn/dense.hpp>
#include <mend/nn/flatten.hpp>

#include "run.hpp"

namespace nn_conv2d_tests {

using mend::activation;
using mend::padding;
using mend::shape;

TEST_CASE("conv2d: output shapes are Keras'") {
    const auto output = [](mend::conv2d_options options) {
        options.filters = 8;
        return mend::conv2d{options}.output({28, 27, 3});
    };
    CHECK(output({}) == shape{26, 25, 8});
    CHECK(output({.padding = padding::same}) == shape{28, 27, 8});
    CHECK(output({.kernel_size = {5, 3}, .strides = {2, 2}}) == shape{12, 13, 8});
    CHECK(output({.strides = {2, 3}, .padding = padding::same}) == shape{14, 9, 8});
    CHECK(output({.dilation_rate = {2, 2}}) == shape{24, 23, 8});
}

TEST_CASE("conv2d: declares kernel and bias as Keras does") {
    const auto found = mend::conv2d{{.filters = 8, .kernel_size = {3, 2}}}.parameters({9, 9, 4});
    REQUIRE(found.size() == 2);
    CHECK(found[0].extents == shape{3, 2, 4, 8});
    CHECK(found[1].extents == shape{8});
}

TEST_CASE("conv2d: passes the gradient check in a network") {
    for (const padding pad : {padding::valid, padding::same}) {
        mend::network<double> net(
            {7, 6, 2},
            {mend::conv2d{
                 {.filters = 3,
                  .padding = pad,
                  .activation = activation::elu,
                  .kernel_regularizer = {.l2 = 0.01}}},
             mend::conv2d{{.filters = 2, .kernel_size = {2, 2}, .strides = {2, 2}, .padding = pad}},
             mend::flatten{},
             mend::dense{{.units = 2}}}
        );
        net.initialise(4);
        CHECK(network_gradient_error(net, normal<double>({3, 7, 6, 2}, 5)) < 1e-8);
    }
}

TEST_CASE("conv2d: an image that is too small breaks the contract") {
    CHECK_THROWS_AS(
        static_cast<void>(mend::conv2d{{}}.output({2, 9, 1})), mend::contract_violation
    );
    CHECK_THROWS_AS(static_cast<void>(mend::conv2d{{}}.output({28, 28})), mend::contract_violation);
}

} // namespace nn_conv2d_tests
