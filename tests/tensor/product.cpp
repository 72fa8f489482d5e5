// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/tensor/product.hpp>

namespace tensor_product_tests {

namespace {

using mend::index;

/// Small whole numbers: sums are exact in float whatever their order.
template <class Scalar>
std::vector<Scalar> whole_numbers(index count, std::uint64_t seed) {
    mend::random_stream random(seed, 0, mend::purpose::generator);
    std::vector<Scalar> values(static_cast<std::size_t>(count));
    for (Scalar& v : values) {
        v = static_cast<Scalar>(static_cast<int>(random.below(9)) - 4);
    }
    return values;
}

/// Whether product() agrees with the definition, for one choice of shapes and layouts.
template <class Scalar>
bool agrees(index rows, index columns, index depth, bool a_turned, bool b_turned, bool add) {
    const auto a = whole_numbers<Scalar>(rows * depth, 1);
    const auto b = whole_numbers<Scalar>(depth * columns, 2);
    const index stride = columns + 3;
    auto c = whole_numbers<Scalar>(rows * stride, 3);
    const auto before = c;
    mend::arena memory;
    mend::product<Scalar>(
        rows,
        columns,
        depth,
        {a.data(), a_turned ? rows : depth, a_turned},
        {b.data(), b_turned ? depth : columns, b_turned},
        c.data(),
        stride,
        add,
        memory
    );
    const auto at = [](const std::vector<Scalar>& v, index i) {
        return v[static_cast<std::size_t>(i)];
    };
    for (index i = 0; i < rows; ++i) {
        for (index j = 0; j < stride; ++j) {
            Scalar wanted = add || j >= columns ? at(before, i * stride + j) : Scalar{};
            for (index p = 0; p < depth && j < columns; ++p) {
                wanted += at(a, a_turned ? p * rows + i : i * depth + p) *
                          at(b, b_turned ? j * depth + p : p * columns + j);
            }
            if (at(c, i * stride + j) != wanted) {
                return false;
            }
        }
    }
    return true;
}

} // namespace

TEST_CASE_TEMPLATE("product: agrees with the definition for all layouts", Scalar, float, double) {
    for (const auto& [rows, columns, depth] :
         {std::array<index, 3>{1, 1, 1},
          {2, 3, 4},
          {7, 16, 5},
          {13, 17, 19},
          {32, 2, 16},
          {9, 33, 70},
          {70, 48, 21},
          {65, 100, 1030},
          {3, 5, 2100},
          {200, 40, 33}}) {
        for (const bool add : {false, true}) {
            CHECK(agrees<Scalar>(rows, columns, depth, false, false, add));
            CHECK(agrees<Scalar>(rows, columns, depth, true, false, add));
            CHECK(agrees<Scalar>(rows, columns, depth, false, true, add));
            CHECK(agrees<Scalar>(rows, columns, depth, true, true, add));
        }
    }
}

TEST_CASE("product: of no depth is zero, or adds nothing") {
    CHECK(agrees<float>(4, 5, 0, false, false, false));
    CHECK(agrees<float>(4, 5, 0, false, false, true));
}

TEST_CASE("product: repeats to the bit") {
    const auto run = [] {
        mend::random_stream random(5, 0, mend::purpose::generator);
        std::vector<float> a(100 * 300);
        std::vector<float> b(300 * 50);
        for (float& v : a) {
            v = static_cast<float>(random.normal());
        }
        for (float& v : b) {
            v = static_cast<float>(random.normal());
        }
        std::vector<float> c(100 * 50);
        mend::arena memory;
        mend::product<float>(
            100, 50, 300, {a.data(), 300}, {b.data(), 50}, c.data(), 50, false, memory
        );
        return c;
    };
    CHECK(run() == run());
}

} // namespace tensor_product_tests
