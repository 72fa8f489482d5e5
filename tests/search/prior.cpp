// SPDX-License-Identifier: MIT
#include <cmath>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/search/prior.hpp>

namespace search_prior_tests {

using mend::inverse_softplus;
using mend::positive_prior;
using mend::softplus;
using mend::softplus_slope;

// HEBO's specification, T4.
TEST_CASE("prior: the densities have their published values") {
    const auto warp = positive_prior::log_normal(0, 0.75);
    CHECK(warp.log_density(1) == doctest::Approx(-0.6312564608).epsilon(1e-9));
    CHECK(warp.log_density(2) == doctest::Approx(-1.7514729870).epsilon(1e-9));
    const auto noise = positive_prior::log_normal(-4.63, 0.5);
    CHECK(noise.log_density(0.01) == doctest::Approx(4.3781457940).epsilon(1e-9));
    const auto variance = positive_prior::gamma(0.5, 1);
    CHECK(variance.log_density(0.5) == doctest::Approx(-0.7257913526).epsilon(1e-9));
    CHECK(positive_prior{}.log_density(3) == 0);
}

TEST_CASE("prior: softplus and the logarithm of its slope have their published values") {
    CHECK(std::log(softplus_slope(0.5)) == doctest::Approx(-0.9327521296).epsilon(1e-9));
    CHECK(std::log(softplus_slope(0.01)) == doctest::Approx(-4.6101660193).epsilon(1e-9));
    CHECK(std::log(softplus_slope(1)) == doctest::Approx(-0.4586751454).epsilon(1e-9));
    CHECK(std::log(softplus_slope(2)) == doctest::Approx(-0.1454134579).epsilon(1e-9));
    for (const double value : {1e-9, 1e-3, 0.7, 5.0, 35.0, 37.0, 1e4}) {
        CHECK(softplus(inverse_softplus(value)) == doctest::Approx(value).epsilon(1e-9));
    }
}

TEST_CASE("prior: slopes agree with central differences") {
    for (const auto& prior :
         {positive_prior::log_normal(-1, 0.6), positive_prior::gamma(2.5, 3), positive_prior{}}) {
        for (const double x : {0.05, 0.8, 4.0}) {
            const double h = 1e-6 * x;
            const double expected = (prior.log_density(x + h) - prior.log_density(x - h)) / (2 * h);
            CHECK(prior.slope(x) == doctest::Approx(expected).epsilon(1e-6));
        }
    }
}

TEST_CASE("prior: draws have the mean of their distribution and are positive") {
    mend::random_stream stream(3, 0, mend::purpose::search);
    const auto mean_of = [&](const positive_prior& prior) {
        double sum = 0;
        const int count = 200000;
        for (int i = 0; i < count; ++i) {
            const double x = prior.sample(stream);
            REQUIRE(x > 0);
            sum += x / count;
        }
        return sum;
    };
    CHECK(
        mean_of(positive_prior::log_normal(-4.63, 0.5)) == doctest::Approx(0.011054).epsilon(0.02)
    );
    CHECK(mean_of(positive_prior::gamma(0.5, 1)) == doctest::Approx(0.5).epsilon(0.02));
    CHECK(mean_of(positive_prior::gamma(3, 2)) == doctest::Approx(1.5).epsilon(0.02));
    static_cast<void>(mean_of(positive_prior{}));
}

} // namespace search_prior_tests
