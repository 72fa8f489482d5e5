// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/search/gaussian_process.hpp>

namespace search_gaussian_process_tests {

using namespace mend;

namespace {

using numbers = std::vector<double>;

gaussian_parameters
parameters(kernel_family family, double variance, numbers lengths, double noise) {
    gaussian_parameters made;
    made.kernel = {family, variance, 0, std::move(lengths), {}};
    made.noise = noise;
    return made;
}

} // namespace

TEST_CASE("gaussian_process: the posterior of one point is the one worked out by hand") {
    auto p = parameters(kernel_family::squared_exponential, 2, {0.5}, 0.1);
    p.mean = 0.3;
    gaussian_process model;
    REQUIRE(model.condition(p, numbers{1}, numbers{1.5}));
    const double total = 2 + 0.1 + 1e-8;
    const double k = 2 * std::exp(-0.5);
    const auto at = model.predict(numbers{1.5});
    CHECK(at.mean == doctest::Approx(0.3 + k / total * 1.2).epsilon(1e-12));
    CHECK(at.variance == doctest::Approx(2 - k * k / total).epsilon(1e-12));
    CHECK(
        model.log_likelihood() ==
        doctest::Approx(-0.5 * 1.44 / total - 0.5 * std::log(2 * std::acos(-1.0) * total))
    );
}

TEST_CASE("gaussian_process: the posterior of two points is the one worked out by hand") {
    const auto p = parameters(kernel_family::matern32, 1, {1}, 0.2);
    gaussian_process model;
    REQUIRE(model.condition(p, numbers{0, 1}, numbers{1, -2}));
    const double root = std::sqrt(3.0);
    const auto k = [&](double r) { return (1 + root * r) * std::exp(-root * r); };
    const double d = 1.2 + 1e-8;
    const double c = k(1);
    const double determinant = d * d - c * c;
    const double left = k(0.25);
    const double right = k(0.75);
    const auto at = model.predict(numbers{0.25});
    // [left right] [[d, -c], [-c, d]] / determinant times the targets, and times itself
    CHECK(
        at.mean ==
        doctest::Approx(((left * d - right * c) * 1 + (right * d - left * c) * -2) / determinant)
    );
    CHECK(
        at.variance ==
        doctest::Approx(
            1 - ((left * d - right * c) * left + (right * d - left * c) * right) / determinant
        )
    );
}

// HEBO's specification, T6.
TEST_CASE("gaussian_process: five points give the published likelihood and predictions") {
    const numbers x{-1, -1, -0.2, 0.4, 0.5, -0.6, 0.9, 0.8, 0.1, 0};
    const numbers y{1.2, -0.7, 0.3, -1.1, 0.3};
    auto p = parameters(kernel_family::matern32, 0.5, {0.5, 0.8}, 0.01);
    p.kernel.linear = 1;
    const numbers first{2.5, -0.1579770771, 0.1161546983, -1.6979393231, -0.0663790240};
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(
            p.kernel(std::span(x).first(2), std::span(x).subspan(2 * i, 2)) ==
            doctest::Approx(first[i]).epsilon(1e-9)
        );
    }
    gaussian_process model;
    REQUIRE(model.condition(p, x, y));
    CHECK(model.log_likelihood() == doctest::Approx(-5.336687115198).epsilon(1e-12));
    const auto inside = model.predict(numbers{0.3, 0.3});
    CHECK(inside.mean == doctest::Approx(-0.1888596918).epsilon(1e-9));
    CHECK(inside.variance == doctest::Approx(0.2022772256).epsilon(1e-9));
    const auto outside = model.predict(numbers{-0.9, 0.9});
    CHECK(outside.mean == doctest::Approx(-0.6777533614).epsilon(1e-9));
    CHECK(outside.variance == doctest::Approx(0.9321094070).epsilon(1e-9));
    p.kernel.linear = 0;
    p.kernel.variance = 1.25;
    REQUIRE(model.condition(p, x, y));
    CHECK(model.log_likelihood() == doctest::Approx(-6.484080162202).epsilon(1e-8));
}

// numpy 1.24: K = k(X, X) + (noise + 1e-8) I, numpy.linalg.solve and slogdet, with X = (.1, .9, 0),
// (.4, .2, 1), (.8, .5, 0), (.3, .6, 2), the last column a category of decay .7.
TEST_CASE("gaussian_process: agrees with numpy for every family, categories and a mean included") {
    struct expected {
        kernel_family family;
        double likelihood, mean, variance;
    };

    for (const auto& e :
         {expected{
              kernel_family::squared_exponential, -5.026653832155, -0.377794534462, 0.484674541501},
          expected{kernel_family::matern32, -5.036611243999, -0.229936160546, 0.675689206358},
          expected{kernel_family::matern52, -5.032646652153, -0.277862312561, 0.602388793212}}) {
        auto p = parameters(e.family, 1.3, {0.6, 0.4}, 0.05);
        p.kernel.decays = {0.7};
        p.mean = 0.1;
        gaussian_process model;
        REQUIRE(model.condition(
            p,
            numbers{0.1, 0.9, 0, 0.4, 0.2, 1, 0.8, 0.5, 0, 0.3, 0.6, 2},
            numbers{0.5, -1, 0.2, 0.9}
        ));
        CHECK(model.log_likelihood() == doctest::Approx(e.likelihood).epsilon(1e-11));
        const auto at = model.predict(numbers{0.5, 0.5, 1});
        CHECK(at.mean == doctest::Approx(e.mean).epsilon(1e-10));
        CHECK(at.variance == doctest::Approx(e.variance).epsilon(1e-10));
    }
}

