// SPDX-License-Identifier: MIT
/// Everything in stats/: summaries, tests, effect sizes.
#pragma once

#include <mend/stats/distributions.hpp>
#include <mend/stats/effect.hpp>
#include <mend/stats/linear_model.hpp>
#include <mend/stats/summary.hpp>
#include <mend/stats/tests.hpp>
#include <mend/stats/wilcoxon.hpp>
