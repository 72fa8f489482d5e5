// SPDX-License-Identifier: MIT
/// A page that shows a repair: patch, before and after, what else would do, what was diagnosed, and
/// the course of the search. One file, no scripts, nothing loaded from elsewhere.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/io/evidence_report.hpp>
#include <mend/io/report.hpp>
#include <mend/io/report_parts.hpp>
#include <mend/io/svg.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/evidence.hpp>
#include <mend/repair/finding.hpp>
#include <mend/repair/repair.hpp>
#include <mend/spec/patch.hpp>

namespace mend {

namespace detail {

/// Trials as dots and the best so far as a line, over the work spent.
[[nodiscard]] inline std::string search_plot(const repair_result& result) {
    constexpr double width = 720, height = 280, left = 84, bottom = 40, top = 14, right = 14;

    struct dot {
        double cost, score;
        std::int64_t id;
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
            dots.push_back({cost, score, t.proposal.id});
        }
    }
    if (dots.empty()) {
        return "<p>No trial was completed.</p>";
    }
    if (result.score.higher_is_better()) {
        low = std::min(low, 0.0);
        high = std::max(high, 1.0);
    }
    std::tie(low, high) = drawn_interval(low, high);
    const auto x = [&](double c) { return left + c / cost * (width - left - right); };
    const auto y = [&](double s) {
        return top + (high - s) / (high - low) * (height - top - bottom);
    };
    svg picture(width, height, std::string(result.score.name()) + " against work");
    for (const double tick : round_ticks(low, high, 5)) {
        picture.line(left, y(tick), width - right, y(tick), "grid");
        picture.label(left - 8, y(tick) + 4, "end", short_text(tick));
    }
    for (const double tick : round_ticks(0, cost, 5)) {
        picture.label(x(tick), height - bottom + 18, "middle", short_text(tick));
    }
    picture.label(
        left + (width - left - right) / 2,
        height - 6,
        "middle",
        "work, in trainings of the faulty problem"
    );
    double best = dots.front().score;
    std::string line = "M" + svg::at(x(dots.front().cost)) + " " + svg::at(y(best));
    for (const dot& d : dots) {
        picture.dot(
            x(d.cost),
            y(d.score),
            3,
            "trial",
            "trial " + std::to_string(d.id) + ": " + short_text(d.score)
        );
        best = result.score.better(d.score, best) ? d.score : best;
        line += "H" + svg::at(x(d.cost)) + "V" + svg::at(y(best));
    }
    picture.path(line + "H" + svg::at(width - right), "best");
    return picture.text();
}

/// Each line on one of its own.
[[nodiscard]] inline std::string html_lines(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) {
        out += (out.empty() ? "" : "<br>") + html_text(text);
    }
    return out;
}

/// What the search itself saw of the chosen patch; "" without one.
[[nodiscard]] inline std::string confirmation_html(const confirmation& seen) {
    if (seen.chosen.empty()) {
        return "";
    }
    const auto side = [](const std::vector<double>& scores) {
        return spread_text(scores) + " over " + counted(scores.size(), "training");
    };
    return " In the search, on validation: " + side(seen.chosen) + " against " +
           (seen.faulty.empty() ? "trainings that failed" : side(seen.faulty)) +
           ", p = " + short_text(seen.p) + ".";
}

/// Other patches that did better than the faulty problem.
[[nodiscard]] inline std::string runners_up_html(const repair_result& result) {
    if (result.evidence.runners_up.empty()) {
        return "";
    }
    std::string out = "<h2>Also good</h2>\n<p>Other patches that did better on validation than the "
                      "problem as it is, each of another kind.</p>\n<table><tr><th>patch</th><th>" +
                      std::string(result.score.name()) + "</th><th>from</th></tr>\n";
    for (const runner_up& other : result.evidence.runners_up) {
        out += "<tr><td class=\"change\">" + html_lines(lines(other.patch)) + "</td><td>" +
               spread_text(other.validation) + "</td><td>" + grounds_text(other) + "</td></tr>\n";
    }
    return out + "</table>\n";
}

