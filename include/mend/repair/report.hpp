// SPDX-License-Identifier: MIT
/// The final report: faulty and patched problem side by side, on fresh seeds and the test part.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/runs.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>
#include <mend/stats/summary.hpp>
#include <mend/stats/tests.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

/// Scores of one problem over several trainings, in the order of their seeds. A training that
/// failed counts with the score of the weights that it left, NaN where those have none.
struct measurement {
    std::vector<double> validation;
    std::vector<double> test;
    std::vector<status> endings;
    double trainings = 0; ///< work done, in whole trainings of the problem; failed ones end early
};

enum class verdict : std::uint8_t {
    none,            ///< no better
    validation_only, ///< better on validation, not on test
    improved,        ///< better on validation, significantly, and on test in the mean
};

[[nodiscard]] constexpr std::string_view to_text(verdict v) noexcept {
    return v == verdict::improved          ? "improved"
           : v == verdict::validation_only ? "validation_only"
                                           : "none";
}

/// Below this one-sided p a patched problem counts as better on validation.
inline constexpr double significance = 0.05;

/// What a comparison says. `p` is of the one-sided Mann-Whitney test on validation: how likely
/// scores at least so much in favour of the patch are if it does nothing.
struct comparison {
    mend::verdict verdict = verdict::none;
    double p = 1;
};

/// Trains a problem `runs` times and evaluates validation and test. Run i has the seed
/// derived_seed(seed, purpose::report, first + i): seeds that no trial of a search uses. Where
/// `interrupted` is set meanwhile, runs end with status::stopped.
[[nodiscard]] inline measurement measure(
    const problem& wanted,
    const dataset& data,
    const data_parts& parts,
    score_rule rule,
    std::uint64_t seed,
    std::size_t first,
    std::size_t runs,
    int jobs,
    const std::atomic<bool>* interrupted = nullptr
) {
    std::vector<std::uint64_t> seeds(runs);
    for (std::size_t i = 0; i < runs; ++i) {
        seeds[i] = derived_seed(seed, purpose::report, first + i);
    }
    measurement m;
    const double steps =
        static_cast<double>(wanted.fit.epochs) *
        static_cast<double>(steps_per_epoch(parts.train.size(), wanted.fit.batch_size));
    for (const training& done : train_runs(wanted, data, parts, rule, seeds, jobs, interrupted)) {
        m.validation.push_back(done.validation.metric);
        m.test.push_back(done.test.metric);
        m.endings.push_back(done.status);
        m.trainings += static_cast<double>(done.steps) / steps;
    }
    return m;
}

/// The verdict on a patch.
[[nodiscard]] inline comparison
compare(const measurement& faulty, const measurement& patched, score_rule rule) {
    // As "how bad", so that a NaN can stand behind every number.
    const auto badness = [&](const std::vector<double>& scores) {
        std::vector<double> bad;
        bad.reserve(scores.size());
        for (const double s : scores) {
            bad.push_back(std::isnan(s) ? std::numeric_limits<double>::infinity() : rule.cost(s));
        }
        return bad;
    };
    comparison result;
    result.p =
        mann_whitney(badness(patched.validation), badness(faulty.validation), alternative::less).p;
    if (result.p < significance) {
        result.verdict = rule.better(mean(patched.test), mean(faulty.test))
                             ? verdict::improved
                             : verdict::validation_only;
    }
    return result;
}

} // namespace mend
