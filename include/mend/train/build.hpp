// SPDX-License-Identifier: MIT
/// From a problem as plain values to what trains it: network, loss, optimizer. The only bridge
/// between spec and nn, and the place where the rules of Keras' versions are told apart.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/core/one_of.hpp>
#include <mend/data/dataset.hpp>
#include <mend/nn/constraint.hpp>
#include <mend/nn/learning_rate.hpp>
#include <mend/nn/loss.hpp>
#include <mend/nn/network.hpp>
#include <mend/nn/optimizer_options.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/outline.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/validate.hpp>
#include <mend/train/build_layer.hpp>
#include <mend/train/target.hpp>

namespace mend {

namespace detail {

/// Of any layer that has one.
[[nodiscard]] inline regularizer activity_penalty(const layer_spec& layer) {
    const auto* penalty =
        find_setting<regularizer_spec>(const_cast<layer_spec&>(layer), "activity_regularizer");
    return penalty != nullptr ? regularizer{penalty->l1, penalty->l2} : regularizer{};
}

/// Throws spec_error where the axes are not neighbours that a weight of this rank has.
[[nodiscard]] inline constraint
build_constraint(const constraint_spec& s, int rank, const std::string& where) {
    constraint made{.least = s.min_value, .most = s.max_value, .rate = s.rate};
    made.kind = s.name == "max_norm"       ? constraint_kind::max_norm
                : s.name == "min_max_norm" ? constraint_kind::min_max_norm
                : s.name == "unit_norm"    ? constraint_kind::unit_norm
                                           : constraint_kind::non_negative;
    if (made.kind == constraint_kind::non_negative) {
        return made;
    }
    dimensions axes = s.axis;
    for (std::int64_t& axis : axes) {
        axis += axis < 0 ? rank : 0;
    }
    std::sort(axes.begin(), axes.end());
    for (std::size_t i = 0; i < axes.size(); ++i) {
        if (axes[i] < 0 || axes[i] >= rank) {
            throw spec_error(
                where + "/config/axis",
                "is not of a weight of " + std::to_string(rank) + " dimensions"
            );
        }
        if (i > 0 && axes[i] != axes[i - 1] + 1) {
            throw spec_error(where + "/config/axis", "only neighbouring axes are supported");
        }
    }
    if (axes.empty()) {
        throw spec_error(where + "/config/axis", "names no axis");
    }
    made.first_axis = static_cast<int>(axes.front());
    made.last_axis = static_cast<int>(axes.back());
    return made;
}

/// Puts weights under the constraints of their layers: "kernel_constraint" is that of the weight
/// "kernel", "depthwise_constraint" that of "depthwise_kernel".
inline void constrain(network<float>& net, const problem& wanted) {
    const std::vector<layer_spec>& layers = wanted.model.layers;
    constexpr std::string_view ending = "_constraint";
    for (std::size_t i = 0; i < layers.size(); ++i) {
        layer_kind kind = layers[i].kind;
        for (const setting& s : settings_of(kind)) {
            const auto* given = s.value.to<constraint_spec>();
            if (given == nullptr || !given->exists()) {
                continue;
            }
            const std::string_view weight =
                s.about.key.substr(0, s.about.key.size() - ending.size());
            for (index n = 0; n < static_cast<index>(net.parameters().size()); ++n) {
                const parameter_info& p = net.parameters()[static_cast<std::size_t>(n)];
                if (p.layer == static_cast<index>(i) && p.name.starts_with(weight)) {
                    const std::string where =
                        layer_path(wanted, i) + "/config/" + std::string(s.about.key);
                    net.constrain(n, build_constraint(*given, p.extents.rank(), where));
                }
            }
        }
    }
}

/// Throws spec_error where a model looks up words of the data that its table has no rows for.
inline void check_words(const problem& wanted, const dataset& data) {
    const auto* const table = get_if<embedding_spec>(&wanted.model.layers.front().kind);
    if (table == nullptr) {
        return;
    }
    const auto check = [&](const std::shared_ptr<const samples>& part) {
        if (!part) {
            return;
        }
        const std::span<const float> words =
            part->is_sparse() ? std::span<const float>(part->sparse.values) : part->dense.flat();
        for (const float word : words) {
            const auto row = static_cast<double>(word);
            if (!(row >= 0 && row < static_cast<double>(table->input_dim)) ||
                row != std::floor(row)) {
                throw spec_error(
                    layer_path(wanted, 0),
                    "looks up whole numbers 0 to " + std::to_string(table->input_dim - 1) + ", " +
                        data.name + " holds " + plain_text(row)
                );
            }
        }
    };
    check(data.pool);
    check(data.train);
    check(data.validation);
    check(data.test);
}

} // namespace detail

/// The untrained network of a model. Throws spec_error where the layers do not fit together or
/// samples of `data` cannot be reshaped to the model's input.
[[nodiscard]] inline network<float> build_network(const problem& wanted, const dataset& data) {
    const inference shapes = infer_shapes(wanted.model);
    if (!shapes.why.empty()) {
        throw spec_error(detail::layer_path(wanted, shapes.bad_layer), shapes.why);
    }
    const dimensions& input = wanted.model.input_shape;
    if (element_count(input) != data.sample().size()) {
        throw spec_error(
            detail::layer_path(wanted, 0),
            "takes samples of shape " + to_text(input) + ", those of " + data.name +
                " have shape " + to_text(data.sample())
        );
    }
    if (input.size() >= static_cast<std::size_t>(shape::max_rank)) {
        throw spec_error(detail::layer_path(wanted, 0), "samples have at most three dimensions");
    }
    if (!wanted.model.layers.empty()) {
        detail::check_words(wanted, data);
    }
    std::vector<any_layer<float>> layers;
    layers.reserve(wanted.model.layers.size());
    for (std::size_t i = 0; i < wanted.model.layers.size(); ++i) {
        const layer_spec& layer = wanted.model.layers[i];
        const detail::layer_builder build(
            wanted, i, shapes.layers[i].input, shapes.layers[i].output
        );
        layers.push_back(dispatch(build, layer.kind));
        layers.back().activity_penalty(detail::activity_penalty(layer));
    }
    network<float> net(detail::shape_of(input), std::move(layers));
    detail::constrain(net, wanted);
    return net;
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
    const auto last = [&] { return detail::layer_path(wanted, wanted.model.layers.size() - 1); };
    if (output.rank() != 1 && data.is_classification()) {
        throw spec_error(
            last(), "the output " + to_text(output) + " is not one row of numbers per sample"
        );
    }
    const auto kind = find_loss(wanted.compile.loss.name);
    MEND_EXPECTS(kind.has_value(), "the loss has been built");
    target_choice choice = choose_targets(*kind, output.size(), data);
    if (!choice) {
        throw spec_error(last(), choice.why);
    }
    return choice.encoding;
}

namespace detail {

[[nodiscard]] inline learning_rate_schedule build_schedule(const learning_rate_spec& s) {
    return {
        .kind = find_schedule(s.schedule).value_or(schedule_kind::constant),
        .initial = s.rate,
        .steps = s.decay_steps,
        .rate = s.decay_rate,
        .staircase = s.staircase,
        .end = s.end_learning_rate,
        .power = s.power,
        .cycle = s.cycle,
        .alpha = s.alpha,
        .warmup_target = s.warmup_target,
        .warmup_steps = s.warmup_steps,
        .period_factor = s.t_mul,
        .height_factor = s.m_mul,
        .boundaries = s.boundaries,
        .values = s.values};
}

struct optimizer_builder {
    keras_semantics semantics;

