// SPDX-License-Identifier: MIT
/// Inverted dropout (Srivastava et al. 2014): the mask is drawn again in the backward pass instead
/// of being kept.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/tensor/random_bits.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>

namespace mend {

namespace detail {

/// to = from * mask; a mask number is 1 / (1 - rate), or 0 with probability rate. `to` may be
/// `from`.
template <class Scalar>
void drop(index count, double rate, random_stream stream, const Scalar* from, Scalar* to) {
    constexpr index lanes = random_bits::lanes;
    random_bits bits(stream);
    const double threshold = std::ldexp(rate, 32);
    const auto cut = static_cast<std::uint32_t>(std::min(threshold, 4294967295.0));
    const auto value = static_cast<float>(rate < 1 ? 1 / (1 - rate) : 0);
    alignas(64) std::array<float, static_cast<std::size_t>(lanes)> mask;
    for (index i = 0; i < count; i += lanes) {
        bits.mask(cut, value, mask.data());
        if constexpr (std::is_same_v<Scalar, float>) {
            const auto times = [](auto a, auto b) { return a * b; };
            transform(
                std::min(lanes, count - i), to + i, times, from + i, std::as_const(mask).data()
            );
        } else {
            for (index j = 0; j < std::min(lanes, count - i); ++j) {
                to[i + j] = from[i + j] * static_cast<Scalar>(mask[static_cast<std::size_t>(j)]);
            }
        }
    }
}

} // namespace detail

/// x with a share `rate` (0..1) of its numbers zeroed and the others divided by 1 - rate.
template <class Scalar>
variable drop(tape<Scalar>& t, variable x, double rate, random_stream stream) {
    MEND_EXPECTS(rate >= 0 && rate <= 1, "a dropout rate lies in 0..1");
    const shape extents = t.extents(x);
    Scalar* const y = t.allocate(extents.size());
    detail::drop(extents.size(), rate, stream, t.data(x), y);
    return t.record(
        y,
        extents,
        operation::other,
        {x},
        [x, rate, stream](tape<Scalar>& tape, variable self) {
            const tensor_view<Scalar> g = tape.gradient(self);
            detail::drop(g.size(), rate, stream, std::as_const(g).data(), g.data());
            tape.hand_over(x, g.data());
        }
    );
}

} // namespace mend
