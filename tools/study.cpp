// SPDX-License-Identifier: MIT
// mend study: the experiment of the paper, faults x techniques x runs, kept in a folder.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/eval/experiment_summary.hpp>
#include <mend/fault/profile.hpp>
#include <mend/io/fault_json.hpp>
#include <mend/io/published_results.hpp>
#include <mend/io/study_folder.hpp>
#include <mend/io/study_html.hpp>
#include <mend/io/study_run.hpp>
#include <mend/io/study_table.hpp>
#include <mend/io/technique.hpp>
#include <mend/io/text_file.hpp>
#include <mend/repair/repair.hpp>

#include "command.hpp"
#include "progress.hpp"

namespace mend::tool {

namespace {

/// The faults that --faults names, each once: those of the catalogue in its order, then files.
std::vector<fault> chosen_faults(const std::vector<std::string>& words) {
    const std::vector<fault> all = catalogue();
    std::vector<bool> wanted(all.size(), false);
    std::vector<fault> chosen;
    for (const std::string& word : words) {
        bool any = word.ends_with(".json");
        if (any) {
            chosen.push_back(read_fault(word));
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool published = all[i].is_published();
            const bool twenty = std::find(twenty_faults.begin(), twenty_faults.end(), all[i].id) !=
                                twenty_faults.end();
            if (all[i].id == word || (word == "published" && published) ||
                (word == "own" && !published) || (word == "twenty" && twenty)) {
                wanted[i] = true;
                any = true;
            }
        }
        if (!any) {
            throw usage_error(
                "--faults",
                "\"" + word + "\" is no fault, nor a file.json, published, own or twenty"
            );
        }
    }
    std::vector<fault> known;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (wanted[i]) {
            known.push_back(all[i]);
        }
    }
    chosen.insert(chosen.begin(), known.begin(), known.end());
    std::set<std::string> ids;
    for (const fault& f : chosen) {
        if (!ids.insert(f.id).second) {
            throw usage_error("--faults", "two faults have the id \"" + f.id + "\"");
        }
        if (f.mutation) {
            throw usage_error(
                "--faults", "\"" + f.id + "\" is a fault of its data, which no patch mends"
            );
        }
    }
    return chosen;
}

/// Those of the catalogue among the faults of a folder.
std::vector<fault> catalogued(const std::vector<std::string>& ids) {
    std::vector<fault> found = catalogue();
    std::erase_if(found, [&](const fault& f) {
        return std::find(ids.begin(), ids.end(), f.id) == ids.end();
    });
    return found;
}

experiment_technique technique_named(const std::string& name) {
    if (name == oracle_name) {
        return {name, {}};
    }
    return {
        name,
        [make = make_technique(name)](
            const problem& faulty, const dataset& data, const repair_options& options
        ) { return repair(faulty, data, make, options); }};
}

/// Throws usage_error where a word of a list stands in it twice.
void check_distinct(const char* option, const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (std::find(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i), words[i]) !=
            words.begin() + static_cast<std::ptrdiff_t>(i)) {
            throw usage_error(option, "\"" + words[i] + "\" is given twice");
        }
    }
}

struct study_command {
    std::vector<std::string> faults;
    std::vector<std::string> techniques{"random"};
    std::vector<std::string> spaces{"mend"};
    std::string profile = "full";
    std::string out;
    std::size_t runs = 10;
    std::size_t baseline_runs = 20;
    std::size_t fresh_runs = 0;
    double budget = 20;

