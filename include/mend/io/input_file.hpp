// SPDX-License-Identifier: MIT
/// Binary files read from front to back, gzipped or not, and how they are found in a folder.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <zlib.h>

#include <mend/core/error.hpp>

namespace mend {

/// A file opened for reading from front to back; what is gzipped is unpacked on the way, in memory
/// that does not grow with the file.
class input_file {
public:
    /// Throws file_error.
    explicit input_file(std::string path)
        : path_(std::move(path)) {
        std::error_code error;
        if (std::filesystem::is_directory(path_, error)) {
            throw file_error(path_, "is a directory");
        }
        errno = 0;
        file_.reset(gzopen(path_.c_str(), "rb"));
        if (!file_) {
            throw file_error(path_, errno != 0 ? std::strerror(errno) : "can not be opened");
        }
        gzbuffer(file_.get(), 1U << 17U);
        const auto size = std::filesystem::file_size(path_, error);
        most_bytes_ = error ? UINT64_MAX : static_cast<std::uint64_t>(size) * deflate_ratio;
    }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// More bytes than the unpacked file can have: a bound for what its headers claim.
    [[nodiscard]] std::uint64_t most_bytes() const noexcept { return most_bytes_; }

    /// Reads up to into.size() bytes; fewer only at the end. Throws data_error on damaged gzip
    /// data.
    std::size_t read_some(std::span<std::uint8_t> into) {
        std::size_t done = 0;
        while (done < into.size()) {
            const auto ask =
                static_cast<unsigned>(std::min(into.size() - done, std::size_t{1} << 30U));
            const int got = gzread(file_.get(), into.data() + done, ask);
            int code = Z_OK;
            gzerror(file_.get(), &code);
            if (got < 0 || code == Z_BUF_ERROR) {
                throw data_error(
                    path_, code == Z_BUF_ERROR ? "gzip data ends early" : "gzip data is damaged"
                );
            }
            if (got == 0) {
                break;
            }
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

    /// Fills `into`; `what` names its content in errors. Throws data_error where the file ends.
    void read(std::span<std::uint8_t> into, std::string_view what) {
        if (const std::size_t got = read_some(into); got < into.size()) {
            throw data_error(
                path_,
                "ends early: " + std::string(what) + " needs " + std::to_string(into.size()) +
                    " bytes, " + std::to_string(got) + " are left"
            );
        }
    }

    /// Whether nothing is left to be read.
    [[nodiscard]] bool at_end() {
        const int byte = gzgetc(file_.get());
        if (byte >= 0) {
            gzungetc(byte, file_.get());
        }
        return byte < 0;
    }

private:
    static constexpr std::uint64_t deflate_ratio = 1032; // the most that deflate can save

    struct closer {
        void operator()(gzFile file) const noexcept { gzclose_r(file); }
    };

    std::string path_;
    std::unique_ptr<gzFile_s, closer> file_;
    std::uint64_t most_bytes_ = 0;
};

/// Whether a file of this name is there, as it is or with ".gz" behind; its path, else "".
[[nodiscard]] inline std::string
find_file(const std::string& directory, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        for (const char* ending : {"", ".gz"}) {
            const std::filesystem::path path = std::filesystem::path(directory) / (name + ending);
            std::error_code error;
            if (std::filesystem::is_regular_file(path, error)) {
                return path.string();
            }
        }
    }
    return {};
}

/// The same, for a file that has to be there. Throws file_error that names folder and file.
[[nodiscard]] inline std::string
require_file(const std::string& directory, const std::vector<std::string>& names) {
    std::error_code error;
    if (!std::filesystem::is_directory(directory, error)) {
        throw file_error(directory, "is not a folder");
    }
    const std::string found = find_file(directory, names);
    if (found.empty()) {
        throw file_error(
            directory, "holds no " + names.front() + " (nor " + names.front() + ".gz)"
        );
    }
    return found;
}

} // namespace mend
