// SPDX-License-Identifier: MIT
/// Healthy problems over the toy data, images and topics, and random changes that spoil them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/io/dataset.hpp>
#include <mend/spec/problem.hpp>

namespace mend {

template <class Value>
[[nodiscard]] const Value& pick(const std::vector<Value>& from, random_stream& random) {
    return from[random.below(from.size())];
}

/// Data and a problem that learns it.
struct healthy {
    std::string data;
    problem p;
};

[[nodiscard]] inline healthy draw_healthy(random_stream& random) {
    static const std::vector<std::string> words{
        "blobs?n=400",
        "circles?n=400",
        "moons?n=400",
        "spirals?n=500",
        "line?n=400",
        "digits?n=600",
        "textures?n=400",
        "digits?n=600",
        "topics?n=600",
        "topics?n=600"};
    healthy made;
    made.data = pick(words, random);
    const dataset data = read_dataset(made.data);
    const bool image = made.data.starts_with("digits") || made.data.starts_with("textures");
    const std::string act = pick<std::string>({"relu", "relu", "tanh", "elu"}, random);
    model_spec& m = made.p.model;
    for (int axis = 0; axis < data.sample().rank(); ++axis) {
        m.input_shape.push_back(data.sample()[axis]);
    }
    if (image && random.uniform() < 0.7) {
        const auto convolutions = 1 + random.below(3);
        for (std::uint64_t i = 0; i < convolutions; ++i) {
            m.layers.push_back({conv2d_spec{.filters = 8, .activation = act}});
            if (i < 2) {
                m.layers.push_back({max_pooling2d_spec{}});
            }
        }
    }
    if (image) {
        m.layers.push_back({flatten_spec{}});
    }
    const int hidden = 1 + static_cast<int>(random.below(4));
    for (int i = 0; i < hidden; ++i) {
        m.layers.push_back({dense_spec{
            .units = pick<std::int64_t>({16, 24, 32, 48}, random), .activation = act}});
        if (random.uniform() < 0.2) {
            m.layers.push_back({dropout_spec{.rate = 0.2}});
        }
    }
    const bool labels = data.is_classification();
    const bool single = data.classes == 2 && random.uniform() < 0.5;
    m.layers.push_back({dense_spec{
        .units = !labels  ? data.outputs()
                 : single ? 1
                          : data.classes,
        .activation = !labels  ? "linear"
                      : single ? "sigmoid"
                               : "softmax"}});
    made.p.compile.loss.name = !labels  ? "mean_squared_error"
                               : single ? "binary_crossentropy"
                                        : "categorical_crossentropy";
    made.p.compile.metrics = {labels ? "accuracy" : "mae"};
    optimizer_spec& o = made.p.compile.optimizer;
    const double kind = random.uniform();
    o.kind = kind < 0.5    ? optimizer_spec_kind(adam_spec{.learning_rate = 0.005})
             : kind < 0.75 ? optimizer_spec_kind(rmsprop_spec{.learning_rate = 0.003})
                           : optimizer_spec_kind(sgd_spec{.learning_rate = 0.05, .momentum = 0.9});
    made.p.fit.batch_size = pick<std::int64_t>({16, 32, 64}, random);
    made.p.fit.epochs = image || data.classes > 10 ? 8 : 20;
    return made;
}

[[nodiscard]] inline std::vector<dense_spec*> dense_layers(problem& p) {
    std::vector<dense_spec*> found;
    for (layer_spec& l : p.model.layers) {
        if (auto* d = mend::get_if<dense_spec>(&l.kind)) {
            found.push_back(d);
        }
    }
    return found;
}

/// One random change for the worse.
inline void spoil(problem& p, random_stream& random) {
    const auto dense = dense_layers(p);
    dense_spec& some = *dense[random.below(dense.size())];
    dense_spec& last = *dense.back();
    const double rate = p.compile.optimizer.learning_rate();
    const bool labels = p.compile.metrics.front() == "accuracy";
    switch (random.below(16)) {
    case 0:
        p.compile.optimizer.learning_rate(
            rate * pick<double>({1e-4, 1e-3, 1e-2, 30, 100, 300}, random)
        );
        break;
    case 1:
        p.compile.optimizer.learning_rate(rate * pick<double>({1e-3, 1e-2, 100}, random));
        break;
    case 2:
        p.compile.optimizer.kind =
            pick<optimizer_spec_kind>({sgd_spec{.learning_rate = 0.001}, adadelta_spec{}}, random);
        break;
    case 3:
        last.activation = labels ? pick<std::string>({"linear", "relu", "softsign", "tanh"}, random)
                                 : pick<std::string>({"sigmoid", "tanh", "softmax"}, random);
        break;
    case 4:
        last.activation = last.units == 1 && labels ? "softmax" : last.activation;
        p.compile.loss.name =
            labels
                ? pick<std::string>(
                      {"mean_absolute_error", "hinge", "mean_squared_error", "poisson"}, random
                  )
                : pick<std::string>(
                      {"mean_absolute_percentage_error", "mean_squared_logarithmic_error"}, random
                  );
        break;
    case 5:
        for (dense_spec* d : dense) {
            if (d != &last) {
                d->activation = pick<std::string>({"linear", "sigmoid"}, random);
            }
        }
        break;
    case 6:
        some.activation =
            &some == &last ? some.activation
                           : pick<std::string>({"hard_sigmoid", "exponential", "softmax"}, random);
        break;
    case 7:
        some.kernel_initializer.name = pick<std::string>({"zeros", "ones"}, random);
        break;
    case 8:
        some.kernel_initializer.name = "random_normal";
        some.kernel_initializer.stddev = pick<double>({1e-4, 3}, random);
        break;
    case 9:
        some.kernel_regularizer.l1 = pick<double>({0.01, 0.1}, random);
        break;
    case 14:
        for (dense_spec* d : random.uniform() < 0.5 ? dense : std::vector{dense.front()}) {
            (random.uniform() < 0.7 ? d->kernel_regularizer.l1 : d->kernel_regularizer.l2) =
                pick<double>({0.01, 0.1}, random);
        }
        break;
    case 10:
        p.model.layers.insert(p.model.layers.end() - 1, layer_spec{dropout_spec{.rate = 0.9}});
        break;
    case 11:
        p.fit.batch_size = 512;
        break;
    case 12:
    case 13: // twice as often as the others: what is said then is said by few updates alone
        p.fit.epochs =
            std::max<std::int64_t>(1, p.fit.epochs / pick<std::int64_t>({5, 10, 20}, random));
        break;
    default:
        some.units = &some == &last ? some.units : pick<std::int64_t>({1, 2}, random);
        break;
    }
}

} // namespace mend
