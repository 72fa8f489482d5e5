// SPDX-License-Identifier: MIT
/// Keras' global poolings of sequences (steps x channels) and images (height x width x channels).
#pragma once

#include <mend/autodiff/functions.hpp>
#include <mend/autodiff/images.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct global_pooling_options {
    bool keepdims = false; ///< the dimensions stay, each of extent 1
};

/// The maximum or mean of every channel.
class global_pooling {
public:
    explicit global_pooling(pooling_kind kind, const global_pooling_options& options = {})
        : kind_(kind)
        , options_(options) {}

    [[nodiscard]] shape output(const shape& sample) const {
        MEND_EXPECTS(
            sample.rank() == 2 || sample.rank() == 3, "global pooling takes channels of places"
        );
        shape result;
        for (int axis = 0; options_.keepdims && axis + 1 < sample.rank(); ++axis) {
            result.push_back(1);
        }
        result.push_back(sample[sample.rank() - 1]);
        return result;
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const shape extents = p.tape.extents(x);
        const variable image = extents.rank() == 3 ? detail::as_image(p.tape, x) : x;
        const shape size = p.tape.extents(image);
        const variable y =
            pool(p.tape, image, {kind_, size[1], size[2], size[1], size[2], padding::valid});
        return reshape(p.tape, y, output(extents.row()).batch(extents[0]));
    }

private:
    pooling_kind kind_;
    global_pooling_options options_;
};

} // namespace mend
