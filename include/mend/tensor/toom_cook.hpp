// SPDX-License-Identifier: MIT
/// The transforms of Winograd's F(4 x 4, 3 x 3), line by line and on squares of vectors.
#pragma once

#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>

namespace mend::detail {

/// Interpolation at 0, a, -a, b, -b and infinity. The error of the usual a = 1, b = 2 is three
/// times that of these.
struct toom_cook {
    static constexpr double a = 0.625;
    static constexpr double b = 1.5;
    static constexpr double aa = a * a;
    static constexpr double bb = b * b;
    static constexpr double at_zero = 1 / (aa * bb);
    static constexpr double at_a = 1 / (2 * aa * (aa - bb));
    static constexpr double at_b = 1 / (2 * bb * (bb - aa));

    /// v = B' d.
    struct input {
        static constexpr int from = 6;
        static constexpr int to = 6;

        template <class Pack>
        [[gnu::always_inline]] static void apply(const Pack* d, Pack* v) noexcept {
            const auto k = [](double value) { return Pack::all(value); };
            v[0] = fma(k(aa * bb), d[0], fma(k(-aa - bb), d[2], d[4]));
            v[5] = fma(k(aa * bb), d[1], fma(k(-aa - bb), d[3], d[5]));
            const Pack even_a = fma(k(-bb), d[2], d[4]);
            const Pack odd_a = k(a) * fma(k(-bb), d[1], d[3]);
            const Pack even_b = fma(k(-aa), d[2], d[4]);
            const Pack odd_b = k(b) * fma(k(-aa), d[1], d[3]);
            v[1] = even_a + odd_a;
            v[2] = even_a - odd_a;
            v[3] = even_b + odd_b;
            v[4] = even_b - odd_b;
        }
    };

    /// d = B v, the transpose of `input`.
    struct input_gradient {
        static constexpr int from = 6;
        static constexpr int to = 6;

        template <class Pack>
        [[gnu::always_inline]] static void apply(const Pack* v, Pack* d) noexcept {
            const auto k = [](double value) { return Pack::all(value); };
            const Pack even_a = v[1] + v[2];
            const Pack odd_a = k(a) * (v[1] - v[2]);
            const Pack even_b = v[3] + v[4];
            const Pack odd_b = k(b) * (v[3] - v[4]);
            d[0] = k(aa * bb) * v[0];
            d[1] = fma(k(-bb), odd_a, fma(k(-aa), odd_b, k(aa * bb) * v[5]));
            d[2] = fma(k(-bb), even_a, fma(k(-aa), even_b, k(-aa - bb) * v[0]));
            d[3] = fma(k(-aa - bb), v[5], odd_a + odd_b);
            d[4] = v[0] + (even_a + even_b);
            d[5] = v[5];
        }
    };

    /// y = A' m.
    struct output {
        static constexpr int from = 6;
        static constexpr int to = 4;

        template <class Pack>
        [[gnu::always_inline]] static void apply(const Pack* m, Pack* y) noexcept {
            const auto k = [](double value) { return Pack::all(value); };
            const Pack even_a = m[1] + m[2];
            const Pack odd_a = k(a) * (m[1] - m[2]);
            const Pack even_b = m[3] + m[4];
            const Pack odd_b = k(b) * (m[3] - m[4]);
            y[0] = m[0] + (even_a + even_b);
            y[1] = odd_a + odd_b;
            y[2] = fma(k(aa), even_a, k(bb) * even_b);
            y[3] = fma(k(aa), odd_a, fma(k(bb), odd_b, m[5]));
        }
    };

    /// m = A y, the transpose of `output`.
    struct output_gradient {
        static constexpr int from = 4;
        static constexpr int to = 6;

