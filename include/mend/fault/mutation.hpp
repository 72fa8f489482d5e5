// SPDX-License-Identifier: MIT
/// One mutant of first order: an operator, where it is applied, and with what setting.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/spec/document.hpp>

namespace mend {

/// The setting of an operator: none, a number (a percentage, a batch size, ...) or a name.
using mutation_value = std::variant<std::monostate, double, std::string>;

/// "", "31.25", "sgd".
[[nodiscard]] inline std::string to_text(const mutation_value& value) {
    if (const auto* number = std::get_if<double>(&value)) {
        return to_text(*number);
    }
    const auto* name = std::get_if<std::string>(&value);
    return name == nullptr ? std::string() : *name;
}

/// A number where the whole text is one, else a name; nothing for "".
[[nodiscard]] inline mutation_value mutation_value_from(const std::string& text) {
    if (text.empty()) {
        return {};
    }
    double number = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    return result.ec == std::errc{} && result.ptr == end ? mutation_value(number)
                                                         : mutation_value(text);
}

/// A regular value. The operator, the layer and the value tell one mutant from another.
struct mutation {
    std::string code{}; ///< of the operator: "TCL"
    std::optional<std::size_t>
        layer{}; ///< counted from 0 without an InputLayer; of layer operators
    mutation_value value{};
    std::optional<int> label{}; ///< TCL, TCO: the class that is changed; absent: the largest
    std::uint64_t seed = 0;     ///< of what a data operator draws

    friend bool operator==(const mutation&, const mutation&) = default;
};

/// "ACH layers[1] tanh", "TCL 31.25".
[[nodiscard]] inline std::string to_text(const mutation& m) {
    std::string text = m.code;
    if (m.layer) {
        text += " layers[" + std::to_string(*m.layer) + "]";
    }
    if (m.label) {
        text += " class " + std::to_string(*m.label);
    }
    const std::string value = to_text(m.value);
    return value.empty() ? text : text + " " + value;
}

[[nodiscard]] inline document document_from(const mutation_value& value) {
    if (const auto* number = std::get_if<double>(&value)) {
        return *number;
    }
    const auto* name = std::get_if<std::string>(&value);
    return name == nullptr ? document() : document(*name);
}

/// `{"operator": "TCL", "value": 31.25, "seed": 7}`, with layer and label where there are.
[[nodiscard]] inline document document_from(const mutation& m) {
    document out = document::object();
    out.set("operator", m.code);
    if (m.layer) {
        out.set("layer", static_cast<std::int64_t>(*m.layer));
    }
    if (m.value.index() != 0) {
        out.set("value", document_from(m.value));
    }
    if (m.label) {
        out.set("label", *m.label);
    }
    out.set("seed", static_cast<std::int64_t>(m.seed));
    return out;
}

/// The mutation of such a document. Throws spec_error with a path below `where`; whether there is
/// such an operator is for `check_mutation` to say.
[[nodiscard]] inline mutation
mutation_from(const document& from, const std::string& where = "/mutation") {
    if (!from.is_object()) {
        throw spec_error(where, "a mutation is an object");
    }
    mutation read;
    for (const auto& [key, value] : from.members()) {
        const std::string at = where + "/" + key;
        const auto whole = [&, &given = value]() -> std::int64_t {
            if (!given.is_integer()) {
                throw spec_error(at, "must be an integer");
            }
            return given.as_integer();
        };
        if (key == "operator" && value.is_string()) {
            read.code = value.as_string();
        } else if (key == "value" && value.is_number()) {
            read.value = value.as_number();
        } else if (key == "value" && value.is_string()) {
            read.value = value.as_string();
        } else if (key == "seed") {
            read.seed = static_cast<std::uint64_t>(whole());
        } else if (key == "label" || key == "layer") {
            const std::int64_t number = whole();
            if (number < 0 || number > INT32_MAX) {
                throw spec_error(at, "is out of range");
            }
            if (key == "label") {
                read.label = static_cast<int>(number);
            } else {
                read.layer = static_cast<std::size_t>(number);
            }
        } else {
            throw spec_error(
                at,
                key == "operator" || key == "value" ? "is of a wrong kind"
                                                    : "is not a key that mend knows here"
            );
        }
    }
    if (read.code.empty()) {
        throw spec_error(where + "/operator", "is missing");
    }
    return read;
}

} // namespace mend
