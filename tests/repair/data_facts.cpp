// SPDX-License-Identifier: MIT
#include <cmath>
#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/generators.hpp>
#include <mend/repair/data_facts.hpp>

namespace repair_data_facts_tests {

using namespace mend;

namespace {

std::shared_ptr<samples> table(std::vector<float> numbers, index width) {
    auto made = std::make_shared<samples>();
    const index rows = static_cast<index>(numbers.size()) / width;
    made->sample = shape{width};
    made->dense = tensor<float>(shape{rows, width});
    std::copy(numbers.begin(), numbers.end(), made->dense.data());
    return made;
}

} // namespace

TEST_CASE("data facts: ranges and deviations are those of the numbers") {
    auto rows = table({0, 10, 5, 2, 30, 5, 4, 20, 5, 2, 20, 5}, 3);
    rows->labels = {0, 0, 1, 1};
    dataset data;
    data.classes = 2;
    data.train = rows;
    data_parts parts;
    parts.train = data_part(data.train);
    const data_facts facts = facts_of(data, parts);
    CHECK(facts.train.rows == 4);
    CHECK(facts.train.low == 0);
    CHECK(facts.train.high == 30);
    CHECK(facts.train.mean == doctest::Approx(9));
    // Deviations of the columns: sqrt 2, sqrt 50, and one constant.
    CHECK(facts.train.smallest_deviation == doctest::Approx(std::sqrt(2.0)));
    CHECK(facts.train.largest_deviation == doctest::Approx(std::sqrt(50.0)));
    CHECK(facts.train.constant == doctest::Approx(1.0 / 3));
    CHECK(facts.train.whole);
    double square = 0;
    for (const float v : rows->dense.flat()) {
        square += (static_cast<double>(v) - 9) * (static_cast<double>(v) - 9) / 12;
    }
    CHECK(facts.train.deviation == doctest::Approx(std::sqrt(square)));
    CHECK(facts.class_counts == std::vector<index>{2, 2});
    CHECK(facts.majority() == 0.5);
    CHECK(facts.sorted_labels > 0.3); // 2 of 3 neighbours alike, 1 of 2 by chance
    CHECK(facts.validation.rows == 0);
}

TEST_CASE("data facts: labels that were scaled are told from numbers") {
    const auto factor = [](std::vector<float> targets) { return detail::label_factor_of(targets); };
    std::vector<float> digits;
    std::vector<float> scaled;
    std::vector<float> numbers;
    for (int i = 0; i < 200; ++i) {
        digits.push_back(static_cast<float>(i % 10));
        scaled.push_back(static_cast<float>(i % 10) / 255);
        numbers.push_back(static_cast<float>(std::sin(i)));
    }
    CHECK(factor(digits) == 0);
    CHECK(factor(scaled) == doctest::Approx(1.0 / 255).epsilon(1e-4));
    CHECK(factor(numbers) == 0);
}

TEST_CASE("data facts: targets of numbers are summed up") {
    const dataset data = make_line({.n = 200});
    const data_facts facts = facts_of(data, split(data, 0.2));
    CHECK_FALSE(facts.is_classification());
    CHECK(facts.target_low < facts.target_high);
    CHECK(facts.target_deviation > 0);
    CHECK(facts.majority() == 0);
    CHECK(facts.label_factor == 0);
}

} // namespace repair_data_facts_tests
