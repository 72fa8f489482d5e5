// SPDX-License-Identifier: MIT
/// A file of lines that several programs append to, under the lock rules of Optuna's journal
/// storage, and that survives the death of any of them.
///
/// The lock is a symbolic link beside the file ("journal.log.lock"); making it fails where it is
/// there already. POSIX systems only.
#pragma once

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <mend/core/error.hpp>

namespace mend::detail {

/// Ten random hexadecimal digits: a name that no other process has.
[[nodiscard]] inline std::string unique_word() {
    std::random_device source;
    std::string word;
    for (int i = 0; i < 10; ++i) {
        word += "0123456789abcdef"[source() & 15U];
    }
    return word;
}

/// The file, open to read and append. While it is open no other mend process may have it.
class journal_file {
public:
    /// Creates the file where it is missing. Throws file_error.
    explicit journal_file(const std::filesystem::path& path)
        : path_(std::filesystem::absolute(path).lexically_normal())
        , lock_path_(path_.string() + ".lock") {
        file_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
        if (file_ < 0) {
            fail();
        }
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
            ::close(file_);
            throw file_error(path_.string(), "another mend process is writing to it");
        }
    }

    journal_file(const journal_file&) = delete;
    journal_file& operator=(const journal_file&) = delete;

    ~journal_file() { ::close(file_); }

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// All that is in the file.
    [[nodiscard]] std::string read() const {
        std::string text(size(), '\0');
        std::size_t done = 0;
        while (done < text.size()) {
            const auto got =
                ::pread(file_, text.data() + done, text.size() - done, static_cast<off_t>(done));
            if (got < 0 && errno != EINTR) {
                fail();
            }
            if (got == 0) {
                break;
            }
            done += got > 0 ? static_cast<std::size_t>(got) : 0;
        }
        text.resize(done);
        return text;
    }

    /// Appends whole lines by one write, flushed to the disk. A torn line that a dead writer left
    /// goes first; what is appended is there as a whole or, when this process dies, torn at its
    /// end. Throws file_error.
    void append(std::string_view lines) {
        const holder held(*this);
        drop_torn_line();
        const std::size_t before = size();
        while (!lines.empty()) {
            const auto put = ::write(file_, lines.data(), lines.size());
            if (put < 0 && errno == EINTR) {
                continue;
            }
            if (put < 0) {
                const int why = errno;
                static_cast<void>(::ftruncate(file_, static_cast<off_t>(before)));
                errno = why;
                fail();
            }
            lines.remove_prefix(static_cast<std::size_t>(put));
        }
        ::fdatasync(file_);
    }

    /// Cuts off an incomplete last line; whether there was one.
    bool repair() {
        const holder held(*this);
        return drop_torn_line();
    }

private:
    /// Has the lock while it lives.
    class holder {
    public:
        explicit holder(const journal_file& file)
            : file_(file) {
            file.lock();
        }

        holder(const holder&) = delete;
        holder& operator=(const holder&) = delete;

        ~holder() { file_.unlock(); }

    private:
        const journal_file& file_;
    };

    [[noreturn]] void fail() const { throw file_error(path_.string(), std::strerror(errno)); }

    [[nodiscard]] std::size_t size() const {
        const auto end = ::lseek(file_, 0, SEEK_END);
        if (end < 0) {
            fail();
        }
        return static_cast<std::size_t>(end);
    }

    bool drop_torn_line() {
        const std::size_t all = size();
        char last = '\n';
        if (all == 0 ||
            (::pread(file_, &last, 1, static_cast<off_t>(all - 1)) == 1 && last == '\n')) {
            return false;
        }
        const std::string text = read();
        const std::size_t newline = text.rfind('\n');
        const std::size_t keep = newline == std::string::npos ? 0 : newline + 1;
        if (::ftruncate(file_, static_cast<off_t>(keep)) != 0) {
            fail();
        }
        return true;
    }

    /// What our lock points at: the file, spelled as no one else does. Such a lock of another
    /// process is left from a dead one, since no other mend process has the file.
    [[nodiscard]] std::string own_target() const {
        return path_.parent_path().string() + "/./" + path_.filename().string();
    }

    /// Waits for a lock that another program holds, 1 ms first and up to 1 s between tries, and
    /// breaks one that is left over: our own, or one under which the file has not been touched for
    /// 30 s (Optuna's grace period since 4.3).
    void lock() const {
        using namespace std::chrono_literals;
        const std::string target = own_target();
        auto pause = std::chrono::milliseconds(1);
        auto idle_since = std::chrono::steady_clock::now();
        std::size_t seen = size();
        while (::symlink(target.c_str(), lock_path_.c_str()) != 0) {
            if (errno != EEXIST) {
                throw file_error(lock_path_, std::strerror(errno));
            }
            std::error_code none;
            const auto now = std::chrono::steady_clock::now();
            if (const std::size_t grown = size(); grown != seen) {
                seen = grown;
                idle_since = now;
            }
            if (std::filesystem::read_symlink(lock_path_, none) == target ||
                now - idle_since > 30s) {
                unlock();
                idle_since = now;
                continue;
            }
            std::this_thread::sleep_for(pause);
            pause = std::min<std::chrono::milliseconds>(2 * pause, 1s);
        }
    }

    /// As Optuna does: renamed first, so that a lock made meanwhile is not taken away.
    void unlock() const noexcept {
        try {
            const std::string gone = lock_path_ + unique_word() + ".rename";
            if (::rename(lock_path_.c_str(), gone.c_str()) == 0) {
                ::unlink(gone.c_str());
            }
        } catch (...) {
            ::unlink(lock_path_.c_str());
        }
    }

    std::filesystem::path path_;
    std::string lock_path_;
    int file_ = -1;
};

} // namespace mend::detail
