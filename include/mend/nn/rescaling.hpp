// SPDX-License-Identifier: MIT
/// Keras' Rescaling: scale * x + offset.
#pragma once

#include <vector>

#include <mend/autodiff/functions.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct rescaling_options {
    double scale = 1;
    double offset = 0;
};

class rescaling {
public:
    explicit rescaling(const rescaling_options& options)
        : options_(options) {}

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        Scalar* const factors = p.tape.allocate(2);
        factors[0] = static_cast<Scalar>(options_.scale);
        factors[1] = static_cast<Scalar>(options_.offset);
        return scale_and_shift(p.tape, x, factors, factors + 1, 1);
    }

private:
    rescaling_options options_;
};

} // namespace mend
