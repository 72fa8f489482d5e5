// SPDX-License-Identifier: MIT
/// Minimising or maximising any function over a space.
#pragma once

#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <mend/core/budget.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/searcher.hpp>
#include <mend/space/space.hpp>
#include <mend/study/objective.hpp>
#include <mend/study/study.hpp>

namespace mend {

struct minimize_result {
    point at{}; ///< the best point; empty where no evaluation gave a value
    double value = std::numeric_limits<double>::quiet_NaN(); ///< there
    std::vector<trial> trials{}; ///< all told, in order; values as searchers see them, minimised
    study_end end = study_end::budget;
};

namespace detail {

inline minimize_result best_of(study_result done, double sign) {
    minimize_result found;
    if (done.best) {
        const trial& best = done.trials[*done.best];
        found.at = best.proposal.at;
        found.value = sign * best.value();
    }
    found.trials = std::move(done.trials);
    found.end = done.end;
    return found;
}

} // namespace detail

/// The smallest value of an objective that a searcher finds within a budget:
/// `minimize([](const point& p) { return branin(p["x"], p["y"]); }, space, random_search{},
/// trials(60))`. The function is called by `options.jobs` threads at once; a call that gives NaN
/// is a failed trial; what it throws is thrown on. Each call of a plain function costs one
/// training.
[[nodiscard]] inline minimize_result minimize(
    const any_objective& f,
    const space& over,
    any_searcher searcher,
    const budget& limits,
    const study_options& options = {}
) {
    return detail::best_of(run_study(std::move(searcher), f, over, limits, options), 1);
}

/// The largest value of a plain function; see minimize. The trials hold its negative.
template <point_function Function>
[[nodiscard]] minimize_result maximize(
    Function f,
    const space& over,
    any_searcher searcher,
    const budget& limits,
    const study_options& options = {}
) {
    const any_objective negated(std::move(f), -1);
    return detail::best_of(run_study(std::move(searcher), negated, over, limits, options), -1);
}

} // namespace mend
