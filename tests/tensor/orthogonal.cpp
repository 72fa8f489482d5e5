// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/tensor/orthogonal.hpp>

namespace tensor_orthogonal_tests {

TEST_CASE("orthogonal: the vectors become orthonormal and span what they spanned") {
    const mend::index count = 20;
    const mend::index length = 37;
    mend::random_stream random(1, 0, mend::purpose::weights);
    std::vector<double> a(static_cast<std::size_t>(count * length));
    for (double& v : a) {
        v = random.normal();
    }
    std::vector<double> q = a;
    mend::orthonormalise(q, count, length);
    const auto row = [&](const std::vector<double>& m, mend::index i) {
        return m.data() + i * length;
    };
    for (mend::index i = 0; i < count; ++i) {
        for (mend::index j = 0; j <= i; ++j) {
            const double product = mend::detail::dot(row(q, i), row(q, j), length);
            CHECK(std::abs(product - (i == j ? 1.0 : 0.0)) < 1e-13);
        }
        // A = Q R with R upper triangular: vector i is a combination of the first i + 1 of q, with
        // a positive share of the last.
        std::vector<double> rest(row(a, i), row(a, i) + length);
        for (mend::index j = 0; j <= i; ++j) {
            const double share = mend::detail::dot(row(q, j), row(a, i), length);
            CHECK((j < i || share > 0));
            for (mend::index k = 0; k < length; ++k) {
                rest[static_cast<std::size_t>(k)] -= share * row(q, j)[k];
            }
        }
        CHECK(mend::detail::dot(rest.data(), rest.data(), length) < 1e-24);
    }
}

TEST_CASE("orthogonal: in blocks the vectors are those that come out one after the other") {
    for (const mend::index count : {1, 4, 7, 50}) {
        for (const mend::index length : {50, 531, 1030}) {
            mend::random_stream random(2, 0, mend::purpose::weights);
            std::vector<double> a(static_cast<std::size_t>(count * length));
            for (double& v : a) {
                v = random.normal();
            }
            std::vector<double> one_by_one = a;
            mend::detail::gram_schmidt(one_by_one.data(), count, length);
            mend::orthonormalise(a, count, length);
            double worst = 0;
            for (std::size_t i = 0; i < a.size(); ++i) {
                worst = std::max(worst, std::abs(a[i] - one_by_one[i]));
            }
            CHECK(worst < 1e-11);
        }
    }
}

TEST_CASE("orthogonal: nearly parallel vectors still come out orthogonal") {
    std::vector<double> v{1, 1, 1, 1, 1, 1, 1, 1 + 1e-9};
    mend::orthonormalise(v, 2, 4);
    CHECK(std::abs(mend::detail::dot(v.data(), v.data() + 4, 4)) < 1e-15);
}

TEST_CASE("orthogonal: more vectors than dimensions break the contract") {
    std::vector<double> v(6);
    CHECK_THROWS_AS(mend::orthonormalise(v, 3, 2), mend::contract_violation);
}

} // namespace tensor_orthogonal_tests
