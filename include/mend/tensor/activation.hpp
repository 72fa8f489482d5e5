// SPDX-License-Identifier: MIT
/// Keras' activation functions and their derivatives, on arrays.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>

#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>

namespace mend {

enum class activation_kind : std::uint8_t {
    linear,
    relu,       ///< max(x, 0)
    relu6,      ///< min(max(x, 0), 6)
    rectifier,  ///< Keras' ReLU layer: slope (x - threshold) up to threshold, x, at most `maximum`
    elu,        ///< x, or slope (exp(x) - 1) below 0
    selu,       ///< scaled elu (Klambauer et al. 2017)
    leaky_relu, ///< x, or slope x below 0
    softplus,   ///< log(1 + exp(x))
    softsign,   ///< x / (1 + |x|)
    tanh,
    sigmoid,
    hard_sigmoid, ///< slope x + 1/2, clipped to 0..1
    exponential,
    swish, ///< x sigmoid(x), also silu
    mish,  ///< x tanh(softplus(x)) (Misra 2019)
    gelu,  ///< x Phi(x), the exact form with erf (Hendrycks, Gimpel 2016)
    softmax,
    log_softmax,
};

/// An activation with its settings. `activation::relu`, `activation::leaky_relu.with_slope(0.3)`.
struct activation {
    activation_kind kind = activation_kind::linear;
    double slope = 0;
    double threshold = 0;
    double maximum = std::numeric_limits<double>::infinity();

    static const activation linear;
    static const activation relu;
    static const activation relu6;
    static const activation elu;
    static const activation selu;
    static const activation leaky_relu; ///< slope 0.2, as the function; the layer's default is 0.3
    static const activation softplus;
    static const activation softsign;
    static const activation tanh;
    static const activation sigmoid;
    static const activation hard_sigmoid;        ///< Keras 1, 2: slope 0.2
    static const activation hard_sigmoid_keras3; ///< Keras 3: slope 1/6
    static const activation exponential;
    static const activation swish;
    static const activation mish;
    static const activation gelu;
    static const activation softmax;
    static const activation log_softmax;

    [[nodiscard]] constexpr activation with_slope(double value) const noexcept {
        activation changed = *this;
        changed.slope = value;
        return changed;
    }

    /// Over the last dimension instead of element by element.
    [[nodiscard]] constexpr bool by_row() const noexcept {
        return kind == activation_kind::softmax || kind == activation_kind::log_softmax;
    }

    /// The derivative needs the input; otherwise the output is enough.
    [[nodiscard]] constexpr bool needs_input() const noexcept {
        using enum activation_kind;
        return kind == rectifier || kind == softplus || kind == softsign || kind == swish ||
               kind == mish || kind == gelu ||
               ((kind == leaky_relu || kind == elu) && !(slope > 0));
    }

