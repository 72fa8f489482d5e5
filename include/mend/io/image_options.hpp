// SPDX-License-Identifier: MIT
/// What readers of image sets share: their options, and bytes to pixels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <mend/tensor/shape.hpp>

namespace mend {

/// Settings of read_mnist and read_cifar10.
struct image_options {
    bool raw = false; ///< leave pixels at 0..255 instead of scaling them to 0..1
    index limit = 0;  ///< read the first so many images of each part only; 0: all
};

namespace detail {

inline void to_pixels(std::span<const std::uint8_t> bytes, bool raw, float* pixels) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        // Divided, as everybody does: a product with 1/255 rounds otherwise.
        pixels[i] = raw ? static_cast<float>(bytes[i]) : static_cast<float>(bytes[i]) / 255.0F;
    }
}

} // namespace detail

} // namespace mend
