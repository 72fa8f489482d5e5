// SPDX-License-Identifier: MIT
/// Keras' Reshape, Permute and RepeatVector, and its layers that frame, cut and enlarge images.
#pragma once

#include <array>
#include <cstddef>

#include <mend/autodiff/arrange.hpp>
#include <mend/autodiff/functions.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

/// The same numbers under another shape of one sample, all of whose extents are known.
struct reshape_layer {
    shape target;

    [[nodiscard]] shape output(const shape& sample) const {
        MEND_EXPECTS(target.size() == sample.size(), "a reshape keeps the number of elements");
        return target;
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        return reshape(p.tape, x, target.batch(p.tape.extents(x)[0]));
    }
};

/// Axis i of a sample is the input's axis dims[i], counted from 1 as Keras does.
struct permute_layer {
    std::array<int, 3> dims{1, 2, 3};

    [[nodiscard]] shape output(const shape& sample) const {
        return permuted(sample.batch(1), order()).row();
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        return permute(p.tape, x, order());
    }

private:
    [[nodiscard]] axis_order order() const noexcept { return {0, dims[0], dims[1], dims[2]}; }
};

/// A row of numbers `count` times.
struct repeat_vector {
    index count = 1;

    [[nodiscard]] shape output(const shape& sample) const {
        MEND_EXPECTS(sample.rank() == 1, "what is repeated is one row of numbers");
        return {count, sample[0]};
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const shape rows = p.tape.extents(x);
        const variable cells = reshape(p.tape, x, shape{rows[0], 1, 1, rows[1]});
        const variable y = repeat_cells(p.tape, cells, count, 1);
        return reshape(p.tape, y, shape{rows[0], count, rows[1]});
    }
};

/// Zeros around an image (ZeroPadding2D), or less of it where numbers are negative (Cropping2D).
struct framing2d {
    index top = 0;
    index bottom = 0;
    index left = 0;
    index right = 0;

    [[nodiscard]] shape output(const shape& sample) const {
        MEND_EXPECTS(sample.rank() == 3, "images are height x width x channels");
        const shape made{sample[0] + top + bottom, sample[1] + left + right, sample[2]};
        MEND_EXPECTS(made[0] > 0 && made[1] > 0, "something is left of the image");
        return made;
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const shape made = output(p.tape.extents(x).row());
        return reframe(p.tape, x, top, left, made[0], made[1]);
    }
};

/// Every cell of an image repeated.
struct up_sampling2d {
    std::array<index, 2> size{2, 2}; ///< down, across

    [[nodiscard]] shape output(const shape& sample) const {
        MEND_EXPECTS(sample.rank() == 3, "images are height x width x channels");
        return {sample[0] * size[0], sample[1] * size[1], sample[2]};
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        return repeat_cells(p.tape, x, size[0], size[1]);
    }
};

} // namespace mend
