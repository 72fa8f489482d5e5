// SPDX-License-Identifier: MIT
/// The evidence of a repair, as JSON and as text for people.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/io/report_parts.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/evidence.hpp>
#include <mend/repair/finding.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>

namespace mend {

namespace detail {

[[nodiscard]] inline document numbers_document(const std::vector<double>& numbers) {
    document list = document::array();
    for (const double n : numbers) {
        list.push_back(n);
    }
    return list;
}

} // namespace detail

/// `{"changes": [..], "trials": [..], "fidelity": .., "trainings": .., "score": .., "whole": [..],
/// "failures": .., "status": .., "end": .., "end_text": ..}`; scores are of the validation part.
[[nodiscard]] inline document document_from(const candidate_record& tried) {
    document out = document::object();
    out.set("changes", detail::text_document(tried.changes));
    document trials = document::array();
    for (const std::int64_t id : tried.trials) {
        trials.push_back(id);
    }
    out.set("trials", std::move(trials));
    out.set("fidelity", tried.fidelity);
    out.set("trainings", tried.cost);
    out.set("score", tried.score ? document(*tried.score) : document(nullptr));
    out.set("whole", detail::numbers_document(tried.whole));
    out.set("failures", static_cast<std::int64_t>(tried.failures));
    out.set("status", to_text(tried.status));
    out.set("end", to_text(tried.end));
    out.set("end_text", ending_text(tried));
    return out;
}

/// `{"patch": [..], "patch_text": [..], "complexity": .., "fidelity": .., "validation": {..}}`.
[[nodiscard]] inline document document_from(const runner_up& other) {
    document out = document::object();
    out.set("patch", document_from(other.patch));
    out.set("patch_text", detail::text_document(lines(other.patch)));
    out.set("complexity", static_cast<std::int64_t>(other.complexity));
    out.set("fidelity", other.fidelity);
    out.set("validation", summary_document(other.validation));
    return out;
}

/// `{"findings": [..], "confirmation": {"faulty": [..], "chosen": [..], "p": ..}, "runners_up":
/// [..], "tried": [..]}`.
[[nodiscard]] inline document evidence_document(const repair_evidence& evidence) {
    const auto list = [](const auto& all) {
        document made = document::array();
        for (const auto& one : all) {
            made.push_back(document_from(one));
        }
        return made;
    };
    document confirmed = document::object();
    confirmed.set("faulty", detail::numbers_document(evidence.confirmation.faulty));
    confirmed.set("chosen", detail::numbers_document(evidence.confirmation.chosen));
    confirmed.set("p", evidence.confirmation.p);
    document out = document::object();
    out.set("findings", list(evidence.findings));
    out.set("confirmation", std::move(confirmed));
    out.set("runners_up", list(evidence.runners_up));
    out.set("tried", list(evidence.tried));
    return out;
}

/// "diagnosed ...": the likeliest findings, at most two, none below one half.
[[nodiscard]] inline std::string diagnosed_text(const repair_evidence& evidence) {
    std::string out;
    for (std::size_t i = 0; i < std::min<std::size_t>(2, evidence.findings.size()); ++i) {
        const finding& f = evidence.findings[i];
        if (f.confidence >= 0.5) {
            out += (i == 0 ? "diagnosed " : "          ") + f.what + " (" +
                   std::to_string(std::lround(100 * f.confidence)) + " %)\n";
        }
    }
    return out;
}

namespace detail {

/// "3 trainings", "33 % of its epochs".
[[nodiscard]] inline std::string grounds_text(const runner_up& other) {
    return other.fidelity < 1 ? fixed_text(100 * other.fidelity, 0) + " % of its epochs"
                              : counted(other.validation.size(), "training");
}

} // namespace detail

/// What other patches did better than the faulty problem, for a person to choose from; "" without.
/// Of a long patch the first lines.
[[nodiscard]] inline std::string runners_up_text(const repair_evidence& evidence) {
    constexpr std::size_t most = 5;
    std::string out;
    for (const runner_up& other : evidence.runners_up) {
        out += (out.empty() ? "also good " : "          ") + detail::spread_text(other.validation) +
               " in validation, after " + detail::grounds_text(other) + "\n";
        const std::vector<std::string> changes = lines(other.patch);
        for (std::size_t i = 0; i < std::min(most, changes.size()); ++i) {
            out += "            " + changes[i] + "\n";
        }
        if (changes.size() > most) {
            out += "            and " + counted(changes.size() - most, "more change") +
                   ": see --json\n";
        }
    }
    return out;
}

} // namespace mend
