// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/tensor/tile.hpp>

namespace {

using mend::index;
using mend::detail::left_operand;
using mend::detail::tile_product;

template <class Scalar>
std::vector<Scalar> numbers(index count, std::uint64_t seed) {
    mend::random_stream stream(seed, 0, mend::purpose::search);
    std::vector<Scalar> values(static_cast<std::size_t>(count));
    for (Scalar& v : values) {
        v = static_cast<Scalar>(stream.uniform(-1, 1));
    }
    return values;
}

struct variant {
    bool transposed;
    bool adds;
    bool bias;
    bool relu;
};

// The largest error against a product summed in double, in units of the rounding of one sum.
template <class Scalar>
double worst_error(index m, index n, index k, variant v) {
    const auto a = numbers<Scalar>(m * k, 1);
    const auto b = numbers<Scalar>(k * n, 2);
    const auto bias = numbers<Scalar>(n, 3);
    auto c = numbers<Scalar>(m * n, 4);
    const auto before = c;
    left_operand<Scalar> left{.data = a.data(), .segment_length = k};
    left.row_step = v.transposed ? 1 : k;
    left.depth_step = v.transposed ? m : 1;
    mend::arena scratch;
    tile_product<Scalar>(
        m,
        n,
        left,
        b.data(),
        n,
        c.data(),
        n,
        {v.adds, v.bias ? bias.data() : nullptr, v.relu},
        scratch
    );
    double worst = 0;
    for (index i = 0; i < m; ++i) {
        for (index j = 0; j < n; ++j) {
            const auto at = static_cast<std::size_t>(i * n + j);
            double sum = v.adds ? static_cast<double>(before[at]) : 0;
            for (index p = 0; p < k; ++p) {
                const auto from = static_cast<std::size_t>(v.transposed ? p * m + i : i * k + p);
                sum += static_cast<double>(a[from]) *
                       static_cast<double>(b[static_cast<std::size_t>(p * n + j)]);
            }
            sum += v.bias ? static_cast<double>(bias[static_cast<std::size_t>(j)]) : 0;
            sum = v.relu && sum < 0 ? 0 : sum;
            worst = std::max(worst, std::abs(sum - static_cast<double>(c[at])));
        }
    }
    return worst / (std::numeric_limits<Scalar>::epsilon() * std::sqrt(static_cast<double>(k) + 1));
}

} // namespace

TEST_CASE_TEMPLATE("tile: a product of any shape is right to rounding", Scalar, float, double) {
    double worst = 0;
    for (const index m : {1, 2, 3, 5, 6, 7, 13}) {
        for (const index n : {1, 2, 3, 10, 15, 16, 17, 33, 46, 64, 65, 130}) {
            for (const index k : {1, 5, 64, 513, 1100}) {
                for (int bits = 0; bits < 16; ++bits) {
                    const variant v{
                        (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
                    worst = std::max(worst, worst_error<Scalar>(m, n, k, v));
                }
            }
        }
    }
    CHECK(worst < 20);
}

// A 3 x 2 kernel over a 5 x 4 image of 2 channels is a product whose left rows are the patches.
TEST_CASE("tile: segments and row offsets read a convolution's patches from the image") {
    constexpr index height = 5, width = 4, channels = 2, kernel_height = 3, kernel_width = 2,
                    filters = 3;
    constexpr index out_height = height - kernel_height + 1, out_width = width - kernel_width + 1;
    const auto image = numbers<double>(height * width * channels, 5);
    const auto kernel = numbers<double>(kernel_height * kernel_width * channels * filters, 6);
    std::vector<index> offsets;
    for (index y = 0; y < out_height; ++y) {
        for (index x = 0; x < out_width; ++x) {
            offsets.push_back((y * width + x) * channels);
        }
    }
    std::vector<double> out(static_cast<std::size_t>(out_height * out_width * filters));
    mend::arena scratch;
    tile_product<double>(
        out_height * out_width,
        filters,
        {.data = image.data(),
         .row_offsets = offsets.data(),
         .segments = kernel_height,
         .segment_length = kernel_width * channels,
         .segment_step = width * channels},
        kernel.data(),
        filters,
        out.data(),
        filters,
        {},
        scratch
    );
    for (index y = 0; y < out_height; ++y) {
        for (index x = 0; x < out_width; ++x) {
            for (index f = 0; f < filters; ++f) {
                double sum = 0;
                for (index i = 0; i < kernel_height; ++i) {
                    for (index j = 0; j < kernel_width; ++j) {
                        for (index c = 0; c < channels; ++c) {
                            sum += image[static_cast<std::size_t>(
                                       ((y + i) * width + x + j) * channels + c
                                   )] *
                                   kernel[static_cast<std::size_t>(
                                       ((i * kernel_width + j) * channels + c) * filters + f
                                   )];
                        }
                    }
                }
                CHECK(
                    out[static_cast<std::size_t>((y * out_width + x) * filters + f)] ==
                    doctest::Approx(sum).epsilon(1e-12)
                );
            }
        }
    }
}

TEST_CASE("tile: NaN passes through relu") {
    const std::vector<float> a{std::numeric_limits<float>::quiet_NaN()};
    const std::vector<float> b(64, 1.0F);
    std::vector<float> c(64);
    mend::arena scratch;
    tile_product<float>(
        1,
        64,
        {.data = a.data(), .segment_length = 1},
        b.data(),
        64,
        c.data(),
        64,
        {.relu = true},
        scratch
    );
    for (const float value : c) {
        CHECK(std::isnan(value));
    }
}
