// SPDX-License-Identifier: MIT
/// Limits that weights are put back into after every update: Keras' constraints.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <mend/core/config.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

enum class constraint_kind : std::uint8_t { none, max_norm, min_max_norm, unit_norm, non_negative };

/// Norms are Euclidean, over the axes first_axis .. last_axis of a weight for every position of the
/// others.
struct constraint {
    constraint_kind kind = constraint_kind::none;
    double least = 0; ///< min_max_norm
    double most = 1;  ///< max_norm, min_max_norm
    double rate = 1;  ///< min_max_norm: how far a norm goes towards its limit, in [0, 1]
    int first_axis = 0;
    int last_axis = 0;

    [[nodiscard]] constexpr bool exists() const noexcept { return kind != constraint_kind::none; }

    /// What a norm is to be. Requires a kind that is about norms.
    [[nodiscard]] double wanted(double norm) const noexcept {
        const double limited = std::max(least, std::min(norm, most));
        return kind == constraint_kind::max_norm    ? std::min(norm, most)
               : kind == constraint_kind::unit_norm ? 1
                                                    : rate * limited + (1 - rate) * norm;
    }

    friend constexpr bool operator==(const constraint&, const constraint&) noexcept = default;
};

/// Puts a weight within its limit. A weight of norm n becomes w * wanted / (1e-7 + n), as in Keras.
/// Requires axes that the weight has. Allocates nothing.
template <class Scalar>
void apply(const constraint& limit, tensor_view<Scalar> weight) {
    if (limit.kind == constraint_kind::non_negative) {
        for (Scalar& w : weight.flat()) {
            w = w < 0 ? Scalar{} : w;
        }
        return;
    }
    if (!limit.exists()) {
        return;
    }
    const shape& extents = weight.extents();
    MEND_EXPECTS(
        limit.first_axis >= 0 && limit.first_axis <= limit.last_axis &&
            limit.last_axis < extents.rank(),
        "a constraint is over axes that the weight has"
    );
    // The weight as outer x count x inner, norms over the middle one.
    index outer = 1;
    index count = 1;
    index inner = 1;
    for (int axis = 0; axis < extents.rank(); ++axis) {
        (axis < limit.first_axis   ? outer
         : axis <= limit.last_axis ? count
                                   : inner) *= extents[axis];
    }
    constexpr index most = 64; // columns at once
    std::array<double, most> sums;
    for (index o = 0; o < outer; ++o) {
        for (index first = 0; first < inner; first += most) {
            const index columns = std::min(most, inner - first);
            Scalar* const block = weight.data() + o * count * inner + first;
            sums.fill(0);
            for (index i = 0; i < count; ++i) {
                for (index j = 0; j < columns; ++j) {
                    const auto w = static_cast<double>(block[i * inner + j]);
                    sums[static_cast<std::size_t>(j)] += w * w;
                }
            }
            for (double& sum : sums) {
                const double norm = std::sqrt(sum);
                sum = limit.wanted(norm) / (1e-7 + norm);
            }
            for (index i = 0; i < count; ++i) {
                for (index j = 0; j < columns; ++j) {
                    block[i * inner + j] *= static_cast<Scalar>(sums[static_cast<std::size_t>(j)]);
                }
            }
        }
    }
}

} // namespace mend
