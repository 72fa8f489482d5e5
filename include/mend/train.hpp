// SPDX-License-Identifier: MIT
/// Everything in train/: problem to network; the epoch loop.
#pragma once

#include <mend/train/build.hpp>
#include <mend/train/build_layer.hpp>
#include <mend/train/callbacks.hpp>
#include <mend/train/observer.hpp>
#include <mend/train/probe.hpp>
#include <mend/train/sample_weights.hpp>
#include <mend/train/score.hpp>
#include <mend/train/target.hpp>
#include <mend/train/trainer.hpp>
