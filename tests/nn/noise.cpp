// SPDX-License-Identifier: MIT
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/nn/dense.hpp>
#include <mend/nn/noise.hpp>

#include "run.hpp"

namespace nn_noise_tests {

TEST_CASE("noise: is there in training alone, the same for the same seed and step") {
    const auto x = normal<float>({4, 3, 3, 2}, 1);
    for (const mend::any_layer<float>& layer :
         {mend::any_layer<float>(mend::spatial_dropout{0.5}),
          mend::any_layer<float>(mend::gaussian_noise{0.5}),
          mend::any_layer<float>(mend::gaussian_dropout{0.5})}) {
        const mend::network<float> net({3, 3, 2}, {layer});
        CHECK(predicted(net, x) == x);
        mend::tape<float> tape;
        const auto run = [&](std::uint64_t seed, std::uint64_t step) {
            tape.rewind();
            const mend::variable y =
                net.forward(tape, x, {.training = true, .seed = seed, .step = step});
            return std::vector<float>(tape.data(y), tape.data(y) + x.size());
        };
        CHECK(run(1, 2) == run(1, 2));
        CHECK(run(1, 2) != run(1, 3));
        CHECK(run(1, 2) != run(2, 2));
    }
}

TEST_CASE("noise: gradients flow through what was drawn") {
    mend::network<double> net(
        {2, 2, 3},
        {mend::dense{{.units = 4}},
         mend::spatial_dropout{0.4},
         mend::gaussian_noise{0.2},
         mend::gaussian_dropout{0.3},
         mend::dense{{.units = 2}}}
    );
    net.initialise(5);
    CHECK(network_gradient_error(net, normal<double>({3, 2, 2, 3}, 6)) < 1e-7);
}

} // namespace nn_noise_tests
