// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/nn/batch_normalization.hpp>
#include <mend/nn/conv1d.hpp>
#include <mend/nn/conv2d.hpp>
#include <mend/nn/dense.hpp>
#include <mend/nn/dropout.hpp>
#include <mend/nn/flatten.hpp>
#include <mend/nn/global_pooling.hpp>
#include <mend/nn/network.hpp>
#include <mend/nn/noise.hpp>
#include <mend/nn/normalization.hpp>
#include <mend/nn/optimizer.hpp>
#include <mend/nn/pooling1d.hpp>
#include <mend/nn/pooling2d.hpp>
#include <mend/nn/rearrangement.hpp>
#include <mend/nn/rectifier.hpp>
#include <mend/nn/rescaling.hpp>
#include <mend/nn/separable.hpp>

#include "allocations.hpp"
#include "run.hpp"

namespace nn_network_tests {

namespace {

using mend::activation;
using mend::network;
using mend::shape;
using mend::tape;
using mend::tensor;
using mend::variable;

network<float> small_cnn() {
    return network<float>(
        {12, 12, 2},
        {mend::rescaling{{.scale = 0.5}},
         mend::conv2d{{.filters = 8, .activation = activation::relu}},
         mend::conv2d{{.filters = 5, .strides = {2, 2}, .padding = mend::padding::same}},
         mend::activation_layer{activation::swish},
         mend::max_pooling2d{},
         mend::flatten{},
         mend::dropout{{.rate = 0.25}},
         mend::dense{{.units = 300, .kernel_regularizer = {.l2 = 0.001}}},
         mend::dense{{.units = 10, .activation = activation::softmax}}}
    );
}

/// The layers that the other lacks, as far as they differ in what they do with memory.
network<float> other_layers() {
    return network<float>(
        {12, 12, 2},
        {mend::framing2d{1, 0, 0, 1},
         mend::separable{{.filters = 6, .activation = activation::tanh}},
         mend::batch_normalization{},
         mend::prelu{{.shared_axes = {1, 2}}},
         mend::spatial_dropout{0.2},
         mend::separable{{.strides = {2, 2}, .padding = mend::padding::same}},
         mend::up_sampling2d{{1, 2}},
         mend::batch_normalization{{.axis = 0}},
         mend::gaussian_noise{0.1},
         mend::permute_layer{{3, 1, 2}},
         mend::reshape_layer{{36, 12}},
         mend::conv1d{{.filters = 4, .padding = mend::padding::causal}},
         mend::pooling1d{mend::pooling_kind::average},
         mend::layer_normalization{},
         mend::gaussian_dropout{0.1},
         mend::softmax_layer{0},
         mend::global_pooling{mend::pooling_kind::max},
         mend::repeat_vector{2},
         mend::flatten{},
         mend::dense{{.units = 10, .activation = activation::softmax}}}
    );
}

/// A training that keeps its state between steps, as the epoch loop does.
struct training {
    network<float> net;
    tape<float> t{};
    mend::gradients<float> g{net.make_gradients()};
    mend::optimizer<float> rule;
    tensor<float> x = normal<float>({64, 12, 12, 2}, 1);
    std::vector<std::int32_t> labels{};
    std::uint64_t step = 0;

    explicit training(const mend::optimizer_kind& kind, network<float> untrained = small_cnn())
        : net(std::move(untrained))
        , rule({kind}, net) {
        net.initialise(11);
        for (std::int32_t i = 0; i < 64; ++i) {
            labels.push_back(i % 10);
        }
    }

