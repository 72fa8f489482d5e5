// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/nn/dense.hpp>
#include <mend/nn/dropout.hpp>

#include "run.hpp"

namespace nn_dropout_tests {

namespace {

std::vector<float>
trained(const mend::network<float>& net, std::uint64_t seed, std::uint64_t step) {
    mend::tape<float> tape;
    const mend::tensor<float> x({10, 100}, 1.0F);
    const auto y = net.forward(tape, x, {.training = true, .seed = seed, .step = step});
    return {tape.data(y), tape.data(y) + 1000};
}

} // namespace

TEST_CASE("dropout layer: acts in training alone") {
    const mend::network<float> net({100}, {mend::dropout{{.rate = 0.25}}});
    const mend::tensor<float> x({10, 100}, 1.0F);
    CHECK(predicted(net, x) == x);
    double zeros = 0;
    for (const float v : trained(net, 1, 0)) {
        zeros += v == 0 ? 1 : 0;
    }
    CHECK(std::abs(zeros / 1000 - 0.25) < 5 * std::sqrt(0.1875 / 1000));
}

TEST_CASE("dropout layer: masks are keyed by seed, step and layer") {
    const mend::network<float> net({100}, {mend::dropout{{.rate = 0.5}}});
    CHECK(trained(net, 1, 0) == trained(net, 1, 0));
    CHECK(trained(net, 1, 0) != trained(net, 1, 1));
    CHECK(trained(net, 1, 0) != trained(net, 2, 0));
    const mend::network<float> second(
        {100}, {mend::dropout{{.rate = 0}}, mend::dropout{{.rate = 0.5}}}
    );
    CHECK(trained(net, 1, 0) != trained(second, 1, 0));
}

TEST_CASE("dropout layer: gradients pass the same mask") {
    mend::network<double> net(
        {4}, {mend::dense{{.units = 8}}, mend::dropout{{.rate = 0.5}}, mend::dense{{.units = 2}}}
    );
    net.initialise(1);
    CHECK(network_gradient_error(net, normal<double>({6, 4}, 2)) < 1e-8);
}

TEST_CASE("dropout layer: a rate outside 0..1 breaks the contract") {
    CHECK_THROWS_AS(mend::dropout{{.rate = 1.5}}, mend::contract_violation);
    CHECK_THROWS_AS(mend::dropout{{.rate = std::nan("")}}, mend::contract_violation);
}

} // namespace nn_dropout_tests