    int run(const common_options& common) const {
        check_distinct("--techniques", techniques);
        check_distinct("--space", spaces);
        study_plan plan;
        for (const fault& f : chosen_faults(faults)) {
            plan.faults.push_back(fault_in_profile(f, profile));
        }
        plan.profile = profile;
        for (const std::string& name : techniques) {
            plan.techniques.push_back(technique_named(name));
        }
        plan.spaces.clear();
        for (const std::string& name : spaces) {
            plan.spaces.push_back(space_named(name));
        }
        plan.runs = runs;
        plan.baseline_runs = baseline_runs;
        plan.jobs = common.jobs;
        plan.options = {budget, common.seed, fresh_runs, &interrupted};
        plan.warn = [](const std::string& line) { std::cerr << "mend: " << line << '\n'; };

        study_folder folder(out, settings_of(plan), plan.faults);
        for (const std::string& line : folder.warnings()) {
            plan.warn(line);
        }
        count_display display;
        plan.progress = [&](std::size_t done, std::size_t total, const experiment_run* row) {
            std::string text;
            if (row != nullptr) {
                text = row->fault + " " + row->technique + " " + row->space + " " +
                       std::to_string(row->run) + ": " + row->metric + " " +
                       short_text(row->faulty) + " -> " + short_text(row->patched);
            }
            display.show(done, total, text);
        };
        const bool complete = run_study_plan(plan, folder);
        display.clear();
        if (!complete) {
            std::cerr << "mend: interrupted; the same command goes on from here\n";
            return 3;
        }
        folder.put_in_order();
        report(plan, folder, common);
        return 0;
    }

    /// Writes the tables and the page; says in short what came out.
    void
    report(const study_plan& plan, const study_folder& folder, const common_options& common) const {
        const experiment_summary summary = summarise(folder.rows());
        // What is in the folder may be more than this command asked for.
        const std::vector<published_fault> published =
            published_of(catalogued(summary.faults), budget);
        const study_heading heading{
            profile,
            common.seed,
            runs,
            baseline_runs,
            fresh_runs,
            "mend study --faults " + join(faults, ",") + " --techniques " + join(techniques, ",") +
                " --space " + join(spaces, ",") + " --runs " + std::to_string(plan.runs) +
                " --budget " + short_text(budget) + " --profile " + profile + " --seed " +
                std::to_string(common.seed) +
                (baseline_runs == 20 ? "" : " --baseline-runs " + std::to_string(baseline_runs)) +
                (fresh_runs == 0 ? "" : " --fresh-runs " + std::to_string(fresh_runs))};
        write_text_file(folder.file("table.md"), study_table(summary, published, heading));
        write_text_file(folder.file("report.html"), study_html(summary, published, heading));
        if (common.json) {
            print(study_document(summary, heading));
        } else {
            std::cout << study_text(summary) << "\n" << folder.file("report.html") << "\n";
        }
    }
};

} // namespace

command add_study(CLI::App& tool, common_options& common) {
    const auto given = std::make_shared<study_command>();
    CLI::App* app =
        tool.add_subcommand("study", "let techniques repair faults many times, and compare them");
    app->add_option("--faults", given->faults, "IDs, files, published, own, twenty")
        ->required()
        ->delimiter(',');
    app->add_option(
           "--techniques",
           given->techniques,
           "those of repair, and oracle, the known fix (random): " + technique_list()
    )
        ->delimiter(',');
    app->add_option("--space", given->spaces, "what may be changed: mend, study (mend)")
        ->delimiter(',');
    app->add_option("--runs", given->runs, "repairs of each fault by each technique (10)")
        ->check(positive_number);
    app->add_option("--budget", given->budget, "work of a run, in trainings of the fault (20)")
        ->check(positive_number);
    app->add_option("--profile", given->profile, profile_help);
    app->add_option("--out", given->out, "the folder to keep it in; go on from what is there")
        ->required();
    app->add_option(
           "--baseline-runs",
           given->baseline_runs,
           "trainings of each faulty and fixed problem (20)"
    )
        ->check(positive_number);
    app->add_option(
           "--fresh-runs",
           given->fresh_runs,
           "measure a patch by so many fresh trainings; 0: by the model that the search had (0)"
    )
        ->check(CLI::NonNegativeNumber)
        ->check(plain_number);
    add_common(*app, common);
    return {app, [given, &common] { return given->run(common); }};
}

} // namespace mend::tool
