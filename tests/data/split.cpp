// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/split.hpp>

namespace data_split_tests {

namespace {

mend::dataset labelled(std::vector<int> labels, int classes) {
    mend::samples table;
    table.sample = mend::shape{1};
    table.dense = mend::tensor<float>(mend::shape{static_cast<mend::index>(labels.size()), 1});
    table.labels = std::move(labels);
    mend::dataset data;
    data.name = "labelled";
    data.classes = classes;
    data.pool = std::make_shared<const mend::samples>(std::move(table));
    return data;
}

mend::dataset numbers(mend::index rows) {
    mend::samples table;
    table.sample = mend::shape{1};
    table.dense = mend::tensor<float>(mend::shape{rows, 1});
    table.targets = mend::tensor<float>(mend::shape{rows, 1});
    mend::dataset data;
    data.name = "numbers";
    data.pool = std::make_shared<const mend::samples>(std::move(table));
    return data;
}

std::vector<int> many_labels() { // 500, 300, 150, 40, 9 and 1 of six classes
    std::vector<int> labels;
    int label = 0;
    for (const std::size_t count : {500U, 300U, 150U, 40U, 9U, 1U}) {
        labels.insert(labels.end(), count, label++);
    }
    return labels;
}

mend::index count_of(const mend::data_part& part, int label) {
    mend::index count = 0;
    for (mend::index i = 0; i < part.size(); ++i) {
        count += part.label(i) == label ? 1 : 0;
    }
    return count;
}

// Every row of 0 .. rows - 1 is in exactly one part.
bool is_partition(const mend::data_parts& parts, mend::index rows) {
    std::vector<mend::index> all = parts.train.rows;
    all.insert(all.end(), parts.validation.rows.begin(), parts.validation.rows.end());
    all.insert(all.end(), parts.test.rows.begin(), parts.test.rows.end());
    std::sort(all.begin(), all.end());
    std::vector<mend::index> expected(static_cast<std::size_t>(rows));
    std::iota(expected.begin(), expected.end(), mend::index{0});
    return all == expected;
}

} // namespace

TEST_CASE("split: a pool falls into three disjoint parts of the stated sizes") {
    for (const mend::index rows : {3, 4, 10, 11, 99, 1000}) {
        CAPTURE(rows);
        const mend::data_parts parts = mend::split(numbers(rows), 0.2);
        CHECK(is_partition(parts, rows));
        const mend::index left = rows * 8 / 10; // Keras keeps floor(0.8 n)
        CHECK(parts.test.size() == rows - left);
        CHECK(parts.validation.size() == left - left * 8 / 10);
    }
}

TEST_CASE("split: every class has its share of every part, and a single row stays in train") {
    const mend::dataset data = labelled(many_labels(), 6);
    const mend::data_parts parts = mend::split(data, 0.25);
    CHECK(is_partition(parts, 1000));
    CHECK(parts.test.size() == 200);
    CHECK(parts.validation.size() == 200);
    const std::vector<int> sizes{500, 300, 150, 40, 9, 1};
    for (int label = 0; label < 6; ++label) {
        CAPTURE(label);
        const double share = sizes[static_cast<std::size_t>(label)] * 0.2;
        CHECK(std::abs(static_cast<double>(count_of(parts.test, label)) - share) < 1);
        CHECK(std::abs(static_cast<double>(count_of(parts.validation, label)) - share) < 1);
    }
    CHECK(count_of(parts.train, 5) == 1);
}

TEST_CASE("split: classes of one row each can be split") {
    std::vector<int> labels(10);
    std::iota(labels.begin(), labels.end(), 0);
    const mend::data_parts parts = mend::split(labelled(labels, 10), 0.2);
    CHECK(is_partition(parts, 10));
    CHECK(parts.test.size() == 2);
    CHECK(parts.validation.size() == 2);
}

TEST_CASE("split: the seed alone decides, and validation does not change the test part") {
    const mend::dataset data = labelled(many_labels(), 6);
    const auto one = mend::split(data, mend::split_options{.seed = 1});
    const auto again = mend::split(data, mend::split_options{.seed = 1});
    const auto two = mend::split(data, mend::split_options{.seed = 2});
    const auto half = mend::split(data, mend::split_options{.validation = 0.5, .seed = 1});
    CHECK(one.train.rows == again.train.rows);
    CHECK(one.test.rows == again.test.rows);
    CHECK(one.test.rows != two.test.rows);
    CHECK(one.test.rows == half.test.rows);
    CHECK(half.validation.size() == half.train.size());
}

TEST_CASE("split: rows keep their order, and every row can come to test") {
    std::vector<int> tested(50);
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const auto parts = mend::split(numbers(50), mend::split_options{.seed = seed});
        CHECK(std::is_sorted(parts.train.rows.begin(), parts.train.rows.end()));
        CHECK(std::is_sorted(parts.test.rows.begin(), parts.test.rows.end()));
        for (const mend::index row : parts.test.rows) {
            ++tested[static_cast<std::size_t>(row)];
        }
    }
    // Binomial(100, 0.2): beyond 4.5 standard deviations in neither direction.
    CHECK(*std::min_element(tested.begin(), tested.end()) > 2);
    CHECK(*std::max_element(tested.begin(), tested.end()) < 38);
}

TEST_CASE("split: keras takes the last rows, test first, then validation") {
    mend::dataset data = labelled(many_labels(), 6);
    data.split.keras = true;
    const mend::data_parts parts = mend::split(data, 0.1);
    CHECK(is_partition(parts, 1000));
    CHECK(parts.train.rows.back() == 719);
    CHECK(parts.validation.rows.front() == 720);
    CHECK(parts.validation.rows.back() == 799);
    CHECK(parts.test.rows.front() == 800);
}

TEST_CASE("split: given parts are used as given") {
    const mend::dataset pool = labelled(many_labels(), 6);
    mend::dataset data;
    data.name = "given";
    data.classes = 6;
    data.train = pool.pool;
    data.test = labelled({0, 1, 2}, 6).pool;
    const auto drawn = mend::split(data, 0.2);
    CHECK(drawn.test.source == data.test);
    CHECK(drawn.test.size() == 3);
    CHECK(drawn.validation.source == data.train);
    CHECK(drawn.validation.size() == 200);
    CHECK(drawn.train.size() == 800);

    data.validation = labelled({0, 0}, 6).pool;
    for (const double share : {0.0, 0.2}) {
        const auto given = mend::split(data, share);
        CHECK(given.train.size() == 1000);
        CHECK(given.validation.source == data.validation);
        CHECK(given.validation.size() == 2);
    }
}

TEST_CASE("split: a share of 0 leaves no validation part") {
    const auto parts = mend::split(numbers(10), 0.0);
    CHECK(parts.validation.empty());
    CHECK(parts.train.size() == 8);
    CHECK_THROWS_AS(static_cast<void>(mend::split(numbers(10), 1.0)), const mend::contract_violation&);
}

TEST_CASE("split: too few rows are an error that counts them") {
    try {
        static_cast<void>(mend::split(numbers(2), 0.2));
        FAIL("nothing was thrown");
    } catch (const mend::data_error& error) {
        CHECK(
            std::string(error.what()) == "numbers: 1 row is too few to be split in train and others"
        );
    }
}

} // namespace data_split_tests
