// SPDX-License-Identifier: MIT
/// What may be edited in a problem, as tables: one per named space.
///
/// `study` is the space of Kim et al.: "Repairing DNN Architecture: Are We There Yet?" (ICST 2023):
/// 13 losses, 7 optimizers, 6 batch sizes, 11 activations, 13 initialisers for kernels and biases,
/// a learning rate uniform on a linear scale from 1e-6 to 10, epochs on a geometric grid around the
/// faulty value, half, the same or double the units, hidden layers left out or repeated. Dropout is
/// frozen, as it was in the published runs. The ratios of the grid of epochs are not published;
/// those of `mend` are used.
///
/// `mend` differs: the learning rate is on a logarithmic scale, losses and output activations are
/// those that fit the data, values that only repeat another's meaning are left out, and there are
/// the settings of optimizers, dropout, regularisers and preprocessing besides.
///
/// The value of the faulty problem is always added to a domain that lacks it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/space/parameter.hpp>
#include <mend/spec/initializer_spec.hpp>

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

/// A value that an edit puts in.
using fix_value =
    std::variant<bool, std::int64_t, double, std::string, initializer_spec, regularizer_spec>;

/// What a model gives for one sample, as far as losses and output activations go.
enum class output_kind : std::uint8_t {
    one_for_labels, ///< one number for class labels
    per_class,      ///< one number per class
    numbers,        ///< numbers for numbers
};

/// The values of the settings of one Keras key.
struct setting_domain {
    std::string_view key;
    std::vector<fix_value> values;
    bool only_where_set = false; ///< offered only where the faulty value is none of these
};

/// Which values an output may have, by what it gives.
struct output_domain {
    std::string value;
    bool one_for_labels = true;
    bool per_class = true;
    bool numbers = true;

    [[nodiscard]] bool fits(output_kind kind) const noexcept {
        return kind == output_kind::one_for_labels ? one_for_labels
               : kind == output_kind::per_class    ? per_class
                                                   : numbers;
    }
};

/// One space's tables. Classes of optimizers that mend does not have are passed over.
struct fix_domains {
    std::vector<std::string> optimizers;
    double lowest_rate = 1e-6;
    double highest_rate = 10;
    scaling rate_scale = scaling::logarithmic;
    std::vector<setting_domain> optimizer_settings; ///< given with the optimizer that has them
    std::vector<output_domain> losses;
    std::vector<setting_domain> loss_settings;
    std::vector<std::int64_t> batch_sizes;
    std::vector<double> epoch_factors; ///< of the faulty epochs, rounded, at least 1
    std::vector<setting_domain> fit_settings;
    std::vector<std::string> activations; ///< of hidden layers
    std::vector<output_domain> output_activations;
    std::vector<setting_domain> layer_settings;
    std::vector<double> width_factors; ///< of units and filters of hidden layers
    std::vector<std::int64_t> repeats; ///< how often a hidden Dense or Conv2D stands there
    std::vector<std::string> front;    ///< layers to put in front: see fix_space
    std::vector<double> added_dropout; ///< rates after hidden Dense layers; 0: none
    bool removes_dropout = false;      ///< and preprocessing
};

namespace detail {

[[nodiscard]] inline std::vector<fix_value> initializers(std::vector<std::string> names) {
    std::vector<fix_value> values;
    for (std::string& name : names) {
        values.emplace_back(initializer_spec{.name = std::move(name)});
    }
    return values;
}

[[nodiscard]] inline fix_domains study_domains() {
    const auto all = initializers(
        {"zeros",
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
         "he_uniform"}
    );
    fix_domains d;
    d.optimizers = {"SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"};
    d.rate_scale = scaling::linear;
    d.losses = {
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
    d.batch_sizes = {16, 32, 64, 128, 256, 512};
    d.epoch_factors = {0.25, 0.5, 1, 2, 4};
    d.activations = {
        "elu",
        "softmax",
        "selu",
        "softplus",
        "softsign",
        "relu",
        "tanh",
        "sigmoid",
        "hard_sigmoid",
        "exponential",
        "linear"};
    for (const std::string& activation : d.activations) {
        d.output_activations.push_back({activation});
    }
    d.layer_settings = {{"kernel_initializer", all}, {"bias_initializer", all}};
    d.width_factors = {0.5, 1, 2};
    d.repeats = {0, 1, 2};
    return d;
}

[[nodiscard]] inline fix_domains mend_domains() {
    fix_domains d;
    d.optimizers = {"SGD", "RMSprop", "Adam", "Adadelta", "Adagrad", "Adamax", "Nadam"};
    d.optimizer_settings = {
        {"momentum", {0.0, 0.5, 0.9, 0.99}},
        {"nesterov", {false, true}},
        {"rho", {0.9, 0.95, 0.99}},
        {"beta_1", {0.8, 0.9, 0.95}},
        {"beta_2", {0.9, 0.99, 0.999}},
        {"epsilon", {1e-8, 1e-7, 1e-4, 1e-2}},
        {"centered", {false, true}},
        {"amsgrad", {false, true}}};
    d.losses = {
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
    d.loss_settings = {
        {"from_logits", {false, true}}, {"label_smoothing", {0.0}, true}, {"delta", {1.0}, true}};
    d.batch_sizes = {16, 32, 64, 128, 256, 512};
    d.epoch_factors = {0.25, 0.5, 1, 2, 4};
    d.fit_settings = {{"shuffle", {true}, true}};
    d.activations = {"relu", "elu", "selu", "tanh", "sigmoid", "softplus", "linear"};
    d.output_activations = {
        {"softmax", false, true, false},
        {"sigmoid"},
        {"linear"},
        {"tanh", false, false, true},
        {"relu", false, false, true},
        {"softplus", false, false, true}};
    d.layer_settings = {
        {"kernel_initializer",
         initializers(
             {"glorot_uniform",
              "glorot_normal",
              "he_uniform",
              "he_normal",
              "lecun_normal",
              "orthogonal",
              "random_normal"}
         )},
        {"bias_initializer", initializers({"zeros", "ones", "random_normal"})},
        {"kernel_regularizer",
         {regularizer_spec{},
          regularizer_spec{.l1 = 1e-5},
          regularizer_spec{.l1 = 1e-3},
          regularizer_spec{.l2 = 1e-4},
          regularizer_spec{.l2 = 1e-2}}},
        {"bias_regularizer", {regularizer_spec{}}, true},
        {"activity_regularizer", {regularizer_spec{}}, true},
        {"use_bias", {true}, true},
        {"rate", {0.1, 0.2, 0.3, 0.5}},
        {"scale", {1.0 / 255, 1.0 / 127.5, 1.0}}};
    d.width_factors = {0.5, 1, 2};
    d.repeats = {0, 1, 2};
    d.front = {"none", "Rescaling", "Normalization"};
    d.added_dropout = {0, 0.1, 0.2, 0.3, 0.5};
    d.removes_dropout = true;
    return d;
}

} // namespace detail

[[nodiscard]] inline fix_domains domains_of(space_name name) {
    return name == space_name::study ? detail::study_domains() : detail::mend_domains();
}

} // namespace mend
