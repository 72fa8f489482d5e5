// SPDX-License-Identifier: MIT
/// Keras' optimizers: options as aggregates, one update loop over the flat buffer of all weights.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include <mend/nn/network.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// v <- momentum v - rate g; w <- w + v (Nesterov: w + momentum v - rate g).
struct sgd {
    double learning_rate = 0.01;
    double momentum = 0;
    bool nesterov = false;
};

/// Keras' RMSprop. Keras >= 2.11 adds epsilon inside the root, tf.keras <= 2.10 outside it
/// (unless there is momentum).
struct rmsprop {
    double learning_rate = 0.001;
    double rho = 0.9;
    double momentum = 0;
    double epsilon = 1e-7;
    bool centered = false;
    bool epsilon_inside_root = true;
};

struct adam {
    double learning_rate = 0.001;
    double beta_1 = 0.9;
    double beta_2 = 0.999;
    double epsilon = 1e-7;
    bool amsgrad = false;
};

struct adadelta {
    double learning_rate = 0.001;
    double rho = 0.95;
    double epsilon = 1e-7;
};

using optimizer_kind = std::variant<sgd, rmsprop, adam, adadelta>;

/// Limits on gradients before the update and the time decay of the rate; 0 or absent: none.
struct optimizer_options {
    optimizer_kind kind = sgd{};
    double clip_norm = 0;        ///< Keras' clipnorm: each weight's gradient on its own
    double clip_value = 0;       ///< Keras' clipvalue
    double global_clip_norm = 0; ///< Keras' global_clipnorm
    double decay = 0;            ///< Keras 2: rate / (1 + decay * iterations)
};

/// The optimizer of a Keras name in any case ("adam", "Adam", "RMSprop"), with the defaults above;
/// nothing for an unknown one.
[[nodiscard]] std::optional<optimizer_kind> find_optimizer(std::string_view name);

/// The state of one training: slots for every weight, the count of updates, the learning rate.
template <class Scalar = float>
class optimizer {
public:
    optimizer(const optimizer_options& options, const network<Scalar>& net);

    /// Updates all trainable weights once.
    void step(network<Scalar>& net, gradients<Scalar>& g);

    [[nodiscard]] double learning_rate() const noexcept { return learning_rate_; }

    /// Takes effect with the next step.
    void learning_rate(double rate) noexcept { learning_rate_ = rate; }

    /// Updates done.
    [[nodiscard]] std::int64_t iterations() const noexcept { return iterations_; }

private:
    optimizer_options options_;
    double learning_rate_ = 0;
    std::int64_t iterations_ = 0;
    std::array<tensor<Scalar>, 3> slots_;
};

} // namespace mend
