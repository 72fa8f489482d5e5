// SPDX-License-Identifier: MIT
// A problem that a good learning rate mends, small enough to be trained many times.
#pragma once

#include <mend/data/generators.hpp>
#include <mend/spec/problem.hpp>

namespace mend::test {

inline dataset blobs_data() { return make_blobs({.n = 300, .seed = 1}); }

inline problem blobs_problem(double learning_rate) {
    problem p;
    p.model.input_shape = {2};
    p.model.layers = {
        {dense_spec{.units = 8, .activation = "relu"}},
        {dense_spec{.units = blobs_data().classes, .activation = "softmax"}}};
    p.compile.optimizer.kind = sgd_spec{.learning_rate = learning_rate};
    p.compile.loss.name = "categorical_crossentropy";
    p.compile.metrics = {"accuracy"};
    p.fit.batch_size = 32;
    p.fit.epochs = 6;
    return p;
}

} // namespace mend::test
