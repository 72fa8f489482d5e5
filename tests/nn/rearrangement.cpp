// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/dense.hpp>
#include <mend/nn/rearrangement.hpp>

#include "run.hpp"

namespace nn_rearrangement_tests {

using mend::shape;

TEST_CASE("rearrangement: output shapes are Keras'") {
    CHECK(mend::reshape_layer{{3, 4}}.output({2, 6}) == shape{3, 4});
    CHECK(mend::permute_layer{{3, 1, 2}}.output({5, 6, 7}) == shape{7, 5, 6});
    CHECK(mend::permute_layer{{2, 1}}.output({5, 6}) == shape{6, 5});
    CHECK(mend::repeat_vector{3}.output({4}) == shape{3, 4});
    CHECK(mend::framing2d{1, 2, 0, 3}.output({5, 6, 2}) == shape{8, 9, 2});
    CHECK(mend::framing2d{-1, -2, 0, -3}.output({5, 6, 2}) == shape{2, 3, 2});
    CHECK(mend::up_sampling2d{{2, 3}}.output({5, 6, 2}) == shape{10, 18, 2});
}

TEST_CASE("rearrangement: a row repeated, and an image that comes back whole from its frame") {
    const auto rows = normal<float>({2, 3}, 1);
    const auto repeated = predicted(mend::network<float>({3}, {mend::repeat_vector{2}}), rows);
    CHECK(repeated[3] == rows[0]);
    CHECK(repeated[6] == rows[3]);
    CHECK(repeated[9] == rows[3]);
    const auto x = normal<float>({2, 3, 4, 2}, 2);
    const mend::network<float> there_and_back(
        {3, 4, 2}, {mend::framing2d{1, 2, 3, 0}, mend::framing2d{-1, -2, -3, 0}}
    );
    CHECK(predicted(there_and_back, x) == x);
}

TEST_CASE("rearrangement: gradients flow through all of them") {
    mend::network<double> net(
        {4},
        {mend::dense{{.units = 3}},
         mend::repeat_vector{4},
         mend::reshape_layer{{2, 2, 3}},
         mend::permute_layer{{2, 3, 1}},
         mend::up_sampling2d{{2, 1}},
         mend::framing2d{1, 0, 0, 2},
         mend::framing2d{-2, -1, 0, -1},
         mend::dense{{.units = 2}}}
    );
    net.initialise(3);
    CHECK(network_gradient_error(net, normal<double>({3, 4}, 4)) < 1e-7);
}

} // namespace nn_rearrangement_tests
