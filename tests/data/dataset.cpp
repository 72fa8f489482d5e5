// SPDX-License-Identifier: MIT
#include <memory>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include <mend/data/dataset.hpp>

namespace data_dataset_tests {

namespace {

std::shared_ptr<const mend::samples> points(mend::index rows, mend::index width) {
    mend::samples table;
    table.sample = mend::shape{width};
    table.dense = mend::tensor<float>(mend::shape{rows, width});
    table.labels.assign(static_cast<std::size_t>(rows), 1);
    return std::make_shared<const mend::samples>(std::move(table));
}

std::string message(const mend::dataset& data) {
    try {
        mend::check_dataset(data);
    } catch (const mend::data_error& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("dataset: a part of a whole table holds all its rows in order") {
    const mend::data_part part(points(3, 2));
    REQUIRE(part.size() == 3);
    CHECK(part.rows[2] == 2);
    CHECK(part.label(0) == 1);
    CHECK(mend::data_part().empty());
}

TEST_CASE("dataset: sample and outputs come from what fitting draws from") {
    mend::dataset data;
    data.name = "given";
    data.classes = 3;
    data.train = points(4, 5);
    data.test = points(2, 5);
    CHECK(data.sample() == mend::shape{5});
    CHECK(data.outputs() == 3);
    CHECK(message(data).empty());

    mend::samples regression = *points(2, 1);
    regression.labels.clear();
    regression.targets = mend::tensor<float>(mend::shape{2, 7});
    mend::dataset other;
    other.pool = std::make_shared<const mend::samples>(std::move(regression));
    CHECK(other.outputs() == 7);
    CHECK_FALSE(other.is_classification());
    CHECK(message(other).empty());
}

TEST_CASE("dataset: parts that do not fit each other are named") {
    mend::dataset data;
    data.name = "given";
    data.classes = 2;
    data.train = points(4, 5);
    data.test = points(2, 6);
    CHECK(message(data) == "given (test): samples have shape (6), those to train on (5)");
    data.test = nullptr;
    data.classes = 1;
    CHECK(message(data) == "given (train): label 1 of sample 0 is outside 0..0");
    CHECK_THROWS_AS(mend::check_dataset(mend::dataset{}), const mend::contract_violation&);
}

} // namespace data_dataset_tests
