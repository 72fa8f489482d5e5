// SPDX-License-Identifier: MIT
/// Everything in core/: errors, random streams, budgets, text.
#pragma once

#include <mend/core/budget.hpp>
#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/core/one_of.hpp>
#include <mend/core/random.hpp>
#include <mend/core/text.hpp>
