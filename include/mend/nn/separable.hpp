// SPDX-License-Identifier: MIT
/// Keras' DepthwiseConv2D and SeparableConv2D, channels last.
#pragma once

#include <array>
#include <utility>
#include <vector>

#include <mend/autodiff/depthwise.hpp>
#include <mend/autodiff/functions.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/activation.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

/// Options of both; `filters` and those of `pointwise` are SeparableConv2D's alone.
struct separable_options {
    index filters = 0;                      ///< 0: there is no pointwise convolution
    std::array<index, 2> kernel_size{3, 3}; ///< rows, columns
    std::array<index, 2> strides{1, 1};
    mend::padding padding = mend::padding::valid;
    std::array<index, 2> dilation_rate{1, 1};
    index depth_multiplier = 1;
    mend::activation activation{};
    bool use_bias = true;
    initializer depthwise_initializer = initializer::glorot_uniform;
    initializer pointwise_initializer = initializer::glorot_uniform;
    initializer bias_initializer = initializer::zeros;
    regularizer depthwise_regularizer{};
    regularizer pointwise_regularizer{};
    regularizer bias_regularizer{};
    bool trainable = true;
};

/// Every channel convolved with kernels of its own; with filters, followed by a convolution with
/// kernels of one cell.
class separable {
public:
    explicit separable(separable_options options)
        : options_(std::move(options)) {
        const separable_options& o = options_;
        MEND_EXPECTS(o.filters >= 0 && o.depth_multiplier > 0, "a convolution has filters");
        MEND_EXPECTS(o.kernel_size[0] > 0 && o.kernel_size[1] > 0, "a kernel has cells");
        MEND_EXPECTS(o.strides[0] > 0 && o.strides[1] > 0, "strides are positive");
        MEND_EXPECTS(o.dilation_rate[0] > 0 && o.dilation_rate[1] > 0, "dilation is positive");
    }

    [[nodiscard]] shape output(const shape& sample) const {
        const separable_options& o = options_;
        MEND_EXPECTS(sample.rank() == 3, "a convolution takes height x width x channels");
        const window rows{o.kernel_size[0], o.strides[0], o.dilation_rate[0]};
        const window columns{o.kernel_size[1], o.strides[1], o.dilation_rate[1]};
        const index down = sweep_of(sample[0], rows, o.padding).places;
        const index across = sweep_of(sample[1], columns, o.padding).places;
        MEND_EXPECTS(down > 0 && across > 0, "the kernel fits the image");
        return {down, across, channels(sample)};
    }

    [[nodiscard]] std::vector<parameter_spec> parameters(const shape& sample) const {
        const separable_options& o = options_;
        std::vector<parameter_spec> found{
            {"depthwise_kernel",
             {o.kernel_size[0], o.kernel_size[1], sample[2], o.depth_multiplier},
             o.depthwise_initializer,
             o.depthwise_regularizer,
             o.trainable}};
        if (o.filters > 0) {
            found.push_back(
                {"pointwise_kernel",
                 {1, 1, sample[2] * o.depth_multiplier, o.filters},
                 o.pointwise_initializer,
                 o.pointwise_regularizer,
                 o.trainable}
            );
        }
        if (o.use_bias) {
            found.push_back(
                {"bias", {channels(sample)}, o.bias_initializer, o.bias_regularizer, o.trainable}
            );
        }
        return found;
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const separable_options& o = options_;
        const convolution_options moves{
            o.strides[0], o.strides[1], o.dilation_rate[0], o.dilation_rate[1], o.padding};
        const variable bias = o.use_bias ? p.parameters.back() : variable{};
        if (o.filters == 0) {
            const variable y = depthwise_convolve(p.tape, x, p.parameters[0], bias, moves);
            return activate(p.tape, y, o.activation);
        }
        const variable between = depthwise_convolve(p.tape, x, p.parameters[0], variable{}, moves);
        const bool fused = detail::is_fused(p, o.activation);
        const shape weights = p.tape.extents(p.parameters[1]);
        const variable y = affine(
            p.tape,
            between,
            reshape(p.tape, p.parameters[1], shape{weights[2], weights[3]}),
            bias,
            fused ? o.activation : activation::linear
        );
        return fused ? y : activate(p.tape, y, o.activation);
    }

private:
    [[nodiscard]] index channels(const shape& sample) const {
        return options_.filters > 0 ? options_.filters : sample[2] * options_.depth_multiplier;
    }

    separable_options options_;
};

} // namespace mend
