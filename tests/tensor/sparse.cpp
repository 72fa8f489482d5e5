// SPDX-License-Identifier: MIT
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/tensor/sparse.hpp>

namespace tensor_sparse_tests {

TEST_CASE_TEMPLATE("sparse: products are those of the dense matrix", Scalar, float, double) {
    // 3 x 4, column 2 empty: {{1, 0, 0, 2}, {0, 3, 0, 0}, {4, 0, 0, 5}}.
    const std::vector<std::int32_t> columns{0, 1, 3};
    const std::vector<std::int32_t> starts{0, 2, 3, 5};
    const std::vector<std::int32_t> rows{0, 2, 1, 0, 2};
    const std::vector<Scalar> values{1, 4, 3, 2, 5};
    const mend::sparse_view<Scalar> x{3, 4, columns, starts, rows.data(), values.data()};
    const Scalar dense[3][4] = {{1, 0, 0, 2}, {0, 3, 0, 0}, {4, 0, 0, 5}};
    constexpr mend::index outputs = 37;
    std::vector<Scalar> k(4 * outputs);
    std::vector<Scalar> g(3 * outputs);
    for (std::size_t i = 0; i < k.size(); ++i) {
        k[i] = static_cast<Scalar>(i % 11) - 5;
    }
    for (std::size_t i = 0; i < g.size(); ++i) {
        g[i] = static_cast<Scalar>(i % 7) - 3;
    }
    std::vector<Scalar> y(3 * outputs, Scalar{2});
    mend::add_sparse_product(x, outputs, k.data(), y.data());
    for (std::size_t r = 0; r < 3; ++r) {
        for (std::size_t j = 0; j < outputs; ++j) {
            Scalar sum{2};
            for (std::size_t c = 0; c < 4; ++c) {
                sum += dense[r][c] * k[c * outputs + j];
            }
            CHECK(y[r * outputs + j] == sum); // small integers are exact
        }
    }
    std::vector<Scalar> row(outputs);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const mend::product_gradient<Scalar> gradient{&x, g.data(), outputs};
        mend::sparse_gradient_row(gradient, static_cast<mend::index>(i), row.data());
        for (std::size_t j = 0; j < outputs; ++j) {
            Scalar sum{};
            for (std::size_t r = 0; r < 3; ++r) {
                sum += dense[r][columns[i]] * g[r * outputs + j];
            }
            CHECK(row[j] == sum);
        }
    }
}

} // namespace tensor_sparse_tests
