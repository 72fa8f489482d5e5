// SPDX-License-Identifier: MIT
/// Patches as RFC 6902 JSON text.
#pragma once

#include <string>
#include <string_view>

#include <mend/core/error.hpp>
#include <mend/io/json_text.hpp>
#include <mend/io/text_file.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/patch.hpp>

namespace mend {

/// `[{"op": "replace", "path": "/fit/epochs", "value": 20}]`, indented.
[[nodiscard]] inline std::string to_json(const patch& p, int indent = 2) {
    return to_json(document_from(p), indent);
}

/// The patch of a JSON text. Throws spec_error with the place and the reason.
[[nodiscard]] inline patch parse_patch(std::string_view text, std::string_view name = {}) {
    return patch_from(parse_json(text, name), name.empty() ? "" : std::string(name) + ": ");
}

/// The patch in a file. Throws file_error, spec_error.
[[nodiscard]] inline patch read_patch(const std::string& path) {
    return parse_patch(read_text_file(path), path);
}

/// Writes to_json(p) as a whole or not at all. Throws file_error.
inline void write_patch(const std::string& path, const patch& p) {
    write_text_file(path, to_json(p));
}

} // namespace mend
