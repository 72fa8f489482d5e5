// SPDX-License-Identifier: MIT
/// The page of an experiment: one file, no scripts, nothing loaded from elsewhere; for a screen of
/// any width, and for paper.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/eval/experiment.hpp>
#include <mend/eval/experiment_summary.hpp>
#include <mend/io/study_plots.hpp>
#include <mend/io/study_table.hpp>
#include <mend/io/svg.hpp>
#include <mend/train/score.hpp>

namespace mend {

/// The page as text (UTF-8).
[[nodiscard]] std::string study_html(
    const experiment_summary& all,
    std::span<const published_fault> published,
    const study_heading& heading
);

namespace detail {

/// Colours of the techniques, in the order of the summary; for all kinds of sight (after Okabe and
/// Ito), on light and on dark.
inline constexpr std::array<std::string_view, 10> technique_colours{
    "#8a8f98",
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#b8860b",
    "#56b4e9",
    "#7b5ea7",
    "#a0522d",
    "#c0392b"};

inline constexpr std::string_view study_style = R"(
:root{--ink:#1c2330;--quiet:#5d6675;--rule:#dfe3ea;--paper:#fff;--soft:#f4f6f9}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ef;--quiet:#9aa4b5;--rule:#343b48;--paper:#15181e;--soft:#1e232b}}
*{box-sizing:border-box}
body{font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;max-width:1080px;margin:0 auto;padding:1.5em 1em 4em;color:var(--ink);background:var(--paper)}
h1{font-size:1.6em;line-height:1.2;margin:.2em 0 .5em}
h2{font-size:1.3em;margin:2.2em 0 .6em;padding-top:.8em;border-top:2px solid var(--rule)}
h3{font-size:1.05em;margin:1.8em 0 .5em}
p{max-width:46em}.quiet{color:var(--quiet);font-size:.9em}
code{font:.88em/1.5 ui-monospace,monospace;background:var(--soft);padding:.6em .9em;display:block;overflow-x:auto}
.wide{overflow-x:auto;margin:.6em 0}
table{border-collapse:collapse;font-size:.92em;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:.3em .7em;border-bottom:1px solid var(--rule);white-space:nowrap}
th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:var(--paper)}
th{font-weight:600;color:var(--quiet)}td.best{font-weight:700}td small{color:var(--quiet)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:1em 2.5em}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,290px),1fr));gap:.8em 1.2em}
.pair figcaption{min-height:3.1em}figure{margin:0;break-inside:avoid}figcaption{color:var(--quiet);font-size:.88em;margin-bottom:.3em}
svg{width:100%;height:auto;display:block;max-width:620px}
svg text{font:12px system-ui,sans-serif;fill:var(--ink)}svg text.quiet{fill:var(--quiet);font-size:11px}svg text.title{font-weight:600;font-size:13px}
svg .grid{stroke:var(--rule)}svg .axis,svg .stem{stroke:var(--ink);fill:none}svg .group{stroke:var(--ink);stroke-width:4}
svg .known{stroke:var(--quiet);stroke-dasharray:2 3}svg .line{fill:none;stroke-width:2;stroke-linejoin:round}
svg .box{fill-opacity:.18;stroke-width:1.5}svg .whisker{stroke-width:1.5}svg .median{stroke-width:3}svg .dot{fill-opacity:.55;stroke:none}svg .mean{fill:var(--paper);stroke-width:1.5}
.key{display:flex;flex-wrap:wrap;gap:.2em 1.2em;margin:.4em 0 .8em;font-size:.92em}.key svg{width:30px;height:10px;display:inline-block;margin-right:.4em;vertical-align:middle}
@media print{body{max-width:none;padding:0;font-size:10.5pt}h2{break-before:page}h2:first-of-type{break-before:auto}.wide{overflow:visible}table{font-size:8.5pt}th,td{padding:.2em .4em;white-space:normal}.panels{grid-template-columns:repeat(3,1fr)}.pair{grid-template-columns:repeat(2,1fr)}}
)";

