// SPDX-License-Identifier: MIT
#include <span>
#include <utility>

#include <doctest/doctest.h>

#include <mend/autodiff/check.hpp>
#include <mend/autodiff/functions.hpp>
#include <mend/autodiff/images.hpp>

#include "samples.hpp"

namespace autodiff_images_tests {

namespace {

using mend::activation;
using mend::gradient_error;
using mend::padding;
using mend::tape;
using mend::variable;
using leaves = std::span<const variable>;

} // namespace

TEST_CASE("images: convolution passes the gradient check for all paddings, strides, dilations") {
    for (const padding pad : {padding::valid, padding::same}) {
        for (const mend::convolution_options& options :
             {mend::convolution_options{1, 1, 1, 1, pad},
              {2, 2, 1, 1, pad},
              {3, 3, 1, 1, pad},
              {1, 1, 2, 2, pad},
              {1, 2, 2, 1, pad}}) {
            const double error = gradient_error(
                {normal({2, 6, 5, 3}, 1), normal({3, 2, 3, 4}, 2), normal({4}, 3)},
                [&](tape<double>& t, leaves v) {
                    return weighted_square(
                        t, convolve(t, v[0], v[1], v[2], options, activation::tanh)
                    );
                }
            );
            CHECK_MESSAGE(error < 2e-7, options.row_stride, " ", options.row_dilation);
        }
    }
}

TEST_CASE("images: convolution works without bias and keeps what its activation needs") {
    const double error = gradient_error(
        {normal({2, 4, 4, 1}, 4), normal({2, 2, 1, 2}, 5)},
        [](tape<double>& t, leaves v) {
            return weighted_square(t, convolve(t, v[0], v[1], variable{}, {}, activation::swish));
        }
    );
    CHECK(error < 2e-7);
}

TEST_CASE("images: two uses of one image add up their gradients") {
    const double error = gradient_error(
        {normal({1, 5, 5, 2}, 6), normal({3, 3, 2, 2}, 7)},
        [](tape<double>& t, leaves v) {
            const variable x = activate(t, v[0], activation::tanh);
            const variable a = convolve(t, x, v[1], variable{}, {1, 1, 1, 1, padding::same});
            const variable b = convolve(t, x, v[1], variable{}, {2, 2, 1, 1, padding::same});
            const variable c = pool(t, x, {});
            return add(
                t, add(t, weighted_square(t, a), weighted_square(t, b)), weighted_square(t, c)
            );
        }
    );
    CHECK(error < 2e-7);
}

TEST_CASE("images: pooling passes the gradient check") {
    for (const mend::pooling_kind kind : {mend::pooling_kind::max, mend::pooling_kind::average}) {
        for (const padding pad : {padding::valid, padding::same}) {
            for (const mend::index stride : {1, 2, 3}) {
                const double error =
                    gradient_error({normal({2, 6, 5, 3}, 8)}, [&](tape<double>& t, leaves v) {
                        return weighted_square(t, pool(t, v[0], {kind, 3, 2, stride, stride, pad}));
                    });
                CHECK(error < 1e-7);
            }
        }
    }
}

TEST_CASE("images: a kernel larger than the image breaks the contract") {
    tape<float> t;
    const mend::tensor<float> x({1, 2, 2, 1});
    const mend::tensor<float> k({3, 3, 1, 1});
    const variable image = t.constant(x.view());
    CHECK_THROWS_AS(
        convolve(t, image, t.constant(k.view()), variable{}, {}), mend::contract_violation
    );
    CHECK_THROWS_AS(
        pool(t, image, {mend::pooling_kind::max, 3, 3, 3, 3}), mend::contract_violation
    );
}

} // namespace autodiff_images_tests
