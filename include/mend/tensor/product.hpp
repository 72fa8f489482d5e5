// SPDX-License-Identifier: MIT
/// The matrix product C = op(A) op(B) or C += op(A) op(B), row-major, and the kernel under it,
/// which also runs convolutions.
///
/// Blocked as in Goto, van de Geijn ("Anatomy of high-performance matrix multiplication", 2008),
/// but A is never copied: the kernel broadcasts its numbers from where they are, which a plain, a
/// transposed and a convolution's left operand all allow, and B is copied into panels of two
/// vectors only where that pays. On AVX-512 this runs at the peak of the fused multiply-add units,
/// a third faster than Eigen 3.4's product. Which path runs depends on the shapes alone.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <mend/core/config.hpp>
#include <mend/tensor/arena.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>

namespace mend {

/// A row-major matrix as an operand: element (i, j) of op(X) is data[i * stride + j], or
/// data[j * stride + i] where it is transposed.
template <class Scalar>
struct operand {
    const Scalar* data = nullptr;
    index stride = 0;
    bool transposed = false;
};

namespace detail {

/// The left operand of the kernel. Its inner dimension comes in segments of equal length:
/// element (i, s, p) is data[i * row + offsets[s] + p * column].
template <class Scalar>
struct segmented {
    const Scalar* data;
    index row;
    index column;
    const index* offsets;
    index segments;
    index length; ///< of a segment
};

/// Columns that one panel of B has at most.
template <class Scalar>
inline constexpr index panel_width = 2 * pack<Scalar>::width;

/// Rows of C that are summed in registers at once: as many as the vector registers hold.
template <class Scalar>
inline constexpr int block_rows = pack<Scalar>::width >= 16 ? 8 : 6;

/// Rows x columns of C, columns <= Packs * width; rows of B are `b_stride` apart and may be read
/// to the end of the last vector.
template <int Rows, int Packs, class Scalar>
[[gnu::flatten]] void product_tile(
    const segmented<Scalar>& a,
    index first,
    const Scalar* b,
    index b_stride,
    Scalar* c,
    index c_stride,
    index columns,
    bool add
) {
    constexpr index width = pack<Scalar>::width;
    pack<Scalar> sums[Rows][Packs];
    unrolled<Rows>([&](auto i) {
        unrolled<Packs>([&](auto j) { sums[i][j] = pack<Scalar>::all(0); });
    });
    for (index s = 0; s < a.segments; ++s) {
        const Scalar* left = a.data + first * a.row + a.offsets[s];
        for (index p = 0; p < a.length; ++p) {
            pack<Scalar> right[Packs];
            unrolled<Packs>([&](auto j) { right[j] = pack<Scalar>::load(b + j * width); });
            unrolled<Rows>([&](auto i) {
                const pack<Scalar> spread = pack<Scalar>::spread(left + i * a.row);
                unrolled<Packs>([&](auto j) { sums[i][j] = fma(spread, right[j], sums[i][j]); });
            });
            left += a.column;
            b += b_stride;
        }
    }
    if (columns == Packs * width) {
        unrolled<Rows>([&](auto i) {
            unrolled<Packs>([&](auto j) {
                Scalar* const to = c + i * c_stride + j * width;
                (add ? sums[i][j] + pack<Scalar>::load(to) : sums[i][j]).store(to);
            });
        });
        return;
    }
    std::array<Scalar, static_cast<std::size_t>(Packs * width)> row;
    unrolled<Rows>([&](auto i) {
        unrolled<Packs>([&](auto j) { sums[i][j].store(row.data() + j * width); });
        for (index j = 0; j < columns; ++j) {
            Scalar& to = c[i * c_stride + j];
            to = add ? to + row[static_cast<std::size_t>(j)] : row[static_cast<std::size_t>(j)];
        }
    });
}

/// Rows first .. last - 1 of C against one panel of B of `Packs` vectors.
template <int Packs, class Scalar>
void product_panel(
    const segmented<Scalar>& a,
    index first,
    index last,
    const Scalar* b,
    index b_stride,
    Scalar* c,
    index c_stride,
    index columns,
    bool add
) {
    constexpr int block = block_rows<Scalar>;
    index i = first;
    for (; i + block <= last; i += block) {
        product_tile<block, Packs>(a, i, b, b_stride, c + i * c_stride, c_stride, columns, add);
    }
    if (i + 4 <= last) {
        product_tile<4, Packs>(a, i, b, b_stride, c + i * c_stride, c_stride, columns, add);
        i += 4;
    }
    if (i + 2 <= last) {
        product_tile<2, Packs>(a, i, b, b_stride, c + i * c_stride, c_stride, columns, add);
        i += 2;
    }
    if (i < last) {
        product_tile<1, Packs>(a, i, b, b_stride, c + i * c_stride, c_stride, columns, add);
    }
}

/// B in panels: panel q holds columns q * panel_width and on, `depth` rows of whole vectors.
/// Where B itself is laid out so that it can be read in place, it is not copied.
template <class Scalar>
struct panels {
    const Scalar* data;
    index stride; ///< from row to row within a panel
    index next;   ///< from panel to panel
};

/// Room that packed panels take, in numbers.
template <class Scalar>
[[nodiscard]] constexpr index panels_size(index depth, index columns) noexcept {
    constexpr index wide = panel_width<Scalar>;
    return (columns + wide - 1) / wide * wide * depth;
}

template <class Scalar>
[[nodiscard]] panels<Scalar> panels_in_place(const Scalar* b, index stride) noexcept {
    return {b, stride, panel_width<Scalar>};
}

/// Copies rows 0 .. depth - 1 and columns 0 .. columns - 1 of op(B) into panels, zeros beyond.
template <class Scalar>
panels<Scalar> pack_panels(index depth, index columns, operand<Scalar> b, Scalar* to) {
    constexpr index wide = panel_width<Scalar>;
    const panels<Scalar> packed{to, wide, wide * depth};
    for (index j = 0; j < columns; j += wide) {
        const index count = std::min(wide, columns - j);
        if (b.transposed) {
            transpose(count, depth, b.data + j * b.stride, b.stride, to, wide);
        }
        for (index p = 0; p < depth; ++p) {
            Scalar* const row = to + p * wide;
            if (!b.transposed) {
                std::copy_n(b.data + p * b.stride + j, count, row);
            }
            std::fill(row + count, row + wide, Scalar{});
        }
        to += packed.next;
    }
    return packed;
}

/// C (rows x columns) = A B or C += A B with B in panels of A's depth.
template <class Scalar>
void panel_product(
    const segmented<Scalar>& a,
    index rows,
    index columns,
    const panels<Scalar>& b,
    Scalar* c,
    index c_stride,
    bool add
) {
    constexpr index width = pack<Scalar>::width;
    // Rows of A that stay in the second-level cache while all panels pass.
    const index depth = std::max<index>(a.segments * a.length, 1);
    const index step = std::max<index>((index{1} << 16) / depth, 1) * block_rows<Scalar>;
    for (index i = 0; i < rows; i += step) {
        const index last = std::min(rows, i + step);
        for (index j = 0, q = 0; j < columns; j += 2 * width, ++q) {
            const index count = std::min(2 * width, columns - j);
            const Scalar* const panel = b.data + q * b.next;
            if (count > width) {
                product_panel<2>(a, i, last, panel, b.stride, c + j, c_stride, count, add);
            } else {
                product_panel<1>(a, i, last, panel, b.stride, c + j, c_stride, count, add);
            }
        }
    }
}

} // namespace detail

/// C (rows x columns, rows `c_stride` apart) = op(A) (rows x depth) op(B) (depth x columns), added
/// to C where `add`. Takes scratch memory from `memory` and gives it back. Cost rows * columns *
/// depth multiply-adds.
template <class Scalar>
void product(
    index rows,
    index columns,
    index depth,
    operand<Scalar> a,
    operand<Scalar> b,
    Scalar* c,
    index c_stride,
    bool add,
    arena& memory
) {
    constexpr index width = detail::pack<Scalar>::width;
    constexpr index wide = detail::panel_width<Scalar>;
    constexpr index deepest = 1024;
    constexpr index packed_most = index{1} << 17; // numbers: half of a common second-level cache
    constexpr index none = 0;
    if (depth == 0 && !add) {
        for (index i = 0; i < rows; ++i) {
            std::fill_n(c + i * c_stride, columns, Scalar{});
        }
    }
    const bool in_place = !b.transposed && columns % width == 0 && rows < 64;
    for (index p = 0; p < depth; p += deepest) {
        const index length = std::min(deepest, depth - p);
        const detail::segmented<Scalar> left{
            a.data + (a.transposed ? p * a.stride : p),
            a.transposed ? 1 : a.stride,
            a.transposed ? a.stride : 1,
            &none,
            1,
            length};
        const bool adds = add || p > 0;
        if (in_place) {
            detail::panel_product(
                left,
                rows,
                columns,
                detail::panels_in_place(b.data + p * b.stride, b.stride),
                c,
                c_stride,
                adds
            );
            continue;
        }
        const index step = std::max(packed_most / length / wide, index{1}) * wide;
        for (index j = 0; j < columns; j += step) {
            const index count = std::min(step, columns - j);
            const arena::scope scope(memory);
            Scalar* const room = memory.take<Scalar>(detail::panels_size<Scalar>(length, count));
            operand<Scalar> part = b;
            part.data += b.transposed ? j * b.stride + p : p * b.stride + j;
            detail::panel_product(
                left,
                rows,
                count,
                detail::pack_panels(length, count, part, room),
                c + j,
                c_stride,
                adds
            );
        }
    }
}

} // namespace mend
