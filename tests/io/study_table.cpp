// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/io/study_html.hpp>
#include <mend/io/study_table.hpp>

#include "study_rows.hpp"

namespace io_study_table_tests {

namespace {

using namespace mend;

bool holds_text(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<fault> published_faults() {
    fault f;
    f.id = "D1";
    f.source = parse_json(R"({"published": {"faulty": 0.52, "fixed": 1, "results": [
        {"technique": "random", "budget": 10, "mean": 0.9, "std": 0.19, "improvement_rate": 0.8},
        {"technique": "random", "budget": 20, "mean": 1.0, "std": 0.0, "improvement_rate": 1.2,
         "complexity": 12.6, "normalised_complexity": 0.84, "asymmetric_jaccard": 1.0},
        {"technique": "hebo", "budget": 20, "mean": 0.76, "std": 0.24, "improvement_rate": 0.5,
         "complexity": 12.2, "normalised_complexity": 0.813, "asymmetric_jaccard": null}]}})");
    fault own;
    own.id = "own";
    own.source = document::object();
    return {f, own};
}

} // namespace

TEST_CASE("published results: those of the budget are read, the rest is left") {
    const auto published = published_of(published_faults(), 20);
    REQUIRE(published.size() == 1);
    CHECK(published[0].faulty == 0.52);
    CHECK(published[0].results.size() == 2);
    CHECK(published[0].find("random")->complexity == 12.6);
    CHECK(std::isnan(published[0].find("hebo")->jaccard));
    CHECK(published[0].find("bohb") == nullptr);
    CHECK(published_of(published_faults(), 10)[0].results.size() == 1);
}

TEST_CASE("study table: how often each fault was run is told from the rows") {
    auto rows = test::study_rows();
    const study_heading heading{"tiny", 0, 4, 20, 0, ""};
    CHECK(holds_text(study_table(summarise(rows), {}, heading), ", 8 runs of each technique"));
    rows.pop_back();
    CHECK(holds_text(study_table(summarise(rows), {}, heading), ", 7 to 8 runs of each technique"));
}

TEST_CASE("study table: scores and rates stand beside the published ones, averages below") {
    const auto rows = test::study_rows();
    const experiment_summary all = summarise(rows);
    const auto published = published_of(published_faults(), 20);
    const std::string table = study_table(all, published, {"tiny", 0, 4, 20, 0, "mend study"});
    CAPTURE(table);
    CHECK(holds_text(
        table,
        "| fault | metric | faulty | fixed | random | guided | oracle | "
        "published: faulty | fixed | random | hebo |"
    ));
    CHECK(holds_text(table, "| D1 | accuracy | 0.500 | 0.900 |"));
    CHECK(holds_text(table, "1.000 ± 0.000 | 0.760 ± 0.240 |"));
    CHECK(holds_text(table, "C2 ‡"));
    CHECK(holds_text(table, "**mean over 2 of the twenty**"));
    CHECK(holds_text(table, "1.00 | 0.50 |")); // published rates, clipped
    CHECK(holds_text(table, "published: hebo (means)"));
    CHECK(holds_text(table, "▲"));
    CHECK_FALSE(holds_text(table, "nan"));
}

TEST_CASE("study table: without published results and random search the columns are left out") {
    auto rows = test::study_rows();
    std::erase_if(rows, [](const experiment_run& row) { return row.technique == "random"; });
    const std::string table = study_table(summarise(rows), {}, {});
    CHECK_FALSE(holds_text(table, "published"));
    CHECK_FALSE(holds_text(table, "Against random"));
}

TEST_CASE("study table: the averages are one JSON object, too") {
    const auto rows = test::study_rows();
    const document out = study_document(summarise(rows), {"tiny", 0, 4, 20, 0, ""});
    CHECK(out.find("techniques")->size() == 3);
    CHECK(out.find("techniques")->items()[1].find("technique")->as_string() == "guided");
    CHECK(holds_text(study_text(summarise(rows)), "guided"));
}

TEST_CASE("study page: one file that loads nothing, with a panel a fault and a row a technique") {
    const auto rows = test::study_rows();
    const experiment_summary all = summarise(rows);
    const std::string page =
        study_html(all, published_of(published_faults(), 20), {"tiny", 0, 4, 20, 0, "a < b"});
    CHECK(page.starts_with("<!doctype html>"));
    for (const char* part : {"<script", "http://", "https://", "src=", "nan", "inf\"", "inf "}) {
        CAPTURE(part);
        CHECK_FALSE(holds_text(page, part));
    }
    CHECK(holds_text(page, "a &lt; b"));
    CHECK(holds_text(page, "critical difference"));
    CHECK(holds_text(page, "improvement rate by technique"));
    for (const std::string& fault : all.faults) {
        CHECK(holds_text(page, "<title>" + fault));
    }
    // Every element that opens closes.
    const auto count = [&](const std::string& part) {
        std::size_t found = 0;
        for (auto at = page.find(part); at != std::string::npos; at = page.find(part, at + 1)) {
            ++found;
        }
        return found;
    };
    for (const char* tag : {"svg", "table", "figure", "div", "text"}) {
        CAPTURE(tag);
        CHECK(
            count("<" + std::string(tag) + ">") + count("<" + std::string(tag) + " ") ==
            count("</" + std::string(tag) + ">")
        );
    }
}

} // namespace io_study_table_tests
