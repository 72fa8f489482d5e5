// SPDX-License-Identifier: MIT
/// Activations by their Keras names, and activations as layers.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/autodiff/functions.hpp>
#include <mend/core/text.hpp>
#include <mend/nn/layer.hpp>
#include <mend/tensor/activation.hpp>

namespace mend {

/// The activation function of a Keras name ("relu", "silu", "LeakyReLU", ...) with Keras' default
/// settings for the function; nothing for an unknown one. "hard_sigmoid" is that of Keras 1 and 2
/// unless `keras3`.
[[nodiscard]] inline std::optional<activation>
find_activation(std::string_view name, bool keras3 = false) {
    static constexpr std::array<std::pair<std::string_view, const activation*>, 19> known{{
        {"linear", &activation::linear},
        {"relu", &activation::relu},
        {"relu6", &activation::relu6},
        {"elu", &activation::elu},
        {"selu", &activation::selu},
        {"leakyrelu", &activation::leaky_relu},
        {"softplus", &activation::softplus},
        {"softsign", &activation::softsign},
        {"tanh", &activation::tanh},
        {"sigmoid", &activation::sigmoid},
        {"hardsigmoid", &activation::hard_sigmoid},
        {"exponential", &activation::exponential},
        {"exp", &activation::exponential},
        {"swish", &activation::swish},
        {"silu", &activation::swish},
        {"mish", &activation::mish},
        {"gelu", &activation::gelu},
        {"softmax", &activation::softmax},
        {"logsoftmax", &activation::log_softmax},
    }};
    const std::string plain = plain_name(name);
    if (keras3 && plain == "hardsigmoid") {
        return activation::hard_sigmoid_keras3;
    }
    for (const auto& [known_name, found] : known) {
        if (known_name == plain) {
            return *found;
        }
    }
    return std::nullopt;
}

/// Applies an activation: Keras' Activation, and its ReLU, LeakyReLU, ELU, Softmax with their
/// settings.
struct activation_layer {
    activation function;

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        return activate(p.tape, x, function);
    }
};

namespace detail {

/// The part of an activation that an affine operation does itself; the rest is `after_affine`.
/// Softmax works on rows, and of a sigmoid at the end a loss wants to see the logits.
template <class Scalar>
[[nodiscard]] bool is_fused(const pass<Scalar>& p, const activation& f) {
    return !f.by_row() && !(p.is_output && f.kind == activation_kind::sigmoid);
}

} // namespace detail

} // namespace mend
