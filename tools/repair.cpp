// SPDX-License-Identifier: MIT
// mend repair: finds a patch after which a problem trains well.
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include <mend/io/journal.hpp>
#include <mend/io/problem_json.hpp>
#include <mend/io/repair_html.hpp>
#include <mend/io/report.hpp>
#include <mend/io/technique.hpp>
#include <mend/io/text_file.hpp>
#include <mend/repair/repair.hpp>

#include "command.hpp"
#include "progress.hpp"

namespace mend::tool {

namespace {

struct repair_command {
    std::string problem;
    std::string data;
    std::string profile = "full";
    std::string technique{techniques().front().name};
    std::string space = "mend";
    double budget = 0;
    double seconds = 0;
    std::string study;
    std::string out;
    std::string report;

    int run(const common_options& common) const {
        check_outputs({{"--study", study}, {"--out", out}, {"--report", report}});
        const input in = read_input(problem, profile);
        const dataset table = read_data(data, in);
        repair_options options;
        options.seed = common.seed;
        options.jobs = common.jobs;
        options.space = space_named(space);
        options.study = in.space;
        options.interrupted = &interrupted;
        options.budget = trainings(budget > 0 ? budget : 20);
        if (seconds > 0) {
            options.budget = options.budget & mend::seconds(seconds);
        }
        const searcher_maker searcher = make_technique(technique);
        const score_rule score = resolve_score(in.problem.compile.metrics, table);

        std::optional<journal> file;
        if (!study.empty()) {
            const fix_space over = repair_space(in.problem, table, options.space, in.space);
            file.emplace(
                study,
                over.over(),
                journal_options{
                    .study = in.name + "/" + technique + "/" + std::to_string(common.seed),
                    .maximize = {score.higher_is_better()},
                    .settings =
                        {{"technique", technique},
                         {"space", space},
                         {"seed", std::to_string(common.seed)},
                         {"budget", options.budget.trainings},
                         {"data", table.name},
                         {"problem", to_json(document_of(in.problem))}}}
            );
            if (!file->warning().empty()) {
                std::cerr << "mend: " << study << ": " << file->warning() << '\n';
            }
            options.past = file->past();
            options.journal = [&](const trial& t) { file->append(t); };
        }
        progress_display display(false);
        options.progress = [&](const study_progress& now) { display.show(now, score); };
        const repair_result result = mend::repair(in.problem, table, searcher, options);
        display.clear();

        const report_heading heading{in.name, technique, space, common.seed, common.jobs};
        if (common.json) {
            print(repair_document(result, table, heading));
        } else {
            std::cout << repair_text(result, table, heading) << std::flush;
        }
        if (!out.empty() && !result.interrupted()) {
            write_problem(out, result.fixed);
        }
        if (!report.empty()) {
            write_text_file(report, repair_html(result, table, heading));
        }
        return result.interrupted() ? 3 : result.improved() ? 0 : 1;
    }
};

} // namespace

command add_repair(CLI::App& tool, common_options& common) {
    const auto given = std::make_shared<repair_command>();
    CLI::App* app = tool.add_subcommand("repair", "find a patch after which a problem trains well");
    app->add_option("PROBLEM", given->problem, problem_help)->required();
    app->add_option("--data", given->data, data_help);
    app->add_option("--profile", given->profile, profile_help);
    app->add_option("--technique", given->technique, "how to search: " + technique_list());
    app->add_option("--space", given->space, "what may be changed: mend, study");
    app->add_option("--budget", given->budget, "work to spend, in trainings of the problem (20)")
        ->check(positive_number);
    app->add_option("--seconds", given->seconds, "time to spend, besides")->check(positive_number);
    app->add_option(
        "--study", given->study, "keep every trial in this file; go on from what is there"
    );
    app->add_option("--out", given->out, "write the repaired problem here");
    app->add_option("--report", given->report, "write a page that shows the search here");
    add_common(*app, common);
    return {app, [given, &common] { return given->run(common); }};
}

} // namespace mend::tool
