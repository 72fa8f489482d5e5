// SPDX-License-Identifier: MIT
/// Max and average pooling, NHWC, and their gradients. Padding never counts: it is -infinity for
/// the maximum and no cell for the average.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>
#include <mend/tensor/window.hpp>

namespace mend {

enum class pooling_kind : std::uint8_t { max, average };

/// Everything about a pooling but the numbers.
struct pooling_shape {
    pooling_kind kind = pooling_kind::max;
    index batch = 0;
    index height = 0;
    index width = 0;
    index channels = 0;
    window rows;
    window columns;
    sweep down;
    sweep across;

    [[nodiscard]] constexpr index input_size() const noexcept { return height * width * channels; }

    [[nodiscard]] constexpr index output_size() const noexcept {
        return down.places * across.places * channels;
    }
};

namespace detail {

/// The part of a window that lies on the input.
struct clipped_window {
    index first;
    index last; ///< one past the end

    clipped_window(const window& w, const sweep& s, index place, index extent) noexcept
        : first(std::max<index>(place * w.stride - s.before, 0))
        , last(std::min(place * w.stride - s.before + w.size, extent)) {}
};

/// f(input offset of the window's first cell, output offset, rows and columns of the window)
/// for each place.
template <class Function>
void for_windows(const pooling_shape& s, const Function& f) {
    for (index n = 0; n < s.batch; ++n) {
        for (index y = 0; y < s.down.places; ++y) {
            const clipped_window down(s.rows, s.down, y, s.height);
            for (index x = 0; x < s.across.places; ++x) {
                const clipped_window across(s.columns, s.across, x, s.width);
                f(((n * s.height + down.first) * s.width + across.first) * s.channels,
                  ((n * s.down.places + y) * s.across.places + x) * s.channels,
                  down.last - down.first,
                  across.last - across.first);
            }
        }
    }
}

} // namespace detail

/// y = the pooled x; batch x height x width x channels to batch x places x places x channels.
template <class Scalar>
void pool(const pooling_shape& s, const Scalar* x, Scalar* y) {
    using pack = detail::pack<Scalar>;
    detail::for_windows(s, [&](index from, index to, index height, index width) {
        const pack share = pack::all(1.0 / static_cast<double>(height * width));
        detail::for_packs<Scalar>(s.channels, [&](const auto& load, const auto& store) {
            const bool is_max = s.kind == pooling_kind::max;
            pack sum = pack::all(is_max ? -std::numeric_limits<double>::infinity() : 0.0);
            for (index i = 0; i < height; ++i) {
                const Scalar* const line = x + from + i * s.width * s.channels;
                for (index j = 0; j < width; ++j) {
                    const pack value = load(line + j * s.channels);
                    sum = is_max ? max(value, sum) : sum + value;
                }
            }
            store(is_max ? sum : sum * share, y + to);
        });
    });
}

/// Adds the gradient of x to dx. Of equal maxima the first, row by row, gets all of it.
template <class Scalar>
void pool_gradient(
    const pooling_shape& s, const Scalar* x, const Scalar* y, const Scalar* dy, Scalar* dx
) {
    using pack = detail::pack<Scalar>;
    detail::for_windows(s, [&](index from, index to, index height, index width) {
        const pack share = pack::all(1.0 / static_cast<double>(height * width));
        detail::for_packs<Scalar>(s.channels, [&](const auto& load, const auto& store) {
            const pack zero = pack::all(0);
            const bool is_max = s.kind == pooling_kind::max;
            pack left = load(dy + to);
            const pack part = left * share;
            const pack largest = is_max ? load(y + to) : zero;
            for (index i = 0; i < height; ++i) {
                const index line = from + i * s.width * s.channels;
                for (index j = 0; j < width; ++j) {
                    Scalar* const into = dx + line + j * s.channels;
                    if (!is_max) {
                        store(load(into) + part, into);
                        continue;
                    }
                    const auto smaller = less(load(x + line + j * s.channels), largest);
                    store(load(into) + select(smaller, zero, left), into);
                    left = select(smaller, left, zero);
                }
            }
        });
    });
}

} // namespace mend
