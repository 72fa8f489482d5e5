// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/batch.hpp>

namespace data_batch_tests {

namespace {

mend::data_part part_of(std::vector<mend::index> rows) {
    mend::samples table;
    table.sample = mend::shape{1};
    table.dense = mend::tensor<float>(mend::shape{100, 1});
    return {std::make_shared<const mend::samples>(std::move(table)), std::move(rows)};
}

std::vector<mend::index> all_of(const mend::batches& batches) {
    std::vector<mend::index> rows;
    for (mend::index i = 0; i < batches.count(); ++i) {
        const auto batch = batches[i];
        rows.insert(rows.end(), batch.begin(), batch.end());
    }
    return rows;
}

} // namespace

TEST_CASE("batch: batches cover the part, the last one being smaller") {
    const mend::data_part part = part_of({10, 20, 30, 40, 50, 60, 70});
    const mend::batches three(part, 3);
    REQUIRE(three.count() == 3);
    CHECK(three[0].size() == 3);
    CHECK(three[2].size() == 1);
    CHECK(all_of(three) == part.rows);
    CHECK(mend::batches(part, 7).count() == 1);
    CHECK(mend::batches(part, 100)[0].size() == 7);
    CHECK(&three.source() == part.source.get());
}

TEST_CASE("batch: an epoch's order depends on seed and epoch, not on what came before") {
    const mend::data_part part = part_of({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
    mend::batches batches(part, 4);
    batches.shuffle(5, 3);
    const auto third = all_of(batches);
    auto sorted = third;
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted == part.rows);
    batches.shuffle(5, 4);
    CHECK(all_of(batches) != third);
    batches.shuffle(6, 3);
    CHECK(all_of(batches) != third);
    mend::batches fresh(part, 5);
    fresh.shuffle(5, 3);
    CHECK(all_of(fresh) == third);
}

} // namespace data_batch_tests
