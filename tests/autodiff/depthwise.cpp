// SPDX-License-Identifier: MIT
#include <span>

#include <doctest/doctest.h>

#include <mend/autodiff/check.hpp>
#include <mend/autodiff/depthwise.hpp>

#include "samples.hpp"

namespace autodiff_depthwise_tests {

using mend::padding;
using mend::tape;
using mend::variable;
using leaves = std::span<const variable>;

TEST_CASE("depthwise: passes the gradient check for all paddings, strides, dilations") {
    for (const mend::index multiplier : {1, 3}) {
        for (const mend::convolution_options& options :
             {mend::convolution_options{1, 1, 1, 1, padding::same},
              mend::convolution_options{2, 2, 1, 1, padding::same},
              mend::convolution_options{1, 1, 2, 1, padding::valid}}) {
            CHECK(
                mend::gradient_error(
                    {normal({2, 6, 5, 2}, 1),
                     normal({3, 2, 2, multiplier}, 2),
                     normal({2 * multiplier}, 3)},
                    [&](tape<double>& t, leaves v) {
                        return weighted_square(t, depthwise_convolve(t, v[0], v[1], v[2], options));
                    }
                ) < 1e-6
            );
        }
    }
}

} // namespace autodiff_depthwise_tests
