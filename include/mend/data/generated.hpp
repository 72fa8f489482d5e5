// SPDX-License-Identifier: MIT
/// What the built-in generators share: streams by row, balanced labels, the dataset around rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/samples.hpp>

namespace mend::detail {

/// Part of the key of a generator's streams; one each, so that no two share numbers.
enum class generator : std::uint64_t {
    blobs,
    circles,
    moons,
    spirals,
    line,
    digits,
    textures,
    topics,
    labels, ///< labels of all of them
    topic_words,
};

/// The numbers that draw one row. Rows know nothing of each other: the first rows of a large
/// dataset are those of a small one.
inline random_stream row_stream(std::uint64_t seed, generator which, index row) {
    return {
        seed,
        static_cast<std::uint64_t>(row),
        purpose::generator,
        static_cast<std::uint64_t>(which)};
}

/// Adds nearly normal noise of this standard deviation to pixels, then keeps them in 0..1. A number
/// is the sum of a random word's four bytes: mean 510, variance 4 (256^2 - 1) / 12.
inline void add_pixel_noise(std::span<float> pixels, double deviation, random_stream& random) {
    if (deviation > 0) {
        const auto scale = static_cast<float>(deviation / 147.8005);
        for (float& pixel : pixels) {
            const std::uint32_t word = random();
            const std::uint32_t pairs = (word & 0x00FF00FFU) + (word >> 8U & 0x00FF00FFU);
            const auto sum = static_cast<int>((pairs & 0xFFFFU) + (pairs >> 16U));
            pixel += scale * static_cast<float>(sum - 510);
        }
    }
    for (float& pixel : pixels) {
        pixel = std::clamp(pixel, 0.0F, 1.0F);
    }
}

/// Labels whose every run of `classes` rows from a multiple of it on holds each class once, in
/// random order: balanced to within one row, however many of the first rows are taken.
inline std::vector<int> balanced_labels(index n, int classes, std::uint64_t seed) {
    std::vector<int> labels(static_cast<std::size_t>(n));
    std::vector<int> order(static_cast<std::size_t>(classes));
    for (std::size_t row = 0; row < labels.size(); ++row) {
        const std::size_t place = row % order.size();
        if (place == 0) {
            std::iota(order.begin(), order.end(), 0);
            row_stream(seed, generator::labels, static_cast<index>(row / order.size()))
                .shuffle(std::span<int>(order));
        }
        labels[row] = order[place];
    }
    return labels;
}

/// The dataset around generated rows.
inline dataset generated(const char* name, int classes, samples rows) {
    dataset data;
    data.name = name;
    data.classes = classes;
    data.pool = std::make_shared<const samples>(std::move(rows));
    return data;
}

} // namespace mend::detail
