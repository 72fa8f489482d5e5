// SPDX-License-Identifier: MIT
/// Warpings that make an objective easier for a Gaussian process: of its inputs and of its values.
///
/// Inputs: the distribution function of Kumaraswamy, w = 1 - (1 - u^a)^b on [0, 1], which stands in
/// for the Beta distribution of Snoek et al.: "Input warping for Bayesian optimization of
/// non-stationary functions" (ICML 2014). Values: the power transforms of Box, Cox (1964) and of
/// Yeo, Johnson (2000), fitted by maximum likelihood, as HEBO uses them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace mend {

/// A warped number and its derivatives.
struct warped_input {
    double value = 0;
    double by_a = 0;
    double by_b = 0;
    double by_u = 0;
};

/// Kumaraswamy's function at u in [0, 1], clamped to [1e-6, 1 - 1e-6] for the derivatives, which
/// are infinite at the ends for some a and b. a, b > 0; a = b = 1 is the identity.
[[nodiscard, gnu::noinline]] inline warped_input warp_input(double u, double a, double b) noexcept {
    const double inner = std::clamp(u, 1e-6, 1 - 1e-6);
    const double log_u = std::log(inner);
    const double power = std::exp(a * log_u);
    const double log_rest = std::log1p(-power);
    const double rest = std::exp(b * log_rest); // (1 - u^a)^b
    const double slope = b * std::exp((b - 1) * log_rest) * power;
    warped_input made;
    made.value = a == 1 && b == 1
                     ? std::clamp(u, 0.0, 1.0)
                     : -std::expm1(b * std::log1p(-std::pow(std::clamp(u, 0.0, 1.0), a)));
    made.by_a = slope * log_u;
    made.by_b = -rest * log_rest;
    made.by_u = slope * a / inner;
    return made;
}

/// Where x lies in [low, high] widened by 1e-6 at both ends, so that the result is inside (0, 1).
[[nodiscard]] inline double to_open_unit(double x, double low, double high) noexcept {
    constexpr double margin = 1e-6;
    return (x - (low - margin)) / ((high + margin) - (low - margin));
}

/// (v^lambda - 1) / lambda, or log v. Requires v > 0.
[[nodiscard]] inline double box_cox(double v, double lambda) noexcept {
    return lambda == 0 ? std::log(v) : std::expm1(lambda * std::log(v)) / lambda;
}

/// Box-Cox of 1 + v for v >= 0, mirrored with 2 - lambda below.
[[nodiscard]] inline double yeo_johnson(double v, double lambda) noexcept {
    if (v >= 0) {
        return lambda == 0 ? std::log1p(v) : std::expm1(lambda * std::log1p(v)) / lambda;
    }
    const double mirrored = 2 - lambda;
    return mirrored == 0 ? -std::log1p(-v) : -std::expm1(mirrored * std::log1p(-v)) / mirrored;
}

enum class power_kind : std::uint8_t { none, box_cox, yeo_johnson };

/// Values divided by `scale`, transformed, then standardised: an increasing function.
struct power_transform {
    power_kind kind = power_kind::none;
    double scale = 1; ///< population standard deviation of the values fitted
    double lambda = 1;
    double mean = 0;
    double deviation = 1;

    [[nodiscard]] double operator()(double y) const noexcept {
        return (bend(y / scale) - mean) / deviation;
    }

    /// Without the standardisation, of a value already divided by `scale`.
    [[nodiscard]] double bend(double v) const noexcept {
        switch (kind) {
        case power_kind::box_cox:
            return box_cox(v, lambda);
        case power_kind::yeo_johnson:
            return yeo_johnson(v, lambda);
        default:
            return v;
        }
    }
};

