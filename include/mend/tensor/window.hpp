// SPDX-License-Identifier: MIT
/// Where the windows of a convolution or a pooling lie: size, stride, dilation, padding.
#pragma once

#include <algorithm>
#include <cstdint>

#include <mend/tensor/shape.hpp>

namespace mend {

/// How a window moves along one dimension.
struct window {
    index size = 1;
    index stride = 1;
    index dilation = 1;

    /// Cells from the first to the last of the window.
    [[nodiscard]] constexpr index reach() const noexcept { return (size - 1) * dilation + 1; }

    friend constexpr bool operator==(const window&, const window&) noexcept = default;
};

enum class padding : std::uint8_t {
    valid,
    same,
    causal, ///< all of it before the first input, so that no place sees a later one
};

/// Where a window goes: number of places, and cells padded before the first input.
struct sweep {
    index places = 0;
    index before = 0;

    friend constexpr bool operator==(const sweep&, const sweep&) noexcept = default;
};

/// TensorFlow's rules: 'same' gives ceil(n / stride) places, an odd cell of padding goes after.
/// 'causal' gives as many places. 'valid' gives no place where the window does not fit.
[[nodiscard]] constexpr sweep sweep_of(index extent, const window& w, padding pad) noexcept {
    if (pad == padding::valid) {
        return {extent < w.reach() ? 0 : (extent - w.reach()) / w.stride + 1, 0};
    }
    const index places = (extent + w.stride - 1) / w.stride;
    if (pad == padding::causal) {
        return {places, w.reach() - 1};
    }
    const index missing = std::max<index>((places - 1) * w.stride + w.reach() - extent, 0);
    return {places, missing / 2};
}

} // namespace mend
