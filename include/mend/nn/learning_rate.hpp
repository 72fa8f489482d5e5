// SPDX-License-Identifier: MIT
/// Keras' learning-rate schedules: the rate as a function of the updates done.
///
/// Formulas and defaults are those of keras.optimizers.schedules; Keras computes them in float32,
/// mend in double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <string_view>
#include <vector>

#include <mend/core/text.hpp>

namespace mend {

enum class schedule_kind : std::uint8_t {
    constant,
    exponential_decay,
    piecewise_constant_decay,
    polynomial_decay,
    inverse_time_decay,
    cosine_decay,
    cosine_decay_restarts,
};

/// A schedule; each kind uses the members that its comment names.
struct learning_rate_schedule {
    schedule_kind kind = schedule_kind::constant;
    double initial = 0;                    ///< all but piecewise constant
    double steps = 1;                      ///< decay_steps or first_decay_steps; > 0
    double rate = 1;                       ///< exponential, inverse time
    bool staircase = false;                ///< exponential, inverse time
    double end = 1e-4;                     ///< polynomial
    double power = 1;                      ///< polynomial
    bool cycle = false;                    ///< polynomial
    double alpha = 0;                      ///< cosine: the share of the rate that stays
    std::optional<double> warmup_target{}; ///< cosine: the rate that the warm-up leads to
    double warmup_steps = 0;               ///< cosine
    double period_factor = 2;              ///< restarts: t_mul
    double height_factor = 1;              ///< restarts: m_mul
    std::vector<double> boundaries{};      ///< piecewise constant, ascending
    std::vector<double> values{};          ///< piecewise constant: one more than boundaries

    /// The rate of the update that follows `done` others.
    [[nodiscard]] double at(std::int64_t done) const;
};

/// The kind of a Keras class name; nothing for an unknown one.
[[nodiscard]] inline std::optional<schedule_kind> find_schedule(std::string_view name) {
    using enum schedule_kind;

    struct known {
        std::string_view name;
        schedule_kind kind;
    };

    static constexpr known all[] = {
        {"exponentialdecay", exponential_decay},
        {"piecewiseconstantdecay", piecewise_constant_decay},
        {"polynomialdecay", polynomial_decay},
        {"inversetimedecay", inverse_time_decay},
        {"cosinedecay", cosine_decay},
        {"cosinedecayrestarts", cosine_decay_restarts}};
    for (const known& one : all) {
        if (one.name == plain_name(name)) {
            return one.kind;
        }
    }
    return std::nullopt;
}

namespace detail {

/// The half wave of the cosine schedules at a share of their period, from 1 down to `alpha`.
[[nodiscard]] inline double cosine_factor(double share, double height, double alpha) noexcept {
    const double wave = 0.5 * height * (1 + std::cos(std::numbers::pi * share));
    return (1 - alpha) * wave + alpha;
}

} // namespace detail

inline double learning_rate_schedule::at(std::int64_t done) const {
    const auto step = static_cast<double>(done);
    const double share = step / steps;
    switch (kind) {
    case schedule_kind::exponential_decay:
        return initial * std::pow(rate, staircase ? std::floor(share) : share);
    case schedule_kind::inverse_time_decay:
        return initial / (1 + rate * (staircase ? std::floor(share) : share));
    case schedule_kind::piecewise_constant_decay: {
        std::size_t i = 0;
        while (i < boundaries.size() && step > boundaries[i]) {
            ++i;
        }
        return values[i];
    }
    case schedule_kind::polynomial_decay: {
        const double period = cycle ? steps * std::max(1.0, std::ceil(share)) : steps;
        const double left = 1 - std::min(step, period) / period;
        return (initial - end) * std::pow(left, power) + end;
    }
    case schedule_kind::cosine_decay:
        if (!warmup_target) {
            return initial * detail::cosine_factor(std::min(share, 1.0), 1, alpha);
        }
        if (step < warmup_steps) {
            return initial + (*warmup_target - initial) * step / warmup_steps;
        }
        return *warmup_target *
               detail::cosine_factor(std::min((step - warmup_steps) / steps, 1.0), 1, alpha);
    case schedule_kind::cosine_decay_restarts: {
        double restarts = std::floor(share);
        double within = share - restarts;
        if (period_factor != 1) {
            restarts =
                std::floor(std::log(1 - share * (1 - period_factor)) / std::log(period_factor));
            const double length = std::pow(period_factor, restarts);
            within = (share - (1 - length) / (1 - period_factor)) / length;
        }
        return initial * detail::cosine_factor(within, std::pow(height_factor, restarts), alpha);
    }
    default:
        return initial;
    }
}

} // namespace mend
