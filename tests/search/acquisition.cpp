// SPDX-License-Identifier: MIT
#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/search/acquisition.hpp>

namespace search_acquisition_tests {

using namespace mend;

// -log EI and -log PI with deviation 0.3 at z, from 60-digit arithmetic (HEBO's specification, T7).
TEST_CASE("acquisition: the logarithms are exact far into the tails") {
    struct expected {
        double z, improvement, probability;
    };

    for (const auto& e :
         {expected{-6, 23.782852, 20.736769},
          expected{-8, 38.326337, 35.013437},
          expected{-12, 79.113073, 75.410673},
          expected{-20, 208.121811, 203.917155},
          expected{-40, 809.502541, 804.608442}}) {
        CAPTURE(e.z);
        const double mean = -0.3 * e.z;
        CHECK(
            -log_expected_improvement(mean, 0.3, 0) == doctest::Approx(e.improvement).epsilon(1e-7)
        );
        CHECK(
            -log_improvement_probability(mean, 0.3, 0) ==
            doctest::Approx(e.probability).epsilon(1e-7)
        );
    }
}

TEST_CASE("acquisition: the logarithms agree with the plain functions and do not jump") {
    for (double z = -9; z < 9; z += 0.01) {
        const double improvement = normal_density(z) + z * normal_probability(z);
        if (z > -4) {
            REQUIRE(log_unit_improvement(z) == doctest::Approx(std::log(improvement)));
            REQUIRE(log_normal_probability(z) == doctest::Approx(std::log(normal_probability(z))));
        }
        REQUIRE(log_unit_improvement(z + 0.01) > log_unit_improvement(z));
        REQUIRE(log_normal_probability(z + 0.01) >= log_normal_probability(z));
    }
    const double at = detail::tail_begins;
    CHECK(std::abs(log_unit_improvement(at + 1e-12) - log_unit_improvement(at - 1e-12)) < 1e-9);
    CHECK(std::abs(log_normal_probability(at + 1e-12) - log_normal_probability(at - 1e-12)) < 1e-9);
}

TEST_CASE("acquisition: everything is finite for z from -1000 to 50 and deviations down to 1e-7") {
    for (const double deviation : {1e-7, 0.3, 1e7}) {
        for (double z = -1000; z <= 50; z += 0.7) {
            const double mean = -z * deviation;
            REQUIRE(std::isfinite(log_expected_improvement(mean, deviation, 0)));
            REQUIRE(std::isfinite(log_improvement_probability(mean, deviation, 0)));
            REQUIRE(std::isfinite(expected_improvement(mean, deviation, 0)));
            REQUIRE(expected_improvement(mean, deviation, 0) >= 0);
        }
    }
}

TEST_CASE("acquisition: expected improvement and its probability are the means of samples") {
    random_stream stream(7, 0, purpose::search);
    const double mean = 0.4;
    const double deviation = 0.7;
    const double best = 0.1;
    double improvement = 0;
    double better = 0;
    const int samples = 400000;
    for (int i = 0; i < samples; ++i) {
        const double y = mean + deviation * stream.normal();
        improvement += std::fmax(best - y, 0) / samples;
        better += (y < best ? 1.0 : 0.0) / samples;
    }
    CHECK(
        expected_improvement(mean, deviation, best) == doctest::Approx(improvement).epsilon(0.01)
    );
    CHECK(improvement_probability(mean, deviation, best) == doctest::Approx(better).epsilon(0.01));
}

TEST_CASE("acquisition: the confidence bounds lie on both sides of the mean") {
    CHECK(lower_confidence_bound(0.5, 0.3, 3) == doctest::Approx(-0.4));
    CHECK(upper_confidence_bound(0.5, 0.3, 3) == doctest::Approx(1.4));
}

} // namespace search_acquisition_tests
