// SPDX-License-Identifier: MIT
// mend mutate: makes a problem worse by one of DeepCrime's operators, or finds what tests kill.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <mend/core/error.hpp>
#include <mend/data/split.hpp>
#include <mend/eval/kill.hpp>
#include <mend/eval/mutant_runs.hpp>
#include <mend/fault/mutant.hpp>
#include <mend/io/json_text.hpp>
#include <mend/io/mutant_report.hpp>
#include <mend/io/problem_json.hpp>
#include <mend/io/text_file.hpp>

#include "command.hpp"

namespace mend::tool {

namespace {

struct mutate_command {
    std::string problem;
    std::string data;
    std::string profile = "full";
    std::string code;
    std::string layer;
    std::string value;
    std::string out;
    std::string by = "glm";
    std::string on = "test";
    std::optional<int> label;
    std::optional<double> from;
    std::optional<double> to;
    std::optional<double> precision;
    std::optional<int> decimals;
    std::size_t runs = 20;
    bool exact = false;
    bool inputs = false;
    bool list = false;
    bool search = false;

    [[nodiscard]] int run(const common_options& common) const {
        check_outputs({{"--out", out}});
        const input in = read_input(problem, profile);
        if (list) {
            return show_list(in, common);
        }
        if (code.empty()) {
            throw usage_error("--operator", "is needed, or --list");
        }
        return search ? find_killing(in, common) : write(in, common);
    }

private:
    [[nodiscard]] bool knows_data(const input& in) const {
        return !data.empty() || !in.data.empty();
    }

    /// Reads the data only where the operator has to know them.
    [[nodiscard]] mutation_facts facts_of(const input& in, bool wanted) const {
        if (!wanted || !knows_data(in)) {
            return {};
        }
        return mutation_facts_of(in.problem, read_data(data, in));
    }

    /// --layer: a number from 0, or the name of a layer.
    [[nodiscard]] mutation_site site_in(const mend::problem& p) const {
        if (layer.empty()) {
            return std::nullopt;
        }
        std::size_t number = 0;
        const char* end = layer.data() + layer.size();
        const auto read = std::from_chars(layer.data(), end, number);
        if (read.ec == std::errc{} && read.ptr == end && number < p.model.layers.size()) {
            return number;
        }
        for (std::size_t i = 0; i < p.model.layers.size(); ++i) {
            if (p.model.layers[i].name == layer) {
                return i;
            }
        }
        throw usage_error(
            "--layer",
            "\"" + layer + "\" is no layer: there are 0 to " +
                std::to_string(p.model.layers.size() - 1) + ", and their names"
        );
    }

    [[nodiscard]] int show_list(const input& in, const common_options& common) const {
        const mutation_facts facts = facts_of(in, true);
        if (common.json) {
            print(operators_document(in.problem, facts));
        } else {
            std::cout << operators_text(in.problem, facts);
        }
        return 0;
    }

    [[nodiscard]] int write(const input& in, const common_options& common) const {
        const any_operator& how = find_operator(code);
        mutation m{
            .code = std::string(how.about.code),
            .layer = site_in(in.problem),
            .value = mutation_value_from(value),
            .label = label,
            .seed = common.seed};
        if (how.about.code == "HDB" && !knows_data(in)) {
            throw usage_error("--data", "is needed: HDB makes one batch of all training rows");
        }
        m = complete_mutation(std::move(m), in.problem, facts_of(in, how.about.code == "HDB"));

        // What went in comes out: a problem or a fault; changed data make a fault in any case.
        document mutant;
        std::vector<std::string> change;
        if (how.changes_data() || in.is_fault) {
            if (how.changes_data() && in.mutation) {
                throw usage_error(
                    "--operator",
                    "the data of this fault are changed already: one mutation at a time"
                );
            }
            if (!knows_data(in)) {
                throw usage_error("--data", "is needed: the problem does not name its data");
            }
            if (how.changes_data()) { // what can not be done is to be said now
                const dataset altered = alter(read_data(data, in), m);
                static_cast<void>(split(altered, in.problem.fit.validation_split));
            }
            fault made = mutant_fault(id_of(in, m), in.problem, data.empty() ? in.data : data, m);
            if (in.mutation) {
                made.source.set("mutation", document_from(*in.mutation));
            }
            change = mutant_lines(in.problem, made.problem, m);
            mutant = std::move(made.source);
        } else {
            const mend::problem made = inject(in.problem, m);
            change = mutant_lines(in.problem, made, m);
            mutant = parse_json(to_json(made), in.name);
        }
        if (!out.empty()) {
            write_text_file(out, to_json(mutant, 1) + "\n");
        }
        if (common.json) {
            print(mutant_document(m, change, std::move(mutant)));
        } else if (out.empty()) {
            print(mutant);
        } else {
            for (const std::string& line : change) {
                std::cout << line << '\n';
            }
        }
        return 0;
    }