/// The ten likeliest findings, none below 10 %.
[[nodiscard]] inline std::string findings_html(const repair_evidence& evidence) {
    std::string out = "<h2>Diagnosis</h2>\n<table><tr><th></th><th>finding</th><th>first "
                      "suggestion</th></tr>\n";
    std::size_t shown = 0;
    for (const finding& f : evidence.findings) {
        if (shown == 10 || f.confidence < 0.1) {
            break;
        }
        ++shown;
        std::vector<std::string> numbers;
        for (const signal& s : f.evidence) {
            numbers.push_back(s.name + " " + short_text(s.value));
        }
        out +=
            "<tr><td class=\"number\">" + fixed_text(100 * f.confidence, 0) + " %" + "</td><td>" +
            html_text(f.what) +
            (numbers.empty() ? "" : "<br><small>" + html_text(join(numbers, ", ")) + "</small>") +
            "</td><td class=\"change\">" +
            (f.fixes.empty() ? "" : html_lines(lines(f.fixes.front()))) + "</td></tr>\n";
    }
    return shown == 0 ? "" : out + "</table>\n";
}

/// A row for each candidate, in the order of their first trials.
[[nodiscard]] inline std::string candidates_html(const repair_result& result) {
    std::string out = "<table><tr><th>#</th><th>changes</th><th>" +
                      std::string(result.score.name()) +
                      "</th><th>epochs</th><th>work</th><th>what became of it</th></tr>\n";
    for (const candidate_record& c : result.evidence.tried) {
        const bool chosen = c.end == candidate_end::chosen;
        out += std::string(chosen ? "<tr class=\"chosen\">" : "<tr>") + "<td>" +
               std::to_string(c.trials.front()) + "</td><td class=\"change\">" +
               (c.changes.empty() ? "none" : html_lines(c.changes)) + "</td><td class=\"number\">" +
               (c.whole.size() > 1 ? spread_text(c.whole)
                : c.score          ? spread_text(std::vector{*c.score})
                                   : "-") +
               "</td><td class=\"number\">" +
               (c.score ? fixed_text(100 * c.fidelity, 0) + " %" : "-") + "</td><td>" +
               fixed_text(c.cost, 2) + "</td><td>" + html_text(ending_text(c)) + "</td></tr>\n";
    }
    return out + "</table>\n";
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
        "td.change{font-size:13px;overflow-wrap:anywhere}tr.chosen{background:#e8f4ee}"
        "small{color:#556}td.number{white-space:nowrap}\n"
        "svg{width:100%;height:auto}svg text{font-size:12px;fill:#556}.grid{stroke:#e3e7ee}\n"
        ".trial{fill:#9aa7bd}.best{fill:none;stroke:#0b6e4f;stroke-width:2}\n"
        "</style></head><body>\n<h1>" +
        html_text(heading.problem) + " on " + html_text(data.name) + "</h1>\n<p><strong>" +
        (result.interrupted() ? "interrupted before the final report"
                              : std::string(to_text(result.comparison.verdict))) +
        "</strong>: " + html_text(heading.technique) + " search over the " +
        html_text(heading.space) + " space, seed " + std::to_string(heading.seed) + ", " +
        detail::tried_text(result) + ", " + fixed_text(result.study.cost, 1) +
        " trainings' work.</p>\n<h2>Patch</h2>\n<pre>";
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
                short_text(result.comparison.p) + " (Mann-Whitney, one-sided, on validation)." +
                detail::confirmation_html(result.evidence.confirmation) + "</p>\n";
    }
    page += detail::runners_up_html(result) + detail::findings_html(result.evidence);
    page += "<h2>Search</h2>\n<p>Validation " + metric +
            " of every trial, and the best so far.</p>\n" + detail::search_plot(result) + "\n";
    if (!result.evidence.tried.empty()) {
        page += "<p>Every candidate, by its first trial; epochs: the share of its own that it was "
                "trained for.</p>\n" +
                detail::candidates_html(result);
    }
    return page + "</body></html>\n";
}

} // namespace mend
