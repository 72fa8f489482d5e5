// SPDX-License-Identifier: MIT
/// Patches applied to problems.
#pragma once

#include <utility>

#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read.hpp>

namespace mend {

/// The patched problem. Throws spec_error where an edit's path is not there or the result is no
/// problem that mend supports.
[[nodiscard]] inline problem apply(const problem& p, const patch& changes) {
    document root = document_of(p);
    static_cast<void>(apply_to(root, changes));
    problem patched = problem_from(root);
    patched.model_is_text = p.model_is_text && !changes_model(changes);
    return patched;
}

/// The same patch with what each edit overwrites, as invert needs it; for patches from files.
[[nodiscard]] inline patch with_old_values(const problem& p, patch changes) {
    document root = document_of(p);
    return apply_to(root, std::move(changes));
}

} // namespace mend
