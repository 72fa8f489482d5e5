// SPDX-License-Identifier: MIT
/// BatchNormalization and LayerNormalization.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <mend/spec/constraint.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/initializer_spec.hpp>

namespace mend {

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta for each entry of one axis: by the batch's
/// own statistics in training, by moving ones otherwise and where it is not trainable.
struct batch_normalization_spec {
    static constexpr std::string_view class_name = "BatchNormalization";
    static constexpr std::string_view default_name = "batch_normalization";
    static constexpr std::string_view fixed_keys[] = {
        "renorm", "synchronized", "virtual_batch_size"};

    std::int64_t axis = -1; ///< counted with the batch: -1 is the last, 1 the first after the batch
    double momentum = 0.99; ///< [0, 1]
    double epsilon = 1e-3;
    bool center = true;
    bool scale = true;
    initializer_spec beta_initializer{"zeros"};
    initializer_spec gamma_initializer{"ones"};
    initializer_spec moving_mean_initializer{"zeros"};
    initializer_spec moving_variance_initializer{"ones"};
    regularizer_spec beta_regularizer{};
    regularizer_spec gamma_regularizer{};
    constraint_spec beta_constraint{};
    constraint_spec gamma_constraint{};

    friend bool
    operator==(const batch_normalization_spec&, const batch_normalization_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"axis", domain::axis}, self.axis);
        visit(field{"momentum", domain::share}, self.momentum);
        visit(field{"epsilon", domain::non_negative}, self.epsilon);
        visit(field{"center"}, self.center);
        visit(field{"scale"}, self.scale);
        visit(field{"beta_initializer"}, self.beta_initializer);
        visit(field{"gamma_initializer"}, self.gamma_initializer);
        visit(field{"moving_mean_initializer"}, self.moving_mean_initializer);
        visit(field{"moving_variance_initializer"}, self.moving_variance_initializer);
        visit(field{"beta_regularizer"}, self.beta_regularizer);
        visit(field{"gamma_regularizer"}, self.gamma_regularizer);
        visit(field{"beta_constraint"}, self.beta_constraint);
        visit(field{"gamma_constraint"}, self.gamma_constraint);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        if (!sample_axis(axis, input)) {
            return shape_result::refused(axis_refusal(axis, input));
        }
        return input;
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        return input[*sample_axis(axis, input)] * ((center ? 1 : 0) + (scale ? 1 : 0));
    }

    /// Statistics and the map itself.
    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product({element_count(input), 4});
    }
};

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta, with statistics of each sample over its
/// last axes.
struct layer_normalization_spec {
    static constexpr std::string_view class_name = "LayerNormalization";
    static constexpr std::string_view default_name = "layer_normalization";
    static constexpr std::string_view fixed_keys[] = {"rms_scaling"};

    dimensions axis{-1}; ///< counted with the batch; the last ones, in any order
    double epsilon = 1e-3;
    bool center = true;
    bool scale = true;
    initializer_spec beta_initializer{"zeros"};
    initializer_spec gamma_initializer{"ones"};
    regularizer_spec beta_regularizer{};
    regularizer_spec gamma_regularizer{};
    constraint_spec beta_constraint{};
    constraint_spec gamma_constraint{};

    friend bool
    operator==(const layer_normalization_spec&, const layer_normalization_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"axis"}, self.axis);
        visit(field{"epsilon", domain::non_negative}, self.epsilon);
        visit(field{"center"}, self.center);
        visit(field{"scale"}, self.scale);
        visit(field{"beta_initializer"}, self.beta_initializer);
        visit(field{"gamma_initializer"}, self.gamma_initializer);
        visit(field{"beta_regularizer"}, self.beta_regularizer);
        visit(field{"gamma_regularizer"}, self.gamma_regularizer);
        visit(field{"beta_constraint"}, self.beta_constraint);
        visit(field{"gamma_constraint"}, self.gamma_constraint);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        dimensions places;
        for (const std::int64_t one : axis) {
            const auto place = sample_axis(one, input);
            if (!place) {
                return shape_result::refused(axis_refusal(one, input));
            }
            places.push_back(static_cast<std::int64_t>(*place));
        }
        std::sort(places.begin(), places.end());
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (places[i] != static_cast<std::int64_t>(input.size() - places.size() + i)) {
                return shape_result::refused(
                    "axis " + to_text(axis) + " is not supported, only the last axes are"
                );
            }
        }
        return places.empty() ? shape_result::refused("needs an axis") : shape_result(input);
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        std::int64_t count = (center ? 1 : 0) + (scale ? 1 : 0);
        for (std::size_t i = 0; i < axis.size(); ++i) {
            count *= input[input.size() - 1 - i];
        }
        return count;
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product({element_count(input), 4});
    }
};

} // namespace mend
