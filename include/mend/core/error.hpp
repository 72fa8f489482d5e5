// SPDX-License-Identifier: MIT
/// The family of errors that bad input raises. Each says where and why in one line.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace mend {

/// Bad input. `what()` is "where: why", one line, fit to be shown to a user as it is.
class error : public std::runtime_error {
public:
    [[gnu::cold, gnu::noinline]] error(std::string where, std::string why)
        : std::runtime_error(where + ": " + why)
        , where_(std::move(where))
        , why_(std::move(why)) {}

    [[nodiscard]] const std::string& where() const noexcept { return where_; }

    [[nodiscard]] const std::string& why() const noexcept { return why_; }

private:
    std::string where_;
    std::string why_;
};

/// A mistake in a problem, fault or patch; `where` is a JSON pointer such as `/fit/batch_size`.
struct spec_error : error {
    using error::error;
};

/// A mistake in data; `where` names the file and, where it helps, row and column.
struct data_error : error {
    using error::error;
};

/// A file that cannot be read or written; `where` is its path.
struct file_error : error {
    using error::error;
};

/// A wrong option or argument; `where` is the option's name.
struct usage_error : error {
    using error::error;
};

} // namespace mend
