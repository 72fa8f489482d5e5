// SPDX-License-Identifier: MIT
/// From a problem as plain values to what trains it: network, loss, optimizer. The only bridge
/// between spec and nn, and the place where the rules of Keras' versions are told apart.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/data/dataset.hpp>
#include <mend/nn/activation.hpp>
#include <mend/nn/conv2d.hpp>
#include <mend/nn/dense.hpp>
#include <mend/nn/dropout.hpp>
#include <mend/nn/flatten.hpp>
#include <mend/nn/loss.hpp>
#include <mend/nn/network.hpp>
#include <mend/nn/normalization.hpp>
#include <mend/nn/optimizer.hpp>
#include <mend/nn/pooling2d.hpp>
#include <mend/nn/rescaling.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>
#include <mend/train/target.hpp>

namespace mend {

namespace detail {

/// Makes the layers of nn from those of spec; throws spec_error where nn has no such thing.
class layer_builder {
public:
    layer_builder(std::string where, keras_semantics semantics, bool trainable)
        : where_(std::move(where))
        , semantics_(semantics)
        , trainable_(trainable) {}

    any_layer<float> operator()(const dense_spec& s) const {
        refuse_activity(s.activity_regularizer);
        return dense{
            {.units = s.units,
             .activation = function(s.activation),
             .use_bias = s.use_bias,
             .kernel_initializer = start(s.kernel_initializer, "kernel_initializer", 2),
             .bias_initializer = start(s.bias_initializer, "bias_initializer", 1),
             .kernel_regularizer = penalty(s.kernel_regularizer),
             .bias_regularizer = penalty(s.bias_regularizer),
             .trainable = trainable_}};
    }

    any_layer<float> operator()(const conv2d_spec& s) const {
        refuse_activity(s.activity_regularizer);
        return conv2d{
            {.filters = s.filters,
             .kernel_size = {s.kernel_size[0], s.kernel_size[1]},
             .strides = {s.strides[0], s.strides[1]},
             .padding = pad(s.padding),
             .activation = function(s.activation),
             .use_bias = s.use_bias,
             .kernel_initializer = start(s.kernel_initializer, "kernel_initializer", 4),
             .bias_initializer = start(s.bias_initializer, "bias_initializer", 1),
             .kernel_regularizer = penalty(s.kernel_regularizer),
             .bias_regularizer = penalty(s.bias_regularizer),
             .trainable = trainable_}};
    }

    any_layer<float> operator()(const max_pooling2d_spec& s) const {
        return max_pooling2d(pool(s));
    }

    any_layer<float> operator()(const average_pooling2d_spec& s) const {
        return average_pooling2d(pool(s));
    }

    any_layer<float> operator()(const flatten_spec&) const { return flatten{}; }

    any_layer<float> operator()(const dropout_spec& s) const { return dropout{{.rate = s.rate}}; }

    any_layer<float> operator()(const activation_spec& s) const {
        return activation_layer{function(s.activation)};
    }

    any_layer<float> operator()(const rescaling_spec& s) const {
        return rescaling{{.scale = s.scale, .offset = s.offset}};
    }

    any_layer<float> operator()(const normalization_spec& s) const {
        normalization_options options{.mean = s.mean, .variance = s.variance};
        // One number for all channels stands beside one for each.
        const std::size_t channels = std::max(s.mean.size(), s.variance.size());
        for (std::vector<double>* given : {&options.mean, &options.variance}) {
            if (given->size() == 1) {
                given->resize(channels, given->front());
            }
        }
        return normalization{options};
    }

private:
    [[noreturn]] void refuse(const std::string& key, const std::string& why) const {
        throw spec_error(where_ + "/config/" + key, why);
    }

    void refuse_activity(const regularizer_spec& s) const {
        if (s.exists()) {
            refuse("activity_regularizer", "is not supported");
        }
    }

    [[nodiscard]] activation function(const std::string& name) const {
        const auto found = find_activation(name, semantics_ == keras_semantics::keras3);
        if (!found) {
            refuse("activation", "\"" + name + "\" is not supported");
        }
        return *found;
    }

    /// An initialiser for a weight of this rank; Keras refuses the others when it builds.
    [[nodiscard]] initializer start(const initializer_spec& s, const char* key, int rank) const {
        auto found = find_initializer(s.name);
        if (!found) {
            refuse(key, "\"" + s.name + "\" is not supported");
        }
        if ((found->kind == initializer_kind::orthogonal && rank < 2) ||
            (found->kind == initializer_kind::identity && rank != 2)) {
            refuse(
                key,
                "\"" + s.name + "\" cannot fill a weight of " + std::to_string(rank) +
                    (rank == 1 ? " dimension" : " dimensions")
            );
        }
        if (found->kind == initializer_kind::variance_scaling && s.name == "variance_scaling") {
            found->scale = s.scale;
            found->mode = s.mode == "fan_in"    ? fan_mode::fan_in
                          : s.mode == "fan_out" ? fan_mode::fan_out
                                                : fan_mode::fan_avg;
            found->distribution = s.distribution == "uniform" ? fan_distribution::uniform
                                  : s.distribution == "untruncated_normal"
                                      ? fan_distribution::untruncated_normal
                                      : fan_distribution::truncated_normal;
        }
        found->value = s.value;
        found->mean = s.mean;
        found->deviation = s.stddev;
        found->low = s.minval;
        found->high = s.maxval;
        found->gain = s.gain;
        return *found;
    }

