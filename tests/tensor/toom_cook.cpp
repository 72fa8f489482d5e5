// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>

#include <doctest/doctest.h>

#include <mend/tensor/toom_cook.hpp>

namespace tensor_toom_cook_tests {

namespace {

using pack = mend::detail::pack<double>;
using mend::detail::toom_cook;

/// Applies a line transform to numbers.
template <class Line, std::size_t Size>
std::array<double, static_cast<std::size_t>(Line::to)> apply(const std::array<double, Size>& numbers
) {
    static_assert(Size == static_cast<std::size_t>(Line::from));
    pack in[Size];
    pack out[static_cast<std::size_t>(Line::to)];
    for (std::size_t i = 0; i < Size; ++i) {
        in[i] = {numbers[i]};
    }
    Line::apply(in, out);
    std::array<double, static_cast<std::size_t>(Line::to)> result{};
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i] = out[i].raw;
    }
    return result;
}

template <class Line>
double entry(int row, int column) {
    std::array<double, static_cast<std::size_t>(Line::from)> unit{};
    unit[static_cast<std::size_t>(column)] = 1;
    return apply<Line>(unit)[static_cast<std::size_t>(row)];
}

template <class Line, class Back>
void check_transposed() {
    static_assert(Line::from == Back::to && Line::to == Back::from);
    for (int i = 0; i < Line::to; ++i) {
        for (int j = 0; j < Line::from; ++j) {
            CHECK(entry<Line>(i, j) == doctest::Approx(entry<Back>(j, i)).epsilon(1e-14));
        }
    }
}

} // namespace

TEST_CASE("toom_cook: four correlations of six numbers with three") {
    const std::array<double, 6> d{0.3, -1, 2, 0.7, -0.2, 1.1};
    const std::array<double, 3> g{0.5, -0.4, 1.3};
    auto products = apply<toom_cook::input>(d);
    const auto u = apply<toom_cook::kernel>(g);
    for (std::size_t i = 0; i < products.size(); ++i) {
        products[i] *= u[i];
    }
    const auto y = apply<toom_cook::output>(products);
    for (std::size_t i = 0; i < y.size(); ++i) {
        CHECK(y[i] == doctest::Approx(d[i] * g[0] + d[i + 1] * g[1] + d[i + 2] * g[2]));
    }
}

TEST_CASE("toom_cook: the transforms of gradients are transposes") {
    check_transposed<toom_cook::input, toom_cook::input_gradient>();
    check_transposed<toom_cook::output, toom_cook::output_gradient>();
    check_transposed<toom_cook::kernel, toom_cook::kernel_gradient>();
}

} // namespace tensor_toom_cook_tests
