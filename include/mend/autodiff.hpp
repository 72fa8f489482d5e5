// SPDX-License-Identifier: MIT
/// Everything in autodiff/: tape and differentiable operations.
#pragma once

#include <mend/autodiff/arrange.hpp>
#include <mend/autodiff/check.hpp>
#include <mend/autodiff/depthwise.hpp>
#include <mend/autodiff/dropout.hpp>
#include <mend/autodiff/functions.hpp>
#include <mend/autodiff/images.hpp>
#include <mend/autodiff/lookup.hpp>
#include <mend/autodiff/noise.hpp>
#include <mend/autodiff/normalize.hpp>
#include <mend/autodiff/tape.hpp>