/// Builds the page part by part.
class study_page {
public:
    study_page(
        const experiment_summary& all,
        std::span<const published_fault> published,
        const study_heading& heading
    )
        : all_(all)
        , published_(published)
        , heading_(heading) {}

    [[nodiscard]] std::string text() const;

private:
    /// The class of a technique's colour.
    [[nodiscard]] std::string kind_of(std::string_view technique) const {
        const auto at = std::find(all_.techniques.begin(), all_.techniques.end(), technique);
        return technique == oracle_name
                   ? "oracle"
                   : "t" + std::to_string(
                               static_cast<std::size_t>(at - all_.techniques.begin()) %
                               technique_colours.size()
                           );
    }

    [[nodiscard]] std::string colours() const;
    [[nodiscard]] std::string overview(const std::string& space) const;
    [[nodiscard]] std::string boxes(const std::string& space) const;
    [[nodiscard]] std::string differences(const std::string& space) const;
    [[nodiscard]] std::string courses(const std::string& space) const;
    [[nodiscard]] std::string rates(const std::string& space) const;

    const experiment_summary& all_;
    std::span<const published_fault> published_;
    const study_heading& heading_;
};

[[nodiscard]] inline std::string html_row(const std::vector<std::string>& cells, const char* tag) {
    std::string row = "<tr>";
    for (const std::string& cell : cells) {
        row += std::string("<") + tag + ">" + cell + "</" + tag + ">";
    }
    return row + "</tr>\n";
}

inline std::string study_page::colours() const {
    std::string style;
    const auto add = [&](const std::string& kind, std::string_view colour, int dash) {
        style += "svg ." + kind + "{stroke:" + std::string(colour) + "}svg .dot." + kind +
                 ",svg .box." + kind + "{fill:" + std::string(colour) + "}";
        if (dash > 0) { // told apart without colour, too
            style += "svg .line." + kind + "{stroke-dasharray:" +
                     (dash == 1   ? "7 3"
                      : dash == 2 ? "2 2"
                                  : "8 3 2 3") +
                     "}";
        }
    };
    for (std::size_t i = 0; i < technique_colours.size(); ++i) {
        add("t" + std::to_string(i), technique_colours[i], static_cast<int>(i) % 4);
    }
    add("oracle", "var(--ink)", 0);
    return style + "svg .mean{fill:var(--paper)}\n";
}

inline std::string study_page::overview(const std::string& space) const {
    const bool compared =
        std::any_of(all_.overall.begin(), all_.overall.end(), [](const auto& one) {
            return one.compared;
        });
    std::vector<std::string> head{
        "technique",
        "improvement rate",
        "fix within budget",
        "fix beyond",
        "complexity",
        "Jaccard"};
    if (compared) {
        head.insert(head.end(), {"A", "p (Holm)", "faults ▲ / ▼", "rank"});
    }
    std::string table = "<div class=\"wide\"><table>" + html_row(head, "th");
    for (const std::string& technique : all_.techniques) {
        const technique_summary* s = all_.find(technique, space);
        if (s == nullptr || s->faults == 0) {
            continue;
        }
        std::vector<std::string> row{
            html_text(technique),
            "<b>" + cell_number(s->rate, 2) + "</b> <small>" + interval_text(s->rate_between) +
                "</small>",
            cell_number(s->rate_within, 2),
            cell_number(s->rate_beyond, 2),
            cell_number(s->complexity, 1) +
                (std::isnan(s->normalised_complexity)
                     ? ""
                     : " <small>" + percent_text(s->normalised_complexity) + "</small>"),
            cell_number(s->jaccard, 2)};
        if (compared) {
            const auto shown = [&](const std::string& text) { return s->compared ? text : ""; };
            row.push_back(shown(fixed_text(s->a, 2)));
            row.push_back(shown(html_text(p_text(s->holm))));
            row.push_back(shown(std::to_string(s->better) + " / " + std::to_string(s->worse)));
            row.push_back(std::isnan(s->rank) ? "" : fixed_text(s->rank, 2));
        }
        table += html_row(row, "td");
    }
    for (const std::string& name : published_techniques(published_)) {
        const auto of = [&](double published_result::*member, bool clip) {
            return published_mean(all_, published_, name, member, clip);
        };
        const double rate = of(&published_result::rate, true);
        if (std::isnan(rate)) {
            continue;
        }
        std::vector<std::string> row{
            "<small>published: " + html_text(name) + "</small>",
            cell_number(rate, 2),
            "",
            "",
            cell_number(of(&published_result::complexity, false), 1) + " <small>" +
                percent_text(of(&published_result::normalised_complexity, false)) + "</small>",
            cell_number(of(&published_result::jaccard, false), 2)};
        row.resize(head.size());
        table += html_row(row, "td");
    }
    return table + "</table></div>\n";
}

