// SPDX-License-Identifier: MIT
/// Prior distributions of positive parameters, and the map that frees them of their sign.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include <mend/core/random.hpp>

namespace mend {

/// log(1 + e^u): all reals to the positive ones; the identity above 36, as in GPy.
[[nodiscard]] inline double softplus(double u) noexcept {
    return u > 36 ? u : std::log1p(std::exp(u));
}

/// d softplus / du at the u that gives this value: 1 - e^-value.
[[nodiscard]] inline double softplus_slope(double value) noexcept { return -std::expm1(-value); }

/// The u of softplus(u) = value > 0.
[[nodiscard]] inline double inverse_softplus(double value) noexcept {
    return value > 36 ? value : value + std::log(-std::expm1(-value));
}

/// What is believed of a positive parameter before there are data.
struct positive_prior {
    enum class family : std::uint8_t { flat, log_normal, gamma };

    family kind = family::flat;
    double first = 0;  ///< log-normal: mean of the logarithm; gamma: shape
    double second = 1; ///< log-normal: deviation of the logarithm; gamma: rate

    [[nodiscard]] static constexpr positive_prior log_normal(double mean, double deviation) {
        return {family::log_normal, mean, deviation};
    }

    [[nodiscard]] static constexpr positive_prior gamma(double shape, double rate) {
        return {family::gamma, shape, rate};
    }

    [[nodiscard]] bool is_flat() const noexcept { return kind == family::flat; }

    /// Logarithm of the density at x > 0; 0 where it is flat.
    [[nodiscard]] double log_density(double x) const noexcept {
        constexpr double half_log_two_pi = 0.91893853320467274178;
        if (kind == family::log_normal) {
            const double z = (std::log(x) - first) / second;
            return -0.5 * z * z - std::log(x) - std::log(second) - half_log_two_pi;
        }
        if (kind == family::gamma) {
            return first * std::log(second) - std::lgamma(first) + (first - 1) * std::log(x) -
                   second * x;
        }
        return 0;
    }

    /// Its derivative.
    [[nodiscard]] double slope(double x) const noexcept {
        if (kind == family::log_normal) {
            return -((std::log(x) - first) / (second * second) + 1) / x;
        }
        return kind == family::gamma ? (first - 1) / x - second : 0;
    }

    /// A draw; of a flat prior softplus of a standard normal, GPy's habit.
    [[nodiscard]] double sample(random_stream& stream) const {
        if (kind == family::log_normal) {
            return std::exp(first + second * stream.normal());
        }
        return kind == family::gamma ? sample_gamma(stream) : softplus(stream.normal());
    }

    friend bool operator==(const positive_prior&, const positive_prior&) = default;

private:
    /// Marsaglia, Tsang (2000); a shape below 1 by the power of a uniform number.
    [[nodiscard]] double sample_gamma(random_stream& stream) const {
        const double shape = first < 1 ? first + 1 : first;
        const double d = shape - 1.0 / 3;
        const double c = 1 / std::sqrt(9 * d);
        double made = d;
        for (int attempt = 0; attempt < 100; ++attempt) {
            const double x = stream.normal();
            const double v = (1 + c * x) * (1 + c * x) * (1 + c * x);
            const double u = 1 - stream.uniform();
            if (v > 0 && std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) {
                made = d * v;
                break;
            }
        }
        if (first < 1) {
            made *= std::pow(1 - stream.uniform(), 1 / first);
        }
        return std::fmax(made / second, std::numeric_limits<double>::min());
    }
};

} // namespace mend
