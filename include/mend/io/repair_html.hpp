// SPDX-License-Identifier: MIT
/// A page that shows a repair: patch, before and after, and the course of the search. One file, no
/// scripts, nothing loaded from elsewhere.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/io/report.hpp>
#include <mend/io/svg.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/repair.hpp>
#include <mend/space/space.hpp>

namespace mend {

namespace detail {

/// Trials as dots and the best so far as a line, over the work spent.
[[nodiscard]] inline std::string search_plot(const repair_result& result) {
    constexpr double width = 720, height = 280, left = 64, bottom = 40, top = 14, right = 14;

    struct dot {
        double cost, score;
    };

    std::vector<dot> dots;
    double cost = 0;
    double low = 0;
    double high = 0;
    for (const trial& t : result.study.trials) {
        cost += t.outcome.cost;
        if (t.completed()) {
            const double score = result.score.higher_is_better() ? -t.value() : t.value();
            low = dots.empty() ? score : std::min(low, score);
            high = dots.empty() ? score : std::max(high, score);
            dots.push_back({cost, score});
        }
    }
    if (dots.empty()) {
        return "<p>No trial was completed.</p>";
    }
    if (result.score.higher_is_better()) {
        low = std::min(low, 0.0);
        high = std::max(high, 1.0);
    }
    high = high > low ? high : low + 1;
    const auto x = [&](double c) { return left + c / cost * (width - left - right); };
    const auto y = [&](double s) {
        return top + (high - s) / (high - low) * (height - top - bottom);
    };
    const auto at = [&](double v) { return fixed_text(v, 1); };
    std::string svg = "<svg viewBox=\"0 0 " + at(width) + " " + at(height) + "\" role=\"img\" " +
                      "aria-label=\"score against work\">";
    const auto label = [&](double px, double py, const char* anchor, const std::string& text) {
        svg += "<text x=\"" + at(px) + "\" y=\"" + at(py) + "\" text-anchor=\"" + anchor + "\">" +
               html_text(text) + "</text>";
    };
    for (int i = 0; i <= 4; ++i) {
        const double score = low + (high - low) * i / 4;
        svg += "<line class=\"grid\" x1=\"" + at(left) + "\" x2=\"" + at(width - right) +
               "\" y1=\"" + at(y(score)) + "\" y2=\"" + at(y(score)) + "\"/>";
        label(left - 8, y(score) + 4, "end", short_text(score));
        label(x(cost * i / 4), height - bottom + 18, "middle", short_text(cost * i / 4));
    }
    label(
        left + (width - left - right) / 2,
        height - 6,
        "middle",
        "work, in trainings of the faulty problem"
    );
    double best = dots.front().score;
    std::string line = "M" + at(x(dots.front().cost)) + " " + at(y(best));
    for (const dot& d : dots) {
        svg += "<circle cx=\"" + at(x(d.cost)) + "\" cy=\"" + at(y(d.score)) + "\" r=\"3\"/>";
        best = result.score.better(d.score, best) ? d.score : best;
        line += "H" + at(x(d.cost)) + "V" + at(y(best));
    }
    return svg + "<path d=\"" + line + "H" + at(width - right) + "\"/></svg>";
}

} // namespace detail

/// The page as text (UTF-8).
[[nodiscard]] inline std::string
repair_html(const repair_result& result, const dataset& data, const report_heading& heading) {
    const std::string metric(result.score.name());
    std::string page =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>mend: " +
        html_text(heading.problem) +
        "</title>\n<style>\n"
        "body{font:16px/1.5 system-ui,sans-serif;max-width:760px;margin:2em auto;padding:0 "
        "1em;color:#1c2330}\n"
        "h1{font-size:1.5em}h2{font-size:1.1em;margin-top:2em}\n"
        "code,pre{font:14px/1.5 ui-monospace,monospace}pre{background:#f3f5f8;padding:.8em "
        "1em;overflow-x:auto}\n"
        "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25em .8em .25em "
        "0;"
        "border-bottom:1px solid #d8dde6;vertical-align:top}\n"
        "td.point{font-size:12px;overflow-wrap:anywhere}\n"
        "svg{width:100%;height:auto}svg text{font-size:12px;fill:#556}.grid{stroke:#e3e7ee}\n"
        "circle{fill:#9aa7bd}path{fill:none;stroke:#0b6e4f;stroke-width:2}\n"
        "</style></head><body>\n<h1>" +
        html_text(heading.problem) + " on " + html_text(data.name) + "</h1>\n<p><strong>" +
        std::string(to_text(result.evidence.verdict)) +
        "</strong>: " + html_text(heading.technique) + " search over the " +
        html_text(heading.space) + " space, seed " + std::to_string(heading.seed) + ", " +
        detail::counted(result.study.trials.size(), "candidate") + ", " +
        fixed_text(result.study.cost, 1) + " trainings' work.</p>\n<h2>Patch</h2>\n<pre>";
    for (const std::string& line : lines(result.patch)) {
        page += html_text(line) + "\n";
    }
    page += result.patch.empty() ? "none</pre>\n" : "</pre>\n";
    if (!result.faulty.test.empty()) {
        const auto row = [&](const char* part, const auto& before, const auto& after) {
            page += std::string("<tr><td>") + part + "</td><td>" + detail::spread_text(before) +
                    "</td><td>" + detail::spread_text(after) + "</td></tr>\n";
        };
        page += "<h2>Before and after</h2>\n<table><tr><th>" + metric +
                "</th><th>before</th><th>after</th></tr>\n";
        row("validation", result.faulty.validation, result.patched.validation);
        row("test", result.faulty.test, result.patched.test);
        page += "</table>\n<p>Mean \u00b1 standard deviation over " +
                std::to_string(result.faulty.test.size()) +
                " trainings each, on seeds that the search did not use; p = " +
                short_text(result.evidence.p) + " (Mann-Whitney, one-sided, on validation).</p>\n";
    }
    page += "<h2>Search</h2>\n<p>Validation " + metric +
            " of every candidate, and the best so far.</p>\n" + detail::search_plot(result) +
            "\n<table><tr><th>#</th><th>" + metric +
            "</th><th>work</th><th>ending</th><th>what was tried</th></tr>\n";
    for (const trial& t : result.study.trials) {
        const double score = result.score.higher_is_better() ? -t.value() : t.value();
        page += "<tr><td>" + std::to_string(t.proposal.id) + "</td><td>" +
                (t.completed() ? short_text(score) : "-") + "</td><td>" +
                fixed_text(t.outcome.cost, 2) + "</td><td>" +
                std::string(to_text(t.outcome.status)) + "</td><td class=\"point\">" +
                html_text(to_text(t.proposal.at)) + "</td></tr>\n";
    }
    return page + "</table>\n</body></html>\n";
}

} // namespace mend
