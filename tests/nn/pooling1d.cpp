// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/pooling1d.hpp>

#include "run.hpp"

namespace nn_pooling1d_tests {

using mend::pooling_kind;
using mend::shape;

TEST_CASE("pooling1d: takes maxima and means of steps, strides default to the pool") {
    CHECK(mend::pooling1d{pooling_kind::max}.output({7, 3}) == shape{3, 3});
    mend::tensor<float> x({1, 3, 2});
    for (int i = 0; i < 6; ++i) {
        x[i] = static_cast<float>(i);
    }
    const mend::pooling1d_options same{.padding = mend::padding::same};
    const auto largest =
        predicted(mend::network<float>({3, 2}, {mend::pooling1d{pooling_kind::max, same}}), x);
    CHECK(largest.extents() == shape{1, 2, 2});
    CHECK(largest[0] == 2);
    CHECK(largest[3] == 5);
    const auto mean =
        predicted(mend::network<float>({3, 2}, {mend::pooling1d{pooling_kind::average, same}}), x);
    CHECK(mean[1] == 2);
    CHECK(mean[2] == 4); // padding does not count
}

} // namespace nn_pooling1d_tests
