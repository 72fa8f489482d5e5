// SPDX-License-Identifier: MIT
#include <vector>

#include <doctest/doctest.h>

#include <mend/tensor/ops.hpp>

namespace tensor_ops_tests {

TEST_CASE("ops: repeat_row writes the row as often as asked") {
    const std::vector<float> row{1, 2, 3};
    for (const mend::index rows : {0, 1, 2, 5, 64}) {
        std::vector<float> to(static_cast<std::size_t>(rows * 3 + 1), -1.0F);
        mend::repeat_row<float>(rows, 3, row.data(), to.data());
        for (mend::index i = 0; i < rows * 3; ++i) {
            CHECK(to[static_cast<std::size_t>(i)] == row[static_cast<std::size_t>(i % 3)]);
        }
        CHECK(to.back() == -1.0F);
    }
}

TEST_CASE_TEMPLATE("ops: sum_columns adds up every column", Scalar, float, double) {
    for (const mend::index columns : {1, 2, 10, 16, 35}) {
        for (const mend::index rows : {1, 2, 7, 40}) {
            std::vector<Scalar> from(static_cast<std::size_t>(rows * columns));
            for (std::size_t i = 0; i < from.size(); ++i) {
                from[i] = static_cast<Scalar>(i % 13);
            }
            for (const bool add : {false, true}) {
                std::vector<Scalar> to(static_cast<std::size_t>(columns), Scalar{100});
                mend::sum_columns(rows, columns, from.data(), to.data(), add);
                for (mend::index j = 0; j < columns; ++j) {
                    Scalar wanted = add ? Scalar{100} : Scalar{};
                    for (mend::index r = 0; r < rows; ++r) {
                        wanted += from[static_cast<std::size_t>(r * columns + j)];
                    }
                    CHECK(to[static_cast<std::size_t>(j)] == wanted);
                }
            }
        }
    }
}

} // namespace tensor_ops_tests
