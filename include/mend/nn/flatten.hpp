// SPDX-License-Identifier: MIT
/// Keras' Flatten: all dimensions of a sample become one.
#pragma once

#include <mend/autodiff/functions.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct flatten {
    [[nodiscard]] shape output(const shape& sample) const { return {sample.size()}; }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const shape& extents = p.tape.extents(x);
        return reshape(p.tape, x, shape{extents[0], extents.row_size()});
    }
};

} // namespace mend
