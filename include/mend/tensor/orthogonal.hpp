// SPDX-License-Identifier: MIT
/// Orthonormal vectors: the Q of a QR decomposition whose R has a positive diagonal.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include <mend/core/config.hpp>
#include <mend/tensor/shape.hpp>

namespace mend {

namespace detail {

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

} // namespace detail

/// Orthonormalises `count` vectors of `length` numbers each, stored one after the other, in order:
/// with these vectors as the columns of A, they become the Q of A = QR with diag(R) > 0. Requires
/// count <= length and linear independence. Modified Gram-Schmidt, each vector projected twice,
/// which keeps Q orthogonal to rounding (Giraud, Langou, Rozloznik 2005). Cost 4 length count^2.
inline void orthonormalise(std::span<double> vectors, index count, index length) {
    MEND_EXPECTS(count <= length, "no more orthogonal vectors than dimensions");
    for (index i = 0; i < count; ++i) {
        double* const v = vectors.data() + i * length;
        for (int round = 0; round < 2; ++round) {
            for (index j = 0; j < i; ++j) {
                const double* const q = vectors.data() + j * length;
                const double share = detail::dot(q, v, length);
                for (index k = 0; k < length; ++k) {
                    v[k] -= share * q[k];
                }
            }
        }
        const double norm = std::sqrt(detail::dot(v, v, length));
        for (index k = 0; k < length; ++k) {
            v[k] /= norm;
        }
    }
}

} // namespace mend
