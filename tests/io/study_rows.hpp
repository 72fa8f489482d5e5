// SPDX-License-Identifier: MIT
// The runs of a small experiment: two of the twenty and another fault, three techniques.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <mend/eval/experiment.hpp>

namespace mend::test {

inline std::vector<experiment_run> study_rows() {
    std::vector<experiment_run> rows;
    const auto add = [&](const char* fault, const char* technique, double base, double cost) {
        for (std::size_t run = 0; run < 8; ++run) {
            experiment_run row;
            row.fault = fault;
            row.technique = technique;
            row.space = "mend";
            row.run = run;
            row.budget = 20;
            row.metric = "accuracy";
            row.faulty = 0.5;
            row.fixed = 0.9;
            row.patched = base + 0.001 * static_cast<double>(run);
            row.measured = row.patched;
            row.improvement = improvement_rate(row.patched, row.faulty, row.fixed);
            row.complexity = 1 + static_cast<double>(run % 3);
            row.normalised_complexity = row.complexity / 12;
            row.jaccard = 1;
            row.fix_cost = cost;
            row.trials = 10;
            row.trainings = 20;
            row.course = {{1, 0.5}, {4 + static_cast<double>(run), row.patched}};
            rows.push_back(row);
        }
    };
    add("D1", "random", 0.6, 1);
    add("D1", "guided", 0.88, 1);
    add("D1", "oracle", 0.89, 1);
    add("C2", "random", 0.55, 50);
    add("C2", "guided", 0.7, 50);
    add("mine", "random", 0.52, 1);
    add("mine", "guided", 0.8, 1);
    return rows;
}

} // namespace mend::test
