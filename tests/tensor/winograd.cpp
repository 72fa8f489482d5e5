// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/tensor/winograd.hpp>

namespace tensor_winograd_tests {

namespace {

using mend::index;

/// A convolution of 3 x 3 with its operands and results.
template <class Scalar>
struct pass {
    mend::convolution_shape s;
    std::vector<Scalar> x, kernel, bias, y, dy, dx, dk, db;

    pass(index height, index width, index channels, index filters, mend::padding pad) {
        s.batch = 2;
        s.height = height;
        s.width = width;
        s.channels = channels;
        s.filters = filters;
        s.rows = s.columns = {3};
        s.down = sweep_of(height, s.rows, pad);
        s.across = sweep_of(width, s.columns, pad);
        mend::random_stream random(7, 0, mend::purpose::generator);
        const auto draw = [&random](std::vector<Scalar>& to, index count, double deviation) {
            for (index i = 0; i < count; ++i) {
                to.push_back(static_cast<Scalar>(deviation * random.normal()));
            }
        };
        draw(x, s.batch * s.input_size(), 1);
        draw(kernel, s.depth() * filters, std::sqrt(2 / static_cast<double>(s.depth())));
        draw(bias, filters, 0.1);
        draw(dy, s.batch * s.output_size(), 0.1);
        y.resize(dy.size());
        dx.resize(x.size());
        dk.resize(kernel.size());
        db.resize(bias.size());
    }

    /// The same numbers in double, worked through by the definition: y as it is before the
    /// maximum, and the gradients of max(y, least).
    [[nodiscard]] pass<double> by_definition(double least) const {
        pass<double> d(s.height, s.width, s.channels, s.filters, mend::padding::valid);
        d.s = s;
        d.x.assign(x.begin(), x.end());
        d.kernel.assign(kernel.begin(), kernel.end());
        d.bias.assign(bias.begin(), bias.end());
        d.dy.assign(dy.begin(), dy.end());
        d.y.assign(dy.size(), 0);
        const auto each = [&](const auto& use) {
            for (index n = 0; n < s.batch; ++n) {
                for (index oy = 0; oy < s.down.places; ++oy) {
                    for (index ox = 0; ox < s.across.places; ++ox) {
                        use(n, oy, ox);
                    }
                }
            }
        };
        // f(input cell, kernel cell) for the cells under one place.
        const auto under = [&](index n, index oy, index ox, const auto& f) {
            for (index i = 0; i < 3; ++i) {
                for (index j = 0; j < 3; ++j) {
                    const index iy = oy - s.down.before + i;
                    const index ix = ox - s.across.before + j;
                    if (iy >= 0 && iy < s.height && ix >= 0 && ix < s.width) {
                        f(((n * s.height + iy) * s.width + ix) * s.channels,
                          (i * 3 + j) * s.channels * s.filters);
                    }
                }
            }
        };
        each([&](index n, index oy, index ox) {
            const index place = ((n * s.down.places + oy) * s.across.places + ox) * s.filters;
            for (index f = 0; f < s.filters; ++f) {
                const auto out = static_cast<std::size_t>(place + f);
                d.y[out] = d.bias[static_cast<std::size_t>(f)];
                under(n, oy, ox, [&](index from, index cell) {
                    for (index c = 0; c < s.channels; ++c) {
                        d.y[out] += d.x[static_cast<std::size_t>(from + c)] *
                                    d.kernel[static_cast<std::size_t>(cell + c * s.filters + f)];
                    }
                });
                const double g = d.y[out] > least ? d.dy[out] : 0;
                d.db[static_cast<std::size_t>(f)] += g;
                under(n, oy, ox, [&](index from, index cell) {
                    for (index c = 0; c < s.channels; ++c) {
                        const auto in = static_cast<std::size_t>(from + c);
                        const auto k = static_cast<std::size_t>(cell + c * s.filters + f);
                        d.dx[in] += d.kernel[k] * g;
                        d.dk[k] += d.x[in] * g;
                    }
                });
            }
        });
        return d;
    }
};

/// The largest error in units of what the golden trainings allow.
template <class Scalar>
double
worst(const std::vector<Scalar>& got, const std::vector<double>& wanted, double share, bool cut) {
    double most = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double right = cut && wanted[i] < 0 ? 0 : wanted[i];
        const double allowed = share * (1e-5 + 1e-4 * std::abs(right));
        most = std::max(most, std::abs(static_cast<double>(got[i]) - right) / allowed);
    }
    return most;
}

} // namespace

