// SPDX-License-Identifier: MIT
/// Doubles in vector registers: the few loops that a Gaussian process spends its time in.
///
/// Built on the vector types of GCC and Clang, not on Eigen: a program that includes one searcher
/// then compiles in half the time, and matrices of a few hundred rows gain nothing from more
/// blocking. Arrays may have any alignment and length; the order of summation is a fixed function
/// of the length and of the vector unit the program is compiled for.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

namespace mend::detail {

#if defined(__AVX512F__)
inline constexpr std::size_t lane_bytes = 64;
#elif defined(__AVX__)
inline constexpr std::size_t lane_bytes = 32;
#else
inline constexpr std::size_t lane_bytes = 16;
#endif

/// How many doubles fit a register.
inline constexpr std::size_t lane_count = lane_bytes / sizeof(double);

typedef double double_lanes __attribute__((vector_size(lane_bytes), may_alias));
typedef std::int64_t integer_lanes __attribute__((vector_size(lane_bytes), may_alias));

/// Vectors as they lie in arrays, which have any alignment.
typedef double stored_lanes __attribute__((vector_size(lane_bytes), aligned(8), may_alias));

/// The least multiple of lane_count that is not below `count`.
[[nodiscard]] constexpr std::size_t padded(std::size_t count) noexcept {
    return (count + lane_count - 1) / lane_count * lane_count;
}

[[nodiscard]] inline double_lanes load_lanes(const double* from) noexcept {
    return *reinterpret_cast<const stored_lanes*>(from);
}

inline void store_lanes(double_lanes value, double* to) noexcept {
    *reinterpret_cast<stored_lanes*>(to) = value;
}

[[nodiscard]] inline double_lanes spread(double value) noexcept { return double_lanes{} + value; }

[[nodiscard]] inline double sum_lanes(double_lanes value) noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < lane_count; ++i) {
        sum += value[i];
    }
    return sum;
}

/// e^x within 2 units in the last place; x is clamped to +-708, so the result is finite and normal.
///
/// x = n ln 2 + r with |r| <= ln 2 / 2; e^r is its Taylor polynomial of degree 13, whose remainder
/// there is below 5e-18.
[[nodiscard]] inline double_lanes exp_lanes(double_lanes x) noexcept {
    constexpr double ln2_high = 0x1.62e42fefa0000p-1; // exact times any |n| < 2^12
    constexpr double ln2_low = 0x1.cf79abc9e3b3ap-40;
    constexpr double shifter = 0x1.8p52; // adding it rounds to an integer, held in the low bits
    x = x < -708.0 ? spread(-708.0) : x;
    x = x > 708.0 ? spread(708.0) : x;
    const double_lanes shifted = x * std::numbers::log2e + shifter;
    const double_lanes n = shifted - shifter;
    const double_lanes r = (x - n * ln2_high) - n * ln2_low;
    double_lanes sum = spread(1.0 / 6227020800.0); // 1 / 13!
    for (const double coefficient :
         {1.0 / 479001600,
          1.0 / 39916800,
          1.0 / 3628800,
          1.0 / 362880,
          1.0 / 40320,
          1.0 / 5040,
          1.0 / 720,
          1.0 / 120,
          1.0 / 24,
          1.0 / 6,
          0.5,
          1.0,
          1.0}) {
        sum = sum * r + coefficient;
    }
    const integer_lanes exponent = (reinterpret_cast<const integer_lanes&>(shifted) + 1023) << 52;
    return sum * reinterpret_cast<const double_lanes&>(exponent);
}

/// The square root of x >= 0 within 2 units in the last place; 1e-145 for zero. Vector types have
/// no operator for it: four Newton steps for 1 / sqrt(x) from the well-known bit pattern (error
/// 3.5 %), each of which squares the error.
[[nodiscard]] inline double_lanes sqrt_lanes(double_lanes x) noexcept {
    x = x < 1e-290 ? spread(1e-290) : x;
    const integer_lanes guess =
        0x5FE6EB50C7B537A9 - (reinterpret_cast<const integer_lanes&>(x) >> 1);
    double_lanes inverse = reinterpret_cast<const double_lanes&>(guess);
    const double_lanes half = x * 0.5;
    for (int step = 0; step < 4; ++step) {
        inverse = inverse * (1.5 - half * inverse * inverse);
    }
    return x * inverse;
}

// The loops stay functions of their own: inlined everywhere, they cost more compile time than the
// calls cost at run time.

/// Sum of a[i] b[i].
[[nodiscard, gnu::noinline]] inline double
dot(const double* a, const double* b, std::size_t count) noexcept {
    double_lanes first{};
    double_lanes second{};
    std::size_t i = 0;
    for (; i + 2 * lane_count <= count; i += 2 * lane_count) {
        first += load_lanes(a + i) * load_lanes(b + i);
        second += load_lanes(a + i + lane_count) * load_lanes(b + i + lane_count);
    }
    if (i + lane_count <= count) {
        first += load_lanes(a + i) * load_lanes(b + i);
        i += lane_count;
    }
    double sum = sum_lanes(first + second);
    for (; i < count; ++i) {
        sum += a[i] * b[i];
    }
    return sum;
}

/// to[i] += factor from[i].
[[gnu::noinline]] inline void
add_scaled(double factor, const double* from, double* to, std::size_t count) noexcept {
    std::size_t i = 0;
    for (; i + lane_count <= count; i += lane_count) {
        store_lanes(load_lanes(to + i) + factor * load_lanes(from + i), to + i);
    }
    for (; i < count; ++i) {
        to[i] += factor * from[i];
    }
}

/// to[i] += the sum over k < 4 of factor[k * factor_step] from[k * from_step + i].
[[gnu::noinline]] inline void add_four_scaled(
    const double* factor,
    std::size_t factor_step,
    const double* from,
    std::size_t from_step,
    double* to,
    std::size_t count
) noexcept {
    const double f0 = factor[0];
    const double f1 = factor[factor_step];
    const double f2 = factor[2 * factor_step];
    const double f3 = factor[3 * factor_step];
    const double* const second = from + from_step;
    const double* const third = second + from_step;
    const double* const fourth = third + from_step;
    std::size_t i = 0;
    for (; i + lane_count <= count; i += lane_count) {
        const double_lanes low = f0 * load_lanes(from + i) + f1 * load_lanes(second + i);
        const double_lanes high = f2 * load_lanes(third + i) + f3 * load_lanes(fourth + i);
        store_lanes(load_lanes(to + i) + (low + high), to + i);
    }
    for (; i < count; ++i) {
        to[i] += (f0 * from[i] + f1 * second[i]) + (f2 * third[i] + f3 * fourth[i]);
    }
}

} // namespace mend::detail
