// SPDX-License-Identifier: MIT
/// Means and variances: of the columns of a table (batch normalisation) and of its rows (layer
/// normalisation), and the gradients of what they normalise. Sums are kept in double beyond a few
/// numbers, variances taken from the mean.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <mend/tensor/arena.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>

namespace mend {

namespace detail {

/// total[k * columns + c] = sum over the rows of term k of column c. `terms(load, sum)` is called
/// for each vector of a row: load(pointer) gives that vector of a table with as many columns, at
/// the row at hand, load.column(pointer) that of one row of numbers, and sum(k, value) adds.
template <class Scalar, int Terms, class Function>
void sum_rows(index rows, index columns, double* total, arena& memory, const Function& terms) {
    using vector = pack<Scalar>;
    constexpr index chunk = 32; // rows whose sum stays in Scalar
    const arena::scope scope(memory);
    const index padded = (columns + vector::width - 1) / vector::width * vector::width;
    Scalar* const part = memory.take<Scalar>(Terms * padded);
    std::fill_n(total, Terms * columns, 0.0);
    for (index first = 0; first < rows; first += chunk) {
        std::fill_n(part, Terms * padded, Scalar{});
        for (index r = first; r < std::min(rows, first + chunk); ++r) {
            Scalar* sums = part;
            for_packs<Scalar>(columns, [&](const auto& load, const auto&) {
                const auto add = [&](int k, vector value) {
                    Scalar* const to = sums + k * padded;
                    (vector::load(to) + value).store(to);
                };
                const auto at_row = [&](const Scalar* table) { return load(table + r * columns); };
                terms(at_row, load, add);
                sums += vector::width;
            });
        }
        for (int k = 0; k < Terms; ++k) {
            for (index c = 0; c < columns; ++c) {
                total[k * columns + c] += static_cast<double>(part[k * padded + c]);
            }
        }
    }
}

} // namespace detail

/// Mean and (biased) variance of every column. Requires rows.
template <class Scalar>
void column_moments(
    index rows, index columns, const Scalar* x, Scalar* mean, Scalar* variance, arena& memory
) {
    const arena::scope scope(memory);
    double* const total = memory.take<double>(columns);
    detail::sum_rows<Scalar, 1>(
        rows,
        columns,
        total,
        memory,
        [&](const auto& at_row, const auto&, const auto& add) { add(0, at_row(x)); }
    );
    for (index c = 0; c < columns; ++c) {
        mean[c] = static_cast<Scalar>(total[c] / static_cast<double>(rows));
    }
    detail::sum_rows<Scalar, 1>(
        rows,
        columns,
        total,
        memory,
        [&](const auto& at_row, const auto& load, const auto& add) {
            const auto d = at_row(x) - load(mean);
            add(0, d * d);
        }
    );
    for (index c = 0; c < columns; ++c) {
        variance[c] = static_cast<Scalar>(total[c] / static_cast<double>(rows));
    }
}

/// y = x * factor + shift, both by column; y may be x.
template <class Scalar>
void scale_columns(
    index rows, index columns, const Scalar* x, const Scalar* factor, const Scalar* shift, Scalar* y
) {
    for (index r = 0; r < rows; ++r) {
        detail::for_packs<Scalar>(columns, [&](const auto& load, const auto& store) {
            store(fma(load(x + r * columns), load(factor), load(shift)), y + r * columns);
        });
    }
}

/// What flows back through z = (x - mean) * scale, by column and with mean and scale = 1 /
/// sqrt(variance + epsilon) of x itself: sums[c] = sum dy, sums[columns + c] = sum dy z (the
/// gradients of shift and factor), and dx = factor scale (dy - (sum dy + z sum dy z) / rows),
/// which may be dy; nullptr: not wanted.
template <class Scalar>
void column_gradient(
    index rows,
    index columns,
    const Scalar* x,
    const Scalar* mean,
    const Scalar* scale,
    const Scalar* factor,
    const Scalar* dy,
    double* sums,
    Scalar* dx,
    arena& memory
) {
    detail::sum_rows<Scalar, 2>(
        rows,
        columns,
        sums,
        memory,
        [&](const auto& at_row, const auto& load, const auto& add) {
            const auto g = at_row(dy);
            add(0, g);
            add(1, g * (at_row(x) - load(mean)) * load(scale));
        }
    );
    if (dx == nullptr) {
        return;
    }
    // dx = a dy + b x + c by column.
    const arena::scope scope(memory);
    Scalar* const a = memory.take<Scalar>(columns);
    Scalar* const b = memory.take<Scalar>(columns);
    Scalar* const c = memory.take<Scalar>(columns);
    for (index j = 0; j < columns; ++j) {
        const double s = static_cast<double>(scale[j]);
        const double whole = static_cast<double>(factor[j]) * s;
        const double share = whole / static_cast<double>(rows);
        const double slope = -share * s * sums[columns + j];
        a[j] = static_cast<Scalar>(whole);
        b[j] = static_cast<Scalar>(slope);
        c[j] = static_cast<Scalar>(-share * sums[j]);
    }
    for (index r = 0; r < rows; ++r) {
        detail::for_packs<Scalar>(columns, [&](const auto& load, const auto& store) {
            const auto centred = load(x + r * columns) - load(mean);
            store(
                fma(load(a), load(dy + r * columns), fma(load(b), centred, load(c))),
                dx + r * columns
            );
        });
    }
}

/// Mean and 1 / sqrt(variance + epsilon) of every row.
template <class Scalar>
void row_moments(
    index rows, index columns, const Scalar* x, double epsilon, Scalar* mean, Scalar* scale
) {
    for (index r = 0; r < rows; ++r) {
        const Scalar* const row = x + r * columns;
        double sum = 0;
        for (index c = 0; c < columns; ++c) {
            sum += static_cast<double>(row[c]);
        }
        const double middle = sum / static_cast<double>(columns);
        double squares = 0;
        for (index c = 0; c < columns; ++c) {
            const double d = static_cast<double>(row[c]) - middle;
            squares += d * d;
        }
        mean[r] = static_cast<Scalar>(middle);
        scale[r] =
            static_cast<Scalar>(1 / std::sqrt(squares / static_cast<double>(columns) + epsilon));
    }
}

/// dx from h, the gradient of (x - mean) * scale by row: scale (h - mean(h) - z mean(h z)); dx may
/// be h.
template <class Scalar>
void row_gradient(
    index rows,
    index columns,
    const Scalar* x,
    const Scalar* mean,
    const Scalar* scale,
    const Scalar* h,
    Scalar* dx
) {
    for (index r = 0; r < rows; ++r) {
        const Scalar* const row = x + r * columns;
        const Scalar* const from = h + r * columns;
        Scalar* const to = dx + r * columns;
        double plain = 0;
        double along = 0;
        for (index c = 0; c < columns; ++c) {
            plain += static_cast<double>(from[c]);
            along += static_cast<double>(from[c] * (row[c] - mean[r]));
        }
        const auto count = static_cast<double>(columns);
        const double s = static_cast<double>(scale[r]);
        const auto level = static_cast<Scalar>(plain / count);
        const auto slope = static_cast<Scalar>(along * s * s / count);
        for (index c = 0; c < columns; ++c) {
            to[c] = scale[r] * (from[c] - level - slope * (row[c] - mean[r]));
        }
    }
}

} // namespace mend
