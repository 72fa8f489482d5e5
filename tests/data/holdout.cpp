// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/formulas.hpp>
#include <mend/data/generators.hpp>
#include <mend/data/holdout.hpp>
#include <mend/data/topics.hpp>

namespace data_holdout_tests {

namespace {

using rows = std::vector<mend::index>;

} // namespace

// The row numbers come from the published scripts, run with scikit-learn.
TEST_CASE("holdout: cuts the rows that train_test_split takes") {
    const mend::row_cut first = mend::train_test_cut(200, 42);
    const rows expected{95,  15,  30, 158, 128, 115, 69,  170, 174, 45,  66,  182, 165, 78,
                        186, 177, 56, 152, 82,  68,  124, 16,  148, 93,  65,  60,  84,  67,
                        125, 132, 9,  18,  55,  75,  150, 104, 135, 137, 164, 76};
    CHECK(first.test == expected);
    CHECK(first.train.size() == 160);
    const mend::row_cut second = mend::train_test_cut(40, 42);
    rows held_out;
    for (const mend::index row : second.test) {
        held_out.push_back(first.test[static_cast<std::size_t>(row)]);
    }
    CHECK(held_out == rows{68, 56, 177, 84, 128, 165, 137, 67});
    std::set<mend::index> all(first.train.begin(), first.train.end());
    all.insert(first.test.begin(), first.test.end());
    CHECK(all.size() == 200);
}

TEST_CASE("holdout: a pool becomes three parts, 80, 16 and 4 of a hundred rows") {
    const mend::dataset data = mend::cut(mend::make_fivefold(), {.holdout = 42});
    CHECK_FALSE(data.pool);
    CHECK(data.train->rows() == 80);
    CHECK(data.validation->rows() == 16);
    REQUIRE(data.test->rows() == 4);
    for (int i = 0; i < 4; ++i) {
        const int row = std::vector<int>{83, 77, 4, 53}[static_cast<std::size_t>(i)];
        CHECK(data.test->dense[i] == doctest::Approx(1 + row / 99.0));
        CHECK(data.test->targets[i] == doctest::Approx(5 + 5 * row / 99.0));
    }
    mend::check_dataset(data);
}

TEST_CASE("holdout: a given test part is cut, a share of train is dropped, parts are limited") {
    const mend::dataset data =
        mend::cut(mend::make_constant_vectors(), {.holdout = 42, .drop = 0, .limit = 1000});
    CHECK(data.train->rows() == 1000); // of 16,000
    CHECK(data.validation->rows() == 160);
    CHECK(data.test->rows() == 40);
    CHECK(
        mend::cut(mend::make_threshold(), {.holdout = 42, .limit = 300, .validation = 50})
            .validation->rows() == 50
    );
    const auto& held_out = data.test->labels;
    CHECK(std::count(held_out.begin(), held_out.end(), 1) == 21); // as published
    const auto& seen = data.validation->labels;
    CHECK(std::count(seen.begin(), seen.end(), 1) == 79);
    CHECK_THROWS_AS(static_cast<void>(mend::cut(data, {.holdout = 42})), const mend::data_error&);
    CHECK_THROWS_AS(static_cast<void>(mend::cut(mend::make_blobs(), {.drop = 0})), const mend::data_error&);
}

TEST_CASE("holdout: taken rows are those of the table, sparse or dense") {
    const mend::dataset topics = mend::make_topics({.n = 30});
    REQUIRE(topics.pool->is_sparse());
    const rows chosen{7, 29, 0};
    const auto taken = mend::take_rows(*topics.pool, chosen);
    REQUIRE(taken->rows() == 3);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const auto row = static_cast<mend::index>(i);
        const auto got = taken->sparse.row_columns(row);
        const auto wanted = topics.pool->sparse.row_columns(chosen[i]);
        CHECK(std::equal(got.begin(), got.end(), wanted.begin(), wanted.end()));
        CHECK(taken->labels[i] == topics.pool->labels[static_cast<std::size_t>(chosen[i])]);
    }
    mend::samples weighted = *topics.pool;
    for (int i = 0; i < 30; ++i) {
        weighted.weights.push_back(static_cast<float>(i));
    }
    CHECK(mend::take_rows(weighted, chosen)->weights == std::vector<float>{7, 29, 0});
    CHECK(mend::keep_rows(topics.pool, 0) == topics.pool);
    CHECK(mend::keep_rows(topics.pool, 30) == topics.pool);
    CHECK(mend::keep_rows(topics.pool, 4)->rows() == 4);
}

} // namespace data_holdout_tests
