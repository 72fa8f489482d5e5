// SPDX-License-Identifier: MIT
/// Keras' BatchNormalization and LayerNormalization.
///
/// Batch normalisation uses the batch's own mean and variance in training, and moving ones, weights
/// that no gradient moves, otherwise and where the layer is not trainable:
/// moving = momentum * moving + (1 - momentum) * the batch's. The trainer gives them their values
/// after each step (`network::apply_updates`). The variance is the biased one, but for images
/// tf.keras 2 uses a fused kernel, which makes the moving variance from the unbiased one and takes
/// epsilon for at least 1.001e-5.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <mend/autodiff/arrange.hpp>
#include <mend/autodiff/normalize.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct batch_normalization_options {
    int axis = -1; ///< of the sample, from 0; -1: the last
    double momentum = 0.99;
    double epsilon = 1e-3;
    bool center = true; ///< adds beta
    bool scale = true;  ///< multiplies by gamma
    initializer beta_initializer = initializer::zeros;
    initializer gamma_initializer = initializer::ones;
    initializer moving_mean_initializer = initializer::zeros;
    initializer moving_variance_initializer = initializer::ones;
    regularizer beta_regularizer{};
    regularizer gamma_regularizer{};
    bool fused = false; ///< by tf.keras 2's kernel for images
    bool trainable = true;
};

class batch_normalization {
public:
    explicit batch_normalization(batch_normalization_options options = {})
        : options_(std::move(options)) {
        if (options_.fused) {
            options_.epsilon = std::max(options_.epsilon, 1.001e-5);
        }
    }

    [[nodiscard]] std::vector<parameter_spec> parameters(const shape& sample) const {
        const batch_normalization_options& o = options_;
        const shape extents{sample[axis_of(sample.rank())]};
        std::vector<parameter_spec> found;
        if (o.scale) {
            found.push_back(
                {"gamma", extents, o.gamma_initializer, o.gamma_regularizer, o.trainable}
            );
        }
        if (o.center) {
            found.push_back({"beta", extents, o.beta_initializer, o.beta_regularizer, o.trainable});
        }
        found.push_back({"moving_mean", extents, o.moving_mean_initializer, {}, false});
        found.push_back({"moving_variance", extents, o.moving_variance_initializer, {}, false});
        return found;
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const int rank = p.tape.extents(x).rank();
        const int axis = axis_of(rank - 1) + 1;
        if (axis + 1 == rank) {
            return forward_columns(p, x);
        }
        const axis_order order = axis_last(axis, rank);
        return permute(p.tape, forward_columns(p, permute(p.tape, x, order)), inverse(order, rank));
    }

private:
    [[nodiscard]] int axis_of(int rank) const {
        const int axis = options_.axis < 0 ? options_.axis + rank : options_.axis;
        MEND_EXPECTS(axis >= 0 && axis < rank, "batch normalization is along an axis of samples");
        return axis;
    }

    template <class Scalar>
    variable forward_columns(pass<Scalar>& p, variable x) const {
        const batch_normalization_options& o = options_;
        const variable gamma = o.scale ? p.parameters[0] : variable{};
        const variable beta = o.center ? p.parameters[o.scale ? 1 : 0] : variable{};
        const variable moving_mean = p.parameters[p.parameters.size() - 2];
        const variable moving_variance = p.parameters.back();
        const Scalar* const mean = p.tape.data(moving_mean);
        const Scalar* const variance = p.tape.data(moving_variance);
        if (!p.training || !o.trainable) {
            return normalize_by(p.tape, x, mean, variance, gamma, beta, o.epsilon);
        }
        const normalized<Scalar> made = normalize_batch(p.tape, x, gamma, beta, o.epsilon);
        const index columns = p.tape.extents(moving_mean).size();
        const index rows = p.tape.extents(x).size() / columns;
        const double seen = static_cast<double>(rows) /
                            static_cast<double>(o.fused ? std::max<index>(rows - 1, 1) : rows);
        const auto move = [&](variable moving, const Scalar* batch, double factor) {
            const Scalar* const now = p.tape.data(moving);
            Scalar* const next = p.tape.allocate(columns);
            for (index c = 0; c < columns; ++c) {
                next[c] = now[c] * static_cast<Scalar>(o.momentum) +
                          batch[c] * static_cast<Scalar>(factor * (1 - o.momentum));
            }
            p.tape.update_later(moving, next);
        };
        move(moving_mean, made.mean, 1);
        move(moving_variance, made.variance, seen);
        return made.result;
    }

    batch_normalization_options options_;
};

struct layer_normalization_options {
    int axes = 1; ///< how many of the last axes of a sample are normalised together
    double epsilon = 1e-3;
    bool center = true; ///< adds beta
    bool scale = true;  ///< multiplies by gamma
    initializer beta_initializer = initializer::zeros;
    initializer gamma_initializer = initializer::ones;
    regularizer beta_regularizer{};
    regularizer gamma_regularizer{};
    bool trainable = true;
};

class layer_normalization {
public:
    explicit layer_normalization(layer_normalization_options options = {})
        : options_(std::move(options)) {
        MEND_EXPECTS(options_.axes > 0, "layer normalization is over an axis");
    }

    [[nodiscard]] std::vector<parameter_spec> parameters(const shape& sample) const {
        const layer_normalization_options& o = options_;
        MEND_EXPECTS(o.axes <= sample.rank(), "layer normalization is over axes of samples");
        shape extents;
        for (int axis = sample.rank() - o.axes; axis < sample.rank(); ++axis) {
            extents.push_back(sample[axis]);
        }
        std::vector<parameter_spec> found;
        if (o.scale) {
            found.push_back(
                {"gamma", extents, o.gamma_initializer, o.gamma_regularizer, o.trainable}
            );
        }
        if (o.center) {
            found.push_back({"beta", extents, o.beta_initializer, o.beta_regularizer, o.trainable});
        }
        return found;
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const layer_normalization_options& o = options_;
        const shape& extents = p.tape.extents(x);
        index columns = 1;
        for (int axis = extents.rank() - o.axes; axis < extents.rank(); ++axis) {
            columns *= extents[axis];
        }
        const variable gamma = o.scale ? p.parameters[0] : variable{};
        const variable beta = o.center ? p.parameters[o.scale ? 1 : 0] : variable{};
        return normalize_rows(p.tape, x, columns, gamma, beta, o.epsilon);
    }

private:
    layer_normalization_options options_;
};

} // namespace mend
