// SPDX-License-Identifier: MIT
/// table.md of an experiment: per fault the test score and improvement rate of every technique, in
/// the form of the study's table, beside what was published; averages; complexity; statistics.
#pragma once

#include <algorithm>
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
#include <mend/eval/improvement.hpp>
#include <mend/io/published_results.hpp>
#include <mend/io/report.hpp>
#include <mend/spec/document.hpp>
#include <mend/stats/summary.hpp>

namespace mend {

/// What stands at the head of a report.
struct study_heading {
    std::string profile;
    std::uint64_t seed = 0;
    std::size_t runs = 0; ///< that were asked for
    std::size_t baseline_runs = 0;
    std::size_t fresh_runs = 0;
    std::string command{}; ///< that makes it; may be empty
};

/// The tables as Markdown.
[[nodiscard]] std::string study_table(
    const experiment_summary& all,
    std::span<const published_fault> published,
    const study_heading& heading
);

/// The averages as lines for people.
[[nodiscard]] std::string study_text(const experiment_summary& all);

/// The averages as the object that `mend study --json` prints.
[[nodiscard]] document study_document(const experiment_summary& all, const study_heading& heading);

namespace detail {

/// "0.9821", "1788"; "-" for none.
[[nodiscard]] inline std::string cell_number(double value, int decimals = 3) {
    return std::isnan(value)        ? "-"
           : std::abs(value) >= 1e3 ? short_text(value)
                                    : fixed_text(value, decimals);
}

[[nodiscard]] inline std::string p_text(double p) {
    return p < 0.001 ? "<0.001" : fixed_text(p, 3);
}

[[nodiscard]] inline std::string interval_text(const interval& between, int decimals = 2) {
    return std::isnan(between.low) ? ""
                                   : " [" + fixed_text(between.low, decimals) + ", " +
                                         fixed_text(between.high, decimals) + "]";
}

/// A sign for what differs significantly from random search.
[[nodiscard]] inline std::string mark_of(const fault_summary& cell) {
    return !cell.compared || cell.against.holm >= 0.05 ? "" : cell.against.a > 0.5 ? " ▲" : " ▼";
}

/// Builds a table of Markdown row by row.
class markdown_table {
public:
    explicit markdown_table(const std::vector<std::string>& head) {
        row(head);
        text_ += "|";
        for (std::size_t i = 0; i < head.size(); ++i) {
            text_ += i == 0 ? "---|" : "---:|";
        }
        text_ += "\n";
    }

