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

/// What a document may be.
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

    document() noexcept; ///< null

    // Documents are built and moved everywhere, and never where speed counts: these out of line
    // keep the code of what handles them at a fraction.
    document(const document& other);
    document(document&& other) noexcept;
    document& operator=(const document& other);
    document& operator=(document&& other) noexcept;
    ~document();

    document(std::nullptr_t) noexcept
        : document() {}

    document(bool value);

    template <class Number>

    requires std::is_arithmetic_v<Number> document(Number value)
        : document() {
        if constexpr (std::is_integral_v<Number>) {
            kind_ = document_kind::integer;
            integer_ = static_cast<std::int64_t>(value);
        } else {
            kind_ = document_kind::real;
            real_ = static_cast<double>(value);
        }
    }

    document(std::string value);
    document(std::string_view value);
    document(const char* value);
    document(array_type items);
    document(object_type members);

    [[nodiscard]] static document array() { return array_type{}; }

    [[nodiscard]] static document object() { return object_type{}; }

    [[nodiscard]] document_kind kind() const noexcept { return kind_; }

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
    [[nodiscard]] bool as_bool() const { return expect(document_kind::boolean).integer_ != 0; }

    [[nodiscard]] std::int64_t as_integer() const {
        return expect(document_kind::integer).integer_;
    }

    /// Of an integer or a real.
    [[nodiscard]] double as_number() const {
        return is_integer() ? static_cast<double>(integer_) : expect(document_kind::real).real_;
    }

    [[nodiscard]] const std::string& as_string() const {
        return expect(document_kind::string).text_;
    }

    [[nodiscard]] const array_type& items() const { return expect(document_kind::array).items_; }

    [[nodiscard]] array_type& items() {
        expect(document_kind::array);
        return items_;
    }

    [[nodiscard]] const object_type& members() const {
        return expect(document_kind::object).members_;
    }

    [[nodiscard]] object_type& members() {
        expect(document_kind::object);
        return members_;
    }

    /// Items of an array, members of an object, else 0.
    [[nodiscard]] std::size_t size() const noexcept;

    /// The member of an object; nullptr where there is none or this is no object. Linear.
    [[nodiscard]] const document* find(std::string_view key) const noexcept;
    [[nodiscard]] document* find(std::string_view key) noexcept;

    /// Sets a member of an object, at the end where it is new. Requires an object.
    document& set(std::string_view key, document value);

    /// Appends to an array. Requires an array.
    document& push_back(document item);

    friend bool operator==(const document& a, const document& b) { return a.equals(b); }

private:
    [[nodiscard]] bool equals(const document& other) const;
    const document& expect(document_kind wanted) const;

    // Plain members instead of a variant: half the compile time, and only the one in use is not
    // empty, so that == is memberwise.
    document_kind kind_ = document_kind::null;
    std::int64_t integer_ = 0;
    double real_ = 0;
    std::string text_;
    array_type items_;
    object_type members_;
};

[[gnu::noinline]] inline document::document() noexcept {}

[[gnu::noinline]] inline document::document(const document& other)
    : kind_(other.kind_)
    , integer_(other.integer_)
    , real_(other.real_)
    , text_(other.text_)
    , items_(other.items_)
    , members_(other.members_) {}

[[gnu::noinline]] inline document::document(document&& other) noexcept
    : kind_(other.kind_)
    , integer_(other.integer_)
    , real_(other.real_)
    , text_(std::move(other.text_))
    , items_(std::move(other.items_))
    , members_(std::move(other.members_)) {}

[[gnu::noinline]] inline document& document::operator=(const document& other) {
    document copy(other);
    return *this = std::move(copy);
}

[[gnu::noinline]] inline document& document::operator=(document&& other) noexcept {
    kind_ = other.kind_;
    integer_ = other.integer_;
    real_ = other.real_;
    text_ = std::move(other.text_);
    // What is assigned may be a part of this, which must outlive its assignment.
    array_type items = std::move(other.items_);
    object_type members = std::move(other.members_);
    items_ = std::move(items);
    members_ = std::move(members);
    return *this;
}

[[gnu::noinline]] inline document::~document() {}

[[gnu::noinline]] inline document::document(bool value)
    : document() {
    kind_ = document_kind::boolean;
    integer_ = value ? 1 : 0;
}

[[gnu::noinline]] inline document::document(std::string value)
    : document() {
    kind_ = document_kind::string;
    text_ = std::move(value);
}

[[gnu::noinline]] inline document::document(std::string_view value)
    : document() {
    kind_ = document_kind::string;
    text_ = value;
}

[[gnu::noinline]] inline document::document(const char* value)
    : document(std::string_view(value)) {}

[[gnu::noinline]] inline document::document(array_type items)
    : document() {
    kind_ = document_kind::array;
    items_ = std::move(items);
}

[[gnu::noinline]] inline document::document(object_type members)
    : document() {
    kind_ = document_kind::object;
    members_ = std::move(members);
}

[[gnu::noinline]] inline bool document::equals(const document& other) const {
    return kind_ == other.kind_ && integer_ == other.integer_ && real_ == other.real_ &&
           text_ == other.text_ && items_ == other.items_ && members_ == other.members_;
}

[[gnu::noinline]] inline const document& document::expect(document_kind wanted) const {
    MEND_EXPECTS(kind_ == wanted, "the document is of another kind");
    return *this;
}

[[gnu::noinline]] inline std::size_t document::size() const noexcept {
    return items_.size() + members_.size();
}

[[gnu::noinline]] inline const document* document::find(std::string_view key) const noexcept {
    for (const document_member& m : members_) {
        if (m.key == key) {
            return &m.value;
        }
    }
    return nullptr;
}

inline document* document::find(std::string_view key) noexcept {
    return const_cast<document*>(std::as_const(*this).find(key));
}

[[gnu::noinline]] inline document& document::set(std::string_view key, document value) {
    if (document* old = find(key)) {
        *old = std::move(value);
        return *old;
    }
    return members().emplace_back(document_member{std::string(key), std::move(value)}).value;
}

[[gnu::noinline]] inline document& document::push_back(document item) {
    return items().emplace_back(std::move(item));
}

} // namespace mend
