// SPDX-License-Identifier: MIT
/// What `model.compile()` is given: optimizer, loss, metrics, as plain data.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <mend/spec/field.hpp>

namespace mend {

struct sgd_spec {
    static constexpr std::string_view class_name = "SGD";

    double learning_rate = 0.01;
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

    double learning_rate = 0.001;
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

    double learning_rate = 0.001;
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

    double learning_rate = 0.001;
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

using optimizer_spec_kind = std::variant<sgd_spec, rmsprop_spec, adam_spec, adadelta_spec>;

struct optimizer_spec {
    optimizer_spec_kind kind = rmsprop_spec{}; ///< Keras' compile() defaults to RMSprop

    friend bool operator==(const optimizer_spec&, const optimizer_spec&) = default;

    /// Keras' class: "Adam".
    [[nodiscard]] std::string_view class_name() const {
        return std::visit([](const auto& o) { return o.class_name; }, kind);
    }

    [[nodiscard]] double learning_rate() const {
        return std::visit([](const auto& o) { return o.learning_rate; }, kind);
    }

    void learning_rate(double rate) {
        std::visit([rate](auto& o) { o.learning_rate = rate; }, kind);
    }
};

/// `name` is Keras 2's function name: mean_squared_error, mean_absolute_error,
/// mean_absolute_percentage_error, mean_squared_logarithmic_error, hinge, squared_hinge,
/// categorical_hinge, logcosh, huber, poisson, cosine_similarity, kullback_leibler_divergence,
/// binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy. Settings that
/// the name does not use keep their defaults.
struct loss_spec {
    std::string name = "mean_squared_error";
    bool from_logits = false;   ///< the three cross-entropies
    double label_smoothing = 0; ///< binary and categorical cross-entropy; [0, 1]
    double delta = 1;           ///< huber; > 0

    friend bool operator==(const loss_spec&, const loss_spec&) = default;

    /// Visits the settings that this loss uses.
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        const std::string& n = self.name;
        if (n.ends_with("crossentropy")) {
            visit(field{"from_logits"}, self.from_logits);
            if (!n.starts_with("sparse")) {
                visit(field{"label_smoothing", domain::share}, self.label_smoothing);
            }
        } else if (n == "huber") {
            visit(field{"delta", domain::positive}, self.delta);
        }
    }
};

struct compile_spec {
    optimizer_spec optimizer{};
    loss_spec loss{};

    /// accuracy, binary_accuracy, categorical_accuracy, sparse_categorical_accuracy,
    /// mean_squared_error, mean_absolute_error.
    std::vector<std::string> metrics{};

    friend bool operator==(const compile_spec&, const compile_spec&) = default;
};

} // namespace mend
