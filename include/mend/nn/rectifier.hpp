// SPDX-License-Identifier: MIT
/// Keras' PReLU, and its Softmax along any axis. (ReLU, LeakyReLU, ELU and ThresholdedReLU are
/// `activation_layer`s.)
#pragma once

#include <utility>
#include <vector>

#include <mend/autodiff/arrange.hpp>
#include <mend/autodiff/functions.hpp>
#include <mend/autodiff/lookup.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct prelu_options {
    initializer alpha_initializer = initializer::zeros;
    regularizer alpha_regularizer{};
    std::vector<int> shared_axes{}; ///< counted from 1, the first after the batch
    bool trainable = true;
};

/// x, or alpha x below 0, with an alpha that is learnt for every number of a sample.
class prelu {
public:
    explicit prelu(prelu_options options = {})
        : options_(std::move(options)) {}

    [[nodiscard]] std::vector<parameter_spec> parameters(const shape& sample) const {
        shape extents = sample;
        for (const int axis : options_.shared_axes) {
            MEND_EXPECTS(axis >= 1 && axis <= sample.rank(), "shared axes are axes of a sample");
            extents[axis - 1] = 1;
        }
        return {
            {"alpha",
             extents,
             options_.alpha_initializer,
             options_.alpha_regularizer,
             options_.trainable}};
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        return rectify(p.tape, x, p.parameters[0]);
    }

private:
    prelu_options options_;
};

/// Softmax along one axis of a sample.
struct softmax_layer {
    int axis = 0; ///< of the sample, from 0

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const int rank = p.tape.extents(x).rank();
        if (axis + 2 == rank) {
            return activate(p.tape, x, activation::softmax);
        }
        const axis_order order = axis_last(axis + 1, rank);
        const variable rows = activate(p.tape, permute(p.tape, x, order), activation::softmax);
        return permute(p.tape, rows, inverse(order, rank));
    }
};

} // namespace mend
