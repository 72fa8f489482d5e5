// SPDX-License-Identifier: MIT
/// How good a patch is beside the known fix: the measures of the repair study (Kim et al.:
/// "Repairing DNN Architecture: Are We There Yet?", ICST 2023).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>
#include <mend/train/score.hpp>

namespace mend {

/// The test score that a run counts with: that of its patch, or the mean of the faulty problem
/// where there is no patch (NaN) or it is no better than that.
[[nodiscard]] inline double counted_score(double patched, double faulty, score_rule rule) noexcept {
    return rule.better(patched, faulty) ? patched : faulty;
}

/// (patched - faulty) / (fixed - faulty): 0 for what the faulty problem does, 1 for what the known
/// fix does; not clipped. NaN where those two are the same.
[[nodiscard]] inline double improvement_rate(double patched, double faulty, double fixed) noexcept {
    return fixed == faulty ? std::numeric_limits<double>::quiet_NaN()
                           : (patched - faulty) / (fixed - faulty);
}

/// A technique's rate on a fault, from the mean over its runs: clipped to 0..1 after averaging, not
/// before. NaN stays.
[[nodiscard]] inline double clipped_rate(double rate) noexcept {
    return std::isnan(rate) ? rate : std::clamp(rate, 0.0, 1.0);
}

/// The dimensions that exist at the faulty problem: what a complexity is a share of.
[[nodiscard]] inline std::size_t hyperparameter_count(const fix_space& space) {
    const auto faulty = space.over().default_point();
    std::size_t count = 0;
    for (const double raw : faulty->raw()) {
        count += std::isnan(raw) ? 0 : 1;
    }
    return count;
}

/// Changed hyperparameters as a share of all. At most 1: a change of optimizer or loss may bring
/// settings that the faulty problem does not have.
[[nodiscard]] inline double normalised_complexity(std::size_t changed, std::size_t all) {
    MEND_EXPECTS(all > 0, "a space has dimensions");
    return std::min(1.0, static_cast<double>(changed) / static_cast<double>(all));
}

/// The kinds of hyperparameters in which two problems differ: "activation", "kernel_initializer",
/// "loss", "optimizer", "learning_rate", "batch_size", "epochs", "dropout", "preprocessing" ... As
/// in the study biases, units and the number of layers do not count.
[[nodiscard]] std::set<std::string> changed_kinds(const problem& before, const problem& after);

/// |kinds in fix and patch| / |kinds in fix|, by definition; NaN where the fix has none. (The
/// study's script compared the patch with the fixed problem instead of the faulty one.)
[[nodiscard]] inline double
asymmetric_jaccard(const std::set<std::string>& fix, const std::set<std::string>& patch) {
    if (fix.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const auto shared = std::count_if(fix.begin(), fix.end(), [&](const std::string& kind) {
        return patch.contains(kind);
    });
    return static_cast<double>(shared) / static_cast<double>(fix.size());
}

namespace detail {

/// Adds the kind of a layer that was added or removed; those with weights are none.
inline void add_layer_kind(std::set<std::string>& kinds, const layer_spec& layer) {
    if (holds<dropout_spec>(layer)) {
        kinds.insert("dropout");
    } else if (holds<activation_spec>(layer)) {
        kinds.insert("activation");
    } else if (holds<rescaling_spec>(layer) || holds<normalization_spec>(layer)) {
        kinds.insert("preprocessing");
    }
}

/// Adds the kinds of the settings in which two specs of one class differ.
inline void add_kinds(
    std::set<std::string>& kinds, const std::vector<setting>& a, const std::vector<setting>& b
) {
    for (const std::size_t i : differing(a, b)) {
        const std::string_view key = a[i].about.key;
        if (key == "rate") {
            kinds.insert("dropout");
        } else if (!key.starts_with("bias_") && key != "units" && key != "filters") {
            kinds.emplace(key);
        }
    }
}

} // namespace detail

inline std::set<std::string> changed_kinds(const problem& before, const problem& after) {
    std::set<std::string> kinds;
    for (const auto& [i, j] : align_layers(before.model.layers, after.model.layers)) {
        if (i && j) {
            layer_spec x = before.model.layers[*i];
            layer_spec y = after.model.layers[*j];
            normalise(x.kind);
            normalise(y.kind);
            detail::add_kinds(kinds, settings_of(x.kind), settings_of(y.kind));
        } else {
            detail::add_layer_kind(kinds, i ? before.model.layers[*i] : after.model.layers[*j]);
        }
    }
    optimizer_spec old_optimizer = before.compile.optimizer;
    optimizer_spec new_optimizer = after.compile.optimizer;
    if (old_optimizer.kind.index() == new_optimizer.kind.index()) {
        detail::add_kinds(kinds, settings_of(old_optimizer.kind), settings_of(new_optimizer.kind));
    } else {
        kinds.insert("optimizer");
    }
    if (old_optimizer.learning_rate() != new_optimizer.learning_rate()) {
        kinds.insert("learning_rate");
    }
    loss_spec old_loss = before.compile.loss;
    loss_spec new_loss = after.compile.loss;
    if (old_loss.name == new_loss.name) {
        detail::add_kinds(kinds, settings_of(old_loss), settings_of(new_loss));
    } else {
        kinds.insert("loss");
    }
    fit_spec old_fit = before.fit;
    fit_spec new_fit = after.fit;
    detail::add_kinds(kinds, settings_of(old_fit), settings_of(new_fit));
    return kinds;
}

} // namespace mend
