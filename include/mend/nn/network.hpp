// SPDX-License-Identifier: MIT
/// A network: layers in order and the weights they asked for.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/autodiff/functions.hpp>
#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/constraint.hpp>
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
    constraint limit{}; ///< where it is put back into after every update
};

/// Gradients of all weights of a network, owned by the caller; made by `network::make_gradients`.
template <class Scalar>
struct gradients {
    tensor<Scalar> numbers;

    /// Where set, the gradient of the network's sparse_kernel() for sparse rows is left in
    /// `factors`, and its place in `numbers` is not written.
    bool keeps_factors = false;
    product_gradient<Scalar> factors{};

    [[nodiscard]] tensor_view<Scalar> of(const parameter_info& p) noexcept {
        return {numbers.data() + p.offset, p.extents};
    }

    [[nodiscard]] tensor_view<const Scalar> of(const parameter_info& p) const noexcept {
        return {numbers.data() + p.offset, p.extents};
    }
};

/// What a network is fed: rows of samples, dense or sparse. Does not own.
template <class Scalar>
struct input_batch {
    tensor_view<const Scalar> dense{};
    const sparse_view<Scalar>* sparse = nullptr; ///< used where it is not null

    input_batch(tensor_view<const Scalar> rows) noexcept
        : dense(rows) {}

    input_batch(tensor_view<Scalar> rows) noexcept
        : dense(rows) {}

    input_batch(const tensor<Scalar>& rows) noexcept
        : dense(rows.view()) {}

    /// For networks that take sparse rows, in `forward` alone.
    input_batch(const sparse_view<Scalar>& rows) noexcept
        : sparse(&rows) {}

    [[nodiscard]] index rows() const noexcept {
        return sparse != nullptr ? sparse->rows : dense.rows();
    }
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

    /// Whether `forward` can be given sparse rows.
    [[nodiscard]] bool takes_sparse() const noexcept {
        return input_.rank() == 1 && layers_.front().takes_sparse();
    }

    /// The weight by which sparse rows are multiplied and whose gradient can be left as factors;
    /// null where there is none, or where a penalty adds to that gradient.
    [[nodiscard]] const parameter_info* sparse_kernel() const noexcept {
        const bool fits = takes_sparse() && !parameters_.empty() && parameters_[0].trainable &&
                          !parameters_[0].penalty.exists() && !parameters_[0].limit.exists();
        return fits ? &parameters_[0] : nullptr;
    }

    [[nodiscard]] const shape& input() const noexcept { return input_; }

    [[nodiscard]] const shape& output() const noexcept { return shapes_.back(); }

    /// Output shape of one sample after each layer.
    [[nodiscard]] std::span<const shape> layer_outputs() const noexcept { return shapes_; }

    [[nodiscard]] index layer_count() const noexcept { return static_cast<index>(layers_.size()); }

    /// All weights in Keras' get_weights() order: layer by layer, trainable ones first within each.
    [[nodiscard]] std::span<const parameter_info> parameters() const noexcept {
        return parameters_;
    }

    /// Puts weight `number` of parameters() under a limit. Requires axes that it has.
    void constrain(index number, const constraint& limit) {
        parameters_[static_cast<std::size_t>(number)].limit = limit;
        is_constrained_ = true;
    }

    /// Puts all trainable weights within their limits; an optimizer does so after each update.
    void apply_constraints() {
        for (const parameter_info& p : parameters_) {
            if (is_constrained_ && p.trainable) {
                apply(p.limit, value(p));
            }
        }
    }

    /// Number of weights, trainable or not, as Keras counts them.
    [[nodiscard]] index parameter_count() const noexcept;

    [[nodiscard]] tensor_view<Scalar> value(const parameter_info& p) noexcept {
        return {values_.data() + p.offset, p.extents};
    }

    [[nodiscard]] tensor_view<const Scalar> value(const parameter_info& p) const noexcept {
        return {values_.data() + p.offset, p.extents};
    }

    /// Copies of all weights, in the order of parameters().
    [[nodiscard]] std::vector<tensor<Scalar>> weights() const {
        std::vector<tensor<Scalar>> copies;
        for (const parameter_info& p : parameters_) {
            tensor<Scalar>& copy = copies.emplace_back(p.extents);
            std::copy_n(value(p).data(), copy.size(), copy.data());
        }
        return copies;
    }

