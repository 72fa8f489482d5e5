// SPDX-License-Identifier: MIT
/// What `model.compile()` is given: optimizer, loss, metrics, as plain data.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <mend/spec/callback.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/metric.hpp>
#include <mend/spec/names.hpp>
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

    std::vector<metric_spec> metrics{};

    friend bool operator==(const compile_spec&, const compile_spec&) = default;
};

/// What a callback's monitor stands for.
struct monitored {
    bool validation = false; ///< of the validation part, else of train
    std::size_t metric = 0;  ///< position in compile.metrics; their number: the loss
};

/// Nothing where the monitor is neither the loss nor one of the metrics.
[[nodiscard]] inline std::optional<monitored>
monitored_metric(const callback_spec& callback, const compile_spec& compile) {
    std::string_view name = callback.monitor;
    monitored found{name.starts_with("val_"), compile.metrics.size()};
    name.remove_prefix(found.validation ? 4 : 0);
    if (name == "loss") {
        return found;
    }
    const std::string_view known = metric_name(name);
    for (std::size_t i = 0; i < compile.metrics.size(); ++i) {
        if (compile.metrics[i].name == known) {
            found.metric = i;
            return found;
        }
    }
    return std::nullopt;
}

} // namespace mend
