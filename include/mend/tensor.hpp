// SPDX-License-Identifier: MIT
/// Everything in tensor/: shapes, tensors, kernels.
#pragma once

#include <mend/tensor/activation.hpp>
#include <mend/tensor/arena.hpp>
#include <mend/tensor/arrange.hpp>
#include <mend/tensor/convolution.hpp>
#include <mend/tensor/convolution_shape.hpp>
#include <mend/tensor/depthwise.hpp>
#include <mend/tensor/moments.hpp>
#include <mend/tensor/ops.hpp>
#include <mend/tensor/orthogonal.hpp>
#include <mend/tensor/pages.hpp>
#include <mend/tensor/pooling.hpp>
#include <mend/tensor/product.hpp>
#include <mend/tensor/random_bits.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>
#include <mend/tensor/sparse.hpp>
#include <mend/tensor/tensor.hpp>
#include <mend/tensor/toom_cook.hpp>
#include <mend/tensor/window.hpp>
#include <mend/tensor/winograd.hpp>