TEST_CASE_TEMPLATE("winograd: agrees with the definition", Scalar, float, double) {
    using gradient_targets = typename mend::winograd<Scalar>::gradient_targets;
    const double share = sizeof(Scalar) == 4 ? 1.0 : 1e-7;
    const std::vector<std::array<index, 4>> cases{
        {6, 6, 16, 16}, {6, 11, 16, 32}, {13, 8, 32, 16}, {9, 6, 48, 16}, {17, 24, 16, 16}};
    for (const auto& [height, width, channels, filters] : cases) {
        for (const mend::padding pad : {mend::padding::same, mend::padding::valid}) {
            for (const bool is_relu : {false, true}) {
                pass<Scalar> p(height, width, channels, filters, pad);
                const double least = is_relu ? 0 : -std::numeric_limits<double>::infinity();
                const pass<double> right = p.by_definition(least);
                mend::arena memory;
                const mend::winograd<Scalar> run(p.s, p.kernel.data(), memory);
                run.forward(p.x.data(), {p.bias.data(), static_cast<Scalar>(least)}, p.y.data());
                CHECK(worst(p.y, right.y, share, is_relu) < 1);
                run.backward(
                    p.x.data(),
                    is_relu ? p.y.data() : nullptr,
                    p.dy.data(),
                    gradient_targets{p.dx.data(), p.dk.data(), p.db.data()}
                );
                CHECK(worst(p.dx, right.dx, share, false) < 1);
                CHECK(worst(p.dk, right.dk, share, false) < 1);
                CHECK(worst(p.db, right.db, share, false) < 1);
            }
        }
    }
}

TEST_CASE("winograd: gradients are added where asked, and left out where nobody wants them") {
    pass<double> p(8, 8, 16, 16, mend::padding::same);
    const pass<double> right = p.by_definition(-1e300);
    mend::arena memory;
    const mend::winograd<double> run(p.s, p.kernel.data(), memory);
    for (const bool adds : {false, true}) {
        run.backward(
            p.x.data(),
            nullptr,
            p.dy.data(),
            {p.dx.data(), p.dk.data(), p.db.data(), adds, adds, adds}
        );
    }
    CHECK(p.dx[77] == doctest::Approx(2 * right.dx[77]));
    CHECK(p.dk[77] == doctest::Approx(2 * right.dk[77]));
    CHECK(p.db[7] == doctest::Approx(2 * right.db[7]));
    p.dx.assign(p.dx.size(), 5);
    run.backward(p.x.data(), nullptr, p.dy.data(), {.kernel = p.dk.data()});
    CHECK(p.dk[77] == doctest::Approx(right.dk[77]));
    CHECK(p.dx[77] == 5);
}

TEST_CASE("winograd: serves wide 3 x 3 kernels at stride 1 alone") {
    pass<float> p(8, 8, 16, 16, mend::padding::same);
    CHECK(mend::suits_winograd(p.s));
    p.s.rows.stride = 2;
    CHECK_FALSE(mend::suits_winograd(p.s));
    p.s.rows = {3, 1, 2};
    CHECK_FALSE(mend::suits_winograd(p.s));
    p.s.rows = {5};
    CHECK_FALSE(mend::suits_winograd(p.s));
    p.s.rows = {3};
    p.s.channels = 3;
    CHECK_FALSE(mend::suits_winograd(p.s));
}

} // namespace tensor_winograd_tests
