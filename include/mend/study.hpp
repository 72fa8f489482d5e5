// SPDX-License-Identifier: MIT
/// Everything in study/: objectives, scheduler, ask/evaluate/tell, minimize.
#pragma once

#include <mend/study/minimize.hpp>
#include <mend/study/objective.hpp>
#include <mend/study/parallel.hpp>
#include <mend/study/scheduler.hpp>
#include <mend/study/study.hpp>
