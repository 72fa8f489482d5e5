// SPDX-License-Identifier: MIT
/// What may be edited in a problem, as tables: one per named space.
///
/// `study` is the space of Kim et al.: "Repairing DNN Architecture: Are We There Yet?" (ICST 2023):
/// 13 losses, 7 optimizers, 6 batch sizes, 11 activations, 13 initialisers for kernels and biases,
/// a learning rate uniform on a linear scale from 1e-6 to 10, epochs on a geometric grid around the
/// faulty value, half, the same or double the units, hidden layers left out or repeated. Dropout is
/// frozen, as it was in the published runs. A fault may narrow it to the dimensions that it had in
/// the study (study_space.hpp). Half of 1 unit is 1 here; the study offered 0, a model that cannot
/// be built.
///
/// `mend` differs: the learning rate is on a logarithmic scale, losses and output activations are
/// those that fit the data, values that only repeat another's meaning are left out, and there are
/// the settings of optimizers, dropout, regularisers and preprocessing besides.
///
/// The value of the faulty problem is always added to a domain that lacks it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <mend/core/error.hpp>
#include <mend/space/parameter.hpp>
#include <mend/spec/document.hpp>

namespace mend {

enum class space_name : std::uint8_t { mend, study };

[[nodiscard]] constexpr std::string_view to_text(space_name name) noexcept {
    return name == space_name::study ? "study" : "mend";
}

/// Throws usage_error for an unknown name.
[[nodiscard]] inline space_name space_named(std::string_view name) {
    for (const space_name known : {space_name::mend, space_name::study}) {
        if (to_text(known) == name) {
            return known;
        }
    }
    throw usage_error("--space", "\"" + std::string(name) + "\" is not one of mend, study");
}

/// What a model gives for one sample, as far as losses and output activations go.
enum class output_kind : std::uint8_t {
    one_for_labels, ///< one number for class labels
    per_class,      ///< one number per class
    numbers,        ///< numbers for numbers
};

/// A value that a table names: a boolean, a number, a name, or a penalty of some strength.
class domain_value {
public:
    constexpr domain_value(bool value) noexcept
        : kind_(kind::boolean)
        , number_(value ? 1 : 0) {}

    constexpr domain_value(double value) noexcept
        : kind_(kind::number)
        , number_(value) {}

    constexpr domain_value(const char* name) noexcept
        : kind_(kind::name)
        , name_(name) {}

    /// The regulariser of that name, "l1" or "l2"; none of strength 0.
    [[nodiscard]] static constexpr domain_value
    penalty(const char* name, double strength) noexcept {
        domain_value made(name);
        made.kind_ = kind::penalty;
        made.number_ = strength;
        return made;
    }

    /// As Keras spells it.
    [[nodiscard]] document spelled() const;

private:
    enum class kind : std::uint8_t { boolean, number, name, penalty };

    kind kind_;
    double number_ = 0;
    std::string_view name_{};
};

/// The values of the settings of one Keras key.
struct setting_domain {
    std::string_view key;
    std::span<const domain_value> values;
    bool only_where_set = false; ///< offered only where the faulty value is none of these
};

/// A loss or an output's activation, and the outputs that it fits.
struct output_domain {
    std::string_view value;
    bool one_for_labels = true;
    bool per_class = true;
    bool numbers = true;

