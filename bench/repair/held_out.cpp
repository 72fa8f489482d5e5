// SPDX-License-Identifier: MIT
// Draws faults that guided has never seen and writes them as files, for `mend study` to compare
// techniques on:
//
//     MEND_DATA_DIR=... build/bench/bench_held_out --out DIR [--mutants 50] [--seed 20261126]
//     [--jobs 2]
//
// Held out from what guided's table was fitted to (guided_table.cpp): the data (Reuters, MNIST,
// CIFAR-10, and formulas of the catalogue; the table has topics, too, since these were drawn), the
// networks, and the operators. Those are
// DeepCrime's except the ones that do what the table's own generator does (HLR, HNE, HBS, ACH, RAW,
// WCI, LCH, OCH); --operators takes others. Network, operator, layer and setting are drawn; what
// the test part does not notice (DeepCrime's killing test over 20 trainings of each) is drawn
// again, as is a mutant that was drawn before. An operator gives at most a quarter of all.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <mend/core/random.hpp>
#include <mend/eval/mutant_runs.hpp>
#include <mend/fault/mutant.hpp>
#include <mend/io/dataset.hpp>
#include <mend/io/json_text.hpp>
#include <mend/io/problem_json.hpp>
#include <mend/io/text_file.hpp>

namespace {

using namespace mend;

/// A problem that learns its data.
struct healthy {
    std::string name;
    std::string data;
    const char* problem;
};

const std::vector<healthy>& networks() {
    static const std::vector<healthy> all{
        {"topics_mlp",
         "topics?n=1500",
         R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Dense", "config": {"units": 48, "activation": "relu", "batch_input_shape": [null, 10000],
                "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.0001}}}},
            {"class_name": "Dropout", "config": {"rate": 0.3}},
            {"class_name": "Dense", "config": {"units": 46, "activation": "softmax"}}]}},
            "compile": {"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.003}},
                "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
            "fit": {"batch_size": 32, "epochs": 6, "validation_split": 0.2}})"},
        {"reuters_mlp",
         "reuters?limit=600",
         R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Dense", "config": {"units": 32, "activation": "elu", "batch_input_shape": [null, 10000]}},
            {"class_name": "Dropout", "config": {"rate": 0.5}},
            {"class_name": "Dense", "config": {"units": 24, "activation": "elu"}},
            {"class_name": "Dense", "config": {"units": 46, "activation": "softmax"}}]}},
            "compile": {"optimizer": {"class_name": "Adamax", "config": {"learning_rate": 0.005}},
                "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
            "fit": {"batch_size": 16, "epochs": 8, "validation_split": 0.2}})"},
        {"mnist_cnn",
         "mnist?limit=500",
         R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Conv2D", "config": {"filters": 8, "kernel_size": [5, 5], "strides": [2, 2],
                "batch_input_shape": [null, 28, 28, 1]}},
            {"class_name": "BatchNormalization", "config": {}},
            {"class_name": "Activation", "config": {"activation": "relu"}},
            {"class_name": "Conv2D", "config": {"filters": 16, "kernel_size": [3, 3], "activation": "relu"}},
            {"class_name": "Flatten", "config": {}},
            {"class_name": "Dropout", "config": {"rate": 0.25}},
            {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}]}},
            "compile": {"optimizer": {"class_name": "RMSprop", "config": {"learning_rate": 0.002}},
                "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
            "fit": {"batch_size": 25, "epochs": 6, "validation_split": 0.2}})"},
        {"mnist_mlp",
         "mnist?limit=800",
         R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "AveragePooling2D", "config": {"pool_size": [2, 2], "batch_input_shape": [null, 28, 28, 1]}},
            {"class_name": "Flatten", "config": {}},
            {"class_name": "Dense", "config": {"units": 40, "activation": "selu",
                "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.0001}}}},
            {"class_name": "Dense", "config": {"units": 40, "activation": "selu"}},
            {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}]}},
            "compile": {"optimizer": {"class_name": "Nadam", "config": {"learning_rate": 0.002}},
                "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
            "fit": {"batch_size": 40, "epochs": 10, "validation_split": 0.2,
                "callbacks": [{"class_name": "EarlyStopping", "config": {"monitor": "val_loss", "patience": 3}}]}})"},
        {"mnist_deep",
         "mnist?limit=600",
         R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Flatten", "config": {"batch_input_shape": [null, 28, 28, 1]}},
            {"class_name": "Dense", "config": {"units": 40, "activation": "relu",
                "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.0001}}}},
            {"class_name": "Dropout", "config": {"rate": 0.2}},
            {"class_name": "Dense", "config": {"units": 40, "activation": "relu",
                "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.0001}}}},
            {"class_name": "Dropout", "config": {"rate": 0.2}},
            {"class_name": "Dense", "config": {"units": 24, "activation": "tanh"}},
            {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}]}},
            "compile": {"optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.1, "clipnorm": 1.0}},
                "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
            "fit": {"batch_size": 20, "epochs": 10, "validation_split": 0.2}})"},
        {"reuters_wide",
         "reuters?limit=500",
         R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Dense", "config": {"units": 64, "activation": "tanh", "batch_input_shape": [null, 10000]}},
            {"class_name": "Dropout", "config": {"rate": 0.4}},
            {"class_name": "Dense", "config": {"units": 46, "activation": "softmax",
                "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.00001}}}}]}},
            "compile": {"optimizer": {"class_name": "RMSprop", "config": {"learning_rate": 0.002}},
                "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
            "fit": {"batch_size": 25, "epochs": 6, "validation_split": 0.2,
                "callbacks": [{"class_name": "EarlyStopping", "config": {"monitor": "val_loss", "patience": 2}}]}})"},
        {"cifar_cnn",
         "cifar10?limit=400",
         R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Conv2D", "config": {"filters": 16, "kernel_size": [4, 4], "strides": [4, 4], "activation": "relu",
                "batch_input_shape": [null, 32, 32, 3]}},
            {"class_name": "Conv2D", "config": {"filters": 32, "kernel_size": [3, 3], "activation": "relu"}},
            {"class_name": "GlobalAveragePooling2D", "config": {}},
            {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}]}},
            "compile": {"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}},
                "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
            "fit": {"batch_size": 20, "epochs": 12, "validation_split": 0.2}})"},
        {"threshold_mlp",
         "threshold?limit=800",
         R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Dense", "config": {"units": 6, "activation": "tanh", "batch_input_shape": [null, 1]}},
            {"class_name": "Dense", "config": {"units": 2, "activation": "softmax"}}]}},
            "compile": {"optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.05, "momentum": 0.9, "clipnorm": 1.0}},
                "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
            "fit": {"batch_size": 32, "epochs": 6, "validation_split": 0.2}})"},
        {"fivefold_mlp",
         "fivefold",
         R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Dense", "config": {"units": 12, "activation": "relu", "batch_input_shape": [null, 1],
                "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.0001}}}},
            {"class_name": "Dense", "config": {"units": 12, "activation": "relu"}},
            {"class_name": "Dense", "config": {"units": 1}}]}},
            "compile": {"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}},
                "loss": "mean_squared_error", "metrics": ["mae"]},
            "fit": {"batch_size": 8, "epochs": 40, "validation_split": 0.2}})"},
        {"squares_mlp", "squares", R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Dense", "config": {"units": 10, "batch_input_shape": [null, 2]}},
            {"class_name": "LeakyReLU", "config": {}},
            {"class_name": "Dense", "config": {"units": 2, "activation": "softmax"}}]}},
            "compile": {"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01, "clipvalue": 1.0}},
                "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
            "fit": {"batch_size": 8, "epochs": 20, "validation_split": 0.2}})"},
    };
    return all;
}

