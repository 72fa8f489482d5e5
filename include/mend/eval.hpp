// SPDX-License-Identifier: MIT
/// Judging repairs: improvement rates, alternative patches, the experiment.
#pragma once

#include <mend/eval/landscape.hpp>
#include <mend/eval/neutrality.hpp>
#include <mend/eval/neutrality_space.hpp>
