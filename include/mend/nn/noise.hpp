// SPDX-License-Identifier: MIT
/// Keras' SpatialDropout2D, GaussianNoise and GaussianDropout: active in training alone.
#pragma once

#include <cmath>

#include <mend/autodiff/noise.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

/// Dropout of whole channels of a sample.
struct spatial_dropout {
    double rate = 0.5; ///< share of the channels that is zeroed, 0..1

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        return p.training && rate > 0 ? drop_channels(p.tape, x, rate, p.random()) : x;
    }
};

/// Adds normal numbers.
struct gaussian_noise {
    double deviation = 0.1;

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        return p.training && deviation > 0 ? add_noise(p.tape, x, deviation, p.random()) : x;
    }
};

/// Multiplies by normal numbers of mean 1 and variance rate / (1 - rate).
struct gaussian_dropout {
    double rate = 0.5; ///< 0 <= rate < 1

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        MEND_EXPECTS(rate >= 0 && rate < 1, "a rate of gaussian dropout lies below 1");
        return p.training && rate > 0
                   ? multiply_noise(p.tape, x, std::sqrt(rate / (1 - rate)), p.random())
                   : x;
    }
};

} // namespace mend
