// SPDX-License-Identifier: MIT
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/sparse_batch.hpp>
#include <mend/data/topics.hpp>

namespace data_sparse_batch_tests {

TEST_CASE("sparse_batch: holds what the dense rows of a batch hold") {
    const mend::dataset data = mend::make_topics({.n = 60});
    const mend::samples& table = data.table();
    mend::sparse_batch batch;
    batch.reserve(table, 8);
    const mend::index width = table.sample.size();
    for (mend::index first = 0; first < 60; first += 13) {
        std::vector<mend::index> chosen;
        for (mend::index r = 0; r < 8 - first % 3; ++r) {
            chosen.push_back((first + 17 * r) % 60);
        }
        const auto count = static_cast<mend::index>(chosen.size());
        mend::tensor<float> dense(mend::shape{count, width});
        mend::gather_features(table, chosen, dense.view());
        const mend::sparse_view<float>& x = batch.gather(table, chosen);
        CHECK(x.rows == count);
        CHECK(x.width == width);
        std::int32_t last = -1;
        for (std::size_t i = 0; i < x.columns.size(); ++i) {
            CHECK(x.columns[i] > last);
            last = x.columns[i];
            CHECK(x.starts[i] < x.starts[i + 1]);
            for (std::int32_t e = x.starts[i]; e < x.starts[i + 1]; ++e) {
                float& cell = dense[x.row[e] * width + last];
                CHECK(cell == x.value[e]);
                cell = 0;
            }
        }
        CHECK(dense == mend::tensor<float>(mend::shape{count, width}));
    }
}

} // namespace data_sparse_batch_tests
