// SPDX-License-Identifier: MIT
/// Everything in repair/: repair() and its parts.
#pragma once

#include <mend/repair/autotrainer.hpp>
#include <mend/repair/autotrainer_chain.hpp>
#include <mend/repair/autotrainer_rules.hpp>
#include <mend/repair/autotrainer_solutions.hpp>
#include <mend/repair/data_facts.hpp>
#include <mend/repair/diagnose.hpp>
#include <mend/repair/diagnose_fit.hpp>
#include <mend/repair/diagnose_layers.hpp>
#include <mend/repair/diagnose_output.hpp>
#include <mend/repair/diagnose_training.hpp>
#include <mend/repair/evidence.hpp>
#include <mend/repair/finding.hpp>
#include <mend/repair/guided.hpp>
#include <mend/repair/guided_book.hpp>
#include <mend/repair/guided_options.hpp>
#include <mend/repair/guided_prior.hpp>
#include <mend/repair/guided_table.hpp>
#include <mend/repair/longer.hpp>
#include <mend/repair/minimise.hpp>
#include <mend/repair/objective.hpp>
#include <mend/repair/paused.hpp>
#include <mend/repair/repair.hpp>
#include <mend/repair/report.hpp>
#include <mend/repair/runs.hpp>
#include <mend/repair/step.hpp>
#include <mend/repair/step_traits.hpp>
#include <mend/repair/steps.hpp>
#include <mend/repair/stronger_steps.hpp>
#include <mend/repair/symptoms.hpp>
#include <mend/repair/task.hpp>
