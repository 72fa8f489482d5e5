// SPDX-License-Identifier: MIT
/// Vectors of numbers, so that an element-wise kernel is written once, as a callable on `pack`.
///
/// float uses the compilers' vector types, as wide as the target's registers, and polynomial exp,
/// log and tanh (errors of about two ulp); double is one number at a time with the standard
/// functions: it serves gradient checks, where accuracy is wanted and speed is not. (Eigen's
/// packets would do, but cost two seconds of compile time, and GCC 12 warns inside them for
/// AVX-512.)
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <mend/tensor/shape.hpp>

namespace mend::detail {

/// One number posing as a vector.
template <class Scalar>
struct pack {
    static constexpr index width = 1;

    Scalar raw;

    static pack load(const Scalar* from) noexcept { return {*from}; }

    static pack all(double value) noexcept { return {static_cast<Scalar>(value)}; }

    static pack spread(const Scalar* from) noexcept { return {*from}; }

    void store(Scalar* to) const noexcept { *to = raw; }

    friend pack operator+(pack a, pack b) noexcept { return {a.raw + b.raw}; }

    friend pack operator-(pack a, pack b) noexcept { return {a.raw - b.raw}; }

    friend pack operator*(pack a, pack b) noexcept { return {a.raw * b.raw}; }

    friend pack operator/(pack a, pack b) noexcept { return {a.raw / b.raw}; }

    friend pack operator-(pack a) noexcept { return {-a.raw}; }

    friend pack fma(pack a, pack b, pack c) noexcept { return {a.raw * b.raw + c.raw}; }

    friend bool less(pack a, pack b) noexcept { return a.raw < b.raw; }

    friend pack select(bool mask, pack yes, pack no) noexcept { return mask ? yes : no; }

    friend pack max(pack a, pack b) noexcept { return a.raw < b.raw ? b : a; }

    friend pack min(pack a, pack b) noexcept { return b.raw < a.raw ? b : a; }

    friend pack abs(pack a) noexcept { return {std::abs(a.raw)}; }

    friend pack sqrt(pack a) noexcept { return {std::sqrt(a.raw)}; }

    friend pack exp(pack a) noexcept { return {std::exp(a.raw)}; }

    friend pack log(pack a) noexcept { return {std::log(a.raw)}; }

    friend pack tanh(pack a) noexcept { return {std::tanh(a.raw)}; }
};

/// Bytes of a vector register.
#if defined(__AVX512F__)
inline constexpr int register_bytes = 64;
#elif defined(__AVX__)
inline constexpr int register_bytes = 32;
#else
inline constexpr int register_bytes = 16;
#endif

template <>
struct pack<float> {
    using floats [[gnu::vector_size(register_bytes)]] = float;
    using ints [[gnu::vector_size(register_bytes)]] = std::int32_t;
    using words [[gnu::vector_size(register_bytes)]] = std::uint32_t;
    using unaligned [[gnu::vector_size(register_bytes), gnu::aligned(4), gnu::may_alias]] = float;

    static constexpr index width = register_bytes / 4;

    floats raw;

    static pack load(const float* from) noexcept {
        return {*reinterpret_cast<const unaligned*>(from)};
    }

    // x - 0 is x, which compilers know; 0 + x is not, for x = -0.
    static pack all(double value) noexcept { return {static_cast<float>(value) - floats{}}; }

    /// The same number in every place.
    static pack spread(const float* from) noexcept { return {*from - floats{}}; }

    void store(float* to) const noexcept { *reinterpret_cast<unaligned*>(to) = raw; }

    friend pack operator+(pack a, pack b) noexcept { return {a.raw + b.raw}; }

    friend pack operator-(pack a, pack b) noexcept { return {a.raw - b.raw}; }

    friend pack operator*(pack a, pack b) noexcept { return {a.raw * b.raw}; }

    friend pack operator/(pack a, pack b) noexcept { return {a.raw / b.raw}; }

    friend pack operator-(pack a) noexcept { return {-a.raw}; }

    /// a * b + c, fused where the machine can.
    friend pack fma(pack a, pack b, pack c) noexcept { return {a.raw * b.raw + c.raw}; }

    friend ints less(pack a, pack b) noexcept { return a.raw < b.raw; }

    friend pack select(ints mask, pack yes, pack no) noexcept { return {mask ? yes.raw : no.raw}; }

    /// As a < b ? b : a, so that a NaN in `a` stays.
    friend pack max(pack a, pack b) noexcept { return {a.raw < b.raw ? b.raw : a.raw}; }

    friend pack min(pack a, pack b) noexcept { return {b.raw < a.raw ? b.raw : a.raw}; }

    friend pack abs(pack a) noexcept {
        return {reinterpret_cast<floats>(reinterpret_cast<words>(a.raw) & 0x7FFFFFFFU)};
    }

