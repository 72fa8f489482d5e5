// SPDX-License-Identifier: MIT
/// Differentiable noise that is kept on the tape: added, multiplied, or a mask of channels.
#pragma once

#include <cmath>
#include <cstddef>

#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/tensor/shape.hpp>

namespace mend {

/// x plus normal numbers of mean 0.
template <class Scalar>
variable add_noise(tape<Scalar>& t, variable x, double deviation, random_stream random) {
    const shape extents = t.extents(x);
    const index count = extents.size();
    Scalar* const y = t.allocate(count);
    const Scalar* const from = t.data(x);
    for (index i = 0; i < count; ++i) {
        y[i] = from[i] + static_cast<Scalar>(deviation * random.normal());
    }
    return t.record(y, extents, operation::other, {x}, [x](tape<Scalar>& tape, variable self) {
        tape.hand_over(x, tape.gradient(self).data());
    });
}

/// x with each number multiplied by a factor: x is groups x places x `channels`, the factors, which
/// live on the tape, groups x channels.
template <class Scalar>
variable multiply_channels(
    tape<Scalar>& t, variable x, const Scalar* factors, index groups, index channels
) {
    const shape extents = t.extents(x);
    const index places = extents.size() / (groups * channels);
    MEND_EXPECTS(groups * places * channels == extents.size(), "x has such groups");
    const auto apply = [=](const Scalar* from, Scalar* to) {
        for (index n = 0; n < groups; ++n) {
            const Scalar* const row = factors + n * channels;
            for (index p = 0; p < places; ++p, from += channels, to += channels) {
                for (index c = 0; c < channels; ++c) {
                    to[c] = from[c] * row[c];
                }
            }
        }
    };
    Scalar* const y = t.allocate(extents.size());
    apply(t.data(x), y);
    return t
        .record(y, extents, operation::other, {x}, [x, apply](tape<Scalar>& tape, variable self) {
            Scalar* const g = tape.gradient(self).data();
            apply(g, g);
            tape.hand_over(x, g);
        });
}

/// x with each number multiplied by a normal number of mean 1.
template <class Scalar>
variable multiply_noise(tape<Scalar>& t, variable x, double deviation, random_stream random) {
    const index count = t.extents(x).size();
    Scalar* const factors = t.allocate(count);
    for (index i = 0; i < count; ++i) {
        factors[i] = static_cast<Scalar>(1 + deviation * random.normal());
    }
    return multiply_channels<Scalar>(t, x, factors, 1, count);
}

/// x, batch x ... x channels, with whole channels of a sample zeroed, each with probability `rate`
/// (0..1), and the others divided by 1 - rate.
template <class Scalar>
variable drop_channels(tape<Scalar>& t, variable x, double rate, random_stream random) {
    MEND_EXPECTS(rate >= 0 && rate <= 1, "a dropout rate lies in 0..1");
    const shape& extents = t.extents(x);
    const index batch = extents[0];
    const index channels = extents[extents.rank() - 1];
    Scalar* const factors = t.allocate(batch * channels);
    for (index i = 0; i < batch * channels; ++i) {
        factors[i] = static_cast<Scalar>(random.uniform() < rate ? 0 : 1 / (1 - rate));
    }
    return multiply_channels<Scalar>(t, x, factors, batch, channels);
}

} // namespace mend
