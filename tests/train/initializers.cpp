// SPDX-License-Identifier: MIT
// Initialisers as a problem's file states them, against the statistics that Keras' formulas give.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/io/text_file.hpp>
#include <mend/spec/read.hpp>
#include <mend/train/build.hpp>

#include "../build_facts.hpp"

namespace train_initializers_tests {

namespace {

// The kernel of a Dense (100, 200) or a Conv2D (3, 3, 16, 32), drawn.
mend::network<float> drawn(const mend::document& how, bool image) {
    mend::document root = mend::parse_json(
        image ? R"({"model": {"class_name": "Sequential", "config": {"layers": [{"class_name":
            "Conv2D", "config": {"filters": 32, "kernel_size": 3,
            "batch_input_shape": [null, 4, 4, 16]}}]}}, "compile": {"loss": "mse", "optimizer": "sgd"}})"
              : R"({"model": {"class_name": "Sequential", "config": {"layers": [{"class_name":
            "Dense", "config": {"units": 200, "batch_input_shape": [null, 100]}}]}},
            "compile": {"loss": "mse", "optimizer": "sgd"}})"
    );
    mend::document& layers = *root.find("model")->find("config")->find("layers");
    layers.items()[0].find("config")->set("kernel_initializer", how);
    auto table = std::make_shared<mend::samples>();
    table->sample = image ? mend::shape{4, 4, 16} : mend::shape{100};
    table->dense = mend::tensor<float>(table->sample.batch(1));
    mend::dataset data;
    data.train = std::move(table);
    mend::network<float> net = mend::build_network(mend::problem_from(root), data);
    net.initialise(5);
    return net;
}

} // namespace

TEST_CASE("initializers: draws have the means, deviations and bounds of Keras' formulas") {
    const std::string path =
        std::string(build_facts::source_folder) + "/tests/goldens/vectors/initializers.json";
    const mend::document facts = mend::parse_json(mend::read_text_file(path), path);
    int checked = 0;
    for (const mend::document& entry : facts.find("initializers")->items()) {
        mend::document how = mend::document::object();
        how.set("class_name", *entry.find("class_name"));
        how.set("config", *entry.find("config"));
        for (const mend::document& wanted : entry.find("expected")->items()) {
            if (wanted.find("std") == nullptr) {
                continue;
            }
            CAPTURE(entry.find("name")->as_string());
            const bool image = wanted.find("shape")->size() == 4;
            const mend::network<float> net = drawn(how, image);
            const auto values = net.value(net.parameters()[0]).flat();
            const auto count = static_cast<double>(values.size());
            double mean = 0;
            double squares = 0;
            for (const float v : values) {
                mean += static_cast<double>(v) / count;
                squares += static_cast<double>(v) * static_cast<double>(v) / count;
            }
            const auto number = [&](const char* key, double otherwise) {
                const mend::document* found = wanted.find(key);
                return found != nullptr && found->is_number() ? found->as_number() : otherwise;
            };
            const double deviation = std::sqrt(std::max(0.0, squares - mean * mean));
            const double loose = wanted.find("orthonormal") != nullptr ? 0.01 : 1e-3;
            CHECK(std::abs(mean - number("mean", 0)) <= number("mean_tolerance", loose));
            CHECK(std::abs(deviation - number("std", 0)) <= number("std_tolerance", loose));
            const auto [low, high] = std::minmax_element(values.begin(), values.end());
            CHECK(*low >= number("min", -1e9) - 1e-6);
            CHECK(*high <= number("max", 1e9) + 1e-6);
            ++checked;
        }
    }
    CHECK(checked > 25);
}

} // namespace train_initializers_tests
