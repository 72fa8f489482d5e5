// SPDX-License-Identifier: MIT
/// Writing ZIP archives of stored entries, as npz files are (PKWARE's APPNOTE 6.3.10).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <zlib.h>

namespace mend::detail {

/// Builds an archive of stored entries in memory.
class zip_builder {
public:
    void add(std::string_view name, std::string_view content) {
        const auto offset = archive_.size();
        uLong checksum = crc32(0, nullptr, 0);
        for (std::size_t done = 0; done < content.size();) {
            const std::size_t part = std::min(content.size() - done, std::size_t{1} << 30U);
            const auto* bytes = reinterpret_cast<const Bytef*>(content.data() + done);
            checksum = crc32(checksum, bytes, static_cast<uInt>(part));
            done += part;
        }
        // Version 2.0, no flags, stored, 1980-01-01 00:00 so that equal content gives equal bytes.
        std::string common;
        put(common, 20, 2);
        put(common, 0, 4);
        put(common, std::uint64_t{0x0021} << 16U, 4);
        put(common, checksum, 4);
        put(common, content.size(), 4);
        put(common, content.size(), 4);
        put(common, name.size(), 2);
        put(common, 0, 2);
        put(archive_, 0x04034B50, 4);
        archive_ += common;
        archive_ += name;
        archive_ += content;
        put(directory_, 0x02014B50, 4);
        put(directory_, 20, 2);
        directory_ += common;
        put(directory_, 0, 10); // no comment, first disk, no attributes
        put(directory_, offset, 4);
        directory_ += name;
        ++count_;
    }

    /// Whether one more entry of this size keeps the archive below what 32 bits can address.
    [[nodiscard]] bool fits(std::size_t content) const noexcept {
        constexpr std::size_t most = 0xFF000000;
        return content < most && archive_.size() + directory_.size() < most - content &&
               count_ < 0xFFFE;
    }

    /// The whole archive.
    [[nodiscard]] std::string finish() && {
        const auto offset = archive_.size();
        archive_ += directory_;
        put(archive_, 0x06054B50, 4);
        put(archive_, 0, 4);
        put(archive_, count_, 2);
        put(archive_, count_, 2);
        put(archive_, directory_.size(), 4);
        put(archive_, offset, 4);
        put(archive_, 0, 2);
        return std::move(archive_);
    }

private:
    static void put(std::string& out, std::uint64_t number, int bytes) {
        for (int i = 0; i < bytes; ++i) {
            out.push_back(static_cast<char>(i < 8 ? number >> (8 * i) & 0xFFU : 0));
        }
    }

    std::string archive_;
    std::string directory_;
    std::uint64_t count_ = 0;
};

} // namespace mend::detail
