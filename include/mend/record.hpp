// SPDX-License-Identifier: MIT
/// Everything in record/: proposals, trials, curves, signals.
#pragma once

#include <mend/record/check.hpp>
#include <mend/record/curve.hpp>
#include <mend/record/signals.hpp>
#include <mend/record/trial.hpp>
