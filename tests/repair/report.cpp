// SPDX-License-Identifier: MIT
#include <limits>
#include <set>

#include <doctest/doctest.h>

#include <mend/repair/repair.hpp>
#include <mend/repair/report.hpp>

#include "blobs.hpp"

namespace repair_report_tests {

namespace {

const mend::score_rule accuracy{mend::score_kind::accuracy};
const mend::score_rule error{mend::score_kind::mean_absolute_error};

mend::measurement of(const std::vector<double>& validation, const std::vector<double>& test) {
    return {validation, test, {}};
}

} // namespace

// Five against five without a tie has 252 orders; the best of them has p = 1/252.
TEST_CASE("report: clearly better on both parts is improved, with the exact p") {
    const auto before = of({0.1, 0.11, 0.12, 0.13, 0.14}, {0.1, 0.1, 0.1, 0.1, 0.1});
    const auto after = of({0.9, 0.91, 0.92, 0.93, 0.94}, {0.9, 0.9, 0.9, 0.9, 0.9});
    const mend::comparison c = mend::compare(before, after, accuracy);
    CHECK(c.verdict == mend::verdict::improved);
    CHECK(c.p == doctest::Approx(1.0 / 252));
    CHECK(mend::compare(after, before, accuracy).verdict == mend::verdict::none);
    CHECK(mend::compare(after, before, error).verdict == mend::verdict::improved);
}

TEST_CASE("report: better on validation but not on test is said so") {
    const auto before = of({0.1, 0.11, 0.12, 0.13, 0.14}, {0.5, 0.5, 0.5, 0.5, 0.5});
    const auto after = of({0.9, 0.91, 0.92, 0.93, 0.94}, {0.4, 0.4, 0.4, 0.4, 0.4});
    CHECK(mend::compare(before, after, accuracy).verdict == mend::verdict::validation_only);
}

TEST_CASE("report: a score that is NaN is worse than any number") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto failed = of({nan, nan, nan, nan, nan}, {nan, nan, nan, nan, nan});
    const auto trained = of({5, 6, 7, 8, 9}, {5, 6, 7, 8, 9});
    CHECK(mend::compare(failed, trained, error).verdict == mend::verdict::improved);
    CHECK(mend::compare(trained, failed, error).verdict == mend::verdict::none);
}

TEST_CASE("report: measuring does not depend on the number of jobs, and seeds do not repeat") {
    const mend::problem p = mend::test::blobs_problem(0.05);
    const mend::dataset data = mend::test::blobs_data();
    const mend::data_parts parts = mend::repair_parts(p, data);
    const auto one = mend::measure(p, data, parts, accuracy, 1, 0, 4, 1);
    const auto two = mend::measure(p, data, parts, accuracy, 1, 0, 4, 3);
    CHECK(one.validation == two.validation);
    CHECK(one.test == two.test);
    CHECK(std::set<double>(one.validation.begin(), one.validation.end()).size() > 1);
}

} // namespace repair_report_tests
