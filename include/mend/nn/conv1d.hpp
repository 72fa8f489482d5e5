// SPDX-License-Identifier: MIT
/// Keras' Conv1D, channels last: a convolution of images that are one row high.
#pragma once

#include <utility>
#include <vector>

#include <mend/autodiff/functions.hpp>
#include <mend/autodiff/images.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/activation.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct conv1d_options {
    index filters = 1;
    index kernel_size = 3;
    index strides = 1;
    mend::padding padding = mend::padding::valid;
    index dilation_rate = 1;
    mend::activation activation{};
    bool use_bias = true;
    initializer kernel_initializer = initializer::glorot_uniform;
    initializer bias_initializer = initializer::zeros;
    regularizer kernel_regularizer{};
    regularizer bias_regularizer{};
    bool trainable = true;
};

class conv1d {
public:
    explicit conv1d(conv1d_options options)
        : options_(std::move(options)) {
        const conv1d_options& o = options_;
        MEND_EXPECTS(o.filters > 0, "a convolution has filters");
        MEND_EXPECTS(
            o.kernel_size > 0 && o.strides > 0 && o.dilation_rate > 0,
            "kernel, strides and dilation are positive"
        );
    }

    [[nodiscard]] shape output(const shape& sample) const {
        const conv1d_options& o = options_;
        MEND_EXPECTS(sample.rank() == 2, "a convolution takes steps x channels");
        const index places =
            sweep_of(sample[0], {o.kernel_size, o.strides, o.dilation_rate}, o.padding).places;
        MEND_EXPECTS(places > 0, "the kernel fits the sequence");
        return {places, o.filters};
    }

    [[nodiscard]] std::vector<parameter_spec> parameters(const shape& sample) const {
        const conv1d_options& o = options_;
        std::vector<parameter_spec> found{
            {"kernel",
             {o.kernel_size, sample[1], o.filters},
             o.kernel_initializer,
             o.kernel_regularizer,
             o.trainable}};
        if (o.use_bias) {
            found.push_back(
                {"bias", {o.filters}, o.bias_initializer, o.bias_regularizer, o.trainable}
            );
        }
        return found;
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const conv1d_options& o = options_;
        const bool fused = detail::is_fused(p, o.activation);
        const variable bias = o.use_bias ? p.parameters[1] : variable{};
        const shape weights = p.tape.extents(p.parameters[0]);
        const variable y = convolve(
            p.tape,
            detail::as_image(p.tape, x),
            reshape(p.tape, p.parameters[0], shape{1, weights[0], weights[1], weights[2]}),
            bias,
            {1, o.strides, 1, o.dilation_rate, o.padding},
            fused ? o.activation : activation::linear
        );
        const variable row = detail::as_sequence(p.tape, y);
        return fused ? row : activate(p.tape, row, o.activation);
    }

private:
    conv1d_options options_;
};

} // namespace mend
