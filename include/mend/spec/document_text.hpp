// SPDX-License-Identifier: MIT
/// Documents as JSON text.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include <mend/core/text.hpp>
#include <mend/spec/document.hpp>

namespace mend {

namespace detail {

inline void write_string(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\r':
            out += "\\r";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                out += "\\u00";
                out += hex[static_cast<unsigned char>(c) >> 4U];
                out += hex[static_cast<unsigned char>(c) & 15U];
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

inline void write_real(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null"; // JSON has no other word for it
        return;
    }
    const std::string text = to_text(value);
    out += text;
    if (text.find_first_of(".e") == std::string::npos) {
        out += ".0"; // so that it reads back as a real
    }
}

/// Whether a list or object is short and flat enough for one line of an indented text.
[[nodiscard]] inline bool fits_line(const document& value) {
    if (value.is_object()) {
        return value.size() == 0;
    }
    for (const document& item : value.items()) {
        if (item.is_object() || item.is_array()) {
            return false;
        }
    }
    return true;
}

/// `indent` < 0: everything on one line.
inline void write_json(std::string& out, const document& value, int indent, int depth) {
    const auto line = [&](int at) {
        if (indent >= 0) {
            out += '\n';
            out.append(static_cast<std::size_t>(indent * at), ' ');
        }
    };
    switch (value.kind()) {
    case document_kind::null:
        out += "null";
        return;
    case document_kind::boolean:
        out += to_text(value.as_bool());
        return;
    case document_kind::integer:
        out += std::to_string(value.as_integer());
        return;
    case document_kind::real:
        write_real(out, value.as_number());
        return;
    case document_kind::string:
        write_string(out, value.as_string());
        return;
    case document_kind::array: {
        const bool flat = indent < 0 || fits_line(value);
        out += '[';
        for (std::size_t i = 0; i < value.size(); ++i) {
            out += i == 0 ? "" : flat ? ", " : ",";
            if (!flat) {
                line(depth + 1);
            }
            write_json(out, value.items()[i], indent, depth + 1);
        }
        if (!flat) {
            line(depth);
        }
        out += ']';
        return;
    }
    case document_kind::object: {
        const bool flat = indent < 0 || fits_line(value);
        out += '{';
        bool first = true;
        for (const auto& [key, member] : value.members()) {
            out += first ? "" : flat ? ", " : ",";
            first = false;
            if (!flat) {
                line(depth + 1);
            }
            write_string(out, key);
            out += ": ";
            write_json(out, member, indent, depth + 1);
        }
        if (!flat) {
            line(depth);
        }
        out += '}';
        return;
    }
    }
}

} // namespace detail

/// JSON on one line: `{"units": 16, "rate": 0.5}`. Reals have the shortest text that reads back,
/// and a point or exponent; NaN and infinities become null. Text is taken to be UTF-8.
[[nodiscard]] inline std::string to_json(const document& value) {
    std::string out;
    detail::write_json(out, value, -1, 0);
    return out;
}

/// JSON over several lines, ending with a newline; lists of plain values stay on one line.
/// Requires indent >= 0.
[[nodiscard]] inline std::string to_json(const document& value, int indent) {
    std::string out;
    detail::write_json(out, value, indent, 0);
    out += '\n';
    return out;
}

/// A value in a message: strings bare, reals that hold a float's value as the float's shortest
/// text (0.0010000000474974513, which Keras writes for 0.001, as 0.001), the rest as JSON.
[[nodiscard]] inline std::string plain_text(const document& value) {
    if (value.is_string()) {
        return value.as_string();
    }
    if (value.kind() == document_kind::real) {
        const double number = value.as_number();
        const auto single = static_cast<float>(number);
        return static_cast<double>(single) == number ? to_text(single) : to_text(number);
    }
    return to_json(value);
}

namespace detail {

/// A value in a message, at most some 40 characters.
[[nodiscard]] inline std::string shown(const document& value) {
    if (value.is_object()) {
        return "an object";
    }
    std::string text = to_json(value);
    if (text.size() > 40) {
        std::size_t end = 37;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            --end; // not within a UTF-8 character
        }
        text = text.substr(0, end) + "...";
    }
    return text;
}

} // namespace detail

} // namespace mend
