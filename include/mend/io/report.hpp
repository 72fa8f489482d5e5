// SPDX-License-Identifier: MIT
/// What repairs and trainings found, as JSON and as text for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/io/evidence_report.hpp>
#include <mend/io/report_parts.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/repair.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>
#include <mend/stats/summary.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

/// What a report says besides the result itself.
struct report_heading {
    std::string problem; ///< name of the file or fault
    std::string technique;
    std::string space;
    std::uint64_t seed = 0;
    int jobs = 1;
};

namespace detail {

[[nodiscard]] inline document measurement_document(const measurement& m) {
    document sides = document::object();
    sides.set("validation", summary_document(m.validation));
    sides.set("test", summary_document(m.test));
    return sides;
}

/// "42 candidates in 68 trials".
[[nodiscard]] inline std::string tried_text(const repair_result& result) {
    const std::string trials = counted(result.study.trials.size(), "trial");
    const std::size_t candidates = result.evidence.tried.size();
    return candidates == 0 || candidates == result.study.trials.size()
               ? trials
               : counted(candidates, "candidate") + " in " + trials;
}

} // namespace detail

/// The object that `mend repair --json` prints.
[[nodiscard]] inline document
repair_document(const repair_result& result, const dataset& data, const report_heading& heading) {
    document out = document::object();
    out.set("problem", heading.problem);
    out.set("technique", heading.technique);
    out.set("space", heading.space);
    out.set("seed", static_cast<std::int64_t>(heading.seed));
    out.set("jobs", heading.jobs);
    out.set("data", data.name);
    out.set("metric", metric_document(result.score));
    out.set("faulty", detail::measurement_document(result.faulty));
    out.set("patched", detail::measurement_document(result.patched));
    out.set("improved", result.improved());
    out.set("verdict", to_text(result.comparison.verdict));
    out.set("p", result.comparison.p);
    out.set("patch", document_from(result.patch));
    out.set("patch_text", detail::text_document(lines(result.patch)));
    out.set("complexity", static_cast<std::int64_t>(result.complexity));
    out.set("trials", static_cast<std::int64_t>(result.study.trials.size()));
    out.set("trainings", result.study.cost);
    out.set("report_trainings", result.report_trainings);
    out.set("interrupted", result.interrupted());
    out.set("evidence", evidence_document(result.evidence));
    out.set("seconds", result.seconds);
    return out;
}

/// The same for people.
[[nodiscard]] inline std::string
repair_text(const repair_result& result, const dataset& data, const report_heading& heading) {
    std::string out;
    std::vector<std::size_t> endings(status_names.size());
    for (const trial& t : result.study.trials) {
        ++endings[static_cast<std::size_t>(t.outcome.status)];
    }
    out += "problem   " + heading.problem + " on " + data.name + "\n";
    out += "tried     " + detail::tried_text(result) + ", " + fixed_text(result.study.cost, 1) +
           " trainings' work, by " + heading.technique + " search in " +
           duration_text(result.study.seconds);
    std::string failed;
    for (std::size_t s = 1; s < endings.size(); ++s) {
        if (endings[s] > 0) {
            failed += (failed.empty() ? "" : ", ") + std::to_string(endings[s]) + " " +
                      std::string(status_names[s]);
        }
    }
    out += failed.empty() ? "\n" : " (" + failed + ")\n";
    out += diagnosed_text(result.evidence);
    if (result.patch.empty()) {
        out += "patch     none: nothing that was tried did better, beyond chance, than the problem "
               "as it is\n";
    } else {
        const bool is_unproven =
            !result.interrupted() && result.comparison.verdict == verdict::none;
        out += "patch     " + counted(result.complexity, "change") +
               (is_unproven ? ", not shown to help\n" : "\n");
        for (const std::string& line : lines(result.patch)) {
            out += "            " + line + "\n";
        }
    }
    if (!result.faulty.test.empty()) {
        const std::string name(result.score.name());
        const auto row = [&](std::string_view part, const auto& before, const auto& after) {
            std::string line = "  " + std::string(part) + "  " + detail::spread_text(before);
            line.append(line.size() < 34 ? 34 - line.size() : 1, ' ');
            return line + (result.patch.empty() ? "" : detail::spread_text(after)) + "\n";
        };
        out += "\n" + name + " (" + (result.score.higher_is_better() ? "higher" : "lower") +
               " is better, " + std::to_string(result.faulty.test.size()) + " fresh seeds each)\n";
        out += std::string("              before") +
               (result.patch.empty() ? "\n" : "             after\n");
        out += row("validation", result.faulty.validation, result.patched.validation);
        out += row("test      ", result.faulty.test, result.patched.test);
        out += "\n";
    }
    if (result.interrupted()) {
        out += "verdict   interrupted before the final report\n";
    } else if (!result.faulty.test.empty()) {
        out += "verdict   " + std::string(to_text(result.comparison.verdict)) +
               (result.patch.empty() ? "" : " (p = " + short_text(result.comparison.p) + ")") +
               "\n";
    }
    out += runners_up_text(result.evidence);
    return out;
}

} // namespace mend
