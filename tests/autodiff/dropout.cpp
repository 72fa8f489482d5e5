// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <mend/autodiff/check.hpp>
#include <mend/autodiff/dropout.hpp>

#include "samples.hpp"

namespace autodiff_dropout_tests {

namespace {

using mend::random_stream;
using mend::tape;
using mend::tensor;
using mend::variable;

random_stream stream(std::uint64_t step) { return {1, step, mend::purpose::dropout, 2}; }

std::vector<float> dropped(double rate, std::uint64_t step, mend::index count) {
    tape<float> t;
    const tensor<float> x({count}, 1.0F);
    const variable y = drop(t, t.constant(x.view()), rate, stream(step));
    const auto view = t.value(y);
    return {view.data(), view.data() + count};
}

} // namespace

TEST_CASE("dropout: zeroes its share and keeps the expected value") {
    const auto y = dropped(0.2, 0, 100000);
    double zeros = 0;
    double sum = 0;
    for (const float v : y) {
        zeros += v == 0 ? 1 : 0;
        sum += static_cast<double>(v);
        CHECK((v == 0.0F || v == 1.25F));
    }
    CHECK(std::abs(zeros / 1e5 - 0.2) < 5 * std::sqrt(0.16 / 1e5));
    CHECK(std::abs(sum / 1e5 - 1) < 5 * 1.25 * std::sqrt(0.16 / 1e5));
}

TEST_CASE("dropout: the mask depends on the stream and not on the length") {
    CHECK(dropped(0.5, 3, 1000) == dropped(0.5, 3, 1000));
    CHECK(dropped(0.5, 3, 1000) != dropped(0.5, 4, 1000));
    auto longer = dropped(0.5, 3, 1000);
    longer.resize(77);
    CHECK(longer == dropped(0.5, 3, 77));
}

TEST_CASE("dropout: extremes keep all or nothing") {
    for (const float v : dropped(0, 1, 50)) {
        CHECK(v == 1.0F);
    }
    for (const float v : dropped(1, 1, 50)) {
        CHECK(v == 0.0F);
    }
}

TEST_CASE("dropout: passes the gradient check") {
    const double error =
        mend::gradient_error({normal({5, 9}, 1)}, [](tape<double>& t, std::span<const variable> v) {
            return weighted_square(t, drop(t, v[0], 0.4, stream(5)));
        });
    CHECK(error < 1e-7);
}

} // namespace autodiff_dropout_tests
