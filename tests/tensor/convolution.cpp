// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <mend/tensor/convolution.hpp>

namespace tensor_convolution_tests {

namespace {

using mend::index;

/// Numbers that any language can repeat: (i a mod m) / m - 1/2.
template <class Scalar>
std::vector<Scalar> sequence(index count, index a, index m) {
    std::vector<Scalar> values;
    for (index i = 0; i < count; ++i) {
        values.push_back(
            static_cast<Scalar>(static_cast<double>(i * a % m) / static_cast<double>(m) - 0.5)
        );
    }
    return values;
}

/// A sum that changes when any two numbers are exchanged.
template <class Scalar>
double mark(const std::vector<Scalar>& values) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        sum += static_cast<double>(values[i]) * std::cos(static_cast<double>(i));
    }
    return sum;
}

struct published {
    index height, width, rows, columns, stride;
    bool same;
    index down, across;
    double result, image_gradient, kernel_gradient;
};

// torch 1.13: x = sequence(h w 2, 7, 23), kernel = sequence(kh kw 4, 5, 17) in HWIO order, bias
// (0.1, -0.2), y = conv2d of x padded as TensorFlow does (half of the missing cells before, the odd
// one after), dy = sequence(y.numel(), 11, 29) in NHWC order; then mark() of y, x.grad and
// kernel.grad.
const std::array<published, 8> torch_results{{
    {5, 6, 3, 3, 1, false, 3, 4, -1.311651, -1.098452, 0.491187},
    {5, 6, 3, 3, 1, true, 5, 6, -0.922494, -0.444218, 0.447123},
    {5, 6, 3, 3, 2, false, 2, 2, -1.081180, 0.461433, 0.274205},
    {5, 6, 3, 3, 2, true, 3, 3, -0.350601, 0.112731, -0.928406},
    {6, 5, 2, 3, 2, true, 3, 3, 0.497235, -0.041944, 0.439881},
    {5, 6, 4, 4, 1, true, 5, 6, -0.464335, 0.355514, 3.017411},
    {5, 6, 1, 1, 2, true, 3, 3, 0.409012, 0.130350, 0.163658},
    {7, 7, 3, 2, 3, true, 3, 3, -0.083338, 0.041877, -0.088887},
}};

mend::convolution_shape shape_of(
    index height,
    index width,
    index channels,
    index filters,
    mend::window rows,
    mend::window columns,
    bool same
) {
    mend::convolution_shape s;
    s.batch = 1;
    s.height = height;
    s.width = width;
    s.channels = channels;
    s.filters = filters;
    s.rows = rows;
    s.columns = columns;
    const mend::padding pad = same ? mend::padding::same : mend::padding::valid;
    s.down = mend::sweep_of(height, rows, pad);
    s.across = mend::sweep_of(width, columns, pad);
    return s;
}

} // namespace

TEST_CASE_TEMPLATE("convolution: result and gradients are torch's", Scalar, float, double) {
    for (const published& p : torch_results) {
        const auto s =
            shape_of(p.height, p.width, 2, 2, {p.rows, p.stride}, {p.columns, p.stride}, p.same);
        CHECK(s.down.places == p.down);
        CHECK(s.across.places == p.across);
        const auto x = sequence<Scalar>(s.input_size(), 7, 23);
        const auto kernel = sequence<Scalar>(s.depth() * s.filters, 5, 17);
        const auto dy = sequence<Scalar>(s.output_size(), 11, 29);
        std::vector<Scalar> y;
        for (index i = 0; i < s.output_size(); i += 2) {
            y.push_back(static_cast<Scalar>(0.1));
            y.push_back(static_cast<Scalar>(-0.2));
        }
        mend::arena memory;
        mend::convolution<Scalar>{s, kernel.data(), memory}(x.data(), y.data(), true);
        CHECK(std::abs(mark(y) - p.result) < 3e-6);

        std::vector<Scalar> dk(kernel.size());
        mend::convolution_kernel_gradient(s, x.data(), dy.data(), dk.data(), false, memory);
        CHECK(std::abs(mark(dk) - p.kernel_gradient) < 3e-6);

        std::vector<Scalar> dx(x.size(), Scalar{77});
        mend::convolution_input_gradient<Scalar> back(s, kernel.data(), memory);
        back(dy.data(), dx.data(), false);
        CHECK(std::abs(mark(dx) - p.image_gradient) < 3e-6);
        back(dy.data(), dx.data(), true); // once more on top
        CHECK(std::abs(mark(dx) - 2 * p.image_gradient) < 6e-6);
    }
}

TEST_CASE("convolution: agrees with the definition for wide and dilated kernels") {
    for (const bool same : {false, true}) {
        for (const index dilation : {1, 2}) {
            for (const index filters : {3, 16, 40}) {
                const auto s = shape_of(9, 8, 5, filters, {3, 1, dilation}, {2, 1, dilation}, same);
                const auto x = sequence<float>(s.input_size(), 7, 23);
                const auto kernel = sequence<float>(s.depth() * filters, 5, 17);
                std::vector<float> y(static_cast<std::size_t>(s.output_size()));
                mend::arena memory;
                mend::convolution<float>{s, kernel.data(), memory}(x.data(), y.data(), true);
                double worst = 0;
                index at = 0;
                for (index oy = 0; oy < s.down.places; ++oy) {
                    for (index ox = 0; ox < s.across.places; ++ox) {
                        for (index f = 0; f < filters; ++f, ++at) {
                            double sum = 0;
                            for (index i = 0; i < 3; ++i) {
                                for (index j = 0; j < 2; ++j) {
                                    const index iy = oy - s.down.before + i * dilation;
                                    const index ix = ox - s.across.before + j * dilation;
                                    if (iy < 0 || iy >= 9 || ix < 0 || ix >= 8) {
                                        continue;
                                    }
                                    for (index c = 0; c < 5; ++c) {
                                        const index from = (iy * 8 + ix) * 5 + c;
                                        const index k = ((i * 2 + j) * 5 + c) * filters + f;
                                        sum +=
                                            static_cast<double>(x[static_cast<std::size_t>(from)]) *
                                            static_cast<double>(kernel[static_cast<std::size_t>(k)]
                                            );
                                    }
                                }
                            }
                            const double got = static_cast<double>(y[static_cast<std::size_t>(at)]);
                            worst = std::max(worst, std::abs(got - sum));
                        }
                    }
                }
                CHECK(worst < 3e-6);
            }
        }
    }
}

} // namespace tensor_convolution_tests
