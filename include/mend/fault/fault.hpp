// SPDX-License-Identifier: MIT
/// A fault as a value: a problem that trains badly, the patch that is known to mend it, and the
/// data on which it shows.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <mend/core/error.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read.hpp>

namespace mend {

struct fault {
    std::string id;
    std::string about; ///< one sentence for people; may be empty
    std::string data;  ///< as `--data` takes it
    mend::problem problem;
    patch fix;       ///< applies to `problem`
    document source; ///< the whole, as it was read

    friend bool operator==(const fault& a, const fault& b) {
        return a.id == b.id && a.about == b.about && a.data == b.data && a.problem == b.problem &&
               a.fix == b.fix;
    }
};

/// The fault in a document: {id, problem, fix, data, ...}. Members that mend does not read yet are
/// kept in `source`. Throws spec_error with the path of the mistake, `name` in front.
[[nodiscard]] inline fault fault_from(const document& root, std::string_view name = {}) {
    const auto refuse = [&](const std::string& where, const std::string& why) {
        throw spec_error(name.empty() ? where : std::string(name) + ": " + where, why);
    };
    if (!root.is_object()) {
        refuse("/", "a fault is an object");
    }
    fault read;
    const auto text = [&](const char* key, bool required) {
        const document* value = root.find(key);
        if (value == nullptr) {
            if (required) {
                refuse(std::string("/") + key, "is missing");
            }
            return std::string();
        }
        if (!value->is_string()) {
            refuse(std::string("/") + key, "must be a string");
        }
        return value->as_string();
    };
    read.id = text("id", true);
    read.about = text("about", false);
    read.data = text("data", true);
    if (root.find("problem") == nullptr) {
        refuse("/problem", "is missing");
    }
    read.problem = problem_from(root, name);
    const document* fix = root.find("fix");
    if (fix == nullptr) {
        refuse("/fix", "is missing");
    }
    read.fix = with_old_values(read.problem, patch_from(*fix, "/fix"));
    static_cast<void>(apply(read.problem, read.fix)); // the fix must fit
    read.source = root;
    return read;
}

} // namespace mend
