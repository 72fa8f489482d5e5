// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include <mend/nn/loss_terms.hpp>

namespace nn_loss_terms_tests {

using mend::loss_kind;

namespace {

double value(loss_kind kind, double y, double p) {
    return mend::detail::element_loss<double>({.kind = kind}, false, y, p).value;
}

} // namespace

TEST_CASE("loss terms: values of one number are the closed forms") {
    CHECK(value(loss_kind::mean_squared_error, 1, 3) == doctest::Approx(4));
    CHECK(value(loss_kind::mean_absolute_error, 1, 3) == doctest::Approx(2));
    CHECK(value(loss_kind::mean_absolute_percentage_error, 4, 3) == doctest::Approx(25));
    CHECK(
        value(loss_kind::mean_squared_logarithmic_error, 1, 3) ==
        doctest::Approx(std::log(2.0) * std::log(2.0))
    );
    CHECK(value(loss_kind::mean_squared_logarithmic_error, 1e-7, -3) == doctest::Approx(0));
    CHECK(value(loss_kind::log_cosh, 1, 3) == doctest::Approx(std::log(std::cosh(2.0))));
    CHECK(value(loss_kind::log_cosh, 0, 500) == doctest::Approx(500 - std::log(2.0)));
    CHECK(value(loss_kind::huber, 1, 3) == doctest::Approx(1.5));
    CHECK(value(loss_kind::huber, 1, 1.5) == doctest::Approx(0.125));
    CHECK(value(loss_kind::poisson, 2, 3) == doctest::Approx(3 - 2 * std::log(3.0)));
    CHECK(value(loss_kind::kl_divergence, 0.5, 0.25) == doctest::Approx(0.5 * std::log(2.0)));
    CHECK(value(loss_kind::binary_crossentropy, 1, 0.8) == doctest::Approx(-std::log(0.8)));
    CHECK(value(loss_kind::binary_crossentropy, 0, 0.8) == doctest::Approx(-std::log(0.2)));
}

TEST_CASE("loss terms: derivatives agree with central differences") {
    using enum loss_kind;
    for (const loss_kind kind :
         {mean_squared_error,
          mean_absolute_error,
          mean_absolute_percentage_error,
          mean_squared_logarithmic_error,
          hinge,
          squared_hinge,
          log_cosh,
          huber,
          poisson,
          kl_divergence,
          binary_crossentropy}) {
        for (const double y : {0.3, 1.0}) {
            for (const double p : {0.2, 0.6, 0.9}) {
                const double slope =
                    mend::detail::element_loss<double>({.kind = kind}, false, y, p).slope;
                const double wanted = (value(kind, y, p + 1e-6) - value(kind, y, p - 1e-6)) / 2e-6;
                CHECK_MESSAGE(
                    std::abs(slope - wanted) < 1e-6 * std::max(1.0, std::abs(wanted)),
                    static_cast<int>(kind)
                );
            }
        }
    }
}

} // namespace nn_loss_terms_tests
