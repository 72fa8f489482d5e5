// SPDX-License-Identifier: MIT
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/dataset.hpp>
#include <mend/io/fault_json.hpp>
#include <mend/spec/apply.hpp>

#include "catalogue.hpp"

namespace io_fault_json_tests {

TEST_CASE("fault_json: every shipped fault reads, names data that exist and has a fix that matters"
) {
    const std::vector<mend::fault> faults = own_faults();
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
    for (const mend::fault& f : own_faults()) {
        if (f.id == "mnist_mlp_learning_rate") {
            const mend::document summary = mend::summary_document(f);
            REQUIRE(summary.find("fix")->size() == 1);
            CHECK(
                summary.find("fix")->items()[0].as_string() == "optimizer.learning_rate: 1 -> 0.001"
            );
        }
    }
}

TEST_CASE("fault_json: the list has the published faults first") {
    std::vector<mend::fault> faults = own_faults();
    const std::vector<mend::fault> published = published_faults();
    faults.insert(faults.end(), published.begin(), published.end());
    const std::string text = mend::faults_text(faults);
    CHECK(text.starts_with("Published faults"));
    CHECK(text.find("\nD4 ") < text.find("\n\nmend's own"));
    CHECK(text.find("\nblobs_mlp_zero_weights ") > text.find("\n\nmend's own"));
    CHECK(mend::summary_document(faults.back()).find("group")->as_string() == "published");
    CHECK(mend::summary_document(faults.front()).find("group")->as_string() == "own");
}

} // namespace io_fault_json_tests
