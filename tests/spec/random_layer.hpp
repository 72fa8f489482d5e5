// SPDX-License-Identifier: MIT
/// Random layers of every kind, for property tests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/spec/layer.hpp>

namespace mend::test {

class layer_maker {
public:
    explicit layer_maker(std::uint64_t seed)
        : random_(seed, 0, purpose::generator) {}

    bool chance(double p) { return random_.uniform() < p; }

    std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_.below(count)); }

    template <class Value, std::size_t N>
    Value pick(const std::array<Value, N>& values) {
        return values[below(N)];
    }

    double number() { return pick(std::array<double, 5>{0.1, 0.001, 1.0, 2.5e-7, 0.75}); }

    /// A layer that may follow an output of that shape.
    layer_spec layer(const dimensions& input) {
        layer_spec made;
        do {
            made.kind = layer_kind::at(below(layer_kind::size));
        } while (!suits(made.kind, input.size()));
        if (chance(0.3)) { // a dense one more often than the others
            made.kind = dense_spec{};
        }
        made.name = chance(0.5) ? "layer_" + std::to_string(below(1000000)) : "";
        made.trainable = chance(0.9);
        refill(made, input);
        return made;
    }

    /// The layer with other settings.
    void refill(layer_spec& made, const dimensions& input) {
        input_ = input;
        dispatch([this](auto& spec) { fill(spec); }, made.kind);
    }

