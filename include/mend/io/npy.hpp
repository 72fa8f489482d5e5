// SPDX-License-Identifier: MIT
/// NumPy's array format (NEP 1): a header that names type, order and shape, then the numbers.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/io/zip.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend::detail {

/// What the header of an array says.
struct npy_header {
    char kind = 0;        ///< b, u, i or f
    int bytes = 0;        ///< of one number
    bool big = false;     ///< most significant byte first
    bool fortran = false; ///< the first index runs fastest
    shape extents;
};

/// IEEE 754 half precision to single.
inline float half_to_float(std::uint16_t half) noexcept {
    const int exponent = half >> 10U & 31U;
    const auto fraction = static_cast<float>(half & 1023U);
    const float size = exponent == 0    ? std::ldexp(fraction, -24)
                       : exponent != 31 ? std::ldexp(fraction + 1024.0F, exponent - 25)
                       : fraction == 0  ? std::numeric_limits<float>::infinity()
                                        : std::numeric_limits<float>::quiet_NaN();
    return (half & 0x8000U) != 0 ? -size : size;
}

/// Turns `bytes` of a header's type, as many as out.size() numbers take, into floats.
inline void decode(const npy_header& header, std::span<std::uint8_t> bytes, std::span<float> out) {
    const auto width = static_cast<std::size_t>(header.bytes);
    if (header.big && width > 1) {
        for (std::size_t at = 0; at < bytes.size(); at += width) {
            std::reverse(bytes.data() + at, bytes.data() + at + width);
        }
    }
    const auto each = [&](auto zero) {
        using number = decltype(zero);
        for (std::size_t i = 0; i < out.size(); ++i) {
            number value;
            std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
            out[i] = static_cast<float>(value);
        }
    };
    static_assert(std::endian::native == std::endian::little, "else swap where the file is little");
    const auto type = std::array<int, 2>{header.kind, header.bytes};
    if (header.kind == 'b' || type == std::array<int, 2>{'u', 1}) {
        each(std::uint8_t{});
    } else if (header.kind == 'u') {
        width == 2   ? each(std::uint16_t{})
        : width == 4 ? each(std::uint32_t{})
                     : each(std::uint64_t{});
    } else if (header.kind == 'i') {
        width == 1   ? each(std::int8_t{})
        : width == 2 ? each(std::int16_t{})
        : width == 4 ? each(std::int32_t{})
                     : each(std::int64_t{});
    } else if (width == 2) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = half_to_float(static_cast<std::uint16_t>(little(bytes.data() + 2 * i, 2)));
        }
    } else {
        width == 4 ? each(float{}) : each(double{});
    }
}

/// An array in an archive, read from front to back. Refers to the archive; one at a time.
class npy_reader {
public:
    /// Reads the header. Throws data_error: no array, a type that is no number, more than four
    /// dimensions, a length that does not fit.
    npy_reader(zip_archive& archive, const zip_entry& entry)
        : content_(archive, entry) {
        std::array<std::uint8_t, 8> start{};
        content_.read(start);
        if (std::memcmp(start.data(), "\x93NUMPY", 6) != 0 || start[6] < 1 || start[6] > 3) {
            content_.fail("is no NumPy array of version 1, 2 or 3");
        }
        std::array<std::uint8_t, 4> length{};
        const int bytes = start[6] == 1 ? 2 : 4;
        content_.read({length.data(), static_cast<std::size_t>(bytes)});
        const std::uint64_t size = little(length.data(), bytes);
        if (size > std::min<std::uint64_t>(content_.left(), 1U << 20U)) {
            content_.fail("has a damaged header");
        }
        std::vector<std::uint8_t> text(size);
        content_.read(text);
        parse({reinterpret_cast<const char*>(text.data()), text.size()});
    }

    [[nodiscard]] const npy_header& header() const noexcept { return header_; }

    [[nodiscard]] const shape& extents() const noexcept { return header_.extents; }

    /// The next numbers in the order of the file. Throws data_error.
    void read(std::span<float> into) {
        const auto width = static_cast<std::size_t>(header_.bytes);
        constexpr std::size_t block = std::size_t{1} << 14U;
        for (std::size_t done = 0; done < into.size();) {
            const std::size_t count = std::min(into.size() - done, block);
            bytes_.resize(count * width);
            content_.read(bytes_);
            decode(header_, bytes_, into.subspan(done, count));
            done += count;
        }
    }

