// SPDX-License-Identifier: MIT
/// The alternatives that a search of the landscape found, as JSON and as text for people.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/eval/landscape.hpp>
#include <mend/io/report.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>
#include <mend/stats/summary.hpp>

namespace mend {

/// What a report of a landscape says besides the result itself.
struct landscape_heading {
    std::string problem; ///< name of the file or fault
    std::string data;
    std::uint64_t seed = 0;
    std::size_t runs = 0;
    double seconds = 0;
};

/// The object that `mend landscape --json` prints. Nodes are numbered as they were evaluated.
[[nodiscard]] inline document
landscape_document(const landscape_result& result, const landscape_heading& heading) {
    document out = document::object();
    out.set("problem", heading.problem);
    out.set("data", heading.data);
    out.set("seed", static_cast<std::int64_t>(heading.seed));
    out.set("metric", metric_document(result.score));
    out.set("runs", static_cast<std::int64_t>(heading.runs));
    out.set("threshold", result.threshold);
    out.set("evaluated", static_cast<std::int64_t>(result.evaluated));
    out.set("trainings", result.trainings);
    out.set("complete", result.complete);
    out.set("interrupted", result.interrupted);
    document nodes = document::array();
    for (const landscape_node& node : result.nodes) {
        document one = document::object();
        one.set("node", static_cast<std::int64_t>(node.found.number));
        if (node.found.parent != neutrality_node::none) {
            one.set("parent", static_cast<std::int64_t>(node.found.parent));
            one.set("kept_as", node.found.improving ? "improving" : "neutral");
        }
        one.set("validation", summary_document(node.found.scores));
        one.set("p", node.p);
        one.set("accepted", node.found.accepted);
        one.set("complexity", static_cast<std::int64_t>(node.complexity));
        one.set("patch", document_from(node.patch));
        document text = document::array();
        for (const std::string& line : lines(node.patch)) {
            text.push_back(line);
        }
        one.set("patch_text", std::move(text));
        nodes.push_back(std::move(one));
    }
    out.set("nodes", std::move(nodes));
    document alternatives = document::array();
    for (const std::size_t i : result.alternatives()) {
        alternatives.push_back(static_cast<std::int64_t>(result.nodes[i].found.number));
    }
    out.set("alternatives", std::move(alternatives));
    out.set("seconds", heading.seconds);
    return out;
}

/// The same for people: the alternatives, the best first; where there are none, the best that was
/// found.
[[nodiscard]] inline std::string
landscape_text(const landscape_result& result, const landscape_heading& heading) {
    std::string text = "problem    " + heading.problem + " on " + heading.data + "\n" +
                       "evaluated  " + counted(result.evaluated, "configuration") + ", " +
                       counted(heading.runs, "training") + " each, " +
                       fixed_text(result.trainings, 1) + " trainings' work\n";
    if (result.interrupted) {
        text += "           interrupted\n";
    } else if (!result.complete) {
        text += "           the budget ended before the neighbours did\n";
    }
    if (result.nodes.empty()) {
        return text;
    }
    const std::string metric(result.score.name());
    text += metric + " on validation (" + (result.score.higher_is_better() ? "higher" : "lower") +
            " is better)\n" + "  faulty   " + detail::spread_text(result.nodes[0].found.scores) +
            "\n";
    if (!result.fixed.empty()) {
        text += "  fixed    " + detail::spread_text(result.fixed) + "\n";
    }
    const auto show = [&](const landscape_node& node) {
        text +=
            "\n  " + detail::spread_text(node.found.scores) + "   p = " + short_text(node.p) + "\n";
        for (const std::string& line : lines(node.patch)) {
            text += "    " + line + "\n";
        }
    };
    const std::vector<std::size_t> alternatives = result.alternatives();
    if (!alternatives.empty()) {
        text += "\n" + counted(alternatives.size(), "alternative") +
                (std::isnan(result.threshold) ? " better than the faulty problem (p < 0.05)\n"
                                              : " as good as the known fix\n");
        for (const std::size_t i : alternatives) {
            show(result.nodes[i]);
        }
        return text;
    }
    std::size_t best = 0;
    for (std::size_t i = 1; i < result.nodes.size(); ++i) {
        best = result.score.better(result.nodes[i].found.mean, result.nodes[best].found.mean)
                   ? i
                   : best;
    }
    text += "\nno alternative";
    if (best == 0) {
        return text + ", and nothing better than the faulty problem\n";
    }
    text += std::isnan(result.threshold) ? " with p < 0.05; the best that was found:\n"
                                         : " as good as the known fix; the best that was found:\n";
    show(result.nodes[best]);
    return text;
}

} // namespace mend
