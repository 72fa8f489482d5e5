// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include <doctest/doctest.h>

#include <mend/autodiff/check.hpp>
#include <mend/autodiff/lookup.hpp>

#include "samples.hpp"

namespace autodiff_lookup_tests {

namespace {

using mend::shape;
using mend::tape;
using mend::tensor;
using mend::variable;
using leaves = std::span<const variable>;

} // namespace

TEST_CASE("lookup: rows of a table pass the gradient check, also where one is taken twice") {
    tensor<double> words({2, 3});
    const double named[] = {0, 4, 4, 1, 0, 4};
    std::copy_n(named, 6, words.data());
    CHECK(mend::gradient_error({normal({5, 2}, 1)}, [&](tape<double>& t, leaves v) {
              const variable x = t.constant(std::as_const(words).view());
              return weighted_square(t, look_up(t, x, v[0]));
          }) < 1e-7);
}

TEST_CASE("lookup: numbers are cut to whole ones, those without a row become NaN") {
    tape<double> t;
    tensor<double> words({1, 5});
    const double named[] = {1.9, -0.5, 3, -1, std::nan("")};
    std::copy_n(named, 5, words.data());
    const auto table = normal({3, 1}, 2);
    const variable y =
        look_up(t, t.constant(std::as_const(words).view()), t.constant(table.view()));
    CHECK(t.extents(y) == shape{1, 5, 1});
    CHECK(t.data(y)[0] == table[1]);
    CHECK(t.data(y)[1] == table[0]);
    for (int i = 2; i < 5; ++i) {
        CHECK(std::isnan(t.data(y)[i]));
    }
}

TEST_CASE("lookup: a rectifier with learnt slopes passes the gradient check, shared or not") {
    for (const shape& slopes : {shape{2, 3, 2}, shape{1, 3, 2}, shape{1, 1, 2}, shape{2, 1, 1}}) {
        CHECK(
            mend::gradient_error(
                {normal({4, 2, 3, 2}, 3), normal(slopes, 4)},
                [](tape<double>& t, leaves v) { return weighted_square(t, rectify(t, v[0], v[1])); }
            ) < 1e-7
        );
    }
}

} // namespace autodiff_lookup_tests
