// SPDX-License-Identifier: MIT
/// The numbers of NumPy's legacy generator, for data and splits that published results rest on.
///
/// `numpy.random.RandomState(seed)` is the Mersenne twister MT19937 seeded by one word, which is
/// `std::mt19937(seed)`; what is drawn from it follows NumPy's reference. Nothing of mend's own is
/// drawn from it: see core/random.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/tensor/shape.hpp>

namespace mend {

class numpy_random {
public:
    explicit numpy_random(std::uint32_t seed)
        : engine_(seed) {}

    /// The next word.
    [[nodiscard]] std::uint32_t next() { return static_cast<std::uint32_t>(engine_()); }

    /// `random_sample()`: uniform in [0, 1), 53 random bits.
    [[nodiscard]] double uniform() {
        const std::uint32_t high = next() >> 5U;
        const std::uint32_t low = next() >> 6U;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    /// `uniform(low, high)`; high may be the smaller.
    [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * uniform(); }

    /// `randint(0, most + 1)`: words, cut to the bits of `most`, until one is not above it.
    [[nodiscard]] std::uint32_t up_to(std::uint32_t most) {
        if (most == 0) {
            return 0;
        }
        std::uint32_t mask = most;
        for (unsigned shift = 1; shift < 32; shift *= 2) {
            mask |= mask >> shift;
        }
        std::uint32_t value = next() & mask;
        while (value > most) {
            value = next() & mask;
        }
        return value;
    }

    /// `permutation(n)`. Requires 0 <= n < 2^32.
    [[nodiscard]] std::vector<index> permutation(index n) {
        MEND_EXPECTS(n >= 0 && n <= index{0xFFFFFFFF}, "as many as a word can count");
        std::vector<index> order(static_cast<std::size_t>(n));
        std::iota(order.begin(), order.end(), index{0});
        for (std::size_t i = order.size(); i-- > 1;) {
            std::swap(order[i], order[up_to(static_cast<std::uint32_t>(i))]);
        }
        return order;
    }

private:
    std::mt19937 engine_;
};

} // namespace mend
