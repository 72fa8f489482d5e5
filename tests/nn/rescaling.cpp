// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/dense.hpp>
#include <mend/nn/rescaling.hpp>

#include "run.hpp"

namespace nn_rescaling_tests {

TEST_CASE("rescaling: scale * x + offset") {
    const mend::network<float> net({3}, {mend::rescaling{{.scale = 0.5, .offset = -1}}});
    const mend::tensor<float> x({2, 3}, 4.0F);
    CHECK(predicted(net, x) == mend::tensor<float>({2, 3}, 1.0F));
}

TEST_CASE("rescaling: gradients flow through it") {
    mend::network<double> net({3}, {mend::dense{{.units = 2}}, mend::rescaling{{.scale = 3}}});
    net.initialise(1);
    CHECK(network_gradient_error(net, normal<double>({4, 3}, 2)) < 1e-8);
}

} // namespace nn_rescaling_tests