private:
    /// Whether the layer takes samples of so many dimensions.
    static bool suits(const layer_kind& kind, std::size_t rank) {
        const std::string_view name =
            dispatch([](const auto& spec) { return spec.class_name; }, kind);
        const bool images = name.ends_with("2D");
        const bool sequences = name.ends_with("1D");
        return images                   ? rank == 3
               : sequences              ? rank == 2
               : name == "RepeatVector" ? rank == 1
               : name == "Embedding"    ? rank < 3
                                        : true;
    }

    std::string activation() {
        return pick(std::array<std::string, 6>{
            "linear", "relu", "tanh", "softmax", "swish", "leaky_relu"});
    }

    initializer_spec initializer() {
        initializer_spec spec{
            .name = pick(std::array<std::string, 11>{
                "zeros",
                "ones",
                "constant",
                "random_normal",
                "random_uniform",
                "variance_scaling",
                "glorot_uniform",
                "he_normal",
                "lecun_uniform",
                "truncated_normal",
                "orthogonal"})};
        if (chance(0.5)) {
            spec.value = number();
            spec.stddev = number();
            spec.maxval = number();
            spec.scale = pick(std::array<double, 3>{1, 2, 0.3});
            spec.mode = pick(std::array<std::string, 3>{"fan_in", "fan_avg", "fan_out"});
            spec.distribution = pick(std::array<std::string, 3>{
                "uniform", "truncated_normal", "untruncated_normal"});
            spec.gain = number();
        }
        if (chance(0.2)) {
            spec.seed = static_cast<std::int64_t>(below(100)) - 50;
        }
        return spec;
    }

    regularizer_spec regularizer() {
        return {chance(0.2) ? number() : 0.0, chance(0.3) ? number() : 0.0};
    }

    template <class Spec>
    void fill_kernel(Spec& spec) {
        spec.activation = activation();
        spec.use_bias = chance(0.8);
        spec.kernel_initializer = chance(0.5) ? initializer() : initializer_spec{};
        spec.bias_initializer = chance(0.2) ? initializer() : initializer_spec{"zeros"};
        spec.kernel_regularizer = regularizer();
        if (chance(0.2)) {
            spec.kernel_constraint.name = "max_norm";
            spec.kernel_constraint.max_value = number();
        }
        spec.bias_regularizer = chance(0.2) ? regularizer() : regularizer_spec{};
    }

    void fill(dense_spec& spec) {
        spec.units = static_cast<std::int64_t>(1 + below(6));
        fill_kernel(spec);
    }

    void fill(conv2d_spec& spec) {
        spec.filters = static_cast<std::int64_t>(1 + below(6));
        spec.kernel_size = {
            static_cast<std::int64_t>(1 + below(3)), static_cast<std::int64_t>(1 + below(3))};
        spec.strides = pick(std::array<extent_pair, 2>{extent_pair{1, 1}, extent_pair{2, 1}});
        spec.padding = chance(0.5) ? "same" : "valid";
        spec.dilation_rate =
            spec.strides[0] == 1 && chance(0.2) ? extent_pair{1, 2} : extent_pair{1, 1};
        fill_kernel(spec);
    }

    void fill(conv1d_spec& spec) {
        spec.filters = some();
        spec.kernel_size = some(3);
        spec.strides = some(2);
        spec.padding = pick(std::array<std::string, 3>{"same", "valid", "causal"});
        spec.dilation_rate = spec.strides == 1 ? some(2) : 1;
        fill_kernel(spec);
    }

    template <class Spec>
    void fill_separable(Spec& spec) {
        spec.kernel_size = {some(3), some(2)};
        spec.padding = chance(0.5) ? "same" : "valid";
        spec.strides = chance(0.3) ? extent_pair{2, 2} : extent_pair{1, 1};
        spec.depth_multiplier = some(2);
        spec.activation = activation();
        spec.use_bias = chance(0.8);
        spec.depthwise_initializer = initializer();
        spec.depthwise_regularizer = regularizer();
    }

    void fill(depthwise_conv2d_spec& spec) { fill_separable(spec); }

    void fill(separable_conv2d_spec& spec) {
        spec.filters = some();
        fill_separable(spec);
        spec.pointwise_initializer = initializer();
        spec.pointwise_regularizer = regularizer();
    }

    void fill(embedding_spec& spec) {
        spec.input_dim = 2 + some(50);
        spec.output_dim = some();
        spec.embeddings_initializer =
            chance(0.5) ? initializer() : initializer_spec{"random_uniform"};
        spec.embeddings_regularizer = regularizer();
    }

    void fill(pooling1d_settings& spec) {
        spec.pool_size = some(3);
        if (chance(0.5)) {
            spec.strides = some(3);
        }
        spec.padding = chance(0.5) ? "same" : "valid";
    }

    void fill(pooling2d_settings& spec) {
        spec.pool_size = pick(std::array<extent_pair, 3>{
            extent_pair{2, 2}, extent_pair{1, 2}, extent_pair{3, 3}});
        if (chance(0.5)) {
            spec.strides = pick(std::array<extent_pair, 3>{
                extent_pair{2, 2}, extent_pair{1, 1}, extent_pair{3, 3}});
        }
        spec.padding = chance(0.5) ? "same" : "valid";
    }

    void fill(dropout_spec& spec) { spec.rate = pick(std::array<double, 3>{0.1, 0.5, 0.0}); }

    void fill(activation_spec& spec) { spec.activation = activation(); }

    void fill(rescaling_spec& spec) {
        spec.scale = number();
        spec.offset = chance(0.5) ? -1.0 : 0.0;
    }

    void fill(normalization_spec& spec) {
        if (chance(0.3)) {
            spec.mean = {number()};
            spec.variance = {number()};
        }
    }

    void fill(flatten_spec&) {}

    template <std::size_t Dimensions>
    void fill(global_pooling_settings<Dimensions>& spec) {
        spec.keepdims = chance(0.3);
    }

    void fill(reshape_spec& spec) {
        spec.target_shape = chance(0.5) ? dimensions{-1, 1} : dimensions{1, element_count(input_)};
    }

    void fill(permute_spec& spec) {
        spec.dims.clear();
        for (std::size_t i = 0; i < input_.size(); ++i) {
            spec.dims.push_back(static_cast<std::int64_t>(i + 1));
        }
        random_.shuffle(std::span(spec.dims));
    }

    void fill(repeat_vector_spec& spec) { spec.n = some(3); }

    edge_sizes edges() {
        if (chance(0.5)) {
            const extent_pair both{some(2) - 1, some(2) - 1};
            return {both, both};
        }
        return {extent_pair{some(2) - 1, some(2)}, extent_pair{some(2), some(2) - 1}};
    }

    void fill(zero_padding2d_spec& spec) { spec.padding = edges(); }

    void fill(cropping2d_spec& spec) { spec.cropping = edges(); }

    void fill(up_sampling2d_spec& spec) { spec.size = {some(2), some(2)}; }

    void fill(leaky_relu_spec& spec) { spec.alpha = chance(0.5) ? 0.3 : number(); }

    void fill(elu_spec& spec) { spec.alpha = number(); }

    void fill(prelu_spec& spec) {
        spec.alpha_initializer = chance(0.5) ? initializer_spec{"zeros"} : initializer();
        spec.alpha_regularizer = regularizer();
        spec.shared_axes = chance(0.5) ? dimensions{1} : dimensions{};
    }

    void fill(relu_spec& spec) {
        if (chance(0.5)) {
            spec.max_value = number();
        }
        spec.negative_slope = chance(0.5) ? 0 : number();
        spec.threshold = chance(0.5) ? 0 : number();
    }

    void fill(thresholded_relu_spec& spec) { spec.theta = number(); }

    void fill(softmax_spec& spec) { spec.axis = chance(0.5) ? -1 : some(input_.size()); }

    void fill(spatial_dropout2d_spec& spec) { spec.rate = number() / 2; }

    void fill(gaussian_noise_spec& spec) { spec.stddev = number(); }

    void fill(gaussian_dropout_spec& spec) { spec.rate = number() / 2; }

    void fill(batch_normalization_spec& spec) {
        spec.axis = chance(0.7) ? -1 : some(input_.size());
        spec.momentum = chance(0.5) ? 0.99 : number();
        spec.epsilon = chance(0.5) ? 1e-3 : number();
        spec.center = chance(0.8);
        spec.scale = chance(0.8);
        spec.beta_regularizer = regularizer();
    }

    void fill(layer_normalization_spec& spec) {
        const auto rank = static_cast<std::int64_t>(input_.size());
        spec.axis = chance(0.6) || rank == 1 ? dimensions{-1} : dimensions{rank, rank - 1};
        spec.epsilon = chance(0.5) ? 1e-3 : number();
        spec.center = chance(0.8);
        spec.gamma_initializer = chance(0.5) ? initializer_spec{"ones"} : initializer();
    }

    /// 1 .. most.
    std::int64_t some(std::size_t most = 6) { return static_cast<std::int64_t>(1 + below(most)); }

    random_stream random_;
    dimensions input_{}; ///< of the layer that is filled
};

} // namespace mend::test