    float run(mend::index rows) {
        t.rewind();
        const mend::tensor_view<const float> batch = std::as_const(x).view().slice(0, rows);
        const variable y =
            net.forward(t, batch, {.training = true, .seed = 11, .step = step++}, &g);
        const variable l = with_penalties(
            t,
            loss<float>(
                t,
                y,
                {.kind = mend::loss_kind::sparse_categorical_crossentropy},
                {.labels =
                     std::span<const std::int32_t>(labels).first(static_cast<std::size_t>(rows))}
            )
        );
        t.backward(l);
        rule.step(net, g);
        net.apply_updates(t);
        return *t.data(l);
    }
};

} // namespace

TEST_CASE("network: a training step after the first allocates nothing, whatever the layers") {
    training other(mend::sgd{}, other_layers());
    other.run(64);
    const long at_first = allocations();
    for (int i = 0; i < 3; ++i) {
        other.run(64);
        other.run(23);
    }
    CHECK(allocations() == at_first);
    for (const mend::optimizer_kind& kind :
         {mend::optimizer_kind(mend::sgd{0.01, 0.9}),
          mend::optimizer_kind(mend::rmsprop{}),
          mend::optimizer_kind(mend::adam{}),
          mend::optimizer_kind(mend::adadelta{})}) {
        training run(kind);
        run.run(64);
        const long before = allocations();
        for (int i = 0; i < 5; ++i) {
            run.run(64);
            run.run(23); // the rest of an epoch
        }
        const long after = allocations();
        CHECK(after == before);
    }
}

TEST_CASE("network: repeats to the bit") {
    training a(mend::adam{});
    training b(mend::adam{});
    for (int i = 0; i < 4; ++i) {
        CHECK(a.run(64) == b.run(64));
    }
    CHECK(
        std::memcmp(a.net.values().data(), b.net.values().data(), a.net.values().size_bytes()) == 0
    );
}

TEST_CASE("network: learns what it is shown") {
    training run(mend::adam{.learning_rate = 0.003});
    const float first = run.run(64);
    float last = first;
    for (int i = 0; i < 150; ++i) {
        last = run.run(64);
    }
    CHECK(last < 0.3F * first);
}

TEST_CASE("network: layers, weights and their order are Keras'") {
    const network<float> net = small_cnn();
    CHECK(net.layer_count() == 9);
    CHECK(net.input() == shape{12, 12, 2});
    CHECK(net.output() == shape{10});
    CHECK(net.layer_outputs()[2] == shape{5, 5, 5});
    const auto weights = net.parameters();
    REQUIRE(weights.size() == 8);
    CHECK(weights[0].name == "kernel");
    CHECK(weights[0].layer == 1);
    CHECK(weights[1].name == "bias");
    CHECK(weights[4].extents == shape{20, 300});
    CHECK(net.parameter_count() == 144 + 8 + 360 + 5 + 6000 + 300 + 3000 + 10);
    for (const auto& w : weights) {
        CHECK(w.offset % 16 == 0);
    }
}

TEST_CASE("network: weights that are not trained lie behind those that are") {
    const network<float> net(
        {3},
        {mend::normalization{},
         mend::dense{{.units = 2, .trainable = false}},
         mend::dense{{.units = 4}}}
    );
    CHECK(net.parameters()[0].name == "mean");
    for (const auto& w : net.parameters()) {
        CHECK((w.offset < net.trainable_size()) == w.trainable);
    }
    CHECK(net.trainable_size() == 16 + 16);
}

TEST_CASE("network: the initial weights are a function of seed and weight alone") {
    network<float> a({4}, {mend::dense{{.units = 3}}, mend::dense{{.units = 3}}});
    network<float> b({4}, {mend::dense{{.units = 3}}, mend::dense{{.units = 5}}});
    a.initialise(7);
    b.initialise(7);
    const auto first = [](const network<float>& n) { return n.value(n.parameters()[0])[0]; };
    CHECK(first(a) == first(b));
    b.initialise(8);
    CHECK(first(a) != first(b));
}

TEST_CASE("network: predicting in batches is predicting at once") {
    training run(mend::sgd{});
    const auto whole = predicted(run.net, run.x, 64);
    CHECK(whole.extents() == shape{64, 10});
    const auto parts = predicted(run.net, run.x, 7);
    for (mend::index i = 0; i < whole.size(); ++i) {
        CHECK(parts[i] == doctest::Approx(whole[i]).epsilon(1e-5));
    }
    CHECK(predicted(run.net, tensor<float>({0, 12, 12, 2})).extents() == shape{0, 10});
}

TEST_CASE("network: takes rows of another shape but the same size") {
    network<float> net({4}, {mend::dense{{.units = 2}}});
    net.initialise(1);
    const auto image = normal<float>({3, 2, 2, 1}, 1);
    tensor<float> flat({3, 4});
    std::copy(image.flat().begin(), image.flat().end(), flat.flat().begin());
    CHECK(predicted(net, image) == predicted(net, flat));
    tape<float> t;
    const tensor<float> wrong({3, 5});
    CHECK_THROWS_AS(net.forward(t, wrong, {}), mend::contract_violation);
}

TEST_CASE("network: the trace holds every layer's result") {
    training run(mend::sgd{});
    tape<float> t;
    std::vector<variable> trace(9);
    const variable y = run.net.forward(t, run.x, {}, nullptr, trace);
    CHECK(trace.back() == y);
    for (std::size_t l = 0; l < trace.size(); ++l) {
        CHECK(t.extents(trace[l]).row() == run.net.layer_outputs()[l]);
    }
}

TEST_CASE("network: penalties belong to the loss in training, and in evaluation where asked") {
    network<double> net(
        {1}, {mend::dense{{.units = 1, .use_bias = false, .kernel_regularizer = {.l2 = 0.5}}}}
    );
    net.value(net.parameters()[0])[0] = 3;
    const tensor<double> x({1, 1}, 0.0);
    const auto total = [&](const mend::forward_options& options) {
        tape<double> t;
        const variable y = net.forward(t, x, options);
        return *t.data(with_penalties(t, loss<double>(t, y, {}, {.dense = x.view()})));
    };
    CHECK(total({.training = true}) == doctest::Approx(4.5));
    CHECK(total({.penalties = true}) == doctest::Approx(4.5));
    CHECK(total({}) == 0);
}

TEST_CASE("network: gradients of a deep mixture pass the check") {
    network<double> net(
        {6, 6, 1},
        {mend::conv2d{{.filters = 2, .activation = activation::tanh}},
         mend::average_pooling2d{},
         mend::flatten{},
         mend::dropout{{.rate = 0.3}},
         mend::dense{
             {.units = 5, .activation = activation::gelu, .kernel_regularizer = {.l1 = 0.01}}},
         mend::dense{{.units = 3, .activation = activation::softmax}}}
    );
    net.initialise(3);
    const auto x = normal<double>({5, 6, 6, 1}, 4);
    CHECK(network_gradient_error(net, x) < 1e-7);
    const mend::loss_options labels{.kind = mend::loss_kind::sparse_categorical_crossentropy};
    CHECK(network_gradient_error(net, x, labels, true) < 1e-7);
}

TEST_CASE("network: copies own their weights") {
    network<float> a({2}, {mend::dense{{.units = 2}}});
    a.initialise(1);
    network<float> b = a;
    b.values()[0] += 1;
    CHECK(a.values()[0] != b.values()[0]);
}

TEST_CASE("network: without layers breaks the contract") {
    CHECK_THROWS_AS(network<float>({2}, {}), mend::contract_violation);
}

} // namespace nn_network_tests
