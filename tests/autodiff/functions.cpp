// SPDX-License-Identifier: MIT
#include <array>
#include <span>
#include <utility>

#include <doctest/doctest.h>

#include <mend/autodiff/check.hpp>
#include <mend/autodiff/functions.hpp>

#include "samples.hpp"

namespace autodiff_functions_tests {

namespace {

using mend::activation;
using mend::gradient_error;
using mend::tape;
using mend::variable;
using leaves = std::span<const variable>;

const std::array<activation, 19> all_activations{
    activation::linear,
    activation::relu,
    activation::relu6,
    activation::elu,
    activation::elu.with_slope(-0.5),
    activation::selu,
    activation::leaky_relu,
    activation::leaky_relu.with_slope(0),
    activation::softplus,
    activation::softsign,
    activation::tanh,
    activation::sigmoid,
    activation::hard_sigmoid,
    activation::exponential,
    activation::swish,
    activation::mish,
    activation::gelu,
    activation{mend::activation_kind::rectifier, 0.1, 0.3, 1.2},
    activation::hard_sigmoid_keras3};

} // namespace

TEST_CASE("functions: every activation passes the gradient check") {
    for (const activation& f : all_activations) {
        const double error = gradient_error({normal({6, 5}, 1)}, [&](tape<double>& t, leaves v) {
            return weighted_square(t, activate(t, v[0], f));
        });
        CHECK_MESSAGE(error < 1e-7, static_cast<int>(f.kind));
    }
    for (const activation& f : {activation::softmax, activation::log_softmax}) {
        const double error = gradient_error({normal({4, 5}, 1)}, [&](tape<double>& t, leaves v) {
            return weighted_square(t, activate(t, v[0], f));
        });
        CHECK(error < 1e-7);
    }
}

TEST_CASE("functions: the affine map with every activation passes the gradient check") {
    for (const activation& f : all_activations) {
        const double error = gradient_error(
            {normal({7, 3}, 2), normal({3, 5}, 3), normal({5}, 4)},
            [&](tape<double>& t, leaves v) {
                return weighted_square(t, affine(t, v[0], v[1], v[2], f));
            }
        );
        CHECK_MESSAGE(error < 1e-7, static_cast<int>(f.kind));
    }
}

TEST_CASE("functions: the affine map works without bias and on rows of rows") {
    const double error =
        gradient_error({normal({2, 4, 3}, 2), normal({3, 5}, 3)}, [](tape<double>& t, leaves v) {
            const variable y = affine(t, v[0], v[1], variable{});
            CHECK(t.extents(y) == mend::shape{2, 4, 5});
            return weighted_square(t, y);
        });
    CHECK(error < 1e-7);
}

TEST_CASE("functions: a value that goes two ways collects both gradients") {
    const double error =
        gradient_error({normal({3, 3}, 5), normal({3, 3}, 6)}, [](tape<double>& t, leaves v) {
            const variable x = activate(t, v[0], activation::tanh);
            const variable left = affine(t, x, v[1], variable{}, activation::sigmoid);
            const variable right = reshape(t, x, mend::shape{3, 3});
            const variable sum = add(t, left, right);
            return add(t, weighted_square(t, sum), weighted_square(t, x));
        });
    CHECK(error < 1e-7);
}

TEST_CASE("functions: scaling, shifting and reshaping pass the gradient check") {
    const std::array<double, 4> factor{2, -1, 0.5, 3};
    const std::array<double, 4> shift{1, 0, -2, 0.25};
    const double error = gradient_error({normal({5, 4}, 7)}, [&](tape<double>& t, leaves v) {
        const variable y = scale_and_shift(t, v[0], factor.data(), shift.data(), 4);
        return weighted_square(t, reshape(t, y, mend::shape{2, 10}));
    });
    CHECK(error < 1e-7);
}

TEST_CASE("functions: the weight penalty is l1 and l2, and passes the gradient check") {
    mend::tensor<double> w({4});
    w[0] = 1.5;
    w[1] = -2;
    w[2] = 0;
    w[3] = 0.25;
    tape<double> t;
    const variable p = weight_penalty(t, t.constant(std::as_const(w).view()), 0.1, 0.01);
    CHECK(*t.data(p) == doctest::Approx(0.1 * 3.75 + 0.01 * (2.25 + 4 + 0.0625)));
    const double error = gradient_error({normal({3, 4}, 8)}, [](tape<double>& own, leaves v) {
        return weight_penalty(own, v[0], 0.3, 0.2);
    });
    CHECK(error < 1e-7);
}

TEST_CASE("functions: a linear activation is the value itself") {
    tape<float> t;
    const mend::tensor<float> x({2, 2}, 1.0F);
    const variable c = t.constant(x.view());
    CHECK(activate(t, c, activation::linear) == c);
}

TEST_CASE("functions: softmax and sigmoid are remembered as producers") {
    tape<float> t;
    const mend::tensor<float> x({2, 2}, 1.0F);
    const variable c = t.constant(x.view());
    CHECK(t.producer(activate(t, c, activation::softmax)) == mend::operation::softmax);
    CHECK(t.producer(activate(t, c, activation::sigmoid)) == mend::operation::sigmoid);
    CHECK(t.producer(activate(t, c, activation::log_softmax)) == mend::operation::other);
}

TEST_CASE("functions: shapes that do not fit break the contract") {
    tape<float> t;
    const mend::tensor<float> x({2, 3});
    const mend::tensor<float> k({4, 3});
    const variable a = t.constant(x.view());
    const variable b = t.constant(k.view());
    CHECK_THROWS_AS(affine(t, a, b, variable{}), mend::contract_violation);
    CHECK_THROWS_AS(add(t, a, b), mend::contract_violation);
    CHECK_THROWS_AS(reshape(t, a, mend::shape{5}), mend::contract_violation);
}

} // namespace autodiff_functions_tests
