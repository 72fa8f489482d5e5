// SPDX-License-Identifier: MIT
/// Keras' losses of one number or one row, with their derivatives by the prediction.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include <mend/nn/loss_options.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>

namespace mend::detail {

/// Keras' backend epsilon.
template <class Scalar>
inline constexpr Scalar loss_epsilon = Scalar(1e-7);

/// A loss of one number and its derivative by the prediction.
template <class Scalar>
struct loss_term {
    Scalar value;
    Scalar slope;
};

/// Losses that are computed number by number.
template <class Scalar>
[[nodiscard]] loss_term<Scalar>
element_loss(const loss_options& o, bool logits, Scalar target, Scalar p) {
    constexpr Scalar eps = loss_epsilon<Scalar>;
    const Scalar d = p - target;
    const Scalar sign = static_cast<Scalar>((d > 0) - (d < 0));
    switch (o.kind) {
    case loss_kind::mean_absolute_error:
        return {std::abs(d), sign};
    case loss_kind::mean_absolute_percentage_error: {
        const Scalar scale = 100 / std::max(std::abs(target), eps);
        return {scale * std::abs(d), scale * sign};
    }
    case loss_kind::mean_squared_logarithmic_error: {
        const Scalar raised = std::max(p, eps) + 1;
        const Scalar e = std::log(raised) - std::log(std::max(target, eps) + 1);
        return {e * e, p < eps ? Scalar{} : 2 * e / raised};
    }
    case loss_kind::hinge: {
        const Scalar margin = 1 - target * p;
        return margin > 0 ? loss_term<Scalar>{margin, -target} : loss_term<Scalar>{};
    }
    case loss_kind::squared_hinge: {
        const Scalar margin = std::max(1 - target * p, Scalar{});
        return {margin * margin, -2 * target * margin};
    }
    case loss_kind::log_cosh: {
        const Scalar a = std::abs(d);
        const Scalar ln2 = static_cast<Scalar>(std::numbers::ln2);
        return {a + std::log1p(std::exp(-2 * a)) - ln2, std::tanh(d)};
    }
    case loss_kind::huber: {
        const Scalar delta = static_cast<Scalar>(o.delta);
        if (std::abs(d) <= delta) {
            return {d * d / 2, d};
        }
        return {delta * (std::abs(d) - delta / 2), delta * sign};
    }
    case loss_kind::poisson:
        return {p - target * std::log(p + eps), 1 - target / (p + eps)};
    case loss_kind::kl_divergence: {
        const Scalar t = std::clamp(target, eps, Scalar{1});
        const Scalar q = std::clamp(p, eps, Scalar{1});
        return {t * std::log(t / q), q == p ? -t / q : Scalar{}};
    }
    case loss_kind::binary_crossentropy: {
        if (logits) {
            const Scalar e = std::exp(-std::abs(p));
            const Scalar sigmoid = (p >= 0 ? Scalar{1} : e) / (1 + e);
            return {std::max(p, Scalar{}) - p * target + std::log1p(e), sigmoid - target};
        }
        const Scalar q = std::clamp(p, eps, 1 - eps);
        const Scalar inside = o.epsilon_inside_log ? eps : Scalar{};
        const Scalar yes = q + inside;
        const Scalar no = 1 - q + inside;
        return {
            -(target * std::log(yes) + (1 - target) * std::log(no)),
            q == p ? (1 - target) / no - target / yes : Scalar{}};
    }
    default:
        return {d * d, 2 * d}; // mean squared error
    }
}

/// e = exp(z - largest[r]) with the largest of each row; e may be z.
template <class Scalar>
void shifted_exponentials(index rows, index classes, const Scalar* z, Scalar* largest, Scalar* e) {
    for (index r = 0; r < rows; ++r) {
        const Scalar* const row = z + r * classes;
        Scalar most = row[0];
        for (index j = 1; j < classes; ++j) {
            most = row[j] > most ? row[j] : most;
        }
        largest[r] = most;
        for (index j = 0; j < classes; ++j) {
            e[r * classes + j] = row[j] - most;
        }
    }
    transform(
        rows * classes, e, [](auto v) { return exp(v); }, e
    );
}

/// Cross-entropy of a row of logits z, given e = exp(z - largest); `target(j)` is the share of
/// class j. The gradient goes to `slope` where that is given; it may be e. It is softmax - target,
/// the gradient where the shares sum to 1, and TensorFlow's (softmax_cross_entropy_with_logits)
/// where they do not, too: rows of targets that are no distribution train as they do in Keras.
template <class Scalar, class Target>
[[nodiscard]] Scalar logits_loss(
    index classes,
    const Scalar* z,
    Scalar largest,
    const Scalar* e,
    const Target& target,
    Scalar* slope
) {
    Scalar mass{};
    Scalar shifted{};
    Scalar sum{};
    for (index j = 0; j < classes; ++j) {
        const Scalar share = target(j);
        mass += share;
        shifted += share == 0 ? Scalar{} : share * (z[j] - largest);
        sum += e[j];
    }
    if (slope != nullptr) {
        const Scalar scale = 1 / sum;
        for (index j = 0; j < classes; ++j) {
            slope[j] = e[j] * scale - target(j);
        }
    }
    return mass * std::log(sum) - shifted;
}

/// Cross-entropy of rows of logits z with y = softmax(z) against class indices: writes each row's
/// loss to `value`, and its gradient by z to `slope` where that is given. Nothing is exponentiated
/// again: the largest of y is 1 over the sum of the exponentials.
template <class Scalar, class Label>
void label_logits_loss(
    index rows,
    index classes,
    const Scalar* z,
    const Scalar* y,
    const Label* labels,
    Scalar* value,
    Scalar* slope
) {
    for (index r = 0; r < rows; ++r) {
        const Scalar* const row = z + r * classes;
        index most = 0;
        for (index j = 1; j < classes; ++j) {
            most = row[j] > row[most] ? j : most;
        }
        value[r] = y[r * classes + most];
    }
    // A NaN must stay one.
    transform(
        rows, value, [](auto share) { return (share - share) - log(share); }, value
    );
    for (index r = 0; r < rows; ++r) {
        const Scalar* const row = z + r * classes;
        Scalar largest = row[0];
        for (index j = 1; j < classes; ++j) {
            largest = row[j] > largest ? row[j] : largest;
        }
        value[r] += largest - row[labels[r]];
    }
    if (slope != nullptr) {
        std::copy_n(y, rows * classes, slope);
        for (index r = 0; r < rows; ++r) {
            slope[r * classes + labels[r]] -= 1;
        }
    }
}

/// Categorical cross-entropy from probabilities: normalise, clip.
template <class Scalar, class Target>
[[nodiscard]] Scalar
probability_loss(index classes, const Scalar* p, const Target& target, Scalar* slope) {
    constexpr Scalar eps = loss_epsilon<Scalar>;
    Scalar sum{};
    for (index j = 0; j < classes; ++j) {
        sum += p[j];
    }
    Scalar value{};
    Scalar along{};
    for (index j = 0; j < classes; ++j) {
        const Scalar q = p[j] / sum;
        const Scalar clipped = std::clamp(q, eps, 1 - eps);
        value -= target(j) * std::log(clipped);
        const Scalar g = q == clipped ? -target(j) / q : Scalar{};
        along += g * q;
        if (slope != nullptr) {
            slope[j] = g;
        }
    }
    for (index j = 0; slope != nullptr && j < classes; ++j) {
        slope[j] = (slope[j] - along) / sum;
    }
    return value;
}

/// Sparse categorical cross-entropy from probabilities: clip, then normalise.
template <class Scalar>
[[nodiscard]] Scalar label_loss(index classes, const Scalar* p, index label, Scalar* slope) {
    constexpr Scalar eps = loss_epsilon<Scalar>;
    Scalar sum{};
    for (index j = 0; j < classes; ++j) {
        sum += std::clamp(p[j], eps, 1 - eps);
    }
    const Scalar chosen = std::clamp(p[label], eps, 1 - eps);
    for (index j = 0; slope != nullptr && j < classes; ++j) {
        const bool clipped = std::clamp(p[j], eps, 1 - eps) != p[j];
        slope[j] = clipped ? Scalar{} : 1 / sum - (j == label ? 1 / chosen : Scalar{});
    }
    return std::log(sum) - std::log(chosen);
}

/// max(largest wrong - right + 1, 0); equal largest ones share the gradient.
template <class Scalar, class Target>
[[nodiscard]] Scalar
categorical_hinge_loss(index classes, const Scalar* p, const Target& target, Scalar* slope) {
    Scalar right{};
    Scalar wrong = (1 - target(0)) * p[0];
    for (index j = 0; j < classes; ++j) {
        right += target(j) * p[j];
        wrong = std::max(wrong, (1 - target(j)) * p[j]);
    }
    const Scalar value = std::max(wrong - right + 1, Scalar{});
    if (slope != nullptr) {
        const auto is_largest = [&](index j) { return (1 - target(j)) * p[j] == wrong; };
        Scalar ties{};
        for (index j = 0; j < classes; ++j) {
            ties += is_largest(j) ? Scalar{1} : Scalar{};
        }
        for (index j = 0; j < classes; ++j) {
            const Scalar part = is_largest(j) ? (1 - target(j)) / ties : Scalar{};
            slope[j] = value > 0 ? part - target(j) : Scalar{};
        }
    }
    return value;
}

/// - cos of the angle between target and prediction; norms are at least 1e-6.
template <class Scalar, class Target>
[[nodiscard]] Scalar
cosine_loss(index classes, const Scalar* p, const Target& target, Scalar* slope) {
    Scalar tt{};
    Scalar pp{};
    Scalar tp{};
    for (index j = 0; j < classes; ++j) {
        tt += target(j) * target(j);
        pp += p[j] * p[j];
        tp += target(j) * p[j];
    }
    constexpr Scalar least = Scalar(1e-12);
    const Scalar a = 1 / std::sqrt(std::max(tt, least));
    const Scalar b = 1 / std::sqrt(std::max(pp, least));
    const Scalar cosine = tp * a * b;
    for (index j = 0; slope != nullptr && j < classes; ++j) {
        slope[j] = -(target(j) * a - (pp > least ? cosine * b * p[j] : Scalar{})) * b;
    }
    return -cosine;
}

} // namespace mend::detail
