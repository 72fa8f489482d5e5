// SPDX-License-Identifier: MIT
/// Everything in data/: datasets, splits, batches, generators.
#pragma once

#include <mend/data/batch.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/digits.hpp>
#include <mend/data/formulas.hpp>
#include <mend/data/generated.hpp>
#include <mend/data/generators.hpp>
#include <mend/data/holdout.hpp>
#include <mend/data/iris.hpp>
#include <mend/data/numpy_random.hpp>
#include <mend/data/samples.hpp>
#include <mend/data/sparse_batch.hpp>
#include <mend/data/split.hpp>
#include <mend/data/textures.hpp>
#include <mend/data/topics.hpp>
