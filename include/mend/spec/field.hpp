// SPDX-License-Identifier: MIT
/// How specs describe themselves: the fields of a struct by their Keras keys, and sample shapes.
///
/// Every layer and optimizer has a static `fields(self, visit)` that calls `visit(field, member)`
/// for each setting, in Keras' order. Reading, writing, diffing and the fix space go over it, so
/// that a new layer is one struct (see layer.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mend {

/// Extents of one sample, without the batch: (28, 28, 1). All are at least 1.
using dimensions = std::vector<std::int64_t>;

/// Height and width: a kernel, a pool, strides.
using extent_pair = std::array<std::int64_t, 2>;

/// Rows or columns at the edges of an image: {{top, bottom}, {left, right}}.
using edge_sizes = std::array<extent_pair, 2>;

/// The product of non-negative numbers, the largest integer where it would overflow.
[[nodiscard]] inline std::int64_t bounded_product(std::span<const std::int64_t> factors) noexcept {
    std::int64_t product = 1;
    for (const std::int64_t factor : factors) {
        if (factor == 0) {
            return 0;
        }
        product = product > std::numeric_limits<std::int64_t>::max() / factor
                      ? std::numeric_limits<std::int64_t>::max()
                      : product * factor;
    }
    return product;
}

[[nodiscard]] inline std::int64_t bounded_product(std::initializer_list<std::int64_t> factors
) noexcept {
    return bounded_product(std::span(factors.begin(), factors.size()));
}

/// The sum of non-negative numbers, the largest integer where it would overflow.
[[nodiscard]] inline std::int64_t bounded_sum(std::initializer_list<std::int64_t> terms) noexcept {
    std::int64_t sum = 0;
    for (const std::int64_t term : terms) {
        sum = term > std::numeric_limits<std::int64_t>::max() - sum
                  ? std::numeric_limits<std::int64_t>::max()
                  : sum + term;
    }
    return sum;
}

/// Number of elements of a sample; 1 for a scalar.
[[nodiscard]] inline std::int64_t element_count(const dimensions& sample) noexcept {
    return bounded_product(std::span(sample));
}

/// "(28, 28, 1)".
[[nodiscard]] inline std::string to_text(const dimensions& sample) {
    std::string text = "(";
    for (std::size_t axis = 0; axis < sample.size(); ++axis) {
        text += (axis == 0 ? "" : ", ") + std::to_string(sample[axis]);
    }
    return text + ")";
}

/// What a layer makes of an input shape: the output shape, or why there is none.
struct shape_result {
    dimensions shape;
    std::string why; ///< empty where there is a shape

    shape_result(dimensions shape_)
        : shape(std::move(shape_)) {}

    [[nodiscard]] static shape_result refused(std::string why_) {
        shape_result result{dimensions{}};
        result.why = std::move(why_);
        return result;
    }

    explicit operator bool() const noexcept { return why.empty(); }
};

/// Samples have at most this many dimensions.
inline constexpr std::size_t most_dimensions = 3;

/// The shape, refused where samples would have too many dimensions.
[[nodiscard]] inline shape_result limited(dimensions output) {
    if (output.size() > most_dimensions) {
        return shape_result::refused(
            "its output " + to_text(output) +
            " has more than three dimensions, which mend does not "
            "support"
        );
    }
    return output;
}

[[nodiscard]] inline shape_result not_an_image(const dimensions& input) {
    return shape_result::refused("needs an input (height, width, channels), not " + to_text(input));
}

/// The position in a sample of an axis that Keras counts with the batch (-1: the last, 1: the first
/// after the batch); nothing for the batch itself and for one that is not there.
[[nodiscard]] inline std::optional<std::size_t>
sample_axis(std::int64_t axis, const dimensions& input) noexcept {
    const auto rank = static_cast<std::int64_t>(input.size()) + 1;
    const std::int64_t counted = axis < 0 ? axis + rank : axis;
    if (counted < 1 || counted >= rank) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(counted - 1);
}

[[nodiscard]] inline std::string axis_refusal(std::int64_t axis, const dimensions& input) {
    return "axis " + std::to_string(axis) + " is none of samples " + to_text(input);
}

/// The values that a setting may have, beyond its type.
enum class domain : std::uint8_t {
    any,          ///< every finite number, every boolean
    positive,     ///< > 0; an integer at most 2^31 - 1
    extent,       ///< a positive integer that may also be written as a list of one
    axis,         ///< an integer that may also be written as a list of one
    non_negative, ///< >= 0; an integer at most 2^31 - 1
    rate,         ///< [0, 1)
    share,        ///< [0, 1]
    activation,   ///< the name of an activation
    padding,      ///< "valid" or "same"
    time_padding, ///< "valid", "same" or "causal"
    fan_mode,     ///< "fan_in", "fan_out", "fan_avg"
    distribution, ///< "truncated_normal", "untruncated_normal", "uniform"
    monitor_mode, ///< "auto", "min", "max"
};

/// One setting of a layer, optimizer, initialiser ... as Keras spells it.
struct field {
    std::string_view key;        ///< Keras 2's key
    domain values = domain::any; ///< what it may be
    bool required = false;       ///< Keras has no default
    std::string_view alias = {}; ///< another key that Keras versions or TensorFlow.js write
};

} // namespace mend
