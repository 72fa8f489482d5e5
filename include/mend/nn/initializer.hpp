// SPDX-License-Identifier: MIT
/// Keras' initialisers.
///
/// Glorot, He and LeCun are variance scaling: variance scale / n with n the fan-in, the fan-out or
/// their mean (Glorot, Bengio 2010; He et al. 2015; LeCun et al. 1998). `truncated_normal` redraws
/// values beyond two standard deviations; variance scaling corrects for the variance lost by that,
/// the plain truncated normal does not. All as in Keras.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/core/text.hpp>
#include <mend/tensor/orthogonal.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

enum class initializer_kind : std::uint8_t {
    zeros,
    ones,
    constant,         ///< value
    random_normal,    ///< mean, deviation
    random_uniform,   ///< low, high
    truncated_normal, ///< mean, deviation
    variance_scaling, ///< scale, mode, distribution
    orthogonal,       ///< gain
    identity,         ///< gain
};

enum class fan_mode : std::uint8_t { fan_in, fan_out, fan_avg };

enum class fan_distribution : std::uint8_t { truncated_normal, untruncated_normal, uniform };

/// How a weight starts. Defaults of the settings are Keras'.
struct initializer {
    initializer_kind kind = initializer_kind::zeros;
    double value = 0;
    double mean = 0;
    double deviation = 0.05;
    double low = -0.05;
    double high = 0.05;
    double scale = 1;
    double gain = 1;
    fan_mode mode = fan_mode::fan_in;
    fan_distribution distribution = fan_distribution::truncated_normal;

    static const initializer zeros;
    static const initializer ones;
    static const initializer random_normal;
    static const initializer random_uniform;
    static const initializer truncated_normal;
    static const initializer variance_scaling;
    static const initializer glorot_uniform;
    static const initializer glorot_normal;
    static const initializer he_uniform;
    static const initializer he_normal;
    static const initializer lecun_uniform;
    static const initializer lecun_normal;
    static const initializer orthogonal;
    static const initializer identity;

    [[nodiscard]] static constexpr initializer constant(double value) noexcept {
        return {.kind = initializer_kind::constant, .value = value};
    }

    [[nodiscard]] static constexpr initializer
    scaling(double scale, fan_mode mode, fan_distribution distribution) noexcept {
        return {
            .kind = initializer_kind::variance_scaling,
            .scale = scale,
            .mode = mode,
            .distribution = distribution};
    }

    friend constexpr bool operator==(const initializer&, const initializer&) noexcept = default;
};

inline constexpr initializer initializer::zeros{};
inline constexpr initializer initializer::ones{.kind = initializer_kind::ones};
inline constexpr initializer initializer::random_normal{.kind = initializer_kind::random_normal};
inline constexpr initializer initializer::random_uniform{.kind = initializer_kind::random_uniform};
inline constexpr initializer initializer::truncated_normal{
    .kind = initializer_kind::truncated_normal};
inline constexpr initializer initializer::variance_scaling{
    .kind = initializer_kind::variance_scaling};
inline constexpr initializer initializer::glorot_uniform =
    scaling(1, fan_mode::fan_avg, fan_distribution::uniform);
inline constexpr initializer initializer::glorot_normal =
    scaling(1, fan_mode::fan_avg, fan_distribution::truncated_normal);
inline constexpr initializer initializer::he_uniform =
    scaling(2, fan_mode::fan_in, fan_distribution::uniform);
inline constexpr initializer initializer::he_normal =
    scaling(2, fan_mode::fan_in, fan_distribution::truncated_normal);
inline constexpr initializer initializer::lecun_uniform =
    scaling(1, fan_mode::fan_in, fan_distribution::uniform);
inline constexpr initializer initializer::lecun_normal =
    scaling(1, fan_mode::fan_in, fan_distribution::truncated_normal);
inline constexpr initializer initializer::orthogonal{.kind = initializer_kind::orthogonal};
inline constexpr initializer initializer::identity{.kind = initializer_kind::identity};

/// The initialiser of a Keras name, in any spelling ("glorot_uniform", "GlorotUniform", "normal"),
/// with Keras' default settings; nothing for an unknown one.
[[nodiscard]] inline std::optional<initializer> find_initializer(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, const initializer*>, 19> known{{
        {"zeros", &initializer::zeros},
        {"zero", &initializer::zeros},
        {"ones", &initializer::ones},
        {"one", &initializer::ones},
        {"randomnormal", &initializer::random_normal},
        {"normal", &initializer::random_normal},
        {"randomuniform", &initializer::random_uniform},
        {"uniform", &initializer::random_uniform},
        {"truncatednormal", &initializer::truncated_normal},
        {"variancescaling", &initializer::variance_scaling},
        {"glorotuniform", &initializer::glorot_uniform},
        {"glorotnormal", &initializer::glorot_normal},
        {"heuniform", &initializer::he_uniform},
        {"henormal", &initializer::he_normal},
        {"lecununiform", &initializer::lecun_uniform},
        {"lecunnormal", &initializer::lecun_normal},
        {"orthogonal", &initializer::orthogonal},
        {"identity", &initializer::identity},
        {"identityinitializer", &initializer::identity},
    }};
    const std::string plain = plain_name(name);
    if (plain == "constant") {
        return initializer::constant(0);
    }
    for (const auto& [known_name, found] : known) {
        if (known_name == plain) {
            return *found;
        }
    }
    return std::nullopt;
}

