// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/lbfgs.hpp>

namespace search_lbfgs_tests {

namespace {

using point = std::span<const double>;
using slopes = std::span<double>;

double rosenbrock(point x, slopes g) {
    double value = 0;
    std::fill(g.begin(), g.end(), 0.0);
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
        const double a = x[i + 1] - x[i] * x[i];
        value += 100 * a * a + (1 - x[i]) * (1 - x[i]);
        g[i] += -400 * a * x[i] - 2 * (1 - x[i]);
        g[i + 1] += 200 * a;
    }
    return value;
}

} // namespace

TEST_CASE("lbfgs: finds the minimum of Rosenbrock's function in 2 and 30 dimensions") {
    for (const std::size_t n : {2UL, 30UL}) {
        std::vector<double> start(n, 1.0);
        for (std::size_t i = 0; i < n; i += 2) {
            start[i] = -1.2;
        }
        mend::lbfgs_options options;
        options.evaluations = 1000;
        options.value_tolerance = 0;
        const auto found = mend::minimise_lbfgs(rosenbrock, start, options);
        CHECK(found.converged);
        CHECK(found.evaluations < (n == 2 ? 80 : 300));
        for (const double x : found.x) {
            CHECK(x == doctest::Approx(1).epsilon(1e-5));
        }
    }
}

TEST_CASE("lbfgs: a quadratic of very different curvatures takes few evaluations") {
    const auto quadratic = [](point x, slopes g) {
        double value = 0;
        double curvature = 1e-2;
        for (std::size_t i = 0; i < x.size(); ++i, curvature *= 10) {
            value += 0.5 * curvature * (x[i] - 3) * (x[i] - 3);
            g[i] = curvature * (x[i] - 3);
        }
        return value;
    };
    const auto found = mend::minimise_lbfgs(quadratic, std::vector<double>(5, 0.0));
    CHECK(found.converged);
    CHECK(found.evaluations < 60);
    CHECK(found.value < 1e-6);
}

TEST_CASE("lbfgs: walls of infinite values and gradients are walked around") {
    // log-barrier: x > 0 only
    const auto barrier = [](point x, slopes g) {
        if (x[0] <= 0) {
            return x[0] < -1 ? std::nan("") : std::numeric_limits<double>::infinity();
        }
        g[0] = 1 - 0.001 / x[0];
        return x[0] - 0.001 * std::log(x[0]);
    };
    const auto found = mend::minimise_lbfgs(barrier, {50.0});
    CHECK(found.x[0] == doctest::Approx(0.001).epsilon(1e-2));
    CHECK(std::isfinite(found.value));
}

TEST_CASE("lbfgs: never ends above its start, keeps to its evaluations, survives a hopeless start"
) {
    const auto steep = [](point x, slopes g) { // discontinuous slope
        g[0] = x[0] > 0 ? 1 : -1;
        return std::abs(x[0]);
    };
    mend::lbfgs_options few;
    few.evaluations = 7;
    const auto found = mend::minimise_lbfgs(steep, {3.3}, few);
    CHECK(found.value <= 3.3);
    CHECK(found.evaluations <= 7);
    const auto lost = mend::minimise_lbfgs(
        [](point, slopes) { return std::nan(""); }, std::vector<double>{1.0, 2.0}
    );
    CHECK(lost.value == std::numeric_limits<double>::infinity());
    CHECK(lost.evaluations == 1);
    const auto flat = mend::minimise_lbfgs(
        [](point, slopes g) {
            g[0] = 0;
            return 5.0;
        },
        {1.0}
    );
    CHECK(flat.converged);
    CHECK(flat.x[0] == 1);
}

} // namespace search_lbfgs_tests
