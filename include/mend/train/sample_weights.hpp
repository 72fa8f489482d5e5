// SPDX-License-Identifier: MIT
/// What each row of a batch counts in the loss: the data's sample weights times, in training, the
/// weight of its class.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/samples.hpp>
#include <mend/spec/problem.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// The weights of one batch after the other, in a buffer that is made once.
class sample_weights {
public:
    /// Throws spec_error where a class has no weight that needs one.
    sample_weights(const problem& wanted, const dataset& data);

    /// Makes room for batches of so many rows.
    void reserve(index rows) { numbers_.resize(static_cast<std::size_t>(rows)); }

    /// The weights of some rows of a table, whose labels, or else targets, have been gathered;
    /// valid until the next call. Empty where all rows count the same.
    [[nodiscard]] std::span<const float> gather(
        const samples& from,
        std::span<const index> rows,
        std::span<const int> labels,
        tensor_view<const float> targets,
        bool training
    ) {
        const bool by_class = training && !of_class_.empty();
        if (!by_class && from.weights.empty()) {
            return {};
        }
        const std::span<float> weights(numbers_.data(), rows.size());
        if (from.weights.empty()) {
            std::fill(weights.begin(), weights.end(), 1.0F);
        } else {
            gather_weights(from, rows, weights);
        }
        for (std::size_t r = 0; by_class && r < rows.size(); ++r) {
            auto label = static_cast<std::size_t>(labels[r]);
            if (from.labels.empty()) {
                const auto row = targets.row(static_cast<index>(r));
                const auto most = std::max_element(row.begin(), row.end());
                label = static_cast<std::size_t>(most - row.begin());
            }
            weights[r] *= of_class_[label];
        }
        return weights;
    }

private:
    std::vector<float> of_class_; ///< by label, or by the largest target; empty: all the same
    std::vector<float> numbers_;
};

inline sample_weights::sample_weights(const problem& wanted, const dataset& data) {
    const auto& given = wanted.fit.class_weight.weights;
    if (given.empty()) {
        return;
    }
    const auto refuse = [](const std::string& why) { throw spec_error("/fit/class_weight", why); };
    if (!data.is_classification() && data.outputs() == 1) {
        refuse("needs class labels, the data has numbers");
    }
    const bool keras3 = wanted.model.semantics() == keras_semantics::keras3;
    if (keras3 && !data.table().weights.empty()) {
        refuse("cannot stand beside the data's sample weights in Keras 3");
    }
    of_class_.assign(static_cast<std::size_t>(data.outputs()), 1.0F);
    for (const auto& [label, weight] : given) {
        if (label < data.outputs()) {
            of_class_[static_cast<std::size_t>(label)] = static_cast<float>(weight);
        }
    }
    if (!keras3 && given.size() < of_class_.size()) {
        refuse("has no weight for class " + std::to_string(given.size()));
    }
}

} // namespace mend
