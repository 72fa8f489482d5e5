// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/search/gaussian_fit.hpp>
#include <mend/search/gaussian_process.hpp>

namespace search_gaussian_fit_tests {

using namespace mend;

namespace {

using numbers = std::vector<double>;

struct sample {
    numbers x;
    numbers y;
};

template <class Function>
sample draw(std::size_t count, std::size_t width, std::uint64_t seed, const Function& f) {
    random_stream stream(seed, 0, purpose::search);
    sample made;
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t d = 0; d < width; ++d) {
            made.x.push_back(stream.uniform());
        }
        made.y.push_back(f(std::span(made.x).last(width), stream));
    }
    return made;
}

void standardise(numbers& y) {
    double mean = 0;
    double square = 0;
    for (const double v : y) {
        mean += v / static_cast<double>(y.size());
    }
    for (const double v : y) {
        square += (v - mean) * (v - mean) / static_cast<double>(y.size());
    }
    for (double& v : y) {
        v = (v - mean) / std::sqrt(square);
    }
}

} // namespace

TEST_CASE("gaussian_fit: the gradient of the posterior agrees with central differences") {
    sample data = draw(14, 5, 1, [](auto, random_stream& s) { return s.normal(); });
    for (std::size_t i = 0; i < 14; ++i) {
        data.x[5 * i + 3] = std::floor(3 * data.x[5 * i + 3]);
        data.x[5 * i + 4] = std::floor(2 * data.x[5 * i + 4]);
    }
    for (const auto family :
         {kernel_family::squared_exponential, kernel_family::matern32, kernel_family::matern52}) {
        for (const bool full : {true, false}) {
            gaussian_parameters start;
            start.kernel = {family, 0.7, full ? 0.6 : 0.0, {0.5, 0.8, 0.3}, {0.4, 1.2}};
            start.noise = 0.02;
            start.mean = full ? 0.1 : 0;
            gaussian_fit_options options;
            options.fits_mean = full;
            options.jacobian = full;
            if (full) {
                start.warp_a = {1.3, 0.8};
                start.warp_b = {0.7, 1.9};
                options.length = {positive_prior::log_normal(-0.5, 1), 0.01};
                options.noise.least = 1e-3;
            }
            gaussian_posterior posterior(start, data.x, data.y, options);
            CHECK(posterior.size() == (full ? 13 : 7));
            const numbers u = posterior.to_free(start);
            numbers gradient(u.size());
            numbers unused(u.size());
            CHECK(std::isfinite(posterior(u, gradient)));
            for (std::size_t k = 0; k < u.size(); ++k) {
                CAPTURE(k);
                numbers up = u;
                numbers down = u;
                up[k] += 1e-5;
                down[k] -= 1e-5;
                const double slope = (posterior(up, unused) - posterior(down, unused)) / 2e-5;
                CHECK(std::abs(gradient[k] - slope) < 1e-6 * (1 + std::abs(slope)));
            }
        }
    }
}

TEST_CASE("gaussian_fit: without priors the posterior is minus the likelihood") {
    const sample data = draw(9, 2, 2, [](auto x, random_stream&) { return x[0]; });
    gaussian_parameters start;
    start.kernel.lengths = {0.4, 0.6};
    start.noise = 0.3;
    gaussian_fit_options options;
    options.variance = options.noise = {};
    gaussian_posterior posterior(start, data.x, data.y, options);
    numbers gradient(posterior.size());
    const double value = posterior(posterior.to_free(start), gradient);
    gaussian_process model;
    REQUIRE(model.condition(start, data.x, data.y));
    CHECK(value == doctest::Approx(-model.log_likelihood()).epsilon(1e-9));
    CHECK(posterior.from_free(posterior.to_free(start)).kernel.lengths[1] == doctest::Approx(0.6));
}