    friend pack sqrt(pack a) noexcept {
#if defined(__AVX512F__) && defined(__clang__)
        return {__builtin_ia32_sqrtps512(a.raw, 4)};
#elif defined(__AVX512F__)
        return {__builtin_ia32_sqrtps512_mask(a.raw, a.raw, -1, 4)};
#elif defined(__AVX__)
        return {__builtin_ia32_sqrtps256(a.raw)};
#elif defined(__SSE2__)
        return {__builtin_ia32_sqrtps(a.raw)};
#else
        for (index i = 0; i < width; ++i) {
            a.raw[i] = std::sqrt(a.raw[i]);
        }
        return a;
#endif
    }

    /// Cephes' expf (Moshier): 2^n times a polynomial of the rest. Infinite above 88.72; 0 below
    /// -104; NaN stays.
    friend pack exp(pack a) noexcept {
        const pack x = min(max(a, all(-104)), all(89));
        const pack shifter = all(12582912); // 1.5 * 2^23: adding it rounds to an integer
        const pack n = (x * all(1.44269504088896341) + shifter) - shifter;
        const pack r = fma(n, all(2.12194440e-4), fma(n, all(-0.693359375), x));
        pack p = fma(all(1.9875691500e-4), r, all(1.3981999507e-3));
        p = fma(p, r, all(8.3334519073e-3));
        p = fma(p, r, all(4.1665795894e-2));
        p = fma(p, r, all(1.6666665459e-1));
        p = fma(p, r, all(5.0000001201e-1));
        p = fma(p * r, r, r) + all(1);
        // 2^n in two factors, so that results beyond 2^127 and below 2^-126 come out right.
        const ints power = __builtin_convertvector(n.raw, ints);
        const ints half = power >> 1;
        return p * power_of_two(half) * power_of_two(power - half);
    }

    /// Cephes' logf (Moshier). Requires numbers >= 2^-126.
    friend pack log(pack a) noexcept {
        const words bits = reinterpret_cast<words>(a.raw);
        const ints exponent = reinterpret_cast<ints>(bits >> 23) - 126;
        const pack m{reinterpret_cast<floats>((bits & 0x007FFFFFU) | 0x3F000000U)}; // 0.5 .. 1
        const ints low = less(m, all(0.707106781186547524));
        const pack e{__builtin_convertvector(exponent + low, floats)}; // a mask is -1 where true
        const pack x = select(low, m + m, m) - all(1);
        const pack z = x * x;
        pack p = fma(all(7.0376836292e-2), x, all(-1.1514610310e-1));
        p = fma(p, x, all(1.1676998740e-1));
        p = fma(p, x, all(-1.2420140846e-1));
        p = fma(p, x, all(1.4249322787e-1));
        p = fma(p, x, all(-1.6668057665e-1));
        p = fma(p, x, all(2.0000714765e-1));
        p = fma(p, x, all(-2.4999993993e-1));
        p = fma(p, x, all(3.3333331174e-1));
        const pack y = fma(e, all(-2.12194440e-4), p * x * z) - all(0.5) * z;
        return fma(e, all(0.693359375), x + y);
    }

