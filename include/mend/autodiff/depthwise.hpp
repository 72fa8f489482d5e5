// SPDX-License-Identifier: MIT
/// Differentiable depthwise convolution, NHWC.
#pragma once

#include <algorithm>
#include <cstddef>

#include <mend/autodiff/images.hpp>
#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/tensor/depthwise.hpp>
#include <mend/tensor/ops.hpp>
#include <mend/tensor/shape.hpp>

namespace mend {

/// x convolved channel by channel, plus bias: x batch x height x width x channels, kernel rows x
/// columns x channels x multiplier, bias channels * multiplier or absent.
template <class Scalar>
variable depthwise_convolve(
    tape<Scalar>& t, variable x, variable kernel, variable bias, const convolution_options& options
) {
    const shape& image = t.extents(x);
    const shape& weights = t.extents(kernel);
    MEND_EXPECTS(image.rank() == 4 && weights.rank() == 4, "images are NHWC, kernels HWCM");
    MEND_EXPECTS(image[3] == weights[2], "the kernel fits the channels");
    depthwise_shape s;
    s.batch = image[0];
    s.height = image[1];
    s.width = image[2];
    s.channels = image[3];
    s.multiplier = weights[3];
    s.rows = {weights[0], options.row_stride, options.row_dilation};
    s.columns = {weights[1], options.column_stride, options.column_dilation};
    s.down = sweep_of(s.height, s.rows, options.padding);
    s.across = sweep_of(s.width, s.columns, options.padding);
    MEND_EXPECTS(s.down.places > 0 && s.across.places > 0, "the kernel fits the image");

    const index outputs = s.channels * s.multiplier;
    const index rows = s.batch * s.down.places * s.across.places;
    Scalar* const y = t.allocate(rows * outputs);
    if (bias.exists()) {
        repeat_row(rows, outputs, t.data(bias), y);
    } else {
        std::fill_n(y, rows * outputs, Scalar{});
    }
    depthwise_convolve(s, t.data(x), t.data(kernel), y);
    return t.record(
        y,
        shape{s.batch, s.down.places, s.across.places, outputs},
        operation::other,
        {x, kernel, bias},
        [=](tape<Scalar>& tape, variable self) {
            const Scalar* const g = tape.gradient(self).data();
            if (tape.wants_gradient(bias)) {
                const auto part = tape.contribute(bias);
                sum_columns(rows, outputs, g, part.data, part.adds);
            }
            const auto cleared = [&tape](variable v) {
                const auto part = tape.contribute(v);
                if (!part.adds) {
                    std::fill_n(part.data, tape.extents(v).size(), Scalar{});
                }
                return part.data;
            };
            if (tape.wants_gradient(kernel)) {
                depthwise_kernel_gradient(s, tape.data(x), g, cleared(kernel));
            }
            if (tape.wants_gradient(x)) {
                depthwise_input_gradient(s, tape.data(kernel), g, cleared(x));
            }
        }
    );
}

} // namespace mend
