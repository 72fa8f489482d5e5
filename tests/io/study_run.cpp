// SPDX-License-Identifier: MIT
#include <atomic>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/fault_json.hpp>
#include <mend/io/study_run.hpp>
#include <mend/io/text_file.hpp>
#include <mend/search/random.hpp>

#include "../build_facts.hpp"
#include "scratch.hpp"

namespace io_study_run_tests {

namespace {

using namespace mend;

// Two small faults by random search and the oracle.
study_plan small_plan(int jobs) {
    study_plan plan;
    for (const char* name : {"blobs_mlp_zero_weights", "line_mlp_output"}) {
        fault f = read_fault(
            std::string(build_facts::source_folder) + "/examples/problems/" + name + ".json"
        );
        f.data += "?n=80";
        f.problem.fit.epochs = 2;
        f.problem.source = {};
        plan.faults.push_back(std::move(f));
    }
    plan.techniques = {
        {"random",
         [](const problem& faulty, const dataset& data, const repair_options& options) {
             return repair(faulty, data, random_search{}, options);
         }},
        {"oracle", {}}};
    plan.runs = 2;
    plan.baseline_runs = 2;
    plan.jobs = jobs;
    plan.options.budget = 3;
    return plan;
}

// results.csv without the seconds.
std::string results(const std::string& path) {
    std::string text;
    for (experiment_run row : read_results(path)) {
        row.seconds = 0;
        text += result_line(row);
    }
    return text;
}

std::string run_whole(const scratch& files, const std::string& name, int jobs) {
    const study_plan plan = small_plan(jobs);
    study_folder folder(files.path(name), settings_of(plan), plan.faults);
    CHECK(run_study_plan(plan, folder));
    folder.put_in_order();
    return results(files.path(name + "/results.csv"));
}

} // namespace

TEST_CASE("study run: the results are the same for every number of jobs, and none is done twice") {
    const scratch files;
    const std::string one = run_whole(files, "one", 1);
    CHECK(one == run_whole(files, "three", 3));
    CHECK(std::count(one.begin(), one.end(), '\n') == 2 * 2 * 2);
    study_plan again = small_plan(1);
    std::size_t calls = 0;
    again.progress = [&](std::size_t, std::size_t, const experiment_run*) { ++calls; };
    study_folder folder(files.path("one"), settings_of(again), again.faults);
    CHECK(run_study_plan(again, folder));
    CHECK(calls == 0);
}

TEST_CASE("study run: interrupted anywhere, it goes on to the same results") {
    const scratch files;
    const std::string whole = run_whole(files, "whole", 1);
    std::size_t stops = 0;
    for (std::size_t after = 1;; after += 3) {
        std::atomic<bool> stop{false};
        study_plan plan = small_plan(1);
        plan.options.interrupted = &stop;
        std::size_t seen = 0;
        plan.progress = [&](std::size_t, std::size_t, const experiment_run*) {
            stop = ++seen == after;
        };
        // Stopped within a cell, too: after so many trials of all.
        for (experiment_technique& technique : plan.techniques) {
            if (technique.run) {
                technique.run =
                    [&, run = technique.run](
                        const problem& faulty, const dataset& data, repair_options options
                    ) {
                        options.progress = [&](const study_progress& now) {
                            stop = stop || (after % 2 == 0 && now.told->size() == after);
                        };
                        return run(faulty, data, options);
                    };
            }
        }
        study_folder folder(files.path("stopped"), settings_of(plan), plan.faults);
        if (run_study_plan(plan, folder)) {
            folder.put_in_order();
            break;
        }
        ++stops;
        REQUIRE(stops < 50);
    }
    CHECK(stops > 2);
    CHECK(results(files.path("stopped/results.csv")) == whole);
}

TEST_CASE("study run: data are read for each fault as a repair of it reads them") {
    const scratch files;
    const std::string word =
        "csv:" + files.write("a.csv", "a,y\n1,3\n2,4\n3,5\n4,3\n5,4\n6,5\n") + "#target=y";
    problem number;
    number.model.input_shape = {1};
    number.model.layers = {{dense_spec{}}};
    number.compile.loss.name = "mean_squared_error";
    number.compile.metrics = {"mae"};
    problem label = number;
    label.compile.metrics = {"accuracy"};
    detail::shared_datasets datasets;
    datasets.expect(word, number);
    datasets.expect(word, label);
    CHECK(datasets.take(word, number)->classes == 0);
    CHECK(datasets.take(word, label)->classes == 3);
}

TEST_CASE("study run: a fault that its data do not fit is bad input") {
    const scratch files;
    study_plan plan = small_plan(2);
    plan.faults[0].data = "textures?n=50";
    study_folder folder(files.path("bad"), settings_of(plan), plan.faults);
    CHECK_THROWS_AS(run_study_plan(plan, folder), error);
}

} // namespace io_study_run_tests
