// SPDX-License-Identifier: MIT
/// Embedding.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include <mend/spec/constraint.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/initializer_spec.hpp>

namespace mend {

/// A row of a table for each whole number 0 .. input_dim - 1 of its input.
struct embedding_spec {
    static constexpr std::string_view class_name = "Embedding";
    static constexpr std::string_view default_name = "embedding";
    static constexpr std::string_view fixed_keys[] = {
        "mask_zero", "lora_rank", "quantization_config"};
    static constexpr std::string_view ignored_keys[] = {"input_length"}; ///< a shape at most

    std::int64_t input_dim = 1;  ///< rows of the table
    std::int64_t output_dim = 1; ///< their length
    initializer_spec embeddings_initializer{"random_uniform"};
    regularizer_spec embeddings_regularizer{};
    regularizer_spec activity_regularizer{};
    constraint_spec embeddings_constraint{};

    friend bool operator==(const embedding_spec&, const embedding_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"input_dim", domain::positive, true}, self.input_dim);
        visit(field{"output_dim", domain::positive, true}, self.output_dim);
        visit(field{"embeddings_initializer"}, self.embeddings_initializer);
        visit(field{"embeddings_regularizer"}, self.embeddings_regularizer);
        visit(field{"activity_regularizer"}, self.activity_regularizer);
        visit(field{"embeddings_constraint"}, self.embeddings_constraint);
    }

    [[nodiscard]] shape_result output_shape(dimensions input) const {
        input.push_back(output_dim);
        return limited(std::move(input));
    }

    [[nodiscard]] std::int64_t parameter_count(const dimensions&) const {
        return bounded_product({input_dim, output_dim});
    }

    /// Rows are copied.
    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product({element_count(input), output_dim});
    }
};

} // namespace mend
