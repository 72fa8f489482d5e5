// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/labels.hpp>

namespace io_labels_tests {

namespace {

mend::tensor<float> column(const std::vector<float>& numbers, mend::index width = 1) {
    mend::tensor<float> values;
    values.resize(mend::shape{static_cast<mend::index>(numbers.size()) / width, width});
    std::copy(numbers.begin(), numbers.end(), values.data());
    return values;
}

mend::label_rule
rule_of(const mend::tensor<float>& numbers, mend::target_kind kind = mend::target_kind::automatic) {
    return mend::find_label_rule({&numbers}, kind, "here");
}

} // namespace

TEST_CASE("labels: whole numbers from 0 on are labels as they are, also where one is missing") {
    const auto target = column({0, 3, 1, 0, 3, 1, 1});
    const mend::label_rule rule = rule_of(target);
    CHECK(rule.classes == 4);
    CHECK(mend::encode_labels(target, rule) == std::vector<int>{0, 3, 1, 0, 3, 1, 1});
    CHECK(mend::label_names(rule).empty());
}

TEST_CASE("labels: other whole numbers are numbered by size and lend their names") {
    const auto signs = column({1, -1, -1, 1});
    CHECK(rule_of(signs).classes == 2);
    CHECK(mend::encode_labels(signs, rule_of(signs)) == std::vector<int>{1, 0, 0, 1});
    CHECK(mend::label_names(rule_of(signs)) == std::vector<std::string>{"-1", "1"});
    const auto years = column({2020, 2021, 2020, 2023, 2021, 2023});
    CHECK(mend::encode_labels(years, rule_of(years)) == std::vector<int>{0, 1, 0, 2, 1, 2});
}

TEST_CASE("labels: fractions, and many or rare different numbers, are numbers") {
    CHECK(rule_of(column({0, 1, 0.5F, 1})).classes == 0);
    CHECK(rule_of(column({1, 2, 3, 4})).classes == 0);
    std::vector<float> many;
    for (int i = 0; i < 1000; ++i) {
        many.push_back(static_cast<float>(i % 101));
    }
    CHECK(rule_of(column(many)).classes == 0);
    for (float& number : many) {
        number = static_cast<float>(static_cast<int>(number) % 100);
    }
    CHECK(rule_of(column(many)).classes == 100);
    CHECK(rule_of(column({1, 0})).classes == 2); // two different ones are always labels
}

TEST_CASE("labels: one-hot rows are labels, other rows of several columns are numbers") {
    const auto hot = column({0, 1, 0, 1, 0, 0}, 3);
    CHECK(rule_of(hot).classes == 3);
    CHECK(mend::encode_labels(hot, rule_of(hot)) == std::vector<int>{1, 0});
    CHECK(rule_of(column({0, 1, 1, 1, 0, 0}, 3)).classes == 0);
    CHECK(rule_of(column({0, 2, 0, 1, 0, 0}, 3)).classes == 0);
}

TEST_CASE("labels: the kind that is asked for decides, or is an error") {
    CHECK(rule_of(column({0, 1, 1}), mend::target_kind::regression).classes == 0);
    CHECK(rule_of(column({5, 6, 7}), mend::target_kind::classification).classes == 3);
    CHECK_THROWS_WITH_AS(rule_of(column({0, 0.5F}), mend::target_kind::classification), "here: 0.5 is no class label", const mend::data_error&);
    CHECK_THROWS_AS(rule_of(column({0, 0}, 2), mend::target_kind::classification), const mend::data_error&);
}

TEST_CASE("labels: where numbers are expected only 0 and 1 are labels") {
    constexpr auto expected = mend::target_kind::numbers;
    CHECK(rule_of(column({0, 1, 1, 0}), expected).classes == 2);
    CHECK(rule_of(column({0, 1, 2, 0, 1, 2}), expected).classes == 0);
    CHECK(rule_of(column({-1, 1, -1, 1}), expected).classes == 0);
    CHECK(rule_of(column({0, 0, 0}), expected).classes == 0);
}

TEST_CASE("labels: all parts decide together") {
    const auto train = column({0, 1, 0, 1});
    const auto test = column({2, 2});
    CHECK(
        mend::find_label_rule({&train, &test}, mend::target_kind::automatic, "here").classes == 3
    );
}

} // namespace io_labels_tests
