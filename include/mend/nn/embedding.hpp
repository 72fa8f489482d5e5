// SPDX-License-Identifier: MIT
/// Keras' Embedding: a row of a table for each whole number. The gradient is dense: optimizers
/// treat all rows alike, as Keras >= 2.11 does.
#pragma once

#include <utility>
#include <vector>

#include <mend/autodiff/lookup.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct embedding_options {
    index input_dim = 1;  ///< rows: numbers are 0 .. input_dim - 1, others become NaN
    index output_dim = 1; ///< length of a row
    initializer embeddings_initializer = initializer::random_uniform;
    regularizer embeddings_regularizer{};
    bool trainable = true;
};

class embedding {
public:
    explicit embedding(embedding_options options)
        : options_(std::move(options)) {
        MEND_EXPECTS(options_.input_dim > 0 && options_.output_dim > 0, "a table has numbers");
    }

    [[nodiscard]] shape output(const shape& sample) const {
        shape result = sample;
        result.push_back(options_.output_dim);
        return result;
    }

    [[nodiscard]] std::vector<parameter_spec> parameters(const shape&) const {
        const embedding_options& o = options_;
        return {
            {"embeddings",
             {o.input_dim, o.output_dim},
             o.embeddings_initializer,
             o.embeddings_regularizer,
             o.trainable}};
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        return look_up(p.tape, x, p.parameters[0]);
    }

private:
    embedding_options options_;
};

} // namespace mend
