// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/gaussian_kernel.hpp>

namespace search_gaussian_kernel_tests {

using mend::gaussian_kernel;
using mend::kernel_family;

TEST_CASE("gaussian_kernel: the families have their closed forms") {
    const std::vector<double> a{0.3, -1.0};
    const std::vector<double> b{1.1, 0.2};
    const double r = std::sqrt(std::pow(0.8 / 0.5, 2) + std::pow(1.2 / 2.0, 2));
    gaussian_kernel k{kernel_family::squared_exponential, 1.7, 0, {0.5, 2.0}, {}};
    CHECK(k(a, b) == doctest::Approx(1.7 * std::exp(-0.5 * r * r)));
    k.family = kernel_family::matern32;
    CHECK(k(a, b) == doctest::Approx(1.7 * (1 + std::sqrt(3) * r) * std::exp(-std::sqrt(3) * r)));
    k.family = kernel_family::matern52;
    CHECK(
        k(a, b) ==
        doctest::Approx(1.7 * (1 + std::sqrt(5) * r + 5 * r * r / 3) * std::exp(-std::sqrt(5) * r))
    );
    k.linear = 0.4;
    const double without = k(a, b);
    k.linear = 0;
    CHECK(without - k(a, b) == doctest::Approx(0.4 * (0.3 * 1.1 - 0.2)));
}

TEST_CASE("gaussian_kernel: every family is symmetric and largest where the points meet") {
    const std::vector<double> a{0.3, 0.9, 1};
    const std::vector<double> b{0.35, 0.8, 2};
    for (const auto family :
         {kernel_family::squared_exponential, kernel_family::matern32, kernel_family::matern52}) {
        const gaussian_kernel k{family, 2, 0, {0.5, 0.7}, {0.3}};
        CHECK(k(a, b) == k(b, a));
        CHECK(k(a, a) == doctest::Approx(2));
        CHECK(k(a, b) < k(a, a));
    }
}

TEST_CASE("gaussian_kernel: a different category multiplies by exp(-decay), whatever the index") {
    const gaussian_kernel k{kernel_family::matern52, 1, 0, {1}, {0.3, 1.2}};
    const auto at = [&](double c, double d) {
        return k(std::vector<double>{0.1, 0, 0}, std::vector<double>{0.6, c, d});
    };
    CHECK(at(1, 0) == doctest::Approx(at(0, 0) * std::exp(-0.3)));
    CHECK(at(7, 0) == at(1, 0));
    CHECK(at(1, 2) == doctest::Approx(at(0, 0) * std::exp(-1.5)));
    CHECK(at(-1, 0) == at(1, 0));
}

TEST_CASE("gaussian_kernel: derivatives agree with central differences") {
    const std::vector<double> a{0.3, 0.9, 1};
    const std::vector<double> b{0.7, 0.1, 2};
    for (const auto family :
         {kernel_family::squared_exponential, kernel_family::matern32, kernel_family::matern52}) {
        const gaussian_kernel k{family, 2, 0.6, {0.5, 0.7}, {0.3}};
        std::array<double, 2> gradient{};
        CHECK(k.with_gradient(a, b, gradient) == k(a, b));
        for (std::size_t d = 0; d < 2; ++d) {
            std::vector<double> up = a;
            std::vector<double> down = a;
            up[d] += 1e-6;
            down[d] -= 1e-6;
            CHECK(gradient[d] == doctest::Approx((k(up, b) - k(down, b)) / 2e-6).epsilon(1e-7));
        }
    }
}

TEST_CASE("gaussian_kernel: points of another width break the contract") {
    const gaussian_kernel k{kernel_family::matern32, 1, 0, {1}, {}};
    CHECK_THROWS_AS(
        static_cast<void>(k(std::vector<double>{1, 2}, std::vector<double>{1})),
        mend::contract_violation
    );
}

} // namespace search_gaussian_kernel_tests
