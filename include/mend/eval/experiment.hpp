// SPDX-License-Identifier: MIT
/// One cell of the experiment of the paper: a technique repairs a fault, and its patch is measured
/// on the test part, beside the faulty problem and the known fix.
///
/// The rule of the study (Kim et al., ICST 2023): of the trials after the first the best on
/// validation is taken; its value on the test part counts, or the mean of the faulty problem where
/// that is no worse. The value is that of the trial's own model, which training it again from the
/// trial's seed brings back bit for bit; with `fresh_runs` it is instead the mean over so many
/// fresh seeds, the same for every technique. Every technique is measured so, the known fix (the
/// *oracle*) too.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/budget.hpp>
#include <mend/core/random.hpp>
#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/eval/improvement.hpp>
#include <mend/fault/fault.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/repair.hpp>
#include <mend/repair/runs.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>
#include <mend/stats/summary.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

/// The technique that applies the known fix.
inline constexpr std::string_view oracle_name = "oracle";

/// The technique that others are compared with.
inline constexpr std::string_view reference_technique = "random";

/// A technique as the experiment runs it; no `run` means the oracle.
struct experiment_technique {
    std::string name;
    std::function<repair_result(const problem&, const dataset&, const repair_options&)> run{};
};

struct experiment_options {
    double budget = 20;         ///< in trainings of the faulty problem
    std::uint64_t seed = 0;     ///< run r has the seed `seed + r`, for every technique
    std::size_t fresh_runs = 0; ///< 0: measure a patch by its trial's own model
    const std::atomic<bool>* interrupted = nullptr;
};

/// Test scores of the faulty problem and of the known fix.
struct experiment_baseline {
    std::vector<double> faulty{};
    std::vector<double> fixed{};
};

/// The work spent, in trainings, and the best validation score by then.
struct course_step {
    double cost = 0;
    double best = 0;

    friend bool operator==(const course_step&, const course_step&) = default;
};

/// What one cell came to: a row of results.csv.
struct experiment_run {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    std::string fault;
    std::string technique;
    std::string space;
    std::size_t run = 0;
    std::uint64_t seed = 0;
    std::string data;
    double budget = 0;
    double faulty = none;      ///< mean test score
    double patched = none;     ///< the test score that counts
    double fixed = none;       ///< mean test score of the known fix
    double improvement = none; ///< improvement_rate of those, not clipped
    double complexity = none;  ///< of the patch, as the next two; NaN where there is none
    double normalised_complexity = none;
    double jaccard = none;
    std::size_t trials = 0;
    double trainings = 0;
    double seconds = 0;
    std::string metric;     ///< name of the score
    double measured = none; ///< the patch's own test score; NaN where no trial was completed
    double fix_cost = none; ///< of the known fix, in trainings
    std::string patch;      ///< its readable lines; empty where there is none that counts
    std::vector<course_step> course{};

    /// By which rows are told apart and put in order.
    [[nodiscard]] bool same_cell(const experiment_run& other) const noexcept {
        return fault == other.fault && technique == other.technique && space == other.space &&
               run == other.run;
    }

    [[nodiscard]] score_rule score() const { return find_score(metric).value_or(score_rule{}); }

    /// Whether a patch was found that counts.
    [[nodiscard]] bool has_patch() const noexcept { return !std::isnan(complexity); }
};

/// Mean of the numbers among the scores; a training whose weights give none is left out. NaN where
/// there are none.
[[nodiscard]] inline double mean_score(const std::vector<double>& scores) {
    std::vector<double> numbers;
    std::copy_if(scores.begin(), scores.end(), std::back_inserter(numbers), [](double s) {
        return std::isfinite(s);
    });
    return mean(numbers);
}

/// The test score of training `i` of a baseline; the same seeds for the faulty and the fixed
/// problem. Nothing where it was interrupted.
[[nodiscard]] inline std::optional<double> baseline_score(
    const problem& side,
    const dataset& data,
    score_rule rule,
    std::size_t i,
    const experiment_options& options
) {
    const std::vector<std::uint64_t> seeds{derived_seed(options.seed, purpose::report, i)};
    const training done =
        train_runs(side, data, repair_parts(side, data), rule, seeds, 1, options.interrupted)[0];
    return done.status == status::stopped ? std::nullopt : std::optional(done.test.metric);
}

/// Work of the known fix, in trainings of the faulty problem. (Data of the same size.)
[[nodiscard]] inline double fix_cost(const fault& f, const dataset& data) {
    const index rows = repair_parts(f.problem, data).train.size();
    return work_of(apply(f.problem, f.fix), rows) / work_of(f.problem, rows);
}

/// Runs one cell. `past` and `journal` are of its study file. Nothing where it was interrupted.
/// Throws spec_error where fault and data can not meet.
[[nodiscard]] std::optional<experiment_run> run_cell(
    const fault& f,
    const dataset& data,
    const experiment_technique& technique,
    space_name space,
    std::size_t run,
    const experiment_baseline& baseline,
    const experiment_options& options,
    std::vector<trial> past = {},
    std::function<void(const trial&)> journal = {}
);

