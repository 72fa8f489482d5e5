// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstdint>

#include <doctest/doctest.h>

#include <mend/tensor/random_bits.hpp>

namespace tensor_random_bits_tests {

namespace {

mend::random_bits bits(std::uint64_t seed) {
    return mend::random_bits({seed, 3, mend::purpose::dropout, 1});
}

} // namespace

TEST_CASE("random_bits: a mask has the asked share of zeros and the asked value elsewhere") {
    for (const double rate : {0.0, 0.2, 0.5, 0.9}) {
        mend::random_bits source = bits(7);
        std::array<float, 16> mask{};
        std::array<double, 16> zeros{};
        const int blocks = 20000;
        for (int b = 0; b < blocks; ++b) {
            source.mask(static_cast<std::uint32_t>(std::ldexp(rate, 32)), 1.25F, mask.data());
            for (std::size_t i = 0; i < 16; ++i) {
                CHECK_MESSAGE((mask[i] == 0.0F || mask[i] == 1.25F), mask[i]);
                zeros[i] += mask[i] == 0.0F ? 1 : 0;
            }
        }
        double all = 0;
        const double error = std::sqrt(rate * (1 - rate) / blocks);
        for (const double z : zeros) { // each lane is a generator of its own
            CHECK(std::abs(z / blocks - rate) <= 5 * error);
            all += z;
        }
        CHECK(std::abs(all / blocks / 16 - rate) <= 5 * error / 4);
    }
}

TEST_CASE("random_bits: follows xoshiro128++") {
    // The reference of Blackman and Vigna, written out for the first lane.
    mend::random_stream stream(9, 3, mend::purpose::dropout, 1);
    std::array<std::uint32_t, 4> s{};
    for (std::uint32_t i = 0; i < 64; ++i) {
        const std::uint32_t word = stream();
        if (i % 16 == 0) {
            s[i / 16] = word;
        }
    }
    const auto rotate = [](std::uint32_t x, unsigned k) { return x << k | x >> (32 - k); };
    mend::random_bits source = bits(9);
    for (int step = 0; step < 100; ++step) {
        const std::uint32_t wanted = rotate(s[0] + s[3], 7) + s[0];
        const std::uint32_t t = s[1] << 9;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = rotate(s[3], 11);
        std::array<float, 16> low{};
        std::array<float, 16> high{};
        mend::random_bits copy = source;
        copy.mask(wanted, 1.0F, low.data()); // kept: the word is not below itself
        source.mask(wanted + 1, 1.0F, high.data());
        CHECK(low[0] == 1.0F);
        CHECK((wanted == 0xFFFFFFFFU || high[0] == 0.0F));
    }
}

} // namespace tensor_random_bits_tests
