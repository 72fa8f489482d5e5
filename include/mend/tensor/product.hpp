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
#include <limits>
#include <type_traits>

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

/// What happens to the sums of a product on their way into C.
template <class Scalar>
struct product_finish {
    bool adds = false;            ///< to what C holds
    const Scalar* bias = nullptr; ///< a row that is added to every row, or null
    Scalar least = -std::numeric_limits<Scalar>::infinity(); ///< smaller numbers become this

    constexpr product_finish(bool add = false) noexcept
        : adds(add) {}

    constexpr product_finish(const Scalar* row, Scalar smallest) noexcept
        : bias(row)
        , least(smallest) {}

    /// For the columns from `column` on.
    [[nodiscard]] constexpr product_finish from(index column) const noexcept {
        product_finish part = *this;
        part.bias += bias == nullptr ? 0 : column;
        return part;
    }
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

/// Rows x columns of C, (Packs - 1) * width < columns <= Packs * width; rows of B are `b_stride`
/// apart and may be read to the end of the last vector.
template <int Rows, int Packs, class Scalar>
[[gnu::flatten]] void product_tile(
    const segmented<Scalar>& a,
    index first,
    const Scalar* b,
    index b_stride,
    Scalar* c,
    index c_stride,
    index columns,
    const product_finish<Scalar>& finish
) {
    constexpr index width = pack<Scalar>::width;
    const index last = columns - (Packs - 1) * width; // columns of the last vector
    const auto load = [last](auto j, const Scalar* from) {
        return j + 1 < Packs || last == width ? pack<Scalar>::load(from + j * width)
                                              : load_part(from + j * width, last);
    };
    pack<Scalar> sums[Rows][Packs];
    unrolled<Packs>([&](auto j) {
        const pack<Scalar> start =
            finish.bias == nullptr ? pack<Scalar>::all(0) : load(j, finish.bias);
        unrolled<Rows>([&](auto i) { sums[i][j] = start; });
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
    const pack<Scalar> least = pack<Scalar>::spread(&finish.least);
    unrolled<Rows>([&](auto i) {
        unrolled<Packs>([&](auto j) {
            Scalar* const to = c + i * c_stride;
            const pack<Scalar> sum = finish.adds ? sums[i][j] + load(j, to) : sums[i][j];
            if (j + 1 < Packs || last == width) {
                max(sum, least).store(to + j * width);
            } else {
                store_part(max(sum, least), to + j * width, last);
            }
        });
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
    const product_finish<Scalar>& finish
) {
    constexpr int block = block_rows<Scalar>;
    index i = first;
    for (; i + block <= last; i += block) {
        product_tile<block, Packs>(a, i, b, b_stride, c + i * c_stride, c_stride, columns, finish);
    }
    if (i + 4 <= last) {
        product_tile<4, Packs>(a, i, b, b_stride, c + i * c_stride, c_stride, columns, finish);
        i += 4;
    }
    if (i + 2 <= last) {
        product_tile<2, Packs>(a, i, b, b_stride, c + i * c_stride, c_stride, columns, finish);
        i += 2;
    }
    if (i < last) {
        product_tile<1, Packs>(a, i, b, b_stride, c + i * c_stride, c_stride, columns, finish);
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

/// Copies rows 0 .. depth - 1 and columns 0 .. columns - 1 of op(B) into panels, zeros beyond, to
/// the end of the vector that is used last.
template <class Scalar>
panels<Scalar> pack_panels(index depth, index columns, operand<Scalar> b, Scalar* to) {
    constexpr index wide = panel_width<Scalar>;
    constexpr index width = pack<Scalar>::width;
    const index stride = columns <= width ? width : wide;
    const panels<Scalar> packed{to, stride, stride * depth};
    for (index j = 0; j < columns; j += wide) {
        const index count = std::min(wide, columns - j);
        const index whole = count / width * width;
        const index rest = count - whole;
        if (b.transposed) {
            transpose(count, depth, b.data + j * b.stride, b.stride, to, stride);
        }
        for (index p = 0; p < depth; ++p) {
            Scalar* const row = to + p * stride;
            const Scalar* const from = b.data + p * b.stride + j;
            if (!b.transposed) {
                for (index k = 0; k < whole; k += width) {
                    pack<Scalar>::load(from + k).store(row + k);
                }
            }
            if (rest > 0) {
                // Zeros over the whole vector first; what belongs there then.
                const pack<Scalar> kept =
                    b.transposed ? load_part(row + whole, rest) : load_part(from + whole, rest);
                kept.store(row + whole);
            }
        }
        to += packed.next;
    }
    return packed;
}

/// C (rows x columns) = A B, finished, with B in panels of A's depth.
template <class Scalar>
void panel_product(
    const segmented<Scalar>& a,
    index rows,
    index columns,
    const panels<Scalar>& b,
    Scalar* c,
    index c_stride,
    const std::type_identity_t<product_finish<Scalar>>& finish
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
                product_panel<2>(
                    a, i, last, panel, b.stride, c + j, c_stride, count, finish.from(j)
                );
            } else {
                product_panel<1>(
                    a, i, last, panel, b.stride, c + j, c_stride, count, finish.from(j)
                );
            }
        }
    }
}

} // namespace detail

/// C (rows x columns, rows `c_stride` apart) = op(A) (rows x depth) op(B) (depth x columns),
/// finished; `finish` may be a bool alone: whether to add to C. Takes scratch memory from `memory`
/// and gives it back. Cost rows * columns * depth multiply-adds.
template <class Scalar>
void product(
    index rows,
    index columns,
    index depth,
    operand<Scalar> a,
    operand<Scalar> b,
    Scalar* c,
    index c_stride,
    const std::type_identity_t<product_finish<Scalar>>& finish,
    arena& memory
) {
    constexpr index width = detail::pack<Scalar>::width;
    constexpr index wide = detail::panel_width<Scalar>;
    constexpr index deepest = 1024;
    constexpr index packed_most = index{1} << 17; // numbers: half of a common second-level cache
    constexpr index none = 0;
    const bool in_place = !b.transposed && columns % width == 0 && rows < 64;
    for (index p = 0; p == 0 || p < depth; p += deepest) {
        const index length = std::min(deepest, depth - p);
        const detail::segmented<Scalar> left{
            a.data + (a.transposed ? p * a.stride : p),
            a.transposed ? 1 : a.stride,
            a.transposed ? a.stride : 1,
            &none,
            1,
            length};
        // The bias comes with the first part of the sums, the maximum with the last.
        product_finish<Scalar> part = finish;
        if (p > 0) {
            part = true;
        }
        part.least = p + length < depth ? product_finish<Scalar>{}.least : finish.least;
        if (in_place) {
            detail::panel_product(
                left,
                rows,
                columns,
                detail::panels_in_place(b.data + p * b.stride, b.stride),
                c,
                c_stride,
                part
            );
            continue;
        }
        const index step =
            std::max(packed_most / std::max<index>(length, 1) / wide, index{1}) * wide;
        for (index j = 0; j < columns; j += step) {
            const index count = std::min(step, columns - j);
            const arena::scope scope(memory);
            Scalar* const room = memory.take<Scalar>(detail::panels_size<Scalar>(length, count));
            operand<Scalar> right = b;
            right.data += b.transposed ? j * b.stride + p : p * b.stride + j;
            detail::panel_product(
                left,
                rows,
                count,
                detail::pack_panels(length, count, right, room),
                c + j,
                c_stride,
                part.from(j)
            );
        }
    }
}

} // namespace mend
