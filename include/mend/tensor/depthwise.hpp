// SPDX-License-Identifier: MIT
/// Depthwise convolution, NHWC with kernels rows x columns x channels x multiplier, and its
/// gradients: channel c with its kernel m makes channel c * multiplier + m of the result.
#pragma once

#include <algorithm>
#include <cstddef>

#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>
#include <mend/tensor/window.hpp>

namespace mend {

/// Everything about a depthwise convolution but the numbers.
struct depthwise_shape {
    index batch = 0;
    index height = 0;
    index width = 0;
    index channels = 0;
    index multiplier = 1;
    window rows;
    window columns;
    sweep down;
    sweep across;

    [[nodiscard]] constexpr index input_size() const noexcept { return height * width * channels; }

    [[nodiscard]] constexpr index output_size() const noexcept {
        return down.places * across.places * channels * multiplier;
    }
};

namespace detail {

/// f(offset of the input cell, of the kernel cell, of the place), once for each cell of each window
/// that lies on the input; the offsets are those of the first channel.
template <class Function>
void for_cells(const depthwise_shape& s, const Function& f) {
    const index outputs = s.channels * s.multiplier;
    for (index n = 0; n < s.batch; ++n) {
        for (index y = 0; y < s.down.places; ++y) {
            for (index x = 0; x < s.across.places; ++x) {
                const index place = ((n * s.down.places + y) * s.across.places + x) * outputs;
                for (index i = 0; i < s.rows.size; ++i) {
                    const index row = y * s.rows.stride - s.down.before + i * s.rows.dilation;
                    if (row < 0 || row >= s.height) {
                        continue;
                    }
                    for (index j = 0; j < s.columns.size; ++j) {
                        const index column =
                            x * s.columns.stride - s.across.before + j * s.columns.dilation;
                        if (column >= 0 && column < s.width) {
                            f(((n * s.height + row) * s.width + column) * s.channels,
                              (i * s.columns.size + j) * outputs,
                              place);
                        }
                    }
                }
            }
        }
    }
}

/// sum[k] += a[k] * b[k / multiplier] for each of `channels` x multiplier numbers.
template <class Scalar>
void add_products(index channels, index multiplier, const Scalar* a, const Scalar* b, Scalar* sum) {
    if (multiplier == 1 && channels >= pack<Scalar>::width) {
        for_packs<Scalar>(channels, [&](const auto& load, const auto& store) {
            store(fma(load(a), load(b), load(sum)), sum);
        });
        return;
    }
    for (index c = 0; c < channels; ++c, a += multiplier, sum += multiplier) {
        for (index m = 0; m < multiplier; ++m) {
            sum[m] += a[m] * b[c];
        }
    }
}

} // namespace detail

/// Adds the convolution of all images to y.
template <class Scalar>
void depthwise_convolve(
    const depthwise_shape& s, const Scalar* x, const Scalar* kernel, Scalar* y
) {
    detail::for_cells(s, [&](index from, index cell, index place) {
        detail::add_products(s.channels, s.multiplier, kernel + cell, x + from, y + place);
    });
}

/// Adds the gradient of the kernel.
template <class Scalar>
void depthwise_kernel_gradient(
    const depthwise_shape& s, const Scalar* x, const Scalar* dy, Scalar* dkernel
) {
    detail::for_cells(s, [&](index from, index cell, index place) {
        detail::add_products(s.channels, s.multiplier, dy + place, x + from, dkernel + cell);
    });
}

/// Adds the gradient of the input.
template <class Scalar>
void depthwise_input_gradient(
    const depthwise_shape& s, const Scalar* kernel, const Scalar* dy, Scalar* dx
) {
    detail::for_cells(s, [&](index from, index cell, index place) {
        if (s.multiplier == 1) {
            detail::add_products(s.channels, 1, kernel + cell, dy + place, dx + from);
            return;
        }
        const Scalar* k = kernel + cell;
        const Scalar* g = dy + place;
        for (index c = 0; c < s.channels; ++c, k += s.multiplier, g += s.multiplier) {
            Scalar sum{};
            for (index m = 0; m < s.multiplier; ++m) {
                sum += k[m] * g[m];
            }
            dx[from + c] += sum;
        }
    });
}

} // namespace mend
