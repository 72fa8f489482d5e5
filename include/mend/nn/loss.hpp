// SPDX-License-Identifier: MIT
/// Keras' losses, by their Keras names.
///
/// All are means over rows (and, within a row, as Keras defines each): sum_over_batch_size. With
/// sample weights the mean is sum(weight * loss) / rows, as in Keras.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <mend/autodiff/tape.hpp>
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
[[nodiscard]] std::optional<loss_kind> find_loss(std::string_view name) noexcept;

/// What the output should be: one row per row of the output, or one class index per row (sparse
/// categorical cross-entropy).
template <class Scalar>
struct target_batch {
    tensor_view<const Scalar> dense{};
    std::span<const std::int32_t> labels{};
};

/// Records the loss of a batch, a scalar. `output` is rows x ... x classes; dense targets have as
/// many numbers; labels and weights have one entry per row (a weight holds for the whole sample).
template <class Scalar>
[[nodiscard]] variable loss(
    tape<Scalar>& t,
    variable output,
    const loss_options& options,
    const target_batch<Scalar>& targets,
    std::span<const Scalar> sample_weights = {}
);

} // namespace mend
