// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <span>

#include <doctest/doctest.h>

#include <mend/autodiff/arrange.hpp>
#include <mend/autodiff/check.hpp>
#include <mend/autodiff/functions.hpp>

#include "samples.hpp"

namespace autodiff_arrange_tests {

namespace {

using mend::gradient_error;
using mend::shape;
using mend::tape;
using mend::variable;
using leaves = std::span<const variable>;

} // namespace

TEST_CASE("arrange: axes in any order pass the gradient check and come back") {
    for (const mend::axis_order& order :
         {mend::axis_order{0, 2, 1, 3},
          mend::axis_order{3, 1, 0, 2},
          mend::axis_order{1, 2, 3, 0}}) {
        CHECK(gradient_error({normal({2, 3, 4, 2}, 1)}, [&](tape<double>& t, leaves v) {
                  return weighted_square(t, permute(t, v[0], order));
              }) < 1e-7);
        tape<double> t;
        const auto x = normal({2, 3, 4, 2}, 2);
        const variable there = permute(t, t.constant(x.view()), order);
        const variable back = permute(t, there, mend::inverse(order, 4));
        CHECK(t.extents(there) == mend::permuted(x.extents(), order));
        CHECK(std::equal(x.data(), x.data() + x.size(), t.data(back)));
    }
    CHECK(mend::axis_last(1, 3) == mend::axis_order{0, 2, 1, 0});
}

TEST_CASE("arrange: framing, cutting and repeating pass the gradient check") {
    for (const auto& [top, left, height, width] :
         {std::array<mend::index, 4>{1, 2, 7, 6},
          std::array<mend::index, 4>{-1, -1, 2, 1},
          std::array<mend::index, 4>{-2, 1, 4, 3}}) {
        CHECK(gradient_error({normal({2, 4, 3, 2}, 3)}, [&](tape<double>& t, leaves v) {
                  return weighted_square(t, reframe(t, v[0], top, left, height, width));
              }) < 1e-7);
    }
    CHECK(gradient_error({normal({2, 3, 2, 2}, 4)}, [](tape<double>& t, leaves v) {
              // Twice the same input, so that gradients are added.
              return weighted_square(
                  t, add(t, repeat_cells(t, v[0], 2, 3), repeat_cells(t, v[0], 2, 3))
              );
          }) < 1e-7);
}

} // namespace autodiff_arrange_tests
