// SPDX-License-Identifier: MIT
/// Keras' Dropout: active in training alone.
#pragma once

#include <vector>

#include <mend/autodiff/dropout.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct dropout_options {
    double rate = 0.5; ///< share of the inputs that is zeroed, 0..1
};

class dropout {
public:
    explicit dropout(const dropout_options& options)
        : options_(options) {
        MEND_EXPECTS(options.rate >= 0 && options.rate <= 1, "a dropout rate lies in 0..1");
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        if (!p.training || options_.rate == 0) {
            return x;
        }
        return drop(p.tape, x, options_.rate, p.random());
    }

private:
    dropout_options options_;
};

} // namespace mend
