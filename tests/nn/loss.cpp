// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/autodiff/check.hpp>
#include <mend/autodiff/functions.hpp>
#include <mend/nn/loss.hpp>

#include "run.hpp"

namespace nn_loss_tests {

namespace {

using mend::gradient_error;
using mend::loss_kind;
using mend::loss_options;
using mend::tape;
using mend::tensor;
using mend::variable;
using leaves = std::span<const variable>;

tensor<double> matrix(mend::index rows, mend::index columns, const std::vector<double>& values) {
    tensor<double> t({rows, columns});
    std::copy(values.begin(), values.end(), t.data());
    return t;
}

/// The loss of predictions p for targets y, rows x columns.
double value(
    const loss_options& options,
    const tensor<double>& y,
    const tensor<double>& p,
    const std::vector<double>& weights = {}
) {
    tape<double> t;
    const variable out = t.constant(p.view());
    return *t.data(loss<double>(t, out, options, {.dense = y.view()}, weights));
}

double value(loss_kind kind, double y, double p) {
    return value({.kind = kind}, matrix(1, 1, {y}), matrix(1, 1, {p}));
}

tensor<double> positive_rows(mend::index rows, mend::index columns, std::uint64_t seed) {
    tensor<double> t({rows, columns});
    mend::random_stream random(seed, 0, mend::purpose::generator);
    for (double& v : t.flat()) {
        v = 0.1 + random.uniform();
    }
    return t;
}

tensor<double> one_hot(mend::index rows, mend::index columns) {
    tensor<double> t({rows, columns});
    for (mend::index r = 0; r < rows; ++r) {
        t[r * columns + r * 7 % columns] = 1;
    }
    return t;
}

} // namespace

TEST_CASE("loss: hinge losses take labels of 0 and 1 as -1 and 1") {
    CHECK(value(loss_kind::hinge, 1, 0.25) == doctest::Approx(0.75));
    CHECK(value(loss_kind::hinge, 0, 0.25) == doctest::Approx(1.25));
    CHECK(value(loss_kind::hinge, -1, 0.25) == doctest::Approx(1.25));
    CHECK(value(loss_kind::squared_hinge, 0, 0.25) == doctest::Approx(1.5625));
    CHECK(value(loss_kind::hinge, 1, 2) == 0);
    const auto y = matrix(1, 3, {0, 1, 0});
    CHECK(
        value({.kind = loss_kind::categorical_hinge}, y, matrix(1, 3, {0.5, 0.25, -1})) ==
        doctest::Approx(1.25)
    );
}

TEST_CASE("loss: categorical cross-entropy from probabilities renormalises and clips") {
    const loss_options cce{.kind = loss_kind::categorical_crossentropy};
    const auto y = matrix(1, 3, {0, 1, 0});
    CHECK(value(cce, y, matrix(1, 3, {1, 2, 1})) == doctest::Approx(std::log(2.0)));
    CHECK(value(cce, y, matrix(1, 3, {1, 0, 1})) == doctest::Approx(-std::log(1e-7)));
    CHECK(value(cce, y, matrix(1, 3, {0, 5, 0})) == doctest::Approx(1e-7));
}

TEST_CASE("loss: sparse cross-entropy from probabilities clips, then normalises") {
    tape<double> t;
    const auto p = matrix(1, 3, {0.5, 0, 0.25});
    const std::vector<std::int32_t> labels{1};
    const loss_options scce{.kind = loss_kind::sparse_categorical_crossentropy};
    const variable l = loss<double>(t, t.constant(p.view()), scce, {.labels = labels});
    CHECK(*t.data(l) == doctest::Approx(std::log((0.75 + 1e-7) / 1e-7)));
}

TEST_CASE("loss: Keras 2 adds 1e-7 inside the logarithms of binary cross-entropy") {
    loss_options bce{.kind = loss_kind::binary_crossentropy};
    const auto y = matrix(1, 1, {1});
    const auto p = matrix(1, 1, {-3});
    CHECK(value(bce, y, p) == doctest::Approx(-std::log(1e-7)));
    bce.epsilon_inside_log = true;
    CHECK(value(bce, y, p) == doctest::Approx(-std::log(2e-7)));
}

TEST_CASE("loss: label smoothing moves targets to the middle") {
    const auto p = matrix(1, 2, {0.2, 0.8});
    loss_options cce{.kind = loss_kind::categorical_crossentropy};
    cce.label_smoothing = 0.1;
    CHECK(
        value(cce, matrix(1, 2, {0, 1}), p) ==
        doctest::Approx(-0.95 * std::log(0.8) - 0.05 * std::log(0.2))
    );
    loss_options bce{.kind = loss_kind::binary_crossentropy};
    bce.label_smoothing = 0.2;
    CHECK(
        value(bce, matrix(1, 1, {1}), matrix(1, 1, {0.8})) ==
        doctest::Approx(-0.9 * std::log(0.8) - 0.1 * std::log(0.2))
    );
}

TEST_CASE("loss: is the mean over rows; weights count rows without changing their number") {
    const auto y = matrix(2, 2, {0, 0, 0, 0});
    const auto p = matrix(2, 2, {1, 2, 3, 4});
    CHECK(value({}, y, p) == doctest::Approx((2.5 + 12.5) / 2));
    CHECK(value({}, y, p, {2, 0}) == doctest::Approx(2.5));
    CHECK(
        value(
            {.kind = loss_kind::kl_divergence}, matrix(1, 2, {0.5, 0.5}), matrix(1, 2, {0.25, 0.25})
        ) == doctest::Approx(std::log(2.0))
    ); // a sum
}

TEST_CASE("loss: cosine similarity is -1 for parallel rows") {
    const loss_options cosine{.kind = loss_kind::cosine_similarity};
    CHECK(value(cosine, matrix(1, 2, {1, 2}), matrix(1, 2, {2, 4})) == doctest::Approx(-1));
    CHECK(value(cosine, matrix(1, 2, {1, 0}), matrix(1, 2, {0, 4})) == doctest::Approx(0));
}

TEST_CASE("loss: every loss passes the gradient check, with and without weights") {
    using enum loss_kind;
    const std::vector<double> weights{0.5, 2, 0, 1, 1};
    for (const loss_kind kind :
         {mean_squared_error,
          mean_absolute_error,
          mean_absolute_percentage_error,
          mean_squared_logarithmic_error,
          hinge,
          squared_hinge,
          categorical_hinge,
          log_cosh,
          huber,
          poisson,
          cosine_similarity,
          kl_divergence,
          binary_crossentropy,
          categorical_crossentropy}) {
        const bool probabilities = kind == kl_divergence || kind == binary_crossentropy;
        auto p = positive_rows(5, 4, 3);
        for (double& v : p.flat()) {
            v *= probabilities ? 0.8 : 1.7;
        }
        const tensor<double> y = kind == categorical_hinge || kind == binary_crossentropy
                                     ? one_hot(5, 4)
                                     : positive_rows(5, 4, 4);
        for (const bool weighted : {false, true}) {
            const double error = gradient_error({p}, [&](tape<double>& t, leaves v) {
                return loss<double>(
                    t,
                    v[0],
                    {.kind = kind, .delta = 0.3, .epsilon_inside_log = weighted},
                    {.dense = y.view()},
                    weighted ? std::span<const double>(weights) : std::span<const double>()
                );
            });
            CHECK_MESSAGE(error < 1e-6, static_cast<int>(kind));
        }
    }
}

// TensorFlow's softmax_cross_entropy_with_logits gives softmax - target for any target.
TEST_CASE("loss: targets that are no distribution take Keras' gradient from logits") {
    const auto z = matrix(2, 2, {0, 0, 0, std::log(3.0)});
    const auto y = matrix(2, 2, {0, 0, 1, 1});
    tape<double> t;
    tensor<double> slope(z.extents());
    const variable in = t.parameter(z.view(), slope.data());
    const variable made = loss<double>(
        t,
        in,
        {.kind = loss_kind::categorical_crossentropy, .from_logits = true},
        {.dense = y.view()}
    );
    t.backward(made);
    const double wanted[] = {0.5, 0.5, 0.25 - 1, 0.75 - 1};
    for (int i = 0; i < 4; ++i) {
        CHECK(slope[i] == doctest::Approx(wanted[i] / 2)); // the mean over two rows
    }
    CHECK(*t.data(made) == doctest::Approx((std::log(4.0) + std::log(4.0 / 3)) / 2));
}

TEST_CASE("loss: cross-entropies from logits and labels pass the gradient check") {
    using enum loss_kind;
    const auto z = normal<double>({5, 4}, 8);
    const auto y = one_hot(5, 4);
    const std::vector<std::int32_t> labels{0, 3, 2, 1, 0};
    for (const loss_kind kind : {categorical_crossentropy, binary_crossentropy}) {
        const double error = gradient_error({z}, [&](tape<double>& t, leaves v) {
            return loss<double>(
                t,
                v[0],
                {.kind = kind, .from_logits = true, .label_smoothing = 0.1},
                {.dense = y.view()}
            );
        });
        CHECK(error < 1e-8);
    }
    for (const bool logits : {false, true}) {
        const auto& in = logits ? z : positive_rows(5, 4, 9);
        auto probabilities = in;
        for (double& v : probabilities.flat()) {
            v *= logits ? 1 : 0.7;
        }
        const double error = gradient_error({probabilities}, [&](tape<double>& t, leaves v) {
            return loss<double>(
                t,
                v[0],
                {.kind = sparse_categorical_crossentropy, .from_logits = logits},
                {.labels = labels}
            );
        });
        CHECK(error < 1e-8);
    }
}

TEST_CASE("loss: no gradient passes a clipped probability") {
    tape<double> t;
    const auto p = matrix(1, 3, {-1, 0.5, 2});
    const auto y = matrix(1, 3, {1, 1, 0});
    std::array<double, 3> g{};
    const variable leaf = t.parameter(p.view(), g.data());
    t.backward(loss<double>(t, leaf, {.kind = loss_kind::binary_crossentropy}, {.dense = y.view()})
    );
    CHECK(g[0] == 0);
    CHECK(g[1] == doctest::Approx(-2.0 / 3));
    CHECK(g[2] == 0);
}

TEST_CASE("loss: behind softmax and sigmoid it goes through the logits") {
    const auto y = matrix(1, 2, {1, 0});
    const auto z = matrix(1, 2, {-300, 300}); // the probability of the right class underflows
    for (const bool binary : {false, true}) {
        tape<double> t;
        std::array<double, 2> g{};
        const variable leaf = t.parameter(z.view(), g.data());
        const variable out =
            activate(t, leaf, binary ? mend::activation::sigmoid : mend::activation::softmax);
        const auto kind =
            binary ? loss_kind::binary_crossentropy : loss_kind::categorical_crossentropy;
        const variable l = loss<double>(t, out, {.kind = kind}, {.dense = y.view()});
        t.backward(l);
        CHECK(*t.data(l) == doctest::Approx(binary ? 300 : 600));
        CHECK(g[0] == doctest::Approx(binary ? -0.5 : -1));
        CHECK(g[1] == doctest::Approx(binary ? 0.5 : 1));
    }
    // softmax then binary cross-entropy: from the probabilities
    tape<double> t;
    const auto mild = matrix(1, 2, {0, std::log(3.0)});
    const variable out = activate(t, t.constant(mild.view()), mend::activation::softmax);
    const variable l =
        loss<double>(t, out, {.kind = loss_kind::binary_crossentropy}, {.dense = y.view()});
    CHECK(*t.data(l) == doctest::Approx(-std::log(0.25)));
}

TEST_CASE("loss: where asked, it takes the logits of softmax and sigmoid alike") {
    const auto y = matrix(1, 2, {1, 0});
    const auto z = matrix(1, 2, {0.5, 2});
    tape<double> t;
    const variable leaf = t.constant(z.view());
    const variable soft = activate(t, leaf, mend::activation::softmax);
    const loss_options bce{.kind = loss_kind::binary_crossentropy, .logits_of_either = true};
    const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
    CHECK(
        *t.data(loss<double>(t, soft, bce, {.dense = y.view()})) ==
        doctest::Approx((softplus(-0.5) + softplus(2)) / 2)
    );
    const variable sigmoid = activate(t, leaf, mend::activation::sigmoid);
    const loss_options cce{.kind = loss_kind::categorical_crossentropy, .logits_of_either = true};
    CHECK(
        *t.data(loss<double>(t, sigmoid, cce, {.dense = y.view()})) ==
        doctest::Approx(softplus(1.5))
    );
}

TEST_CASE("loss: float agrees with double") {
    const auto z = normal<float>({6, 5}, 1);
    tensor<double> wide({6, 5});
    std::copy(z.flat().begin(), z.flat().end(), wide.flat().begin());
    const std::vector<std::int32_t> labels{0, 1, 2, 3, 4, 0};
    const loss_options o{.kind = loss_kind::sparse_categorical_crossentropy, .from_logits = true};
    tape<float> a;
    tape<double> b;
    const float narrow = *a.data(loss<float>(a, a.constant(z.view()), o, {.labels = labels}));
    const double exact =
        *b.data(loss<double>(b, b.constant(std::as_const(wide).view()), o, {.labels = labels}));
    CHECK(static_cast<double>(narrow) == doctest::Approx(exact).epsilon(1e-6));
}

TEST_CASE("loss: targets that do not fit break the contract") {
    tape<double> t;
    const tensor<double> p({2, 3}, 0.3);
    const variable out = t.constant(p.view());
    const std::vector<std::int32_t> labels{0, 3};
    const loss_options scce{.kind = loss_kind::sparse_categorical_crossentropy};
    CHECK_THROWS_AS(
        static_cast<void>(loss<double>(t, out, scce, {.labels = labels})), mend::contract_violation
    );
    CHECK_THROWS_AS(
        static_cast<void>(loss<double>(t, out, {}, {.labels = labels})), mend::contract_violation
    );
}

} // namespace nn_loss_tests
