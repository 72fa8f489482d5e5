// SPDX-License-Identifier: MIT
/// Everything in nn/: layers, losses, optimizers, networks.
#pragma once

#include <mend/nn/activation.hpp>
#include <mend/nn/batch_normalization.hpp>
#include <mend/nn/constraint.hpp>
#include <mend/nn/conv1d.hpp>
#include <mend/nn/conv2d.hpp>
#include <mend/nn/dense.hpp>
#include <mend/nn/dropout.hpp>
#include <mend/nn/embedding.hpp>
#include <mend/nn/flatten.hpp>
#include <mend/nn/global_pooling.hpp>
#include <mend/nn/idle_steps.hpp>
#include <mend/nn/initializer.hpp>
#include <mend/nn/layer.hpp>
#include <mend/nn/lazy_rows.hpp>
#include <mend/nn/learning_rate.hpp>
#include <mend/nn/loss.hpp>
#include <mend/nn/loss_options.hpp>
#include <mend/nn/loss_terms.hpp>
#include <mend/nn/network.hpp>
#include <mend/nn/noise.hpp>
#include <mend/nn/normalization.hpp>
#include <mend/nn/optimizer.hpp>
#include <mend/nn/optimizer_options.hpp>
#include <mend/nn/pooling1d.hpp>
#include <mend/nn/pooling2d.hpp>
#include <mend/nn/rearrangement.hpp>
#include <mend/nn/rectifier.hpp>
#include <mend/nn/regularizer.hpp>
#include <mend/nn/rescaling.hpp>
#include <mend/nn/separable.hpp>
#include <mend/nn/update_rule.hpp>