    [[nodiscard]] constexpr bool fits(output_kind kind) const noexcept {
        return kind == output_kind::one_for_labels ? one_for_labels
               : kind == output_kind::per_class    ? per_class
                                                   : numbers;
    }
};

/// One space's tables; views of constants.
struct fix_domains {
    std::span<const std::string_view> optimizers; ///< classes that mend lacks are passed over
    double lowest_rate = 1e-6;
    double highest_rate = 10;
    scaling rate_scale = scaling::logarithmic;
    std::span<const setting_domain> optimizer_settings{}; ///< given with their optimizer
    std::span<const setting_domain> update_settings{};    ///< those that all optimizers share
    std::span<const output_domain> losses{};
    std::span<const setting_domain> loss_settings{};
    bool twin_losses = false; ///< both spellings of categorical cross-entropy, not the faulty one
    std::span<const double> batch_sizes{};
    std::span<const double> epoch_factors{}; ///< of the faulty epochs, rounded, at least 1; none:
                                             ///< the study's grid
    std::int64_t epochs_in_reach = 1;        ///< the largest factor doubles on up to so many
    std::span<const setting_domain> fit_settings{};
    std::span<const output_domain> activations{}; ///< of hidden layers, all of them
    std::span<const output_domain> output_activations{};
    std::span<const setting_domain> layer_settings{};
    std::span<const double> width_factors{};   ///< of units and filters of hidden layers
    std::span<const double> repeats{};         ///< of a hidden Dense or Conv2D
    std::span<const std::string_view> front{}; ///< put in front; the first stands for none
    std::span<const double> added_dropout{};   ///< after hidden Dense layers; 0: none
    bool more_than_study = true; ///< frozen layers, dropout and preprocessing may be edited
};

inline document domain_value::spelled() const {
    switch (kind_) {
    case kind::boolean:
        return number_ != 0;
    case kind::number:
        return number_;
    case kind::name:
        return name_;
    default:
        break;
    }
    if (number_ == 0) {
        return {};
    }
    document config = document::object();
    config.set(name_, number_);
    document made = document::object();
    made.set("class_name", name_);
    made.set("config", std::move(config));
    return made;
}

namespace detail {

inline constexpr domain_value either[] = {false, true};
inline constexpr domain_value only_true[] = {true};
inline constexpr domain_value only_zero[] = {0.0};
inline constexpr domain_value only_one[] = {1.0};
inline constexpr domain_value no_penalty[] = {domain_value::penalty("l2", 0)};

inline constexpr double halves_to_doubles[] = {0.5, 1, 2};
inline constexpr double quarters_to_fourfold[] = {0.25, 0.5, 1, 2, 4};
inline constexpr double none_to_twice[] = {0, 1, 2};
inline constexpr double powers_16_to_512[] = {16, 32, 64, 128, 256, 512};

inline constexpr std::string_view all_optimizers[] = {
    "SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"};

// The study's.

inline constexpr domain_value study_initializers[] = {
    "zeros",
    "ones",
    "constant",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "orthogonal",
    "lecun_uniform",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "lecun_normal",
    "he_uniform"};
inline constexpr setting_domain study_layers[] = {
    {"kernel_initializer", study_initializers}, {"bias_initializer", study_initializers}};
inline constexpr output_domain study_losses[] = {
    {"mean_squared_error"},
    {"mean_absolute_error"},
    {"mean_absolute_percentage_error"},
    {"mean_squared_logarithmic_error"},
    {"squared_hinge"},
    {"hinge"},
    {"categorical_hinge"},
    {"logcosh"},
    {"categorical_crossentropy"},
    {"sparse_categorical_crossentropy"},
    {"binary_crossentropy"},
    {"kullback_leibler_divergence"},
    {"poisson"}};
inline constexpr output_domain study_activations[] = {
    {"elu"},
    {"softmax"},
    {"selu"},
    {"softplus"},
    {"softsign"},
    {"relu"},
    {"tanh"},
    {"sigmoid"},
    {"hard_sigmoid"},
    {"exponential"},
    {"linear"}};

// mend's.

inline constexpr std::string_view mend_optimizers[] = {"SGD", "RMSprop", "Adam", "Nadam"};
inline constexpr domain_value momenta[] = {0.0, 0.5, 0.9, 0.99};
inline constexpr domain_value decays[] = {0.9, 0.95, 0.99};
inline constexpr domain_value first_moments[] = {0.8, 0.9, 0.95};
inline constexpr domain_value second_moments[] = {0.9, 0.99, 0.999};
inline constexpr domain_value weight_decays[] = {1e-4, 4e-3, 1e-2};
inline constexpr domain_value clip_norms[] = {domain_value::penalty("l2", 0), 1.0};
inline constexpr domain_value epsilons[] = {1e-8, 1e-7, 1e-4, 1e-2};
inline constexpr setting_domain mend_optimizer_settings[] = {
    {"momentum", momenta},
    {"nesterov", either},
    {"rho", decays},
    {"beta_1", first_moments},
    {"beta_2", second_moments},
    {"epsilon", epsilons},
    {"centered", either},
    {"amsgrad", either},
    {"weight_decay", weight_decays}};
inline constexpr setting_domain mend_update_settings[] = {
    {"clipnorm", clip_norms},
    {"clipvalue", no_penalty, true},
    {"global_clipnorm", no_penalty, true},
    {"decay", only_zero, true},
    {"weight_decay", no_penalty, true}};
inline constexpr output_domain mend_losses[] = {
    {"categorical_crossentropy", false, true, false},
    {"sparse_categorical_crossentropy", false, true, false},
    {"binary_crossentropy", true, true, false},
    {"kullback_leibler_divergence", false, true, false},
    {"categorical_hinge", false, true, false},
    {"hinge", true, false, false},
    {"mean_squared_error", true, true, true},
    {"mean_absolute_error", true, true, true},
    {"huber", false, false, true},
    {"logcosh", false, false, true},
    {"mean_absolute_percentage_error", false, false, true},
    {"mean_squared_logarithmic_error", false, false, true}};
inline constexpr setting_domain mend_loss_settings[] = {
    {"from_logits", either}, {"label_smoothing", only_zero, true}, {"delta", only_one, true}};
inline constexpr setting_domain mend_fit_settings[] = {{"shuffle", only_true, true}};
inline constexpr output_domain mend_activations[] = {
    {"relu"}, {"elu"}, {"selu"}, {"tanh"}, {"sigmoid"}, {"softplus"}, {"linear"}};
inline constexpr output_domain mend_output_activations[] = {
    {"softmax", false, true, false},
    {"sigmoid"},
    {"linear"},
    {"tanh", false, false, true},
    {"relu", false, false, true},
    {"softplus", false, false, true}};
inline constexpr domain_value mend_kernels[] = {
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_normal",
    "orthogonal",
    "random_normal"};
inline constexpr domain_value mend_biases[] = {"zeros", "ones", "random_normal"};
inline constexpr domain_value mend_penalties[] = {
    domain_value::penalty("l2", 0),
    domain_value::penalty("l1", 1e-5),
    domain_value::penalty("l1", 1e-3),
    domain_value::penalty("l2", 1e-4),
    domain_value::penalty("l2", 1e-2)};
inline constexpr domain_value noise_deviations[] = {0.01, 0.1, 0.3};
inline constexpr domain_value statistics_momenta[] = {0.9, 0.99};
inline constexpr domain_value dropout_rates[] = {0.1, 0.2, 0.3, 0.5};
inline constexpr domain_value pixel_scales[] = {1.0 / 255, 1.0 / 127.5, 1.0};
inline constexpr setting_domain mend_layers[] = {
    {"kernel_initializer", mend_kernels},
    {"bias_initializer", mend_biases},
    {"kernel_regularizer", mend_penalties},
    {"depthwise_initializer", mend_kernels},
    {"pointwise_initializer", mend_kernels},
    {"depthwise_regularizer", mend_penalties},
    {"pointwise_regularizer", mend_penalties},
    {"bias_regularizer", no_penalty, true},
    {"activity_regularizer", no_penalty, true},
    {"use_bias", only_true, true},
    {"rate", dropout_rates},
    {"stddev", noise_deviations},
    {"momentum", statistics_momenta},
    {"scale", pixel_scales}};
inline constexpr std::string_view mend_front[] = {"none", "Rescaling", "Normalization"};
inline constexpr double added_rates[] = {0, 0.1, 0.2, 0.3, 0.5};

} // namespace detail

[[nodiscard]] constexpr fix_domains domains_of(space_name name) noexcept {
    if (name == space_name::study) {
        return {
            .optimizers = detail::all_optimizers,
            .rate_scale = scaling::linear,
            .losses = detail::study_losses,
            .twin_losses = true,
            .batch_sizes = detail::powers_16_to_512,
            .activations = detail::study_activations,
            .output_activations = detail::study_activations,
            .layer_settings = detail::study_layers,
            .width_factors = detail::halves_to_doubles,
            .repeats = detail::none_to_twice,
            .more_than_study = false};
    }
    return {
        .optimizers = detail::mend_optimizers,
        .optimizer_settings = detail::mend_optimizer_settings,
        .update_settings = detail::mend_update_settings,
        .losses = detail::mend_losses,
        .loss_settings = detail::mend_loss_settings,
        .batch_sizes = detail::powers_16_to_512,
        .epoch_factors = detail::quarters_to_fourfold,
        .epochs_in_reach = 16,
        .fit_settings = detail::mend_fit_settings,
        .activations = detail::mend_activations,
        .output_activations = detail::mend_output_activations,
        .layer_settings = detail::mend_layers,
        .width_factors = detail::halves_to_doubles,
        .repeats = detail::none_to_twice,
        .front = detail::mend_front,
        .added_dropout = detail::added_rates};
}

} // namespace mend
