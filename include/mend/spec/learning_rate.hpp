// SPDX-License-Identifier: MIT
/// The learning rate of an optimizer as plain data: a number, or one of Keras' schedules.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <mend/spec/field.hpp>

namespace mend {

/// `schedule` is "" for a constant rate, else one of exponential_decay, piecewise_constant_decay,
/// polynomial_decay, inverse_time_decay, cosine_decay, cosine_decay_restarts. A number converts to
/// a constant rate. Settings that the schedule does not use keep their defaults.
struct learning_rate_spec {
    std::string schedule{};
    double rate = 0.001;                   ///< the constant rate, or initial_learning_rate; >= 0
    double decay_steps = 1;                ///< first_decay_steps of cosine_decay_restarts; > 0
    double decay_rate = 1;                 ///< exponential and inverse time; >= 0
    bool staircase = false;                ///< exponential and inverse time
    double end_learning_rate = 1e-4;       ///< polynomial; >= 0
    double power = 1;                      ///< polynomial; > 0
    bool cycle = false;                    ///< polynomial
    double alpha = 0;                      ///< cosine; [0, 1]
    std::optional<double> warmup_target{}; ///< cosine
    double warmup_steps = 0;               ///< cosine; >= 0
    double t_mul = 2;                      ///< restarts; > 0
    double m_mul = 1;                      ///< restarts; >= 0
    std::vector<double> boundaries{};      ///< piecewise constant
    std::vector<double> values{};          ///< piecewise constant

    learning_rate_spec(double constant = 0.001)
        : rate(constant) {}

    friend bool operator==(const learning_rate_spec&, const learning_rate_spec&) = default;

    [[nodiscard]] bool is_constant() const noexcept { return schedule.empty(); }

    /// The rate of the first update.
    [[nodiscard]] double first() const { return values.empty() ? rate : values.front(); }

    /// Sets the rate of the first update; a schedule keeps its course.
    void first(double wanted) {
        const double old = first();
        for (double& value : values) {
            value = old == 0 ? wanted : value / old * wanted;
        }
        if (!values.empty()) {
            values.front() = wanted;
        } else {
            rate = wanted;
        }
    }

    /// Visits the settings of the schedule; none for a constant rate.
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        const std::string& n = self.schedule;
        if (n.empty()) {
            return;
        }
        if (n == "piecewise_constant_decay") {
            visit(field{"boundaries", domain::non_negative, true}, self.boundaries);
            visit(field{"values", domain::non_negative, true}, self.values);
            return;
        }
        visit(field{"initial_learning_rate", domain::non_negative, true}, self.rate);
        if (n == "cosine_decay_restarts") {
            visit(field{"first_decay_steps", domain::positive, true}, self.decay_steps);
            visit(field{"t_mul", domain::positive}, self.t_mul);
            visit(field{"m_mul", domain::non_negative}, self.m_mul);
            visit(field{"alpha", domain::share}, self.alpha);
            return;
        }
        visit(field{"decay_steps", domain::positive, true}, self.decay_steps);
        if (n == "polynomial_decay") {
            visit(field{"end_learning_rate", domain::non_negative}, self.end_learning_rate);
            visit(field{"power", domain::positive}, self.power);
            visit(field{"cycle"}, self.cycle);
        } else if (n == "cosine_decay") {
            visit(field{"alpha", domain::share}, self.alpha);
            visit(field{"warmup_target", domain::non_negative}, self.warmup_target);
            visit(field{"warmup_steps", domain::non_negative}, self.warmup_steps);
        } else {
            visit(field{"decay_rate", domain::non_negative, true}, self.decay_rate);
            visit(field{"staircase"}, self.staircase);
        }
    }
};

} // namespace mend
