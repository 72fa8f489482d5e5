// SPDX-License-Identifier: MIT
/// Written by bench/repair/guided_table.cpp (--faults 6 --seed 1): how often steps of each
/// kind won back half of what a generated fault had lost, and how findings change that.
#pragma once

#include <array>
#include <string_view>

#include <mend/repair/step.hpp>

namespace mend {

/// Log-odds that a step of a kind is a fix, in the order of step_kind.
inline constexpr std::array<double, 37> guided_base{
    -0.51, // adam: 1 of 3
    -0.51, // adaptive_optimizer: 4 of 11
    -1.10, // plain_optimizer: 1 of 5
    -0.59, // usual_rate: 2 of 6
    -3.04, // lower_rate: 0 of 10
    -2.20, // much_lower_rate: 0 of 4
    -1.95, // higher_rate: 1 of 11
    -1.10, // much_higher_rate: 1 of 5
    -3.89, // optimizer_setting: 0 of 24
    -2.71, // fitting_loss: 0 of 7
    -2.56, // other_loss: 1 of 20
    -0.34, // fitting_output: 2 of 5
    -2.94, // other_output: 0 of 9
    -2.20, // output_and_loss: 0 of 4
    -0.85, // hidden_relu: 1 of 4
    -1.22, // one_hidden_relu: 2 of 10
    -2.56, // other_hidden: 1 of 20
    0.00,  // usual_kernels: 0 of 0
    0.00,  // one_usual_kernel: 0 of 0
    -2.56, // he_kernels: 0 of 6
    0.00,  // zero_biases: 0 of 0
    0.00,  // no_penalties: 0 of 0
    -2.40, // less_dropout: 0 of 5
    -3.22, // more_dropout: 0 of 12
    -3.14, // smaller_batch: 0 of 11
    -3.43, // larger_batch: 0 of 15
    -3.22, // more_epochs: 0 of 12
    -2.10, // wider: 2 of 22
    -3.50, // narrower: 0 of 16
    -1.02, // deeper: 4 of 16
    -2.05, // shallower: 2 of 21
    -2.56, // rescaled_input: 0 of 6
    -2.56, // normalised_input: 0 of 6
    -1.61, // other: 1 of 8
    -1.10, // usual_training: 0 of 1
    0.00,  // usual_model: 0 of 0
    2.20,  // usual_everything: 4 of 4
};

/// What a finding, of full confidence, adds to the log-odds of a kind.
struct guided_lift {
    std::string_view code;
    step_kind kind;
    double weight;
};

inline constexpr std::array<guided_lift, 28> guided_lifts{{
    {"batch_size", step_kind::other_hidden, -0.75},
    {"batch_size", step_kind::shallower, -1.04},
    {"dropout", step_kind::one_hidden_relu, 0.69},
    {"dropout", step_kind::other_hidden, 0.78},
    {"dropout", step_kind::wider, 1.09},
    {"dropout", step_kind::deeper, 1.41},
    {"dropout", step_kind::shallower, 1.06},
    {"large_updates", step_kind::optimizer_setting, 0.42},
    {"learning_rate", step_kind::other_loss, -0.75},
    {"loss", step_kind::other_hidden, 0.75},
    {"loss", step_kind::shallower, 1.04},
    {"narrow_layer", step_kind::optimizer_setting, 0.42},
    {"no_progress", step_kind::wider, -0.54},
    {"no_progress", step_kind::deeper, -0.82},
    {"no_progress", step_kind::shallower, -0.58},
    {"output_activation", step_kind::other_loss, 0.78},
    {"output_activation", step_kind::wider, -0.42},
    {"output_activation", step_kind::deeper, -0.63},
    {"slow_convergence", step_kind::optimizer_setting, 0.42},
    {"slow_convergence", step_kind::shallower, -0.45},
    {"small_updates", step_kind::wider, -0.54},
    {"small_updates", step_kind::deeper, -0.82},
    {"small_updates", step_kind::shallower, -0.58},
    {"underfitting", step_kind::one_hidden_relu, -0.69},
    {"underfitting", step_kind::other_hidden, -0.78},
    {"underfitting", step_kind::wider, -1.09},
    {"underfitting", step_kind::deeper, -1.41},
    {"underfitting", step_kind::shallower, -1.06},
}};

} // namespace mend
