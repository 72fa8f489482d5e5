// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/tensor/depthwise.hpp>
#include <mend/tensor/tensor.hpp>

namespace tensor_depthwise_tests {

using mend::index;

TEST_CASE("depthwise: equals the sum over the window, channel by channel") {
    mend::random_stream random(1, 0, mend::purpose::generator);
    for (const index channels : {3, 20}) {
        for (const index multiplier : {1, 2}) {
            for (const mend::padding pad : {mend::padding::valid, mend::padding::same}) {
                mend::depthwise_shape s{
                    2, 7, 6, channels, multiplier, {3, 2, 1}, {2, 1, 2}, {}, {}};
                s.down = sweep_of(s.height, s.rows, pad);
                s.across = sweep_of(s.width, s.columns, pad);
                mend::tensor<float> x({2, 7, 6, channels});
                mend::tensor<float> kernel({3, 2, channels, multiplier});
                for (mend::tensor<float>* t : {&x, &kernel}) {
                    for (float& v : t->flat()) {
                        v = static_cast<float>(random.normal());
                    }
                }
                mend::tensor<float> y({2, s.down.places, s.across.places, channels * multiplier});
                depthwise_convolve(s, x.data(), kernel.data(), y.data());
                double worst = 0;
                for (index at = 0; at < y.size(); ++at) {
                    const index out = at % (channels * multiplier);
                    const index place = at / (channels * multiplier);
                    const index across = place % s.across.places;
                    const index down = place / s.across.places % s.down.places;
                    const index image = place / s.across.places / s.down.places;
                    double sum = 0;
                    for (index i = 0; i < 3; ++i) {
                        for (index j = 0; j < 2; ++j) {
                            const index row = down * 2 + i - s.down.before;
                            const index column = across + 2 * j - s.across.before;
                            if (row >= 0 && row < 7 && column >= 0 && column < 6) {
                                sum += static_cast<double>(
                                           x[((image * 7 + row) * 6 + column) * channels +
                                             out / multiplier]
                                       ) *
                                       static_cast<double>(
                                           kernel[(i * 2 + j) * channels * multiplier + out]
                                       );
                            }
                        }
                    }
                    worst = std::max(worst, std::abs(sum - static_cast<double>(y[at])));
                }
                CHECK(worst < 1e-5);
            }
        }
    }
}

} // namespace tensor_depthwise_tests
