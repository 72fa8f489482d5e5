// SPDX-License-Identifier: MIT
/// A network: layers in order and the weights they asked for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// One weight of a network and where it lies in the flat buffers of weights, gradients and
/// optimizer state, which all have the same layout: trainable weights first, each from a multiple
/// of 64 bytes, the gaps between them zero.
struct parameter_info {
    std::string name;
    shape extents;
    index layer = 0;
    index offset = 0;
    bool trainable = true;
    initializer initial;
    regularizer penalty;
};

/// Gradients of all weights of a network, owned by the caller; made by `network::make_gradients`.
template <class Scalar>
struct gradients {
    tensor<Scalar> numbers;

    [[nodiscard]] tensor_view<Scalar> of(const parameter_info& p) noexcept {
        return {numbers.data() + p.offset, p.extents};
    }

    [[nodiscard]] tensor_view<const Scalar> of(const parameter_info& p) const noexcept {
        return {numbers.data() + p.offset, p.extents};
    }
};

/// What a network is fed: rows of samples. Dense today; the one place to extend for sparse rows.
template <class Scalar>
struct input_batch {
    tensor_view<const Scalar> dense;

    input_batch(tensor_view<const Scalar> rows) noexcept
        : dense(rows) {}

    input_batch(tensor_view<Scalar> rows) noexcept
        : dense(rows) {}

    input_batch(const tensor<Scalar>& rows) noexcept
        : dense(rows.view()) {}

    [[nodiscard]] index rows() const noexcept { return dense.rows(); }
};

struct forward_options {
    bool training = false;  ///< dropout and the like are active, penalties are recorded
    bool penalties = false; ///< record the regularisers' terms without training, as evaluate() does
    std::uint64_t seed = 0; ///< of the training
    std::uint64_t step = 0; ///< counts updates; random masks are keyed by (seed, step, layer)
};

/// Layers applied one after the other. A value: copies own their weights. `forward` is const and
/// keeps everything it computes on the caller's tape.
template <class Scalar = float>
class network {
public:
    /// `sample` is the shape of one input row. Weights are zero until `initialise`.
    network(const shape& sample, std::vector<any_layer<Scalar>> layers);

    /// Draws every weight from its initialiser: weight i from random_stream(seed, 0,
    /// purpose::weights, i), i in the order of `parameters()`.
    void initialise(std::uint64_t seed);

    /// Lets layers that learn from data (Normalization without given statistics) do so. `x` holds
    /// the rows of the train part.
    void adapt(const input_batch<Scalar>& x);

    [[nodiscard]] bool adapts() const noexcept;

    [[nodiscard]] const shape& input() const noexcept { return input_; }

    [[nodiscard]] const shape& output() const noexcept { return shapes_.back(); }

    /// Output shape of one sample after each layer.
    [[nodiscard]] std::span<const shape> layer_outputs() const noexcept { return shapes_; }

    [[nodiscard]] index layer_count() const noexcept { return static_cast<index>(layers_.size()); }

    /// All weights in Keras' get_weights() order: layer by layer, trainable ones first within each.
    [[nodiscard]] std::span<const parameter_info> parameters() const noexcept {
        return parameters_;
    }

    /// Number of weights, trainable or not, as Keras counts them.
    [[nodiscard]] index parameter_count() const noexcept;

    [[nodiscard]] tensor_view<Scalar> value(const parameter_info& p) noexcept {
        return {values_.data() + p.offset, p.extents};
    }

    [[nodiscard]] tensor_view<const Scalar> value(const parameter_info& p) const noexcept {
        return {values_.data() + p.offset, p.extents};
    }

    /// The flat buffer of all weights (layout: parameter_info); the trainable part is its front.
    [[nodiscard]] std::span<Scalar> values() noexcept { return values_.flat(); }

    [[nodiscard]] std::span<const Scalar> values() const noexcept { return values_.flat(); }

    [[nodiscard]] index trainable_size() const noexcept { return trainable_size_; }

    /// Zeroed gradients of this network's layout.
    [[nodiscard]] gradients<Scalar> make_gradients() const;

    /// Runs the network on a batch. With `into`, `tape.backward` will write the gradients of all
    /// trainable weights there; without, nothing is differentiated. Where `trace` is not empty it
    /// has room for one variable per layer and receives each layer's result.
    /// The caller rewinds the tape first; `x` must outlive the step.
    variable forward(
        mend::tape<Scalar>& tape,
        const input_batch<Scalar>& x,
        const forward_options& options,
        gradients<Scalar>* into = nullptr,
        std::span<variable> trace = {}
    ) const;

    /// Inference on all rows of x, `batch` at a time; rewinds the tape. Result: rows x output().
    void predict(
        mend::tape<Scalar>& tape,
        const input_batch<Scalar>& x,
        tensor<Scalar>& result,
        index batch = 256
    ) const;

private:
    std::vector<any_layer<Scalar>> layers_;
    shape input_;
    std::vector<shape> shapes_;
    std::vector<parameter_info> parameters_;
    std::vector<index> first_; // of each layer's parameters, and one past the end
    tensor<Scalar> values_;
    index trainable_size_ = 0;
};

/// The data's loss plus all penalties that the forward pass recorded: what Keras reports as loss.
template <class Scalar>
[[nodiscard]] variable with_penalties(tape<Scalar>& t, variable data_loss);

} // namespace mend