    [[nodiscard]] static std::string id_of(const input& in, const mutation& m) {
        std::string id = in.name + "_" + to_text(m);
        for (char& c : id) {
            const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '_' || c == '.';
            c = plain ? c : '_';
        }
        id.front() = id.front() == '.' ? '_' : id.front();
        return id;
    }

    [[nodiscard]] int find_killing(const input& in, const common_options& common) const {
        const auto start = std::chrono::steady_clock::now();
        const any_operator& how = find_operator(code);
        if (!out.empty()) {
            throw usage_error("--out", "writes a mutant; --kill only tells");
        }
        const dataset table = read_data(data, in);
        if (how.changes_data() && table.train_view) {
            throw usage_error(
                "--operator", "the data of this fault are changed already: one mutation at a time"
            );
        }
        if (label && *label >= table.classes) {
            throw usage_error(
                "--label",
                table.classes > 0 ? "is a class from 0 to " + std::to_string(table.classes - 1)
                                  : "is for data with classes"
            );
        }
        mutant_run_options options;
        options.runs = runs;
        options.seed = common.seed;
        options.jobs = common.jobs;
        options.on_train = on == "both";
        options.inputs = inputs;
        options.rule.test = by == "glm" ? killing_test::glm : killing_test::wilcoxon;
        options.rule.rounded = !exact;
        options.interrupted = &interrupted;
        options.progress = [](const std::string& what) {
            std::cerr << "mend: trained " << what << '\n';
        };
        const kill_options wanted{
            .layer = site_in(in.problem),
            .value = mutation_value_from(value),
            .label = label,
            .mild = from,
            .strong = to,
            .precision = precision,
            .decimals = decimals};
        const kill_plan plan =
            plan_kill(how, in.problem, mutation_facts_of(in.problem, table), wanted);
        try {
            mutant_runs trained(in.problem, table, options);
            const kill_result result = kill(plan, trained);
            kill_heading heading{in.name, table.name, &how, trained.score(), options.rule.test};
            heading.runs = runs;
            heading.seed = common.seed;
            heading.trainings = trained.trainings();
            heading.seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            if (common.json) {
                print(kill_document(result, heading));
            } else {
                std::cout << kill_text(result, heading);
            }
            return 0;
        } catch (const mutant_run_interrupted&) {
            std::cerr << "mend: interrupted\n";
            return 3;
        }
    }
};

} // namespace

command add_mutate(CLI::App& tool, common_options& common) {
    const auto given = std::make_shared<mutate_command>();
    CLI::App* app =
        tool.add_subcommand("mutate", "break a problem on purpose; find what is noticed");
    app->add_option("PROBLEM", given->problem, problem_help)->required();
    app->add_option("--operator", given->code, "DeepCrime's code of what to change: TCL, ACH, ...");
    app->add_flag("--list", given->list, "list the operators that apply, where, with what values");
    app->add_option("--layer", given->layer, "which layer: a number from 0, or its name");
    app->add_option(
        "--value", given->value, "the setting; a name or number of a list is drawn else"
    );
    app->add_option("--label", given->label, "TCL, TCO: the class to change (the largest)")
        ->check(CLI::NonNegativeNumber)
        ->check(plain_number);
    app->add_option("--data", given->data, data_help);
    app->add_option("--profile", given->profile, profile_help);
    app->add_option("--out", given->out, "write the mutant here");
    app->add_flag("--kill", given->search, "search the mildest setting that the test part notices");
    app->add_option("--runs", given->runs, "trainings of original and each mutant (20)")
        ->check(CLI::Range(2, 100000))
        ->check(plain_number);
    app->add_option("--by", given->by, "the test: glm, wilcoxon (glm)")
        ->check(CLI::IsMember({"glm", "wilcoxon"}));
    app->add_flag(
        "--exact", given->exact, "compare p as it is, not as DeepCrime prints it (0.000)"
    );
    app->add_flag(
        "--inputs", given->inputs, "tell how trivial killed mutants are, and which are redundant"
    );
    app->add_option(
           "--on", given->on, "test, or both test and train, for the mutation score (test)"
    )
        ->check(CLI::IsMember({"test", "both"}));
    app->add_option("--from", given->from, "mild end of the search (the original)");
    app->add_option("--to", given->to, "strong end of the search");
    app->add_option("--precision", given->precision, "ends the search when its ends are this close")
        ->check(positive_number);
    app->add_option("--decimals", given->decimals, "of the values that are tried")
        ->check(CLI::Range(0, 12))
        ->check(plain_number);
    add_common(*app, common);
    return {app, [given, &common] { return given->run(common); }};
}

} // namespace mend::tool
