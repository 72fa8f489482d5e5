// SPDX-License-Identifier: MIT
/// Shape inference over a model, and the work of training it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/problem.hpp>

namespace mend {

/// Something wrong in a problem: where, as a JSON pointer into the file, and why.
struct mistake {
    std::string where;
    std::string why;

    friend bool operator==(const mistake&, const mistake&) = default;
};

/// What one layer makes of its input.
struct layer_cost {
    dimensions input;
    dimensions output;
    std::int64_t parameters = 0;    ///< weights that training may move
    std::int64_t multiply_adds = 0; ///< of one sample, forward
};

/// What shape inference found: one entry per layer up to the first mistake.
struct inference {
    std::vector<layer_cost> layers;
    std::size_t bad_layer = 0; ///< which layer the mistake is in; meaningful where `why` is not ""
    std::string why;           ///< "" where all layers fit together

    [[nodiscard]] std::int64_t parameters() const noexcept {
        std::int64_t sum = 0;
        for (const layer_cost& layer : layers) {
            sum += layer.parameters;
        }
        return sum;
    }
};

/// Sizes beyond this are mistakes: no sample has as many elements, no layer as many weights.
inline constexpr std::int64_t largest_layer = std::numeric_limits<std::int32_t>::max();

/// Shape inference; never throws for a bad model.
[[nodiscard]] inline inference infer_shapes(const model_spec& model) {
    inference found;
    dimensions at = model.input_shape;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const layer_spec& layer = model.layers[i];
        found.bad_layer = i;
        shape_result output = layer.output_shape(at);
        if (!output) {
            found.why = std::move(output.why);
            return found;
        }
        layer_cost cost{
            at, std::move(output.shape), layer.parameter_count(at), layer.multiply_adds(at)};
        if (element_count(cost.output) > largest_layer) {
            found.why = "its output " + to_text(cost.output) + " is too large";
            return found;
        }
        if (cost.parameters > largest_layer) {
            found.why = "it has too many weights: " + std::to_string(cost.parameters);
            return found;
        }
        at = cost.output;
        found.layers.push_back(std::move(cost));
    }
    return found;
}

/// The shape of the model's output for one sample. Throws spec_error where the layers do not fit.
[[nodiscard]] inline dimensions output_shape(const model_spec& model) {
    inference found = infer_shapes(model);
    if (!found.why.empty()) {
        throw spec_error("layer " + std::to_string(found.bad_layer), found.why);
    }
    return found.layers.empty() ? model.input_shape : std::move(found.layers.back().output);
}

/// What training costs, in multiply-adds (design, section 3, "Cost").
///
/// A pass over one sample costs forward + backward: a layer with weights does its forward products
/// once more for the gradient of its input and once more for that of its weights. The first layer
/// with weights needs no gradient of its input, and layers before it none at all; a layer that is
/// not trainable needs none of its weights.
struct training_work {
    /// Overhead of one step whatever its batch: update of small tensors, dispatch. About 2 us on a
    /// core that does 10^10 multiply-adds a second.
    static constexpr double step_overhead = 20000;

    double per_sample = 0;
    double per_step = step_overhead;

    /// Of so many samples (rows seen, epochs included) in so many steps.
    [[nodiscard]] double of(double samples, double steps) const noexcept {
        return samples * per_sample + steps * per_step;
    }
};

[[nodiscard]] inline training_work work_of(const model_spec& model) {
    training_work work;
    const inference shapes = infer_shapes(model);
    bool needs_input_gradient = false;
    for (std::size_t i = 0; i < shapes.layers.size(); ++i) {
        const bool learns = model.layers[i].trainable && shapes.layers[i].parameters > 0;
        const int passes = 1 + (needs_input_gradient ? 1 : 0) + (learns ? 1 : 0);
        // An elementwise layer has no weights and goes backward once.
        work.per_sample += static_cast<double>(shapes.layers[i].multiply_adds) * passes;
        needs_input_gradient = needs_input_gradient || learns;
    }
    return work;
}

/// Steps of one epoch over so many rows; the last may be a partial batch. Requires batch_size > 0.
[[nodiscard]] constexpr std::int64_t
steps_per_epoch(std::int64_t rows, std::int64_t batch_size) noexcept {
    return (rows + batch_size - 1) / batch_size;
}

/// The work of training a problem for all its epochs on so many train rows.
[[nodiscard]] inline double work_of(const problem& p, std::int64_t train_rows) {
    const auto epochs = static_cast<double>(p.fit.epochs);
    const auto steps = static_cast<double>(steps_per_epoch(train_rows, p.fit.batch_size));
    return work_of(p.model).of(epochs * static_cast<double>(train_rows), epochs * steps);
}

} // namespace mend
