// SPDX-License-Identifier: MIT
/// The register-blocked product that dense layers and convolutions are made of.
///
/// C (+)= A B, B and C row-major, A described by where its rows and depth steps lie. Nothing is
/// packed: a tile of six rows by a few vectors of C stays in registers, B is loaded as it lies and
/// A is broadcast number by number. This suits networks, whose matrices are small enough that what
/// is read again comes from the cache, and it lets a convolution run on its image without a copy of
/// the patches. The order of summation is a fixed function of the shapes: along the depth, in
/// blocks of about `depth_block`.
#pragma once

#include <algorithm>
#include <array>

#include <mend/tensor/arena.hpp>
#include <mend/tensor/shape.hpp>

namespace mend::detail {

#if defined(__AVX512F__)
inline constexpr int vector_bytes = 64;
inline constexpr int tile_vectors = 4; // of 32 registers: 24 sums, 4 of B
#elif defined(__AVX__)
inline constexpr int vector_bytes = 32;
inline constexpr int tile_vectors = 2; // of 16 registers: 12 sums, 2 of B, 1 of A
#else
inline constexpr int vector_bytes = 16;
inline constexpr int tile_vectors = 2;
#endif
inline constexpr int tile_rows = 6;

/// Depth of one pass: this much of B, times the width of a tile, stays in the L2 cache.
inline constexpr index depth_block = 512;

/// A vector of numbers as the compiler's own type, loadable from any address: arithmetic on it
/// works element by element.
template <class Scalar>
struct lanes_of {
    static constexpr int count = vector_bytes / static_cast<int>(sizeof(Scalar));
    typedef Scalar type
        __attribute__((vector_size(vector_bytes), aligned(alignof(Scalar)), may_alias));
};

/// The left operand: element (i, p) lies at
/// `data + (row_offsets ? row_offsets[i] : i * row_step) + s * segment_step + q * depth_step` with
/// p = s * segment_length + q. A plain matrix has one segment; the rows of a convolution's kernel
/// are segments of the image.
template <class Scalar>
struct left_operand {
    const Scalar* data = nullptr;
    const index* row_offsets = nullptr;
    index row_step = 0;
    index depth_step = 1;
    index segments = 1;
    index segment_length = 0;
    index segment_step = 0;
};

/// What happens to a sum on its way to C: c = relu(sum + (adds ? c : 0) + bias).
template <class Scalar>
struct tile_finish {
    bool adds = false;
    const Scalar* bias = nullptr; ///< one number per column
    bool relu = false;
};

template <class Scalar>
struct tile_output {
    Scalar* data;
    index row_step;
    index columns; ///< how many of the vectors' columns are wanted
    index skipped; ///< columns at the front that another tile has done
};

template <class Scalar, int Rows, int Vectors>
[[gnu::noinline]] void run_tile(
    const left_operand<Scalar>& a,
    const std::array<const Scalar*, tile_rows>& rows,
    const Scalar* b,
    index b_step,
    const tile_output<Scalar>& c,
    const tile_finish<Scalar>& finish
) {
    using lanes = typename lanes_of<Scalar>::type;
    constexpr int width = lanes_of<Scalar>::count;
    lanes sum[Rows][Vectors] = {};
    const Scalar* row[Rows];
#pragma GCC unroll 6
    for (int i = 0; i < Rows; ++i) {
        row[i] = rows[static_cast<std::size_t>(i)];
    }
    for (index s = 0; s < a.segments; ++s) {
        index at = s * a.segment_step;
        for (index q = 0; q < a.segment_length; ++q) {
            lanes right[Vectors];
#pragma GCC unroll 6
            for (int j = 0; j < Vectors; ++j) {
                right[j] = *reinterpret_cast<const lanes*>(b + j * width);
            }
#pragma GCC unroll 6
            for (int i = 0; i < Rows; ++i) {
                const Scalar left = row[i][at];
#pragma GCC unroll 6
                for (int j = 0; j < Vectors; ++j) {
                    sum[i][j] += left * right[j];
                }
            }
            at += a.depth_step;
            b += b_step;
        }
    }
    if (c.columns == Vectors * width) {
#pragma GCC unroll 6
        for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 6
            for (int j = 0; j < Vectors; ++j) {
                lanes* const to = reinterpret_cast<lanes*>(c.data + i * c.row_step + j * width);
                lanes value = sum[i][j];
                if (finish.adds) {
                    value += *to;
                }
                if (finish.bias != nullptr) {
                    value += *reinterpret_cast<const lanes*>(finish.bias + j * width);
                }
                if (finish.relu) {
                    value = value < lanes{} ? lanes{} : value; // NaN stays NaN
                }
                *to = value;
            }
        }
        return;
    }
    Scalar spilled[Vectors * width];
    for (int i = 0; i < Rows; ++i) {
        for (int j = 0; j < Vectors; ++j) {
            *reinterpret_cast<lanes*>(spilled + j * width) = sum[i][j];
        }
        Scalar* const to = c.data + i * c.row_step;
        for (index j = 0; j < c.columns; ++j) {
            Scalar value = spilled[c.skipped + j];
            value += finish.adds ? to[j] : Scalar{};
            value += finish.bias != nullptr ? finish.bias[j] : Scalar{};
            to[j] = finish.relu && value < Scalar{} ? Scalar{} : value;
        }
    }
}

