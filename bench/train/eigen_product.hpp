// SPDX-License-Identifier: MIT
/// The baseline: Eigen's product.
#pragma once

#include <cstddef>

/// c = a b for square row-major matrices.
void eigen_product(std::ptrdiff_t size, const float* a, const float* b, float* c);