        template <class Pack>
        [[gnu::always_inline]] static void apply(const Pack* y, Pack* m) noexcept {
            const auto k = [](double value) { return Pack::all(value); };
            const Pack even_a = fma(k(aa), y[2], y[0]);
            const Pack odd_a = k(a) * fma(k(aa), y[3], y[1]);
            const Pack even_b = fma(k(bb), y[2], y[0]);
            const Pack odd_b = k(b) * fma(k(bb), y[3], y[1]);
            m[0] = y[0];
            m[1] = even_a + odd_a;
            m[2] = even_a - odd_a;
            m[3] = even_b + odd_b;
            m[4] = even_b - odd_b;
            m[5] = y[3];
        }
    };

    /// u = G g.
    struct kernel {
        static constexpr int from = 3;
        static constexpr int to = 6;

        template <class Pack>
        [[gnu::always_inline]] static void apply(const Pack* g, Pack* u) noexcept {
            const auto k = [](double value) { return Pack::all(value); };
            const Pack even_a = k(at_a) * fma(k(aa), g[2], g[0]);
            const Pack odd_a = k(a * at_a) * g[1];
            const Pack even_b = k(at_b) * fma(k(bb), g[2], g[0]);
            const Pack odd_b = k(b * at_b) * g[1];
            u[0] = k(at_zero) * g[0];
            u[1] = even_a + odd_a;
            u[2] = even_a - odd_a;
            u[3] = even_b + odd_b;
            u[4] = even_b - odd_b;
            u[5] = g[2];
        }
    };

    /// g = G' u, the transpose of `kernel`.
    struct kernel_gradient {
        static constexpr int from = 6;
        static constexpr int to = 3;

        template <class Pack>
        [[gnu::always_inline]] static void apply(const Pack* u, Pack* g) noexcept {
            const auto k = [](double value) { return Pack::all(value); };
            const Pack even_a = k(at_a) * (u[1] + u[2]);
            const Pack even_b = k(at_b) * (u[3] + u[4]);
            g[0] = fma(k(at_zero), u[0], even_a + even_b);
            g[1] = fma(k(a * at_a), u[1] - u[2], k(b * at_b) * (u[3] - u[4]));
            g[2] = fma(k(aa), even_a, fma(k(bb), even_b, u[5]));
        }
    };
};

/// Where the cells of a square of vectors are: cell (i, j) at data + i * row + j * column.
template <class Scalar>
struct square {
    Scalar* data;
    index row;
    index column;

    [[nodiscard]] Scalar* at(int i, int j) const noexcept { return data + i * row + j * column; }
};

/// What happens to a number on its way in or out of a transform.
struct as_it_is {
    template <class Pack>
    [[gnu::always_inline]] Pack operator()(Pack value, int, int, index) const noexcept {
        return value;
    }
};

/// to = L from L' for `count` squares side by side, a whole number of vectors.
template <class Line, class Scalar, class In = as_it_is, class Out = as_it_is>
void transform_squares(
    index count,
    square<const Scalar> from,
    square<Scalar> to,
    const In& in = {},
    const Out& out = {}
) {
    constexpr int rows = Line::from;
    constexpr int made = Line::to;
    for (index c = 0; c < count; c += pack<Scalar>::width) {
        pack<Scalar> half[rows][made];
#pragma GCC unroll 6
        for (int i = 0; i < rows; ++i) {
            pack<Scalar> line[rows];
#pragma GCC unroll 6
            for (int j = 0; j < rows; ++j) {
                line[j] = in(pack<Scalar>::load(from.at(i, j) + c), i, j, c);
            }
            Line::apply(line, half[i]);
        }
#pragma GCC unroll 6
        for (int j = 0; j < made; ++j) {
            pack<Scalar> line[rows];
            pack<Scalar> finished[made];
#pragma GCC unroll 6
            for (int i = 0; i < rows; ++i) {
                line[i] = half[i][j];
            }
            Line::apply(line, finished);
#pragma GCC unroll 6
            for (int i = 0; i < made; ++i) {
                out(finished[i], i, j, c).store(to.at(i, j) + c);
            }
        }
    }
}

} // namespace mend::detail
