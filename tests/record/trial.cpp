// SPDX-License-Identifier: MIT
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <mend/record/trial.hpp>

namespace record_trial_tests {

using namespace mend;

namespace {

trial with_value(double value) {
    trial made;
    made.outcome.values = {value};
    return made;
}

} // namespace

TEST_CASE("trial: every status has a name that leads back to it") {
    for (std::size_t i = 0; i < status_names.size(); ++i) {
        const auto s = static_cast<status>(i);
        CHECK(find_status(to_text(s)) == s);
    }
    CHECK(to_text(status::out_of_memory) == "out_of_memory");
    CHECK_FALSE(find_status("fine").has_value());
}

TEST_CASE("trial: a failure has a cost and no value") {
    trial failed;
    failed.outcome = failure(status::diverged, 0.25);
    CHECK_FALSE(failed.completed());
    CHECK(failed.outcome.cost == 0.25);
    CHECK(std::isinf(failed.value()));
}

TEST_CASE("trial: the best is the smallest value, the first of equals, never a failure") {
    std::vector<trial> told{with_value(3), with_value(1), with_value(1)};
    CHECK(find_best(told) == 1);
    told[1].outcome = failure(status::nan, 1);
    CHECK(find_best(told) == 2);
    CHECK_FALSE(find_best({told[1]}).has_value());
    CHECK_FALSE(find_best({}).has_value());
}

TEST_CASE("trial: a higher fidelity is better than a smaller value") {
    std::vector<trial> told{with_value(1), with_value(3), with_value(2)};
    told[0].proposal.fidelity = 0.5;
    CHECK(find_best(told) == 2);
    CHECK(find_best({told[0]}) == 0);
}

} // namespace record_trial_tests
