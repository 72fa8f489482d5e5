// SPDX-License-Identifier: MIT
// mend train: trains a problem and evaluates it.
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <mend/data/split.hpp>
#include <mend/io/parts_npz.hpp>
#include <mend/io/train_report.hpp>
#include <mend/io/weights.hpp>
#include <mend/repair/runs.hpp>
#include <mend/train/build.hpp>
#include <mend/train/score.hpp>

#include "command.hpp"

namespace mend::tool {

namespace {

struct train_command {
    std::string problem;
    std::string data;
    std::string profile = "full";
    int runs = 1;
    std::string weights;
    std::string initial_weights;
    std::string write_data;

    int run(const common_options& common) const {
        check_outputs({{"--weights", weights}, {"--write-data", write_data}});
        const input in = read_input(problem, profile);
        const dataset table = read_data(data, in);
        const score_rule score = resolve_score(in.problem.compile.metrics, table);
        const data_parts parts = split(table, in.problem.fit.validation_split);
        std::vector<std::uint64_t> seeds;
        for (int i = 0; i < runs; ++i) {
            seeds.push_back(common.seed + static_cast<std::uint64_t>(i));
        }
        const network<float> net = build_network(in.problem, table);
        std::vector<tensor<float>> start;
        if (!initial_weights.empty()) {
            start = read_weights(initial_weights, net.parameters());
        }
        const train_options how{
            .metrics = true, .keep_weights = !weights.empty(), .initial_weights = start};
        const auto done =
            train_runs(in.problem, table, parts, score, seeds, common.jobs, &interrupted, how);
        if (common.json) {
            print(train_document(in.problem, table, score, seeds, done));
        } else {
            std::cout << train_text(in.problem, table, score, seeds, done) << std::flush;
        }
        if (!weights.empty() && !interrupted) {
            write_weights(weights, net.parameters(), done[0].weights);
        }
        if (!write_data.empty() && !interrupted) {
            write_parts(write_data, parts, table.classes);
        }
        return interrupted ? 3 : 0;
    }
};

} // namespace

command add_train(CLI::App& tool, common_options& common) {
    const auto given = std::make_shared<train_command>();
    CLI::App* app = tool.add_subcommand("train", "train a problem and evaluate it");
    app->add_option("PROBLEM", given->problem, problem_help)->required();
    app->add_option("--data", given->data, data_help);
    app->add_option("--profile", given->profile, profile_help);
    app->add_option("--runs", given->runs, "how often, with seeds N, N+1, ... (1)")
        ->check(positive_number);
    app->add_option(
        "--weights",
        given->weights,
        "write the trained weights to this npz file: an array for each, layers[0].kernel, "
        "layers[0].bias, ..., in the order of Keras' get_weights(); of several runs, those of the "
        "first"
    );
    app->add_option(
        "--initial-weights",
        given->initial_weights,
        "begin every run with the weights of this npz file: by these names, or in that order"
    );
    app->add_option(
        "--write-data",
        given->write_data,
        "write the rows that were trained and judged on to this npz file, so that Keras can do the "
        "same: x_train, y_train, x_val, y_val, x_test, y_test"
    );
    add_common(*app, common);
    return {app, [given, &common] { return given->run(common); }};
}

} // namespace mend::tool
