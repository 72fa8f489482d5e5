// SPDX-License-Identifier: MIT
/// ZIP archives as far as npz files need them: listing, and reading stored and deflated entries
/// from front to back (PKWARE's APPNOTE 6.3.10; RFC 1951).
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <zlib.h>

#include <mend/core/error.hpp>

namespace mend::detail {

/// What the central directory says of a file.
struct zip_entry {
    std::string name;
    std::uint32_t checksum = 0; ///< CRC-32 of the content
    std::uint64_t packed = 0;   ///< bytes in the archive
    std::uint64_t size = 0;     ///< bytes of the content
    std::uint64_t offset = 0;   ///< of the local header
    bool deflated = false;
};

/// A little-endian number of so many bytes.
inline std::uint64_t little(const std::uint8_t* bytes, int count) {
    std::uint64_t number = 0;
    for (int i = count - 1; i >= 0; --i) {
        number = number << 8U | bytes[i];
    }
    return number;
}

/// An archive that is open for reading.
class zip_archive {
public:
    /// Opens it and reads the directory. Throws file_error, data_error.
    explicit zip_archive(std::string path);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    [[nodiscard]] const std::vector<zip_entry>& entries() const noexcept { return entries_; }

    /// Bytes `offset` .. of the file. Throws data_error where it ends before.
    void read_at(std::uint64_t offset, std::span<std::uint8_t> into) {
        file_.clear();
        file_.seekg(static_cast<std::streamoff>(offset));
        file_.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
        if (static_cast<std::size_t>(file_.gcount()) != into.size()) {
            throw data_error(path_, "ends early, or is no npz (zip) file");
        }
    }

private:
    void add_entry(const std::uint8_t* header, std::size_t left);

    std::string path_;
    std::ifstream file_;
    std::uint64_t size_ = 0;
    std::vector<zip_entry> entries_;
};

inline zip_archive::zip_archive(std::string path)
    : path_(std::move(path)) {
    std::error_code error;
    if (std::filesystem::is_directory(path_, error)) {
        throw file_error(path_, "is a directory");
    }
    errno = 0;
    file_.open(path_, std::ios::binary);
    if (!file_) {
        throw file_error(path_, errno != 0 ? std::strerror(errno) : "can not be opened");
    }
    size_ = std::filesystem::file_size(path_, error);
    // The directory is found by its end record: 22 bytes and a comment, last in the file.
    constexpr std::size_t end_size = 22;
    std::vector<std::uint8_t> tail(std::min<std::uint64_t>(size_, end_size + 65535));
    read_at(size_ - tail.size(), tail);
    const std::array<std::uint8_t, 4> mark{'P', 'K', 5, 6};
    const auto end = std::find_end(tail.begin(), tail.end(), mark.begin(), mark.end());
    if (static_cast<std::size_t>(tail.end() - end) < end_size) {
        throw data_error(path_, "is no npz (zip) file, or has lost its end");
    }
    const std::uint8_t* record = &*end;
    const std::uint64_t count = little(record + 10, 2);
    const std::uint64_t length = little(record + 12, 4);
    const std::uint64_t offset = little(record + 16, 4);
    if (count == 0xFFFF || offset == 0xFFFFFFFF) {
        throw data_error(path_, "is a zip64 archive of over 4 GB, which is not supported");
    }
    if (offset > size_ || length > size_ - offset) {
        throw data_error(path_, "has a damaged zip directory");
    }
    std::vector<std::uint8_t> directory(length);
    read_at(offset, directory);
    for (std::size_t at = 0; entries_.size() < count;) {
        constexpr std::size_t header = 46;
        if (directory.size() - at < header || little(directory.data() + at, 4) != 0x02014B50) {
            throw data_error(path_, "has a damaged zip directory");
        }
        add_entry(directory.data() + at, directory.size() - at);
        at += header + little(directory.data() + at + 28, 2) +
              little(directory.data() + at + 30, 2) + little(directory.data() + at + 32, 2);
        at = std::min(at, directory.size());
    }
}

inline void zip_archive::add_entry(const std::uint8_t* header, std::size_t left) {
    const std::uint64_t name = little(header + 28, 2);
    const std::uint64_t extra = little(header + 30, 2);
    if (46 + name + extra > left) {
        throw data_error(path_, "has a damaged zip directory");
    }
    zip_entry entry;
    entry.name.assign(reinterpret_cast<const char*>(header) + 46, name);
    entry.checksum = static_cast<std::uint32_t>(little(header + 16, 4));
    entry.packed = little(header + 20, 4);
    entry.size = little(header + 24, 4);
    entry.offset = little(header + 42, 4);
    const std::uint64_t method = little(header + 10, 2);
    const std::string where = path_ + ": " + entry.name;
    if (method != 0 && method != 8) {
        throw data_error(where, "is packed by a method other than deflate");
    }
    if ((header[8] & 1U) != 0) {
        throw data_error(where, "is encrypted");
    }
    entry.deflated = method == 8;
    // The zip64 field holds, in this order, what did not fit into 32 bits.
    const std::uint8_t* field = header + 46 + name;
    const std::uint8_t* const fields_end = field + extra;
    while (fields_end - field >= 4) {
        const std::uint8_t* next = field + 4 + little(field + 2, 2);
        if (little(field, 2) == 1) {
            const std::uint8_t* at = field + 4;
            for (std::uint64_t* number : {&entry.size, &entry.packed, &entry.offset}) {
                if (*number == 0xFFFFFFFF && next <= fields_end && next - at >= 8) {
                    *number = little(at, 8);
                    at += 8;
                }
            }
        }
        field = next > fields_end ? fields_end : next;
    }
    constexpr std::uint64_t deflate_ratio = 1032; // the most that deflate can save
    if (entry.packed > size_ || entry.offset > size_ ||
        entry.size > entry.packed * (entry.deflated ? deflate_ratio : 1)) {
        throw data_error(where, "has a damaged zip header");
    }
    entries_.push_back(std::move(entry));
}

/// The content of an entry, from front to back. Refers to the archive; one at a time.
class zip_reader {
public:
    zip_reader(zip_archive& archive, const zip_entry& entry)
        : archive_(&archive)
        , entry_(&entry)
        , left_(entry.size)
        , packed_left_(entry.packed) {
        std::array<std::uint8_t, 30> header{};
        archive.read_at(entry.offset, header);
        if (little(header.data(), 4) != 0x04034B50) {
            fail("has a damaged zip header");
        }
        at_ = entry.offset + header.size() + little(header.data() + 26, 2) +
              little(header.data() + 28, 2);
        if (entry.deflated) {
            stream_ = std::make_unique<z_stream>();
            if (inflateInit2(stream_.get(), -MAX_WBITS) != Z_OK) {
                throw std::bad_alloc();
            }
        }
    }

