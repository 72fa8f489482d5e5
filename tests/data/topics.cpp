// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/topics.hpp>

#include "centroid.hpp"

namespace data_topics_tests {

TEST_CASE("topics: rows are sparse binary bags of 10,000 words, 0.7 % ones") {
    const mend::dataset data = mend::make_topics();
    mend::check_dataset(data);
    REQUIRE(data.pool->is_sparse());
    CHECK(data.sample() == mend::shape{10'000});
    CHECK(data.classes == 46);
    const auto& sparse = data.pool->sparse;
    CHECK(sparse.rows() == 6000);
    const double density = static_cast<double>(sparse.columns.size()) / (6000 * 10'000.0);
    CHECK(density == doctest::Approx(0.007).epsilon(0.03));
    CHECK(std::all_of(sparse.values.begin(), sparse.values.end(), [](float v) { return v == 1; }));
    for (mend::index row = 0; row < sparse.rows(); ++row) {
        const auto columns = sparse.row_columns(row);
        REQUIRE(!columns.empty());
        REQUIRE(columns.front() >= 0);
        REQUIRE(columns.back() < 10'000);
        REQUIRE(
            std::adjacent_find(columns.begin(), columns.end(), std::greater_equal<>()) ==
            columns.end()
        );
    }
}

TEST_CASE("topics: the same seed gives the same texts, whatever their number") {
    const mend::dataset data = mend::make_topics({.n = 50, .seed = 2});
    CHECK(*mend::make_topics({.n = 50, .seed = 2}).pool == *data.pool);
    CHECK_FALSE(*mend::make_topics({.n = 50, .seed = 3}).pool == *data.pool);
    const mend::dataset few = mend::make_topics({.n = 10, .seed = 2});
    const auto& columns = few.pool->sparse.columns;
    CHECK(std::equal(columns.begin(), columns.end(), data.pool->sparse.columns.begin()));
}

// Reuters' 46 topics: 3923, 2292, 374, 325, 309, ... 10, 9, 8, 6 of 9108 texts.
TEST_CASE("topics: two classes hold two thirds, the rarest few rows") {
    const mend::dataset data = mend::make_topics({.n = 20'000});
    std::vector<double> shares(46);
    for (const int label : data.pool->labels) {
        shares.at(static_cast<std::size_t>(label)) += 1 / 20'000.0;
    }
    CHECK(shares[0] + shares[1] == doctest::Approx(0.66).epsilon(0.08));
    CHECK(shares[2] == doctest::Approx(0.04).epsilon(0.15));
    CHECK(*std::min_element(shares.begin(), shares.end()) > 0);
    CHECK(shares[45] < 0.002);
}

// Zipf: frequency x rank is about constant; it falls below the line at both ends, where a text
// holds a word once however often it is drawn, and where topics have few words.
TEST_CASE("topics: word frequencies follow Zipf's law") {
    const mend::dataset data = mend::make_topics({.n = 20'000});
    std::vector<double> frequency(10'000);
    for (const std::int32_t word : data.pool->sparse.columns) {
        frequency[static_cast<std::size_t>(word)] += 1 / 20'000.0;
    }
    std::sort(frequency.begin(), frequency.end(), std::greater<>());
    for (const std::size_t rank : {20U, 50U, 100U, 200U, 500U, 1000U}) {
        CAPTURE(rank);
        CHECK(frequency[rank] * static_cast<double>(rank) > 3);
        CHECK(frequency[rank] * static_cast<double>(rank) < 18);
    }
    CHECK(frequency[0] > 0.5);
}

} // namespace data_topics_tests
