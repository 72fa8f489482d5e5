// SPDX-License-Identifier: MIT
/// Cholesky factor of a covariance matrix of a few hundred rows, its inverse and its solutions.
///
/// Matrices are row-major with `step` doubles from row to row, step >= size. Costs in multiply-adds
/// for n rows: factor n^3 / 6, inverse of the factor n^3 / 6, inverse of the matrix n^3 / 6 more.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <mend/search/lanes.hpp>

namespace mend::detail {

/// Replaces the lower triangle of a symmetric matrix by its factor L, K = L L'. False, and the
/// matrix spoilt, where a pivot is not positive.
[[nodiscard, gnu::noinline]] inline bool
factor_cholesky(double* matrix, std::size_t size, std::size_t step) {
    for (std::size_t i = 0; i < size; ++i) {
        double* const row = matrix + i * step;
        for (std::size_t j = 0; j < i; ++j) {
            const double* const other = matrix + j * step;
            row[j] = (row[j] - dot(row, other, j)) / other[j];
        }
        const double pivot = row[i] - dot(row, row, i);
        if (!(pivot > 0) || !std::isfinite(pivot)) {
            return false;
        }
        row[i] = std::sqrt(pivot);
    }
    return true;
}

/// Factors `matrix` into `factor` (both of size x step), adding to the diagonal what it takes:
/// nothing, then 1e-6 of the mean of the diagonal, ten times more each time, at most five times
/// (GPy's ladder). Returns what was added, or NaN where all failed.
[[nodiscard, gnu::noinline]] inline double factor_with_jitter(
    const std::vector<double>& matrix,
    std::vector<double>& factor,
    std::size_t size,
    std::size_t step
) {
    factor = matrix;
    if (factor_cholesky(factor.data(), size, step)) {
        return 0;
    }
    double mean = 0;
    for (std::size_t i = 0; i < size; ++i) {
        mean += matrix[i * step + i] / static_cast<double>(size);
    }
    double jitter = 1e-6 * mean;
    for (int attempt = 0; attempt < 5 && std::isfinite(jitter); ++attempt, jitter *= 10) {
        factor = matrix;
        for (std::size_t i = 0; i < size; ++i) {
            factor[i * step + i] += jitter;
        }
        if (factor_cholesky(factor.data(), size, step)) {
            return jitter;
        }
    }
    return std::nan("");
}

/// The inverse of L, lower triangular too; zeros above the diagonal, up to the step.
[[gnu::noinline]] inline void
invert_factor(const double* factor, double* inverse, std::size_t size, std::size_t step) {
    std::fill(inverse, inverse + size * step, 0.0);
    for (std::size_t i = 0; i < size; ++i) {
        double* const row = inverse + i * step;
        const double* const of = factor + i * step;
        std::size_t p = 0;
        for (; p + 4 <= i; p += 4) {
            add_four_scaled(of + p, 1, inverse + p * step, step, row, p + 4);
        }
        for (; p < i; ++p) {
            add_scaled(of[p], inverse + p * step, row, p + 1);
        }
        const double scale = -1 / of[i];
        for (std::size_t j = 0; j < i; ++j) {
            row[j] *= scale;
        }
        row[i] = -scale;
    }
}

/// K^-1 = L^-T L^-1 from the inverse of L; both triangles.
[[gnu::noinline]] inline void invert_from_factor(
    const double* factor_inverse, double* inverse, std::size_t size, std::size_t step
) {
    std::fill(inverse, inverse + size * step, 0.0);
    std::size_t p = 0;
    for (; p + 4 <= size; p += 4) {
        const double* const rows = factor_inverse + p * step;
        for (std::size_t i = 0; i < p + 4; ++i) {
            add_four_scaled(rows + i, step, rows, step, inverse + i * step, i + 1);
        }
    }
    for (; p < size; ++p) {
        const double* const row = factor_inverse + p * step;
        for (std::size_t i = 0; i <= p; ++i) {
            add_scaled(row[i], row, inverse + i * step, i + 1);
        }
    }
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = i + 1; j < size; ++j) {
            inverse[i * step + j] = inverse[j * step + i];
        }
    }
}

/// Solves L L' x = b from the inverse of L.
[[gnu::noinline]] inline void solve_from_factor(
    const double* factor_inverse,
    const double* right,
    double* solution,
    std::size_t size,
    std::size_t step
) {
    std::fill(solution, solution + size, 0.0);
    for (std::size_t i = 0; i < size; ++i) {
        const double* const row = factor_inverse + i * step;
        add_scaled(dot(row, right, i + 1), row, solution, i + 1);
    }
}

/// sums[c] = the sum over i of (L^-1 B)_ic^2 for `columns` columns of B (size x b_step), a multiple
/// of lane_count: what a new observation at each would already know. size^2 / 2 multiply-adds each.
[[gnu::noinline]] inline void explained_squares(
    const double* factor_inverse,
    std::size_t size,
    std::size_t step,
    const double* b,
    std::size_t b_step,
    std::size_t columns,
    double* sums
) {
    constexpr std::size_t rows = 4;
    for (std::size_t c = 0; c < columns; c += lane_count) {
        double_lanes total{};
        std::size_t i = 0;
        for (; i + rows <= size; i += rows) {
            const double* const left = factor_inverse + i * step;
            double_lanes s0{};
            double_lanes s1{};
            double_lanes s2{};
            double_lanes s3{};
            const double* right = b + c;
            for (std::size_t p = 0; p < i + rows; ++p, right += b_step) {
                const double_lanes value = load_lanes(right);
                s0 += left[p] * value;
                s1 += left[step + p] * value;
                s2 += left[2 * step + p] * value;
                s3 += left[3 * step + p] * value;
            }
            total += (s0 * s0 + s1 * s1) + (s2 * s2 + s3 * s3);
        }
        for (; i < size; ++i) {
            double_lanes sum{};
            for (std::size_t p = 0; p <= i; ++p) {
                sum += factor_inverse[i * step + p] * load_lanes(b + p * b_step + c);
            }
            total += sum * sum;
        }
        store_lanes(total, sums + c);
    }
}

} // namespace mend::detail
