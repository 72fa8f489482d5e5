// SPDX-License-Identifier: MIT
/// A JSON-like value: null, bool, integer, real, string, array, or object in the order written.
///
/// Problems and patches carry such trees, so that the kernel needs no JSON library; io/ turns text
/// into them and back. Integers stay integers. Deep trees cost stack: readers limit the depth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/config.hpp>

namespace mend {

class document;

/// A value with its key. A template, so that it can be named before document is complete.
template <class Value>
struct keyed {
    std::string key;
    Value value;

    friend bool operator==(const keyed&, const keyed&) = default;
};

using document_member = keyed<document>;

/// What a document may be; the order of the alternatives of its value.
enum class document_kind : std::uint8_t { null, boolean, integer, real, string, array, object };

/// "null", "a boolean", "an integer", "a number", "a string", "a list", "an object".
[[nodiscard]] constexpr std::string_view to_text(document_kind kind) noexcept {
    constexpr std::string_view names[] = {
        "null", "a boolean", "an integer", "a number", "a string", "a list", "an object"};
    return names[static_cast<std::size_t>(kind)];
}

/// A regular value: copies are deep, == is exact (1 and 1.0 differ; objects differ when the order
/// of their members does).
class document {
public:
    using array_type = std::vector<document>;
    using object_type = std::vector<document_member>;

    document() = default; ///< null

    document(std::nullptr_t) {}

    document(bool value)
        : value_(value) {}

    template <class Number>

    requires std::is_arithmetic_v<Number> document(Number value)
        : value_([value] {
            if constexpr (std::is_integral_v<Number>) {
                return static_cast<std::int64_t>(value);
            } else {
                return static_cast<double>(value);
            }
        }()) {}

    document(std::string value)
        : value_(std::move(value)) {}

    document(std::string_view value)
        : value_(std::string(value)) {}

    document(const char* value)
        : value_(std::string(value)) {}

    document(array_type items)
        : value_(std::move(items)) {}

    document(object_type members)
        : value_(std::move(members)) {}

    [[nodiscard]] static document array() { return array_type{}; }

    [[nodiscard]] static document object() { return object_type{}; }

    [[nodiscard]] document_kind kind() const noexcept {
        return static_cast<document_kind>(value_.index());
    }

    [[nodiscard]] bool is_null() const noexcept { return kind() == document_kind::null; }

    [[nodiscard]] bool is_bool() const noexcept { return kind() == document_kind::boolean; }

    [[nodiscard]] bool is_integer() const noexcept { return kind() == document_kind::integer; }

    /// An integer or a real.
    [[nodiscard]] bool is_number() const noexcept {
        return is_integer() || kind() == document_kind::real;
    }

    [[nodiscard]] bool is_string() const noexcept { return kind() == document_kind::string; }

    [[nodiscard]] bool is_array() const noexcept { return kind() == document_kind::array; }

    [[nodiscard]] bool is_object() const noexcept { return kind() == document_kind::object; }

    // Each requires the kind it names.
    [[nodiscard]] bool as_bool() const { return get<bool>(); }

    [[nodiscard]] std::int64_t as_integer() const { return get<std::int64_t>(); }

    /// Of an integer or a real.
    [[nodiscard]] double as_number() const {
        return is_integer() ? static_cast<double>(as_integer()) : get<double>();
    }

    [[nodiscard]] const std::string& as_string() const { return get<std::string>(); }

    [[nodiscard]] const array_type& items() const { return get<array_type>(); }

    [[nodiscard]] array_type& items() { return get<array_type>(); }

    [[nodiscard]] const object_type& members() const { return get<object_type>(); }

    [[nodiscard]] object_type& members() { return get<object_type>(); }

    /// Items of an array, members of an object, else 0.
    [[nodiscard]] std::size_t size() const noexcept;

    /// The member of an object; nullptr where there is none or this is no object. Linear.
    [[nodiscard]] const document* find(std::string_view key) const noexcept;
    [[nodiscard]] document* find(std::string_view key) noexcept;

    /// Sets a member of an object, at the end where it is new. Requires an object.
    document& set(std::string_view key, document value);

    /// Appends to an array. Requires an array.
    document& push_back(document item);

    friend bool operator==(const document&, const document&) = default;

private:
    template <class Value>
    [[nodiscard]] const Value& get() const {
        const Value* value = std::get_if<Value>(&value_);
        MEND_EXPECTS(value != nullptr, "the document is of another kind");
        return *value;
    }

    template <class Value>
    [[nodiscard]] Value& get() {
        Value* value = std::get_if<Value>(&value_);
        MEND_EXPECTS(value != nullptr, "the document is of another kind");
        return *value;
    }

    std::variant<std::monostate, bool, std::int64_t, double, std::string, array_type, object_type>
        value_;
};

inline std::size_t document::size() const noexcept {
    if (const auto* items = std::get_if<array_type>(&value_)) {
        return items->size();
    }
    if (const auto* members = std::get_if<object_type>(&value_)) {
        return members->size();
    }
    return 0;
}

inline const document* document::find(std::string_view key) const noexcept {
    if (const auto* members = std::get_if<object_type>(&value_)) {
        for (const document_member& m : *members) {
            if (m.key == key) {
                return &m.value;
            }
        }
    }
    return nullptr;
}

inline document* document::find(std::string_view key) noexcept {
    return const_cast<document*>(std::as_const(*this).find(key));
}

inline document& document::set(std::string_view key, document value) {
    if (document* old = find(key)) {
        *old = std::move(value);
        return *old;
    }
    return members().emplace_back(document_member{std::string(key), std::move(value)}).value;
}

inline document& document::push_back(document item) {
    return items().emplace_back(std::move(item));
}

} // namespace mend
