// SPDX-License-Identifier: MIT
/// JSON pointers (RFC 6901) into a document, and the three edits of RFC 6902 that patches use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/spec/document.hpp>

namespace mend {

/// The pointer to a member below `parent`: "~" and "/" in the key are escaped.
[[nodiscard]] inline std::string pointer_to(std::string_view parent, std::string_view key) {
    std::string pointer(parent);
    pointer += '/';
    for (const char c : key) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
    return pointer;
}

[[nodiscard]] inline std::string pointer_to(std::string_view parent, std::size_t position) {
    return pointer_to(parent, std::string_view(std::to_string(position)));
}

/// The keys along a pointer, unescaped; "" has none. Throws spec_error for malformed pointers.
[[nodiscard]] inline std::vector<std::string> pointer_keys(std::string_view pointer) {
    std::vector<std::string> keys;
    if (pointer.empty()) {
        return keys;
    }
    const std::string whole(pointer);
    if (pointer.front() != '/') {
        throw spec_error(whole, "a JSON pointer starts with /");
    }
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == '/') {
            keys.emplace_back();
        } else if (pointer[i] != '~') {
            keys.back() += pointer[i];
        } else if (i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1')) {
            keys.back() += pointer[++i] == '0' ? '~' : '/';
        } else {
            throw spec_error(whole, "in a JSON pointer ~ is followed by 0 or 1");
        }
    }
    return keys;
}

namespace detail {

/// The array position that a key names: digits without a leading zero, at most `limit`.
[[nodiscard]] inline std::optional<std::size_t>
array_position(std::string_view key, std::size_t limit) noexcept {
    if (key.empty() || key.size() > 9 || (key.size() > 1 && key.front() == '0')) {
        return std::nullopt;
    }
    std::size_t position = 0;
    for (const char c : key) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        position = position * 10 + static_cast<std::size_t>(c - '0');
    }
    return position <= limit ? std::optional(position) : std::nullopt;
}

[[nodiscard]] inline const document* child(const document& parent, std::string_view key) noexcept {
    if (parent.is_array()) {
        const auto position = array_position(key, parent.size());
        return position && *position < parent.size() ? &parent.items()[*position] : nullptr;
    }
    return parent.find(key);
}

/// What holds the value at a pointer, and the last key. Requires a pointer that is not "".
[[nodiscard]] inline std::pair<document*, std::string>
holder(document& root, std::string_view pointer) {
    std::vector<std::string> keys = pointer_keys(pointer);
    const document* at = &root;
    for (std::size_t i = 0; i + 1 < keys.size() && at != nullptr; ++i) {
        at = child(*at, keys[i]);
    }
    if (at == nullptr || (!at->is_array() && !at->is_object())) {
        throw spec_error(std::string(pointer), "there is nothing of this path to edit");
    }
    return {const_cast<document*>(at), std::move(keys.back())};
}

} // namespace detail

/// The value at a pointer; nullptr where there is none. Throws spec_error for malformed pointers.
[[nodiscard]] inline const document* find_at(const document& root, std::string_view pointer) {
    const document* at = &root;
    for (const std::string& key : pointer_keys(pointer)) {
        at = detail::child(*at, key);
        if (at == nullptr) {
            return nullptr;
        }
    }
    return at;
}

/// RFC 6902 add: sets a member of an object, inserts before a position of an array ("-": at the
/// end), replaces the whole for "". Returns the member that it overwrote. Throws spec_error where
/// the path leads nowhere.
inline std::optional<document> add_at(document& root, std::string_view pointer, document value) {
    if (pointer.empty()) {
        return std::exchange(root, std::move(value));
    }
    const auto [parent, key] = detail::holder(root, pointer);
    if (parent->is_object()) {
        std::optional<document> old;
        if (const document* there = parent->find(key)) {
            old = *there;
        }
        parent->set(key, std::move(value));
        return old;
    }
    auto& items = parent->items();
    const auto position =
        key == "-" ? std::optional(items.size()) : detail::array_position(key, items.size());
    if (!position) {
        throw spec_error(
            std::string(pointer), "the list has " + std::to_string(items.size()) + " entries"
        );
    }
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(*position), std::move(value));
    return std::nullopt;
}

/// RFC 6902 replace; returns the old value. Throws spec_error where there is none.
inline document replace_at(document& root, std::string_view pointer, document value) {
    const document* there = find_at(root, pointer);
    if (there == nullptr) {
        throw spec_error(std::string(pointer), "there is nothing to replace");
    }
    return std::exchange(const_cast<document&>(*there), std::move(value));
}

/// RFC 6902 remove; returns the old value. Throws spec_error where there is none.
inline document remove_at(document& root, std::string_view pointer) {
    const document* there = find_at(root, pointer);
    if (there == nullptr) {
        throw spec_error(std::string(pointer), "there is nothing to remove");
    }
    document old = *there;
    if (pointer.empty()) {
        root = document{};
        return old;
    }
    const auto [parent, key] = detail::holder(root, pointer);
    if (parent->is_array()) {
        auto& items = parent->items();
        items.erase(items.begin() + (there - items.data()));
    } else {
        auto& members = parent->members();
        for (auto member = members.begin(); member != members.end(); ++member) {
            if (member->key == key) {
                members.erase(member);
                break;
            }
        }
    }
    return old;
}

} // namespace mend
