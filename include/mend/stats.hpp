// SPDX-License-Identifier: MIT
/// Everything in stats/: summaries and tests.
#pragma once

#include <mend/stats/summary.hpp>
#include <mend/stats/tests.hpp>
