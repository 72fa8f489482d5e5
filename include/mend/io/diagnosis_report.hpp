// SPDX-License-Identifier: MIT
/// What `mend diagnose` found, as JSON and as text for people.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/io/report_parts.hpp>
#include <mend/record/check.hpp>
#include <mend/record/signals.hpp>
#include <mend/repair/diagnose.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>

namespace mend {

/// The object that `mend diagnose --json` prints.
[[nodiscard]] inline document diagnosis_document(
    const diagnosis& made, const std::string& problem, const dataset& data, std::uint64_t seed
) {
    document out = document::object();
    out.set("problem", problem);
    out.set("data", data.name);
    out.set("seed", static_cast<std::int64_t>(seed));
    out.set("metric", metric_document(made.score));
    if (made.untrainable.empty()) {
        document training = document::object();
        training.set("status", to_text(made.training.status));
        training.set("epochs", static_cast<std::int64_t>(made.training.curve.size()));
        const epoch_record last =
            made.training.curve.empty() ? epoch_record{} : made.training.curve.back();
        const auto scores = [](const part_scores& s) {
            document part = document::object();
            part.set("loss", s.loss);
            part.set("metric", s.metric);
            return part;
        };
        training.set("train", scores(last.train));
        training.set("validation", scores(last.validation));
        signals seen;
        add_signals(seen, made.training.checks);
        training.set("signals", detail::signals_document(seen));
        out.set("training", std::move(training));
    } else {
        out.set("untrainable", made.untrainable);
    }
    document findings = document::array();
    for (const finding& f : made.findings) {
        findings.push_back(document_from(f));
    }
    out.set("findings", std::move(findings));
    return out;
}

/// The same for people. Findings beyond the tenth and those below 10 % are only counted.
[[nodiscard]] inline std::string
diagnosis_text(const diagnosis& made, const std::string& problem, const dataset& data) {
    std::string out = "problem   " + problem + "\ndata      " + data.name + "\n";
    if (!made.untrainable.empty()) {
        out += "training  impossible: " + made.untrainable + "\n";
    } else {
        out += "training  " + std::string(to_text(made.training.status)) + ", " +
               counted(made.training.curve.size(), "epoch");
        if (!made.training.curve.empty()) {
            const epoch_record& last = made.training.curve.back();
            const std::string metric(made.score.name());
            out += "; " + metric + " " + short_text(last.train.metric) + " in training, " +
                   short_text(last.validation.metric) + " in validation";
        }
        out += "\n";
    }
    std::size_t shown = 0;
    for (const finding& f : made.findings) {
        if (shown == 10 || f.confidence < 0.1) {
            break;
        }
        ++shown;
        std::string percent = std::to_string(std::lround(100 * f.confidence));
        percent.insert(0, 3 - std::min<std::size_t>(3, percent.size()), ' ');
        out += "\n" + percent + " %  " + f.what + "\n       " + f.code +
               (f.dynamic ? ", seen in training" : "") + (f.path.empty() ? ", in the data" : "  ") +
               f.path + "\n";
        if (!f.evidence.empty()) {
            std::vector<std::string> numbers;
            for (const signal& s : f.evidence) {
                numbers.push_back(s.name + " " + short_text(s.value));
            }
            out += "       evidence  " + join(numbers, ", ") + "\n";
        }
        for (std::size_t i = 0; i < std::min<std::size_t>(f.fixes.size(), 2); ++i) {
            std::string start = i == 0 ? "       try  " : "       or   ";
            for (const std::string& line : lines(f.fixes[i])) {
                out += start + line + "\n";
                start.assign(12, ' ');
            }
        }
    }
    if (shown == 0) {
        out += "\nnothing suspicious\n";
    }
    if (const std::size_t rest = made.findings.size() - shown; rest > 0) {
        out += "\n" + counted(rest, "less likely finding") + " more: see --json\n";
    }
    return out;
}

} // namespace mend