    void row(const std::vector<std::string>& cells) {
        text_ += "|";
        for (const std::string& cell : cells) {
            text_ += " " + cell + " |";
        }
        text_ += "\n";
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// One table of the study's form: a row a fault, a column a technique.
class study_tables {
public:
    study_tables(
        const experiment_summary& all, std::span<const published_fault> published, std::string space
    )
        : all_(all)
        , published_(published)
        , space_(std::move(space))
        , theirs_(published_techniques(published)) {}

    [[nodiscard]] std::string scores() const;
    [[nodiscard]] std::string rates() const;
    [[nodiscard]] std::string patches() const;
    [[nodiscard]] std::string against_random() const;
    [[nodiscard]] std::string by_fault() const;

private:
    [[nodiscard]] const published_fault* find_published(const std::string& id) const {
        for (const published_fault& f : published_) {
            if (f.id == id) {
                return &f;
            }
        }
        return nullptr;
    }

    [[nodiscard]] const fault_summary* any_cell(const std::string& fault) const {
        for (const std::string& technique : all_.techniques) {
            if (const fault_summary* cell = all_.find(fault, technique, space_)) {
                return cell;
            }
        }
        return nullptr;
    }

    [[nodiscard]] std::vector<std::string>
    head(std::vector<std::string> first, bool with_baselines) const {
        first.insert(first.end(), all_.techniques.begin(), all_.techniques.end());
        if (!theirs_.empty() && with_baselines) {
            first.insert(first.end(), {"published: faulty", "fixed"});
        }
        for (const std::string& name : theirs_) {
            first.push_back((with_baselines ? "" : "published: ") + name);
        }
        return first;
    }

    const experiment_summary& all_;
    std::span<const published_fault> published_;
    std::string space_;
    std::vector<std::string> theirs_;
};

inline std::string study_tables::scores() const {
    markdown_table table(head({"fault", "metric", "faulty", "fixed"}, true));
    for (const std::string& fault : all_.faults) {
        const fault_summary* any = any_cell(fault);
        if (any == nullptr) {
            continue;
        }
        std::vector<std::string> row{
            fault + (any->beyond_budget ? " ‡" : ""),
            std::string(any->score.name()),
            cell_number(any->faulty),
            cell_number(any->fixed)};
        for (const std::string& technique : all_.techniques) {
            const fault_summary* cell = all_.find(fault, technique, space_);
            row.push_back(
                cell == nullptr
                    ? ""
                    : cell_number(cell->mean) +
                          (std::isnan(cell->deviation) ? "" : " ± " + cell_number(cell->deviation)
                          ) +
                          mark_of(*cell)
            );
        }
        if (!theirs_.empty()) {
            const published_fault* p = find_published(fault);
            row.push_back(p == nullptr ? "" : cell_number(p->faulty, 2));
            row.push_back(p == nullptr ? "" : cell_number(p->fixed, 2));
            for (const std::string& name : theirs_) {
                const published_result* r = p == nullptr ? nullptr : p->find(name);
                row.push_back(
                    r == nullptr ? "" : cell_number(r->mean) + " ± " + cell_number(r->deviation)
                );
            }
        }
        table.row(row);
    }
    return table.text();
}

inline std::string study_tables::rates() const {
    markdown_table table(head({"fault"}, false));
    for (const std::string& fault : all_.faults) {
        const fault_summary* any = any_cell(fault);
        if (any == nullptr) {
            continue;
        }
        std::vector<std::string> row{fault + (any->beyond_budget ? " ‡" : "")};
        for (const std::string& technique : all_.techniques) {
            const fault_summary* cell = all_.find(fault, technique, space_);
            row.push_back(
                cell == nullptr ? ""
                                : cell_number(cell->rate, 2) + interval_text(cell->rate_between)
            );
        }
        for (const std::string& name : theirs_) {
            const published_fault* p = find_published(fault);
            const published_result* r = p == nullptr ? nullptr : p->find(name);
            row.push_back(r == nullptr ? "" : cell_number(clipped_rate(r->rate), 2));
        }
        table.row(row);
    }
    const auto average = [&](const std::string& name, auto value, bool with_published) {
        std::vector<std::string> row{"**" + name + "**"};
        for (const std::string& technique : all_.techniques) {
            const technique_summary* one = all_.find(technique, space_);
            row.push_back(one == nullptr || one->faults == 0 ? "" : value(*one));
        }
        for (const std::string& theirs : theirs_) {
            row.push_back(
                with_published
                    ? cell_number(
                          published_mean(all_, published_, theirs, &published_result::rate, true), 2
                      )
                    : ""
            );
        }
        table.row(row);
    };
    const std::string over = all_.counts_twenty
                                 ? std::to_string(all_.counted.size()) + " of the twenty"
                                 : counted(all_.counted.size(), "fault");
    average(
        "mean over " + over,
        [](const technique_summary& s) {
            return "**" + cell_number(s.rate, 2) + "**" + interval_text(s.rate_between);
        },
        true
    );
    average(
        "… whose fix the budget pays for",
        [](const technique_summary& s) { return cell_number(s.rate_within, 2); },
        false
    );
    average(
        "… whose fix costs more (‡)",
        [](const technique_summary& s) { return cell_number(s.rate_beyond, 2); },
        false
    );
    return table.text();
}

inline std::string study_tables::patches() const {
    markdown_table table(
        {"technique",
         "complexity (median)",
         "of all hyperparameters",
         "asymmetric Jaccard",
         "trials",
         "trainings"}
    );
    for (const std::string& technique : all_.techniques) {
        const technique_summary* s = all_.find(technique, space_);
        if (s != nullptr && s->faults > 0) {
            table.row(
                {technique,
                 cell_number(s->complexity, 1),
                 std::isnan(s->normalised_complexity) ? "-"
                                                      : percent_text(s->normalised_complexity),
                 cell_number(s->jaccard, 2),
                 cell_number(s->trials, 1),
                 cell_number(s->trainings, 1)}
            );
        }
    }
    for (const std::string& name : theirs_) {
        const auto of = [&](double published_result::*member) {
            return published_mean(all_, published_, name, member, false);
        };
        table.row(
            {"published: " + name + " (means)",
             cell_number(of(&published_result::complexity), 1),
             percent_text(of(&published_result::normalised_complexity)),
             cell_number(of(&published_result::jaccard), 2),
             "",
             ""}
        );
    }
    return table.text();
}

inline std::string study_tables::against_random() const {
    markdown_table table(
        {"technique",
         "mean A",
         "Wilcoxon p over faults",
         "Holm",
         "faults better",
         "faults worse",
         "mean rank"}
    );
    for (const std::string& technique : all_.techniques) {
        const technique_summary* s = all_.find(technique, space_);
        if (s == nullptr || (!s->compared && std::isnan(s->rank))) {
            continue;
        }
        table.row(
            {technique,
             s->compared ? fixed_text(s->a, 2) : "",
             s->compared ? p_text(s->wilcoxon) : "",
             s->compared ? p_text(s->holm) : "",
             s->compared ? std::to_string(s->better) : "",
             s->compared ? std::to_string(s->worse) : "",
             cell_number(s->rank, 2)}
        );
    }
    return table.text();
}

inline std::string study_tables::by_fault() const {
    markdown_table table({"fault", "technique", "A", "Mann-Whitney p", "Holm", "Wilcoxon p"});
    for (const std::string& fault : all_.faults) {
        for (const std::string& technique : all_.techniques) {
            const fault_summary* cell = all_.find(fault, technique, space_);
            if (cell != nullptr && cell->compared) {
                table.row(
                    {fault,
                     technique,
                     fixed_text(cell->against.a, 2),
                     p_text(cell->against.mann_whitney),
                     p_text(cell->against.holm),
                     p_text(cell->against.wilcoxon)}
                );
            }
        }
    }
    return table.text();
}

/// How often a technique ran on a fault: "5 runs", "5 to 10 runs". A folder grows with each
/// command.
[[nodiscard]] inline std::string runs_text(const experiment_summary& all) {
    const auto fewer = [](const fault_summary& a, const fault_summary& b) {
        return a.runs.size() < b.runs.size();
    };
    const auto [least, most] = std::minmax_element(all.cells.begin(), all.cells.end(), fewer);
    if (least == all.cells.end()) {
        return "no runs";
    }
    const bool equal = least->runs.size() == most->runs.size();
    return (equal ? "" : std::to_string(least->runs.size()) + " to ") +
           counted(most->runs.size(), "run");
}

/// " Drawn data: M3 (digits in place of mnist)."; "" where no data were drawn in place of others.
[[nodiscard]] inline std::string stand_ins_text(const experiment_summary& all) {
    std::vector<std::string> drawn;
    for (const std::string& fault : all.faults) {
        for (const fault_summary& cell : all.cells) {
            const std::string& data = cell.runs.front()->data;
            if (cell.runs.front()->fault == fault && data.find(" in place of ") != data.npos) {
                drawn.push_back(concat({fault, " (", data, ")"}));
                break;
            }
        }
    }
    return drawn.empty() ? "" : concat({" Drawn data: ", join(drawn, ", "), "."});
}

/// How the scores were come by, in one paragraph.
[[nodiscard]] inline std::string
method_text(const experiment_summary& all, const study_heading& heading) {
    return "Profile " + heading.profile + ", budget " + short_text(all.budget) + " trainings, " +
           runs_text(all) + " of each technique on each fault, seeds from " +
           std::to_string(heading.seed) +
           ". Scores are of the test part, which no search sees: a "
           "run counts with " +
           (heading.fresh_runs == 0 ? std::string("the model of its best trial on validation")
                                    : "its best patch on validation, trained on " +
                                          counted(heading.fresh_runs, "fresh seed")) +
           ", or as the faulty problem where that is no worse. Faulty and fixed are means over " +
           counted(heading.baseline_runs, "training") +
           " each. Improvement rate: (patched - faulty) / (fixed - faulty), averaged over the "
           "runs, "
           "then clipped to 0..1; in brackets 95 % bootstrap intervals." +
           stand_ins_text(all);
}

} // namespace detail

inline std::string study_table(
    const experiment_summary& all,
    std::span<const published_fault> published,
    const study_heading& heading
) {
    std::string text = "# Study\n\n" + detail::method_text(all, heading) + "\n";
    if (!heading.command.empty()) {
        text += "\n```sh\n" + heading.command + "\n```\n";
    }
    const bool marks = std::any_of(all.cells.begin(), all.cells.end(), [](const auto& cell) {
        return cell.compared;
    });
    for (const std::string& space : all.spaces) {
        const detail::study_tables tables(all, published, space);
        text += "\n## Space " + space + "\n\n### Test score, mean ± standard deviation\n\n" +
                tables.scores();
        if (marks) {
            text += "\n▲ better, ▼ worse than random search (Mann-Whitney, Holm over the faults, "
                    "0.05). ‡ the known fix costs more than the budget.\n";
        }
        text +=
            "\n### Improvement rate\n\n" + tables.rates() + "\n### Patches\n\n" + tables.patches();
        if (marks) {
            text += "\n### Against random search\n\n" + tables.against_random();
            const auto ranked = all.ranked(space);
            if (ranked.size() > 1 && ranked.size() < 13) {
                text += "\nMean ranks differ significantly from " +
                        fixed_text(critical_difference(ranked.size(), all.counted.size()), 2) +
                        " on (Nemenyi, 0.05).\n";
            }
            text += "\n### Against random search, by fault\n\n" + tables.by_fault();
        }
    }
    return text;
}

inline std::string study_text(const experiment_summary& all) {
    std::string text;
    const auto column = [&](const std::string& word, std::size_t width) {
        text += word;
        text.append(word.size() < width ? width - word.size() : 1, ' ');
    };
    column("space", 8);
    column("technique", 13);
    column("improvement", 13);
    column("complexity", 12);
    text += "A against random\n";
    for (const technique_summary& s : all.overall) {
        if (s.faults > 0) {
            column(s.space, 8);
            column(s.technique, 13);
            column(detail::cell_number(s.rate), 13);
            column(detail::cell_number(s.complexity, 1), 12);
            text += s.compared ? fixed_text(s.a, 2) + "\n" : "-\n";
        }
    }
    return text + "(means over " +
           (all.counts_twenty
                ? std::to_string(all.counted.size()) + " of the twenty published faults"
                : counted(all.counted.size(), "fault")) +
           "; table.md has each fault)\n";
}

inline document study_document(const experiment_summary& all, const study_heading& heading) {
    document out = document::object();
    out.set("profile", heading.profile);
    out.set("budget", all.budget);
    out.set("runs", static_cast<std::int64_t>(heading.runs));
    out.set("seed", static_cast<std::int64_t>(heading.seed));
    document faults = document::array();
    for (const std::string& fault : all.counted) {
        faults.push_back(fault);
    }
    out.set("faults", std::move(faults));
    document techniques = document::array();
    for (const technique_summary& s : all.overall) {
        if (s.faults == 0) {
            continue;
        }
        document one = document::object();
        one.set("technique", s.technique);
        one.set("space", s.space);
        one.set("faults", static_cast<std::int64_t>(s.faults));
        one.set("improvement_rate", s.rate);
        one.set("improvement_rate_within_budget", s.rate_within);
        one.set("improvement_rate_beyond_budget", s.rate_beyond);
        one.set("complexity", s.complexity);
        one.set("normalised_complexity", s.normalised_complexity);
        one.set("asymmetric_jaccard", s.jaccard);
        if (s.compared) {
            one.set("vargha_delaney", s.a);
            one.set("wilcoxon", s.wilcoxon);
            one.set("holm", s.holm);
            one.set("faults_better", static_cast<std::int64_t>(s.better));
            one.set("faults_worse", static_cast<std::int64_t>(s.worse));
        }
        techniques.push_back(std::move(one));
    }
    out.set("techniques", std::move(techniques));
    return out;
}

} // namespace mend
