// SPDX-License-Identifier: MIT
/// A fault at another size: fewer rows, fewer epochs, the same mistake.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <mend/core/error.hpp>
#include <mend/fault/fault.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/write.hpp>

namespace mend {

namespace detail {

/// A setting of the fixed problem at the profile's size: its ratio to the faulty one is kept.
[[nodiscard]] inline std::int64_t
in_proportion(std::int64_t fixed, std::int64_t faulty, std::int64_t now) {
    const double ratio = static_cast<double>(fixed) / static_cast<double>(faulty);
    return std::max<std::int64_t>(1, std::llround(ratio * static_cast<double>(now)));
}

} // namespace detail

/// The fault with the data, epochs and batch size of a profile. Where the fix changes epochs or
/// batch size, their ratio to the faulty ones stays. A fault that has no such profile cannot be
/// made smaller: it comes back in full. "full" is the fault as it stands. Throws usage_error for a
/// name that is none of full, small, tiny. Requires a fault in full.
[[nodiscard]] inline fault fault_in_profile(const fault& f, std::string_view name) {
    if (name != "full" && name != "small" && name != "tiny") {
        throw usage_error(
            "--profile", "\"" + std::string(name) + "\" is not one of full, small, tiny"
        );
    }
    MEND_EXPECTS(f.profile == "full", "the fault is in full");
    const auto at = std::find_if(f.profiles.begin(), f.profiles.end(), [&](const auto& profile) {
        return profile.name == name;
    });
    if (at == f.profiles.end()) {
        return f;
    }
    fault made = f;
    made.profile = name;
    made.data = at->data.empty() ? f.data : at->data;
    made.fixed_data = at->fixed_data.empty() ? f.fixed_data : at->fixed_data;
    problem faulty = f.problem;
    problem fixed = apply(f.problem, f.fix);
    const auto set = [&](std::int64_t fit_spec::*setting, std::int64_t value) {
        fixed.fit.*setting = detail::in_proportion(fixed.fit.*setting, faulty.fit.*setting, value);
        faulty.fit.*setting = value;
    };
    if (at->epochs) {
        set(&fit_spec::epochs, *at->epochs);
    }
    if (at->batch_size) {
        set(&fit_spec::batch_size, *at->batch_size);
    }
    made.problem = apply(f.problem, diff(f.problem, faulty));
    made.fix = diff(made.problem, fixed);
    return made;
}

/// The fault as a document that fault_from reads: as it was read where it is in full, else with its
/// profile's problem, fix and data put in and the profiles left out.
[[nodiscard]] inline document document_of(const fault& f) {
    if (f.profile == "full") {
        return f.source;
    }
    document out = document::object();
    for (const auto& [key, value] : f.source.members()) {
        if (key == "profiles") {
            out.set("profile", f.profile);
        } else if (key == "data") {
            out.set("data", f.data);
        } else if (key == "fixed_data") {
            out.set("fixed_data", f.fixed_data);
        } else if (key == "problem") {
            out.set("problem", document_of(f.problem));
        } else if (key == "fix") {
            out.set("fix", document_from(f.fix));
        } else {
            out.set(key, value);
        }
    }
    return out;
}

} // namespace mend
