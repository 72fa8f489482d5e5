// SPDX-License-Identifier: MIT
/// Everything in repair/: repair() and its parts.
#pragma once

#include <mend/repair/objective.hpp>
#include <mend/repair/paused.hpp>
#include <mend/repair/repair.hpp>
#include <mend/repair/report.hpp>
#include <mend/repair/runs.hpp>
#include <mend/repair/task.hpp>
