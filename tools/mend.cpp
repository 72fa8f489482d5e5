// SPDX-License-Identifier: MIT
// The command line: parse, call, print.
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include <mend/io.hpp>
#include <mend/mend.hpp>

#include "progress.hpp"

extern const std::vector<std::string_view> fault_texts;

namespace {

std::atomic<bool> interrupted{false};

extern "C" void on_interrupt(int) {
    // A second one ends the program at once.
    if (interrupted.exchange(true)) {
        std::_Exit(3);
    }
}

/// What every command takes.
struct common_options {
    std::uint64_t seed = 0;
    int jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    bool json = false;
};

/// A problem and what the fault that it came in says besides.
struct input {
    std::string name;
    mend::problem problem;
    std::string data; ///< of the fault, if any
};

std::vector<mend::fault> catalogue() {
    std::vector<mend::fault> faults;
    faults.reserve(fault_texts.size());
    for (const std::string_view text : fault_texts) {
        faults.push_back(mend::parse_fault(text, "catalogue"));
    }
    return faults;
}

mend::fault find_fault(std::string_view id) {
    std::vector<std::string> known;
    for (mend::fault& f : catalogue()) {
        if (f.id == id) {
            return std::move(f);
        }
        known.push_back(f.id);
    }
    throw mend::usage_error(
        "fault:" + std::string(id), "no such fault; there are " + mend::join(known, ", ")
    );
}

input read_input(const std::string& word) {
    if (word.starts_with("fault:")) {
        mend::fault f = find_fault(word.substr(6));
        return {f.id, std::move(f.problem), f.data};
    }
    const std::string text = mend::read_text_file(word);
    const mend::document root = mend::parse_json(text, word);
    input in{std::filesystem::path(word).stem().string(), mend::parse_problem(text, word), {}};
    if (const mend::document* data = root.find("data"); data != nullptr && data->is_string()) {
        in.data = data->as_string();
    }
    return in;
}

mend::dataset read_data(const std::string& word, const input& in) {
    if (word.empty() && in.data.empty()) {
        throw mend::usage_error("--data", "is needed: the problem does not name its data");
    }
    return mend::read_dataset(word.empty() ? in.data : word);
}

void print(const mend::document& out) { std::cout << mend::to_json(out, 2) << '\n'; }

struct repair_command {
    std::string problem;
    std::string data;
    std::string technique{mend::techniques().front().name};
    std::string space = "mend";
    double budget = 0;
    double seconds = 0;
    std::string study;
    std::string out;
    std::string report;

    int run(const common_options& common) const {
        const input in = read_input(problem);
        const mend::dataset table = read_data(data, in);
        mend::repair_options options;
        options.seed = common.seed;
        options.jobs = common.jobs;
        options.space = mend::space_named(space);
        options.interrupted = &interrupted;
        options.budget = mend::trainings(budget > 0 ? budget : 20);
        if (seconds > 0) {
            options.budget = options.budget & mend::seconds(seconds);
        }
        const mend::any_searcher searcher = mend::make_technique(technique);
        const mend::score_rule score = mend::resolve_score(in.problem.compile.metrics, table);

        std::optional<mend::journal> file;
        if (!study.empty()) {
            const mend::fix_space over = mend::repair_space(in.problem, table, options.space);
            file.emplace(
                study,
                over.over(),
                mend::journal_options{
                    .study = in.name + "/" + technique + "/" + std::to_string(common.seed),
                    .maximize = {score.higher_is_better()},
                    .settings =
                        {{"technique", technique},
                         {"space", space},
                         {"seed", std::to_string(common.seed)},
                         {"data", table.name},
                         {"problem", mend::to_json(mend::document_of(in.problem))}}}
            );
            if (!file->warning().empty()) {
                std::cerr << "mend: " << study << ": " << file->warning() << '\n';
            }
            options.past = file->past();
            options.journal = [&](const mend::trial& t) { file->append(t); };
        }
        mend::tool::progress_display display(false);
        options.progress = [&](const mend::study_progress& now) { display.show(now, score); };
        const mend::repair_result result = mend::repair(in.problem, table, searcher, options);
        display.clear();

        const mend::report_heading heading{in.name, technique, space, common.seed, common.jobs};
        if (!out.empty() && !result.interrupted()) {
            mend::write_problem(out, result.fixed);
        }
        if (!report.empty()) {
            mend::write_text_file(report, mend::repair_html(result, table, heading));
        }
        if (common.json) {
            print(mend::repair_document(result, table, heading));
        } else {
            std::cout << mend::repair_text(result, table, heading);
        }
        return result.interrupted() ? 3 : result.improved() ? 0 : 1;
    }
};

struct train_command {
    std::string problem;
    std::string data;
    int runs = 1;

