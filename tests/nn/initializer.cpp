// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/nn/initializer.hpp>

namespace nn_initializer_tests {

namespace {

using mend::initializer;
using mend::shape;
using mend::tensor;

tensor<float> drawn(const initializer& how, const shape& extents, std::uint64_t seed = 1) {
    tensor<float> w(extents);
    mend::initialise(how, w.view(), {seed, 0, mend::purpose::weights, 3});
    return w;
}

struct moments {
    double mean = 0;
    double deviation = 0;
    double low = 0;
    double high = 0;
};

moments moments_of(const tensor<float>& w) {
    moments m;
    m.low = m.high = static_cast<double>(w[0]);
    for (const float v : w.flat()) {
        m.mean += static_cast<double>(v) / static_cast<double>(w.size());
        m.low = std::min(m.low, static_cast<double>(v));
        m.high = std::max(m.high, static_cast<double>(v));
    }
    for (const float v : w.flat()) {
        const double d = static_cast<double>(v) - m.mean;
        m.deviation += d * d / static_cast<double>(w.size());
    }
    m.deviation = std::sqrt(m.deviation);
    return m;
}

struct expectation {
    const char* name;
    double dense;       ///< standard deviation of a (100, 200) weight
    double convolution; ///< of a (3, 3, 16, 32) weight
    double bound;       ///< of |value| in standard deviations of the values
};

// Standard deviations sqrt(scale / n) with n the fan-in, or the mean of both fans: (100, 200) has
// fans 100 and 200, (3, 3, 16, 32) has 144 and 288. A uniform reaches sqrt(3) of it, a normal cut
// at two deviations 2 / 0.8796.
const std::vector<expectation> scaled{
    {"glorot_uniform", std::sqrt(1 / 150.0), std::sqrt(1 / 216.0), std::sqrt(3.0)},
    {"GlorotNormal", std::sqrt(1 / 150.0), std::sqrt(1 / 216.0), 2 / 0.8796256610342398},
    {"he_uniform", std::sqrt(2 / 100.0), std::sqrt(2 / 144.0), std::sqrt(3.0)},
    {"HeNormal", std::sqrt(2 / 100.0), std::sqrt(2 / 144.0), 2 / 0.8796256610342398},
    {"lecun_uniform", std::sqrt(1 / 100.0), std::sqrt(1 / 144.0), std::sqrt(3.0)},
    {"LecunNormal", std::sqrt(1 / 100.0), std::sqrt(1 / 144.0), 2 / 0.8796256610342398},
    {"VarianceScaling", std::sqrt(1 / 100.0), std::sqrt(1 / 144.0), 2 / 0.8796256610342398},
    {"random_uniform", 0.1 / std::sqrt(12.0), 0.1 / std::sqrt(12.0), std::sqrt(3.0)},
    {"uniform", 0.1 / std::sqrt(12.0), 0.1 / std::sqrt(12.0), std::sqrt(3.0)},
    {"truncated_normal",
     0.05 * 0.8796256610342398,
     0.05 * 0.8796256610342398,
     2 / 0.8796256610342398},
    {"RandomNormal", 0.05, 0.05, 10},
    {"normal", 0.05, 0.05, 10},
};

} // namespace

TEST_CASE("initializer: draws have Keras' mean, deviation and bounds") {
    for (const expectation& e : scaled) {
        const auto how = mend::find_initializer(e.name);
        REQUIRE_MESSAGE(how.has_value(), e.name);
        for (const auto& [extents, deviation] :
             {std::pair{shape{100, 200}, e.dense}, {shape{3, 3, 16, 32}, e.convolution}}) {
            const moments m = moments_of(drawn(*how, extents));
            const double count = static_cast<double>(extents.size());
            CHECK_MESSAGE(std::abs(m.mean) < 5 * deviation / std::sqrt(count), e.name);
            CHECK_MESSAGE(
                std::abs(m.deviation - deviation) < 5 * deviation / std::sqrt(2 * count), e.name
            );
            CHECK_MESSAGE(std::max(m.high, -m.low) <= e.bound * deviation * 1.000001, e.name);
            if (e.bound < 5) { // and it reaches its bounds
                CHECK_MESSAGE(std::min(m.high, -m.low) > 0.97 * e.bound * deviation, e.name);
            }
        }
    }
}

TEST_CASE("initializer: variance scaling follows scale, mode and distribution") {
    using mend::fan_distribution;
    using mend::fan_mode;
    const auto wide =
        initializer::scaling(2, fan_mode::fan_out, fan_distribution::untruncated_normal);
    const moments m = moments_of(drawn(wide, {100, 200}));
    CHECK(m.deviation == doctest::Approx(0.1).epsilon(0.03));
    CHECK(std::max(m.high, -m.low) > 0.3); // not truncated
    const auto flat = initializer::scaling(3, fan_mode::fan_avg, fan_distribution::uniform);
    CHECK(moments_of(drawn(flat, {100, 200})).deviation == doctest::Approx(0.1414).epsilon(0.03));
}

TEST_CASE("initializer: constants are constant") {
    CHECK(drawn(initializer::zeros, {3, 4}) == tensor<float>({3, 4}, 0.0F));
    CHECK(drawn(initializer::ones, {3, 4}) == tensor<float>({3, 4}, 1.0F));
    CHECK(drawn(initializer::constant(0.3), {5}) == tensor<float>({5}, 0.3F));
    CHECK(mend::find_initializer("constant") == initializer::constant(0));
}

TEST_CASE("initializer: orthogonal rows or columns, whichever are fewer, times the gain") {
    for (const shape& extents :
         {shape{30, 12}, shape{12, 30}, shape{3, 3, 4, 20}, shape{2, 2, 2, 20}}) {
        initializer how = initializer::orthogonal;
        how.gain = 1.5;
        const tensor<float> w = drawn(how, extents);
        const mend::index columns = extents[extents.rank() - 1];
        const mend::index rows = w.size() / columns;
        const bool by_row = rows < columns;
        const mend::index count = std::min(rows, columns);
        for (mend::index i = 0; i < count; ++i) {
            for (mend::index j = 0; j <= i; ++j) {
                double sum = 0;
                for (mend::index k = 0; k < std::max(rows, columns); ++k) {
                    const auto at = [&](mend::index v) {
                        return static_cast<double>(
                            by_row ? w[v * columns + k] : w[k * columns + v]
                        );
                    };
                    sum += at(i) * at(j);
                }
                CHECK(sum == doctest::Approx(i == j ? 2.25 : 0).epsilon(1e-5));
            }
        }
    }
}

TEST_CASE("initializer: identity is square or cut") {
    const tensor<float> w = drawn(initializer::identity, {2, 3});
    CHECK(
        std::vector<float>(w.flat().begin(), w.flat().end()) == std::vector<float>{1, 0, 0, 0, 1, 0}
    );
}

TEST_CASE("initializer: the same stream draws the same, another seed something else") {
    const initializer how = initializer::glorot_uniform;
    CHECK(drawn(how, {20, 30}, 4) == drawn(how, {20, 30}, 4));
    CHECK(drawn(how, {20, 30}, 4) != drawn(how, {20, 30}, 5));
}

TEST_CASE("initializer: an unknown name is nothing") {
    CHECK_FALSE(mend::find_initializer("glorot").has_value());
    CHECK_FALSE(mend::find_initializer("").has_value());
}

} // namespace nn_initializer_tests
