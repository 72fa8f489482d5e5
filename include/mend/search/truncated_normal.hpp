// SPDX-License-Identifier: MIT
/// The normal distribution cut off outside an interval.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>

namespace mend {

namespace detail {

/// Coefficients from the constant term upwards.
template <std::size_t Size>
[[nodiscard]] double polynomial(const std::array<double, Size>& coefficients, double x) noexcept {
    double sum = 0;
    for (std::size_t i = Size; i-- > 0;) {
        sum = sum * x + coefficients[i];
    }
    return sum;
}

} // namespace detail

/// Where the standard normal distribution reaches probability p: infinite at 0 and 1, NaN outside.
/// Relative error about 1e-16 (algorithm AS 241, PPND16: Wichura, Applied Statistics 37, 1988).
[[nodiscard]] inline double normal_quantile(double p) noexcept {
    if (!(p > 0 && p < 1)) {
        constexpr double infinite = std::numeric_limits<double>::infinity();
        return p == 0 ? -infinite : p == 1 ? infinite : std::numeric_limits<double>::quiet_NaN();
    }
    using eight = std::array<double, 8>;
    const double q = p - 0.5;
    if (std::abs(q) <= 0.425) {
        constexpr eight above{
            3.3871328727963666080e0,
            1.3314166789178437745e2,
            1.9715909503065514427e3,
            1.3731693765509461125e4,
            4.5921953931549871457e4,
            6.7265770927008700853e4,
            3.3430575583588128105e4,
            2.5090809287301226727e3};
        constexpr eight below{
            1,
            4.2313330701600911252e1,
            6.8718700749205790830e2,
            5.3941960214247511077e3,
            2.1213794301586595867e4,
            3.9307895800092710610e4,
            2.8729085735721942674e4,
            5.2264952788528545610e3};
        const double r = 0.180625 - q * q;
        return q * detail::polynomial(above, r) / detail::polynomial(below, r);
    }
    const double tail = std::sqrt(-std::log(q < 0 ? p : 1 - p));
    double z = 0;
    if (tail <= 5) {
        constexpr eight above{
            1.42343711074968357734e0,
            4.63033784615654529590e0,
            5.76949722146069140550e0,
            3.64784832476320460504e0,
            1.27045825245236838258e0,
            2.41780725177450611770e-1,
            2.27238449892691845833e-2,
            7.74545014278341407640e-4};
        constexpr eight below{
            1,
            2.05319162663775882187e0,
            1.67638483018380384940e0,
            6.89767334985100004550e-1,
            1.48103976427480074590e-1,
            1.51986665636164571966e-2,
            5.47593808499534494600e-4,
            1.05075007164441684324e-9};
        z = detail::polynomial(above, tail - 1.6) / detail::polynomial(below, tail - 1.6);
    } else {
        constexpr eight above{
            6.65790464350110377720e0,
            5.46378491116411436990e0,
            1.78482653991729133580e0,
            2.96560571828504891230e-1,
            2.65321895265761230930e-2,
            1.24266094738807843860e-3,
            2.71155556874348757815e-5,
            2.01033439929228813265e-7};
        constexpr eight below{
            1,
            5.99832206555887937690e-1,
            1.36929880922735805310e-1,
            1.48753612908506148525e-2,
            7.86869131145613259100e-4,
            1.84631831751005468180e-5,
            1.42151175831644588870e-7,
            2.04426310338993978564e-15};
        z = detail::polynomial(above, tail - 5) / detail::polynomial(below, tail - 5);
    }
    return q < 0 ? -z : z;
}

/// A normal distribution within [low, high], which holds its mean. Requires deviation > 0.
class truncated_normal {
public:
    truncated_normal(double mean, double deviation, double low, double high)
        : mean_(mean)
        , deviation_(deviation)
        , low_(low)
        , high_(high)
        , below_(probability((low - mean) / deviation))
        , mass_(probability((high - mean) / deviation) - below_) {
        MEND_EXPECTS(deviation > 0 && low <= mean && mean <= high, "the mean lies inside");
    }

    /// What the whole normal distribution has inside.
    [[nodiscard]] double mass() const noexcept { return mass_; }

    /// Where the distribution reaches the probability p in [0, 1].
    [[nodiscard]] double quantile(double p) const noexcept {
        if (!(mass_ > 0)) { // narrower than rounding can tell from a uniform
            return low_ + p * (high_ - low_);
        }
        const double z = normal_quantile(std::clamp(below_ + p * mass_, 0.0, 1.0));
        return std::clamp(mean_ + deviation_ * z, low_, high_);
    }

    [[nodiscard]] double sample(random_stream& stream) const noexcept {
        return quantile(stream.uniform());
    }

private:
    [[nodiscard]] static double probability(double z) noexcept {
        return 0.5 * std::erfc(-z / std::numbers::sqrt2);
    }

    double mean_;
    double deviation_;
    double low_;
    double high_;
    double below_;
    double mass_;
};

} // namespace mend
