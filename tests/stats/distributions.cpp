// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include <mend/stats/distributions.hpp>

namespace stats_distributions_tests {

using doctest::Approx;

// scipy 1.10.1: beta.cdf, ncf.cdf, f.isf
TEST_CASE("distributions: beta and F agree with scipy") {
    CHECK(mend::incomplete_beta(0.3, 2, 5) == Approx(0.5798250000000003).epsilon(1e-13));
    CHECK(mend::incomplete_beta(0.01, 10, 0.5) == Approx(1.770034965528571e-21).epsilon(1e-12));
    CHECK(mend::incomplete_beta(0.5, 100, 90) == Approx(0.2335396319370428).epsilon(1e-12));
    CHECK(mend::f_below(4.098, 1, 38, 8.265) == Approx(0.1999956575143855).epsilon(1e-12));
    CHECK(mend::f_below(2.5, 3, 12, 1.5) == Approx(0.7725512227781997).epsilon(1e-12));
    CHECK(mend::f_below(30, 1, 38, 100) == Approx(6.538988919276302e-05).epsilon(1e-10));
    CHECK(mend::f_critical(0.05, 1, 38) == Approx(4.098171730880841).epsilon(1e-12));
    CHECK(mend::f_critical(0.05, 1, 18) == Approx(4.413873419170566).epsilon(1e-12));
    CHECK(mend::f_critical(0.01, 3, 20) == Approx(4.938193382310539).epsilon(1e-12));
}

TEST_CASE("distributions: closed forms hold") {
    for (const double x : {0.0, 0.2, 0.5, 0.9, 1.0}) {
        CHECK(mend::incomplete_beta(x, 1, 1) == Approx(x));
        CHECK(mend::incomplete_beta(x, 1, 3) == Approx(1 - std::pow(1 - x, 3)));
        CHECK(
            mend::incomplete_beta(x, 2.5, 0.7) + mend::incomplete_beta(1 - x, 0.7, 2.5) == Approx(1)
        );
    }
    // F(2, 2) has the distribution function f / (1 + f).
    CHECK(mend::f_below(3, 2, 2) == Approx(0.75));
    CHECK(mend::f_critical(0.25, 2, 2) == Approx(3));
    CHECK(mend::f_below(-1, 2, 2) == 0);
    CHECK(mend::normal_tail(0) == 0.5);
    CHECK(mend::normal_tail(1.959963984540054) == Approx(0.025).epsilon(1e-12));
    CHECK(mend::f_below(5, 1, 10, std::numeric_limits<double>::infinity()) == 0);
    for (const double lambda : {1e7, 1e15, 1e300}) { // no sum over them
        CHECK(mend::f_below(5, 1, 10, lambda) == 0);
    }
    CHECK(mend::f_below(5, 1, 10, 1e-12) == Approx(mend::f_below(5, 1, 10)));
    CHECK_THROWS_AS(static_cast<void>(mend::incomplete_beta(2, 1, 1)), mend::contract_violation);
}

} // namespace stats_distributions_tests