    /// Cephes' tanhf (Moshier): a polynomial up to 0.625, then 1 - 2 / (exp(2 |x|) + 1).
    friend pack tanh(pack a) noexcept {
        const pack z = a * a;
        pack p = fma(all(-5.70498872745e-3), z, all(2.06390887954e-2));
        p = fma(p, z, all(-5.37397155531e-2));
        p = fma(p, z, all(1.33314422036e-1));
        p = fma(p, z, all(-3.33332819422e-1));
        const pack small = fma(p * z, a, a);
        const pack size = abs(a);
        const pack large = all(1) - all(2) / (exp(size + size) + all(1));
        const pack sign = select(less(a, all(0)), -large, large);
        return select(less(size, all(0.625)), small, sign);
    }

private:
    static pack power_of_two(ints n) noexcept {
        return {reinterpret_cast<floats>(reinterpret_cast<words>(n + 127) << 23)};
    }
};

/// Whether the machine loads and stores parts of a vector.
#if defined(__AVX512F__)
template <class Scalar>
inline constexpr bool has_masks = std::is_same_v<Scalar, float>;

#if defined(__clang__)
using mask_bits = unsigned short;
#else
using mask_bits = short;
#endif

[[nodiscard]] constexpr mask_bits first_bits(index count) noexcept {
    return static_cast<mask_bits>((1U << static_cast<unsigned>(count)) - 1U);
}

[[nodiscard]] inline pack<float> load_masked(const float* from, index count) noexcept {
    return {__builtin_ia32_loadups512_mask(from, pack<float>::floats{}, first_bits(count))};
}

inline void store_masked(pack<float> value, float* to, index count) noexcept {
    __builtin_ia32_storeups512_mask(to, value.raw, first_bits(count));
}
#else
template <class Scalar>
inline constexpr bool has_masks = false;

template <class Scalar>
pack<Scalar> load_masked(const Scalar* from, index count) noexcept;

template <class Scalar>
void store_masked(pack<Scalar> value, Scalar* to, index count) noexcept;
#endif

/// The first `count` numbers, zeros beyond; for the end of an array. count < width.
template <class Scalar>
[[nodiscard]] pack<Scalar> load_part(const Scalar* from, index count) noexcept {
    if constexpr (has_masks<Scalar>) {
        return load_masked(from, count);
    }
    std::array<Scalar, static_cast<std::size_t>(pack<Scalar>::width)> buffer{};
    for (index i = 0; i < count; ++i) {
        buffer[static_cast<std::size_t>(i)] = from[i];
    }
    return pack<Scalar>::load(buffer.data());
}

template <class Scalar>
void store_part(pack<Scalar> value, Scalar* to, index count) noexcept {
    if constexpr (has_masks<Scalar>) {
        store_masked(value, to, count);
        return;
    }
    std::array<Scalar, static_cast<std::size_t>(pack<Scalar>::width)> buffer;
    value.store(buffer.data());
    for (index i = 0; i < count; ++i) {
        to[i] = buffer[static_cast<std::size_t>(i)];
    }
}

/// out[i] = f(in[i]...) for `count` numbers; out may be one of the inputs. The last numbers, fewer
/// than a vector, go through a padded buffer, so that every number meets the same arithmetic.
template <class Scalar, class Function, class... Inputs>
void transform(index count, Scalar* out, const Function& f, const Inputs*... in) {
    constexpr index width = pack<Scalar>::width;
    index i = 0;
    for (; i + width <= count; i += width) {
        f(pack<Scalar>::load(in + i)...).store(out + i);
    }
    if (i < count) {
        store_part(f(load_part(in + i, count - i)...), out + i, count - i);
    }
}

/// Calls f(load, store) once for each vector of `count` numbers, where load(pointer) and
/// store(value, pointer) move that vector of the array at pointer, in part at the end.
template <class Scalar, class Function>
void for_packs(index count, const Function& f) {
    constexpr index width = pack<Scalar>::width;
    index i = 0;
    for (; i + width <= count; i += width) {
        f([i](const Scalar* from) { return pack<Scalar>::load(from + i); },
          [i](pack<Scalar> value, Scalar* to) { value.store(to + i); });
    }
    if (i < count) {
        const index left = count - i;
        f([i, left](const Scalar* from) { return load_part(from + i, left); },
          [i, left](pack<Scalar> value, Scalar* to) { store_part(value, to + i, left); });
    }
}

/// Calls f(0), ..., f(Count - 1) with constants, as straight code at any level of optimisation.
template <int Count, class Function>
[[gnu::always_inline]] inline void unrolled(const Function& f) {
    [&f]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
        (f(std::integral_constant<int, I>{}), ...);
    }
    (std::make_integer_sequence<int, Count>{});
}

/// An 8 x 8 tile: to = the transpose of from.
inline void
transpose_tile(const float* from, index from_stride, float* to, index to_stride) noexcept {
    using eight [[gnu::vector_size(32)]] = float;
    using unaligned [[gnu::vector_size(32), gnu::aligned(4), gnu::may_alias]] = float;
    eight a[8];
    eight b[8];
    unrolled<8>([&](auto k) { a[k] = *reinterpret_cast<const unaligned*>(from + k * from_stride); }
    );
    unrolled<4>([&](auto k) { // pairs of rows
        b[2 * k] = __builtin_shufflevector(a[2 * k], a[2 * k + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        b[2 * k + 1] = __builtin_shufflevector(a[2 * k], a[2 * k + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    });
    unrolled<4>([&](auto k) { // fours: rows 0..3 in a[0..3], rows 4..7 in a[4..7]
        constexpr int left = k / 2 * 4 + k % 2;
        constexpr int made = k / 2 * 4 + k % 2 * 2;
        a[made] = __builtin_shufflevector(b[left], b[left + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        a[made + 1] = __builtin_shufflevector(b[left], b[left + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    });
    unrolled<4>([&](auto k) {
        *reinterpret_cast<unaligned*>(to + k * to_stride) =
            __builtin_shufflevector(a[k], a[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        *reinterpret_cast<unaligned*>(to + (k + 4) * to_stride) =
            __builtin_shufflevector(a[k], a[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    });
}

/// to (columns x rows) = the transpose of from (rows x columns); rows of each are `stride` apart.
template <class Scalar>
void transpose(
    index rows, index columns, const Scalar* from, index from_stride, Scalar* to, index to_stride
) {
    index whole_rows = 0;
    index whole_columns = 0;
    if constexpr (std::is_same_v<Scalar, float>) {
        whole_rows = rows / 8 * 8;
        whole_columns = columns / 8 * 8;
        for (index i = 0; i < whole_rows; i += 8) {
            for (index j = 0; j < whole_columns; j += 8) {
                transpose_tile(
                    from + i * from_stride + j, from_stride, to + j * to_stride + i, to_stride
                );
            }
        }
    }
    for (index j = 0; j < columns; ++j) {
        for (index i = j < whole_columns ? whole_rows : 0; i < rows; ++i) {
            to[j * to_stride + i] = from[i * from_stride + j];
        }
    }
}

} // namespace mend::detail
