// SPDX-License-Identifier: MIT
/// Differentiable rearrangements: axes in another order, images framed, cut or repeated.
#pragma once

#include <cstddef>

#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/tensor/arrange.hpp>
#include <mend/tensor/shape.hpp>

namespace mend {

/// Axis i of the result is axis order[i] of x.
template <class Scalar>
variable permute(tape<Scalar>& t, variable x, const axis_order& order) {
    const shape from = t.extents(x);
    const shape to = permuted(from, order);
    Scalar* const y = t.allocate(from.size());
    permute(from, order, t.data(x), y, false);
    return t.record(y, to, operation::other, {x}, [=](tape<Scalar>& tape, variable self) {
        const auto part = tape.contribute(x);
        permute(to, inverse(order, to.rank()), tape.gradient(self).data(), part.data, part.adds);
    });
}

/// The axis brought to the end, the others as they were.
[[nodiscard]] constexpr axis_order axis_last(int axis, int rank) {
    axis_order order{};
    int place = 0;
    for (int i = 0; i < rank; ++i) {
        if (i != axis) {
            order[static_cast<std::size_t>(place++)] = i;
        }
    }
    order[static_cast<std::size_t>(place)] = axis;
    return order;
}

/// x batch x height x width x channels with so many rows and columns, those of x from (top, left)
/// on: zeros around them, cut where they do not fit.
template <class Scalar>
variable
reframe(tape<Scalar>& t, variable x, index top, index left, index to_height, index to_width) {
    const shape& image = t.extents(x);
    MEND_EXPECTS(image.rank() == 4, "images are NHWC");
    MEND_EXPECTS(to_height > 0 && to_width > 0, "an image has cells");
    const reframing f{image[0], image[1], image[2], image[3], to_height, to_width, top, left};
    const shape extents{image[0], to_height, to_width, image[3]};
    Scalar* const y = t.allocate(extents.size());
    reframe(f, t.data(x), y, false);
    return t.record(y, extents, operation::other, {x}, [=](tape<Scalar>& tape, variable self) {
        const auto part = tape.contribute(x);
        reframe(f.back(), tape.gradient(self).data(), part.data, part.adds);
    });
}

/// Every cell of x (batch x height x width x channels) repeated down x across times.
template <class Scalar>
variable repeat_cells(tape<Scalar>& t, variable x, index down, index across) {
    const shape image = t.extents(x);
    MEND_EXPECTS(image.rank() == 4, "images are NHWC");
    MEND_EXPECTS(down > 0 && across > 0, "cells are repeated at least once");
    const shape extents{image[0], image[1] * down, image[2] * across, image[3]};
    Scalar* const y = t.allocate(extents.size());
    repeat_cells(image[0] * image[1], image[2], image[3], down, across, t.data(x), y);
    return t.record(y, extents, operation::other, {x}, [=](tape<Scalar>& tape, variable self) {
        const auto part = tape.contribute(x);
        sum_cells(
            image[0] * image[1],
            image[2],
            image[3],
            down,
            across,
            tape.gradient(self).data(),
            part.data,
            part.adds
        );
    });
}

} // namespace mend