/// A healthy problem with what was trained of it and its mutants.
struct original {
    const healthy* from;
    problem p;
    std::unique_ptr<mutant_runs> trained;
};

/// One mutation, all of it drawn; nothing where the operator does not apply.
std::optional<mutation> draw(const any_operator& how, const original& of, random_stream& random) {
    const mutation_facts facts = of.trained->facts();
    const std::vector<mutation_site> sites = mutant_sites(how, of.p, facts);
    if (sites.empty()) {
        return std::nullopt;
    }
    mutation m{.code = std::string(how.about.code), .layer = sites[random.below(sites.size())]};
    const setting_range range = mutant_settings(how, of.p, m.layer, facts);
    if (range.interval) {
        const setting_interval& over = *range.interval;
        const double value = over.mild + (over.strong - over.mild) * random.uniform();
        m.value = std::stod(fixed_text(value, over.decimals));
    } else {
        m.value = range.values[random.below(range.values.size())];
    }
    return m;
}

} // namespace

int main(int count, char** words) {
    CLI::App app("Draws faults that guided has never seen.", "bench_held_out");
    std::string out;
    std::size_t wanted = 50;
    std::uint64_t seed = 20261126;
    int jobs = 2;
    std::vector<std::string> codes{
        "HDB", "ARM", "AAL", "RCW", "RRW", "RCD", "RCP", "WAB", "WRB", "OCG", "VRM"};
    app.add_option("--out", out, "the folder to write to")->required();
    app.add_option("--mutants", wanted, "how many (50)")->check(CLI::PositiveNumber);
    app.add_option("--seed", seed, "of all that is drawn (20261126)");
    app.add_option("--jobs", jobs, "trainings at a time; changes nothing (2)");
    app.add_option("--operators", codes, "DeepCrime's codes")->delimiter(',');
    CLI11_PARSE(app, count, words);
    try {
        std::vector<original> originals;
        for (const healthy& one : networks()) {
            const problem p = parse_problem(one.problem, one.name);
            mutant_run_options options{.runs = 20, .seed = seed, .jobs = jobs};
            originals.push_back(
                {&one, p, std::make_unique<mutant_runs>(p, read_dataset(one.data), options)}
            );
        }
        std::filesystem::create_directories(out);
        std::map<std::string, std::size_t> by_operator;
        std::set<std::string> drawn;
        std::size_t written = 0;
        const std::size_t most = (wanted + 3) / 4;
        for (std::uint64_t i = 0; written < wanted && i < 100 * wanted; ++i) {
            random_stream random(seed, i, purpose::mutation);
            original& of = originals[random.below(originals.size())];
            const any_operator& how = find_operator(codes[random.below(codes.size())]);
            const std::string code(how.about.code);
            const std::optional<mutation> m =
                by_operator[code] < most ? draw(how, of, random) : std::nullopt;
            if (!m || !drawn.insert(of.from->name + " " + to_text(*m)).second) {
                continue;
            }
            const std::optional<killing> verdict = of.trained->judge(*m);
            const bool killed = verdict && verdict->killed;
            std::cerr << of.from->name << " " << to_text(*m) << ": "
                      << (!verdict ? "cannot be trained"
                          : killed ? "killed"
                                   : "survives")
                      << (verdict ? ", d " + fixed_text(verdict->d, 2) : "") << std::endl;
            if (!killed) {
                continue;
            }
            const std::string number = std::to_string(100 + written).substr(1);
            const std::string id = "held_" + number + "_" + of.from->name + "_" + code;
            document file = mutant_fault(id, of.p, of.from->data, *m).source;
            document measured = document::object();
            measured.set("p", verdict->p);
            measured.set("d", std::isfinite(verdict->d) ? document(verdict->d) : document());
            file.set("killed", measured);
            write_text_file(out + "/" + id + ".json", to_json(file, 1) + "\n");
            ++by_operator[code];
            ++written;
        }
        for (const auto& [code, times] : by_operator) {
            std::cout << code << ": " << times << '\n';
        }
        std::cout << written << " mutants\n";
        return written == wanted ? 0 : 1;
    } catch (const error& mistake) {
        std::cerr << "bench_held_out: " << mistake.what() << '\n';
        return 2;
    }
}
