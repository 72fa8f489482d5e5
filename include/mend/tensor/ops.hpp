// SPDX-License-Identifier: MIT
/// Sums of columns and rows that repeat: the plain loops that operations share.
#pragma once

#include <algorithm>
#include <cstddef>

#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>

namespace mend {

/// to[r] = row for each of `rows` rows of `columns` numbers. Copies what it has written, doubling.
template <class Scalar>
void repeat_row(index rows, index columns, const Scalar* row, Scalar* to) {
    if (rows == 0 || columns == 0) {
        return;
    }
    std::copy_n(row, columns, to);
    const index total = rows * columns;
    for (index done = columns; done < total; done *= 2) {
        std::copy_n(to, std::min(done, total - done), to + done);
    }
}

/// to[j] = the sum of column j of rows x columns numbers, added to what is there where `add`.
template <class Scalar>
void sum_columns(index rows, index columns, const Scalar* from, Scalar* to, bool add) {
    using pack = detail::pack<Scalar>;
    index j = 0;
    for (; j + pack::width <= columns; j += pack::width) {
        pack even = pack::all(0);
        pack odd = pack::all(0);
        const Scalar* at = from + j;
        index r = 0;
        for (; r + 2 <= rows; r += 2) {
            even = even + pack::load(at);
            odd = odd + pack::load(at + columns);
            at += 2 * columns;
        }
        if (r < rows) {
            even = even + pack::load(at);
        }
        even = even + odd;
        (add ? even + pack::load(to + j) : even).store(to + j);
    }
    if (!add) {
        std::fill(to + j, to + columns, Scalar{});
    }
    for (index r = 0; r < rows && j < columns; ++r) {
        const Scalar* const at = from + r * columns;
        for (index k = j; k < columns; ++k) {
            to[k] += at[k];
        }
    }
}

} // namespace mend
