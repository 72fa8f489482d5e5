// SPDX-License-Identifier: MIT
/// Dense and Activation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <mend/spec/constraint.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/initializer_spec.hpp>

namespace mend {

namespace detail {

/// The fields that Dense and the convolutions with one kernel share, in Keras' order.
template <class Self, class Visit>
void kernel_fields(Self& self, Visit&& visit) {
    visit(field{"activation", domain::activation}, self.activation);
    visit(field{"use_bias"}, self.use_bias);
    visit(field{"kernel_initializer"}, self.kernel_initializer);
    visit(field{"bias_initializer"}, self.bias_initializer);
    visit(field{"kernel_regularizer"}, self.kernel_regularizer);
    visit(field{"bias_regularizer"}, self.bias_regularizer);
    visit(field{"activity_regularizer"}, self.activity_regularizer);
    visit(field{"kernel_constraint"}, self.kernel_constraint);
    visit(field{"bias_constraint"}, self.bias_constraint);
}

} // namespace detail

/// activation(x kernel + bias) over the last axis.
struct dense_spec {
    static constexpr std::string_view class_name = "Dense";
    static constexpr std::string_view default_name = "dense";
    static constexpr std::string_view fixed_keys[] = {"lora_rank", "quantization_config"};

    std::int64_t units = 1;
    std::string activation = "linear";
    bool use_bias = true;
    initializer_spec kernel_initializer{};
    initializer_spec bias_initializer{"zeros"};
    regularizer_spec kernel_regularizer{};
    regularizer_spec bias_regularizer{};
    regularizer_spec activity_regularizer{};
    constraint_spec kernel_constraint{};
    constraint_spec bias_constraint{};

    friend bool operator==(const dense_spec&, const dense_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"units", domain::positive, true}, self.units);
        detail::kernel_fields(self, visit);
    }

    [[nodiscard]] shape_result output_shape(dimensions input) const {
        if (input.empty()) {
            return shape_result::refused("needs an input of at least one dimension");
        }
        input.back() = units;
        return input;
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        return (input.back() + (use_bias ? 1 : 0)) * units;
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product({element_count(input), units});
    }
};

/// An activation on its own.
struct activation_spec {
    static constexpr std::string_view class_name = "Activation";
    static constexpr std::string_view default_name = "activation";

    std::string activation = "linear";

    friend bool operator==(const activation_spec&, const activation_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"activation", domain::activation, true}, self.activation);
    }
};

} // namespace mend
