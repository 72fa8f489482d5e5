// SPDX-License-Identifier: MIT
/// The words of Keras: every spelling that Keras 1 to 3 and TensorFlow.js write, and the one that
/// specs hold (Keras 2's snake_case name).
///
/// Lookup ignores case and underscores, so that GlorotUniform, glorotUniform and glorot_uniform
/// need one entry.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <mend/core/text.hpp>

namespace mend {

namespace detail {

struct known_name {
    std::string_view name;         ///< canonical
    std::string_view aliases = {}; ///< further plain names, separated by spaces
};

/// The canonical name, "" for an unknown one. A `plain` word is compared with the plain form of
/// each name and with its aliases.
[[nodiscard]] inline std::string_view
find_name(std::span<const known_name> table, std::string_view spelled) {
    const std::string plain = plain_name(spelled);
    if (plain.empty() || spelled.find_first_of(" -") != std::string_view::npos) {
        return {};
    }
    for (const known_name& known : table) {
        if (plain == plain_name(known.name)) {
            return known.name;
        }
        for (std::string_view rest = known.aliases; !rest.empty();) {
            const std::size_t end = rest.find(' ');
            if (rest.substr(0, end) == plain) {
                return known.name;
            }
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        }
    }
    return {};
}

inline constexpr known_name known_activations[] = {
    {"linear"},
    {"relu"},
    {"relu6"},
    {"elu"},
    {"selu"},
    {"leaky_relu"},
    {"softplus"},
    {"softsign"},
    {"tanh"},
    {"sigmoid"},
    {"hard_sigmoid"},
    {"exponential"},
    {"softmax"},
    {"log_softmax"},
    {"swish", "silu"},
    {"mish"},
    {"gelu"}};

inline constexpr known_name known_initializers[] = {
    {"zeros", "zero"},
    {"ones", "one"},
    {"constant"},
    {"random_normal", "normal"},
    {"random_uniform", "uniform"},
    {"truncated_normal"},
    {"variance_scaling"},
    {"glorot_uniform"},
    {"glorot_normal"},
    {"he_uniform"},
    {"he_normal"},
    {"lecun_uniform"},
    {"lecun_normal"},
    {"orthogonal", "orthogonalinitializer"},
    {"identity", "identityinitializer"}};

inline constexpr known_name known_losses[] = {
    {"mean_squared_error", "mse"},
    {"mean_absolute_error", "mae"},
    {"mean_absolute_percentage_error", "mape"},
    {"mean_squared_logarithmic_error", "msle"},
    {"hinge"},
    {"squared_hinge"},
    {"categorical_hinge"},
    {"logcosh"},
    {"huber", "huberloss"},
    {"poisson"},
    {"cosine_similarity", "cosine cosineproximity"},
    {"kullback_leibler_divergence", "kld kldivergence"},
    {"binary_crossentropy", "bce"},
    {"categorical_crossentropy"},
    {"sparse_categorical_crossentropy"}};

inline constexpr known_name known_constraints[] = {
    {"max_norm"}, {"min_max_norm"}, {"unit_norm"}, {"non_neg"}};

inline constexpr known_name known_schedules[] = {
    {"exponential_decay"},
    {"piecewise_constant_decay"},
    {"polynomial_decay"},
    {"inverse_time_decay"},
    {"cosine_decay"},
    {"cosine_decay_restarts"}};

inline constexpr known_name known_metrics[] = {
    {"accuracy", "acc"},
    {"binary_accuracy"},
    {"categorical_accuracy"},
    {"sparse_categorical_accuracy"},
    {"top_k_categorical_accuracy"},
    {"sparse_top_k_categorical_accuracy"},
    {"mean_squared_error", "mse"},
    {"mean_absolute_error", "mae"},
    {"precision"},
    {"recall"},
    {"auc"}};

inline constexpr known_name known_monitor_modes[] = {{"auto"}, {"min"}, {"max"}};

inline constexpr known_name known_distributions[] = {
    {"truncated_normal", "normal"}, {"untruncated_normal"}, {"uniform"}};

inline constexpr known_name known_fan_modes[] = {{"fan_in"}, {"fan_out"}, {"fan_avg"}};

inline constexpr known_name known_paddings[] = {{"valid"}, {"same"}};

inline constexpr known_name known_time_paddings[] = {{"valid"}, {"same"}, {"causal"}};

} // namespace detail

// Each returns the canonical name of any spelling, "" for a name that mend does not know.

[[nodiscard]] inline std::string_view activation_name(std::string_view spelled) {
    return detail::find_name(detail::known_activations, spelled);
}

[[nodiscard]] inline std::string_view initializer_name(std::string_view spelled) {
    return detail::find_name(detail::known_initializers, spelled);
}

[[nodiscard]] inline std::string_view loss_name(std::string_view spelled) {
    return detail::find_name(detail::known_losses, spelled);
}

[[nodiscard]] inline std::string_view constraint_name(std::string_view spelled) {
    return detail::find_name(detail::known_constraints, spelled);
}

[[nodiscard]] inline std::string_view schedule_name(std::string_view spelled) {
    return detail::find_name(detail::known_schedules, spelled);
}

[[nodiscard]] inline std::string_view metric_name(std::string_view spelled) {
    return detail::find_name(detail::known_metrics, spelled);
}

/// Keras' class for a function's name: "glorot_uniform" is "GlorotUniform".
[[nodiscard]] inline std::string class_name_of(std::string_view name) {
    std::string spelled;
    bool start = true;
    for (const char c : name) {
        if (c == '_') {
            start = true;
        } else {
            spelled += start && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            start = false;
        }
    }
    return spelled;
}

} // namespace mend
