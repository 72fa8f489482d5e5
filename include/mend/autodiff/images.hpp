// SPDX-License-Identifier: MIT
/// Differentiable convolution and pooling, NHWC.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include <mend/autodiff/functions.hpp>
#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/tensor/activation.hpp>
#include <mend/tensor/convolution.hpp>
#include <mend/tensor/ops.hpp>
#include <mend/tensor/pooling.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/winograd.hpp>

namespace mend {

namespace detail {

/// A batch of sequences (steps x channels) as images one row high, and back; costs nothing.
template <class Scalar>
[[nodiscard]] variable as_image(tape<Scalar>& t, variable x) {
    const shape s = t.extents(x);
    MEND_EXPECTS(s.rank() == 3, "sequences are batch x steps x channels");
    return reshape(t, x, shape{s[0], 1, s[1], s[2]});
}

template <class Scalar>
[[nodiscard]] variable as_sequence(tape<Scalar>& t, variable x) {
    const shape s = t.extents(x);
    return reshape(t, x, shape{s[0], s[2], s[3]});
}

} // namespace detail

struct convolution_options {
    index row_stride = 1;
    index column_stride = 1;
    index row_dilation = 1;
    index column_dilation = 1;
    mend::padding padding = mend::padding::valid;
};

namespace detail {

/// `convolve` by Winograd's algorithm.
template <class Scalar>
variable convolve_winograd(
    tape<Scalar>& t,
    variable x,
    variable kernel,
    variable bias,
    const convolution_shape& s,
    const activation& f
) {
    // max(., 0) and the identity are done on the way out of the last transform, and so is the
    // derivative on the way in.
    const bool is_relu = f.kind == activation_kind::relu;
    const bool is_fused = is_relu || f.kind == activation_kind::linear;
    const index count = s.batch * s.output_size();
    Scalar* const y = t.allocate(count);
    Scalar* const z = f.needs_input() ? t.allocate(count) : y;
    {
        const arena::scope scope(t.memory());
        const winograd<Scalar> run(s, t.data(kernel), t.memory());
        run.forward(
            t.data(x),
            product_finish<Scalar>(bias.exists() ? t.data(bias) : nullptr, least_of<Scalar>(f)),
            z
        );
    }
    if (!is_fused) {
        activate(f, count, z, y);
    }
    return t.record(
        y,
        shape{s.batch, s.down.places, s.across.places, s.filters},
        operation::other,
        {x, kernel, bias},
        [=](tape<Scalar>& tape, variable self) {
            Scalar* const g = tape.gradient(self).data();
            if (!is_fused) {
                activation_gradient(f, count, z, y, g, g);
            }
            typename winograd<Scalar>::gradient_targets to;
            if (tape.wants_gradient(x)) {
                const auto part = tape.contribute(x);
                to.x = part.data;
                to.adds_x = part.adds;
            }
            if (tape.wants_gradient(kernel)) {
                const auto part = tape.contribute(kernel);
                to.kernel = part.data;
                to.adds_kernel = part.adds;
            }
            if (tape.wants_gradient(bias)) {
                const auto part = tape.contribute(bias);
                to.bias = part.data;
                to.adds_bias = part.adds;
            }
            const arena::scope scope(tape.memory());
            const winograd<Scalar> run(s, tape.data(kernel), tape.memory());
            run.backward(tape.data(x), is_relu ? y : nullptr, g, to);
        }
    );
}

} // namespace detail

/// f(x * kernel + bias): x batch x height x width x channels, kernel rows x columns x channels x
/// filters, bias filters or absent. Row-wise activations are not fused.
template <class Scalar>
variable convolve(
    tape<Scalar>& t,
    variable x,
    variable kernel,
    variable bias,
    const convolution_options& options,
    const activation& f = {}
) {
    MEND_EXPECTS(!f.by_row(), "softmax is an operation of its own");
    const shape& image = t.extents(x);
    const shape& weights = t.extents(kernel);
    MEND_EXPECTS(image.rank() == 4 && weights.rank() == 4, "images are NHWC, kernels HWIO");
    MEND_EXPECTS(image[3] == weights[2], "the kernel fits the channels");
    convolution_shape s;
    s.batch = image[0];
    s.height = image[1];
    s.width = image[2];
    s.channels = image[3];
    s.filters = weights[3];
    s.rows = {weights[0], options.row_stride, options.row_dilation};
    s.columns = {weights[1], options.column_stride, options.column_dilation};
    s.down = sweep_of(s.height, s.rows, options.padding);
    s.across = sweep_of(s.width, s.columns, options.padding);
    MEND_EXPECTS(s.down.places > 0 && s.across.places > 0, "the kernel fits the image");

    if (suits_winograd(s)) {
        return detail::convolve_winograd(t, x, kernel, bias, s, f);
    }
    const index places = s.down.places * s.across.places;
    const index size = s.output_size();
    Scalar* const y = t.allocate(s.batch * size);
    Scalar* const z = f.needs_input() ? t.allocate(s.batch * size) : y;
    {
        const arena::scope scope(t.memory());
        const convolution<Scalar> run(s, t.data(kernel), t.memory());
        const product_finish<Scalar> finish(
            bias.exists() ? t.data(bias) : nullptr, detail::least_of<Scalar>(f)
        );
        for (index n = 0; n < s.batch; ++n) {
            Scalar* const to = z + n * size;
            run(t.data(x) + n * s.input_size(), to, finish);
            if (f.kind != activation_kind::relu) {
                activate(f, size, to, y + n * size);
            }
        }
    }
    return t.record(
        y,
        shape{s.batch, s.down.places, s.across.places, s.filters},
        operation::other,
        {x, kernel, bias},
        [=](tape<Scalar>& tape, variable self) {
            Scalar* const g = tape.gradient(self).data();
            using part = typename mend::tape<Scalar>::contribution;
            const auto place = [&](variable v) {
                return tape.wants_gradient(v) ? tape.contribute(v) : part{nullptr, false};
            };
            const part dx = place(x);
            const part dk = place(kernel);
            const part db = place(bias);
            const arena::scope scope(tape.memory());
            std::optional<convolution_input_gradient<Scalar>> back;
            if (dx.data != nullptr) {
                back.emplace(s, tape.data(kernel), tape.memory());
            }
            for (index n = 0; n < s.batch; ++n) {
                Scalar* const gn = g + n * size;
                activation_gradient(f, size, z + n * size, y + n * size, gn, gn);
                if (db.data != nullptr) {
                    sum_columns(places, s.filters, gn, db.data, db.adds || n > 0);
                }
                if (dk.data != nullptr) {
                    convolution_kernel_gradient(
                        s,
                        tape.data(x) + n * s.input_size(),
                        gn,
                        dk.data,
                        dk.adds || n > 0,
                        tape.memory()
                    );
                }
                if (back) {
                    (*back)(gn, dx.data + n * s.input_size(), dx.adds);
                }
            }
        }
    );
}

struct pooling_options {
    pooling_kind kind = pooling_kind::max;
    index rows = 2;
    index columns = 2;
    index row_stride = 2;
    index column_stride = 2;
    mend::padding padding = mend::padding::valid;
};

/// The maximum or mean of every window; x batch x height x width x channels.
template <class Scalar>
variable pool(tape<Scalar>& t, variable x, const pooling_options& options) {
    const shape& image = t.extents(x);
    MEND_EXPECTS(image.rank() == 4, "images are NHWC");
    pooling_shape s;
    s.kind = options.kind;
    s.batch = image[0];
    s.height = image[1];
    s.width = image[2];
    s.channels = image[3];
    s.rows = {options.rows, options.row_stride};
    s.columns = {options.columns, options.column_stride};
    s.down = sweep_of(s.height, s.rows, options.padding);
    s.across = sweep_of(s.width, s.columns, options.padding);
    MEND_EXPECTS(s.down.places > 0 && s.across.places > 0, "the window fits the image");
    Scalar* const y = t.allocate(s.batch * s.output_size());
    pool(s, t.data(x), y);
    return t.record(
        y,
        shape{s.batch, s.down.places, s.across.places, s.channels},
        operation::other,
        {x},
        [x, s](tape<Scalar>& tape, variable self) {
            const auto part = tape.contribute(x);
            if (!part.adds) {
                std::fill_n(part.data, s.batch * s.input_size(), Scalar{});
            }
            pool_gradient(s, tape.data(x), tape.data(self), tape.gradient(self).data(), part.data);
        }
    );
}

} // namespace mend
