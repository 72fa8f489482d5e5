// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/data/iris.hpp>

namespace data_iris_tests {

TEST_CASE("iris: 150 rows with the means that the file is known for") {
    const mend::dataset data = mend::make_iris();
    mend::check_dataset(data);
    REQUIRE(data.pool->rows() == 150);
    CHECK(data.classes == 3);
    for (int column = 0; column < 4; ++column) {
        double sum = 0;
        for (mend::index row = 0; row < 150; ++row) {
            sum += static_cast<double>(data.pool->dense[4 * row + column]);
        }
        const double means[] = {5.8433, 3.0540, 3.7587, 1.1987};
        CHECK(sum / 150 == doctest::Approx(means[column]).epsilon(1e-4));
    }
    CHECK(data.pool->dense[0] == 5.1F);
    CHECK(data.pool->labels[49] == 0);
    CHECK(data.pool->labels[50] == 1);
}

} // namespace data_iris_tests
