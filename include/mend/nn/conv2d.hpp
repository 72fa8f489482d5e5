// SPDX-License-Identifier: MIT
/// Keras' Conv2D, channels last.
#pragma once

#include <array>
#include <utility>
#include <vector>

#include <mend/autodiff/images.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/activation.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct conv2d_options {
    index filters = 1;
    std::array<index, 2> kernel_size{3, 3}; ///< rows, columns
    std::array<index, 2> strides{1, 1};
    mend::padding padding = mend::padding::valid;
    std::array<index, 2> dilation_rate{1, 1};
    mend::activation activation{};
    bool use_bias = true;
    initializer kernel_initializer = initializer::glorot_uniform;
    initializer bias_initializer = initializer::zeros;
    regularizer kernel_regularizer{};
    regularizer bias_regularizer{};
    bool trainable = true;
};

class conv2d {
public:
    explicit conv2d(conv2d_options options)
        : options_(std::move(options)) {
        const conv2d_options& o = options_;
        MEND_EXPECTS(o.filters > 0, "a convolution has filters");
        MEND_EXPECTS(o.kernel_size[0] > 0 && o.kernel_size[1] > 0, "a kernel has cells");
        MEND_EXPECTS(o.strides[0] > 0 && o.strides[1] > 0, "strides are positive");
        MEND_EXPECTS(o.dilation_rate[0] > 0 && o.dilation_rate[1] > 0, "dilation is positive");
    }

    [[nodiscard]] shape output(const shape& sample) const {
        const conv2d_options& o = options_;
        MEND_EXPECTS(sample.rank() == 3, "a convolution takes height x width x channels");
        const window rows{o.kernel_size[0], o.strides[0], o.dilation_rate[0]};
        const window columns{o.kernel_size[1], o.strides[1], o.dilation_rate[1]};
        const index down = sweep_of(sample[0], rows, o.padding).places;
        const index across = sweep_of(sample[1], columns, o.padding).places;
        MEND_EXPECTS(down > 0 && across > 0, "the kernel fits the image");
        return {down, across, o.filters};
    }

    [[nodiscard]] std::vector<parameter_spec> parameters(const shape& sample) const {
        const conv2d_options& o = options_;
        std::vector<parameter_spec> found{
            {"kernel",
             {o.kernel_size[0], o.kernel_size[1], sample[2], o.filters},
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
        const conv2d_options& o = options_;
        const bool fused = detail::is_fused(p, o.activation);
        const variable bias = o.use_bias ? p.parameters[1] : variable{};
        const variable y = convolve(
            p.tape,
            x,
            p.parameters[0],
            bias,
            {o.strides[0], o.strides[1], o.dilation_rate[0], o.dilation_rate[1], o.padding},
            fused ? o.activation : activation::linear
        );
        return fused ? y : activate(p.tape, y, o.activation);
    }

    [[nodiscard]] const conv2d_options& options() const noexcept { return options_; }

private:
    conv2d_options options_;
};

} // namespace mend
