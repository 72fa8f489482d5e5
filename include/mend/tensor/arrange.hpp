// SPDX-License-Identifier: MIT
/// Numbers in another order: axes exchanged, images cut, framed or repeated.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <mend/tensor/shape.hpp>

namespace mend {

/// Axis i of the result is axis order[i] of the source; entries beyond the rank are not read.
using axis_order = std::array<int, shape::max_rank>;

/// The shape after `permute`.
[[nodiscard]] constexpr shape permuted(const shape& from, const axis_order& order) {
    shape to;
    for (int axis = 0; axis < from.rank(); ++axis) {
        to.push_back(from[order[static_cast<std::size_t>(axis)]]);
    }
    return to;
}

/// The order that undoes another.
[[nodiscard]] constexpr axis_order inverse(const axis_order& order, int rank) {
    axis_order back{};
    for (int axis = 0; axis < rank; ++axis) {
        back[static_cast<std::size_t>(order[static_cast<std::size_t>(axis)])] = axis;
    }
    return back;
}

/// to = from with its axes in another order; adds where `add`.
template <class Scalar>
void permute(
    const shape& from_shape, const axis_order& order, const Scalar* from, Scalar* to, bool add
) {
    // Both as of rank 4, with axes of one entry in front.
    const int missing = shape::max_rank - from_shape.rank();
    std::array<index, 4> strides{};
    index stride = 1;
    for (int axis = from_shape.rank() - 1; axis >= 0; --axis) {
        strides[static_cast<std::size_t>(axis)] = stride;
        stride *= from_shape[axis];
    }
    std::array<index, 4> extents{1, 1, 1, 1};
    std::array<index, 4> steps{};
    for (int axis = 0; axis < from_shape.rank(); ++axis) {
        const auto source = static_cast<std::size_t>(order[static_cast<std::size_t>(axis)]);
        const auto place = static_cast<std::size_t>(missing + axis);
        extents[place] = from_shape[static_cast<int>(source)];
        steps[place] = strides[source];
    }
    for (index a = 0; a < extents[0]; ++a) {
        for (index b = 0; b < extents[1]; ++b) {
            for (index c = 0; c < extents[2]; ++c) {
                const Scalar* at = from + a * steps[0] + b * steps[1] + c * steps[2];
                for (index d = 0; d < extents[3]; ++d, at += steps[3], ++to) {
                    *to = add ? *to + *at : *at;
                }
            }
        }
    }
}

/// An image of another height and width that shows the source's cell (0, 0) at (top, left): cut
/// where it does not fit, zero around it. Negative offsets cut at the top and left.
struct reframing {
    index batch = 0;
    index height = 0; ///< of the source
    index width = 0;
    index channels = 0;
    index to_height = 0;
    index to_width = 0;
    index top = 0;
    index left = 0;

    /// The reframing that puts what is shown back.
    [[nodiscard]] constexpr reframing back() const noexcept {
        return {batch, to_height, to_width, channels, height, width, -top, -left};
    }
};

/// to = from reframed, zeros around it; where `add`, what is shown is added to what is there.
template <class Scalar>
void reframe(const reframing& f, const Scalar* from, Scalar* to, bool add) {
    const index first = std::max<index>(f.left, 0);
    const index last = std::min(f.left + f.width, f.to_width);
    const index count = std::max<index>(last - first, 0) * f.channels;
    for (index n = 0; n < f.batch; ++n) {
        for (index y = 0; y < f.to_height; ++y) {
            Scalar* const line = to + (n * f.to_height + y) * f.to_width * f.channels;
            if (!add) {
                std::fill_n(line, f.to_width * f.channels, Scalar{});
            }
            const index row = y - f.top;
            if (row < 0 || row >= f.height) {
                continue;
            }
            const Scalar* const seen =
                from + ((n * f.height + row) * f.width + first - f.left) * f.channels;
            Scalar* const shown = line + first * f.channels;
            for (index i = 0; i < count; ++i) {
                shown[i] += seen[i];
            }
        }
    }
}

/// to = every cell of batch x height x width x channels repeated down x across times.
template <class Scalar>
void repeat_cells(
    index rows,
    index width,
    index channels,
    index down,
    index across,
    const Scalar* from,
    Scalar* to
) {
    const index line = width * across * channels;
    for (index y = 0; y < rows; ++y) {
        Scalar* const first = to;
        for (index x = 0; x < width; ++x, from += channels) {
            for (index i = 0; i < across; ++i, to += channels) {
                std::copy_n(from, channels, to);
            }
        }
        for (index i = 1; i < down; ++i, to += line) {
            std::copy_n(first, line, to);
        }
    }
}

/// The other way: to = the sums over the repetitions of each cell; adds where `add`.
template <class Scalar>
void sum_cells(
    index rows,
    index width,
    index channels,
    index down,
    index across,
    const Scalar* from,
    Scalar* to,
    bool add
) {
    if (!add) {
        std::fill_n(to, rows * width * channels, Scalar{});
    }
    for (index y = 0; y < rows; ++y) {
        for (index i = 0; i < down; ++i) {
            for (index x = 0; x < width; ++x) {
                Scalar* const sum = to + (y * width + x) * channels;
                for (index j = 0; j < across; ++j, from += channels) {
                    for (index c = 0; c < channels; ++c) {
                        sum[c] += from[c];
                    }
                }
            }
        }
    }
}

} // namespace mend
