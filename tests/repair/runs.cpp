// SPDX-License-Identifier: MIT
#include <atomic>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/runs.hpp>

#include "blobs.hpp"

namespace repair_runs_tests {

TEST_CASE("runs: one training per seed, in the order of the seeds, whatever the number of jobs") {
    const mend::problem p = mend::test::blobs_problem(0.05);
    const mend::dataset data = mend::test::blobs_data();
    const mend::data_parts parts = mend::split(data, 0.0);
    const mend::score_rule rule{mend::score_kind::accuracy};
    const std::vector<std::uint64_t> seeds{7, 3, 7};
    const auto one = mend::train_runs(p, data, parts, rule, seeds, 1);
    const auto two = mend::train_runs(p, data, parts, rule, seeds, 2);
    REQUIRE(one.size() == 3);
    CHECK(one[0].curve == one[2].curve);
    CHECK(one[0].curve != one[1].curve);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(one[i].curve == two[i].curve);
        CHECK(one[i].test == two[i].test);
    }
}

TEST_CASE("runs: set to stop, they end as stopped") {
    const mend::problem p = mend::test::blobs_problem(0.05);
    const mend::dataset data = mend::test::blobs_data();
    const std::atomic<bool> stop{true};
    const std::vector<std::uint64_t> seeds{1};
    const auto runs = mend::train_runs(
        p, data, mend::split(data, 0.0), {mend::score_kind::accuracy}, seeds, 1, &stop
    );
    CHECK(runs[0].status == mend::status::stopped);
}

} // namespace repair_runs_tests
