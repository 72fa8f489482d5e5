// SPDX-License-Identifier: MIT
/// Counter-based random streams, keyed by (seed, trial, purpose, index).
///
/// Generator: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2,
/// 3", SC 2011). The key is a hash of what the numbers are for, the counter counts blocks, so that
/// every consumer owns an independent stream and no result depends on which thread ran first.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>
#include <utility>

namespace mend {

/// What random numbers are drawn for; part of the key of a stream.
enum class purpose : std::uint32_t {
    weights,   ///< initial weights, index = parameter
    shuffle,   ///< order of the samples, index = epoch
    dropout,   ///< masks and noise inside a network, index = layer
    split,     ///< train, validation and test parts
    generator, ///< built-in data
    search,    ///< proposals of a searcher
    trial,     ///< seeds of trials
    report,    ///< seeds of the final report
    bootstrap, ///< resampling in statistics
    mutation,  ///< what fault operators draw
};

/// Finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection that spreads every bit.
[[nodiscard]] constexpr std::uint64_t mix_bits(std::uint64_t bits) noexcept {
    bits += 0x9E3779B97F4A7C15U;
    bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
    bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
    return bits ^ (bits >> 31U);
}

namespace detail {

using philox_block = std::array<std::uint32_t, 4>;

/// The ten rounds of Philox4x32: a keyed bijection of the 128-bit counter.
constexpr philox_block philox4x32(philox_block c, std::array<std::uint32_t, 2> key) noexcept {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = std::uint64_t{0xD2511F53U} * c[0];
        const std::uint64_t p1 = std::uint64_t{0xCD9E8D57U} * c[2];
        c = {
            static_cast<std::uint32_t>(p1 >> 32U) ^ c[1] ^ key[0],
            static_cast<std::uint32_t>(p1),
            static_cast<std::uint32_t>(p0 >> 32U) ^ c[3] ^ key[1],
            static_cast<std::uint32_t>(p0)};
        key[0] += 0x9E3779B9U;
        key[1] += 0xBB67AE85U;
    }
    return c;
}

} // namespace detail

/// One independent stream of random numbers; a value, cheap to make (a few nanoseconds) and to
/// copy. Models std::uniform_random_bit_generator. Period 2^66 numbers.
class random_stream {
public:
    using result_type = std::uint32_t;

    random_stream(
        std::uint64_t seed, std::uint64_t trial, purpose what, std::uint64_t item = 0
    ) noexcept {
        const std::uint64_t key = mix_bits(
            mix_bits(mix_bits(mix_bits(seed) ^ trial) ^ static_cast<std::uint64_t>(what)) ^ item
        );
        key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32U)};
    }

    static constexpr result_type min() noexcept { return 0; }

    static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

    result_type operator()() noexcept {
        if (used_ == block_.size()) {
            const std::uint64_t count = counter_++;
            block_ = detail::philox4x32(
                {static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(count >> 32U), 0, 0},
                key_
            );
            used_ = 0;
        }
        return block_[used_++];
    }

    std::uint64_t bits64() noexcept {
        const std::uint64_t high = (*this)();
        return high << 32U | (*this)();
    }

    /// Uniform in [0, 1), 53 random bits.
    double uniform() noexcept { return static_cast<double>(bits64() >> 11U) * 0x1p-53; }

    /// Uniform in [low, high).
    double uniform(double low, double high) noexcept { return low + (high - low) * uniform(); }

    /// Uniform among 0 .. count - 1, without bias (Lemire 2019). Requires count > 0.
    std::uint64_t below(std::uint64_t count) noexcept {
        __extension__ using wide = unsigned __int128;
        wide product = static_cast<wide>(bits64()) * count;
        if (auto low = static_cast<std::uint64_t>(product); low < count) {
            const std::uint64_t threshold = (0 - count) % count;
            while (low < threshold) {
                product = static_cast<wide>(bits64()) * count;
                low = static_cast<std::uint64_t>(product);
            }
        }
        return static_cast<std::uint64_t>(product >> 64U);
    }

    /// Standard normal (Box-Muller, both values used).
    double normal() noexcept {
        if (spare_full_) {
            spare_full_ = false;
            return spare_;
        }
        const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
        const double angle = 2.0 * std::numbers::pi * uniform();
        spare_ = radius * std::sin(angle);
        spare_full_ = true;
        return radius * std::cos(angle);
    }

    /// Fisher-Yates shuffle; every order is equally likely.
    template <class Value>
    void shuffle(std::span<Value> values) noexcept {
        for (std::size_t left = values.size(); left > 1; --left) {
            std::swap(values[left - 1], values[below(left)]);
        }
    }

private:
    std::array<std::uint32_t, 2> key_{};
    std::uint64_t counter_ = 0;
    detail::philox_block block_{};
    std::size_t used_ = 4;
    double spare_ = 0;
    bool spare_full_ = false;
};

/// The seed of a derived run (trial `id` of a study, run `id` of a report): a fixed function of
/// both.
[[nodiscard]] constexpr std::uint64_t
derived_seed(std::uint64_t seed, purpose what, std::uint64_t id) noexcept {
    return mix_bits(mix_bits(mix_bits(seed) ^ static_cast<std::uint64_t>(what)) ^ id);
}

} // namespace mend
