// SPDX-License-Identifier: MIT
#include <span>

#include <doctest/doctest.h>

#include <mend/autodiff/check.hpp>
#include <mend/autodiff/normalize.hpp>

#include "samples.hpp"

namespace autodiff_normalize_tests {

namespace {

using mend::gradient_error;
using mend::tape;
using mend::variable;
using leaves = std::span<const variable>;

} // namespace

TEST_CASE("normalize: by the batch passes the gradient check, with and without gamma and beta") {
    const auto x = normal({37, 3}, 1);
    const auto gamma = normal({3}, 2);
    const auto beta = normal({3}, 3);
    CHECK(gradient_error({x, gamma, beta}, [](tape<double>& t, leaves v) {
              return weighted_square(t, normalize_batch(t, v[0], v[1], v[2], 1e-3).result);
          }) < 1e-7);
    CHECK(gradient_error({normal({2, 3, 3, 2}, 4)}, [](tape<double>& t, leaves v) {
              return weighted_square(
                  t, normalize_batch(t, v[0], variable{}, variable{}, 0.1).result
              );
          }) < 1e-7);
    CHECK(gradient_error({x, beta}, [](tape<double>& t, leaves v) {
              return weighted_square(t, normalize_batch(t, v[0], variable{}, v[1], 0.1).result);
          }) < 1e-7);
}

TEST_CASE("normalize: by given statistics passes the gradient check") {
    const double mean[] = {0.3, -1, 2};
    const double variance[] = {1, 0.2, 3};
    CHECK(
        gradient_error(
            {normal({5, 3}, 5), normal({3}, 6), normal({3}, 7)},
            [&](tape<double>& t, leaves v) {
                return weighted_square(t, normalize_by(t, v[0], mean, variance, v[1], v[2], 1e-3));
            }
        ) < 1e-7
    );
}

TEST_CASE("normalize: by rows passes the gradient check") {
    CHECK(
        gradient_error(
            {normal({4, 2, 3}, 8), normal({6}, 9), normal({6}, 10)},
            [](tape<double>& t, leaves v) {
                return weighted_square(t, normalize_rows(t, v[0], 6, v[1], v[2], 1e-3));
            }
        ) < 1e-7
    );
    CHECK(gradient_error({normal({4, 5}, 11)}, [](tape<double>& t, leaves v) {
              return weighted_square(t, normalize_rows(t, v[0], 5, variable{}, variable{}, 0.1));
          }) < 1e-7);
}

TEST_CASE("normalize: what comes out has mean 0 and variance 1") {
    tape<double> t;
    const auto x = normal({50, 4}, 12);
    const auto made = normalize_batch(t, t.constant(x.view()), variable{}, variable{}, 0.0);
    for (mend::index c = 0; c < 4; ++c) {
        double sum = 0;
        double squares = 0;
        for (mend::index r = 0; r < 50; ++r) {
            const double v = t.data(made.result)[r * 4 + c];
            sum += v;
            squares += v * v;
        }
        CHECK(sum == doctest::Approx(0).epsilon(1e-9));
        CHECK(squares / 50 == doctest::Approx(1));
    }
}

} // namespace autodiff_normalize_tests
