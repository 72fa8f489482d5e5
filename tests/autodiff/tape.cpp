// SPDX-License-Identifier: MIT
#include <array>
#include <utility>

#include <doctest/doctest.h>

#include <mend/autodiff/tape.hpp>
#include <mend/tensor/tensor.hpp>

namespace autodiff_tape_tests {

namespace {

using mend::tape;
using mend::tensor;
using mend::variable;

/// a * b of scalars, as a custom operation outside the library would write it.
variable times(tape<double>& t, variable a, variable b) {
    double* const y = t.allocate(1);
    *y = *t.data(a) * *t.data(b);
    return t.record(
        y,
        mend::shape{},
        mend::operation::other,
        {a, b},
        [a, b](tape<double>& back, variable self) {
            const double g = *back.gradient(self).data();
            for (const auto& [to, other] : {std::pair{a, b}, std::pair{b, a}}) {
                if (back.wants_gradient(to)) {
                    const auto part = back.contribute(to);
                    const double change = g * *back.data(other);
                    *part.data = part.adds ? *part.data + change : change;
                }
            }
        }
    );
}

tensor<double> number(double value) { return tensor<double>(mend::shape{}, value); }

} // namespace

TEST_CASE("tape: gradients of a value that is used often add up") {
    tape<double> t;
    const auto x = number(3);
    double dx = -1;
    const variable v = t.parameter(x.view(), &dx);
    variable power = v;
    for (int i = 0; i < 4; ++i) { // x^16
        power = times(t, power, power);
    }
    t.backward(power);
    CHECK(dx == doctest::Approx(16 * 14348907.0)); // 16 x^15
}

TEST_CASE("tape: a gradient is overwritten, not added to what an earlier step left") {
    tape<double> t;
    const auto x = number(2);
    const auto y = number(5);
    std::array<double, 2> g{};
    for (int step = 0; step < 3; ++step) {
        t.rewind();
        const variable a = t.parameter(x.view(), &g[0]);
        const variable b = t.parameter(y.view(), &g[1]);
        t.backward(times(t, a, b));
        CHECK(g[0] == 5);
        CHECK(g[1] == 2);
    }
}

TEST_CASE("tape: a leaf that the loss does not depend on gets a zero gradient") {
    tape<double> t;
    const auto x = number(2);
    double used = 7;
    double unused = 7;
    const variable a = t.parameter(x.view(), &used);
    t.parameter(x.view(), &unused);
    t.backward(times(t, a, a));
    CHECK(used == 4);
    CHECK(unused == 0);
}

TEST_CASE("tape: nothing is kept of operations on constants alone") {
    tape<double> t;
    const auto x = number(2);
    const variable c = t.constant(x.view());
    const variable product = times(t, c, c);
    CHECK_FALSE(t.wants_gradient(product));
    CHECK_FALSE(t.wants_gradient(variable{}));
    t.backward(product); // nothing to do
    CHECK(t.gradient(c).data() == nullptr);
}

TEST_CASE("tape: knows what produced a value") {
    tape<double> t;
    const auto x = number(2);
    const variable c = t.constant(x.view());
    const variable product = times(t, c, c);
    CHECK(t.producer(c) == mend::operation::leaf);
    CHECK(t.producer(product) == mend::operation::other);
    CHECK(t.input(product) == c);
    CHECK_FALSE(t.input(c).exists());
}

TEST_CASE("tape: a long chain needs no stack") {
    tape<double> t;
    const auto one = number(1);
    double g = 0;
    const variable leaf = t.parameter(one.view(), &g);
    variable v = leaf;
    for (int i = 0; i < 200000; ++i) {
        v = times(t, v, leaf);
    }
    t.backward(v);
    CHECK(g == 200001);
}

TEST_CASE("tape: backward starts at a scalar") {
    tape<double> t;
    const tensor<double> x({3});
    std::array<double, 3> g{};
    CHECK_THROWS_AS(t.backward(t.parameter(x.view(), g.data())), mend::contract_violation);
}

} // namespace autodiff_tape_tests
