// SPDX-License-Identifier: MIT
#include <atomic>
#include <cmath>

#include <doctest/doctest.h>

#include <mend/eval/landscape.hpp>

#include "../repair/blobs.hpp"

namespace eval_landscape_tests {

namespace {

using namespace mend;

landscape_result searched(int jobs, double budget, const std::atomic<bool>* interrupted = nullptr) {
    const problem faulty = test::blobs_problem(1e-5);
    return search_landscape(
        faulty,
        test::blobs_data(),
        test::blobs_problem(0.1),
        {.budget = budget, .runs = 3, .seed = 5, .jobs = jobs, .interrupted = interrupted}
    );
}

} // namespace

TEST_CASE("landscape: keeps its budget, and finds the same for every number of jobs") {
    const landscape_result one = searched(1, 150);
    const landscape_result three = searched(3, 150);
    CHECK(one.trainings <= 150);
    CHECK(one.trainings > 140);
    CHECK_FALSE(one.complete);
    CHECK(one.evaluated > 30);
    REQUIRE(one.nodes.size() == three.nodes.size());
    CHECK(one.evaluated == three.evaluated);
    for (std::size_t i = 0; i < one.nodes.size(); ++i) {
        CHECK(one.nodes[i].found.number == three.nodes[i].found.number);
        CHECK(one.nodes[i].found.scores == three.nodes[i].found.scores);
        CHECK(one.nodes[i].patch == three.nodes[i].patch);
    }
    CHECK(one.threshold == three.threshold);
}

TEST_CASE("landscape: whatever the budget, the faulty problem is evaluated") {
    const landscape_result least = searched(1, 0.01);
    CHECK(least.evaluated == 1);
    REQUIRE(least.nodes.size() == 1);
    CHECK(least.nodes[0].patch.empty());
}

TEST_CASE("landscape: nodes are one change from their parent, and improve on it or are accepted") {
    const landscape_result found = searched(1, 150);
    REQUIRE(found.nodes.size() > 1);
    CHECK(found.fixed.size() == 3);
    CHECK(found.nodes[0].patch.empty());
    CHECK(found.nodes[0].p == 1);
    for (std::size_t i = 1; i < found.nodes.size(); ++i) {
        const landscape_node& node = found.nodes[i];
        CHECK(node.found.scores.size() == 3);
        CHECK_FALSE(node.patch.empty());
        CHECK(node.complexity >= 1);
        CHECK((node.found.improving || node.found.accepted));
        CHECK(node.found.accepted == (node.found.mean >= found.threshold));
    }
    const auto alternatives = found.alternatives();
    for (std::size_t i = 1; i < alternatives.size(); ++i) {
        CHECK(
            found.nodes[alternatives[i - 1]].found.mean >= found.nodes[alternatives[i]].found.mean
        );
    }
}

TEST_CASE("landscape: told to stop it ends without a half-trained configuration") {
    const std::atomic<bool> stop{true};
    const landscape_result found = searched(2, 150, &stop);
    CHECK(found.interrupted);
    CHECK(found.nodes.empty());
    CHECK(found.fixed.empty());
}

TEST_CASE("landscape: without a known fix an alternative is what beats the faulty problem") {
    const landscape_result found = search_landscape(
        test::blobs_problem(0.003), test::blobs_data(), std::nullopt, {.budget = 300, .runs = 4}
    );
    CHECK(std::isnan(found.threshold));
    for (const std::size_t i : found.alternatives()) {
        CHECK(found.nodes[i].p < 0.05);
    }
    CHECK_FALSE(found.alternatives().empty());
}

TEST_CASE("landscape: what trains at all is better than a faulty problem that fails") {
    const landscape_result found = search_landscape(
        test::blobs_problem(1e30), test::blobs_data(), std::nullopt, {.budget = 200, .runs = 4}
    );
    REQUIRE_FALSE(found.nodes.empty());
    CHECK(found.nodes[0].found.scores.empty());
    REQUIRE_FALSE(found.alternatives().empty());
    CHECK(found.nodes[found.alternatives()[0]].found.improving);
}

} // namespace eval_landscape_tests
