// SPDX-License-Identifier: MIT
/// What it is worth to evaluate a point of which a model predicts mean and standard deviation.
///
/// All are for minimisation, of points predicted as a normal distribution with `mean` and
/// `deviation` > 0, where `best` is to be beaten. Improvements and their logarithms are to be
/// maximised, the lower confidence bound minimised. The logarithms hold for points hopelessly far
/// from an improvement, where the plain functions are zero (Ament et al.: "Unexpected improvements
/// to expected improvement for Bayesian optimization", NeurIPS 2023).
#pragma once

#include <cmath>
#include <numbers>

namespace mend {

/// log of the standard normal density.
[[nodiscard]] inline double log_normal_density(double z) noexcept {
    constexpr double half_log_two_pi = 0.91893853320467274178;
    return -0.5 * z * z - half_log_two_pi;
}

[[nodiscard]] inline double normal_density(double z) noexcept {
    return std::exp(log_normal_density(z));
}

[[nodiscard]] inline double normal_probability(double z) noexcept {
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

namespace detail {

/// Below this the tails come from Laplace's continued fraction, which loses no digits.
inline constexpr double tail_begins = -4;

/// 1 / (x + 2 / (x + 3 / (x + ...))) for x >= 4: (1 - Phi(x)) / phi(x) = 1 / (x + this).
[[nodiscard]] inline double mills_fraction(double x) noexcept {
    const int terms = 6 + static_cast<int>(900 / (x * x)); // relative error < 1e-14
    double tail = x;
    for (int k = terms; k > 1; --k) {
        tail = x + k / tail;
    }
    return 1 / tail;
}

} // namespace detail

/// log Phi(z).
[[nodiscard]] inline double log_normal_probability(double z) noexcept {
    if (z > detail::tail_begins) {
        return z > 5 ? std::log1p(-normal_probability(-z)) : std::log(normal_probability(z));
    }
    return log_normal_density(z) - std::log(detail::mills_fraction(-z) - z);
}

/// log(phi(z) + z Phi(z)), the expected improvement in units of the deviation.
[[nodiscard]] inline double log_unit_improvement(double z) noexcept {
    if (z > detail::tail_begins) {
        return std::log(normal_density(z) + z * normal_probability(z));
    }
    const double fraction = detail::mills_fraction(-z);
    return log_normal_density(z) + std::log(fraction / (fraction - z));
}

/// E[max(best - y, 0)] (Jones, Schonlau, Welch 1998).
[[nodiscard]] inline double
expected_improvement(double mean, double deviation, double best) noexcept {
    const double z = (best - mean) / deviation;
    if (z > detail::tail_begins) {
        return deviation * (normal_density(z) + z * normal_probability(z));
    }
    return deviation * std::exp(log_unit_improvement(z));
}

[[nodiscard]] inline double
log_expected_improvement(double mean, double deviation, double best) noexcept {
    return std::log(deviation) + log_unit_improvement((best - mean) / deviation);
}

/// P(y < best) (Kushner 1964).
[[nodiscard]] inline double
improvement_probability(double mean, double deviation, double best) noexcept {
    return normal_probability((best - mean) / deviation);
}

[[nodiscard]] inline double
log_improvement_probability(double mean, double deviation, double best) noexcept {
    return log_normal_probability((best - mean) / deviation);
}

/// mean - weight * deviation, to be minimised (Srinivas et al. 2010).
[[nodiscard]] inline double
lower_confidence_bound(double mean, double deviation, double weight) noexcept {
    return mean - weight * deviation;
}

/// The same for maximisation: mean + weight * deviation, to be maximised.
[[nodiscard]] inline double
upper_confidence_bound(double mean, double deviation, double weight) noexcept {
    return mean + weight * deviation;
}

} // namespace mend