    int run(const common_options& common) const {
        const input in = read_input(problem);
        const mend::dataset table = read_data(data, in);
        const mend::score_rule score = mend::resolve_score(in.problem.compile.metrics, table);
        const mend::data_parts parts = mend::split(table, in.problem.fit.validation_split);
        std::vector<std::uint64_t> seeds;
        for (int i = 0; i < runs; ++i) {
            seeds.push_back(common.seed + static_cast<std::uint64_t>(i));
        }
        const auto done =
            mend::train_runs(in.problem, table, parts, score, seeds, common.jobs, &interrupted);
        if (common.json) {
            print(mend::train_document(in.problem, table, score, seeds, done));
        } else {
            std::cout << mend::train_text(in.problem, table, score, seeds, done);
        }
        return interrupted ? 3 : 0;
    }
};

struct faults_command {
    std::string id;
    std::string out;

    int run(const common_options& common) const {
        if (!id.empty()) {
            const mend::fault f = find_fault(id);
            if (!out.empty()) {
                mend::write_text_file(out, mend::to_json(f.source, 1) + "\n");
            } else {
                print(f.source);
            }
            return 0;
        }
        if (!out.empty()) {
            throw mend::usage_error("--out", "needs the ID of a fault");
        }
        const std::vector<mend::fault> faults = catalogue();
        if (common.json) {
            mend::document list = mend::document::array();
            for (const mend::fault& f : faults) {
                list.push_back(mend::summary_document(f));
            }
            mend::document all = mend::document::object();
            all.set("faults", std::move(list));
            print(all);
        } else {
            std::cout << mend::faults_text(faults);
        }
        return 0;
    }
};

void add_common(CLI::App& command, common_options& common) {
    command.add_option("--seed", common.seed, "seed of everything random (0)");
    command.add_option("--jobs", common.jobs, "trainings at a time; changes no result (all cores)")
        ->check(CLI::PositiveNumber);
    command.add_flag("--json", common.json, "print one JSON object");
}

constexpr const char* problem_help = "a problem or fault file, or fault:ID";
constexpr const char* data_help = "the data: blobs, circles, moons, spirals, line, digits, "
                                  "textures, topics, mnist:DIR, cifar10:DIR, "
                                  "npz:FILE, csv:FILE#target=COLUMN, each with ?key=value&...";

int run(int count, char** words) {
    CLI::App app(
        "Repairs neural networks that train badly: finds a small patch and shows that it helps.",
        "mend"
    );
    app.set_version_flag("--version", std::string(mend::version));
    app.require_subcommand(1);
    common_options common;

    repair_command repair;
    CLI::App* repair_app =
        app.add_subcommand("repair", "find a patch after which a problem trains well");
    repair_app->add_option("PROBLEM", repair.problem, problem_help)->required();
    repair_app->add_option("--data", repair.data, data_help);
    repair_app->add_option(
        "--technique", repair.technique, "how to search: " + mend::technique_list()
    );
    repair_app->add_option("--space", repair.space, "what may be changed: mend, study");
    repair_app
        ->add_option("--budget", repair.budget, "work to spend, in trainings of the problem (20)")
        ->check(CLI::PositiveNumber);
    repair_app->add_option("--seconds", repair.seconds, "time to spend, besides")
        ->check(CLI::PositiveNumber);
    repair_app->add_option(
        "--study", repair.study, "keep every trial in this file; go on from what is there"
    );
    repair_app->add_option("--out", repair.out, "write the repaired problem here");
    repair_app->add_option("--report", repair.report, "write a page that shows the search here");
    add_common(*repair_app, common);

    train_command train;
    CLI::App* train_app = app.add_subcommand("train", "train a problem and evaluate it");
    train_app->add_option("PROBLEM", train.problem, problem_help)->required();
    train_app->add_option("--data", train.data, data_help);
    train_app->add_option("--runs", train.runs, "how often, with seeds N, N+1, ... (1)")
        ->check(CLI::PositiveNumber);
    add_common(*train_app, common);

    faults_command faults;
    CLI::App* faults_app =
        app.add_subcommand("faults", "list the faults that mend knows, or show one");
    faults_app->add_option("ID", faults.id, "the fault to show");
    faults_app->add_option("--out", faults.out, "write the fault to this file");
    add_common(*faults_app, common);

    try {
        app.parse(count, words);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& mistake) {
        std::cerr << "mend: " << mistake.what() << '\n';
        return 2;
    }
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
    if (repair_app->parsed()) {
        return repair.run(common);
    }
    return train_app->parsed() ? train.run(common) : faults.run(common);
}

} // namespace

int main(int count, char** words) {
    try {
        return run(count, words);
    } catch (const mend::error& mistake) {
        std::cerr << "mend: " << mistake.what() << '\n';
        return 2;
    } catch (const std::bad_alloc&) {
        std::cerr << "mend: out of memory\n";
        return 2;
    } catch (const std::exception& defect) {
        std::cerr << "mend: internal error: " << defect.what() << '\n';
        return 2;
    }
}