/// All rows of one column panel, `Vectors` wide.
template <class Scalar, int Vectors>
void run_panel(
    index m,
    const left_operand<Scalar>& a,
    const Scalar* b,
    index b_step,
    tile_output<Scalar> c,
    const tile_finish<Scalar>& finish
) {
    std::array<const Scalar*, tile_rows> rows{};
    for (index i = 0; i < m;) {
        const index left = std::min<index>(m - i, tile_rows);
        const index count = left == 6 ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
        for (index r = 0; r < count; ++r) {
            const index offset =
                a.row_offsets != nullptr ? a.row_offsets[i + r] : (i + r) * a.row_step;
            rows[static_cast<std::size_t>(r)] = a.data + offset;
        }
        switch (count) {
        case 6:
            run_tile<Scalar, 6, Vectors>(a, rows, b, b_step, c, finish);
            break;
        case 4:
            run_tile<Scalar, 4, Vectors>(a, rows, b, b_step, c, finish);
            break;
        case 2:
            run_tile<Scalar, 2, Vectors>(a, rows, b, b_step, c, finish);
            break;
        default:
            run_tile<Scalar, 1, Vectors>(a, rows, b, b_step, c, finish);
        }
        i += count;
        c.data += count * c.row_step;
    }
}

/// One block of the depth for all columns.
template <class Scalar>
void run_depth_block(
    index m,
    index n,
    const left_operand<Scalar>& a,
    const Scalar* b,
    index b_step,
    Scalar* c,
    index c_step,
    tile_finish<Scalar> finish,
    arena& scratch
) {
    constexpr index width = lanes_of<Scalar>::count;
    const auto part = [&](index column) {
        tile_finish<Scalar> shifted = finish;
        shifted.bias = finish.bias != nullptr ? finish.bias + column : nullptr;
        return shifted;
    };
    index j = 0;
    if constexpr (tile_vectors == 4) {
        for (; j + 4 * width <= n; j += 4 * width) {
            run_panel<Scalar, 4>(m, a, b + j, b_step, {c + j, c_step, 4 * width, 0}, part(j));
        }
    }
    for (; j + 2 * width <= n; j += 2 * width) {
        run_panel<Scalar, 2>(m, a, b + j, b_step, {c + j, c_step, 2 * width, 0}, part(j));
    }
    if (j + width <= n) {
        run_panel<Scalar, 1>(m, a, b + j, b_step, {c + j, c_step, width, 0}, part(j));
        j += width;
    }
    if (j == n) {
        return;
    }
    const index rest = n - j;
    if (n >= width) { // the last full vector of B overlaps columns that are done
        const index skipped = width - rest;
        run_panel<Scalar, 1>(
            m, a, b + j - skipped, b_step, {c + j, c_step, rest, skipped}, part(j)
        );
        return;
    }
    const arena::scope scope(scratch);
    const index depth = a.segments * a.segment_length;
    Scalar* const padded = scratch.take<Scalar>(depth * width);
    for (index p = 0; p < depth; ++p) {
        std::copy_n(b + p * b_step, n, padded + p * width);
        std::fill_n(padded + p * width + n, width - n, Scalar{});
    }
    run_panel<Scalar, 1>(m, a, padded, width, {c, c_step, n, 0}, finish);
}

/// C (+)= A B for C of m x n, then bias and relu as asked. `scratch` lends memory for the call.
template <class Scalar>
void tile_product(
    index m,
    index n,
    const left_operand<Scalar>& a,
    const Scalar* b,
    index b_step,
    Scalar* c,
    index c_step,
    const tile_finish<Scalar>& finish,
    arena& scratch
) {
    // Blocks are runs of whole segments, or runs of one segment's depth where there is one.
    const bool single = a.segments == 1;
    const index total = single ? a.segment_length : a.segments;
    const index stride =
        single ? depth_block
               : std::max<index>(1, depth_block / std::max<index>(1, a.segment_length));
    for (index first = 0; first == 0 || first < total; first += stride) {
        const index count = std::min(stride, total - first);
        left_operand<Scalar> block = a;
        (single ? block.segment_length : block.segments) = count;
        block.data += first * (single ? a.depth_step : a.segment_step);
        const index depth_before = single ? first : first * a.segment_length;
        const bool last = first + count >= total;
        const tile_finish<Scalar> now{
            finish.adds || first > 0, last ? finish.bias : nullptr, last && finish.relu};
        run_depth_block(m, n, block, b + depth_before * b_step, b_step, c, c_step, now, scratch);
    }
}

} // namespace mend::detail
