// SPDX-License-Identifier: MIT
#include <limits>
#include <span>

#include <doctest/doctest.h>

#include <mend/autodiff/check.hpp>

namespace autodiff_check_tests {

namespace {

using mend::tape;
using mend::variable;

/// x^2 of one number, with a derivative of `factor` x.
variable square(tape<double>& t, variable x, double factor) {
    double* const y = t.allocate(1);
    *y = *t.data(x) * *t.data(x);
    return t.record(
        y,
        mend::shape{},
        mend::operation::other,
        {x},
        [x, factor](tape<double>& back, variable self) {
            *back.contribute(x).data = factor * *back.data(x) * *back.gradient(self).data();
        }
    );
}

double error_of(double factor) {
    return mend::gradient_error(
        {mend::tensor<double>(mend::shape{}, 3.0)},
        [&](tape<double>& t, std::span<const variable> v) { return square(t, v[0], factor); }
    );
}

} // namespace

TEST_CASE("check: accepts a right gradient and notices a wrong one") {
    CHECK(error_of(2) < 1e-8);
    CHECK(error_of(2.001) > 1e-4);
    CHECK(error_of(-2) > 1);
}

TEST_CASE("check: a gradient that is not a number is an error") {
    CHECK_FALSE(error_of(std::numeric_limits<double>::quiet_NaN()) < 1);
}

} // namespace autodiff_check_tests
