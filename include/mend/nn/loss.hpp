// SPDX-License-Identifier: MIT
/// Keras' losses, by their Keras names.
///
/// All are means over rows (and, within a row, as Keras defines each): sum_over_batch_size. With
/// sample weights the mean is sum(weight * loss) / rows, as in Keras. A cross-entropy whose output
/// came straight out of a softmax (categorical) or sigmoid (binary) is computed from the logits, as
/// Keras does on TensorFlow; from other outputs it is computed from probabilities that are
/// renormalised and clipped to 1e-7 .. 1 - 1e-7, and no gradient passes a clipped one.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/core/text.hpp>
#include <mend/tensor/activation.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

enum class loss_kind : std::uint8_t {
    mean_squared_error,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_logarithmic_error,
    hinge,
    squared_hinge,
    categorical_hinge,
    log_cosh,
    huber,
    poisson,
    cosine_similarity,
    kl_divergence,
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
};

struct loss_options {
    loss_kind kind = loss_kind::mean_squared_error;
    bool from_logits = false;
    double label_smoothing = 0;      ///< the two dense cross-entropies
    double delta = 1;                ///< Huber
    bool epsilon_inside_log = false; ///< binary cross-entropy of Keras 2: log(p + 1e-7)
};

/// The kind for a name of Keras 2, Keras 3 or TensorFlow.js ("mse", "MeanSquaredError",
/// "logcosh", ...); nothing for an unknown one.
[[nodiscard]] inline std::optional<loss_kind> find_loss(std::string_view name) {
    using enum loss_kind;
    static constexpr std::array<std::pair<std::string_view, loss_kind>, 26> known{{
        {"meansquarederror", mean_squared_error},
        {"mse", mean_squared_error},
        {"meanabsoluteerror", mean_absolute_error},
        {"mae", mean_absolute_error},
        {"meanabsolutepercentageerror", mean_absolute_percentage_error},
        {"mape", mean_absolute_percentage_error},
        {"meansquaredlogarithmicerror", mean_squared_logarithmic_error},
        {"msle", mean_squared_logarithmic_error},
        {"hinge", hinge},
        {"squaredhinge", squared_hinge},
        {"categoricalhinge", categorical_hinge},
        {"logcosh", log_cosh},
        {"huber", huber},
        {"huberloss", huber},
        {"poisson", poisson},
        {"cosinesimilarity", cosine_similarity},
        {"cosineproximity", cosine_similarity},
        {"cosine", cosine_similarity},
        {"kldivergence", kl_divergence},
        {"kullbackleiblerdivergence", kl_divergence},
        {"kld", kl_divergence},
        {"binarycrossentropy", binary_crossentropy},
        {"bce", binary_crossentropy},
        {"categoricalcrossentropy", categorical_crossentropy},
        {"cce", categorical_crossentropy},
        {"sparsecategoricalcrossentropy", sparse_categorical_crossentropy},
    }};
    const std::string plain = plain_name(name);
    for (const auto& [known_name, kind] : known) {
        if (known_name == plain) {
            return kind;
        }
    }
    return std::nullopt;
}

/// What the output should be: one row per row of the output, or one class index per row (sparse
/// categorical cross-entropy).
template <class Scalar>
struct target_batch {
    tensor_view<const Scalar> dense{};
    std::span<const std::int32_t> labels{};
};

