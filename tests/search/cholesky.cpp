// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/search/cholesky.hpp>

namespace search_cholesky_tests {

using namespace mend::detail;

namespace {

/// A random positive definite matrix of this size and row step.
std::vector<double> random_covariance(std::size_t n, std::size_t step, std::uint64_t seed) {
    mend::random_stream stream(seed, 0, mend::purpose::search);
    std::vector<double> half(n * n);
    for (double& v : half) {
        v = stream.normal();
    }
    std::vector<double> matrix(n * step);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            for (std::size_t k = 0; k < n; ++k) {
                matrix[i * step + j] += half[i * n + k] * half[j * n + k];
            }
        }
        matrix[i * step + i] += 0.5;
    }
    return matrix;
}

} // namespace

TEST_CASE("cholesky: factor, inverses and solutions multiply back to the matrix") {
    for (const std::size_t n : {1UL, 2UL, 3UL, 5UL, 8UL, 17UL, 33UL, 40UL}) {
        CAPTURE(n);
        const std::size_t step = padded(n);
        const std::vector<double> matrix = random_covariance(n, step, n);
        std::vector<double> factor;
        REQUIRE(factor_with_jitter(matrix, factor, n, step) == 0);
        std::vector<double> lower(n * step);
        std::vector<double> inverse(n * step);
        invert_factor(factor.data(), lower.data(), n, step);
        invert_from_factor(lower.data(), inverse.data(), n, step);
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                double rebuilt = 0;
                double unit = 0;
                double one = 0;
                for (std::size_t k = 0; k < n; ++k) {
                    const double left = k <= i ? factor[i * step + k] : 0;
                    rebuilt += left * (k <= j ? factor[j * step + k] : 0);
                    unit += left * lower[k * step + j];
                    one += matrix[i * step + k] * inverse[k * step + j];
                }
                REQUIRE(rebuilt == doctest::Approx(matrix[i * step + j]).epsilon(1e-12));
                REQUIRE(std::abs(unit - (i == j ? 1 : 0)) < 1e-9);
                REQUIRE(std::abs(one - (i == j ? 1 : 0)) < 1e-8);
            }
        }
        std::vector<double> right(n);
        for (std::size_t i = 0; i < n; ++i) {
            right[i] = static_cast<double>(i) - 2;
        }
        std::vector<double> solution(n);
        solve_from_factor(lower.data(), right.data(), solution.data(), n, step);
        for (std::size_t i = 0; i < n; ++i) {
            REQUIRE(std::abs(dot(matrix.data() + i * step, solution.data(), n) - right[i]) < 1e-8);
        }
    }
}

TEST_CASE("cholesky: what a column explains is its squared length in the metric of the inverse") {
    const std::size_t n = 11;
    const std::size_t step = padded(n);
    const std::size_t columns = padded(9);
    const std::vector<double> matrix = random_covariance(n, step, 4);
    std::vector<double> factor;
    REQUIRE(factor_with_jitter(matrix, factor, n, step) == 0);
    std::vector<double> lower(n * step);
    std::vector<double> inverse(n * step);
    invert_factor(factor.data(), lower.data(), n, step);
    invert_from_factor(lower.data(), inverse.data(), n, step);
    std::vector<double> b(n * columns);
    mend::random_stream stream(5, 0, mend::purpose::search);
    for (double& v : b) {
        v = stream.normal();
    }
    std::vector<double> sums(columns);
    explained_squares(lower.data(), n, step, b.data(), columns, columns, sums.data());
    for (std::size_t c = 0; c < columns; ++c) {
        double expected = 0;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                expected += b[i * columns + c] * inverse[i * step + j] * b[j * columns + c];
            }
        }
        REQUIRE(sums[c] == doctest::Approx(expected).epsilon(1e-10));
    }
}

TEST_CASE("cholesky: a singular matrix takes the first jitter, a hopeless one is refused") {
    const std::size_t step = padded(3);
    std::vector<double> ones(3 * step);
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            ones[i * step + j] = 2;
        }
    }
    std::vector<double> factor;
    CHECK(factor_with_jitter(ones, factor, 3, step) == doctest::Approx(2e-6));
    ones[step] = ones[1] = -3; // a correlation beyond one
    CHECK(std::isnan(factor_with_jitter(ones, factor, 3, step)));
    ones[0] = std::nan("");
    CHECK(std::isnan(factor_with_jitter(ones, factor, 3, step)));
}

} // namespace search_cholesky_tests
