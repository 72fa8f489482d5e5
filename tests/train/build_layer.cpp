// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/train/trainer.hpp>

#include "../spec/random_layer.hpp"

namespace train_build_layer_tests {

namespace {

// Twelve samples of that shape with small whole numbers, which an Embedding can look up, too.
mend::dataset some_data(const mend::dimensions& sample) {
    auto table = std::make_shared<mend::samples>();
    table->sample = mend::detail::shape_of(sample);
    table->dense = mend::tensor<float>(table->sample.batch(12));
    table->targets = mend::tensor<float>({12, 1});
    mend::random_stream random(4, 0, mend::purpose::generator);
    for (float& v : table->dense.flat()) {
        v = static_cast<float>(random.below(3));
    }
    for (float& v : table->targets.flat()) {
        v = static_cast<float>(random.normal());
    }
    mend::dataset data;
    data.name = "some";
    data.train = std::move(table);
    return data;
}

// The layer, and a head that any output may have.
mend::problem around(const mend::layer_spec& layer, const mend::dimensions& sample) {
    mend::problem p;
    p.model.input_shape = sample;
    p.model.keras_version = "2.4.3";
    p.model.layers = {layer, {mend::flatten_spec{}}, {mend::dense_spec{}}};
    p.compile.optimizer.kind = mend::sgd_spec{.learning_rate = 1e-3};
    p.fit.batch_size = 5;
    return p;
}

std::vector<float> trained_weights(const mend::problem& p, const mend::dataset& data) {
    mend::data_parts parts;
    parts.train = mend::data_part(data.train);
    mend::trainer run(p, data, parts, {mend::score_kind::mean_absolute_error}, {.seed = 3});
    run.run(2);
    const auto values = std::as_const(run).net().values();
    return {values.begin(), values.end()};
}

} // namespace

TEST_CASE("build_layer: every layer has the shape and the weights that its spec says, and trains") {
    mend::test::layer_maker maker(11);
    std::set<std::string_view> seen;
    for (int round = 0; round < 400; ++round) {
        const mend::dimensions sample = round % 3 == 0   ? mend::dimensions{6, 5, 2}
                                        : round % 3 == 1 ? mend::dimensions{7, 3}
                                                         : mend::dimensions{4};
        const mend::problem p = around(maker.layer(sample), sample);
        const mend::inference shapes = infer_shapes(p.model);
        if (!shapes.why.empty()) {
            continue;
        }
        const mend::dataset data = some_data(sample);
        CAPTURE(round);
        CAPTURE(std::string(p.model.layers[0].class_name()));
        try {
            const mend::network<float> net = mend::build_network(p, data);
            mend::index learnt = 0;
            for (const mend::parameter_info& w : net.parameters()) {
                learnt += w.layer == 0 ? w.extents.size() : 0;
            }
            CHECK(net.layer_outputs()[0] == mend::detail::shape_of(shapes.layers[0].output));
            const bool has_statistics =
                mend::holds<mend::batch_normalization_spec>(p.model.layers[0]) || net.adapts();
            CHECK((has_statistics || learnt == shapes.layers[0].parameters));
        } catch (const mend::spec_error& e) {
            // Some initialisers cannot fill some weights.
            CHECK(std::string(e.what()).find("cannot fill") != std::string::npos);
            continue;
        }
        if (seen.insert(p.model.layers[0].class_name()).second) {
            const std::vector<float> weights = trained_weights(p, data);
            CHECK(weights == trained_weights(p, data));
            for (const float w : weights) {
                REQUIRE(std::isfinite(w));
            }
        }
    }
    CHECK(seen.size() == mend::layer_kind::size);
}

TEST_CASE("build_layer: the trainer moves the statistics of batches and evaluates with them") {
    const mend::dimensions sample{4};
    const mend::dataset data = some_data(sample);
    mend::problem p = around({mend::batch_normalization_spec{.momentum = 0}}, sample);
    p.fit.batch_size = 12;
    p.compile.optimizer.kind = mend::sgd_spec{.learning_rate = 0};
    mend::data_parts parts;
    parts.train = mend::data_part(data.train);
    mend::trainer run(p, data, parts, {mend::score_kind::mean_absolute_error}, {.seed = 3});
    const double before = run.evaluate(parts.train).loss;
    run.run(1);
    // With momentum 0 they are those of the only batch, so that both modes agree.
    CHECK(run.evaluate(parts.train).loss == doctest::Approx(run.curve()[0].train.loss));
    CHECK(run.evaluate(parts.train).loss != before);

    p.model.layers[0].trainable = false;
    mend::trainer frozen(p, data, parts, {mend::score_kind::mean_absolute_error}, {.seed = 3});
    const double kept = frozen.evaluate(parts.train).loss;
    frozen.run(1);
    CHECK(frozen.evaluate(parts.train).loss == kept);
}

TEST_CASE("build_layer: a word beyond the table of an Embedding is an error, and where it is") {
    const mend::dimensions sample{4};
    const mend::dataset data = some_data(sample);
    const mend::problem p = around({mend::embedding_spec{.input_dim = 2, .output_dim = 3}}, sample);
    CHECK_THROWS_WITH(
        static_cast<void>(mend::build_network(p, data)),
        "/model/config/layers/0: looks up whole numbers 0 to 1, some holds 2"
    );
}

} // namespace train_build_layer_tests