    friend constexpr bool operator==(const activation&, const activation&) noexcept = default;
};

inline constexpr activation activation::linear{};
inline constexpr activation activation::relu{activation_kind::relu};
inline constexpr activation activation::relu6{activation_kind::relu6};
inline constexpr activation activation::elu{activation_kind::elu, 1.0};
inline constexpr activation activation::selu{activation_kind::selu};
inline constexpr activation activation::leaky_relu{activation_kind::leaky_relu, 0.2};
inline constexpr activation activation::softplus{activation_kind::softplus};
inline constexpr activation activation::softsign{activation_kind::softsign};
inline constexpr activation activation::tanh{activation_kind::tanh};
inline constexpr activation activation::sigmoid{activation_kind::sigmoid};
inline constexpr activation activation::hard_sigmoid{activation_kind::hard_sigmoid, 0.2};
inline constexpr activation activation::hard_sigmoid_keras3{
    activation_kind::hard_sigmoid, 1.0 / 6.0};
inline constexpr activation activation::exponential{activation_kind::exponential};
inline constexpr activation activation::swish{activation_kind::swish};
inline constexpr activation activation::mish{activation_kind::mish};
inline constexpr activation activation::gelu{activation_kind::gelu};
inline constexpr activation activation::softmax{activation_kind::softmax};
inline constexpr activation activation::log_softmax{activation_kind::log_softmax};

namespace detail {

// Klambauer et al., "Self-normalizing neural networks", 2017.
inline constexpr double selu_scale = 1.0507009873554804934193349852946;
inline constexpr double selu_alpha = 1.6732632423543772848170429916717;

template <class Scalar>
[[nodiscard]] pack<Scalar> sigmoid(pack<Scalar> x) noexcept {
    const auto one = pack<Scalar>::all(1);
    return one / (one + exp(-x));
}

/// exp(x) - 1 for x <= 0 without cancellation: 2 t / (1 - t) with t = tanh(x / 2).
template <class Scalar>
[[nodiscard]] pack<Scalar> exp_minus_one(pack<Scalar> x) noexcept {
    const auto t = tanh(x * pack<Scalar>::all(0.5));
    return (t + t) / (pack<Scalar>::all(1) - t);
}

/// max(x, 0) + log(1 + exp(-|x|)); the logarithm corrected for the rounding of 1 + u (Kahan).
template <class Scalar>
[[nodiscard]] pack<Scalar> softplus(pack<Scalar> x) noexcept {
    const auto one = pack<Scalar>::all(1);
    const auto u = exp(-abs(x));
    const auto w = one + u;
    const auto rounded = w - one;
    const auto zero = pack<Scalar>::all(0);
    const auto correction =
        select(less(zero, rounded), u / max(rounded, pack<Scalar>::all(1e-30)), one);
    const auto log1p = select(less(zero, rounded), log(w) * correction, u);
    return max(x, zero) + log1p;
}

/// The least number above a threshold: Keras' ReLU and ThresholdedReLU pass x > threshold alone.
template <class Scalar>
[[nodiscard]] double above(double threshold) noexcept {
    return static_cast<double>(
        std::nextafter(static_cast<Scalar>(threshold), std::numeric_limits<Scalar>::infinity())
    );
}

/// The normal distribution function, number by number.
template <class Scalar>
[[nodiscard]] pack<Scalar> normal_cdf(pack<Scalar> x) noexcept {
    std::array<Scalar, static_cast<std::size_t>(pack<Scalar>::width)> lanes;
    x.store(lanes.data());
    for (Scalar& v : lanes) {
        v = static_cast<Scalar>(0.5 * std::erfc(-static_cast<double>(v) / std::numbers::sqrt2));
    }
    return pack<Scalar>::load(lanes.data());
}

} // namespace detail

/// y = f(z) element by element for every kind but softmax and log_softmax; y may be z.
template <class Scalar>
void activate(const activation& f, index count, const Scalar* z, Scalar* y) {
    using pack = detail::pack<Scalar>;
    const pack zero = pack::all(0);
    const pack one = pack::all(1);
    const pack slope = pack::all(f.slope);
    const auto apply = [&](const auto& function) { detail::transform(count, y, function, z); };
    switch (f.kind) {
    case activation_kind::linear:
        if (z != y) {
            std::copy_n(z, count, y);
        }
        return;
    case activation_kind::relu:
        return apply([&](pack x) { return max(x, zero); });
    case activation_kind::relu6:
        return apply([&](pack x) { return min(max(x, zero), pack::all(6)); });
    case activation_kind::rectifier: {
        const pack passes = pack::all(detail::above<Scalar>(f.threshold));
        return apply([&](pack x) {
            const pack below = f.slope == 0 ? zero : slope * (x - pack::all(f.threshold));
            return min(select(less(x, passes), below, x), pack::all(f.maximum));
        });
    }
    case activation_kind::elu:
        return apply([&](pack x) {
            return select(less(x, zero), slope * detail::exp_minus_one(min(x, zero)), x);
        });
    case activation_kind::selu:
        return apply([&](pack x) {
            const pack negative =
                pack::all(detail::selu_alpha) * detail::exp_minus_one(min(x, zero));
            return pack::all(detail::selu_scale) * select(less(x, zero), negative, x);
        });
    case activation_kind::leaky_relu:
        return apply([&](pack x) { return select(less(x, zero), slope * x, x); });
    case activation_kind::softplus:
        return apply([&](pack x) { return detail::softplus(x); });
    case activation_kind::softsign:
        return apply([&](pack x) { return x / (one + abs(x)); });
    case activation_kind::tanh:
        return apply([&](pack x) { return tanh(x); });
    case activation_kind::sigmoid:
        return apply([&](pack x) { return detail::sigmoid(x); });
    case activation_kind::hard_sigmoid:
        return apply([&](pack x) { return min(max(slope * x + pack::all(0.5), zero), one); });
    case activation_kind::exponential:
        return apply([&](pack x) { return exp(x); });
    case activation_kind::swish:
        return apply([&](pack x) { return x * detail::sigmoid(x); });
    case activation_kind::mish:
        return apply([&](pack x) { return x * tanh(detail::softplus(x)); });
    case activation_kind::gelu:
        return apply([&](pack x) { return x * detail::normal_cdf(x); });
    case activation_kind::softmax:
    case activation_kind::log_softmax:
        break;
    }
    MEND_EXPECTS(!f.by_row(), "softmax works on rows");
}

/// dz = dy * f'(z), given what f.needs_input() asks for of z and y (the other is not read); dz may
/// be dy. Not for softmax and log_softmax.
template <class Scalar>
void activation_gradient(
    const activation& f, index count, const Scalar* z, const Scalar* y, const Scalar* dy, Scalar* dz
) {
    using pack = detail::pack<Scalar>;
    const pack zero = pack::all(0);
    const pack one = pack::all(1);
    const pack slope = pack::all(f.slope);
    const auto by = [&](const Scalar* known, const auto& derivative) {
        detail::transform(
            count, dz, [&](pack k, pack g) { return derivative(k, g); }, known, dy
        );
    };
    switch (f.kind) {
    case activation_kind::linear:
        if (dy != dz) {
            std::copy_n(dy, count, dz);
        }
        return;
    case activation_kind::relu:
        return by(y, [&](pack v, pack g) { return select(less(zero, v), g, zero); });
    case activation_kind::relu6:
        return by(y, [&](pack v, pack g) {
            return select(less(zero, v), select(less(v, pack::all(6)), g, zero), zero);
        });
    case activation_kind::rectifier: {
        const pack passes = pack::all(detail::above<Scalar>(f.threshold));
        return by(z, [&](pack x, pack g) {
            const pack inside = select(less(x, pack::all(f.maximum)), g, zero);
            return select(less(x, passes), slope * g, inside);
        });
    }
    case activation_kind::elu:
        if (f.needs_input()) {
            return by(z, [&](pack x, pack g) {
                return select(less(x, zero), g * slope * exp(min(x, zero)), g);
            });
        }
        return by(y, [&](pack v, pack g) { return select(less(v, zero), g * (v + slope), g); });
    case activation_kind::selu:
        return by(y, [&](pack v, pack g) {
            const pack scale = pack::all(detail::selu_scale);
            const pack low = v + pack::all(detail::selu_scale * detail::selu_alpha);
            return g * select(less(v, zero), low, scale);
        });
    case activation_kind::leaky_relu:
        return by(f.needs_input() ? z : y, [&](pack v, pack g) {
            return select(less(zero, v), g, slope * g);
        });
    case activation_kind::softplus:
        return by(z, [&](pack x, pack g) { return g * detail::sigmoid(x); });
    case activation_kind::softsign:
        return by(z, [&](pack x, pack g) {
            const pack d = one + abs(x);
            return g / (d * d);
        });
    case activation_kind::tanh:
        return by(y, [&](pack v, pack g) { return g * (one - v * v); });
    case activation_kind::sigmoid:
        return by(y, [&](pack v, pack g) { return g * v * (one - v); });
    case activation_kind::hard_sigmoid:
        return by(y, [&](pack v, pack g) {
            return select(less(zero, v), select(less(v, one), slope * g, zero), zero);
        });
    case activation_kind::exponential:
        return by(y, [&](pack v, pack g) { return g * v; });
    case activation_kind::swish:
        return by(z, [&](pack x, pack g) {
            const pack s = detail::sigmoid(x);
            return g * (s + x * s * (one - s));
        });
    case activation_kind::mish:
        return by(z, [&](pack x, pack g) {
            const pack t = tanh(detail::softplus(x));
            return g * (t + x * detail::sigmoid(x) * (one - t * t));
        });
    case activation_kind::gelu:
        return by(z, [&](pack x, pack g) {
            const pack density =
                pack::all(0.3989422804014326779399461) * exp(pack::all(-0.5) * x * x);
            return g * (detail::normal_cdf(x) + x * density);
        });
    case activation_kind::softmax:
    case activation_kind::log_softmax:
        break;
    }
    MEND_EXPECTS(!f.by_row(), "softmax works on rows");
}

/// y = softmax of each row of z, or its logarithm; y may be z.
template <class Scalar>
void softmax(index rows, index columns, const Scalar* z, Scalar* y, bool logarithm) {
    using pack = detail::pack<Scalar>;
    for (index r = 0; r < rows; ++r) {
        const Scalar* const from = z + r * columns;
        Scalar* const to = y + r * columns;
        Scalar largest = from[0];
        for (index j = 1; j < columns; ++j) {
            largest = from[j] > largest ? from[j] : largest;
        }
        for (index j = 0; j < columns; ++j) {
            to[j] = from[j] - largest;
        }
    }
    if (!logarithm) {
        detail::transform(
            rows * columns, y, [](pack x) { return exp(x); }, y
        );
    }
    for (index r = 0; r < rows; ++r) {
        Scalar* const to = y + r * columns;
        Scalar sum{};
        for (index j = 0; j < columns; ++j) {
            sum += logarithm ? std::exp(to[j]) : to[j];
        }
        const Scalar change = logarithm ? std::log(sum) : Scalar{1} / sum;
        for (index j = 0; j < columns; ++j) {
            to[j] = logarithm ? to[j] - change : to[j] * change;
        }
    }
}

/// dz from dy and y for the rows of `softmax`; dz may be dy.
template <class Scalar>
void softmax_gradient(
    index rows, index columns, const Scalar* y, const Scalar* dy, Scalar* dz, bool logarithm
) {
    for (index r = 0; r < rows; ++r) {
        const Scalar* const v = y + r * columns;
        const Scalar* const g = dy + r * columns;
        Scalar* const to = dz + r * columns;
        Scalar sum{};
        for (index j = 0; j < columns; ++j) {
            sum += logarithm ? g[j] : g[j] * v[j];
        }
        for (index j = 0; j < columns; ++j) {
            to[j] = logarithm ? g[j] - std::exp(v[j]) * sum : v[j] * (g[j] - sum);
        }
    }
}

} // namespace mend
