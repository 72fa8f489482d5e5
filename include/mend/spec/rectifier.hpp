// SPDX-License-Identifier: MIT
/// Activations that Keras has as layers of their own: LeakyReLU, ELU, PReLU, ReLU, ThresholdedReLU,
/// Softmax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <mend/spec/constraint.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/initializer_spec.hpp>

namespace mend {

/// x, or alpha x below 0.
struct leaky_relu_spec {
    static constexpr std::string_view class_name = "LeakyReLU";
    static constexpr std::string_view default_name = "leaky_re_lu";

    double alpha = 0.3; ///< Keras 3: negative_slope

    friend bool operator==(const leaky_relu_spec&, const leaky_relu_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"alpha", domain::any, false, "negative_slope"}, self.alpha);
    }
};

/// x, or alpha (exp(x) - 1) below 0.
struct elu_spec {
    static constexpr std::string_view class_name = "ELU";
    static constexpr std::string_view default_name = "elu";

    double alpha = 1;

    friend bool operator==(const elu_spec&, const elu_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"alpha"}, self.alpha);
    }
};

/// x, or alpha x below 0 with an alpha that is learnt: one for each number of a sample, shared
/// along the axes named (1 is the first after the batch).
struct prelu_spec {
    static constexpr std::string_view class_name = "PReLU";
    static constexpr std::string_view default_name = "p_re_lu";

    initializer_spec alpha_initializer{"zeros"};
    regularizer_spec alpha_regularizer{};
    constraint_spec alpha_constraint{};
    dimensions shared_axes{};

    friend bool operator==(const prelu_spec&, const prelu_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"alpha_initializer"}, self.alpha_initializer);
        visit(field{"alpha_regularizer"}, self.alpha_regularizer);
        visit(field{"alpha_constraint"}, self.alpha_constraint);
        visit(field{"shared_axes"}, self.shared_axes);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        for (const std::int64_t axis : shared_axes) {
            if (axis < 1 || axis > static_cast<std::int64_t>(input.size())) {
                return shape_result::refused(
                    "shared_axes: " + std::to_string(axis) + " is no axis of samples " +
                    to_text(input)
                );
            }
        }
        return input;
    }

    /// The shape of alpha: the sample's, 1 along shared axes.
    [[nodiscard]] dimensions weight_shape(dimensions input) const {
        for (const std::int64_t axis : shared_axes) {
            input[static_cast<std::size_t>(axis - 1)] = 1;
        }
        return input;
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        return element_count(weight_shape(input));
    }
};

/// negative_slope (x - threshold) up to the threshold, x above it, at most max_value.
struct relu_spec {
    static constexpr std::string_view class_name = "ReLU";
    static constexpr std::string_view default_name = "re_lu";

    std::optional<double> max_value{}; ///< absent: no limit
    double negative_slope = 0;
    double threshold = 0;

    friend bool operator==(const relu_spec&, const relu_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"max_value", domain::non_negative}, self.max_value);
        visit(field{"negative_slope", domain::non_negative}, self.negative_slope);
        visit(field{"threshold", domain::non_negative}, self.threshold);
    }
};

/// x above theta, else 0. Keras 3 has it no more; mend knows it for every version.
struct thresholded_relu_spec {
    static constexpr std::string_view class_name = "ThresholdedReLU";
    static constexpr std::string_view default_name = "thresholded_re_lu";

    double theta = 1;

    friend bool operator==(const thresholded_relu_spec&, const thresholded_relu_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"theta", domain::non_negative}, self.theta);
    }
};

/// Softmax along one axis, counted with the batch: -1 is the last, 1 the first after the batch.
struct softmax_spec {
    static constexpr std::string_view class_name = "Softmax";
    static constexpr std::string_view default_name = "softmax";

    std::int64_t axis = -1;

    friend bool operator==(const softmax_spec&, const softmax_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"axis", domain::axis}, self.axis);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        if (!sample_axis(axis, input)) {
            return shape_result::refused(axis_refusal(axis, input));
        }
        return input;
    }
};

} // namespace mend
