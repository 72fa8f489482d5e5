// SPDX-License-Identifier: MIT
/// Everything in fault/: faults as values, their profiles and published configurations, DeepCrime's
/// operators.
#pragma once

#include <mend/fault/activations.hpp>
#include <mend/fault/compilation.hpp>
#include <mend/fault/configuration.hpp>
#include <mend/fault/fault.hpp>
#include <mend/fault/hyperparameters.hpp>
#include <mend/fault/mutant.hpp>
#include <mend/fault/mutation.hpp>
#include <mend/fault/operator.hpp>
#include <mend/fault/operators.hpp>
#include <mend/fault/profile.hpp>
#include <mend/fault/read_space.hpp>
#include <mend/fault/regularisation.hpp>
#include <mend/fault/row_groups.hpp>
#include <mend/fault/training_data.hpp>
#include <mend/fault/weights.hpp>