TEST_CASE("gaussian_fit: a warped model with a linear part learns a plane from twelve points") {
    const auto plane = [](auto x, random_stream&) { return 2 * x[0] - x[1]; };
    sample data = draw(12, 2, 3, plane);
    const sample test = draw(50, 2, 4, plane);
    double mean = 0;
    double square = 0;
    for (const double v : data.y) {
        mean += v / 12;
    }
    for (const double v : data.y) {
        square += (v - mean) * (v - mean) / 12;
    }
    const double deviation = std::sqrt(square);
    standardise(data.y);
    gaussian_parameters start; // HEBO's starting values
    start.kernel.variance = 0.5;
    start.kernel.linear = 1;
    start.kernel.lengths = {0.3, 0.3};
    start.noise = 1;
    start.warp_a = start.warp_b = {1, 1};
    random_stream stream(5, 0, purpose::search);
    const auto fitted = fit_gaussian(start, data.x, data.y, {}, stream);
    for (const auto* const shape : {&fitted.warp_a, &fitted.warp_b}) {
        for (const double v : *shape) {
            CHECK(v > 0.85);
            CHECK(v < 1.15);
        }
    }
    gaussian_process model;
    REQUIRE(model.condition(fitted, data.x, data.y));
    double error = 0;
    for (std::size_t i = 0; i < test.y.size(); ++i) {
        const double guess =
            model.predict(std::span(test.x).subspan(2 * i, 2)).mean * deviation + mean;
        error += (guess - test.y[i]) * (guess - test.y[i]) / 50;
    }
    CHECK(std::sqrt(error) < 0.02 * deviation);
}

TEST_CASE("gaussian_fit: pure noise leaves the noise within its prior") {
    sample data = draw(30, 2, 6, [](auto, random_stream& s) { return s.normal(); });
    standardise(data.y);
    gaussian_parameters start;
    start.kernel.variance = 0.5;
    start.kernel.linear = 1;
    start.kernel.lengths = {0.3, 0.3};
    start.noise = 1;
    gaussian_fit_options options;
    options.length.least = 5e-3;
    random_stream stream(7, 0, purpose::search);
    const auto fitted = fit_gaussian(start, data.x, data.y, options, stream);
    CHECK(fitted.noise > 0.005);
    CHECK(fitted.noise < 0.05);
    for (const double length : fitted.kernel.lengths) {
        CHECK(length >= 5e-3);
    }
}

TEST_CASE("gaussian_fit: recovers which column and which category matter") {
    const auto f = [](auto x, random_stream&) {
        return std::sin(8 * x[0]) + (std::floor(2 * x[2]) > 0 ? 1.5 : 0.0);
    };
    sample data = draw(40, 4, 8, f);
    for (std::size_t i = 0; i < 40; ++i) {
        data.x[4 * i + 2] = std::floor(2 * data.x[4 * i + 2]);
        data.x[4 * i + 3] = std::floor(2 * data.x[4 * i + 3]);
    }
    standardise(data.y);
    gaussian_parameters start;
    start.kernel.lengths = {0.5, 0.5};
    start.kernel.decays = {0.5, 0.5};
    random_stream stream(9, 0, purpose::search);
    const auto fitted = fit_gaussian(start, data.x, data.y, {}, stream);
    CHECK(fitted.kernel.lengths[0] < 0.5 * fitted.kernel.lengths[1]);
    CHECK(fitted.kernel.decays[1] < 0.1 * fitted.kernel.decays[0]);
}

TEST_CASE("gaussian_fit: more restarts never end higher, the same stream ends the same") {
    const sample data = draw(15, 3, 10, [](auto x, random_stream& s) {
        return std::cos(9 * x[0] * x[1]) + 0.1 * s.normal();
    });
    gaussian_parameters start;
    start.kernel.lengths = {0.5, 0.5, 0.5};
    const auto value_of = [&](int restarts) {
        gaussian_fit_options options;
        options.restarts = restarts;
        random_stream stream(11, 0, purpose::search);
        const auto fitted = fit_gaussian(start, data.x, data.y, options, stream);
        gaussian_posterior posterior(start, data.x, data.y, options);
        numbers gradient(posterior.size());
        return posterior(posterior.to_free(fitted), gradient);
    };
    const double one = value_of(1);
    CHECK(value_of(5) <= one + 1e-9);
    CHECK(value_of(1) == one);
}

TEST_CASE("gaussian_fit: data that cannot be modelled leave the start as it is") {
    gaussian_parameters start;
    start.kernel.lengths = {0.5};
    random_stream stream(12, 0, purpose::search);
    const numbers x{0.1, std::nan("")};
    const numbers y{1, 2};
    CHECK(fit_gaussian(start, x, y, {}, stream) == start);
}

} // namespace search_gaussian_fit_tests
