// SPDX-License-Identifier: MIT
#include <cstdint>
#include <utility>

#include <doctest/doctest.h>

#include <mend/tensor/tensor.hpp>

namespace tensor_tensor_tests {

TEST_CASE("tensor: starts filled, aligned, and empty by default") {
    const mend::tensor<float> t({3, 5}, 2.5F);
    CHECK(t.size() == 15);
    CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % mend::tensor<float>::alignment == 0);
    for (const float v : t.flat()) {
        CHECK(v == 2.5F);
    }
    CHECK(mend::tensor<float>().empty());
}

TEST_CASE("tensor: copies are deep, moves leave an empty one") {
    mend::tensor<double> a({2, 2}, 1.0);
    mend::tensor<double> b = a;
    CHECK(a == b);
    b[3] = 7;
    CHECK(a != b);
    CHECK(a[3] == 1.0);
    const mend::tensor<double> c = std::move(b);
    CHECK(c[3] == 7);
    CHECK(b.empty()); // NOLINT: the state after a move is part of the contract
    a = c;
    CHECK(a == c);
    CHECK(mend::tensor<double>({4}, 1.0) != mend::tensor<double>({2, 2}, 1.0));
}

TEST_CASE("tensor: resizing to fewer numbers keeps the memory") {
    mend::tensor<float> t({100});
    const float* const before = t.data();
    t.resize({5, 5});
    CHECK(t.data() == before);
    CHECK(t.extents() == mend::shape{5, 5});
    t.resize({100});
    CHECK(t.data() == before);
}

TEST_CASE("tensor: views slice and reshape the same numbers") {
    mend::tensor<int> t({4, 3});
    for (mend::index i = 0; i < 12; ++i) {
        t[i] = static_cast<int>(i);
    }
    const mend::tensor_view<const int> view = std::as_const(t).view();
    const auto middle = view.slice(1, 2);
    CHECK(middle.extents() == mend::shape{2, 3});
    CHECK(middle[0] == 3);
    CHECK(middle.row(1)[2] == 8);
    CHECK(view.reshaped({12}).data() == t.data());
    CHECK_THROWS_AS(static_cast<void>(view.slice(3, 2)), mend::contract_violation);
    CHECK_THROWS_AS(static_cast<void>(view.reshaped({13})), mend::contract_violation);
}

} // namespace tensor_tensor_tests
