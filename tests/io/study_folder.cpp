// SPDX-License-Identifier: MIT
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/fault_json.hpp>
#include <mend/io/study_folder.hpp>
#include <mend/io/text_file.hpp>

#include "../build_facts.hpp"
#include "scratch.hpp"

namespace io_study_folder_tests {

namespace {

using namespace mend;

std::vector<fault> some_faults() {
    return {read_fault(
        std::string(build_facts::source_folder) + "/examples/problems/blobs_mlp_zero_weights.json"
    )};
}

const std::vector<document_member> settings{{"budget", 5}, {"profile", "tiny"}};

experiment_run row_of(const char* fault, const char* technique, std::size_t run) {
    experiment_run row;
    row.fault = fault;
    row.technique = technique;
    row.space = "mend";
    row.run = run;
    row.metric = "accuracy";
    return row;
}

} // namespace

TEST_CASE("study folder: what was appended is there when it is opened again") {
    const scratch files;
    const auto faults = some_faults();
    {
        study_folder folder(files.path("study"), settings, faults);
        CHECK(folder.rows().empty());
        folder.append(row_of("b", "tpe", 1));
        folder.append(row_of("b", "oracle", 0));
        folder.append({"b", true, 1}, 0.25);
        folder.append({"b", false, 0}, std::nan(""));
    }
    study_folder folder(files.path("study"), settings, faults);
    CHECK(folder.warnings().empty());
    REQUIRE(folder.rows().size() == 2);
    CHECK(folder.rows()[0].same_cell(row_of("b", "tpe", 1)));
    CHECK(folder.baseline_of("b").fixed == std::vector<double>{0.25});
    CHECK(folder.baseline_of("b").faulty.size() == 1);
    CHECK(std::isnan(folder.baseline_of("b").faulty[0]));
}

TEST_CASE("study folder: a torn last line is dropped with a warning, the rest is kept") {
    const scratch files;
    const auto faults = some_faults();
    { study_folder(files.path("study"), settings, faults).append(row_of("b", "tpe", 0)); }
    for (const char* name : {"study/results.csv", "study/baselines.csv"}) {
        const std::string path = files.path(name);
        files.write(name, read_text_file(path) + "b,random,0,0,blo");
    }
    {
        study_folder folder(files.path("study"), settings, faults);
        CHECK(folder.warnings().size() == 2);
        CHECK(folder.rows().size() == 1);
        folder.append(row_of("b", "random", 0));
    }
    CHECK(study_folder(files.path("study"), settings, faults).rows().size() == 2);
}

TEST_CASE("study folder: rows are put in order, random first and the oracle last") {
    const scratch files;
    const auto faults = some_faults();
    study_folder folder(files.path("study"), settings, faults);
    for (const auto& [fault, technique, run] :
         {std::tuple{"mine", "random", 0},
          {"C1", "oracle", 0},
          {"C1", "tpe", 1},
          {"C1", "tpe", 0},
          {"C1", "random", 0},
          {"D3", "tpe", 0}}) {
        folder.append(row_of(fault, technique, static_cast<std::size_t>(run)));
    }
    folder.put_in_order();
    std::string order;
    for (const experiment_run& row : read_results(files.path("study/results.csv"))) {
        order += row.fault + "/" + row.technique + "/" + std::to_string(row.run) + " ";
    }
    CHECK(order == "D3/tpe/0 C1/random/0 C1/tpe/0 C1/tpe/1 C1/oracle/0 mine/random/0 ");
}

TEST_CASE(
    "study folder: another experiment, another fault of the name and a second user are refused"
) {
    const scratch files;
    auto faults = some_faults();
    const auto open = [&](const std::vector<document_member>& with) {
        return said<file_error>(files, [&] {
            study_folder(files.path("study"), with, faults);
            return 0;
        });
    };
    CHECK(open(settings).empty());
    CHECK(open({{"budget", 6}}) == "study/study.json: holds a study with budget 5, not 6");
    CHECK(open(settings).empty());
    {
        const study_folder user(files.path("study"), settings, faults);
        CHECK(open(settings).find("another mend process") != std::string::npos);
    }
    faults[0].problem.fit.epochs += 1;
    CHECK(open(settings).find("another fault") != std::string::npos);
}

TEST_CASE("study folder: files of another kind are refused and stay as they are") {
    const auto faults = some_faults();
    for (const char* name : {"results.csv", "baselines.csv"}) {
        const scratch files;
        std::filesystem::create_directories(files.path("study"));
        const std::string own = "my,own,table\n1,2,3";
        files.write(std::string("study/") + name, own);
        CHECK_THROWS_AS(study_folder(files.path("study"), settings, faults), file_error);
        CHECK(read_text_file(files.path(std::string("study/") + name)) == own);
        CHECK_FALSE(std::filesystem::exists(files.path("study/study.json")));
    }
    for (const char* odd : {"[]", "5", R"({"faults": 5})", R"({"data": []})"}) {
        const scratch files;
        std::filesystem::create_directories(files.path("study"));
        files.write("study/study.json", odd);
        CHECK_THROWS_AS(study_folder(files.path("study"), settings, faults), file_error);
    }
}

TEST_CASE("study folder: a fault's runs are all on the same data") {
    const scratch files;
    const auto faults = some_faults();
    {
        study_folder folder(files.path("study"), settings, faults);
        folder.expect_data("M3", "digits in place of mnist");
        folder.expect_data("M3", "digits in place of mnist");
    }
    study_folder folder(files.path("study"), settings, faults);
    folder.expect_data("D1", "blobs");
    CHECK_THROWS_AS(folder.expect_data("M3", "mnist"), file_error);
}

} // namespace io_study_folder_tests