TEST_CASE("gaussian_process: gradients of mean and variance agree with central differences") {
    random_stream stream(4, 0, purpose::search);
    numbers x;
    numbers y;
    for (int i = 0; i < 23; ++i) {
        for (int d = 0; d < 3; ++d) {
            x.push_back(stream.uniform());
        }
        x.push_back(static_cast<double>(stream.below(3)));
        y.push_back(stream.normal());
    }
    for (const auto family :
         {kernel_family::squared_exponential, kernel_family::matern32, kernel_family::matern52}) {
        auto p = parameters(family, 1.1, {0.5, 0.9, 0.3}, 0.02);
        p.kernel.linear = 0.4;
        p.kernel.decays = {0.5};
        p.warp_a = {1.4, 0.7};
        p.warp_b = {0.8, 1.9};
        gaussian_process model;
        REQUIRE(model.condition(p, x, y));
        const numbers at{0.2, 0.6, 0.9, 1};
        std::array<double, 3> by_mean{};
        std::array<double, 3> by_variance{};
        const auto here = model.predict_with_gradient(at, by_mean, by_variance);
        CHECK(here.mean == doctest::Approx(model.predict(at).mean).epsilon(1e-10));
        CHECK(here.variance == doctest::Approx(model.predict(at).variance).epsilon(1e-10));
        for (std::size_t d = 0; d < 3; ++d) {
            numbers up = at;
            numbers down = at;
            up[d] += 1e-5;
            down[d] -= 1e-5;
            const auto above = model.predict(up);
            const auto below = model.predict(down);
            CHECK(by_mean[d] == doctest::Approx((above.mean - below.mean) / 2e-5).epsilon(1e-6));
            CHECK(
                by_variance[d] ==
                doctest::Approx((above.variance - below.variance) / 2e-5).epsilon(1e-6)
            );
        }
    }
}

TEST_CASE("gaussian_process: many points at once are predicted like one at a time") {
    random_stream stream(5, 0, purpose::search);
    const auto p = parameters(kernel_family::matern52, 1, {0.4, 0.4}, 1e-4);
    numbers x(2 * 37);
    numbers y(37);
    for (double& v : x) {
        v = stream.uniform();
    }
    for (std::size_t i = 0; i < y.size(); ++i) {
        y[i] = std::sin(6 * x[2 * i]) + x[2 * i + 1];
    }
    gaussian_process model;
    REQUIRE(model.condition(p, x, y));
    CHECK(model.size() == 37);
    numbers rows(2 * 131);
    for (double& v : rows) {
        v = stream.uniform();
    }
    std::vector<gaussian_prediction> all(131);
    model.predict(rows, all);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto alone = model.predict(std::span(rows).subspan(2 * i, 2));
        REQUIRE(all[i].mean == doctest::Approx(alone.mean).epsilon(1e-12));
        REQUIRE(all[i].variance == doctest::Approx(alone.variance).epsilon(1e-9));
        REQUIRE(all[i].variance > 0);
        REQUIRE(all[i].variance <= 1);
    }
    // Where it was told, it nearly knows.
    const auto known = model.predict(std::span(x).first(2));
    CHECK(known.mean == doctest::Approx(y[0]).epsilon(0.02));
    CHECK(known.variance < 2e-4);
}

TEST_CASE("gaussian_process: without points it predicts the prior") {
    auto p = parameters(kernel_family::matern32, 1.5, {1}, 0.1);
    p.mean = 4;
    gaussian_process model;
    REQUIRE(model.condition(p, numbers{}, numbers{}));
    CHECK(model.predict(numbers{0.3}).mean == 4);
    CHECK(model.predict(numbers{0.3}).variance == 1.5);
    CHECK(model.log_likelihood() == 0);
}

TEST_CASE("gaussian_process: duplicates without noise are factored, what is not finite is refused"
) {
    const auto p = parameters(kernel_family::squared_exponential, 1, {1}, 0);
    gaussian_process model;
    CHECK(model.condition(p, numbers{1, 1, 1}, numbers{2, 2, 2}));
    CHECK(model.predict(numbers{1}).mean == doctest::Approx(2).epsilon(1e-5));
    CHECK_FALSE(model.condition(p, numbers{1, std::nan("")}, numbers{2, 2}));
    CHECK(model.size() == 0);
    CHECK_THROWS_AS(
        static_cast<void>(model.condition(p, numbers{1, 2, 3}, numbers{2, 2})), contract_violation
    );
}

} // namespace search_gaussian_process_tests
