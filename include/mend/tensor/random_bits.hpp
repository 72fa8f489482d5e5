// SPDX-License-Identifier: MIT
/// Many random words at once, for masks and noise: sixteen xoshiro128++ generators side by side
/// (Blackman, Vigna: "Scrambled linear pseudorandom number generators", 2021), started from one
/// stream. The sequence does not depend on the machine's vectors.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <mend/core/random.hpp>
#include <mend/tensor/shape.hpp>

namespace mend {

class random_bits {
public:
    static constexpr index lanes = 16;

    /// Draws its state, 64 words, from the stream.
    explicit random_bits(random_stream stream) noexcept {
        for (words& part : state_) {
            for (index i = 0; i < lanes; ++i) {
                part[i] = stream();
            }
        }
    }

    /// Writes sixteen numbers: `value` with probability 1 - rate, else 0. `threshold` is
    /// rate * 2^32.
    void mask(std::uint32_t threshold, float value, float* to) noexcept {
        const words sum = state_[0] + state_[3];
        const words drawn = (sum << 7 | sum >> 25) + state_[0];
        step();
        const floats kept = __builtin_convertvector(drawn >= threshold, floats); // 0 or -1
        const floats scaled = kept * -value;
        for (index i = 0; i < lanes; ++i) {
            to[i] = scaled[i];
        }
    }

private:
    using words [[gnu::vector_size(64)]] = std::uint32_t;
    using floats [[gnu::vector_size(64)]] = float;

    void step() noexcept {
        const words kept = state_[1] << 9;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= kept;
        state_[3] = state_[3] << 11 | state_[3] >> 21;
    }

    words state_[4]{}; // not std::array: a vector type as template argument loses its alignment
};

} // namespace mend
