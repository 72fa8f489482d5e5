// SPDX-License-Identifier: MIT
/// A mutant as a fault: it can be written, read, trained and repaired like any other.
#pragma once

#include <string>
#include <utility>

#include <mend/fault/fault.hpp>
#include <mend/fault/mutation.hpp>
#include <mend/fault/operators.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read.hpp>

namespace mend {

/// The fault that a complete mutation makes of a problem that trains on `data`. An operator that
/// edits the problem gives a fault whose fix is the way back. One that changes the data gives a
/// fault with the problem as it was and a member `mutation`; no patch mends that.
[[nodiscard]] inline fault mutant_fault(
    const std::string& id, const problem& original, const std::string& data, const mutation& m
) {
    const any_operator& how = find_operator(m.code);
    const problem mutant = how.changes_data() ? original : inject(original, m);
    document root = document::object();
    root.set("id", id);
    root.set("about", to_text(m) + ": " + std::string(how.about.what));
    root.set("data", data);
    root.set("problem", document_of(mutant));
    root.set("fix", document_from(diff(mutant, original)));
    if (how.changes_data()) {
        root.set("mutation", document_from(m));
    }
    return fault_from(root);
}

} // namespace mend
