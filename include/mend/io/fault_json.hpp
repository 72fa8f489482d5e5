// SPDX-License-Identifier: MIT
/// Faults as JSON text, and lists of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <mend/fault/fault.hpp>
#include <mend/io/json_text.hpp>
#include <mend/io/text_file.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/document.hpp>

namespace mend {

/// Throws spec_error with `name` (of the file) and the path of the mistake.
[[nodiscard]] inline fault parse_fault(std::string_view text, std::string_view name = {}) {
    return fault_from(parse_json(text, name), name);
}

/// Throws file_error, spec_error.
[[nodiscard]] inline fault read_fault(const std::string& path) {
    return parse_fault(read_text_file(path), path);
}

/// What `mend faults --json` says of one: id, group (published or own), about, data, profiles,
/// repairable, and the fix in readable lines.
[[nodiscard]] inline document summary_document(const fault& f) {
    document out = document::object();
    out.set("id", f.id);
    out.set("group", f.is_published() ? "published" : "own");
    out.set("about", f.about);
    out.set("data", f.data);
    document profiles = document::array();
    profiles.push_back("full");
    for (const fault_profile& profile : f.profiles) {
        profiles.push_back(profile.name);
    }
    out.set("profiles", std::move(profiles));
    out.set("repairable", f.repairable);
    document fix = document::array();
    for (const std::string& line : lines(f.problem, apply(f.problem, f.fix))) {
        fix.push_back(line);
    }
    out.set("fix", std::move(fix));
    return out;
}

/// The published ones, then mend's own, one line each: id, data, what is wrong.
[[nodiscard]] inline std::string faults_text(std::span<const fault> faults) {
    std::size_t widest_id = 0;
    std::size_t widest_data = 0;
    for (const fault& f : faults) {
        widest_id = std::max(widest_id, f.id.size());
        widest_data = std::max(widest_data, f.data.size());
    }
    std::string out;
    const auto column = [&](const std::string& text, std::size_t width) {
        out += text;
        out.append(width + 2 - text.size(), ' ');
    };
    for (const bool published : {true, false}) {
        bool first = true;
        for (const fault& f : faults) {
            if (f.is_published() != published) {
                continue;
            }
            if (std::exchange(first, false)) {
                out += out.empty() ? "" : "\n";
                out += published ? "Published faults (Kim et al., ICST 2023, and others):\n"
                                 : "mend's own, on data that it draws:\n";
            }
            column(f.id, widest_id);
            column(f.data, widest_data);
            out += f.about + "\n";
        }
    }
    return out;
}

} // namespace mend