    /// The whole array, row-major whatever its order in the file. Only before any other read.
    [[nodiscard]] tensor<float> read_all() {
        tensor<float> numbers;
        numbers.resize(extents());
        read(numbers.flat());
        if (!header_.fortran || extents().rank() < 2) {
            return numbers;
        }
        tensor<float> turned;
        turned.resize(extents());
        std::array<index, shape::max_rank> at{}; // of the next number in the file
        const int rank = extents().rank();
        for (index i = 0; i < numbers.size(); ++i) {
            index place = 0;
            for (int axis = 0; axis < rank; ++axis) {
                place = place * extents()[axis] + at[static_cast<std::size_t>(axis)];
            }
            turned[place] = numbers[i];
            for (int axis = 0; axis < rank; ++axis) {
                auto& coordinate = at[static_cast<std::size_t>(axis)];
                if (++coordinate < extents()[axis]) {
                    break;
                }
                coordinate = 0;
            }
        }
        return turned;
    }

private:
    /// What follows a key of the header, a Python dictionary.
    [[nodiscard]] std::string_view value_of(std::string_view text, std::string_view key) const {
        const auto at = text.find(key);
        const auto colon = at == std::string_view::npos ? at : text.find(':', at);
        if (colon == std::string_view::npos) {
            content_.fail("has a header without " + std::string(key));
        }
        const auto first = text.find_first_not_of(' ', colon + 1);
        return first == std::string_view::npos ? std::string_view{} : text.substr(first);
    }

    void parse(std::string_view text) {
        const std::string_view type = value_of(text, "'descr'");
        const auto quote = type.find('\'', 1);
        const std::string_view name = type.starts_with('\'') && quote != std::string_view::npos
                                          ? type.substr(1, quote - 1)
                                          : "";
        constexpr std::string_view known = " b1 u1 u2 u4 u8 i1 i2 i4 i8 f2 f4 f8 ";
        if (name.size() != 3 || known.find(name.substr(1)) == std::string_view::npos ||
            std::string_view("<>|=").find(name[0]) == std::string_view::npos) {
            content_.fail(
                "has elements of type " + (name.empty() ? "structure" : std::string(name)) +
                ", which are no numbers"
            );
        }
        header_.kind = name[1];
        header_.bytes = name[2] - '0';
        header_.big = name[0] == '>';
        header_.fortran = value_of(text, "'fortran_order'").starts_with("True");
        parse_shape(value_of(text, "'shape'"));
    }

    void parse_shape(std::string_view text) {
        const auto end = text.find(')');
        if (!text.starts_with('(') || end == std::string_view::npos) {
            content_.fail("has a damaged header");
        }
        const std::uint64_t numbers = content_.left() / static_cast<std::uint64_t>(header_.bytes);
        // No extent can be larger, but beside a zero; small enough that no product overflows.
        const std::uint64_t most = std::max<std::uint64_t>(numbers, 50'000);
        std::uint64_t size = 1;
        std::uint64_t extent = 0;
        bool in_number = false;
        bool fits = true;
        for (const char c : text.substr(1, end)) {
            if (c >= '0' && c <= '9') {
                extent = std::min(extent * 10 + static_cast<std::uint64_t>(c - '0'), most + 1);
                in_number = true;
            } else if (in_number && (c == ',' || c == ')')) {
                if (header_.extents.rank() == shape::max_rank) {
                    content_.fail("has more than four dimensions");
                }
                header_.extents.push_back(static_cast<index>(extent));
                fits = fits && extent <= most;
                size = extent == 0 ? 0 : size > numbers / extent ? numbers + 1 : size * extent;
                extent = 0;
                in_number = false;
            }
        }
        if (!fits || size != numbers ||
            content_.left() % static_cast<unsigned>(header_.bytes) != 0) {
            content_.fail(
                "has " + std::to_string(content_.left()) +
                " bytes of data, which is not what its shape takes"
            );
        }
    }

    zip_reader content_;
    npy_header header_;
    std::vector<std::uint8_t> bytes_;
};

} // namespace mend::detail
