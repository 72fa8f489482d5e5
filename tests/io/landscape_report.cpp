// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/io/landscape_report.hpp>

namespace io_landscape_report_tests {

namespace {

using namespace mend;

landscape_node node_of(std::size_t number, double mean_score, bool accepted, const char* line) {
    landscape_node node;
    node.found.number = number;
    node.found.parent = number == 0 ? neutrality_node::none : 0;
    node.found.scores = {mean_score, mean_score};
    node.found.mean = mean_score;
    node.found.improving = number != 0;
    node.found.accepted = accepted;
    node.complexity = number == 0 ? 0 : 1;
    node.p = number == 0 ? 1 : 0.01;
    if (number != 0) {
        node.patch.edits = {{.path = "/fit/epochs", .value = 3}};
        node.patch.text = {line};
    }
    return node;
}

landscape_result some_result() {
    landscape_result result;
    result.nodes = {
        node_of(0, 0.5, false, ""),
        node_of(4, 0.8, false, "fit.epochs: 1 -> 2"),
        node_of(9, 0.95, true, "fit.epochs: 1 -> 3")};
    result.fixed = {0.9, 0.9};
    result.threshold = 0.9;
    result.evaluated = 12;
    result.trainings = 24;
    return result;
}

} // namespace

TEST_CASE("landscape report: alternatives reach the known fix, the best first") {
    const landscape_result result = some_result();
    const std::string text = landscape_text(result, {"p", "blobs", 0, 2, 1.5});
    CHECK(text.find("1 alternative as good as the known fix") != std::string::npos);
    CHECK(text.find("fit.epochs: 1 -> 3") != std::string::npos);
    CHECK(text.find("fit.epochs: 1 -> 2") == std::string::npos);
    const document out = landscape_document(result, {"p", "blobs", 0, 2, 1.5});
    CHECK(*out.find("alternatives") == document(document::array_type{9}));
    CHECK(out.find("nodes")->size() == 3);
    CHECK(out.find("nodes")->items()[1].find("kept_as")->as_string() == "improving");
    CHECK(out.find("nodes")->items()[0].find("parent") == nullptr);
    CHECK(out.find("evaluated")->as_integer() == 12);
}

TEST_CASE("landscape report: where nothing reaches the fix, the best is shown and said to be less"
) {
    landscape_result result = some_result();
    result.nodes.pop_back();
    const std::string text = landscape_text(result, {"p", "blobs", 0, 2, 1.5});
    CHECK(text.find("no alternative as good as the known fix; the best") != std::string::npos);
    CHECK(text.find("fit.epochs: 1 -> 2") != std::string::npos);
    result.nodes.resize(1);
    CHECK(
        landscape_text(result, {"p", "blobs", 0, 2, 1.5}).find("nothing better than the faulty") !=
        std::string::npos
    );
    result.nodes.clear();
    result.interrupted = true;
    CHECK(landscape_text(result, {}).find("interrupted") != std::string::npos);
}

} // namespace io_landscape_report_tests