inline std::string study_page::boxes(const std::string& space) const {
    std::vector<box_row> rates;
    std::vector<box_row> changes;
    double most = 1;
    for (const std::string& technique : all_.techniques) {
        box_row rate{technique, kind_of(technique)};
        box_row change{technique, kind_of(technique)};
        for (const std::string& fault : all_.counted) {
            const fault_summary* cell = all_.find(fault, technique, space);
            if (cell == nullptr || std::isnan(cell->rate)) {
                continue;
            }
            rate.values.push_back(cell->rate);
            rate.tips.push_back(fault + ": " + fixed_text(cell->rate, 2));
            for (const experiment_run* run : cell->runs) {
                if (run->has_patch()) {
                    change.values.push_back(run->complexity);
                    most = std::max(most, run->complexity);
                }
            }
        }
        rates.push_back(std::move(rate));
        changes.push_back(std::move(change));
    }
    return "<div class=\"pair\"><figure><figcaption>Improvement rate, a dot a fault. 0: as the "
           "faulty problem, 1: as the known fix.</figcaption>" +
           box_plot("improvement rate by technique", rates, 0, 1, "improvement rate") +
           "</figure><figure><figcaption>Complexity, a dot a patch. Bar: median, rhombus: mean."
           "</figcaption>" +
           box_plot(
               "complexity of the patches by technique", changes, 0, most, "changed hyperparameters"
           ) +
           "</figure></div>\n";
}

inline std::string study_page::differences(const std::string& space) const {
    std::vector<std::pair<std::string, double>> ranks;
    for (const technique_summary* one : all_.ranked(space)) {
        ranks.emplace_back(one->technique, one->rank);
    }
    if (ranks.size() < 2 || ranks.size() > 12) {
        return {};
    }
    return "<h3>Critical differences</h3>\n<figure><figcaption>Mean ranks by improvement rate "
           "over " +
           counted(all_.counted.size(), "fault") +
           ", the best on the left. What a bar joins does not differ significantly (Nemenyi, 0.05)."
           "</figcaption>" +
           difference_plot(
               "mean ranks of the techniques",
               ranks,
               critical_difference(ranks.size(), all_.counted.size())
           ) +
           "</figure>\n";
}

/// "accuracy", "mse", "mae".
[[nodiscard]] inline std::string short_name(score_rule rule) {
    return rule.kind == score_kind::mean_squared_error    ? "mse"
           : rule.kind == score_kind::mean_absolute_error ? "mae"
                                                          : std::string(rule.name());
}

