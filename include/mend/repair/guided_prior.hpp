// SPDX-License-Identifier: MIT
/// What guided believes before it has tried anything: how often steps of each kind mend a problem,
/// and what a diagnosis adds to that. The numbers stand in guided_table.hpp, which a program
/// writes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <mend/repair/finding.hpp>
#include <mend/repair/guided_table.hpp>
#include <mend/repair/step.hpp>
#include <mend/repair/step_traits.hpp>

namespace mend {

static_assert(guided_kinds.size() == step_kind_names.size(), "the table knows every kind");

/// The weight, in log-odds, of a step of a kind after such findings: the kind's base, and for each
/// finding its lift for that kind, in proportion to its confidence, and so for each trait. Without
/// findings it is that of the kind alone.
[[nodiscard]] inline double step_prior(
    step_kind kind,
    std::span<const finding> findings,
    const step_traits& traits,
    bool use_findings = true
) {
    const guided_kind& known = guided_kinds[static_cast<std::size_t>(kind)];
    if (!use_findings) {
        return known.alone;
    }
    double weight = known.base;
    for (std::size_t c = 0; c < guided_codes.size(); ++c) {
        double confidence = 0;
        for (const finding& f : findings) {
            if (f.code == guided_codes[c]) {
                confidence = std::max(confidence, f.confidence);
            }
        }
        weight += confidence * known.lifts[c];
    }
    for (std::size_t t = 0; t < traits.size(); ++t) {
        weight += traits[t] * known.traits[t];
    }
    return weight;
}

} // namespace mend
