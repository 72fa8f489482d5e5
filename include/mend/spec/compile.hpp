// SPDX-License-Identifier: MIT
/// What `model.compile()` is given: optimizer, loss, metrics, as plain data.
#pragma once

#include <string>
#include <vector>

#include <mend/spec/field.hpp>
#include <mend/spec/optimizer.hpp>

namespace mend {

/// `name` is Keras 2's function name: mean_squared_error, mean_absolute_error,
/// mean_absolute_percentage_error, mean_squared_logarithmic_error, hinge, squared_hinge,
/// categorical_hinge, logcosh, huber, poisson, cosine_similarity, kullback_leibler_divergence,
/// binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy. Settings that
/// the name does not use keep their defaults.
struct loss_spec {
    std::string name = "mean_squared_error";
    bool from_logits = false;   ///< the three cross-entropies
    double label_smoothing = 0; ///< binary and categorical cross-entropy; [0, 1]
    double delta = 1;           ///< huber; > 0

    friend bool operator==(const loss_spec&, const loss_spec&) = default;

    /// Visits the settings that this loss uses.
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        const std::string& n = self.name;
        if (n.ends_with("crossentropy")) {
            visit(field{"from_logits"}, self.from_logits);
            if (!n.starts_with("sparse")) {
                visit(field{"label_smoothing", domain::share}, self.label_smoothing);
            }
        } else if (n == "huber") {
            visit(field{"delta", domain::positive}, self.delta);
        }
    }
};

struct compile_spec {
    optimizer_spec optimizer{};
    loss_spec loss{};

    /// accuracy, binary_accuracy, categorical_accuracy, sparse_categorical_accuracy,
    /// mean_squared_error, mean_absolute_error.
    std::vector<std::string> metrics{};

    friend bool operator==(const compile_spec&, const compile_spec&) = default;
};

} // namespace mend
