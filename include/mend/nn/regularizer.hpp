// SPDX-License-Identifier: MIT
/// Penalties on weights: l1 * sum |w| + l2 * sum w^2, Keras' l1, l2 and l1_l2.
#pragma once

namespace mend {

struct regularizer {
    double l1 = 0;
    double l2 = 0;

    [[nodiscard]] constexpr bool exists() const noexcept { return l1 != 0 || l2 != 0; }

    friend constexpr bool operator==(const regularizer&, const regularizer&) noexcept = default;
};

} // namespace mend
