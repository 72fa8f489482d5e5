// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <mend/tensor/pooling.hpp>

namespace tensor_pooling_tests {

namespace {

using mend::index;

template <class Scalar>
std::vector<Scalar> sequence(index count, index a, index m) {
    std::vector<Scalar> values;
    for (index i = 0; i < count; ++i) {
        values.push_back(
            static_cast<Scalar>(static_cast<double>(i * a % m) / static_cast<double>(m) - 0.5)
        );
    }
    return values;
}

template <class Scalar>
double mark(const std::vector<Scalar>& values) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        sum += static_cast<double>(values[i]) * std::cos(static_cast<double>(i));
    }
    return sum;
}

mend::pooling_shape shape_of(
    mend::pooling_kind kind,
    index height,
    index width,
    index channels,
    index pool,
    index stride,
    bool same
) {
    mend::pooling_shape s;
    s.kind = kind;
    s.batch = 1;
    s.height = height;
    s.width = width;
    s.channels = channels;
    s.rows = s.columns = {pool, stride};
    const mend::padding pad = same ? mend::padding::same : mend::padding::valid;
    s.down = mend::sweep_of(height, s.rows, pad);
    s.across = mend::sweep_of(width, s.columns, pad);
    return s;
}

struct published {
    mend::pooling_kind kind;
    index height, width, pool, stride;
    bool same;
    double result, gradient;
};

constexpr auto max = mend::pooling_kind::max;
constexpr auto average = mend::pooling_kind::average;

// torch 1.13: x = sequence(h w 2, 7, 23) as NHWC, max_pool2d or avg_pool2d of x padded as
// TensorFlow does (with -inf, or the average divided by that of ones), dy = sequence(.., 11, 29);
// then mark() of y and x.grad.
const std::array<published, 10> torch_results{{
    {max, 4, 6, 2, 2, false, 0.084151, -1.122477},
    {max, 5, 6, 2, 2, true, 0.142264, -1.002401},
    {max, 5, 6, 3, 2, false, 0.560785, -0.372352},
    {max, 5, 6, 3, 2, true, 0.706074, 0.283890},
    {max, 5, 5, 2, 1, true, -0.192890, -1.529179},
    {average, 4, 6, 2, 2, false, 0.452377, -0.209520},
    {average, 5, 6, 2, 2, true, 0.747507, -0.180173},
    {average, 5, 6, 3, 2, false, -0.063557, 0.006716},
    {average, 5, 6, 3, 2, true, 0.719967, -0.221401},
    {average, 5, 5, 2, 1, true, -0.127756, 0.430716},
}};

} // namespace

TEST_CASE_TEMPLATE("pooling: result and gradient are torch's", Scalar, float, double) {
    for (const published& p : torch_results) {
        const auto s = shape_of(p.kind, p.height, p.width, 2, p.pool, p.stride, p.same);
        const auto x = sequence<Scalar>(s.input_size(), 7, 23);
        const auto dy = sequence<Scalar>(s.output_size(), 11, 29);
        std::vector<Scalar> y(dy.size());
        mend::pool(s, x.data(), y.data());
        CHECK(std::abs(mark(y) - p.result) < 2e-6);
        std::vector<Scalar> dx(x.size());
        mend::pool_gradient(s, x.data(), y.data(), dy.data(), dx.data());
        CHECK(std::abs(mark(dx) - p.gradient) < 2e-6);
    }
}

TEST_CASE("pooling: of equal maxima the first gets the gradient") {
    const auto s = shape_of(max, 2, 2, 1, 2, 2, false);
    const std::vector<float> x{1, 3, 3, 3};
    const std::vector<float> dy{5};
    std::vector<float> y(1);
    std::vector<float> dx(4);
    mend::pool(s, x.data(), y.data());
    mend::pool_gradient(s, x.data(), y.data(), dy.data(), dx.data());
    CHECK(y[0] == 3);
    CHECK(dx == std::vector<float>{0, 5, 0, 0});
}

TEST_CASE("pooling: padding is never the maximum") {
    const auto s = shape_of(max, 3, 3, 1, 3, 1, true);
    const std::vector<float> x(9, -2.0F);
    std::vector<float> y(9);
    mend::pool(s, x.data(), y.data());
    CHECK(y == x);
}

TEST_CASE("pooling: many channels agree with one at a time") {
    const auto s = shape_of(max, 6, 6, 37, 2, 2, false);
    const auto single = shape_of(max, 6, 6, 1, 2, 2, false);
    const auto x = sequence<float>(s.input_size(), 101, 997);
    std::vector<float> y(static_cast<std::size_t>(s.output_size()));
    mend::pool(s, x.data(), y.data());
    for (index c = 0; c < 37; ++c) {
        std::vector<float> one;
        for (index i = c; i < s.input_size(); i += 37) {
            one.push_back(x[static_cast<std::size_t>(i)]);
        }
        std::vector<float> got(9);
        mend::pool(single, one.data(), got.data());
        for (index i = 0; i < 9; ++i) {
            CHECK(got[static_cast<std::size_t>(i)] == y[static_cast<std::size_t>(i * 37 + c)]);
        }
    }
}

} // namespace tensor_pooling_tests
