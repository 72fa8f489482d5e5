// SPDX-License-Identifier: MIT
/// How what is to be predicted is put before a loss: class indices, one-hot rows, a column of label
/// numbers, or the data's own targets.
#pragma once

#include <cstdint>
#include <string>

#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/nn/loss.hpp>

namespace mend {

enum class target_encoding : std::uint8_t {
    labels,  ///< class indices (sparse categorical cross-entropy)
    one_hot, ///< rows of 0 and 1 as wide as the output, at least as wide as there are classes
    column,  ///< the label as a number, for an output of one number
    targets, ///< the data's targets, as wide as the output
};

/// An encoding, or why loss, output and data cannot meet.
struct target_choice {
    target_encoding encoding = target_encoding::labels;
    std::string why; ///< empty where they can

    explicit operator bool() const noexcept { return why.empty(); }
};

/// What Keras would be given for this loss and an output of `width` numbers per sample: integer
/// labels become one-hot where the loss wants rows.
[[nodiscard]] inline target_choice
choose_targets(loss_kind loss, index width, const dataset& data) {
    const bool sparse = loss == loss_kind::sparse_categorical_crossentropy;
    if (!data.is_classification()) {
        if (sparse) {
            return {{}, "sparse_categorical_crossentropy needs class labels, the data has numbers"};
        }
        if (width != data.outputs()) {
            return {
                {},
                "the output has " + counted(width, "number") + " per sample, the data has " +
                    std::to_string(data.outputs()) + " to predict"};
        }
        return {target_encoding::targets, {}};
    }
    if (width == 1 && !sparse) {
        return {target_encoding::column, {}};
    }
    if (width < data.classes) {
        return {
            {},
            "the output has " + counted(width, "number") + " per sample, the data has " +
                counted(data.classes, "class", "classes")};
    }
    return {sparse ? target_encoding::labels : target_encoding::one_hot, {}};
}

} // namespace mend
