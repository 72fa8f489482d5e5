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
#include <cstddef>
#include <cstdint>
#include <span>

#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/loss_options.hpp>
#include <mend/nn/loss_terms.hpp>
#include <mend/tensor/arena.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// What the output should be: one row per row of the output, or one class index per row (sparse
/// categorical cross-entropy).
template <class Scalar>
struct target_batch {
    tensor_view<const Scalar> dense{};
    std::span<const std::int32_t> labels{};
};

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
    const bool is_softmax = t.producer(output) == operation::softmax;
    const bool is_sigmoid = t.producer(output) == operation::sigmoid;
    const bool either = options.logits_of_either && (is_softmax || is_sigmoid);
    if ((by_class && (is_softmax || either)) ||
        (kind == binary_crossentropy && (is_sigmoid || either))) {
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
    Scalar* const result = t.allocate(1);
    const arena::mark mark = t.memory().here();
    Scalar* largest = nullptr;
    Scalar* exponentials = gradient;
    Scalar* values = nullptr;
    if (labelled && is_softmax) {
        for (const std::int32_t label : targets.labels) {
            MEND_EXPECTS(label >= 0 && label < classes, "labels are class indices");
        }
        values = t.allocate(rows);
        detail::label_logits_loss(
            rows, classes, p, t.data(output), targets.labels.data(), values, gradient
        );
    } else if (by_class && logits) {
        largest = t.allocate(rows);
        exponentials = gradient != nullptr ? gradient : t.allocate(rows * classes);
        detail::shifted_exponentials(rows, classes, p, largest, exponentials);
    }
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
        if (values != nullptr) {
            value = values[r];
        } else if (by_class && logits) {
            value = detail::logits_loss<Scalar>(
                classes, row, largest[r], exponentials + r * classes, target, slope
            );
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
    t.memory().release(mark);
    *result = static_cast<Scalar>(sum / static_cast<double>(rows));
    return t
        .record(result, shape{}, operation::other, {in}, [=](tape<Scalar>& tape, variable self) {
            const Scalar seed = *tape.gradient(self).data();
            for (index i = 0; seed != 1 && i < rows * classes; ++i) {
                gradient[i] *= seed;
            }
            tape.hand_over(in, gradient);
        });
}

} // namespace mend
