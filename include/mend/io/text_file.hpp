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

/// Writes a file as a whole or not at all: who reads meanwhile sees the old one. Throws file_error.
inline void write_text_file(const std::string& path, std::string_view text) {
    // The time keeps two programs that write the same file apart.
    const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
    const std::string temporary = path + ".tmp" + std::to_string(ticks);
    std::error_code error;
    errno = 0;
    {
        std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
        file.write(text.data(), static_cast<std::streamsize>(text.size()));
        file.close();
        if (!file) {
            const std::string why = errno != 0 ? std::strerror(errno) : "can not be written";
            std::filesystem::remove(temporary, error);
            throw file_error(path, why);
        }
    }
    std::filesystem::rename(temporary, path, error);
    if (error) {
        const std::string why = error.message();
        std::filesystem::remove(temporary, error);
        throw file_error(path, why);
    }
}

} // namespace mend
