// SPDX-License-Identifier: MIT
/// What a layer is: a concept, the pass that it takes part in, and its one type erasure.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <mend/autodiff/tape.hpp>
#include <mend/core/random.hpp>
#include <mend/nn/initializer.hpp>
#include <mend/nn/regularizer.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// A weight that a layer asks for.
struct parameter_spec {
    std::string name; ///< Keras' name within the layer: "kernel", "bias"
    shape extents;
    initializer initial;
    regularizer penalty{};
    bool trainable = true; ///< false: a gradient never flows into it
};

/// One run of a network forward, as a layer sees it.
template <class Scalar>
struct pass {
    mend::tape<Scalar>& tape;
    std::span<const variable> parameters{}; ///< this layer's, in the order it declared them
    bool training = false;
    bool is_output = false; ///< the last layer: a loss may look at what produced its result
    std::uint64_t seed = 0;
    std::uint64_t step = 0;
    std::uint64_t layer = 0; ///< index in the network

    /// The random numbers of this layer in this step.
    [[nodiscard]] random_stream random() const noexcept {
        return {seed, step, purpose::dropout, layer};
    }
};

/// A layer is an immutable value that applies itself on a tape. It holds neither weights nor
/// activations, so one layer object may serve many threads.
///
///     struct twice {
///         template <class Scalar>
///         variable forward(pass<Scalar>& p, variable x) const {
///             return scale(p.tape, x, Scalar(2));
///         }
///     };
///
/// Optional: `output(sample)`, the output shape for an input shape, both of one sample (absent: the
/// same); `parameters(sample)`, the weights that it declares (absent: none); `takes_sparse()`,
/// whether the layer can be given sparse rows as its input, which it multiplies by its first
/// weight (absent: no); both or none of `adapts()`, whether the layer learns weights from data
/// before training (Normalization), and `adapt(x, parameters)`, which does it; x holds rows of the
/// layer's own input.
template <class Layer, class Scalar>
concept layer = std::is_copy_constructible_v<Layer> &&
    requires(const Layer& l, pass<Scalar>& p, variable x) {
    { l.forward(p, x) } -> std::same_as<variable>;
};

/// Any layer, as a value. Copies share the immutable layer behind it.
template <class Scalar>
class any_layer {
public:
    template <class Layer>

    requires(!std::same_as<Layer, any_layer> && layer<Layer, Scalar>) any_layer(Layer inner)
        : inner_(static_cast<const base*>(new model<Layer>(std::move(inner)))) {}

    [[nodiscard]] shape output(const shape& sample) const { return inner_->output(sample); }

    [[nodiscard]] std::vector<parameter_spec> parameters(const shape& sample) const {
        return inner_->parameters(sample);
    }

    variable forward(pass<Scalar>& p, variable x) const { return inner_->forward(p, x); }

    /// A penalty on the layer's output, summed over a batch and divided by its rows.
    void activity_penalty(const regularizer& penalty) noexcept { activity_penalty_ = penalty; }

    [[nodiscard]] const regularizer& activity_penalty() const noexcept { return activity_penalty_; }

    /// Whether the layer takes sparse rows.
    [[nodiscard]] bool takes_sparse() const noexcept { return inner_->takes_sparse(); }

    /// Whether the layer learns weights from data before training.
    [[nodiscard]] bool adapts() const noexcept { return inner_->adapts(); }

    void adapt(tensor_view<const Scalar> x, std::span<const tensor_view<Scalar>> parameters) const {
        inner_->adapt(x, parameters);
    }

private:
    struct base {
        base() = default;
        base(const base&) = delete;
        base& operator=(const base&) = delete;
        virtual ~base() = default;
        virtual shape output(const shape& sample) const = 0;
        virtual std::vector<parameter_spec> parameters(const shape& sample) const = 0;
        virtual variable forward(pass<Scalar>& p, variable x) const = 0;
        virtual bool takes_sparse() const noexcept = 0;
        virtual bool adapts() const noexcept = 0;
        virtual void adapt(
            tensor_view<const Scalar> x, std::span<const tensor_view<Scalar>> parameters
        ) const = 0;
    };

    template <class Layer>
    struct model final : base {
        explicit model(Layer l)
            : inner(std::move(l)) {}

        shape output(const shape& sample) const override {
            if constexpr (requires { inner.output(sample); }) {
                return inner.output(sample);
            } else {
                return sample;
            }
        }

        std::vector<parameter_spec> parameters(const shape& sample) const override {
            if constexpr (requires { inner.parameters(sample); }) {
                return inner.parameters(sample);
            } else {
                return {};
            }
        }

        variable forward(pass<Scalar>& p, variable x) const override { return inner.forward(p, x); }

        bool takes_sparse() const noexcept override {
            if constexpr (requires { inner.takes_sparse(); }) {
                return inner.takes_sparse();
            } else {
                return false;
            }
        }

        bool adapts() const noexcept override {
            if constexpr (requires { inner.adapts(); }) {
                return inner.adapts();
            } else {
                return false;
            }
        }

        void adapt(tensor_view<const Scalar> x, std::span<const tensor_view<Scalar>> parameters)
            const override {
            if constexpr (requires { inner.adapt(x, parameters); }) {
                inner.adapt(x, parameters);
            } else {
                static_cast<void>(x);
                static_cast<void>(parameters);
            }
        }

        Layer inner;
    };

    std::shared_ptr<const base> inner_;
    regularizer activity_penalty_{};
};

} // namespace mend
