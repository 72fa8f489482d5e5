// SPDX-License-Identifier: MIT
/// Keras' callbacks that change a training, as plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <mend/spec/field.hpp>

namespace mend {

/// `name` is Keras' class: EarlyStopping, ReduceLROnPlateau or TerminateOnNaN. Settings that it
/// does not use keep the defaults of `callback_named`.
struct callback_spec {
    std::string name = "EarlyStopping";
    std::string monitor = "val_loss";  ///< "loss" or a metric of compile, behind "val_" or not
    double min_delta = 0;              ///< what counts as better; its size counts
    std::int64_t patience = 0;         ///< epochs without a better one
    std::string mode = "auto";         ///< "auto", "min", "max"
    std::optional<double> baseline{};  ///< EarlyStopping
    bool restore_best_weights = false; ///< EarlyStopping
    std::int64_t start_from_epoch = 0; ///< EarlyStopping
    double factor = 0.1;               ///< ReduceLROnPlateau; [0, 1)
    std::int64_t cooldown = 0;         ///< ReduceLROnPlateau
    double min_lr = 0;                 ///< ReduceLROnPlateau

    friend bool operator==(const callback_spec&, const callback_spec&) = default;

    /// Visits the settings of the class.
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        const bool stops = self.name == "EarlyStopping";
        if (!stops && self.name != "ReduceLROnPlateau") {
            return;
        }
        visit(field{"monitor"}, self.monitor);
        if (!stops) {
            visit(field{"factor", domain::rate}, self.factor);
        }
        visit(field{"min_delta", domain::any, false, stops ? "" : "epsilon"}, self.min_delta);
        visit(field{"patience", domain::non_negative}, self.patience);
        visit(field{"mode", domain::monitor_mode}, self.mode);
        if (stops) {
            visit(field{"baseline"}, self.baseline);
            visit(field{"restore_best_weights"}, self.restore_best_weights);
            visit(field{"start_from_epoch", domain::non_negative}, self.start_from_epoch);
        } else {
            visit(field{"cooldown", domain::non_negative}, self.cooldown);
            visit(field{"min_lr", domain::non_negative}, self.min_lr);
        }
    }
};

/// The callback of that class with Keras' defaults.
[[nodiscard]] inline callback_spec callback_named(std::string_view name) {
    callback_spec made;
    made.name = name;
    if (name == "ReduceLROnPlateau") {
        made.min_delta = 1e-4;
        made.patience = 10;
    }
    return made;
}

} // namespace mend
