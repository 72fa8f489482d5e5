// SPDX-License-Identifier: MIT
#include <cmath>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/tensor/moments.hpp>
#include <mend/tensor/tensor.hpp>

namespace tensor_moments_tests {

using mend::index;

TEST_CASE("moments: of columns and rows, also far from zero and of many numbers") {
    for (const index columns : {1, 5, 16, 37}) {
        const index rows = 5000;
        mend::tensor<float> x({rows, columns});
        mend::random_stream random(2, 0, mend::purpose::generator);
        for (index i = 0; i < x.size(); ++i) {
            x[i] = static_cast<float>(100 + static_cast<double>(i % columns) + random.normal());
        }
        mend::arena memory;
        mend::tensor<float> mean({columns});
        mend::tensor<float> variance({columns});
        column_moments(rows, columns, x.data(), mean.data(), variance.data(), memory);
        for (index c = 0; c < columns; ++c) {
            double sum = 0;
            for (index r = 0; r < rows; ++r) {
                sum += static_cast<double>(x[r * columns + c]) / static_cast<double>(rows);
            }
            double squares = 0;
            for (index r = 0; r < rows; ++r) {
                squares += std::pow(static_cast<double>(x[r * columns + c]) - sum, 2) /
                           static_cast<double>(rows);
            }
            CHECK(mean[c] == doctest::Approx(sum).epsilon(1e-6));
            CHECK(variance[c] == doctest::Approx(squares).epsilon(1e-5));
        }
    }
    const float row[] = {1, 2, 3, 6};
    float mean = 0;
    float scale = 0;
    mend::row_moments(1, 4, row, 0.5, &mean, &scale);
    CHECK(mean == 3);
    CHECK(scale == doctest::Approx(1 / std::sqrt(4.0)));
}

} // namespace tensor_moments_tests
