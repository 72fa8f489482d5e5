// SPDX-License-Identifier: MIT
/// Keras' optimizers as options; the defaults are Keras'.
#pragma once

#include <variant>

#include <mend/nn/learning_rate.hpp>

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

/// Adam, and AdamW where optimizer_options::weight_decay is set.
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

/// s <- s + g^2, from the initial value; w <- w - rate g / sqrt(s + epsilon), in Keras up to 2.10
/// w - rate g / (sqrt(s) + epsilon).
struct adagrad {
    double learning_rate = 0.001;
    double initial_accumulator = 0.1;
    double epsilon = 1e-7;
    bool epsilon_inside_root = true;
};

/// u <- max(beta_2 u, |g|); w <- w - rate / (1 - beta_1^t) m / (u + epsilon).
struct adamax {
    double learning_rate = 0.001;
    double beta_1 = 0.9;
    double beta_2 = 0.999;
    double epsilon = 1e-7;
};

/// Adam with Nesterov's momentum (Dozat 2016), whose momentum in step t is
/// beta_1 (1 - 0.96^(t schedule_decay) / 2). tf.keras <= 2.10 has 0.004 there by default.
struct nadam {
    double learning_rate = 0.001;
    double beta_1 = 0.9;
    double beta_2 = 0.999;
    double epsilon = 1e-7;
    double schedule_decay = 1;
};

using optimizer_kind = std::variant<sgd, rmsprop, adam, adadelta, adagrad, adamax, nadam>;

/// What all optimizers share: limits on gradients before the update, decay of weights and rate; 0
/// or absent: none.
struct optimizer_options {
    optimizer_kind kind = sgd{};
    double clip_value = 0;       ///< Keras' clipvalue; before the norms, as in tf.keras <= 2.10
    double clip_norm = 0;        ///< Keras' clipnorm: each weight's gradient on its own
    double global_clip_norm = 0; ///< Keras' global_clipnorm
    double decay = 0;            ///< Keras 2: rate / (1 + decay * updates done)
    double weight_decay = 0;     ///< before the update, w <- w - w weight_decay rate
    learning_rate_schedule schedule{}; ///< constant: the kind's rate
};

} // namespace mend
