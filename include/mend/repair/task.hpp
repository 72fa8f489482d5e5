// SPDX-License-Identifier: MIT
/// What a repair is about: all that a search technique may be made from.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/search/searcher.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/spec/problem.hpp>
#include <mend/train/score.hpp>

namespace mend {

/// A faulty problem, its data and the space of its fixes. Refers to them: they outlive it. A search
/// may look at the train and validation parts alone.
struct repair_task {
    const problem& faulty;
    const dataset& data;
    const data_parts& parts;
    const fix_space& space;
    score_rule score;
    double budget; ///< in trainings of the faulty problem; infinite where there is no such limit
};

/// The cost on validation of the best answer that is the same for all rows: of an accuracy, the
/// share of the largest class; infinite for another score.
[[nodiscard]] inline double constant_cost(const repair_task& task) {
    const data_part& validation = task.parts.validation;
    if (task.score.kind != score_kind::accuracy || task.data.classes < 1 || validation.empty()) {
        return std::numeric_limits<double>::infinity();
    }
    std::vector<index> counts(static_cast<std::size_t>(task.data.classes));
    for (index row = 0; row < validation.size(); ++row) {
        ++counts[static_cast<std::size_t>(validation.label(row))];
    }
    const auto most = static_cast<double>(*std::max_element(counts.begin(), counts.end()));
    return -most / static_cast<double>(validation.size());
}

/// A searcher over problems: one that is told what it is to repair before it starts, and may
/// propose patches instead of points.
template <class Searcher>
concept problem_searcher = requires(Searcher& s, const repair_task& task) {
    s.prepare(task);
};

/// Tells a searcher over problems what it is to repair; nothing for others.
template <class Searcher>
void prepare_for(Searcher& s, const repair_task& task) {
    if constexpr (problem_searcher<Searcher>) {
        s.prepare(task);
    } else {
        static_cast<void>(s);
        static_cast<void>(task);
    }
}

/// Makes the searcher of a repair.
using searcher_maker = std::function<any_searcher(const repair_task&)>;

/// The maker of a copy of a searcher, prepared where it is one over problems.
template <searcher Searcher>
[[nodiscard]] searcher_maker maker_of(Searcher s) {
    return [s = std::move(s)](const repair_task& task) {
        Searcher copy = s;
        prepare_for(copy, task);
        return any_searcher(std::move(copy));
    };
}

} // namespace mend
