// SPDX-License-Identifier: MIT
/// Patches: RFC 6902 edits of a problem's document, as values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/pointer.hpp>

namespace mend {

enum class edit_operation : std::uint8_t { add, remove, replace };

/// "add", "remove", "replace".
[[nodiscard]] constexpr std::string_view to_text(edit_operation operation) noexcept {
    constexpr std::string_view names[] = {"add", "remove", "replace"};
    return names[static_cast<std::size_t>(operation)];
}

/// One edit of a document.
struct edit {
    edit_operation operation = edit_operation::replace;
    std::string path;              ///< JSON pointer into the document
    document value{};              ///< of add and replace
    std::optional<document> old{}; ///< what was there, where that is known; needed by invert

    /// `old` does not count: it belongs to the document.
    friend bool operator==(const edit& a, const edit& b) {
        return a.operation == b.operation && a.path == b.path && a.value == b.value;
    }
};

/// Edits, one after the other, of the document that a problem was read from.
struct patch {
    std::vector<edit> edits{};
    std::vector<std::string> text{}; ///< readable lines, one per change, where they are known

    [[nodiscard]] bool empty() const noexcept { return edits.empty(); }

    friend bool operator==(const patch& a, const patch& b) { return a.edits == b.edits; }
};

/// Applies edits to a document in order and returns them with `old` filled in. Throws spec_error
/// for a path that is not there; the document is then half edited.
inline patch apply_to(document& root, patch p) {
    for (edit& e : p.edits) {
        switch (e.operation) {
        case edit_operation::add:
            e.old = add_at(root, e.path, e.value);
            break;
        case edit_operation::remove:
            e.old = remove_at(root, e.path);
            break;
        case edit_operation::replace:
            e.old = replace_at(root, e.path, e.value);
            break;
        }
    }
    return p;
}

/// Whether any edit is within the model.
[[nodiscard]] inline bool changes_model(const patch& p) noexcept {
    for (const edit& e : p.edits) {
        if (e.path == "/model" || e.path.starts_with("/model/")) {
            return true;
        }
    }
    return false;
}

/// The patch that undoes this one: apply(apply(a, p), invert(p)) == a. Requires old values (diff
/// and with_old_values give them) and paths without "-".
[[nodiscard]] inline patch invert(const patch& p) {
    patch undo;
    for (std::size_t i = p.edits.size(); i-- > 0;) {
        const edit& e = p.edits[i];
        MEND_EXPECTS(!e.path.ends_with("/-"), "an edit that appends can not be inverted");
        MEND_EXPECTS(
            e.old.has_value() || e.operation == edit_operation::add, "the old value is needed"
        );
        edit back{.path = e.path};
        if (!e.old) {
            back.operation = edit_operation::remove;
            back.old = e.value;
        } else {
            back.value = *e.old;
            if (e.operation == edit_operation::remove) {
                back.operation = edit_operation::add;
            } else {
                back.old = e.value;
            }
        }
        undo.edits.push_back(std::move(back));
    }
    return undo;
}

/// The readable lines of a patch: those that diff gave it, else one per edit made from its path.
[[nodiscard]] inline std::vector<std::string> lines(const patch& p) {
    if (!p.text.empty()) {
        return p.text;
    }
    std::vector<std::string> found;
    for (const edit& e : p.edits) {
        const std::string value = plain_text(e.value);
        if (e.operation == edit_operation::remove) {
            found.push_back("- " + e.path);
        } else if (e.operation == edit_operation::add && !e.old) {
            found.push_back("+ " + e.path + ": " + value);
        } else {
            found.push_back(e.path + ": " + (e.old ? plain_text(*e.old) + " -> " : "") + value);
        }
    }
    return found;
}

/// `[{"op": "replace", "path": .., "value": ..}, ..]`, an RFC 6902 JSON Patch.
[[nodiscard]] inline document document_from(const patch& p) {
    document list = document::array();
    for (const edit& e : p.edits) {
        document entry = document::object();
        entry.set("op", to_text(e.operation));
        entry.set("path", e.path);
        if (e.operation != edit_operation::remove) {
            entry.set("value", e.value);
        }
        list.push_back(std::move(entry));
    }
    return list;
}

/// The patch of such a list. Throws spec_error with a path below `where`; of the operations of RFC
/// 6902 test, move and copy are not supported.
[[nodiscard]] inline patch patch_from(const document& list, const std::string& where = "") {
    if (!list.is_array()) {
        throw spec_error(where.empty() ? "/" : where, "a patch is a list of edits");
    }
    patch p;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const document& entry = list.items()[i];
        const std::string at = pointer_to(where, i);
        const auto text = [&](std::string_view key) {
            const document* value = entry.find(key);
            if (value == nullptr || !value->is_string()) {
                throw spec_error(pointer_to(at, key), value ? "must be a text" : "is missing");
            }
            return value->as_string();
        };
        edit e;
        const std::string operation = text("op");
        if (operation == "add") {
            e.operation = edit_operation::add;
        } else if (operation == "remove") {
            e.operation = edit_operation::remove;
        } else if (operation != "replace") {
            throw spec_error(pointer_to(at, "op"), detail::shown(operation) + " is not supported");
        }
        e.path = text("path");
        static_cast<void>(pointer_keys(e.path));
        if (e.operation != edit_operation::remove) {
            const document* value = entry.find("value");
            if (value == nullptr) {
                throw spec_error(pointer_to(at, "value"), "is missing");
            }
            e.value = *value;
        }
        p.edits.push_back(std::move(e));
    }
    return p;
}

/// `std::cout << patch`: one line per change.
template <class Stream>

requires requires(Stream& stream, const char* text) { stream << text; }

Stream& operator<<(Stream& stream, const patch& p) {
    for (const std::string& line : lines(p)) {
        stream << line.c_str() << "\n";
    }
    return stream;
}

} // namespace mend
