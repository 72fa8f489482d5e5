// SPDX-License-Identifier: MIT
/// Covariance functions of a Gaussian process over numeric and categorical columns.
///
///     k(x, x') = variance * f(r^2) * exp(-sum_c decay_c [x_c != x'_c]) + linear * sum_d x_d x'_d
///     r^2      = sum_d (x_d - x'_d)^2 / length_d^2              (a length for each column: ARD)
///
/// f is one of (Rasmussen, Williams: "Gaussian processes for machine learning", 2006, chapter 4):
/// squared exponential exp(-r^2 / 2); Matern 3/2 (1 + a) exp(-a) with a = sqrt(3) r; Matern 5/2
/// (1 + a + a^2 / 3) exp(-a) with a = sqrt(5) r. The categorical factor is the exponential Hamming
/// kernel, a product of one factor per column; an infinite decay makes the choices independent.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/search/lanes.hpp>

namespace mend {

enum class kernel_family : std::uint8_t { squared_exponential, matern32, matern52 };

namespace detail {

[[nodiscard]] inline double exp_of(double x) noexcept { return std::exp(x); }

[[nodiscard]] inline double_lanes exp_of(double_lanes x) noexcept { return exp_lanes(x); }

[[nodiscard]] inline double sqrt_of(double x) noexcept { return std::sqrt(x); }

[[nodiscard]] inline double_lanes sqrt_of(double_lanes x) noexcept { return sqrt_lanes(x); }

/// f(r^2) and its derivative with respect to r^2, both times exp(-decay).
template <kernel_family Family, class Number>
inline void radial(Number square, Number decay, Number& value, Number& slope) noexcept {
    if constexpr (Family == kernel_family::squared_exponential) {
        value = exp_of(-0.5 * square - decay);
        slope = -0.5 * value;
    } else if constexpr (Family == kernel_family::matern32) {
        const Number a = std::numbers::sqrt3 * sqrt_of(square);
        const Number falling = exp_of(-a - decay);
        value = (1.0 + a) * falling;
        slope = -1.5 * falling;
    } else {
        constexpr double sqrt5 = 2.23606797749978969641;
        const Number a = sqrt5 * sqrt_of(square);
        const Number falling = exp_of(-a - decay);
        value = (1.0 + a + a * a * (1.0 / 3)) * falling;
        slope = (-5.0 / 6) * (1.0 + a) * falling;
    }
}

/// Calls run.template operator()<Family>().
template <class Run>
void with_family(kernel_family family, const Run& run) {
    switch (family) {
    case kernel_family::squared_exponential:
        return run.template operator()<kernel_family::squared_exponential>();
    case kernel_family::matern32:
        return run.template operator()<kernel_family::matern32>();
    case kernel_family::matern52:
        return run.template operator()<kernel_family::matern52>();
    }
}

} // namespace detail

/// A covariance function and its parameters. A point is its numeric columns, then its categorical
/// ones, those as any numbers that are equal for equal choices.
struct gaussian_kernel {
    kernel_family family = kernel_family::matern32;
    double variance = 1;           ///< of the radial part, > 0
    double linear = 0;             ///< variance of the linear part; 0 leaves it out
    std::vector<double> lengths{}; ///< one per numeric column, > 0
    std::vector<double> decays{};  ///< one per categorical column, >= 0

    [[nodiscard]] std::size_t columns() const noexcept { return lengths.size() + decays.size(); }

    /// k(x, x'). Cost: one pass over the columns.
    [[nodiscard]] double operator()(std::span<const double> a, std::span<const double> b) const {
        return at(a, b, {});
    }

    /// The same, and the derivatives with respect to the numeric columns of `a`.
    [[nodiscard]] double with_gradient(
        std::span<const double> a, std::span<const double> b, std::span<double> gradient
    ) const {
        MEND_EXPECTS(gradient.size() == lengths.size(), "one derivative per numeric column");
        return at(a, b, gradient);
    }

    friend bool operator==(const gaussian_kernel&, const gaussian_kernel&) = default;

private:
    [[nodiscard]] double
    at(std::span<const double> a, std::span<const double> b, std::span<double> gradient) const {
        MEND_EXPECTS(a.size() == columns() && b.size() == columns(), "one number per column");
        const std::size_t numeric = lengths.size();
        double square = 0;
        double product = 0;
        for (std::size_t d = 0; d < numeric; ++d) {
            const double scaled = (a[d] - b[d]) / lengths[d];
            square += scaled * scaled;
            product += a[d] * b[d];
        }
        double decay = 0;
        for (std::size_t c = 0; c < decays.size(); ++c) {
            decay += a[numeric + c] != b[numeric + c] ? decays[c] : 0;
        }
        double value = 0;
        double slope = 0;
        detail::with_family(family, [&]<kernel_family Family>() {
            detail::radial<Family>(square, decay, value, slope);
        });
        for (std::size_t d = 0; d < gradient.size(); ++d) {
            gradient[d] =
                variance * slope * 2 * (a[d] - b[d]) / (lengths[d] * lengths[d]) + linear * b[d];
        }
        return variance * value + linear * product;
    }
};

} // namespace mend
