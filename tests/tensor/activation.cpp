// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/tensor/activation.hpp>

namespace tensor_activation_tests {

namespace {

using mend::activation;

template <class Scalar>
Scalar apply(const activation& f, double x) {
    const Scalar z = static_cast<Scalar>(x);
    Scalar y{};
    mend::activate(f, 1, &z, &y);
    return y;
}

struct known_function {
    activation f;
    double (*exact)(double);
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// Closed forms as Keras documents them.
const std::array<known_function, 18> known{{
    {activation::linear, [](double x) { return x; }},
    {activation::relu, [](double x) { return x > 0 ? x : 0; }},
    {activation::relu6, [](double x) { return std::min(std::max(x, 0.0), 6.0); }},
    {activation::elu, [](double x) { return x > 0 ? x : std::expm1(x); }},
    {activation::elu.with_slope(0.4), [](double x) { return x > 0 ? x : 0.4 * std::expm1(x); }},
    {activation::selu,
     [](double x) { return 1.05070098 * (x > 0 ? x : 1.67326324 * std::expm1(x)); }},
    {activation::leaky_relu, [](double x) { return x > 0 ? x : 0.2 * x; }},
    {activation::leaky_relu.with_slope(-0.5), [](double x) { return x > 0 ? x : -0.5 * x; }},
    {activation::softplus, [](double x) { return std::log1p(std::exp(x)); }},
    {activation::softsign, [](double x) { return x / (1 + std::abs(x)); }},
    {activation::tanh, [](double x) { return std::tanh(x); }},
    {activation::sigmoid, [](double x) { return sigmoid(x); }},
    {activation::hard_sigmoid,
     [](double x) { return std::min(std::max(0.2 * x + 0.5, 0.0), 1.0); }},
    {activation::hard_sigmoid_keras3,
     [](double x) { return std::min(std::max(x + 3, 0.0), 6.0) / 6; }},
    {activation::exponential, [](double x) { return std::exp(x); }},
    {activation::swish, [](double x) { return x * sigmoid(x); }},
    {activation::mish, [](double x) { return x * std::tanh(std::log1p(std::exp(x))); }},
    {activation::gelu, [](double x) { return x * 0.5 * (1 + std::erf(x / std::sqrt(2.0))); }},
}};

} // namespace

TEST_CASE_TEMPLATE("activation: values are the closed forms", Scalar, float, double) {
    const double tolerance = std::is_same_v<Scalar, float> ? 6e-7 : 1e-8;
    for (const known_function& k : known) {
        for (double x = -9.95; x < 10; x += 0.31) {
            const double wanted = k.exact(static_cast<double>(static_cast<Scalar>(x)));
            const double got = static_cast<double>(apply<Scalar>(k.f, x));
            CHECK_MESSAGE(
                std::abs(got - wanted) <= tolerance * std::max(1.0, std::abs(wanted)),
                static_cast<int>(k.f.kind),
                " at ",
                x
            );
        }
    }
}

TEST_CASE("activation: derivatives agree with central differences") {
    for (const known_function& k : known) {
        for (double x = -7.93; x < 8; x += 0.31) {
            const double z = x;
            const double y = apply<double>(k.f, x);
            const double one = 1;
            double slope = 0;
            mend::activation_gradient(k.f, 1, &z, &y, &one, &slope);
            const double wanted = (k.exact(x + 1e-6) - k.exact(x - 1e-6)) / 2e-6;
            CHECK_MESSAGE(
                std::abs(slope - wanted) < 1e-6 * std::max(1.0, std::abs(wanted)),
                static_cast<int>(k.f.kind),
                " at ",
                x
            );
        }
    }
}

TEST_CASE("activation: the general rectifier has a slope, a threshold and a maximum") {
    const activation f{mend::activation_kind::rectifier, 0.1, 1.0, 3.0};
    CHECK(apply<double>(f, -1.0) == doctest::Approx(-0.2));
    CHECK(apply<double>(f, 0.5) == doctest::Approx(-0.05));
    CHECK(apply<double>(f, 2.0) == 2.0);
    CHECK(apply<double>(f, 5.0) == 3.0);
}

TEST_CASE("activation: relu does not hide a NaN") {
    CHECK(std::isnan(apply<float>(activation::relu, std::nan(""))));
    CHECK(std::isnan(apply<float>(activation::sigmoid, std::nan(""))));
    CHECK(std::isnan(apply<float>(activation::tanh, std::nan(""))));
}

TEST_CASE("activation: small inputs keep their relative accuracy") {
    for (const double x : {-1e-3, -1e-5, -1e-7}) {
        const double wanted = std::expm1(x);
        CHECK(std::abs(apply<float>(activation::elu, x) - wanted) < 3e-7 * std::abs(wanted));
    }
    for (const double x : {-10.0, -30.0, -80.0}) {
        const double wanted = std::log1p(std::exp(x));
        CHECK(std::abs(apply<float>(activation::softplus, x) - wanted) < 4e-7 * wanted);
    }
}

TEST_CASE_TEMPLATE(
    "activation: softmax rows sum to one and ignore a shift", Scalar, float, double
) {
    const std::vector<Scalar> z{1, 2, 3, 1001, 1002, 1003, -1000, 0, 1000};
    std::vector<Scalar> p(9);
    std::vector<Scalar> logs(9);
    mend::softmax(3, 3, z.data(), p.data(), false);
    mend::softmax(3, 3, z.data(), logs.data(), true);
    for (std::size_t r = 0; r < 3; ++r) {
        CHECK(static_cast<double>(p[3 * r] + p[3 * r + 1] + p[3 * r + 2]) == doctest::Approx(1));
    }
    // exp(1..3) / sum, from the definition
    const std::array<double, 3> wanted{
        0.09003057317038046, 0.24472847105479764, 0.6652409557748218};
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(static_cast<double>(p[i]) == doctest::Approx(wanted[i]).epsilon(1e-6));
        CHECK(static_cast<double>(p[3 + i]) == doctest::Approx(wanted[i]).epsilon(1e-6));
        CHECK(static_cast<double>(logs[i]) == doctest::Approx(std::log(wanted[i])).epsilon(1e-6));
    }
    CHECK(p[8] == 1);
    CHECK(logs[6] == -2000);
}

} // namespace tensor_activation_tests