namespace detail {

/// A problem that a technique ends with, and the seed of the trial that it was.
struct chosen_problem {
    problem what;
    std::uint64_t seed = 0;
};

/// The problem that was tried.
[[nodiscard]] inline problem
problem_of(const problem& faulty, const fix_space& space, const proposal& tried) {
    return tried.patch.empty() ? space.apply(tried.at) : apply(faulty, tried.patch);
}

/// The best of the trials after the first; the technique's own answer where it gives another one
/// (a smaller patch that does as well). Nothing where no trial was completed.
[[nodiscard]] inline std::optional<chosen_problem> choose(
    const problem& faulty, const fix_space& space, const repair_result& result, std::uint64_t seed
) {
    const trial* best = nullptr;
    const trial* own = nullptr; // the best trial of the technique's answer
    const auto improves = [](const trial& t, const trial* on) {
        return t.completed() &&
               (on == nullptr || t.proposal.fidelity > on->proposal.fidelity ||
                (t.proposal.fidelity == on->proposal.fidelity && t.value() < on->value()));
    };
    for (std::size_t i = 1; i < result.study.trials.size(); ++i) {
        const trial& t = result.study.trials[i];
        best = improves(t, best) ? &t : best;
        if (!result.patch.empty() && improves(t, own) &&
            problem_of(faulty, space, t.proposal) == result.fixed) {
            own = &t;
        }
    }
    if (own) {
        return chosen_problem{result.fixed, own->proposal.seed};
    }
    if (!result.patch.empty()) {
        return chosen_problem{result.fixed, seed};
    }
    if (best) {
        return chosen_problem{problem_of(faulty, space, best->proposal), best->proposal.seed};
    }
    return std::nullopt;
}

[[nodiscard]] inline std::vector<course_step>
course_of(const std::vector<trial>& told, score_rule rule) {
    std::vector<course_step> course;
    double cost = 0;
    double best = std::numeric_limits<double>::quiet_NaN();
    for (const trial& t : told) {
        cost += t.outcome.cost;
        const double score = rule.higher_is_better() ? -t.value() : t.value();
        if (t.completed() && t.proposal.fidelity == 1 && rule.better(score, best)) {
            best = score;
            course.push_back({cost, best});
        }
    }
    return course;
}

} // namespace detail

inline std::optional<experiment_run> run_cell(
    const fault& f,
    const dataset& data,
    const experiment_technique& technique,
    space_name space,
    std::size_t run,
    const experiment_baseline& baseline,
    const experiment_options& options,
    std::vector<trial> past,
    std::function<void(const trial&)> journal
) {
    const auto start = std::chrono::steady_clock::now();
    experiment_run row;
    row.fault = f.id;
    row.technique = technique.name;
    row.space = to_text(space);
    row.run = run;
    row.seed = options.seed + run;
    row.data = data.name;
    row.budget = options.budget;
    row.fix_cost = fix_cost(f, data);
    row.faulty = mean_score(baseline.faulty);
    row.fixed = mean_score(baseline.fixed);
    const score_rule rule = resolve_score(f.problem.compile.metrics, data);
    row.metric = rule.name();
    const problem fixed = apply(f.problem, f.fix);
    const fix_space over = repair_space(f.problem, data, space, f.space);

    std::optional<detail::chosen_problem> chosen;
    if (technique.run) {
        repair_options how;
        how.budget = trainings(options.budget);
        how.seed = row.seed;
        how.space = space;
        how.study = f.space;
        how.report_runs = 0;
        how.evidence = false;
        how.past = std::move(past);
        how.journal = std::move(journal);
        how.interrupted = options.interrupted;
        const repair_result result = technique.run(f.problem, data, how);
        if (result.interrupted()) {
            return std::nullopt;
        }
        row.trials = result.study.trials.size();
        row.trainings = result.study.cost;
        row.course = detail::course_of(result.study.trials, rule);
        chosen =
            detail::choose(f.problem, over, result, derived_seed(row.seed, purpose::report, 0));
    } else {
        // As if it were the first trial after the faulty problem.
        row.trials = 1;
        row.trainings = row.fix_cost;
        chosen = {fixed, derived_seed(row.seed, purpose::trial, 1)};
    }

    if (chosen) {
        std::vector<std::uint64_t> seeds{chosen->seed};
        if (options.fresh_runs > 0) {
            seeds.resize(options.fresh_runs);
            for (std::size_t i = 0; i < seeds.size(); ++i) {
                seeds[i] = derived_seed(row.seed, purpose::report, i);
            }
        }
        const data_parts parts = repair_parts(f.problem, data);
        std::vector<double> scores;
        for (const training& done :
             train_runs(chosen->what, data, parts, rule, seeds, 1, options.interrupted)) {
            if (done.status == status::stopped) {
                return std::nullopt;
            }
            scores.push_back(done.test.metric);
        }
        row.measured = mean(scores);
    }
    row.patched = counted_score(row.measured, row.faulty, rule);
    row.improvement = improvement_rate(row.patched, row.faulty, row.fixed);
    if (rule.better(row.measured, row.faulty)) {
        const std::size_t changed = complexity(f.problem, chosen->what);
        row.complexity = static_cast<double>(changed);
        row.normalised_complexity = normalised_complexity(changed, hyperparameter_count(over));
        row.jaccard = asymmetric_jaccard(
            changed_kinds(f.problem, fixed), changed_kinds(f.problem, chosen->what)
        );
        row.patch = join(lines(f.problem, chosen->what), "; ");
    }
    row.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return row;
}

} // namespace mend
