// SPDX-License-Identifier: MIT
#include <algorithm>

#include <doctest/doctest.h>

#include <mend/nn/dense.hpp>
#include <mend/nn/embedding.hpp>
#include <mend/nn/flatten.hpp>

#include "run.hpp"

namespace nn_embedding_tests {

using mend::shape;

TEST_CASE("embedding: gives the rows that are named, and learns them") {
    mend::network<double> net(
        {3},
        {mend::embedding{{.input_dim = 5, .output_dim = 2, .embeddings_regularizer = {0.01, 0.1}}},
         mend::flatten{},
         mend::dense{{.units = 2}}}
    );
    net.initialise(1);
    CHECK(net.layer_outputs()[0] == shape{3, 2});
    CHECK(net.parameters()[0].extents == shape{5, 2});
    mend::tensor<double> x({2, 3});
    const double words[] = {0, 3, 3, 4, 1, 0};
    std::copy_n(words, 6, x.data());
    CHECK(network_gradient_error(net, x) < 1e-8);

    mend::network<double> alone({3}, {mend::embedding{{.input_dim = 5, .output_dim = 2}}});
    alone.initialise(2);
    const auto y = predicted(alone, x);
    CHECK(y[2] == alone.values()[6]);
    CHECK(y[3] == alone.values()[7]);
}

} // namespace nn_embedding_tests
