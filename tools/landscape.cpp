// SPDX-License-Identifier: MIT
// mend landscape: alternative patches, by a breadth-first search of single changes.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/eval/landscape.hpp>
#include <mend/io/landscape_report.hpp>

#include "command.hpp"
#include "progress.hpp"

namespace mend::tool {

namespace {

neutrality_order order_named(const std::string& name) {
    for (const auto& [known, order] :
         {std::pair{"deepfd", neutrality_order::deepfd},
          {"mnist", neutrality_order::mnist},
          {"cifar", neutrality_order::cifar},
          {"later", neutrality_order::later}}) {
        if (name == known) {
            return order;
        }
    }
    throw usage_error("--order", "\"" + name + "\" is not one of deepfd, mnist, cifar, later");
}

struct landscape_command {
    std::string problem;
    std::string data;
    std::string profile = "full";
    std::string order = "deepfd";
    double budget = 500;
    std::size_t runs = 5;
    std::size_t keep = 5;

    int run(const common_options& common) const {
        const auto began = std::chrono::steady_clock::now();
        landscape_options options;
        options.order = order_named(order);
        const input in = read_input(problem, profile);
        const dataset table = read_data(data, in);
        options.budget = budget;
        options.runs = runs;
        options.keep = keep;
        options.seed = common.seed;
        options.jobs = common.jobs;
        options.interrupted = &interrupted;
        count_display display;
        options.progress = [&](std::size_t evaluated, double spent, double best) {
            display.show(
                static_cast<std::size_t>(std::min(spent, budget) + 0.5),
                static_cast<std::size_t>(budget + 0.5),
                counted(evaluated, "configuration") +
                    (std::isnan(best) ? "" : ", best " + short_text(best))
            );
        };
        const landscape_result result = search_landscape(in.problem, table, in.fixed, options);
        display.clear();
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        const landscape_heading heading{in.name, table.name, common.seed, runs, seconds};
        if (common.json) {
            print(landscape_document(result, heading));
        } else {
            std::cout << landscape_text(result, heading);
        }
        return result.interrupted ? 3 : result.alternatives().empty() ? 1 : 0;
    }
};

} // namespace

command add_landscape(CLI::App& tool, common_options& common) {
    const auto given = std::make_shared<landscape_command>();
    CLI::App* app = tool.add_subcommand(
        "landscape", "find alternative patches: change by change, what does as well as the fix"
    );
    app->add_option("PROBLEM", given->problem, problem_help)->required();
    app->add_option("--data", given->data, data_help);
    app->add_option("--profile", given->profile, profile_help);
    app->add_option("--budget", given->budget, "work to spend, in trainings of the problem (500)")
        ->check(positive_number);
    app->add_option("--runs", given->runs, "trainings of each configuration (5)")
        ->check(positive_number);
    app->add_option("--keep", given->keep, "better neighbours to go on from (5)")
        ->check(positive_number);
    app->add_option(
        "--order", given->order, "order of the changes: deepfd, mnist, cifar, later (deepfd)"
    );
    add_common(*app, common);
    return {app, [given, &common] { return given->run(common); }};
}

} // namespace mend::tool
