// SPDX-License-Identifier: MIT
/// Keras' optimizers as options; the defaults are Keras'.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <mend/core/text.hpp>

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
[[nodiscard]] inline std::optional<optimizer_kind> find_optimizer(std::string_view name) {
    const std::string plain = plain_name(name);
    if (plain == "sgd") {
        return sgd{};
    }
    if (plain == "rmsprop") {
        return rmsprop{};
    }
    if (plain == "adam") {
        return adam{};
    }
    if (plain == "adadelta") {
        return adadelta{};
    }
    return std::nullopt;
}

} // namespace mend
