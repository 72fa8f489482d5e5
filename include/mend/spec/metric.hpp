// SPDX-License-Identifier: MIT
/// A metric as plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <mend/spec/field.hpp>

namespace mend {

/// `name` is one of accuracy, binary_accuracy, categorical_accuracy, sparse_categorical_accuracy,
/// top_k_categorical_accuracy, sparse_top_k_categorical_accuracy, mean_squared_error,
/// mean_absolute_error, precision, recall, auc. A name converts to the metric with Keras' defaults.
/// Settings that the name does not use keep them.
struct metric_spec {
    std::string name;
    double threshold = 0.5;            ///< binary_accuracy, precision, recall: what counts as 1
    std::int64_t k = 5;                ///< the two top_k
    std::int64_t num_thresholds = 200; ///< auc; at least 2

    metric_spec(std::string_view name_)
        : name(name_) {}

    metric_spec(const char* name_)
        : name(name_) {}

    metric_spec(const std::string& name_)
        : name(name_) {}

    friend bool operator==(const metric_spec&, const metric_spec&) = default;

    /// Visits the settings of the name.
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        const std::string& n = self.name;
        if (n == "binary_accuracy") {
            visit(field{"threshold"}, self.threshold);
        } else if (n == "precision" || n == "recall") {
            visit(field{"thresholds"}, self.threshold);
        } else if (n.find("top_k") != std::string::npos) {
            visit(field{"k", domain::positive}, self.k);
        } else if (n == "auc") {
            visit(field{"num_thresholds", domain::positive}, self.num_thresholds);
        }
    }
};

} // namespace mend
