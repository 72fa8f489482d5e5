// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include <mend/io/results_csv.hpp>
#include <mend/io/text_file.hpp>

#include "scratch.hpp"

namespace io_results_csv_tests {

namespace {

using namespace mend;

experiment_run some_run() {
    experiment_run row;
    row.fault = "D1";
    row.technique = "tpe";
    row.space = "study";
    row.run = 3;
    row.seed = std::numeric_limits<std::uint64_t>::max();
    row.data = "csv:a,b.csv#target=\"y\"";
    row.budget = 20;
    row.faulty = 1.0 / 3;
    row.patched = 0.1 + 0.2;
    row.fixed = 1;
    row.trials = 7;
    row.trainings = 19.25;
    row.seconds = 1.25;
    row.metric = "accuracy";
    row.patch = "loss: a -> b; x, \"y\"";
    row.course = {{1, 0.5}, {2.75, 1e-7}};
    return row;
}

} // namespace

TEST_CASE("results: a line reads back exactly, quotes, missing numbers and all") {
    const scratch folder;
    const experiment_run row = some_run();
    const std::string path = folder.write("r.csv", result_header() + result_line(row));
    const auto read = read_results(path);
    REQUIRE(read.size() == 1);
    CHECK(result_line(read[0]) == result_line(row));
    CHECK(read[0].same_cell(row));
    CHECK(read[0].seed == row.seed);
    CHECK(read[0].data == row.data);
    CHECK(read[0].patch == row.patch);
    CHECK(read[0].patched == row.patched);
    CHECK(read[0].course == row.course);
    CHECK(std::isnan(read[0].complexity));
    CHECK_FALSE(read[0].has_patch());
}

TEST_CASE("results: what is no table of results is refused with its place") {
    const scratch folder;
    const auto refused = [&](const std::string& text, const std::string& word) {
        try {
            static_cast<void>(read_results(folder.write("r.csv", text)));
            FAIL("accepted");
        } catch (const file_error& mistake) {
            CAPTURE(mistake.what());
            CHECK(std::string(mistake.what()).find(word) != std::string::npos);
        }
    };
    refused("a,b\n1,2\n", "columns");
    refused(result_header() + "D1,tpe\n", "line 2");
    std::string line = result_line(some_run());
    line.replace(line.find("19.25"), 5, "many!");
    refused(result_header() + line, "trainings");
    CHECK(read_results(folder.write("r.csv", result_header())).empty());
    CHECK(read_results(folder.write("r.csv", "")).empty());
}

} // namespace io_results_csv_tests
