// SPDX-License-Identifier: MIT
/// Keras' Dense: activation(x kernel + bias) over the last dimension.
#pragma once

#include <utility>
#include <vector>

#include <mend/autodiff/functions.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/activation.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct dense_options {
    index units = 1;
    mend::activation activation{};
    bool use_bias = true;
    initializer kernel_initializer = initializer::glorot_uniform;
    initializer bias_initializer = initializer::zeros;
    regularizer kernel_regularizer{};
    regularizer bias_regularizer{};
    bool trainable = true;
};

class dense {
public:
    explicit dense(dense_options options)
        : options_(std::move(options)) {
        MEND_EXPECTS(options_.units > 0, "a dense layer has units");
    }

    [[nodiscard]] shape output(const shape& sample) const {
        MEND_EXPECTS(sample.rank() > 0, "a dense layer takes at least one dimension");
        shape result = sample;
        result[result.rank() - 1] = options_.units;
        return result;
    }

    [[nodiscard]] std::vector<parameter_spec> parameters(const shape& sample) const {
        const dense_options& o = options_;
        std::vector<parameter_spec> found{
            {"kernel",
             {sample[sample.rank() - 1], o.units},
             o.kernel_initializer,
             o.kernel_regularizer,
             o.trainable}};
        if (o.use_bias) {
            found.push_back({"bias", {o.units}, o.bias_initializer, o.bias_regularizer, o.trainable}
            );
        }
        return found;
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const bool fused = detail::is_fused(p, options_.activation);
        const variable bias = options_.use_bias ? p.parameters[1] : variable{};
        const activation within = fused ? options_.activation : activation::linear;
        const variable y = affine(p.tape, x, p.parameters[0], bias, within);
        return fused ? y : activate(p.tape, y, options_.activation);
    }

    [[nodiscard]] bool takes_sparse() const noexcept { return true; }

    [[nodiscard]] const dense_options& options() const noexcept { return options_; }

private:
    dense_options options_;
};

} // namespace mend
