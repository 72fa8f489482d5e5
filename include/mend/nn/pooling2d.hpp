// SPDX-License-Identifier: MIT
/// Keras' MaxPooling2D and AveragePooling2D, channels last.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include <mend/autodiff/images.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct pooling2d_options {
    std::array<index, 2> pool_size{2, 2};
    std::optional<std::array<index, 2>> strides{}; ///< absent: the pool size
    mend::padding padding = mend::padding::valid;
};

/// Both poolings; see the two classes below.
class pooling2d {
public:
    pooling2d(pooling_kind kind, const pooling2d_options& options)
        : kind_(kind)
        , options_(options)
        , strides_(options.strides.value_or(options.pool_size)) {
        MEND_EXPECTS(options.pool_size[0] > 0 && options.pool_size[1] > 0, "a pool has cells");
        MEND_EXPECTS(strides_[0] > 0 && strides_[1] > 0, "strides are positive");
    }

    [[nodiscard]] shape output(const shape& sample) const {
        MEND_EXPECTS(sample.rank() == 3, "pooling takes height x width x channels");
        const index down =
            sweep_of(sample[0], {options_.pool_size[0], strides_[0]}, options_.padding).places;
        const index across =
            sweep_of(sample[1], {options_.pool_size[1], strides_[1]}, options_.padding).places;
        MEND_EXPECTS(down > 0 && across > 0, "the window fits the image");
        return {down, across, sample[2]};
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        return pool(
            p.tape,
            x,
            {kind_,
             options_.pool_size[0],
             options_.pool_size[1],
             strides_[0],
             strides_[1],
             options_.padding}
        );
    }

private:
    pooling_kind kind_;
    pooling2d_options options_;
    std::array<index, 2> strides_;
};

struct max_pooling2d : pooling2d {
    explicit max_pooling2d(const pooling2d_options& options = {})
        : pooling2d(pooling_kind::max, options) {}
};

struct average_pooling2d : pooling2d {
    explicit average_pooling2d(const pooling2d_options& options = {})
        : pooling2d(pooling_kind::average, options) {}
};

} // namespace mend
