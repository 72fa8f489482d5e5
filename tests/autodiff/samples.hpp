// SPDX-License-Identifier: MIT
/// Inputs for the gradient checks of this room.
#pragma once

#include <cstdint>

#include <mend/autodiff/tape.hpp>
#include <mend/core/random.hpp>
#include <mend/tensor/tensor.hpp>

/// Normal numbers; the same for the same seed.
inline mend::tensor<double> normal(const mend::shape& extents, std::uint64_t seed) {
    mend::tensor<double> t(extents);
    mend::random_stream random(seed, 0, mend::purpose::generator);
    for (double& v : t.flat()) {
        v = random.normal();
    }
    return t;
}

/// A scalar in which every number of v counts differently: the sum of v[i]^2 weighted by 1 + i % 7.
inline mend::variable weighted_square(mend::tape<double>& t, mend::variable v) {
    const double* const x = t.data(v);
    const mend::index count = t.extents(v).size();
    double* const y = t.allocate(1);
    *y = 0;
    for (mend::index i = 0; i < count; ++i) {
        *y += x[i] * x[i] * static_cast<double>(1 + i % 7);
    }
    return t.record(
        y,
        mend::shape{},
        mend::operation::other,
        {v},
        [v, count](mend::tape<double>& back, mend::variable self) {
            const double g = *back.gradient(self).data();
            const double* const from = back.data(v);
            const auto part = back.contribute(v);
            for (mend::index i = 0; i < count; ++i) {
                const double change = g * 2 * from[i] * static_cast<double>(1 + i % 7);
                part.data[i] = part.adds ? part.data[i] + change : change;
            }
        }
    );
}
