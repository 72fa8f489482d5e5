// SPDX-License-Identifier: MIT
/// What `mend mutate` tells: a mutant, the mutants that there are, what kills them; as JSON and as
/// text for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/eval/kill.hpp>
#include <mend/eval/mutant_runs.hpp>
#include <mend/fault/mutation.hpp>
#include <mend/fault/operators.hpp>
#include <mend/io/report.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/problem.hpp>

namespace mend {

namespace detail {

[[nodiscard]] inline document interval_document(const setting_interval& over) {
    document out = document::object();
    out.set("mild", over.mild);
    out.set("strong", over.strong);
    out.set("precision", over.precision);
    out.set("decimals", over.decimals);
    return out;
}

[[nodiscard]] inline document site_document(
    const any_operator& how, const problem& p, mutation_site site, const mutation_facts& facts
) {
    document out = document::object();
    if (site) {
        out.set("layer", static_cast<std::int64_t>(*site));
        out.set("class_name", p.model.layers[*site].class_name());
    }
    const setting_range range = mutant_settings(how, p, site, facts);
    if (range.interval) {
        out.set("interval", interval_document(*range.interval));
        return out;
    }
    document values = document::array();
    for (const mutation_value& value : range.values) {
        if (value.index() != 0) {
            values.push_back(document_from(value));
        }
    }
    out.set("values", std::move(values));
    return out;
}

[[nodiscard]] inline std::string padded(std::string text, std::size_t width) {
    text.append(text.size() < width ? width - text.size() : 0, ' ');
    return text;
}

} // namespace detail

/// Every operator, whether it applies to the problem, where and with what settings:
/// `{"operators": [{"code", "name", "group", "what", "sites": [{"layer", "values" |
/// "interval"}]}]}`.
[[nodiscard]] inline document operators_document(const problem& p, const mutation_facts& facts) {
    document list = document::array();
    for (const any_operator& how : fault_operators()) {
        document one = document::object();
        one.set("code", how.about.code);
        one.set("name", how.about.name);
        one.set("group", to_text(how.about.group));
        one.set("what", how.about.what);
        document sites = document::array();
        for (const mutation_site site : mutant_sites(how, p, facts)) {
            sites.push_back(detail::site_document(how, p, site, facts));
        }
        one.set("sites", std::move(sites));
        list.push_back(std::move(one));
    }
    document out = document::object();
    out.set("operators", std::move(list));
    return out;
}

/// The same for people: a line per operator and one per layer.
[[nodiscard]] inline std::string operators_text(const problem& p, const mutation_facts& facts) {
    std::string out;
    for (const any_operator& how : fault_operators()) {
        const std::vector<mutation_site> sites = mutant_sites(how, p, facts);
        out += std::string(how.about.code) + "  " + std::string(how.about.what);
        out += sites.empty() ? how.about.code == "HDB" && facts.train_rows == 0
                                   ? " (needs --data)\n"
                                   : " (does not apply)\n"
                             : "\n";
        for (const mutation_site site : sites) {
            const setting_range range = mutant_settings(how, p, site, facts);
            std::vector<std::string> words;
            for (const mutation_value& value : range.values) {
                words.push_back(to_text(value));
            }
            std::string settings = join(words, ", ");
            if (range.interval) {
                settings = to_text(range.interval->mild) + " to " + to_text(range.interval->strong);
            }
            if (site) {
                out += "       layers[" + std::to_string(*site) + "] " +
                       std::string(p.model.layers[*site].class_name()) +
                       (settings.empty() ? "" : ": " + settings) + "\n";
            } else if (!settings.empty()) {
                out += "       " + settings + "\n";
            }
        }
    }
    return out;
}

/// What a mutant changes, in readable lines.
[[nodiscard]] inline std::vector<std::string>
mutant_lines(const problem& original, const problem& mutant, const mutation& m) {
    return find_operator(m.code).changes_data()
               ? std::vector<std::string>{"training data: " + to_text(m)}
               : lines(original, mutant);
}

/// `{"operator", "name", "layer", "value", "label", "seed", "change": [..], "mutant": ..}`.
[[nodiscard]] inline document
mutant_document(const mutation& m, const std::vector<std::string>& change, document mutant) {
    document out = document_from(m);
    out.set("name", find_operator(m.code).about.name);
    document list = document::array();
    for (const std::string& line : change) {
        list.push_back(line);
    }
    out.set("change", std::move(list));
    out.set("mutant", std::move(mutant));
    return out;
}

/// What a report on killing says besides the result.
struct kill_heading {
    std::string problem;
    std::string data;
    const any_operator* how = nullptr;
    score_rule score{};
    killing_test test{};
    std::size_t runs = 0;
    std::uint64_t seed = 0;
    std::size_t trainings = 0;
    double seconds = 0;
};

namespace detail {

[[nodiscard]] inline document search_document(const kill_search& found) {
    document path = document::array();
    for (const kill_row& row : found.rows) {
        document one = document::object();
        if (row.what.layer) {
            one.set("layer", static_cast<std::int64_t>(*row.what.layer));
        }
        one.set("value", document_from(row.what.value));
        if (row.verdict) {
            one.set("p", row.verdict->p);
            one.set("d", row.verdict->d);
            one.set("power", row.verdict->power);
            one.set("stable", row.verdict->is_stable());
            one.set("killed", row.verdict->killed);
            if (row.triviality) {
                one.set("triviality", *row.triviality);
                one.set("trivial", *row.triviality >= trivial_from);
                one.set("redundant", row.redundant);
            }
        } else {
            one.set("refused", row.refused);
        }
        path.push_back(std::move(one));
    }
    document out = document::object();
    out.set("path", std::move(path));
    if (found.mildest) {
        const mutation& m = found.rows[*found.mildest].what;
        document killing = document::object();
        if (m.layer) {
            killing.set("layer", static_cast<std::int64_t>(*m.layer));
        }
        killing.set("value", document_from(m.value));
        out.set("killing", std::move(killing));
    } else {
        out.set("killing", nullptr);
    }
    if (found.survivor) {
        out.set("survivor", *found.survivor);
    }
    return out;
}

[[nodiscard]] inline std::string search_text(const kill_search& found) {
    std::string out;
    std::size_t widest = 8;
    for (const kill_row& row : found.rows) {
        widest = std::max(widest, to_text(row.what).size());
    }
    out +=
        "  " + padded("setting", widest) + "  " + padded("p", 11) + padded("d", 11) + "verdict\n";
    for (const kill_row& row : found.rows) {
        out += "  " + padded(to_text(row.what), widest) + "  ";
        if (!row.verdict) {
            out += "cannot be trained: " + row.refused + "\n";
            continue;
        }
        const killing& v = *row.verdict;
        out += padded(short_text(v.p), 11) + padded(short_text(v.d), 11) +
               (v.killed        ? "killed"
                : v.is_stable() ? "survives"
                                : "survives (power below 0.8)");
        if (row.triviality) {
            out += ", triviality " + fixed_text(*row.triviality, 2) +
                   (*row.triviality >= trivial_from ? " (trivial)" : "") +
                   (row.redundant ? ", redundant" : "");
        }
        out += "\n";
    }
    if (!found.mildest) {
        return out + "  nothing is killed\n";
    }
    out += "  mildest killed: " + to_text(found.rows[*found.mildest].what);
    return out + (found.survivor ? "; survives: " + to_text(*found.survivor) : "") + "\n";
}

} // namespace detail

/// The object that `mend mutate --kill --json` prints.
[[nodiscard]] inline document
kill_document(const kill_result& result, const kill_heading& heading) {
    document out = document::object();
    out.set("problem", heading.problem);
    out.set("data", heading.data);
    out.set("operator", heading.how->about.code);
    out.set("name", heading.how->about.name);
    out.set("metric", metric_document(heading.score));
    out.set("test_of", heading.test == killing_test::glm ? "glm" : "wilcoxon");
    out.set("runs", static_cast<std::int64_t>(heading.runs));
    out.set("seed", static_cast<std::int64_t>(heading.seed));
    if (result.interval) {
        out.set("interval", detail::interval_document(*result.interval));
    }
    out.set("test", detail::search_document(result.test));
    if (result.train) {
        out.set("train", detail::search_document(*result.train));
        out.set("score", result.score ? document(result.score->score) : document());
        out.set("instability", result.score ? document(result.score->instability) : document());
    }
    out.set("trainings", static_cast<std::int64_t>(heading.trainings));
    out.set("seconds", heading.seconds);
    return out;
}

/// The same for people.
[[nodiscard]] inline std::string kill_text(const kill_result& result, const kill_heading& heading) {
    std::string out = "problem   " + heading.problem + " on " + heading.data + "\noperator  " +
                      std::string(heading.how->about.code) + ": " +
                      std::string(heading.how->about.what) + "\njudged    by " +
                      std::string(heading.score.name()) + " over " + std::to_string(heading.runs) +
                      " runs, " + std::to_string(heading.trainings) + " trainings in " +
                      duration_text(heading.seconds) + "\n\ntest part\n" +
                      detail::search_text(result.test);
    if (result.train) {
        out += "\ntrain part\n" + detail::search_text(*result.train) + "\nmutation score  ";
        out += result.score ? to_text(result.score->score) + " (instability " +
                                  to_text(result.score->instability) + ")\n"
                            : "none: the train part does not kill it\n";
    }
    return out;
}

} // namespace mend
