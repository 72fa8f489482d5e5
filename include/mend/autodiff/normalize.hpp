// SPDX-License-Identifier: MIT
/// Differentiable normalisation: by the statistics of a batch (Ioffe, Szegedy 2015) and by those of
/// each row (Ba, Kiros, Hinton 2016).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/tensor/moments.hpp>
#include <mend/tensor/ops.hpp>
#include <mend/tensor/shape.hpp>

namespace mend {

/// A result and the statistics that it was made with, one of each for every entry of the last axis;
/// they live on the tape.
template <class Scalar>
struct normalized {
    variable result;
    const Scalar* mean;
    const Scalar* variance; ///< biased
};

namespace detail {

/// Adds sums in double to a gradient.
template <class Scalar>
void contribute_sums(tape<Scalar>& t, variable v, const double* sums, index count) {
    if (t.wants_gradient(v)) {
        const auto part = t.contribute(v);
        for (index i = 0; i < count; ++i) {
            const auto sum = static_cast<Scalar>(sums[i]);
            part.data[i] = part.adds ? part.data[i] + sum : sum;
        }
    }
}

/// The numbers of a variable, or ones or zeros where it does not exist.
template <class Scalar>
[[nodiscard]] const Scalar* data_or(tape<Scalar>& t, variable v, index count, Scalar otherwise) {
    if (v.exists()) {
        return t.data(v);
    }
    Scalar* const numbers = t.allocate(count);
    std::fill_n(numbers, count, otherwise);
    return numbers;
}

} // namespace detail

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta with mean and variance of x itself over all
/// but its last axis; gamma and beta may be absent.
template <class Scalar>
[[nodiscard]] normalized<Scalar>
normalize_batch(tape<Scalar>& t, variable x, variable gamma, variable beta, double epsilon) {
    const shape extents = t.extents(x);
    const index columns = extents[extents.rank() - 1];
    const index rows = extents.size() / columns;
    Scalar* const mean = t.allocate(columns);
    Scalar* const variance = t.allocate(columns);
    Scalar* const scale = t.allocate(columns);
    column_moments(rows, columns, t.data(x), mean, variance, t.memory());
    const Scalar* const factor = detail::data_or(t, gamma, columns, Scalar{1});
    const Scalar* const level = detail::data_or(t, beta, columns, Scalar{});
    Scalar* const y = t.allocate(extents.size());
    {
        const arena::scope scope(t.memory());
        Scalar* const slope = t.allocate(columns);
        Scalar* const shift = t.allocate(columns);
        for (index c = 0; c < columns; ++c) {
            scale[c] = 1 / std::sqrt(variance[c] + static_cast<Scalar>(epsilon));
            slope[c] = scale[c] * factor[c];
            shift[c] = level[c] - mean[c] * slope[c];
        }
        scale_columns(rows, columns, t.data(x), slope, shift, y);
    }
    const variable result = t.record(
        y,
        extents,
        operation::other,
        {x, gamma, beta},
        [=](tape<Scalar>& tape, variable self) {
            Scalar* const g = tape.gradient(self).data();
            double* const sums = tape.memory().template take<double>(2 * columns);
            Scalar* const dx = tape.wants_gradient(x) ? g : nullptr;
            column_gradient(
                rows, columns, tape.data(x), mean, scale, factor, g, sums, dx, tape.memory()
            );
            detail::contribute_sums(tape, beta, sums, columns);
            detail::contribute_sums(tape, gamma, sums + columns, columns);
            if (dx != nullptr) {
                tape.hand_over(x, dx);
            }
        }
    );
    return {result, mean, variance};
}

/// The same with a given mean and variance, which are constants.
template <class Scalar>
[[nodiscard]] variable normalize_by(
    tape<Scalar>& t,
    variable x,
    const Scalar* mean,
    const Scalar* variance,
    variable gamma,
    variable beta,
    double epsilon
) {
    const shape extents = t.extents(x);
    const index columns = extents[extents.rank() - 1];
    const index rows = extents.size() / columns;
    const Scalar* const factor = detail::data_or(t, gamma, columns, Scalar{1});
    const Scalar* const level = detail::data_or(t, beta, columns, Scalar{});
    Scalar* const scale = t.allocate(columns);
    Scalar* const slope = t.allocate(columns);
    Scalar* const shift = t.allocate(columns);
    Scalar* const zeros = t.allocate(columns);
    Scalar* const y = t.allocate(extents.size());
    for (index c = 0; c < columns; ++c) {
        scale[c] = 1 / std::sqrt(variance[c] + static_cast<Scalar>(epsilon));
        slope[c] = scale[c] * factor[c];
        shift[c] = level[c] - mean[c] * slope[c];
        zeros[c] = 0;
    }
    scale_columns(rows, columns, t.data(x), slope, shift, y);
    return t.record(
        y,
        extents,
        operation::other,
        {x, gamma, beta},
        [=](tape<Scalar>& tape, variable self) {
            Scalar* const g = tape.gradient(self).data();
            if (tape.wants_gradient(gamma) || tape.wants_gradient(beta)) {
                double* const sums = tape.memory().template take<double>(2 * columns);
                Scalar* const none = nullptr;
                column_gradient(
                    rows, columns, tape.data(x), mean, scale, factor, g, sums, none, tape.memory()
                );
                detail::contribute_sums(tape, beta, sums, columns);
                detail::contribute_sums(tape, gamma, sums + columns, columns);
            }
            if (tape.wants_gradient(x)) {
                scale_columns(rows, columns, g, slope, zeros, g);
                tape.hand_over(x, g);
            }
        }
    );
}

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta with mean and variance of each of the rows
/// of `columns` numbers that x consists of; gamma and beta have `columns` numbers or are absent.
template <class Scalar>
[[nodiscard]] variable normalize_rows(
    tape<Scalar>& t, variable x, index columns, variable gamma, variable beta, double epsilon
) {
    const shape extents = t.extents(x);
    const index rows = extents.size() / columns;
    MEND_EXPECTS(rows * columns == extents.size(), "x consists of such rows");
    Scalar* const mean = t.allocate(rows);
    Scalar* const scale = t.allocate(rows);
    row_moments(rows, columns, t.data(x), epsilon, mean, scale);
    const Scalar* const factor = detail::data_or(t, gamma, columns, Scalar{1});
    const Scalar* const level = detail::data_or(t, beta, columns, Scalar{});
    Scalar* const y = t.allocate(extents.size());
    const Scalar* const from = t.data(x);
    for (index r = 0; r < rows; ++r) {
        for (index c = 0; c < columns; ++c) {
            const index at = r * columns + c;
            y[at] = (from[at] - mean[r]) * scale[r] * factor[c] + level[c];
        }
    }
    return t.record(
        y,
        extents,
        operation::other,
        {x, gamma, beta},
        [=](tape<Scalar>& tape, variable self) {
            Scalar* const g = tape.gradient(self).data();
            const Scalar* const input = tape.data(x);
            double* const sums = tape.memory().template take<double>(2 * columns);
            std::fill_n(sums, 2 * columns, 0.0);
            for (index r = 0; r < rows; ++r) {
                for (index c = 0; c < columns; ++c) {
                    const index at = r * columns + c;
                    sums[c] += static_cast<double>(g[at]);
                    sums[columns + c] +=
                        static_cast<double>(g[at] * (input[at] - mean[r]) * scale[r]);
                    g[at] *= factor[c];
                }
            }
            detail::contribute_sums(tape, beta, sums, columns);
            detail::contribute_sums(tape, gamma, sums + columns, columns);
            if (tape.wants_gradient(x)) {
                row_gradient(rows, columns, input, mean, scale, g, g);
                tape.hand_over(x, g);
            }
        }
    );
}

} // namespace mend
