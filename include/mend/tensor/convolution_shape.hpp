// SPDX-License-Identifier: MIT
/// The extents of a convolution.
#pragma once

#include <mend/tensor/shape.hpp>
#include <mend/tensor/window.hpp>

namespace mend {

/// Everything about a convolution but the numbers.
struct convolution_shape {
    index batch = 0;
    index height = 0;
    index width = 0;
    index channels = 0;
    index filters = 0;
    window rows;
    window columns;
    sweep down;   ///< over the rows
    sweep across; ///< over the columns

    [[nodiscard]] constexpr index input_size() const noexcept { return height * width * channels; }

    [[nodiscard]] constexpr index output_size() const noexcept {
        return down.places * across.places * filters;
    }

    /// Weights per filter.
    [[nodiscard]] constexpr index depth() const noexcept {
        return rows.size * columns.size * channels;
    }

    /// Extents that the windows cover; cells of the input beyond them are not read.
    [[nodiscard]] constexpr index covered_height() const noexcept {
        return (down.places - 1) * rows.stride + rows.reach();
    }

    [[nodiscard]] constexpr index covered_width() const noexcept {
        return (across.places - 1) * columns.stride + columns.reach();
    }

    [[nodiscard]] constexpr bool is_padded() const noexcept {
        return down.before > 0 || across.before > 0 || covered_height() > height ||
               covered_width() > width;
    }
};

} // namespace mend
