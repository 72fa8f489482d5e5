// SPDX-License-Identifier: MIT
/// JSON text to documents. (The other way is to_json in spec/document_text.hpp.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <mend/core/error.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/pointer.hpp>

namespace mend {

namespace detail {

/// "line 3, column 7" of the last of so many bytes.
[[nodiscard]] inline std::string text_position(std::string_view text, std::size_t bytes) {
    std::size_t line = 1;
    std::size_t column = 0;
    for (std::size_t i = 0; i < bytes && i < text.size(); ++i) {
        ++column;
        if (text[i] == '\n' && i + 1 < bytes) {
            ++line;
            column = 0;
        }
    }
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// Builds a document from the events of nlohmann's parser.
class document_builder {
public:
    document_builder(std::string_view text, std::string_view name)
        : text_(text)
        , name_(name) {}

    [[nodiscard]] document result() && { return std::move(root_); }

    bool null() { return add({}); }

    bool boolean(bool value) { return add(value); }

    bool number_integer(std::int64_t value) { return add(value); }

    bool number_unsigned(std::uint64_t value) {
        return value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
                   ? add(static_cast<std::int64_t>(value))
                   : add(static_cast<double>(value));
    }

    bool number_float(double value, const std::string&) { return add(value); }

    bool string(std::string& value) { return add(std::move(value)); }

    template <class Binary>
    bool binary(Binary&) {
        return false; // not in text
    }

    bool start_object(std::size_t) { return open(document::object()); }

    bool start_array(std::size_t) { return open(document::array()); }

    bool end_object() { return close(); }

    bool end_array() { return close(); }

    bool key(std::string& value) {
        if (open_.back()->find(value) != nullptr) {
            throw spec_error(where(pointer_to(path(), value)), "this key is given twice");
        }
        keys_.back() = std::move(value);
        return true;
    }

    bool parse_error(std::size_t bytes, const std::string& last, const std::exception& error) {
        const std::string why = reason(error.what());
        const bool number = (last.ends_with('N') || last.ends_with('I')) &&
                            why.find("invalid literal") != std::string::npos;
        throw spec_error(
            where(text_position(text_, bytes)), number ? "NaN and infinities are not JSON" : why
        );
    }

private:
    /// Deeper text is no problem of anyone; the limit keeps recursion over documents safe.
    static constexpr std::size_t deepest = 200;

    [[nodiscard]] std::string where(const std::string& place) const {
        return name_.empty() ? place : std::string(name_) + ": " + place;
    }

    /// The parser's message without its code and position, as printable ASCII.
    [[nodiscard]] static std::string reason(std::string message) {
        if (const auto code = message.find("] "); code != std::string::npos) {
            message.erase(0, code + 2);
        }
        if (const auto start = message.find("syntax error"); start != std::string::npos) {
            message.erase(0, start);
        }
        for (char& c : message) {
            c = c < 0x20 || c > 0x7e ? '?' : c;
        }
        return message;
    }

    bool add(document value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else {
            insert(std::move(value));
        }
        return true;
    }

    document& insert(document value) {
        document& parent = *open_.back();
        return parent.is_array() ? parent.push_back(std::move(value))
                                 : parent.set(keys_.back(), std::move(value));
    }

    bool open(document value) {
        if (open_.size() == deepest) {
            throw spec_error(
                where(path()), "is nested more than " + std::to_string(deepest) + " deep"
            );
        }
        document* opened = &root_;
        if (open_.empty()) {
            root_ = std::move(value);
        } else {
            opened = &insert(std::move(value));
        }
        // The pointers to open parents stay good: only the innermost one grows.
        open_.push_back(opened);
        keys_.emplace_back();
        return true;
    }

    bool close() {
        open_.pop_back();
        keys_.pop_back();
        return true;
    }

    [[nodiscard]] std::string path() const {
        std::string pointer;
        for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
            pointer = open_[i]->is_array() ? pointer_to(pointer, open_[i]->size() - 1)
                                           : pointer_to(pointer, keys_[i]);
        }
        return pointer;
    }

    std::string_view text_;
    std::string_view name_;
    document root_;
    std::vector<document*> open_;
    std::vector<std::string> keys_; ///< the key read last, of each open object
};

} // namespace detail

/// The document of a JSON text: integers stay integers (beyond 64 bits they become reals), members
/// keep their order. Throws spec_error, `name` (of the file) in front of line and column, for
/// malformed JSON, and in front of the path for a key given twice or nesting beyond 200.
[[nodiscard]] inline document parse_json(std::string_view text, std::string_view name = {}) {
    detail::document_builder builder(text, name);
    nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
    return std::move(builder).result();
}

} // namespace mend
