// SPDX-License-Identifier: MIT
/// Orthonormal vectors: the Q of a QR decomposition whose R has a positive diagonal.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>

namespace mend {

namespace detail {

/// As many numbers as a register holds, and how they lie in an array.
inline constexpr index doubles_width = register_bytes / 8;
using doubles [[gnu::vector_size(register_bytes)]] = double;
using unaligned_doubles [[gnu::vector_size(register_bytes), gnu::aligned(8), gnu::may_alias]] =
    double;

[[nodiscard]] inline doubles load_doubles(const double* from) noexcept {
    return *reinterpret_cast<const unaligned_doubles*>(from);
}

/// In eight chains, so that it vectorises and its order is fixed.
[[nodiscard]] inline double dot(const double* a, const double* b, index count) noexcept {
    std::array<double, 8> sums{};
    index i = 0;
    for (; i + 8 <= count; i += 8) {
        for (index lane = 0; lane < 8; ++lane) {
            sums[static_cast<std::size_t>(lane)] += a[i + lane] * b[i + lane];
        }
    }
    double total = 0;
    for (; i < count; ++i) {
        total += a[i] * b[i];
    }
    for (const double sum : sums) {
        total += sum;
    }
    return total;
}

/// out[4 x 4] += the products of four vectors with four, over `count` numbers.
inline void
add_products(const double* a, const double* b, index stride, index count, double* out) noexcept {
    doubles sums[4][4] = {};
    index k = 0;
    for (; k + doubles_width <= count; k += doubles_width) {
        unrolled<4>([&](auto i) {
            const doubles left = load_doubles(a + i * stride + k);
            unrolled<4>([&](auto j) { sums[i][j] += left * load_doubles(b + j * stride + k); });
        });
    }
    for (index i = 0; i < 4; ++i) {
        for (index j = 0; j < 4; ++j) {
            double sum = 0;
            for (index lane = 0; lane < doubles_width; ++lane) {
                sum += sums[i][j][lane];
            }
            for (index rest = k; rest < count; ++rest) {
                sum += a[i * stride + rest] * b[j * stride + rest];
            }
            out[i * 4 + j] += sum;
        }
    }
}

/// The products of all pairs of vectors, of which those with j <= i are given: gram[i * count + j].
inline std::vector<double> products_of_pairs(const double* vectors, index count, index length) {
    std::vector<double> gram(static_cast<std::size_t>(count * count));
    constexpr index chunk = 512; // of each vector, so that all stay in the cache
    const index whole = count / 4 * 4;
    for (index from = 0; from < length; from += chunk) {
        const index size = std::min(chunk, length - from);
        const double* const v = vectors + from;
        for (index i = 0; i < whole; i += 4) {
            for (index j = 0; j <= i; j += 4) {
                double tile[16] = {};
                add_products(v + i * length, v + j * length, length, size, tile);
                for (index t = 0; t < 16; ++t) {
                    gram[static_cast<std::size_t>((i + t / 4) * count + j + t % 4)] += tile[t];
                }
            }
        }
        for (index i = whole; i < count; ++i) {
            for (index j = 0; j <= i; ++j) {
                gram[static_cast<std::size_t>(i * count + j)] +=
                    dot(v + i * length, v + j * length, size);
            }
        }
    }
    return gram;
}

/// In place of a symmetric matrix, of which the lower half is read, the inverse of its Cholesky
/// factor L. False, with the matrix spoilt, where it is not safely positive.
[[nodiscard]] inline bool invert_factor(std::vector<double>& matrix, index count) {
    const auto at = [&](index i, index j) -> double& {
        return matrix[static_cast<std::size_t>(i * count + j)];
    };
    double largest = 0;
    for (index i = 0; i < count; ++i) {
        for (index j = 0; j <= i; ++j) {
            const double rest = at(i, j) - dot(&at(i, 0), &at(j, 0), j);
            if (j < i) {
                at(i, j) = rest / at(j, j);
                continue;
            }
            largest = std::max(largest, rest);
            if (!(rest > 1e-12 * largest)) {
                return false;
            }
            at(i, i) = std::sqrt(rest);
        }
    }
    // Row by row: row i of the inverse is (e_i - sum over j < i of L_ij times its row j) / L_ii.
    std::vector<double> row(static_cast<std::size_t>(count));
    for (index i = 0; i < count; ++i) {
        std::fill(row.begin(), row.end(), 0.0);
        row[static_cast<std::size_t>(i)] = 1;
        for (index j = 0; j < i; ++j) {
            const double share = at(i, j);
            const double* const known = &at(j, 0);
            for (index k = 0; k <= j; ++k) {
                row[static_cast<std::size_t>(k)] -= share * known[k];
            }
        }
        const double scale = at(i, i);
        for (index k = 0; k <= i; ++k) {
            at(i, k) = row[static_cast<std::size_t>(k)] / scale;
        }
    }
    return true;
}

/// Replaces each vector by a sum of those up to it, with the weights of a row of a lower triangle.
inline void
combine(double* vectors, index count, index length, const std::vector<double>& weights) {
    constexpr int packs = 4;
    constexpr index width = packs * doubles_width; // of each vector at a time, close together
    std::vector<double> before(static_cast<std::size_t>(count * width));
    for (index from = 0; from < length; from += width) {
        const index size = std::min(width, length - from);
        for (index j = 0; j < count; ++j) {
            std::copy_n(vectors + j * length + from, size, before.data() + j * width);
        }
        for (index i = 0; i < count; i += 2) { // pairs; what the first has beyond itself is 0
            const index next = std::min(i + 1, count - 1);
            const double* const w = weights.data() + i * count;
            const double* const x = weights.data() + next * count;
            doubles sums[2][packs] = {};
            for (index j = 0; j <= next; ++j) {
                const double here = j <= i ? w[j] : 0;
                const double* const v = before.data() + j * width;
                unrolled<packs>([&](auto k) {
                    const doubles some = load_doubles(v + doubles_width * k);
                    sums[0][k] += here * some;
                    sums[1][k] += x[j] * some;
                });
            }
            for (index r = 0; r <= next - i; ++r) {
                std::array<double, width> row;
                unrolled<packs>([&](auto k) {
                    *reinterpret_cast<unaligned_doubles*>(row.data() + doubles_width * k) =
                        sums[r][k];
                });
                std::copy_n(row.data(), size, vectors + (i + r) * length + from);
            }
        }
    }
}

/// Modified Gram-Schmidt, each vector projected twice, which keeps Q orthogonal to rounding
/// (Giraud, Langou, Rozloznik 2005), whatever the vectors. Cost 4 length count^2, one vector at a
/// time.
inline void gram_schmidt(double* vectors, index count, index length) {
    for (index i = 0; i < count; ++i) {
        double* const v = vectors + i * length;
        for (int round = 0; round < 2; ++round) {
            for (index j = 0; j < i; ++j) {
                const double* const q = vectors + j * length;
                const double share = dot(q, v, length);
                for (index k = 0; k < length; ++k) {
                    v[k] -= share * q[k];
                }
            }
        }
        const double norm = std::sqrt(dot(v, v, length));
        for (index k = 0; k < length; ++k) {
            v[k] /= norm;
        }
    }
}

} // namespace detail

/// Orthonormalises `count` vectors of `length` numbers each, stored one after the other, in order:
/// with these vectors as the columns of A, they become the Q of A = QR with diag(R) > 0. Requires
/// count <= length and linear independence.
///
/// Cholesky QR, twice (Yamamoto, Nakatsukasa, Yanagisawa, Fukaya 2015): R is the Cholesky factor of
/// the products of all pairs, Q the vectors times its inverse; the second time takes away what the
/// first left of errors. Vectors that are nearly dependent go through Gram-Schmidt first. Cost
/// 2 length count^2 multiply-adds, in blocks.
inline void orthonormalise(std::span<double> vectors, index count, index length) {
    MEND_EXPECTS(count <= length, "no more orthogonal vectors than dimensions");
    for (int round = 0; round < 2; ++round) {
        std::vector<double> products = detail::products_of_pairs(vectors.data(), count, length);
        if (!detail::invert_factor(products, count)) {
            detail::gram_schmidt(vectors.data(), count, length);
            return;
        }
        detail::combine(vectors.data(), count, length, products);
    }
}

} // namespace mend
