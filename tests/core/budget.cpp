// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/core/budget.hpp>

namespace core_budget_tests {

TEST_CASE("budget: a strong type limits its own quantity alone") {
    const mend::budget twenty = mend::trainings(20);
    CHECK(twenty.trainings == 20);
    CHECK(twenty.trials == mend::budget::unlimited);
    CHECK(twenty.seconds == mend::budget::unlimited);
    CHECK(mend::is_limited(twenty));
    CHECK_FALSE(mend::is_limited(mend::budget{}));
}

TEST_CASE("budget: two limits together keep both, the smaller of the same kind") {
    const mend::budget both = mend::budget(mend::trainings(20)) & mend::seconds(60);
    CHECK(both.trainings == 20);
    CHECK(both.seconds == 60);
    CHECK((both & mend::trainings(5)).trainings == 5);
}

} // namespace core_budget_tests
