// SPDX-License-Identifier: MIT
// What each part of guided is worth: the whole beside itself without one of them, on the same
// faults, seeds and budget.
//     bench_ablation --out DIR [--faults own|held-out.json,..] [--profile small] [--runs 5]
// The folder is that of `mend study`: it is gone on with, and holds results.csv.
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <mend/eval/experiment_summary.hpp>
#include <mend/fault/profile.hpp>
#include <mend/io/fault_json.hpp>
#include <mend/io/study_folder.hpp>
#include <mend/io/study_run.hpp>
#include <mend/io/study_table.hpp>
#include <mend/repair/guided.hpp>
#include <mend/repair/repair.hpp>

#include "../fault/runs.hpp"

namespace {

mend::experiment_technique variant(const std::string& name, const mend::guided_options& options) {
    return {
        name,
        [options](
            const mend::problem& faulty, const mend::dataset& data, const mend::repair_options& how
        ) { return mend::repair(faulty, data, mend::guided{options}, how); }};
}

std::vector<mend::experiment_technique> variants() {
    std::vector<mend::experiment_technique> all{variant("guided", {})};
    const auto add = [&](const char* without, bool mend::guided_options::*part) {
        mend::guided_options options;
        options.*part = false;
        all.push_back(variant(std::string("no ") + without, options));
    };
    add("diagnosis", &mend::guided_options::diagnose);
    add("common seeds", &mend::guided_options::pair_seeds);
    add("race", &mend::guided_options::race);
    add("combinations", &mend::guided_options::combine);
    add("surrogate", &mend::guided_options::surrogate);
    add("minimisation", &mend::guided_options::minimise);
    add("longer trainings", &mend::guided_options::longer);
    add("brackets", &mend::guided_options::brackets);
    mend::guided_options hasty;
    hasty.first_steps = 1;
    all.push_back(variant("no least updates", hasty));
    return all;
}

} // namespace

int main(int count, char** words) {
    CLI::App app("What each part of guided is worth.", "bench_ablation");
    std::vector<std::string> wanted{"own"};
    mend::study_plan plan;
    std::string out;
    plan.profile = "small";
    plan.runs = 5;
    plan.jobs = 2;
    app.add_option("--out", out, "the folder to keep it in")->required();
    app.add_option("--faults", wanted, "ids, files, own (own)")->delimiter(',');
    app.add_option("--profile", plan.profile, "full, small or tiny (small)");
    app.add_option("--runs", plan.runs, "repairs of each fault by each variant (5)");
    app.add_option("--seed", plan.options.seed, "of the first run (0)");
    app.add_option("--jobs", plan.jobs, "repairs at a time; changes nothing (2)");
    CLI11_PARSE(app, count, words);
    try {
        for (const std::string& word : wanted) {
            if (word.ends_with(".json")) {
                plan.faults.push_back(mend::fault_in_profile(mend::read_fault(word), plan.profile));
            }
            for (const mend::fault& f : bench::catalogue()) {
                if (f.id == word || (word == "own" && !f.is_published())) {
                    plan.faults.push_back(mend::fault_in_profile(f, plan.profile));
                }
            }
        }
        plan.techniques = variants();
        plan.progress = [](std::size_t done, std::size_t total, const mend::experiment_run*) {
            std::cerr << '\r' << done << " of " << total << std::flush;
        };
        mend::study_folder folder(out, mend::settings_of(plan), plan.faults);
        mend::run_study_plan(plan, folder);
        folder.put_in_order();
        std::cerr << '\n';
        std::cout << mend::study_text(mend::summarise(folder.rows()));
    } catch (const mend::error& mistake) {
        std::cerr << "bench_ablation: " << mistake.what() << '\n';
        return 2;
    }
}