namespace detail {

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

/// Cross-entropy of the rows of logits: values and, where `slope` is given, their gradients.
/// `target(j)` is the share of class j; `mass` their sum.
template <class Scalar, class Target>
[[nodiscard]] Scalar
logits_loss(index classes, const Scalar* z, const Target& target, Scalar* e, Scalar* slope) {
    const Scalar largest = *std::max_element(z, z + classes);
    Scalar mass{};
    Scalar shifted{};
    for (index j = 0; j < classes; ++j) {
        e[j] = z[j] - largest;
        mass += target(j);
        shifted += target(j) == 0 ? Scalar{} : target(j) * e[j];
    }
    transform(
        classes, e, [](auto v) { return exp(v); }, e
    );
    Scalar sum{};
    for (index j = 0; j < classes; ++j) {
        sum += e[j];
    }
    if (slope != nullptr) {
        const Scalar share = mass / sum;
        for (index j = 0; j < classes; ++j) {
            slope[j] = e[j] * share - target(j);
        }
    }
    return mass * std::log(sum) - shifted;
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

} // namespace detail

/// Records the loss of a batch, a scalar. `output` is rows x ... x classes; dense targets have as
/// many numbers; labels have one entry per output row, weights one per sample (or one per output
/// row). Requires labels in 0 .. classes - 1.
template <class Scalar>
[[nodiscard]] variable loss(
    tape<Scalar>& t,
    variable output,
    const loss_options& options,
    const target_batch<Scalar>& targets,
    std::span<const Scalar> sample_weights = {}
) {
    using enum loss_kind;
    const loss_kind kind = options.kind;
    const bool by_class =
        kind == categorical_crossentropy || kind == sparse_categorical_crossentropy;
    variable in = output;
    bool logits = options.from_logits;
    if ((by_class && t.producer(output) == operation::softmax) ||
        (kind == binary_crossentropy && t.producer(output) == operation::sigmoid)) {
        in = t.input(output);
        logits = true;
    }
    const shape extents = t.extents(in);
    const index classes = extents[extents.rank() - 1];
    const index rows = extents.size() / classes;
    const bool labelled = kind == sparse_categorical_crossentropy;
    MEND_EXPECTS(
        labelled ? static_cast<index>(targets.labels.size()) == rows
                 : targets.dense.size() == rows * classes,
        "the targets fit the output"
    );
    const index weights = static_cast<index>(sample_weights.size());
    MEND_EXPECTS(weights == 0 || rows % weights == 0, "one weight for each sample");

    // Keras turns labels of 0 and 1 into -1 and 1 for the hinge losses.
    const bool margins = kind == hinge || kind == squared_hinge;
    const auto flat = targets.dense.flat();
    const bool binary =
        margins && std::all_of(flat.begin(), flat.end(), [](Scalar v) { return v == 0 || v == 1; });
    const bool smoothed = kind == categorical_crossentropy || kind == binary_crossentropy;
    const Scalar smoothing = static_cast<Scalar>(smoothed ? options.label_smoothing : 0);
    const Scalar smooth_to =
        kind == binary_crossentropy ? Scalar(0.5) : Scalar{1} / static_cast<Scalar>(classes);

    const Scalar* const p = t.data(in);
    Scalar* const gradient = t.wants_gradient(in) ? t.allocate(rows * classes) : nullptr;
    Scalar* const scratch = t.allocate(classes); // of a row; then the result
    // The divergence is a sum over the classes, the other element-wise losses are means.
    const Scalar share =
        kind == kl_divergence ? Scalar{1} : Scalar{1} / static_cast<Scalar>(classes);
    double sum = 0;
    for (index r = 0; r < rows; ++r) {
        const Scalar* const row = p + r * classes;
        Scalar* const slope = gradient == nullptr ? nullptr : gradient + r * classes;
        const index label = labelled ? targets.labels[static_cast<std::size_t>(r)] : 0;
        MEND_EXPECTS(label >= 0 && label < classes, "labels are class indices");
        const auto target = [&](index j) {
            if (labelled) {
                return j == label ? Scalar{1} : Scalar{};
            }
            const Scalar v = targets.dense[r * classes + j];
            return binary ? 2 * v - 1 : v * (1 - smoothing) + smooth_to * smoothing;
        };
        Scalar value{};
        Scalar factor{1};
        if (by_class && logits) {
            value = detail::logits_loss(classes, row, target, scratch, slope);
        } else if (kind == categorical_crossentropy) {
            value = detail::probability_loss(classes, row, target, slope);
        } else if (labelled) {
            value = detail::label_loss(classes, row, label, slope);
        } else if (kind == categorical_hinge) {
            value = detail::categorical_hinge_loss(classes, row, target, slope);
        } else if (kind == cosine_similarity) {
            value = detail::cosine_loss(classes, row, target, slope);
        } else {
            factor = share;
            for (index j = 0; j < classes; ++j) {
                const auto term = detail::element_loss(options, logits, target(j), row[j]);
                value += term.value;
                if (slope != nullptr) {
                    slope[j] = term.slope;
                }
            }
        }
        if (weights > 0) {
            factor *= sample_weights[static_cast<std::size_t>(r / (rows / weights))];
        }
        sum += static_cast<double>(value) * static_cast<double>(factor);
        const Scalar scale = factor / static_cast<Scalar>(rows);
        for (index j = 0; slope != nullptr && j < classes; ++j) {
            slope[j] *= scale;
        }
    }
    *scratch = static_cast<Scalar>(sum / static_cast<double>(rows));
    return t
        .record(scratch, shape{}, operation::other, {in}, [=](tape<Scalar>& tape, variable self) {
            const Scalar seed = *tape.gradient(self).data();
            for (index i = 0; seed != 1 && i < rows * classes; ++i) {
                gradient[i] *= seed;
            }
            tape.hand_over(in, gradient);
        });
}

} // namespace mend
