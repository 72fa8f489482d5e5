// SPDX-License-Identifier: MIT
/// Whole text files: read at once, written to a temporary name and then renamed.
#pragma once

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include <mend/core/error.hpp>

namespace mend {

/// All bytes of a file. Throws file_error.
[[nodiscard]] inline std::string read_text_file(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        throw file_error(path, "is a directory");
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw file_error(path, errno != 0 ? std::strerror(errno) : "can not be opened");
    }
    std::string text;
    char block[1 << 14];
    while (file.read(block, sizeof block) || file.gcount() > 0) {
        text.append(block, static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) {
        throw file_error(path, "can not be read");
    }
    return text;
}

namespace detail {

/// Why it could not be written; "" where it was.
[[nodiscard]] inline std::string write_bytes(const std::string& path, std::string_view text) {
    errno = 0;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    return file ? "" : errno != 0 ? std::strerror(errno) : "can not be written";
}

} // namespace detail

/// Writes a file as a whole or not at all: who reads meanwhile sees the old one. What a link leads
/// to is written, the link stays; what is no file, a pipe or a device, is written as it is. Throws
/// file_error.
inline void write_text_file(const std::string& path, std::string_view text) {
    std::error_code error;
    const std::filesystem::file_status there = std::filesystem::status(path, error);
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there) &&
        !std::filesystem::is_directory(there)) {
        if (const std::string why = detail::write_bytes(path, text); !why.empty()) {
            throw file_error(path, why);
        }
        return;
    }
    const std::string target = std::filesystem::is_symlink(path, error)
                                   ? std::filesystem::weakly_canonical(path, error).string()
                                   : path;
    // The time keeps two programs that write the same file apart.
    const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
    const std::string temporary = target + ".tmp" + std::to_string(ticks);
    if (const std::string why = detail::write_bytes(temporary, text); !why.empty()) {
        std::filesystem::remove(temporary, error);
        throw file_error(path, why);
    }
    std::filesystem::rename(temporary, target, error);
    if (error) {
        const std::string why = error.message();
        std::filesystem::remove(temporary, error);
        throw file_error(path, why);
    }
}

} // namespace mend
