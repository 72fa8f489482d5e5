// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/samples.hpp>

namespace data_samples_tests {

namespace {

// Four rows of three numbers: 0 1 2, 3 0 0, 0 0 0, 0 0 9.
mend::samples dense_rows() {
    mend::samples table;
    table.sample = mend::shape{3};
    table.dense = mend::tensor<float>(mend::shape{4, 3});
    table.dense[1] = 1;
    table.dense[2] = 2;
    table.dense[3] = 3;
    table.dense[11] = 9;
    table.labels = {0, 1, 2, 1};
    return table;
}

mend::samples sparse_rows() {
    mend::samples table;
    table.sample = mend::shape{3};
    table.sparse.columns = {1, 2, 0, 2};
    table.sparse.values = {1, 2, 3, 9};
    table.sparse.offsets = {0, 2, 3, 3, 4};
    table.labels = {0, 1, 2, 1};
    return table;
}

std::string message(const mend::samples& table, int classes) {
    try {
        mend::check_samples(table, classes, "here");
    } catch (const mend::data_error& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("samples: sparse and dense rows gather alike, in the order asked for") {
    const mend::samples dense = dense_rows();
    const mend::samples sparse = sparse_rows();
    CHECK_FALSE(dense.is_sparse());
    CHECK(sparse.is_sparse());
    CHECK(dense.rows() == 4);
    CHECK(sparse.rows() == 4);
    const std::vector<mend::index> chosen{3, 0, 2, 0, 1};
    mend::tensor<float> a(mend::shape{5, 3}, 7.0F);
    mend::tensor<float> b(mend::shape{5, 3}, 8.0F);
    mend::gather_features(dense, chosen, a.view());
    mend::gather_features(sparse, chosen, b.view());
    CHECK(a == b);
    const std::vector<float> expected{0, 0, 9, 0, 1, 2, 0, 0, 0, 0, 1, 2, 3, 0, 0};
    CHECK(std::equal(expected.begin(), expected.end(), a.data()));
}

TEST_CASE("samples: a sparse row shows its columns and values") {
    const mend::samples table = sparse_rows();
    REQUIRE(table.sparse.row_columns(0).size() == 2);
    CHECK(table.sparse.row_columns(0)[1] == 2);
    CHECK(table.sparse.row_values(0)[1] == 2.0F);
    CHECK(table.sparse.row_columns(2).empty());
    CHECK(table.sparse.row_values(3)[0] == 9.0F);
}

TEST_CASE("samples: labels gather as numbers and as one-hot rows") {
    const mend::samples table = dense_rows();
    const std::vector<mend::index> chosen{2, 3};
    std::vector<int> labels(2);
    mend::gather_labels(table, chosen, labels);
    CHECK(labels == std::vector<int>{2, 1});
    mend::tensor<float> hot(mend::shape{2, 4}, 5.0F);
    mend::gather_targets(table, chosen, hot.view());
    const std::vector<float> expected{0, 0, 1, 0, 0, 1, 0, 0};
    CHECK(std::equal(expected.begin(), expected.end(), hot.data()));
    mend::tensor<float> narrow(mend::shape{2, 2});
    CHECK_THROWS_AS(mend::gather_targets(table, chosen, narrow.view()), const mend::contract_violation&);
}

TEST_CASE("samples: targets gather as they are") {
    mend::samples table = dense_rows();
    table.labels.clear();
    table.targets = mend::tensor<float>(mend::shape{4, 2});
    table.targets[6] = -1.5F;
    mend::tensor<float> out(mend::shape{1, 2}, 3.0F);
    mend::gather_targets(table, std::vector<mend::index>{3}, out.view());
    CHECK(out[0] == -1.5F);
    CHECK(out[1] == 0.0F);
}

TEST_CASE("samples: what does not agree is named") {
    CHECK(message(dense_rows(), 3).empty());
    CHECK(message(dense_rows(), 2) == "here: label 2 of sample 2 is outside 0..1");
    mend::samples table = dense_rows();
    table.labels.pop_back();
    CHECK(message(table, 3) == "here: has 4 samples but 3 labels");
    CHECK(message(table, 0) == "here: has 4 samples but 0 targets");
    CHECK(message(mend::samples{}, 3) == "here: holds no samples");
}

} // namespace data_samples_tests