    /// Sets all weights. Requires one of its shape for each of parameters().
    void weights(std::span<const tensor<Scalar>> wanted) {
        MEND_EXPECTS(wanted.size() == parameters_.size(), "a tensor for each weight");
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            MEND_EXPECTS(wanted[i].extents() == parameters_[i].extents, "weights keep their shape");
            std::copy_n(wanted[i].data(), wanted[i].size(), value(parameters_[i]).data());
        }
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

    /// Gives weights that no gradient moves what layers noted for them in a forward pass in
    /// training mode (moving statistics). Once per step, while the tape still holds that pass.
    void apply_updates(const mend::tape<Scalar>& tape) noexcept;

    /// Inference on all rows of x, `batch` at a time; rewinds the tape. Result: rows x output().
    void predict(
        mend::tape<Scalar>& tape,
        const input_batch<Scalar>& x,
        tensor<Scalar>& result,
        index batch = 256
    ) const;

private:
    /// Runs the first `count` layers on the input x.
    variable
    run(mend::tape<Scalar>& tape,
        const input_batch<Scalar>& x,
        index count,
        const forward_options& options,
        gradients<Scalar>* into,
        std::span<variable> trace) const;

    void predict_layers(
        mend::tape<Scalar>& tape,
        tensor_view<const Scalar> rows,
        index count,
        tensor<Scalar>& result,
        index batch
    ) const;

    std::vector<any_layer<Scalar>> layers_;
    shape input_;
    std::vector<shape> shapes_;
    std::vector<parameter_info> parameters_;
    std::vector<index> first_; // of each layer's parameters, and one past the end
    tensor<Scalar> values_;
    index trainable_size_ = 0;
    bool is_constrained_ = false;
};

/// The data's loss plus all penalties that the forward pass recorded: what Keras reports as loss.
template <class Scalar>
[[nodiscard]] variable with_penalties(tape<Scalar>& t, variable data_loss) {
    variable total = data_loss;
    for (const variable penalty : t.penalties()) {
        total = add(t, total, penalty);
    }
    return total;
}

template <class Scalar>
network<Scalar>::network(const shape& sample, std::vector<any_layer<Scalar>> layers)
    : layers_(std::move(layers))
    , input_(sample) {
    MEND_EXPECTS(!layers_.empty(), "a network has layers");
    shape at = sample;
    for (index l = 0; l < layer_count(); ++l) {
        const any_layer<Scalar>& layer = layers_[static_cast<std::size_t>(l)];
        first_.push_back(static_cast<index>(parameters_.size()));
        for (parameter_spec& wanted : layer.parameters(at)) {
            parameters_.push_back(
                {std::move(wanted.name),
                 wanted.extents,
                 l,
                 0,
                 wanted.trainable,
                 wanted.initial,
                 wanted.penalty,
                 {}}
            );
        }
        at = layer.output(at);
        shapes_.push_back(at);
    }
    first_.push_back(static_cast<index>(parameters_.size()));

    constexpr index line = static_cast<index>(tensor<Scalar>::alignment / sizeof(Scalar));
    index offset = 0;
    for (const bool trainable : {true, false}) {
        for (parameter_info& p : parameters_) {
            if (p.trainable == trainable) {
                p.offset = offset;
                offset += (p.extents.size() + line - 1) / line * line;
            }
        }
        trainable_size_ = trainable ? offset : trainable_size_;
    }
    values_ = tensor<Scalar>(shape{offset});
}

template <class Scalar>
void network<Scalar>::initialise(std::uint64_t seed) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        mend::initialise(
            parameters_[i].initial,
            value(parameters_[i]),
            random_stream(seed, 0, purpose::weights, i)
        );
    }
}

template <class Scalar>
bool network<Scalar>::adapts() const noexcept {
    return std::any_of(layers_.begin(), layers_.end(), [](const any_layer<Scalar>& layer) {
        return layer.adapts();
    });
}

template <class Scalar>
void network<Scalar>::adapt(const input_batch<Scalar>& x) {
    mend::tape<Scalar> tape;
    tensor<Scalar> reached;
    for (index l = 0; l < layer_count(); ++l) {
        const any_layer<Scalar>& layer = layers_[static_cast<std::size_t>(l)];
        if (!layer.adapts()) {
            continue;
        }
        tensor_view<const Scalar> seen = x.dense.reshaped(input_.batch(x.rows()));
        if (l > 0) {
            predict_layers(tape, x.dense, l, reached, 256);
            seen = std::as_const(reached).view();
        }
        std::vector<tensor_view<Scalar>> weights;
        const auto at = static_cast<std::size_t>(l);
        for (index i = first_[at]; i < first_[at + 1]; ++i) {
            weights.push_back(value(parameters_[static_cast<std::size_t>(i)]));
        }
        layer.adapt(seen, weights);
    }
}

