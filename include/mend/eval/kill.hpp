// SPDX-License-Identifier: MIT
/// What kills the mutants of an operator: every setting of its lists, or the mildest one of its
/// interval.
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/eval/judge.hpp>
#include <mend/eval/killing_search.hpp>
#include <mend/eval/mutant_runs.hpp>
#include <mend/eval/mutation_score.hpp>
#include <mend/fault/mutation.hpp>
#include <mend/fault/operators.hpp>
#include <mend/spec/problem.hpp>

namespace mend {

/// One setting and the verdict on it.
struct kill_row {
    mutation what{};
    std::optional<killing> verdict{}; ///< none: it could not be trained
    std::string refused{};            ///< then: why

    // Of killed settings, where the runs tell their inputs.
    std::optional<double> triviality{}; ///< see mend::triviality; 0.9 or more is trivial
    bool redundant = false;             ///< beside another killed setting (mutant_relation)
};

/// What was found on one part of the data.
struct kill_search {
    std::vector<kill_row> rows{};         ///< in the order evaluated
    std::optional<std::size_t> mildest{}; ///< the row of the mildest killed setting
    std::optional<double> survivor{};     ///< of an interval: the strongest value known to survive
};

struct kill_result {
    std::optional<setting_interval> interval{}; ///< of operators that have one
    kill_search test{};
    std::optional<kill_search> train{};    ///< where the runs are scored on the train part, too
    std::optional<operator_score> score{}; ///< likewise; none: not killed on train, left out
};

struct kill_options {
    std::optional<std::size_t> layer{}; ///< none: every layer that the operator applies to
    mutation_value value{};             ///< given: this setting alone, no search
    std::optional<int> label{};
    std::optional<double> mild{}; ///< instead of the operator's own ends
    std::optional<double> strong{};
    std::optional<double> precision{};
    std::optional<int> decimals{};
};

/// What a search will try.
struct kill_plan {
    mutation first{};                           ///< code, layer and label of each setting
    std::optional<setting_interval> interval{}; ///< to be bisected
    std::vector<mutation> list{};               ///< where there is none: every setting
};

namespace detail {

[[nodiscard]] inline kill_row judged(mutant_runs& runs, const mutation& m, bool on_train) {
    kill_row row{.what = m, .verdict = runs.judge(m, on_train), .refused = {}};
    row.refused = row.verdict ? "" : runs(m).refused;
    return row;
}

/// Every mutation in turn; the mildest is the killed one of the smallest effect.
[[nodiscard]] inline kill_search
judge_all(mutant_runs& runs, const std::vector<mutation>& list, bool on_train) {
    kill_search found;
    for (const mutation& m : list) {
        found.rows.push_back(judged(runs, m, on_train));
        const auto& now = found.rows.back().verdict;
        if (now && now->killed &&
            (!found.mildest || std::abs(now->d) < std::abs(found.rows[*found.mildest].verdict->d)
            )) {
            found.mildest = found.rows.size() - 1;
        }
    }
    return found;
}

[[nodiscard]] inline kill_search
search_interval(mutant_runs& runs, mutation m, const setting_interval& over, bool on_train) {
    kill_search found;
    const killing_bounds bounds = search_killing(over, [&](double value) {
        m.value = value;
        found.rows.push_back(judged(runs, m, on_train));
        const kill_row& row = found.rows.back();
        if (!row.verdict) {
            throw usage_error("--operator", to_text(m) + " cannot be trained: " + row.refused);
        }
        return row.verdict->killed;
    });
    for (std::size_t i = 0; i < found.rows.size(); ++i) {
        if (bounds.killing && std::get<double>(found.rows[i].what.value) == *bounds.killing) {
            found.mildest = i;
        }
    }
    found.survivor = bounds.survivor;
    return found;
}

/// Adds what the inputs say of the killed settings. Of settings that no input tells apart the first
/// is not redundant.
inline void add_inputs(kill_search& found, mutant_runs& runs) {
    std::vector<std::pair<kill_row*, std::vector<killed_input>>> killed;
    for (kill_row& row : found.rows) {
        if (row.verdict && row.verdict->killed && !runs.original().correct.empty()) {
            killed.emplace_back(
                &row, killed_inputs(runs.original().correct, runs(row.what).correct)
            );
            row.triviality = triviality(killed.back().second);
        }
    }
    for (std::size_t i = 0; i < killed.size(); ++i) {
        for (std::size_t j = 0; j < killed.size(); ++j) {
            const auto relation = i == j ? mutant_relation::distinct
                                         : relate_mutants(killed[i].second, killed[j].second);
            killed[i].first->redundant = killed[i].first->redundant ||
                                         relation == mutant_relation::first_redundant ||
                                         (relation == mutant_relation::indistinguishable && j < i);
        }
    }
}

[[nodiscard]] inline killing_table table_of(const kill_search& found) {
    killing_table table;
    for (const kill_row& row : found.rows) {
        if (row.verdict) {
            table.emplace(to_text(row.what), *row.verdict);
        }
    }
    return table;
}

[[nodiscard]] inline std::optional<operator_score> score_of(const kill_result& result) {
    if (!result.interval) {
        return list_score(table_of(*result.train), table_of(result.test));
    }
    const auto killing_value = [](const kill_search& found) {
        return found.mildest
                   ? std::optional(std::get<double>(found.rows[*found.mildest].what.value))
                   : std::nullopt;
    };
    const auto train = killing_value(*result.train);
    const auto test = killing_value(result.test);
    const auto score = interval_score(result.interval->strong, train, test);
    if (!score) {
        return std::nullopt;
    }
    std::vector<evaluated_value> on_test;
    for (const kill_row& row : result.test.rows) {
        on_test.push_back({std::get<double>(row.what.value), row.verdict->power});
    }
    return operator_score{*score, interval_instability(*result.interval, *train, test, on_test)};
}

} // namespace detail

/// The interval of an operator with what the options put in its place: of training data within the
/// operator's own, else any above 0. Throws usage_error for other ends, and where the operator has
/// no interval but options name its ends.
[[nodiscard]] inline std::optional<setting_interval> kill_interval(
    const any_operator& how, std::optional<setting_interval> own, const kill_options& options
) {
    if (!own) {
        if (options.mild || options.strong || options.precision || options.decimals) {
            throw usage_error("--precision", "is for operators with an interval");
        }
        return own;
    }
    for (const auto& [name, end] : {std::pair{"--from", options.mild}, {"--to", options.strong}}) {
        if (!end) {
            continue;
        }
        if (how.changes_data() && !(*end >= own->mild && *end <= own->strong)) {
            throw usage_error(
                name,
                concat(
                    {"must be between ",
                     to_text(own->mild),
                     " and ",
                     to_text(own->strong),
                     ", not ",
                     to_text(*end)}
                )
            );
        }
        const bool whole = own->decimals == 0;
        if (!how.changes_data() && !(*end >= (whole ? 1.0 : 0x1p-1022) && std::isfinite(*end))) {
            const char* const wanted = whole ? "must be 1 or more, not " : "must be above 0, not ";
            throw usage_error(name, wanted + to_text(*end));
        }
    }
    own->mild = options.mild.value_or(own->mild);
    own->strong = options.strong.value_or(own->strong);
    own->precision = options.precision.value_or(own->precision);
    own->decimals = options.decimals.value_or(own->decimals);
    if (own->mild == own->strong || !(own->precision > 0)) {
        throw usage_error("--precision", "needs two ends that differ and a precision above 0");
    }
    return own;
}

/// What `kill` is to try: an interval, or each setting of a list at each layer. Throws usage_error
/// where the operator does not apply or the options do not fit it.
[[nodiscard]] inline kill_plan plan_kill(
    const any_operator& how,
    const problem& original,
    const mutation_facts& facts,
    const kill_options& options = {}
) {
    kill_plan plan;
    mutation& first = plan.first;
    first = complete_site(
        {.code = std::string(how.about.code), .layer = options.layer, .label = options.label},
        original,
        facts
    );
    std::vector<mutation_site> sites{first.layer};
    if (first.layer && !options.layer) {
        sites = mutant_sites(how, original, facts);
    }
    for (const mutation_site site : sites) {
        first.layer = site;
        const setting_range range = mutant_settings(how, original, site, facts);
        if (options.value.index() != 0) {
            first.value = options.value;
            plan.list.push_back(complete_mutation(first, original, facts));
        } else if (range.interval) {
            plan.interval = kill_interval(how, range.interval, options);
        } else {
            static_cast<void>(kill_interval(how, std::nullopt, options));
            for (const mutation_value& value : range.values) {
                first.value = value;
                plan.list.push_back(first);
            }
        }
    }
    return plan;
}

/// Searches what kills an operator's mutants, on the test part and, where the runs are scored on
/// it, on the train part.
[[nodiscard]] inline kill_result kill(const kill_plan& plan, mutant_runs& runs) {
    kill_result result;
    result.interval = plan.interval;
    const auto search = [&](bool on_train) {
        return plan.interval ? detail::search_interval(runs, plan.first, *plan.interval, on_train)
                             : detail::judge_all(runs, plan.list, on_train);
    };
    result.test = search(false);
    detail::add_inputs(result.test, runs);
    if (runs.on_train()) {
        result.train = search(true);
        detail::add_inputs(*result.train, runs);
        result.score = detail::score_of(result);
    }
    return result;
}

} // namespace mend
