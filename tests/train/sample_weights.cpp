// SPDX-License-Identifier: MIT
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/train/sample_weights.hpp>

namespace train_sample_weights_tests {

namespace {

mend::dataset labelled(const std::vector<int>& labels, std::vector<float> weights = {}) {
    auto table = std::make_shared<mend::samples>();
    table->sample = mend::shape{1};
    table->dense = mend::tensor<float>(mend::shape{static_cast<mend::index>(labels.size()), 1});
    table->labels = labels;
    table->weights = std::move(weights);
    mend::dataset data;
    data.classes = 3;
    data.pool = table;
    return data;
}

mend::problem with(std::vector<std::pair<std::int64_t, double>> weights, const char* version) {
    mend::problem p;
    p.model.keras_version = version;
    p.fit.class_weight.weights = std::move(weights);
    return p;
}

std::vector<float> gathered(const mend::problem& p, const mend::dataset& data, bool training) {
    mend::sample_weights weights(p, data);
    weights.reserve(8);
    const std::vector<mend::index> rows{2, 0, 1};
    std::vector<int> labels(3);
    mend::gather_labels(data.table(), rows, labels);
    const auto found = weights.gather(data.table(), rows, labels, {}, training);
    return {found.begin(), found.end()};
}

std::string refusal(const mend::problem& p, const mend::dataset& data) {
    try {
        mend::sample_weights weights(p, data);
    } catch (const mend::error& e) {
        return e.what();
    }
    return "";
}

} // namespace

TEST_CASE("sample_weights: those of the classes count in training alone") {
    const mend::dataset data = labelled({0, 1, 2});
    const mend::problem p = with({{0, 1}, {1, 2}, {2, 3}}, "2.4.3");
    CHECK(gathered(p, data, true) == std::vector<float>{3, 1, 2});
    CHECK(gathered(p, data, false).empty());
    CHECK(gathered(with({}, ""), data, true).empty());
}

TEST_CASE("sample_weights: those of the data count everywhere, in Keras 2 times the class") {
    const mend::dataset data = labelled({0, 1, 2}, {10, 20, 30});
    const mend::problem p = with({{0, 1}, {1, 2}, {2, 3}}, "2.4.3");
    CHECK(gathered(p, data, false) == std::vector<float>{30, 10, 20});
    CHECK(gathered(p, data, true) == std::vector<float>{90, 10, 40});
    CHECK(
        refusal(with({{0, 1}}, "3.3.3"), data) ==
        "/fit/class_weight: cannot stand beside the data's sample weights in Keras 3"
    );
}

TEST_CASE("sample_weights: a class without a weight counts 1 in Keras 3, is refused in Keras 2") {
    const mend::dataset data = labelled({0, 1, 2});
    CHECK(gathered(with({{1, 2}}, "3.3.3"), data, true) == std::vector<float>{1, 1, 2});
    CHECK(
        refusal(with({{0, 1}, {1, 2}}, "2.4.3"), data) ==
        "/fit/class_weight: has no weight for class 2"
    );
    mend::dataset numbers = labelled({});
    auto table = std::make_shared<mend::samples>(*numbers.pool);
    table->targets = mend::tensor<float>(mend::shape{2, 1});
    numbers.pool = table;
    numbers.classes = 0;
    CHECK(
        refusal(with({{0, 1}}, ""), numbers) ==
        "/fit/class_weight: needs class labels, the data has numbers"
    );
}

} // namespace train_sample_weights_tests
