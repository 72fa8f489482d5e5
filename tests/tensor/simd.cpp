// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/tensor/simd.hpp>

namespace tensor_simd_tests {

namespace {

using mend::detail::transform;

/// The largest error of a float function over `xs`, in units of the last place of the result or of
/// `least`, whichever is larger.
template <class Fast, class Exact>
double worst_ulp(const std::vector<float>& xs, double least, const Fast& fast, const Exact& exact) {
    std::vector<float> ys(xs.size());
    transform(static_cast<mend::index>(xs.size()), ys.data(), fast, xs.data());
    double worst = 0;
    for (std::size_t i = 0; i < xs.size(); ++i) {
        const double wanted = exact(static_cast<double>(xs[i]));
        const double ulp = std::max(std::abs(wanted), least) * 1.1920929e-7;
        worst = std::max(worst, std::abs(static_cast<double>(ys[i]) - wanted) / ulp);
    }
    return worst;
}

std::vector<float> grid(double low, double high, int count) {
    std::vector<float> xs;
    for (int i = 0; i < count; ++i) {
        xs.push_back(static_cast<float>(low + (high - low) * i / (count - 1)));
    }
    return xs;
}

} // namespace

TEST_CASE("simd: exp, log and tanh are within a few units of the last place") {
    CHECK(
        worst_ulp(
            grid(-87, 88, 100001),
            0,
            [](auto x) { return exp(x); },
            [](double x) { return std::exp(x); }
        ) < 2
    );
    CHECK(
        worst_ulp(
            grid(1e-6, 50, 100001),
            1,
            [](auto x) { return log(x); },
            [](double x) { return std::log(x); }
        ) < 1.5
    );
    CHECK(
        worst_ulp(
            grid(-12, 12, 100001),
            0,
            [](auto x) { return tanh(x); },
            [](double x) { return std::tanh(x); }
        ) < 2.5
    );
    CHECK(
        worst_ulp(
            grid(-1e-3, 1e-3, 1001),
            0,
            [](auto x) { return tanh(x); },
            [](double x) { return std::tanh(x); }
        ) < 2
    );
}

TEST_CASE("simd: exp overflows to infinity, underflows to zero and keeps NaN") {
    const float infinity = std::numeric_limits<float>::infinity();
    const std::vector<float> xs{89.0F, 1000.0F, infinity, -110.0F, -infinity, 0.0F, std::nanf("")};
    std::vector<float> ys(xs.size());
    transform(
        7, ys.data(), [](auto x) { return exp(x); }, xs.data()
    );
    CHECK(ys[0] == infinity);
    CHECK(ys[1] == infinity);
    CHECK(ys[2] == infinity);
    CHECK(ys[3] == 0.0F);
    CHECK(ys[4] == 0.0F);
    CHECK(ys[5] == 1.0F);
    CHECK(std::isnan(ys[6]));
}

TEST_CASE("simd: every length meets the same arithmetic") {
    const std::vector<float> xs = grid(-3, 3, 67);
    std::vector<float> whole(67);
    const auto f = [](auto x) { return exp(x) / (x * x + abs(x)); };
    transform(67, whole.data(), f, xs.data());
    for (mend::index first = 0; first < 67; ++first) {
        std::vector<float> one(1);
        transform(1, one.data(), f, xs.data() + first);
        CHECK(one[0] == whole[static_cast<std::size_t>(first)]);
    }
}

TEST_CASE("simd: max keeps a NaN of its first argument") {
    std::vector<float> x{std::nanf(""), -1.0F, 2.0F};
    transform(
        3, x.data(), [](auto v) { return max(v, decltype(v)::all(0)); }, x.data()
    );
    CHECK(std::isnan(x[0]));
    CHECK(x[1] == 0.0F);
    CHECK(x[2] == 2.0F);
}

TEST_CASE_TEMPLATE("simd: transposing moves every number", Scalar, float, double) {
    for (const auto& [rows, columns] : {std::pair{1, 1}, {8, 8}, {16, 24}, {19, 21}, {3, 40}}) {
        std::vector<Scalar> from(static_cast<std::size_t>(rows * columns));
        for (std::size_t i = 0; i < from.size(); ++i) {
            from[i] = static_cast<Scalar>(i);
        }
        std::vector<Scalar> to(from.size());
        mend::detail::transpose(rows, columns, from.data(), columns, to.data(), rows);
        bool right = true;
        for (int i = 0; i < rows; ++i) {
            for (int j = 0; j < columns; ++j) {
                right = right && to[static_cast<std::size_t>(j * rows + i)] ==
                                     from[static_cast<std::size_t>(i * columns + j)];
            }
        }
        CHECK(right);
    }
}

} // namespace tensor_simd_tests
