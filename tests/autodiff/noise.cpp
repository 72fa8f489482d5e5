// SPDX-License-Identifier: MIT
#include <cmath>
#include <span>
#include <utility>

#include <doctest/doctest.h>

#include <mend/autodiff/check.hpp>
#include <mend/autodiff/noise.hpp>

#include "samples.hpp"

namespace autodiff_noise_tests {

namespace {

using mend::tape;
using mend::variable;
using leaves = std::span<const variable>;

mend::random_stream stream() { return {7, 3, mend::purpose::dropout, 2}; }

} // namespace

TEST_CASE("noise: what is drawn forward is what gradients meet backward") {
    const auto check = [](const auto& apply) {
        return mend::gradient_error({normal({3, 2, 2, 4}, 1)}, [&](tape<double>& t, leaves v) {
            return weighted_square(t, apply(t, v[0]));
        });
    };
    CHECK(check([](auto& t, variable x) { return add_noise(t, x, 0.4, stream()); }) < 1e-7);
    CHECK(check([](auto& t, variable x) { return multiply_noise(t, x, 0.4, stream()); }) < 1e-7);
    CHECK(check([](auto& t, variable x) { return drop_channels(t, x, 0.5, stream()); }) < 1e-7);
}

TEST_CASE("noise: added and multiplied numbers have the stated mean and deviation") {
    tape<float> t;
    mend::tensor<float> x({200, 100}, 2.0F);
    const auto moments = [&](variable y) {
        double sum = 0;
        double squares = 0;
        for (mend::index i = 0; i < x.size(); ++i) {
            const double d = static_cast<double>(t.data(y)[i]) - 2;
            sum += d;
            squares += d * d;
        }
        const auto count = static_cast<double>(x.size());
        return std::pair(sum / count, std::sqrt(squares / count));
    };
    const variable in = t.constant(std::as_const(x).view());
    const auto [mean, deviation] = moments(add_noise(t, in, 0.3, stream()));
    CHECK(std::abs(mean) < 5 * 0.3 / std::sqrt(20000.0));
    CHECK(deviation == doctest::Approx(0.3).epsilon(5 / std::sqrt(40000.0)));
    const auto [factor_mean, factor_deviation] = moments(multiply_noise(t, in, 0.25, stream()));
    CHECK(std::abs(factor_mean) < 5 * 0.5 / std::sqrt(20000.0));
    CHECK(factor_deviation == doctest::Approx(0.5).epsilon(5 / std::sqrt(40000.0)));
}

TEST_CASE("noise: channels are dropped whole, in the stated share, the others scaled") {
    tape<float> t;
    const mend::tensor<float> x({500, 2, 3, 8}, 1.0F);
    const variable y = drop_channels(t, t.constant(x.view()), 0.25, stream());
    const float* const made = t.data(y);
    int dropped = 0;
    for (mend::index n = 0; n < 500; ++n) {
        for (mend::index c = 0; c < 8; ++c) {
            const float first = made[n * 48 + c];
            dropped += first == 0 ? 1 : 0;
            CHECK((first == 0 || first == doctest::Approx(1 / 0.75)));
            for (mend::index place = 1; place < 6; ++place) {
                REQUIRE(made[n * 48 + place * 8 + c] == first);
            }
        }
    }
    CHECK(std::abs(dropped - 1000) < 5 * std::sqrt(4000 * 0.25 * 0.75));
}

} // namespace autodiff_noise_tests