inline std::string study_page::courses(const std::string& space) const {
    std::string part = "<h3>Best so far against work</h3>\n<p class=\"quiet\">Validation score of "
                       "the best full training so far, mean over the runs. Dotted: test score of "
                       "the faulty problem and of the known fix.</p>\n<div class=\"key\">";
    for (const std::string& technique : all_.techniques) {
        if (technique != oracle_name) {
            part += "<span><svg viewBox=\"0 0 30 10\"><path class=\"line " + kind_of(technique) +
                    "\" d=\"M0 5H30\"/></svg>" + html_text(technique) + "</span>";
        }
    }
    part += "</div>\n<div class=\"panels\">\n";
    for (const std::string& fault : all_.faults) {
        std::vector<course_line> lines;
        const fault_summary* any = nullptr;
        for (const std::string& technique : all_.techniques) {
            const fault_summary* cell = all_.find(fault, technique, space);
            if (cell == nullptr) {
                continue;
            }
            any = cell;
            if (technique != oracle_name) {
                lines.push_back({kind_of(technique), mean_course(cell->runs, all_.budget)});
            }
        }
        if (any == nullptr || lines.empty()) {
            continue;
        }
        part += "<figure>" +
                course_plot(
                    fault + (any->beyond_budget ? " ‡" : "") + ", " + short_name(any->score),
                    lines,
                    {{any->faulty, "faulty"}, {any->fixed, "fix"}},
                    all_.budget,
                    "work, in trainings"
                ) +
                "</figure>\n";
    }
    return part + "</div>\n";
}

inline std::string study_page::rates(const std::string& space) const {
    const std::vector<std::string> theirs = published_techniques(published_);
    std::vector<std::string> head{"fault", "faulty", "fixed"};
    head.insert(head.end(), all_.techniques.begin(), all_.techniques.end());
    for (const std::string& name : theirs) {
        head.push_back("<small>published</small> " + html_text(name));
    }
    std::string table =
        "<h3>Improvement rate by fault</h3>\n<div class=\"wide\"><table>" + html_row(head, "th");
    for (const std::string& fault : all_.faults) {
        std::vector<std::string> row{html_text(fault), "", ""};
        for (const std::string& technique : all_.techniques) {
            const fault_summary* cell = all_.find(fault, technique, space);
            if (cell == nullptr) {
                row.emplace_back();
                continue;
            }
            row[0] = html_text(fault) + (cell->beyond_budget ? " ‡" : "");
            row[1] = cell_number(cell->faulty);
            row[2] = cell_number(cell->fixed);
            row.push_back(cell_number(cell->rate, 2) + mark_of(*cell));
        }
        for (const std::string& name : theirs) {
            std::string shown;
            for (const published_fault& f : published_) {
                const published_result* r = f.id == fault ? f.find(name) : nullptr;
                shown = r == nullptr ? shown : cell_number(clipped_rate(r->rate), 2);
            }
            row.push_back(shown);
        }
        table += html_row(row, "td");
    }
    return table + "</table></div>\n<p class=\"quiet\">▲ better, ▼ worse than random search "
                   "(Mann-Whitney, Holm over the faults, 0.05). ‡ the known fix costs more than "
                   "the budget.</p>\n";
}

inline std::string study_page::text() const {
    std::string page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                       "<title>mend: repair techniques compared</title>\n<style>" +
                       std::string(study_style) + colours() + "</style></head><body>\n" +
                       "<h1>Repair techniques compared</h1>\n<p>" +
                       counted(all_.faults.size(), "fault") + ", " +
                       counted(all_.techniques.size(), "technique") + ". " +
                       html_text(method_text(all_, heading_)) + "</p>\n";
    if (!heading_.command.empty()) {
        page += "<code>" + html_text(heading_.command) + "</code>\n";
    }
    for (const std::string& space : all_.spaces) {
        page += "<h2>Space " + html_text(space) + "</h2>\n" + overview(space) +
                "<p class=\"quiet\">Means over " +
                (all_.counts_twenty ? std::to_string(all_.counted.size()) + " of the twenty faults"
                                    : counted(all_.counted.size(), "fault")) +
                ". Within budget, beyond: over the faults whose known fix the budget pays for, and "
                "over the others. A: chance that the technique does better on a fault than random "
                "search. p: "
                "paired Wilcoxon test over the faults. ▲ / ▼: faults where it is significantly "
                "better / worse.</p>\n" +
                boxes(space) + differences(space) + courses(space) + rates(space);
    }
    return page + "</body></html>\n";
}

} // namespace detail

inline std::string study_html(
    const experiment_summary& all,
    std::span<const published_fault> published,
    const study_heading& heading
) {
    return detail::study_page(all, published, heading).text();
}

} // namespace mend
