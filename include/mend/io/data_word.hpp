// SPDX-License-Identifier: MIT
/// The grammar of a data word: kind, path, target and keys, and the errors of each.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>

namespace mend::detail {

/// The pieces of a data word; what was asked for is taken out, what remains is a mistake.
class data_word {
public:
    explicit data_word(std::string_view word);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    [[nodiscard]] const std::string& kind() const noexcept { return kind_; }

    /// What follows the colon. Throws where there is nothing.
    [[nodiscard]] const std::string& path(const char* what) const {
        if (path_.empty()) {
            fail("needs a path: " + kind_ + ":" + what);
        }
        return path_;
    }

    [[nodiscard]] bool has_path() const noexcept { return has_path_; }

    [[nodiscard]] const std::string& target() const noexcept { return target_; }

    /// Throws where the word has a path or a target although its kind takes none.
    void expect_no_path() const {
        if (has_path_) {
            fail(kind_ + " takes no path");
        }
        expect_no_target();
    }

    void expect_no_target() const {
        if (has_target_) {
            fail("#target is for csv alone");
        }
    }

    /// The value of a key, or null; names the key as one that is possible.
    const std::string* value(const char* key) {
        known_.emplace_back(key);
        for (auto& pair : pairs_) {
            if (pair.key == key) {
                pair.used = true;
                return &pair.value;
            }
        }
        return nullptr;
    }

    /// A whole number in low..high, or `otherwise` where the key is absent.
    std::uint64_t
    whole(const char* key, std::uint64_t otherwise, std::uint64_t low, std::uint64_t high) {
        const std::string* text = value(key);
        if (text == nullptr) {
            return otherwise;
        }
        std::uint64_t number = 0;
        const char* end = text->data() + text->size();
        const auto result = std::from_chars(text->data(), end, number);
        if (result.ec != std::errc{} || result.ptr != end || number < low || number > high) {
            fail(
                std::string(key) + " is a whole number from " + std::to_string(low) + " to " +
                std::to_string(high) + ", not \"" + *text + "\""
            );
        }
        return number;
    }

    /// A number in 0..high, or `otherwise` where the key is absent.
    double number(const char* key, double otherwise, double high) {
        const std::string* text = value(key);
        if (text == nullptr) {
            return otherwise;
        }
        double number = 0;
        const char* end = text->data() + text->size();
        const auto result = std::from_chars(text->data(), end, number);
        if (result.ec != std::errc{} || result.ptr != end || !(number >= 0 && number <= high)) {
            fail(
                std::string(key) + " is a number from 0 to " + to_text(high) + ", not \"" + *text +
                "\""
            );
        }
        return number;
    }

    /// The position of a key's value in a list, or 0 where the key is absent.
    std::size_t choice(const char* key, const std::vector<std::string>& possible) {
        const std::string* text = value(key);
        if (text == nullptr) {
            return 0;
        }
        const auto at = std::find(possible.begin(), possible.end(), *text);
        if (at == possible.end()) {
            fail(std::string(key) + " is " + join(possible, " or ") + ", not \"" + *text + "\"");
        }
        return static_cast<std::size_t>(at - possible.begin());
    }

    /// Throws where a key was given that nobody asked for.
    void expect_known_keys() const {
        for (const auto& pair : pairs_) {
            if (!pair.used) {
                fail(kind_ + " has no key \"" + pair.key + "\"; it has: " + join(known_, ", "));
            }
        }
    }

    [[noreturn]] void fail(const std::string& why) const { throw usage_error(text_, why); }

private:
    struct key_value {
        std::string key;
        std::string value;
        bool used = false;
    };

    std::string text_;
    std::string kind_;
    std::string path_;
    std::string target_;
    bool has_path_ = false;
    bool has_target_ = false;
    std::vector<key_value> pairs_;
    std::vector<std::string> known_;
};

inline data_word::data_word(std::string_view word)
    : text_(word) {
    const auto kind_end = std::min(word.find_first_of(":#?"), word.size());
    kind_ = word.substr(0, kind_end);
    std::string_view rest = word.substr(kind_end);
    // The keys stand behind the last question mark, so that a path may hold one before.
    if (const auto mark = rest.rfind('?'); mark != std::string_view::npos) {
        std::string_view keys = rest.substr(mark + 1);
        rest = rest.substr(0, mark);
        while (!keys.empty()) {
            const std::string_view one = keys.substr(0, keys.find('&'));
            keys.remove_prefix(std::min(one.size() + 1, keys.size()));
            const auto equals = one.find('=');
            if (equals == std::string_view::npos || equals == 0) {
                fail("\"" + std::string(one) + "\" is no key=value");
            }
            const std::string key(one.substr(0, equals));
            for (const key_value& other : pairs_) {
                if (other.key == key) {
                    fail("gives " + key + " twice");
                }
            }
            pairs_.push_back({key, std::string(one.substr(equals + 1)), false});
        }
    }
    constexpr std::string_view mark = "#target=";
    if (const auto at = rest.rfind(mark); at != std::string_view::npos) {
        has_target_ = true;
        target_ = rest.substr(at + mark.size());
        rest = rest.substr(0, at);
    }
    if (!rest.empty()) {
        has_path_ = true;
        path_ = rest.substr(1); // behind the colon
        if (rest[0] != ':') {
            fail("\"" + std::string(rest) + "\" is not understood; a target is #target=COLUMN");
        }
    }
}

} // namespace mend::detail
