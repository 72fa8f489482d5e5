// SPDX-License-Identifier: MIT
/// Diagnosis: what may be wrong with a problem, before any training and after one, most likely
/// first, with evidence and suggested patches.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/repair/data_facts.hpp>
#include <mend/repair/diagnose_fit.hpp>
#include <mend/repair/diagnose_layers.hpp>
#include <mend/repair/diagnose_output.hpp>
#include <mend/repair/diagnose_training.hpp>
#include <mend/repair/finding.hpp>
#include <mend/repair/runs.hpp>
#include <mend/spec/problem.hpp>
#include <mend/train/probe.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

/// What the problem and the data show before any training. No cost to speak of.
[[nodiscard]] inline std::vector<finding> diagnose(const problem& faulty, const data_facts& facts) {
    detail::finding_list found(faulty);
    detail::output_check(found, facts).run();
    detail::layer_check_rules(found, facts).run();
    detail::fit_check(found, facts).run();
    std::vector<finding> all = std::move(found).take();
    rank(all);
    return all;
}

namespace detail {

/// A cause and the symptom that speaks for it.
struct link {
    std::string_view cause;
    std::string_view symptom;
};

inline constexpr std::array<link, 33> links{{
    {"learning_rate", "nan"},
    {"learning_rate", "divergence"},
    {"learning_rate", "oscillation"},
    {"learning_rate", "large_updates"},
    {"learning_rate", "small_updates"},
    {"learning_rate", "constant_output"},
    {"learning_rate", "slow_convergence"},
    {"learning_rate", "no_progress"},
    {"optimizer", "slow_convergence"},
    {"optimizer", "no_progress"},
    {"optimizer", "small_updates"},
    {"equal_weights", "constant_output"},
    {"equal_weights", "zero_gradients"},
    {"equal_weights", "dying_units"},
    {"equal_weights", "no_progress"},
    {"hidden_activation", "vanishing_gradient"},
    {"hidden_activation", "saturation"},
    {"large_initial_weights", "saturation"},
    {"large_initial_weights", "nan"},
    {"large_initial_weights", "large_activations"},
    {"small_initial_weights", "vanishing_gradient"},
    {"input_scale", "nan"},
    {"input_scale", "divergence"},
    {"input_scale", "saturation"},
    {"input_scale", "large_activations"},
    {"input_scale", "dying_units"},
    {"few_updates", "slow_convergence"},
    {"penalty", "penalty_dominates"},
    {"output_activation", "no_progress"},
    {"output_activation", "constant_output"},
    {"loss", "no_progress"},
    {"narrow_layer", "underfitting"},
    {"missing_activation", "underfitting"},
}};

} // namespace detail

/// The same together with what one training of the problem showed. A cause whose symptom was seen
/// counts for more; where the training went well every finding counts for less.
[[nodiscard]] inline std::vector<finding>
diagnose(const problem& faulty, const data_facts& facts, const training_evidence& seen) {
    std::vector<finding> all = diagnose(faulty, facts);
    detail::finding_list found(faulty);
    detail::training_diagnosis(found, facts, seen).run();
    const std::vector<finding> symptoms = std::move(found).take();
    const double good = detail::goodness(seen, facts);
    for (finding& cause : all) {
        double doubt = 1 - cause.confidence * (1 - 0.5 * good);
        for (const finding& symptom : symptoms) {
            for (const detail::link& l : detail::links) {
                if (l.cause == cause.code && l.symptom == symptom.code) {
                    doubt *= 1 - 0.4 * symptom.confidence;
                }
            }
        }
        cause.confidence = std::clamp(1 - doubt, 0.01, 0.99);
    }
    all.insert(all.end(), symptoms.begin(), symptoms.end());
    rank(all);
    return all;
}

/// A diagnosis and what it is about.
struct diagnosis {
    score_rule score{};
    data_facts facts{};
    training_evidence training{};
    std::vector<finding> findings{}; ///< most likely first
    std::string untrainable{};       ///< why nothing was trained; "" where it was
};

/// Trains the problem once and diagnoses it, static and dynamic findings together. A model whose
/// output does not fit the data is diagnosed untrained; what else cannot be trained throws
/// spec_error.
[[nodiscard]] inline diagnosis diagnose(
    const problem& faulty,
    const dataset& data,
    const data_parts& parts,
    std::uint64_t seed = 0,
    const std::atomic<bool>* interrupted = nullptr
) {
    diagnosis made;
    made.score = resolve_score(faulty.compile.metrics, data);
    made.facts = facts_of(data, parts);
    made.training.rule = made.score;
    try {
        trainer run(faulty, data, parts, made.score, {.seed = seed});
        probe watch(faulty);
        detail::stop_when_set stop{interrupted};
        made.training.status = run.run(faulty.fit.epochs, watch, stop);
        made.training.curve = run.curve();
        made.training.checks = watch.seen();
        made.findings = diagnose(faulty, made.facts, made.training);
    } catch (const spec_error& mistake) {
        made.findings = diagnose(faulty, made.facts);
        if (made.findings.empty() || made.findings.front().code != "output_width") {
            throw;
        }
        made.untrainable = mistake.what();
    }
    return made;
}

} // namespace mend