    optimizer_kind operator()(const sgd_spec& s) const {
        return sgd{s.learning_rate.first(), s.momentum, s.nesterov};
    }

    optimizer_kind operator()(const rmsprop_spec& s) const {
        const bool inside = semantics != keras_semantics::keras2_10;
        return rmsprop{s.learning_rate.first(), s.rho, s.momentum, s.epsilon, s.centered, inside};
    }

    optimizer_kind operator()(const adam_spec& s) const {
        return adam{s.learning_rate.first(), s.beta_1, s.beta_2, s.epsilon, s.amsgrad};
    }

    optimizer_kind operator()(const adamw_spec& s) const {
        return adam{s.learning_rate.first(), s.beta_1, s.beta_2, s.epsilon, s.amsgrad};
    }

    optimizer_kind operator()(const adadelta_spec& s) const {
        return adadelta{s.learning_rate.first(), s.rho, s.epsilon};
    }

    optimizer_kind operator()(const adagrad_spec& s) const {
        const bool inside = semantics != keras_semantics::keras2_10;
        return adagrad{s.learning_rate.first(), s.initial_accumulator_value, s.epsilon, inside};
    }

    optimizer_kind operator()(const adamax_spec& s) const {
        return adamax{s.learning_rate.first(), s.beta_1, s.beta_2, s.epsilon};
    }

    optimizer_kind operator()(const nadam_spec& s) const {
        const double decay =
            semantics == keras_semantics::keras2_10 ? s.decay.value_or(0.004) : 1.0;
        return nadam{s.learning_rate.first(), s.beta_1, s.beta_2, s.epsilon, decay};
    }
};

} // namespace detail

[[nodiscard]] inline optimizer_options build_optimizer(const problem& wanted) {
    const optimizer_spec& s = wanted.compile.optimizer;
    const auto* adamw = get_if<adamw_spec>(&s.kind);
    return {
        .kind = dispatch(detail::optimizer_builder{wanted.model.semantics()}, s.kind),
        .clip_value = s.update.clipvalue.value_or(0),
        .clip_norm = s.update.clipnorm.value_or(0),
        .global_clip_norm = s.update.global_clipnorm.value_or(0),
        .decay = s.update.decay,
        .weight_decay = adamw != nullptr ? adamw->weight_decay : s.update.weight_decay.value_or(0),
        .schedule = detail::build_schedule(s.rate())};
}

} // namespace mend