    zip_reader(const zip_reader&) = delete;
    zip_reader& operator=(const zip_reader&) = delete;

    ~zip_reader() {
        if (stream_) {
            inflateEnd(stream_.get());
        }
    }

    /// Bytes of content not yet read.
    [[nodiscard]] std::uint64_t left() const noexcept { return left_; }

    /// Fills `into`; with the last byte the checksum is compared. Throws data_error.
    void read(std::span<std::uint8_t> into) {
        if (into.size() > left_) {
            fail("ends early");
        }
        if (entry_->deflated) {
            inflate_into(into);
        } else {
            archive_->read_at(at_, into);
            at_ += into.size();
        }
        left_ -= into.size();
        for (std::size_t done = 0; done < into.size();) {
            const auto part =
                static_cast<uInt>(std::min(into.size() - done, std::size_t{1} << 30U));
            checksum_ = crc32(checksum_, into.data() + done, part);
            done += part;
        }
        if (left_ == 0 && checksum_ != entry_->checksum) {
            fail("is damaged (its checksum is wrong)");
        }
    }

    [[noreturn]] void fail(const std::string& why) const {
        throw data_error(archive_->path() + ": " + entry_->name, why);
    }

private:
    void inflate_into(std::span<std::uint8_t> into) {
        for (std::size_t done = 0; done < into.size();) {
            if (stream_->avail_in == 0) {
                packed_.resize(std::min<std::uint64_t>(packed_left_, 1U << 16U));
                archive_->read_at(at_, packed_);
                at_ += packed_.size();
                packed_left_ -= packed_.size();
                stream_->next_in = packed_.data();
                stream_->avail_in = static_cast<uInt>(packed_.size());
            }
            const auto ask = static_cast<uInt>(std::min(into.size() - done, std::size_t{1} << 30U));
            stream_->next_out = into.data() + done;
            stream_->avail_out = ask;
            const int code = inflate(stream_.get(), Z_NO_FLUSH);
            const std::size_t got = ask - stream_->avail_out;
            done += got;
            if (done < into.size() && (code != Z_OK || (got == 0 && packed_left_ == 0))) {
                fail("is damaged (it can not be unpacked)");
            }
        }
    }

    zip_archive* archive_;
    const zip_entry* entry_;
    std::uint64_t left_;
    std::uint64_t packed_left_;
    std::uint64_t at_ = 0;
    uLong checksum_ = crc32(0, nullptr, 0);
    std::unique_ptr<z_stream> stream_;
    std::vector<std::uint8_t> packed_;
};

} // namespace mend::detail
