// SPDX-License-Identifier: MIT
/// Keras' optimizers as plain data.
#pragma once

#include <optional>
#include <string_view>

#include <mend/core/one_of.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/learning_rate.hpp>

namespace mend {

struct sgd_spec {
    static constexpr std::string_view class_name = "SGD";

    learning_rate_spec learning_rate = 0.01;
    double momentum = 0; ///< [0, 1]
    bool nesterov = false;

    friend bool operator==(const sgd_spec&, const sgd_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"learning_rate", domain::non_negative, false, "lr"}, self.learning_rate);
        visit(field{"momentum", domain::share}, self.momentum);
        visit(field{"nesterov"}, self.nesterov);
    }
};

struct rmsprop_spec {
    static constexpr std::string_view class_name = "RMSprop";

    learning_rate_spec learning_rate = 0.001;
    double rho = 0.9; ///< [0, 1]
    double momentum = 0;
    double epsilon = 1e-7;
    bool centered = false;

    friend bool operator==(const rmsprop_spec&, const rmsprop_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"learning_rate", domain::non_negative, false, "lr"}, self.learning_rate);
        visit(field{"rho", domain::share}, self.rho);
        visit(field{"momentum", domain::share}, self.momentum);
        visit(field{"epsilon", domain::non_negative}, self.epsilon);
        visit(field{"centered"}, self.centered);
    }
};

struct adam_spec {
    static constexpr std::string_view class_name = "Adam";

    learning_rate_spec learning_rate = 0.001;
    double beta_1 = 0.9;   ///< [0, 1)
    double beta_2 = 0.999; ///< [0, 1)
    double epsilon = 1e-7;
    bool amsgrad = false;

    friend bool operator==(const adam_spec&, const adam_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"learning_rate", domain::non_negative, false, "lr"}, self.learning_rate);
        visit(field{"beta_1", domain::rate, false, "beta1"}, self.beta_1);
        visit(field{"beta_2", domain::rate, false, "beta2"}, self.beta_2);
        visit(field{"epsilon", domain::non_negative}, self.epsilon);
        visit(field{"amsgrad"}, self.amsgrad);
    }
};

struct adadelta_spec {
    static constexpr std::string_view class_name = "Adadelta";

    learning_rate_spec learning_rate = 0.001;
    double rho = 0.95; ///< [0, 1]
    double epsilon = 1e-7;

    friend bool operator==(const adadelta_spec&, const adadelta_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"learning_rate", domain::non_negative, false, "lr"}, self.learning_rate);
        visit(field{"rho", domain::share}, self.rho);
        visit(field{"epsilon", domain::non_negative}, self.epsilon);
    }
};

struct adagrad_spec {
    static constexpr std::string_view class_name = "Adagrad";

    learning_rate_spec learning_rate = 0.001;
    double initial_accumulator_value = 0.1;
    double epsilon = 1e-7;

    friend bool operator==(const adagrad_spec&, const adagrad_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"learning_rate", domain::non_negative, false, "lr"}, self.learning_rate);
        visit(
            field{"initial_accumulator_value", domain::non_negative}, self.initial_accumulator_value
        );
        visit(field{"epsilon", domain::non_negative}, self.epsilon);
    }
};

struct adamax_spec {
    static constexpr std::string_view class_name = "Adamax";

    learning_rate_spec learning_rate = 0.001;
    double beta_1 = 0.9;   ///< [0, 1)
    double beta_2 = 0.999; ///< [0, 1)
    double epsilon = 1e-7;

    friend bool operator==(const adamax_spec&, const adamax_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"learning_rate", domain::non_negative, false, "lr"}, self.learning_rate);
        visit(field{"beta_1", domain::rate, false, "beta1"}, self.beta_1);
        visit(field{"beta_2", domain::rate, false, "beta2"}, self.beta_2);
        visit(field{"epsilon", domain::non_negative}, self.epsilon);
    }
};

struct nadam_spec {
    static constexpr std::string_view class_name = "Nadam";

    learning_rate_spec learning_rate = 0.001;
    double beta_1 = 0.9;   ///< [0, 1)
    double beta_2 = 0.999; ///< [0, 1)
    double epsilon = 1e-7;
    std::optional<double> decay{}; ///< of the momentum, Keras <= 2.10 only; absent: 0.004 there

    friend bool operator==(const nadam_spec&, const nadam_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"learning_rate", domain::non_negative, false, "lr"}, self.learning_rate);
        visit(field{"beta_1", domain::rate, false, "beta1"}, self.beta_1);
        visit(field{"beta_2", domain::rate, false, "beta2"}, self.beta_2);
        visit(field{"epsilon", domain::non_negative}, self.epsilon);
        visit(field{"decay", domain::non_negative, false, "schedule_decay"}, self.decay);
    }
};

