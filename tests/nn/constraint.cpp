// SPDX-License-Identifier: MIT
#include <cmath>

#include <doctest/doctest.h>

#include <mend/nn/constraint.hpp>
#include <mend/nn/dense.hpp>
#include <mend/nn/optimizer.hpp>

#include "run.hpp"

namespace nn_constraint_tests {

using doctest::Approx;
using mend::constraint;
using mend::constraint_kind;

namespace {

/// Norms over the first axis of a 3 x 100 weight are 3 j / 100 for column j.
mend::tensor<double> columns() {
    mend::tensor<double> w(mend::shape{3, 100});
    for (mend::index j = 0; j < 100; ++j) {
        for (mend::index i = 0; i < 3; ++i) {
            w[i * 100 + j] = (i == 1 ? -1 : 2) * static_cast<double>(j) / 100;
        }
    }
    return w;
}

double norm(const mend::tensor<double>& w, mend::index j) {
    return std::sqrt(w[j] * w[j] + w[100 + j] * w[100 + j] + w[200 + j] * w[200 + j]);
}

mend::tensor<double> limited(const constraint& limit) {
    mend::tensor<double> w = columns();
    mend::apply(limit, w.view());
    return w;
}

} // namespace

TEST_CASE("constraint: norms of columns are limited, whole or by a rate") {
    const auto most = limited({.kind = constraint_kind::max_norm, .most = 1.5});
    CHECK(norm(most, 20) == Approx(0.6).epsilon(1e-6));
    CHECK(norm(most, 99) == Approx(1.5).epsilon(1e-6));
    CHECK(most[0] == 0);
    const auto unit = limited({.kind = constraint_kind::unit_norm});
    CHECK(norm(unit, 1) == Approx(1).epsilon(1e-5));
    CHECK(norm(unit, 80) == Approx(1).epsilon(1e-6));
    const auto both =
        limited({.kind = constraint_kind::min_max_norm, .least = 0.6, .most = 1.2, .rate = 0.5});
    CHECK(norm(both, 10) == Approx(0.5 * 0.6 + 0.5 * 0.3).epsilon(1e-6));
    CHECK(norm(both, 30) == Approx(0.9).epsilon(1e-6));
    CHECK(norm(both, 80) == Approx(0.5 * 1.2 + 0.5 * 2.4).epsilon(1e-6));
}

TEST_CASE("constraint: where the least norm is above the most, it wins, as clipping in TensorFlow"
) {
    const auto crossed =
        limited({.kind = constraint_kind::min_max_norm, .least = 1.5, .most = 0.5});
    for (const mend::index j : {10, 30, 80}) {
        CHECK(norm(crossed, j) == Approx(1.5).epsilon(1e-6));
    }
}

TEST_CASE("constraint: non-negative weights keep their positive part") {
    const auto w = limited({.kind = constraint_kind::non_negative});
    CHECK(w[50] == 1);
    CHECK(w[150] == 0);
}

TEST_CASE("constraint: norms over several axes are those of a kernel's filters") {
    mend::tensor<double> w = normal<double>({2, 3, 4, 5}, 7);
    mend::apply({.kind = constraint_kind::unit_norm, .first_axis = 0, .last_axis = 2}, w.view());
    for (mend::index filter = 0; filter < 5; ++filter) {
        double sum = 0;
        for (mend::index i = filter; i < w.size(); i += 5) {
            sum += w[i] * w[i];
        }
        CHECK(sum == Approx(1).epsilon(1e-6));
    }
    w = normal<double>({2, 3}, 7);
    mend::apply({.kind = constraint_kind::unit_norm, .first_axis = 1, .last_axis = 1}, w.view());
    CHECK(w[0] * w[0] + w[1] * w[1] + w[2] * w[2] == Approx(1).epsilon(1e-6));
}

TEST_CASE("constraint: weights are limited after an update, frozen ones never") {
    for (const bool trainable : {true, false}) {
        mend::network<double> net({2}, {mend::dense{{.units = 1, .trainable = trainable}}});
        net.constrain(0, {.kind = constraint_kind::unit_norm});
        net.value(net.parameters()[0])[0] = 3;
        net.value(net.parameters()[0])[1] = 4;
        mend::gradients<double> g = net.make_gradients();
        mend::optimizer<double>({mend::sgd{}}, net).step(net, g);
        CHECK(net.value(net.parameters()[0])[0] == Approx(trainable ? 0.6 : 3).epsilon(1e-6));
    }
}

TEST_CASE("constraint: a penalty on a layer's output is one of the batch's mean") {
    mend::any_layer<double> hidden =
        mend::dense{{.units = 3, .activation = {mend::activation_kind::tanh}}};
    hidden.activity_penalty({.l1 = 0.2, .l2 = 0.3});
    mend::any_layer<double> last = mend::dense{{.units = 2}};
    last.activity_penalty({.l2 = 0.1});
    mend::network<double> net({4}, {hidden, last});
    net.initialise(5);
    const mend::tensor<double> x = normal<double>({6, 4}, 1);
    CHECK(network_gradient_error(net, x) < 1e-7);

    mend::tape<double> tape;
    mend::variable trace[2];
    static_cast<void>(net.forward(tape, x, {.penalties = true}, nullptr, trace));
    double wanted = 0;
    for (const double v : tape.value(trace[0]).flat()) {
        wanted += (0.2 * std::abs(v) + 0.3 * v * v) / 6;
    }
    REQUIRE(tape.penalties().size() == 2);
    CHECK(*tape.data(tape.penalties()[0]) == Approx(wanted));
}

} // namespace nn_constraint_tests
