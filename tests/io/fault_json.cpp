// SPDX-License-Identifier: MIT
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/dataset.hpp>
#include <mend/io/fault_json.hpp>

#include "../build_facts.hpp"

namespace {

std::vector<mend::fault> shipped() {
    std::vector<mend::fault> faults;
    const auto folder = std::filesystem::path(build_facts::source_folder) / "examples" / "problems";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".json") {
            faults.push_back(mend::read_fault(entry.path().string()));
            CHECK(faults.back().id == entry.path().stem().string());
        }
    }
    return faults;
}

} // namespace

TEST_CASE("fault_json: every shipped fault reads, names data that exist and has a fix that matters"
) {
    const std::vector<mend::fault> faults = shipped();
    CHECK(faults.size() >= 9);
    std::set<std::string> data;
    for (const mend::fault& f : faults) {
        CAPTURE(f.id);
        CHECK_FALSE(f.about.empty());
        CHECK_FALSE(mend::apply(f.problem, f.fix) == f.problem);
        CHECK_NOTHROW(static_cast<void>(mend::read_dataset(f.data + "?n=200")));
        data.insert(f.data);
    }
    CHECK(data.size() == 8); // every built-in task has one
}

TEST_CASE("fault_json: a summary says the fix in words") {
    for (const mend::fault& f : shipped()) {
        if (f.id == "mnist_mlp_learning_rate") {
            const mend::document summary = mend::summary_document(f);
            REQUIRE(summary.find("fix")->size() == 1);
            CHECK(
                summary.find("fix")->items()[0].as_string() == "optimizer.learning_rate: 1 -> 0.001"
            );
        }
    }
}
