// SPDX-License-Identifier: MIT
/// Everything in search/: the searcher concept and the searchers.
#pragma once

#include <mend/search/acquisition.hpp>
#include <mend/search/bohb.hpp>
#include <mend/search/brackets.hpp>
#include <mend/search/cholesky.hpp>
#include <mend/search/crossover.hpp>
#include <mend/search/density.hpp>
#include <mend/search/evolution.hpp>
#include <mend/search/gaussian_fit.hpp>
#include <mend/search/gaussian_kernel.hpp>
#include <mend/search/gaussian_process.hpp>
#include <mend/search/genetic.hpp>
#include <mend/search/grid.hpp>
#include <mend/search/halving.hpp>
#include <mend/search/history.hpp>
#include <mend/search/kde.hpp>
#include <mend/search/lanes.hpp>
#include <mend/search/lbfgs.hpp>
#include <mend/search/mutation.hpp>
#include <mend/search/pareto.hpp>
#include <mend/search/parzen.hpp>
#include <mend/search/prior.hpp>
#include <mend/search/random.hpp>
#include <mend/search/rungs.hpp>
#include <mend/search/searcher.hpp>
#include <mend/search/selection.hpp>
#include <mend/search/sobol.hpp>
#include <mend/search/sobol_numbers.hpp>
#include <mend/search/tpe.hpp>
#include <mend/search/truncated_normal.hpp>
#include <mend/search/variation.hpp>
#include <mend/search/warping.hpp>
