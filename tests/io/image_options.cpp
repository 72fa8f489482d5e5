// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>

#include <doctest/doctest.h>

#include <mend/io/image_options.hpp>

namespace io_image_options_tests {

TEST_CASE("image_options: bytes become 0..1, or stay as they are") {
    const std::array<std::uint8_t, 4> bytes{0, 51, 128, 255};
    std::array<float, 4> pixels{};
    mend::detail::to_pixels(bytes, false, pixels.data());
    CHECK(pixels == std::array<float, 4>{0.0F, 0.2F, 128.0F / 255.0F, 1.0F});
    mend::detail::to_pixels(bytes, true, pixels.data());
    CHECK(pixels == std::array<float, 4>{0.0F, 51.0F, 128.0F, 255.0F});
}

} // namespace io_image_options_tests