template <class Scalar>
index network<Scalar>::parameter_count() const noexcept {
    index count = 0;
    for (const parameter_info& p : parameters_) {
        count += p.extents.size();
    }
    return count;
}

template <class Scalar>
gradients<Scalar> network<Scalar>::make_gradients() const {
    return {tensor<Scalar>(values_.extents())};
}

template <class Scalar>
variable network<Scalar>::run(
    mend::tape<Scalar>& tape,
    const input_batch<Scalar>& x,
    index count,
    const forward_options& options,
    gradients<Scalar>* into,
    std::span<variable> trace
) const {
    constexpr std::size_t most = 8;
    const bool penalties = options.training || options.penalties;
    MEND_EXPECTS(x.sparse == nullptr || takes_sparse(), "the network takes sparse rows");
    variable v = x.sparse != nullptr ? tape.constant(*x.sparse)
                                     : tape.constant(x.dense.reshaped(input_.batch(x.rows())));
    const parameter_info* factored = nullptr;
    if (into != nullptr) {
        into->factors = {};
        factored = x.sparse != nullptr && into->keeps_factors ? sparse_kernel() : nullptr;
    }
    for (index l = 0; l < count; ++l) {
        const auto at = static_cast<std::size_t>(l);
        std::array<variable, most> leaves;
        std::size_t found = 0;
        for (index i = first_[at]; i < first_[at + 1]; ++i) {
            const parameter_info& p = parameters_[static_cast<std::size_t>(i)];
            const tensor_view<const Scalar> weight = value(p);
            const variable leaf = &p == factored ? tape.parameter(weight, into->factors)
                                  : into != nullptr && p.trainable
                                      ? tape.parameter(weight, into->of(p).data())
                                      : tape.constant(weight);
            if (penalties && p.penalty.exists()) {
                tape.penalise(weight_penalty(tape, leaf, p.penalty.l1, p.penalty.l2));
            }
            MEND_EXPECTS(found < most, "a layer has at most eight weights");
            leaves[found++] = leaf;
        }
        pass<Scalar> p{
            tape,
            std::span<const variable>(leaves.data(), found),
            options.training,
            l + 1 == layer_count(),
            options.seed,
            options.step,
            static_cast<std::uint64_t>(l)};
        v = layers_[at].forward(p, v);
        if (const regularizer& penalty = layers_[at].activity_penalty();
            penalties && penalty.exists()) {
            const auto samples = static_cast<double>(x.rows());
            tape.penalise(weight_penalty(tape, v, penalty.l1 / samples, penalty.l2 / samples));
        }
        if (!trace.empty()) {
            trace[at] = v;
        }
    }
    return v;
}

template <class Scalar>
variable network<Scalar>::forward(
    mend::tape<Scalar>& tape,
    const input_batch<Scalar>& x,
    const forward_options& options,
    gradients<Scalar>* into,
    std::span<variable> trace
) const {
    return run(tape, x, layer_count(), options, into, trace);
}

template <class Scalar>
void network<Scalar>::apply_updates(const mend::tape<Scalar>& tape) noexcept {
    for (const auto& update : tape.updates()) {
        const index offset = tape.data(update.leaf) - values_.data();
        std::copy_n(update.value, tape.extents(update.leaf).size(), values_.data() + offset);
    }
}

template <class Scalar>
void network<Scalar>::predict(
    mend::tape<Scalar>& tape, const input_batch<Scalar>& x, tensor<Scalar>& result, index batch
) const {
    predict_layers(tape, x.dense, layer_count(), result, batch);
}

template <class Scalar>
void network<Scalar>::predict_layers(
    mend::tape<Scalar>& tape,
    tensor_view<const Scalar> rows,
    index count,
    tensor<Scalar>& result,
    index batch
) const {
    const shape& sample = shapes_[static_cast<std::size_t>(count - 1)];
    result.resize(sample.batch(rows.rows()));
    for (index first = 0; first < rows.rows(); first += batch) {
        const index some = std::min(batch, rows.rows() - first);
        tape.rewind();
        const variable made = run(tape, rows.slice(first, some), count, {}, nullptr, {});
        std::copy_n(tape.data(made), some * sample.size(), result.data() + first * sample.size());
    }
}

} // namespace mend
