// SPDX-License-Identifier: MIT
/// Tails of the normal, the beta, and the central and noncentral F distribution.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <mend/core/config.hpp>

namespace mend {

/// P(Z > z) of the standard normal.
[[nodiscard]] inline double normal_tail(double z) noexcept {
    return 0.5 * std::erfc(z / std::numbers::sqrt2);
}

namespace detail {

/// The continued fraction of the incomplete beta function by Lentz's method (Abramowitz, Stegun
/// 26.5.8); converges fast for x < (a + 1) / (a + b + 2).
[[nodiscard]] inline double beta_fraction(double x, double a, double b) noexcept {
    constexpr double tiny = 1e-300;
    const auto away_from_zero = [](double v) { return std::abs(v) < tiny ? tiny : v; };
    double c = 1;
    double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
    double fraction = d;
    for (int m = 1; m < 10000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        fraction *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        fraction *= d * c;
        if (std::abs(d * c - 1) < 1e-15) {
            break;
        }
    }
    return fraction;
}

} // namespace detail

/// The regularised incomplete beta function I_x(a, b): P(X <= x) of a beta variable. Requires
/// x in [0, 1], a > 0, b > 0. Relative error about 1e-13, growing with a and b (1e-11 at 1e4).
[[nodiscard]] inline double incomplete_beta(double x, double a, double b) {
    MEND_EXPECTS(x >= 0 && x <= 1 && a > 0 && b > 0, "the domain of the beta distribution");
    if (x == 0 || x == 1) {
        return x;
    }
    const double front = std::exp(
        std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x)
    );
    return x < (a + 1) / (a + b + 2) ? front * detail::beta_fraction(x, a, b) / a
                                     : 1 - front * detail::beta_fraction(1 - x, b, a) / b;
}

/// P(F <= f) with (d1, d2) degrees of freedom and the noncentrality `lambda` >= 0: a Poisson
/// mixture of beta distributions (Abramowitz, Stegun 26.6.20).
[[nodiscard]] inline double f_below(double f, double d1, double d2, double lambda = 0) {
    MEND_EXPECTS(lambda >= 0, "a noncentrality is not negative");
    if (f <= 0 || std::isinf(lambda)) {
        return 0;
    }
    const double x = d1 * f / (d1 * f + d2);
    if (lambda == 0) {
        return incomplete_beta(x, d1 / 2, d2 / 2);
    }
    // Ten standard deviations around the mean hold all of the mixture's weight that a double can
    // tell.
    const double centre = lambda / 2;
    const double reach = 10 * std::sqrt(centre) + 30;
    const double first = std::max(0.0, std::floor(centre - reach));
    // No term is above I_x(a, b) of the first, and that is at most 1.13 x^a (a + b)^b / (1 - x) for
    // a >= 1.
    const double a = d1 / 2 + first;
    const double b = d2 / 2;
    if (a >= 1 && a * std::log(x) + b * std::log(a + b) - std::log1p(-x) < std::log(1e-17)) {
        return 0;
    }
    if (centre > 1e8) { // the mixture is as narrow as one of them
        return incomplete_beta(x, d1 / 2 + centre, b);
    }
    double below = 0;
    for (double j = first; j <= centre + reach; ++j) {
        const double weight = std::exp(j * std::log(centre) - centre - std::lgamma(j + 1));
        below += weight * incomplete_beta(x, d1 / 2 + j, d2 / 2);
    }
    return std::min(below, 1.0);
}

/// The value that F with (d1, d2) degrees of freedom exceeds with probability `tail`, in (0, 1).
[[nodiscard]] inline double f_critical(double tail, double d1, double d2) {
    MEND_EXPECTS(tail > 0 && tail < 1, "a probability within (0, 1)");
    // Bisection of x = d1 f / (d1 f + d2): 1 - I_x falls with x.
    double low = 0;
    double high = 1;
    for (int step = 0; step < 200 && high - low > 0; ++step) {
        const double middle = (low + high) / 2;
        if (middle == low || middle == high) {
            break;
        }
        (1 - incomplete_beta(middle, d1 / 2, d2 / 2) > tail ? low : high) = middle;
    }
    return low < 1 ? d2 * low / (d1 * (1 - low)) : std::numeric_limits<double>::infinity();
}

} // namespace mend
