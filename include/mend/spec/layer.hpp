// SPDX-License-Identifier: MIT
/// Any layer as plain data.
///
/// A new layer is one struct in the header of its family and one alternative below.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <mend/spec/convolution.hpp>
#include <mend/spec/dense.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/pooling.hpp>
#include <mend/spec/preprocessing.hpp>
#include <mend/spec/regularization.hpp>
#include <mend/spec/reshaping.hpp>

namespace mend {

using layer_kind = std::variant<
    dense_spec,
    conv2d_spec,
    max_pooling2d_spec,
    average_pooling2d_spec,
    flatten_spec,
    dropout_spec,
    activation_spec,
    rescaling_spec,
    normalization_spec>;

/// A layer of a sequential model. The name is a label: == compares what the layer does.
struct layer_spec {
    layer_kind kind{};
    std::string name{}; ///< empty: named after its class, as Keras does
    bool trainable = true;

    friend bool operator==(const layer_spec& a, const layer_spec& b) {
        return a.trainable == b.trainable && a.kind == b.kind;
    }

    /// Keras' class: "Dense".
    [[nodiscard]] std::string_view class_name() const {
        return std::visit([](const auto& layer) { return layer.class_name; }, kind);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return std::visit([&](const auto& layer) { return layer.output_shape(input); }, kind);
    }

    /// Weights that training moves; the next two require an input that output_shape accepts.
    [[nodiscard]] std::int64_t parameter_count(const dimensions& input) const {
        return std::visit([&](const auto& layer) { return layer.parameter_count(input); }, kind);
    }

    /// Of one sample, forward.
    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return std::visit([&](const auto& layer) { return layer.multiply_adds(input); }, kind);
    }
};

/// Whether the layer is of the given spec: `holds<dense_spec>(layer)`.
template <class Layer>
[[nodiscard]] bool holds(const layer_spec& layer) noexcept {
    return std::holds_alternative<Layer>(layer.kind);
}

} // namespace mend