namespace detail {

struct moments {
    double mean = 0;
    double deviation = 0; ///< of the population
};

/// Mean and population standard deviation; no overflow for any finite values.
[[nodiscard]] inline moments find_moments(std::span<const double> values) noexcept {
    double most = 0;
    for (const double v : values) {
        most = std::max(most, std::abs(v));
    }
    if (!(most > 0) || !std::isfinite(most)) {
        return {};
    }
    const auto count = static_cast<double>(values.size());
    double mean = 0;
    for (const double v : values) {
        mean += v / most / count;
    }
    double square = 0;
    for (const double v : values) {
        square += (v / most - mean) * (v / most - mean) / count;
    }
    const double deviation = std::sqrt(square);
    // Rounding of equal numbers is no spread.
    return {mean * most, deviation > 1e-13 * std::abs(mean) ? deviation * most : 0};
}

/// A local minimum of f by Brent's method, from the bracket (-2, 2) stepped downhill as far as
/// `limit`; the recipe of SciPy's `brent`, relative tolerance 1.5e-8.
template <class Function>
[[nodiscard]] double minimise_brent(const Function& f, double limit = 50) {
    constexpr double golden = 0.3819660112501051;
    double a = -2;
    double b = 2;
    double at_a = f(a);
    double at_b = f(b);
    if (at_a < at_b) {
        std::swap(a, b);
        std::swap(at_a, at_b);
    }
    double c = b + 1.618034 * (b - a);
    for (double at_c = f(c); at_c < at_b && std::abs(c) < limit; at_c = f(c)) {
        a = std::exchange(b, c);
        at_b = at_c;
        c = b + 1.618034 * (b - a);
    }
    double low = std::min(a, c);
    double high = std::max(a, c);
    double x = b; // best, second best, the one before
    double w = b;
    double v = b;
    double at_x = at_b;
    double at_w = at_b;
    double at_v = at_b;
    double last = 0;
    double step = 0;
    for (int i = 0; i < 200; ++i) {
        const double middle = 0.5 * (low + high);
        const double tolerance = 1.48e-8 * std::abs(x) + 1e-11;
        if (std::abs(x - middle) <= 2 * tolerance - 0.5 * (high - low)) {
            break;
        }
        bool by_section = true;
        if (std::abs(last) > tolerance) { // a parabola through the three
            const double r = (x - w) * (at_x - at_v);
            double q = (x - v) * (at_x - at_w);
            double p = (x - v) * q - (x - w) * r;
            q = 2 * (q - r);
            p = q > 0 ? -p : p;
            q = std::abs(q);
            if (std::abs(p) < std::abs(0.5 * q * last) && p > q * (low - x) && p < q * (high - x)) {
                last = std::exchange(step, p / q);
                const double to = x + step;
                if (to - low < 2 * tolerance || high - to < 2 * tolerance) {
                    step = std::copysign(tolerance, middle - x);
                }
                by_section = false;
            }
        }
        if (by_section) {
            last = x < middle ? high - x : low - x;
            step = golden * last;
        }
        const double u = x + (std::abs(step) >= tolerance ? step : std::copysign(tolerance, step));
        const double at_u = f(u);
        if (at_u <= at_x) {
            (u >= x ? low : high) = x;
            v = std::exchange(w, std::exchange(x, u));
            at_v = std::exchange(at_w, std::exchange(at_x, at_u));
        } else {
            (u < x ? low : high) = u;
            if (at_u <= at_w || w == x) {
                v = std::exchange(w, u);
                at_v = std::exchange(at_w, at_u);
            } else if (at_u <= at_v || v == x || v == w) {
                v = u;
                at_v = at_u;
            }
        }
    }
    return x;
}

} // namespace detail

/// The transform of one kind whose lambda makes the values most like a normal sample, or none where
/// it is not defined (Box-Cox of values <= 0) or leaves them all but equal. Cost: some thirty
/// passes over the values.
[[nodiscard]] inline std::optional<power_transform>
fit_power_transform(std::span<const double> values, power_kind kind) {
    power_transform made{kind};
    made.scale = detail::find_moments(values).deviation;
    if (!(made.scale > 0)) {
        return std::nullopt;
    }
    std::vector<double> scaled(values.size());
    std::vector<double> bent(values.size());
    double logs = 0; // of the Jacobian, over lambda - 1
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double v = scaled[i] = values[i] / made.scale;
        if (kind == power_kind::box_cox && !(v > 0)) {
            return std::nullopt;
        }
        logs +=
            kind == power_kind::box_cox ? std::log(v) : std::copysign(std::log1p(std::abs(v)), v);
    }
    const auto bend_all = [&](const power_transform& by) {
        std::transform(scaled.begin(), scaled.end(), bent.begin(), [&](double v) {
            return by.bend(v);
        });
        return detail::find_moments(bent);
    };
    if (kind != power_kind::none) {
        const auto count = static_cast<double>(values.size());
        made.lambda = detail::minimise_brent([&](double lambda) {
            const power_transform with{kind, made.scale, lambda};
            const double deviation = bend_all(with).deviation;
            return deviation > 0 ? count * std::log(deviation) - (lambda - 1) * logs
                                 : std::numeric_limits<double>::infinity();
        });
    }
    const detail::moments all = bend_all(made);
    if (!(all.deviation > 0) || !std::isfinite(all.mean)) {
        return std::nullopt;
    }
    made.mean = all.mean;
    made.deviation = all.deviation;
    return made;
}

/// HEBO's choice: Yeo-Johnson where a value is <= 0, else Box-Cox, else Yeo-Johnson where Box-Cox
/// collapses; none where nothing is left of the differences.
[[nodiscard]] inline std::optional<power_transform>
fit_output_transform(std::span<const double> values) {
    if (values.empty()) {
        return std::nullopt;
    }
    if (*std::min_element(values.begin(), values.end()) > 0) {
        if (auto made = fit_power_transform(values, power_kind::box_cox)) {
            return made;
        }
    }
    return fit_power_transform(values, power_kind::yeo_johnson);
}

} // namespace mend
