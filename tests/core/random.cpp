// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>

namespace core_random_tests {

using mend::purpose;
using mend::random_stream;

// Known answers of the reference implementation (Random123, file kat_vectors, philox4x32 10).
TEST_CASE("random: Philox gives the published known answers") {
    using mend::detail::philox4x32;
    using mend::detail::philox_block;
    CHECK(
        philox4x32({0, 0, 0, 0}, {0, 0}) ==
        philox_block{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U}
    );
    constexpr std::uint32_t ones = 0xffffffffU;
    CHECK(
        philox4x32({ones, ones, ones, ones}, {ones, ones}) ==
        philox_block{0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU}
    );
    CHECK(
        philox4x32(
            {0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}, {0xa4093822U, 0x299f31d0U}
        ) == philox_block{0xd16cfe09U, 0x94fdcceBU, 0x5001e420U, 0x24126ea1U}
    );
}

TEST_CASE("random: the same key gives the same numbers, any other key others") {
    const auto first = [](std::uint64_t seed, std::uint64_t trial, purpose what, std::uint64_t i) {
        random_stream stream(seed, trial, what, i);
        return stream.bits64();
    };
    CHECK(first(1, 2, purpose::weights, 3) == first(1, 2, purpose::weights, 3));
    std::set<std::uint64_t> seen;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        for (std::uint64_t trial = 0; trial < 5; ++trial) {
            for (const purpose what : {purpose::weights, purpose::shuffle, purpose::dropout}) {
                for (std::uint64_t i = 0; i < 5; ++i) {
                    seen.insert(first(seed, trial, what, i));
                }
            }
        }
    }
    CHECK(seen.size() == 5 * 5 * 3 * 5);
}

TEST_CASE("random: uniform numbers fill [0, 1) evenly") {
    random_stream stream(7, 0, purpose::search);
    std::array<int, 20> bins{};
    constexpr int count = 200'000;
    for (int i = 0; i < count; ++i) {
        const double u = stream.uniform();
        REQUIRE(u >= 0);
        REQUIRE(u < 1);
        ++bins[static_cast<std::size_t>(u * 20)];
    }
    double chi2 = 0;
    for (const int n : bins) {
        chi2 += std::pow(n - count / 20.0, 2) / (count / 20.0);
    }
    CHECK(chi2 < 43.8); // 99.9 % quantile at 19 degrees of freedom
}

TEST_CASE("random: normal numbers have mean 0, variance 1 and a normal tail") {
    random_stream stream(8, 0, purpose::search);
    constexpr int count = 200'000;
    double sum = 0;
    double squares = 0;
    int beyond_two = 0;
    for (int i = 0; i < count; ++i) {
        const double z = stream.normal();
        sum += z;
        squares += z * z;
        beyond_two += std::abs(z) > 2 ? 1 : 0;
    }
    CHECK(std::abs(sum / count) < 4 / std::sqrt(count));
    CHECK(std::abs(squares / count - 1) < 4 * std::sqrt(2.0 / count));
    CHECK(beyond_two / double{count} == doctest::Approx(0.0455).epsilon(0.05));
}

TEST_CASE("random: below(n) reaches each of n values equally often") {
    random_stream stream(9, 0, purpose::search);
    std::array<int, 7> bins{};
    for (int i = 0; i < 70'000; ++i) {
        ++bins.at(stream.below(7));
    }
    for (const int n : bins) {
        CHECK(std::abs(n - 10'000) < 400);
    }
    CHECK(stream.below(1) == 0);
}

TEST_CASE("random: a shuffle is a permutation, and every order of three comes up") {
    std::set<std::vector<int>> orders;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        std::vector<int> values(3);
        std::iota(values.begin(), values.end(), 0);
        random_stream stream(seed, 0, purpose::shuffle);
        stream.shuffle(std::span<int>(values));
        orders.insert(values);
        std::sort(values.begin(), values.end());
        CHECK(values == std::vector<int>{0, 1, 2});
    }
    CHECK(orders.size() == 6);
}

TEST_CASE("random: a stream serves the standard distributions") {
    static_assert(std::uniform_random_bit_generator<random_stream>);
    random_stream stream(10, 0, purpose::search);
    std::uniform_int_distribution<int> die(1, 6);
    for (int i = 0; i < 100; ++i) {
        const int face = die(stream);
        CHECK((face >= 1 && face <= 6));
    }
}

TEST_CASE("random: derived seeds differ by run and by purpose") {
    std::set<std::uint64_t> seeds;
    for (std::uint64_t id = 0; id < 100; ++id) {
        seeds.insert(mend::derived_seed(1, purpose::trial, id));
        seeds.insert(mend::derived_seed(1, purpose::report, id));
        seeds.insert(mend::derived_seed(2, purpose::trial, id));
    }
    CHECK(seeds.size() == 300);
}

} // namespace core_random_tests
