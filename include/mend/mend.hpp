// SPDX-License-Identifier: MIT
/// The kernel of mend: everything but files. Needs Eigen and oneTBB alone.
#pragma once

#include <mend/autodiff.hpp>
#include <mend/core.hpp>
#include <mend/data.hpp>
#include <mend/eval.hpp>
#include <mend/fault.hpp>
#include <mend/nn.hpp>
#include <mend/record.hpp>
#include <mend/repair.hpp>
#include <mend/search.hpp>
#include <mend/space.hpp>
#include <mend/spec.hpp>
#include <mend/stats.hpp>
#include <mend/study.hpp>
#include <mend/tensor.hpp>
#include <mend/train.hpp>
