// SPDX-License-Identifier: MIT
/// Judging repairs and mutants: verdicts, mutation scores, improvement rates, alternative patches,
/// the experiment.
#pragma once

#include <mend/eval/experiment.hpp>
#include <mend/eval/experiment_summary.hpp>
#include <mend/eval/improvement.hpp>
#include <mend/eval/judge.hpp>
#include <mend/eval/kill.hpp>
#include <mend/eval/killing_search.hpp>
#include <mend/eval/landscape.hpp>
#include <mend/eval/mutant_runs.hpp>
#include <mend/eval/mutation_score.hpp>
#include <mend/eval/neutrality.hpp>
#include <mend/eval/neutrality_space.hpp>
