// SPDX-License-Identifier: MIT
/// Problems as JSON files, in the spellings of Keras 2, Keras 3 and TensorFlow.js.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <mend/core/error.hpp>
#include <mend/io/json_text.hpp>
#include <mend/io/text_file.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read.hpp>

namespace mend {

/// Where the model of a problem (or of the problem in a fault) is a string, which is what
/// `model.to_json()` and `model.toJSON()` return, puts the tree in its place. Says whether it was.
/// Throws spec_error where the string is no JSON.
inline bool expand_model_text(document& root, std::string_view name = {}) {
    std::string path = "/model";
    document* holder = &root;
    if (document* inner = root.find("problem"); inner != nullptr && !root.find("model")) {
        holder = inner;
        path = "/problem/model";
    }
    document* model = holder->find("model");
    if (model == nullptr || !model->is_string()) {
        return false;
    }
    const std::string where = name.empty() ? path : std::string(name) + ": " + path;
    *model = parse_json(std::string(model->as_string()), where);
    return true;
}

/// The problem of a JSON text, which may also be a fault that holds one. Throws spec_error: one
/// line with the name (of the file), the place and the reason of the first mistake, and how many
/// more there are; `validate` lists them all.
[[nodiscard]] inline problem parse_problem(std::string_view text, std::string_view name = {}) {
    document root = parse_json(text, name);
    const bool model_is_text = expand_model_text(root, name);
    problem read = problem_from(root, name);
    read.model_is_text = model_is_text;
    return read;
}

/// The problem in a file. Throws file_error, spec_error.
[[nodiscard]] inline problem read_problem(const std::string& path) {
    return parse_problem(read_text_file(path), path);
}

/// The file that the problem was read from, patches applied; for a problem made or changed in C++
/// its values in the spelling of Keras 2.
[[nodiscard]] inline std::string to_json(const problem& p, int indent = 2) {
    return to_json(document_of(p), indent);
}

/// Writes to_json(p) as a whole or not at all. Throws file_error.
inline void write_problem(const std::string& path, const problem& p) {
    write_text_file(path, to_json(p));
}

} // namespace mend
