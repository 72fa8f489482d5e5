// SPDX-License-Identifier: MIT
/// A folder for files that a test writes, gone when the test ends; and what files say when read.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>

#include <zlib.h>

#include <mend/core/error.hpp>

#include "../build_facts.hpp"

class scratch {
public:
    scratch()
        : folder_(
              std::filesystem::temp_directory_path() /
              ("mend-test-" + std::to_string(std::random_device{}()) + "-" +
               std::to_string(std::random_device{}()))
          ) {
        std::filesystem::create_directories(folder_);
    }

    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;

    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    [[nodiscard]] std::string path(const std::string& name = {}) const {
        return (name.empty() ? folder_ : folder_ / name).string();
    }

    /// Writes a file; returns its path.
    std::string write(const std::string& name, std::string_view bytes) const {
        std::ofstream(path(name), std::ios::binary | std::ios::trunc) << bytes;
        return path(name);
    }

    /// The same, gzipped.
    std::string write_gzip(const std::string& name, std::string_view bytes) const {
        const gzFile file = gzopen(path(name).c_str(), "wb");
        gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
        gzclose(file);
        return path(name);
    }

private:
    std::filesystem::path folder_;
};

/// What the error says that a call throws, the folder's path taken out; "" where it throws none.
template <class Error, class Call>
std::string said(const scratch& files, Call call) {
    try {
        static_cast<void>(call());
    } catch (const Error& error) {
        std::string text = error.what();
        const std::string folder = files.path() + "/";
        for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
            text.erase(at, folder.size());
        }
        return text;
    }
    return {};
}

/// Bytes from hexadecimal digits.
inline std::string from_hex(std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        const char pair[] = {digits[i], digits[i + 1], '\0'};
        bytes.push_back(static_cast<char>(std::strtol(pair, nullptr, 16)));
    }
    return bytes;
}

/// The folder of real data, or "" where it is not there.
inline std::string real_data() {
    const char* told = std::getenv("MEND_DATA_DIR");
    const std::filesystem::path folder =
        told != nullptr ? std::filesystem::path(told)
                        : std::filesystem::path(build_facts::source_folder) / ".." / "shared" / "data";
    std::error_code error;
    return std::filesystem::is_directory(folder, error) ? folder.string() : std::string();
}