struct adamw_spec {
    static constexpr std::string_view class_name = "AdamW";

    learning_rate_spec learning_rate = 0.001;
    double weight_decay = 0.004; ///< >= 0
    double beta_1 = 0.9;         ///< [0, 1)
    double beta_2 = 0.999;       ///< [0, 1)
    double epsilon = 1e-7;
    bool amsgrad = false;

    friend bool operator==(const adamw_spec&, const adamw_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"learning_rate", domain::non_negative, false, "lr"}, self.learning_rate);
        visit(field{"weight_decay", domain::non_negative}, self.weight_decay);
        visit(field{"beta_1", domain::rate, false, "beta1"}, self.beta_1);
        visit(field{"beta_2", domain::rate, false, "beta2"}, self.beta_2);
        visit(field{"epsilon", domain::non_negative}, self.epsilon);
        visit(field{"amsgrad"}, self.amsgrad);
    }
};

using optimizer_spec_kind = one_of<
    sgd_spec,
    rmsprop_spec,
    adam_spec,
    adadelta_spec,
    adagrad_spec,
    adamax_spec,
    nadam_spec,
    adamw_spec>;

/// What Keras lets every optimizer do besides.
struct update_spec {
    std::optional<double> clipnorm{};        ///< of each weight's gradient; > 0
    std::optional<double> clipvalue{};       ///< > 0
    std::optional<double> global_clipnorm{}; ///< of all gradients together; > 0
    double decay = 0; ///< rate / (1 + decay * updates done); >= 0; in all versions, though Keras 3
                      ///< itself warns and leaves it out
    std::optional<double> weight_decay{}; ///< not of AdamW, which has its own; > 0

    friend bool operator==(const update_spec&, const update_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"clipnorm", domain::positive}, self.clipnorm);
        visit(field{"clipvalue", domain::positive}, self.clipvalue);
        visit(field{"global_clipnorm", domain::positive}, self.global_clipnorm);
        visit(field{"decay", domain::non_negative}, self.decay);
        visit(field{"weight_decay", domain::non_negative}, self.weight_decay);
    }
};

struct optimizer_spec {
    optimizer_spec_kind kind = rmsprop_spec{}; ///< Keras' compile() defaults to RMSprop
    update_spec update{};

    friend bool operator==(const optimizer_spec&, const optimizer_spec&) = default;

    /// Keras' class: "Adam".
    [[nodiscard]] std::string_view class_name() const {
        return dispatch([](const auto& o) { return o.class_name; }, kind);
    }

    [[nodiscard]] const learning_rate_spec& rate() const {
        return dispatch(
            [](const auto& o) -> const learning_rate_spec& { return o.learning_rate; }, kind
        );
    }

    [[nodiscard]] learning_rate_spec& rate() {
        return dispatch([](auto& o) -> learning_rate_spec& { return o.learning_rate; }, kind);
    }

    /// Of the first update.
    [[nodiscard]] double learning_rate() const { return rate().first(); }

    /// Sets that of the first update; a schedule keeps its course.
    void learning_rate(double wanted) { rate().first(wanted); }
};

namespace detail {

/// Whether Keras' versions differ in the default rate of this class.
[[nodiscard]] constexpr bool has_rates_by_version(std::string_view class_name) noexcept {
    return class_name == "Adagrad" || class_name == "Adadelta" || class_name == "Adamax" ||
           class_name == "Nadam";
}

/// The default rate of this class in a version of Keras: the multi-backend Keras 2.0 to 2.3 and
/// TensorFlow.js have others than tf.keras and Keras 3.
[[nodiscard]] inline double default_rate(std::string_view class_name, std::string_view version) {
    const bool tfjs = version.starts_with("tfjs");
    const bool multi_backend = version.size() >= 3 && version.starts_with("2.") &&
                               version[2] <= '3' && (version.size() == 3 || version[3] == '.') &&
                               !version.ends_with("-tf");
    if (class_name == "SGD") {
        return 0.01;
    }
    if (tfjs || multi_backend) {
        return class_name == "Adagrad"    ? 0.01
               : class_name == "Adadelta" ? 1
               : class_name == "Adamax"   ? 0.002
               : class_name == "Nadam"    ? 0.002
                                          : 0.001;
    }
    return 0.001;
}

} // namespace detail

} // namespace mend
