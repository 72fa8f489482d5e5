// SPDX-License-Identifier: MIT
// mend diagnose: what may be wrong with a problem, most likely first.
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include <mend/io/diagnosis_report.hpp>
#include <mend/repair/diagnose.hpp>
#include <mend/repair/repair.hpp>

#include "command.hpp"

namespace mend::tool {

namespace {

struct diagnose_command {
    std::string problem;
    std::string data;
    std::string profile = "full";

    int run(const common_options& common) const {
        const input in = read_input(problem, profile);
        const dataset table = read_data(data, in);
        const diagnosis made =
            diagnose(in.problem, table, repair_parts(in.problem, table), common.seed, &interrupted);
        if (interrupted) {
            return 3;
        }
        if (common.json) {
            print(diagnosis_document(made, in.name, table, common.seed));
        } else {
            std::cout << diagnosis_text(made, in.name, table);
        }
        return 0;
    }
};

} // namespace

command add_diagnose(CLI::App& tool, common_options& common) {
    const auto given = std::make_shared<diagnose_command>();
    CLI::App* app =
        tool.add_subcommand("diagnose", "say what may be wrong with a problem, after one training");
    app->add_option("PROBLEM", given->problem, problem_help)->required();
    app->add_option("--data", given->data, data_help);
    app->add_option("--profile", given->profile, profile_help);
    add_common(*app, common);
    return {app, [given, &common] { return given->run(common); }};
}

} // namespace mend::tool
