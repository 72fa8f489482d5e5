// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include <mend/record/check.hpp>

namespace record_check_tests {

using namespace mend;

namespace {

training_checks two_checks() {
    training_checks seen;
    training_check first{.loss = 2.5, .zero_gradients = 0.25, .output_high = 3};
    first.layers.resize(3);
    first.layers[0].gradient = 1e-9;
    first.layers[2].dead_units = 0.5;
    training_check second = first;
    second.epoch = 12;
    second.loss = std::numeric_limits<double>::infinity();
    second.bad_gradients = 7;
    second.layers[2].dead_units = 1;
    seen.at = {first, second};
    return seen;
}

} // namespace

TEST_CASE("check: checks come back from signals as they were") {
    training_checks seen = two_checks();
    signals all{{"other", 1}};
    add_signals(all, seen);
    REQUIRE(find_signal(all, "check/start/loss") != nullptr);
    CHECK(*find_signal(all, "check/start/loss") == 2.5);
    REQUIRE(find_signal(all, "check/12/layer/2/dead_units") != nullptr);
    CHECK(*find_signal(all, "check/12/layer/2/dead_units") == 1);
    CHECK(find_signal(all, "check/12/layer/0/dead_units") == nullptr); // not measured
    // The layer in between showed nothing, and the last one of all keeps the count.
    CHECK(find_checks(all) == seen);

    seen.failure = failure_point{3, 77, breakage::outputs, 1};
    signals failed;
    add_signals(failed, seen);
    CHECK(find_checks(failed) == seen);
}

TEST_CASE("check: what is not of a check is passed over") {
    const signals all{
        {"check/3x/loss", 1}, {"check//loss", 1}, {"checks/1/loss", 2}, {"gradient", 3}};
    CHECK(find_checks(all) == training_checks{});
    const signals odd{{"check/1/unknown", 1}, {"check/1/layer/999999999/mean", 1}};
    REQUIRE(find_checks(odd).at.size() == 1);
    CHECK(find_checks(odd).at[0] == training_check{.epoch = 1});
}

} // namespace record_check_tests
