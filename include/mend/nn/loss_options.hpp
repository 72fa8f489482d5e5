// SPDX-License-Identifier: MIT
/// Which loss: Keras' kinds, their settings and their names.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <mend/core/text.hpp>

namespace mend {

enum class loss_kind : std::uint8_t {
    mean_squared_error,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_logarithmic_error,
    hinge,
    squared_hinge,
    categorical_hinge,
    log_cosh,
    huber,
    poisson,
    cosine_similarity,
    kl_divergence,
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
};

struct loss_options {
    loss_kind kind = loss_kind::mean_squared_error;
    bool from_logits = false;
    double label_smoothing = 0;      ///< the two dense cross-entropies
    double delta = 1;                ///< Huber
    bool epsilon_inside_log = false; ///< binary cross-entropy of Keras 2: log(p + 1e-7)
    /// Keras on TensorFlow keeps the logits of softmax and sigmoid outputs alike, so that
    /// categorical cross-entropy behind a sigmoid, or binary behind a softmax, takes them as its
    /// own logits. False: only a matching pair goes through the logits, other pairs are taken as
    /// probabilities, as TensorFlow.js does; problems are trained so for every version, which is
    /// where mend differs from Keras on TensorFlow.
    bool logits_of_either = false;
};

/// The kind for a name of Keras 2, Keras 3 or TensorFlow.js ("mse", "MeanSquaredError",
/// "logcosh", ...); nothing for an unknown one.
[[nodiscard]] inline std::optional<loss_kind> find_loss(std::string_view name) {
    using enum loss_kind;
    static constexpr std::array<std::pair<std::string_view, loss_kind>, 26> known{{
        {"meansquarederror", mean_squared_error},
        {"mse", mean_squared_error},
        {"meanabsoluteerror", mean_absolute_error},
        {"mae", mean_absolute_error},
        {"meanabsolutepercentageerror", mean_absolute_percentage_error},
        {"mape", mean_absolute_percentage_error},
        {"meansquaredlogarithmicerror", mean_squared_logarithmic_error},
        {"msle", mean_squared_logarithmic_error},
        {"hinge", hinge},
        {"squaredhinge", squared_hinge},
        {"categoricalhinge", categorical_hinge},
        {"logcosh", log_cosh},
        {"huber", huber},
        {"huberloss", huber},
        {"poisson", poisson},
        {"cosinesimilarity", cosine_similarity},
        {"cosineproximity", cosine_similarity},
        {"cosine", cosine_similarity},
        {"kldivergence", kl_divergence},
        {"kullbackleiblerdivergence", kl_divergence},
        {"kld", kl_divergence},
        {"binarycrossentropy", binary_crossentropy},
        {"bce", binary_crossentropy},
        {"categoricalcrossentropy", categorical_crossentropy},
        {"cce", categorical_crossentropy},
        {"sparsecategoricalcrossentropy", sparse_categorical_crossentropy},
    }};
    const std::string plain = plain_name(name);
    for (const auto& [known_name, kind] : known) {
        if (known_name == plain) {
            return kind;
        }
    }
    return std::nullopt;
}

} // namespace mend