    [[nodiscard]] static regularizer penalty(const regularizer_spec& s) noexcept {
        return {s.l1, s.l2};
    }

    [[nodiscard]] static mend::padding pad(const std::string& name) noexcept {
        return name == "same" ? padding::same : padding::valid;
    }

    template <class Spec>
    [[nodiscard]] static pooling2d_options pool(const Spec& s) {
        pooling2d_options options{.pool_size = {s.pool_size[0], s.pool_size[1]}};
        options.strides = {{s.step()[0], s.step()[1]}};
        options.padding = pad(s.padding);
        return options;
    }

    std::string where_;
    keras_semantics semantics_;
    bool trainable_;
};

[[nodiscard]] inline std::string layer_path(std::size_t i) {
    return "/model/config/layers/" + std::to_string(i);
}

} // namespace detail

/// The untrained network of a model. Throws spec_error where the layers do not fit together or
/// samples of `data` cannot be reshaped to the model's input.
[[nodiscard]] inline network<float> build_network(const problem& wanted, const dataset& data) {
    const inference shapes = infer_shapes(wanted.model);
    if (!shapes.why.empty()) {
        throw spec_error(detail::layer_path(shapes.bad_layer), shapes.why);
    }
    const dimensions& input = wanted.model.input_shape;
    if (element_count(input) != data.sample().size()) {
        throw spec_error(
            detail::layer_path(0),
            "takes samples of shape " + to_text(input) + ", those of " + data.name +
                " have shape " + to_text(data.sample())
        );
    }
    if (input.size() >= static_cast<std::size_t>(shape::max_rank)) {
        throw spec_error(detail::layer_path(0), "samples have at most three dimensions");
    }
    shape sample;
    for (const std::int64_t extent : input) {
        sample.push_back(extent);
    }
    std::vector<any_layer<float>> layers;
    layers.reserve(wanted.model.layers.size());
    for (std::size_t i = 0; i < wanted.model.layers.size(); ++i) {
        const layer_spec& layer = wanted.model.layers[i];
        layers.push_back(std::visit(
            detail::layer_builder(detail::layer_path(i), wanted.model.semantics(), layer.trainable),
            layer.kind
        ));
    }
    return {sample, std::move(layers)};
}

/// Throws spec_error for a loss that nn does not have.
[[nodiscard]] inline loss_options build_loss(const problem& wanted) {
    const loss_spec& s = wanted.compile.loss;
    const auto kind = find_loss(s.name);
    if (!kind) {
        throw spec_error("/compile/loss", "\"" + s.name + "\" is not supported");
    }
    return {
        .kind = *kind,
        .from_logits = s.from_logits,
        .label_smoothing = s.label_smoothing,
        .delta = s.delta,
        .epsilon_inside_log = wanted.model.semantics() != keras_semantics::keras3};
}

/// How the data's answers are put before the loss. Throws spec_error where they cannot be.
[[nodiscard]] inline target_encoding
build_targets(const problem& wanted, const shape& output, const dataset& data) {
    const std::string last = detail::layer_path(wanted.model.layers.size() - 1);
    if (output.rank() != 1 && data.is_classification()) {
        throw spec_error(
            last, "the output " + to_text(output) + " is not one row of numbers per sample"
        );
    }
    const auto kind = find_loss(wanted.compile.loss.name);
    MEND_EXPECTS(kind.has_value(), "the loss has been built");
    target_choice choice = choose_targets(*kind, output.size(), data);
    if (!choice) {
        throw spec_error(last, choice.why);
    }
    return choice.encoding;
}

[[nodiscard]] inline optimizer_options build_optimizer(const problem& wanted) {
    struct builder {
        keras_semantics semantics;

        optimizer_kind operator()(const sgd_spec& s) const {
            return sgd{s.learning_rate, s.momentum, s.nesterov};
        }

        optimizer_kind operator()(const rmsprop_spec& s) const {
            return rmsprop{
                s.learning_rate,
                s.rho,
                s.momentum,
                s.epsilon,
                s.centered,
                semantics != keras_semantics::keras2_10};
        }

        optimizer_kind operator()(const adam_spec& s) const {
            return adam{s.learning_rate, s.beta_1, s.beta_2, s.epsilon, s.amsgrad};
        }

        optimizer_kind operator()(const adadelta_spec& s) const {
            return adadelta{s.learning_rate, s.rho, s.epsilon};
        }
    };

    optimizer_options options;
    options.kind = std::visit(builder{wanted.model.semantics()}, wanted.compile.optimizer.kind);
    return options;
}

} // namespace mend
