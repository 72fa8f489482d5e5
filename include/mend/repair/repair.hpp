// SPDX-License-Identifier: MIT
/// A faulty problem, data and a searcher in; a patch and the evidence for it out.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/budget.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/evidence.hpp>
#include <mend/repair/objective.hpp>
#include <mend/repair/report.hpp>
#include <mend/repair/task.hpp>
#include <mend/search/random.hpp>
#include <mend/search/searcher.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/space/study_space.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/study/study.hpp>
#include <mend/train/score.hpp>

namespace mend {

struct repair_options {
    mend::budget budget = trainings(20); ///< 20 trainings of the faulty problem, as the study did
    std::uint64_t seed = 0;
    int jobs = 1; ///< trainings at a time; changes no result
    space_name space = space_name::mend;
    std::optional<study_space> study{}; ///< what the study's space had for this fault, where known
    std::size_t report_runs = 5;        ///< fresh trainings of each side in the final report
    bool evidence = true;               ///< collect it; it costs no training

    /// What one trial may cost, as a share of the budget in trainings; dearer ones are not begun.
    /// Keeps one candidate of many epochs and wide layers from eating a small budget; a trial that
    /// carries on another costs what it adds. The study had no such rule: in its space the share
    /// is 1.
    double largest_trial = 0.25;

    std::vector<trial> past{}; ///< see study_options, as the next three
    const std::atomic<bool>* interrupted = nullptr;
    std::function<void(const trial&)> journal{};
    std::function<void(const study_progress&)> progress{};
};

/// What a repair found and how it knows.
struct repair_result {
    score_rule score{};
    mend::patch patch{}; ///< of the problem as it was given; empty where nothing better was found
    problem fixed{};     ///< the patched problem
    std::size_t complexity = 0; ///< hyperparameters that the patch changes
    measurement faulty{};       ///< on fresh seeds; empty where the repair was interrupted
    measurement patched{};      ///< likewise; that of the faulty problem where the patch is empty
    mend::comparison comparison{};
    repair_evidence evidence{}; ///< what the search knows, beside its patch
    study_result study{};
    double report_trainings = 0; ///< spent on the final report, in trainings; not charged
    double seconds = 0;          ///< wall clock, all in all

    [[nodiscard]] bool improved() const noexcept { return comparison.verdict == verdict::improved; }

    bool without_report = false; ///< interrupted while the final report was made

    [[nodiscard]] bool interrupted() const noexcept {
        return without_report || study.end == study_end::interrupted;
    }
};

/// The parts that a repair uses: validation is 0.2 of train where the problem names no share.
[[nodiscard]] inline data_parts repair_parts(const problem& faulty, const dataset& data) {
    const double share = faulty.fit.validation_split;
    return split(data, share > 0 ? share : 0.2);
}

/// What a dataset asks of a model's output, as the fix space wants to know it.
[[nodiscard]] inline answers answers_of(const dataset& data) {
    return {.classes = data.classes, .outputs = data.outputs()};
}

/// The space that a repair searches; the study's is narrowed to what it had for a fault. Throws
/// spec_error where a dimension of that edits nothing in the problem, or none is left.
[[nodiscard]] inline fix_space repair_space(
    const problem& faulty,
    const dataset& data,
    space_name which = space_name::mend,
    const std::optional<study_space>& study = {}
) {
    if (which == space_name::study && study) {
        fix_space narrowed = make_fix_space(faulty, answers_of(data), *study);
        const fix_space whole = make_fix_space(faulty, answers_of(data), which);
        for (std::size_t i = 0; i < study->dimensions.size(); ++i) {
            const study_dimension& d = study->dimensions[i];
            if (!d.edits.empty() && !d.frozen &&
                whole.over().find(d.edits) == whole.over().size()) {
                throw spec_error(
                    "/space/dimensions/" + std::to_string(i) + "/edits",
                    "\"" + d.edits + "\" can not be changed in this problem"
                );
            }
        }
        if (narrowed.over().size() == 0) {
            throw spec_error("/space/dimensions", "leave nothing that may be changed");
        }
        return narrowed;
    }
    return make_fix_space(faulty, answers_of(data), which);
}

namespace detail {

/// Measures faulty and patched problem and compares them.
inline void add_report(
    repair_result& result,
    const problem& faulty,
    const dataset& data,
    const data_parts& parts,
    const repair_options& options
) {
    const auto run = [&](const problem& side, std::size_t first) {
        const measurement made = measure(
            side,
            data,
            parts,
            result.score,
            options.seed,
            first,
            options.report_runs,
            options.jobs,
            options.interrupted
        );
        result.report_trainings += made.trainings * work_of(side, parts.train.size()) /
                                   work_of(faulty, parts.train.size());
        return made;
    };
    result.faulty = run(faulty, 0);
    result.patched = result.patch.empty() ? result.faulty : run(result.fixed, options.report_runs);
    if (options.interrupted != nullptr && *options.interrupted) {
        result.faulty = {};
        result.patched = {};
        result.without_report = true;
    } else if (!result.patch.empty()) {
        result.comparison = compare(result.faulty, result.patched, result.score);
    }
}

} // namespace detail

/// Searches for a patch after which the problem trains better, then measures faulty and patched
/// problem on fresh seeds and the test part, which the search never sees. Trial 0 is the faulty
/// problem. Of equal trials the earliest is taken.
///
///     auto fixed = mend::repair(broken, data, mend::random_search{}, {.budget =
///     mend::trainings(20)});
///
/// Throws spec_error where the faulty problem cannot be trained on the data at all.
template <searcher Searcher>
[[nodiscard]] repair_result
repair(const problem& faulty, const dataset& data, Searcher s, const repair_options& options = {});

/// The same with a searcher that is made once the task is known, as `make_technique` gives it.
[[nodiscard]] inline repair_result repair(
    const problem& faulty,
    const dataset& data,
    const searcher_maker& make,
    const repair_options& options = {}
) {
    const auto start = std::chrono::steady_clock::now();
    repair_result result;
    result.score = resolve_score(faulty.compile.metrics, data);
    const data_parts parts = repair_parts(faulty, data);
    // Bad input is to be said before anything is trained.
    static_cast<void>(trainer(faulty, data, parts, result.score));

    const fix_space space = repair_space(faulty, data, options.space, options.study);
    const double share = options.space == space_name::study ? 1.0 : options.largest_trial;
    const double largest = std::max(1.0, share * options.budget.trainings);
    const repair_task task{faulty, data, parts, space, result.score, options.budget.trainings};
    result.study = run_study(
        make(task),
        repair_objective(space, data, parts, result.score, largest),
        space.over(),
        options.budget,
        {.jobs = options.jobs,
         .seed = options.seed,
         .past = options.past,
         .interrupted = options.interrupted,
         .journal = options.journal,
         .progress = options.progress}
    );
    result.fixed = faulty;
    if (result.study.best) {
        const proposal& chosen = result.study.trials[*result.study.best].proposal;
        const problem best =
            chosen.patch.empty() ? space.apply(chosen.at) : apply(faulty, chosen.patch);
        result.patch = diff(faulty, best);
        result.complexity = complexity(faulty, best);
        result.fixed = apply(faulty, result.patch);
    }
    if (options.evidence) {
        result.evidence = evidence_of(task, result.study);
    }
    if (!result.interrupted() && options.report_runs > 0) {
        detail::add_report(result, faulty, data, parts, options);
    }
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

template <searcher Searcher>
repair_result
repair(const problem& faulty, const dataset& data, Searcher s, const repair_options& options) {
    return repair(faulty, data, maker_of(std::move(s)), options);
}

} // namespace mend
