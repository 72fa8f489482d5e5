// SPDX-License-Identifier: MIT
/// Keras' MaxPooling1D and AveragePooling1D, channels last.
#pragma once

#include <optional>

#include <mend/autodiff/functions.hpp>
#include <mend/autodiff/images.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct pooling1d_options {
    index pool_size = 2;
    std::optional<index> strides{}; ///< absent: the pool size
    mend::padding padding = mend::padding::valid;
};

/// Both poolings.
class pooling1d {
public:
    explicit pooling1d(pooling_kind kind, const pooling1d_options& options = {})
        : kind_(kind)
        , options_(options)
        , strides_(options.strides.value_or(options.pool_size)) {
        MEND_EXPECTS(options.pool_size > 0 && strides_ > 0, "a pool has cells and moves");
    }

    [[nodiscard]] shape output(const shape& sample) const {
        MEND_EXPECTS(sample.rank() == 2, "pooling takes steps x channels");
        const index places =
            sweep_of(sample[0], {options_.pool_size, strides_}, options_.padding).places;
        MEND_EXPECTS(places > 0, "the window fits the sequence");
        return {places, sample[1]};
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const variable y = pool(
            p.tape,
            detail::as_image(p.tape, x),
            {kind_, 1, options_.pool_size, 1, strides_, options_.padding}
        );
        return detail::as_sequence(p.tape, y);
    }

private:
    pooling_kind kind_;
    pooling1d_options options_;
    index strides_;
};

} // namespace mend