/// Numbers of inputs and outputs that meet in a weight. Dense kernel (in, out); convolution kernel
/// (h, w, in, out), both fans times h w; a vector has its length as both.
struct fans {
    double in = 1;
    double out = 1;
};

[[nodiscard]] constexpr fans fans_of(const shape& weight) noexcept {
    const int rank = weight.rank();
    if (rank == 0) {
        return {};
    }
    if (rank == 1) {
        return {static_cast<double>(weight[0]), static_cast<double>(weight[0])};
    }
    double field = 1;
    for (int axis = 0; axis < rank - 2; ++axis) {
        field *= static_cast<double>(weight[axis]);
    }
    return {
        field * static_cast<double>(weight[rank - 2]),
        field * static_cast<double>(weight[rank - 1])};
}

namespace detail {

[[nodiscard]] inline double truncated_normal(random_stream& random) noexcept {
    double z = random.normal();
    while (z < -2 || z > 2) {
        z = random.normal();
    }
    return z;
}

template <class Scalar>
void fill_orthogonal(double gain, tensor_view<Scalar> weight, random_stream& random) {
    const int rank = weight.extents().rank();
    MEND_EXPECTS(rank >= 2, "an orthogonal weight has at least two dimensions");
    const index columns = weight.extents()[rank - 1];
    const index rows = weight.size() / columns;
    const index count = std::min(rows, columns);
    const index length = std::max(rows, columns);
    std::vector<double> vectors(static_cast<std::size_t>(count * length));
    for (double& v : vectors) {
        v = random.normal();
    }
    orthonormalise(vectors, count, length);
    for (index r = 0; r < rows; ++r) {
        for (index c = 0; c < columns; ++c) {
            const index at = rows < columns ? r * length + c : c * length + r;
            weight[r * columns + c] =
                static_cast<Scalar>(gain * vectors[static_cast<std::size_t>(at)]);
        }
    }
}

/// Standard deviation that makes a normal truncated at two deviations have unit variance.
inline constexpr double truncated_deviation = 0.87962566103423978;

} // namespace detail

/// Draws a weight. The same stream gives the same numbers.
template <class Scalar>
void initialise(const initializer& how, tensor_view<Scalar> weight, random_stream random) {
    const auto fill = [&](auto&& draw) {
        for (Scalar& w : weight.flat()) {
            w = static_cast<Scalar>(draw());
        }
    };
    const auto normal = [&](double mean, double deviation, bool truncated) {
        fill([&] {
            return mean +
                   deviation * (truncated ? detail::truncated_normal(random) : random.normal());
        });
    };
    switch (how.kind) {
    case initializer_kind::zeros:
        fill([] { return 0.0; });
        return;
    case initializer_kind::ones:
        fill([] { return 1.0; });
        return;
    case initializer_kind::constant:
        fill([&] { return how.value; });
        return;
    case initializer_kind::random_normal:
        normal(how.mean, how.deviation, false);
        return;
    case initializer_kind::truncated_normal:
        normal(how.mean, how.deviation, true);
        return;
    case initializer_kind::random_uniform:
        fill([&] { return random.uniform(how.low, how.high); });
        return;
    case initializer_kind::orthogonal:
        detail::fill_orthogonal(how.gain, weight, random);
        return;
    case initializer_kind::identity: {
        MEND_EXPECTS(weight.extents().rank() == 2, "an identity weight has two dimensions");
        fill([] { return 0.0; });
        const index columns = weight.extents()[1];
        for (index i = 0; i < std::min(weight.rows(), columns); ++i) {
            weight[i * columns + i] = static_cast<Scalar>(how.gain);
        }
        return;
    }
    case initializer_kind::variance_scaling:
        break;
    }
    const fans fan = fans_of(weight.extents());
    const double n = how.mode == fan_mode::fan_in    ? fan.in
                     : how.mode == fan_mode::fan_out ? fan.out
                                                     : (fan.in + fan.out) / 2;
    const double variance = how.scale / std::max(1.0, n);
    switch (how.distribution) {
    case fan_distribution::uniform: {
        const double limit = std::sqrt(3 * variance);
        fill([&] { return random.uniform(-limit, limit); });
        return;
    }
    case fan_distribution::untruncated_normal:
        normal(0, std::sqrt(variance), false);
        return;
    case fan_distribution::truncated_normal:
        normal(0, std::sqrt(variance) / detail::truncated_deviation, true);
        return;
    }
}

} // namespace mend
