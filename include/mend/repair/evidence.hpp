// SPDX-License-Identifier: MIT
/// What a search for a repair leaves behind besides its patch, so that a person can judge and
/// choose: the diagnosis, what became of each candidate, how the chosen one compares with the
/// faulty problem, and the runners-up.
///
/// All of it comes from the trials that were told, whatever the technique; the test part has no
/// say.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/record/check.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/data_facts.hpp>
#include <mend/repair/diagnose.hpp>
#include <mend/repair/finding.hpp>
#include <mend/repair/task.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/stats/summary.hpp>
#include <mend/stats/tests.hpp>
#include <mend/study/study.hpp>
#include <mend/train/score.hpp>

namespace mend {

/// Why a candidate went no further.
enum class candidate_end : std::uint8_t {
    faulty,      ///< it is the problem as it was given
    chosen,      ///< it went all the way
    failed,      ///< one of its trainings did
    too_little,  ///< a part of the chosen patch, which does less
    superfluous, ///< the chosen patch and more, which the gain does not need
    left_behind, ///< trained for a part of its epochs; others promised more
    no_better,   ///< trained to its end, no better than the faulty problem
    not_chosen,  ///< better than the faulty problem, behind the chosen one
};

[[nodiscard]] constexpr std::string_view to_text(candidate_end e) noexcept {
    constexpr std::string_view names[] = {
        "faulty",
        "chosen",
        "failed",
        "too_little",
        "superfluous",
        "left_behind",
        "no_better",
        "not_chosen"};
    return names[static_cast<std::size_t>(e)];
}

/// A problem that was tried and what became of it. Scores are of the validation part.
struct candidate_record {
    std::vector<std::string> changes{}; ///< a line each; none: the faulty problem
    std::vector<std::int64_t> trials{}; ///< ids
    double fidelity = 0;                ///< the largest share of its epochs that it was trained for
    double cost = 0;                    ///< of all its trials, in trainings
    std::optional<double> score{};      ///< at that fidelity, the last one
    std::vector<double> whole{};        ///< of all its trainings of all epochs, in order
    std::size_t failures = 0;           ///< trials that failed, and so have no score
    mend::status status = mend::status::completed; ///< of the first of them
    candidate_end end = candidate_end::no_better;

    friend bool operator==(const candidate_record&, const candidate_record&) = default;
};

/// The same for people: "left behind after 11 % of its epochs".
[[nodiscard]] inline std::string ending_text(const candidate_record& tried) {
    switch (tried.end) {
    case candidate_end::faulty:
        return "the problem as it is";
    case candidate_end::chosen:
        return tried.whole.size() < 2
                   ? "chosen"
                   : "chosen, after " + std::to_string(tried.whole.size()) + " whole trainings";
    case candidate_end::failed:
        return tried.status == status::stopped ? "stopped early"
                                               : "failed: " + std::string(to_text(tried.status));
    case candidate_end::too_little:
        return "a part of the chosen patch, not as good";
    case candidate_end::superfluous:
        return "more than is needed: the chosen patch is a part of it";
    case candidate_end::left_behind:
        return "left behind after " + fixed_text(100 * tried.fidelity, 0) + " % of its epochs";
    case candidate_end::no_better:
        return "no better, beyond chance, than the problem as it is";
    case candidate_end::not_chosen:
        return "better than the problem as it is, but not chosen";
    }
    return "";
}

/// Validation scores of whole trainings within the search, the first of each with the seed that the
/// candidate was picked by; `p` is of the one-sided Mann-Whitney test, in which trainings that
/// failed are worse than every score; 1 where nothing was chosen. The final report has what
/// trainings on fresh seeds say.
struct confirmation {
    std::vector<double> faulty{};
    std::vector<double> chosen{};
    double p = 1;

    friend bool operator==(const confirmation&, const confirmation&) = default;
};

/// Another patch that did better than the faulty problem, trained to its end, in the search.
struct runner_up {
    mend::patch patch{}; ///< of the problem as it was given
    std::size_t complexity = 0;
    double fidelity = 1;              ///< the share of its epochs that was enough
    std::vector<double> validation{}; ///< scores of its whole trainings, or the one at that share

    friend bool operator==(const runner_up&, const runner_up&) = default;
};

struct repair_evidence {
    std::vector<finding> findings{};       ///< with what trial 0 showed, most likely first
    std::vector<candidate_record> tried{}; ///< in the order of their first trials
    mend::confirmation confirmation{};
    std::vector<runner_up> runners_up{}; ///< best first

    friend bool operator==(const repair_evidence&, const repair_evidence&) = default;
};

/// The hyperparameters that a patch changes, by its lines: "optimizer.learning_rate",
/// "layers[2] Dense activation", "+ Dropout before layers[1]". The settings of another optimizer or
/// of a new layer do not count beside it.
[[nodiscard]] inline std::set<std::string> kind_of(const std::vector<std::string>& changes);

/// What the told trials of a study about a task say. Cost: about a diff for each candidate.
[[nodiscard]] inline repair_evidence
evidence_of(const repair_task& task, const study_result& study);

namespace detail {

/// Puts trials together that tried the same problem.
class candidate_book {
public:
    explicit candidate_book(const repair_task& task)
        : task_(task) {}

    void add(const trial& told) {
        const std::size_t which = find(told.proposal);
        of_trial_[told.proposal.id] = which;
        candidate_record& c = all_[which];
        c.trials.push_back(told.proposal.id);
        c.cost += told.outcome.cost;
        if (!told.completed()) {
            c.status = c.failures++ == 0 ? told.outcome.status : c.status;
            return;
        }
        const double score = task_.score.cost(told.value());
        if (told.proposal.fidelity >= c.fidelity) {
            c.fidelity = told.proposal.fidelity;
            c.score = score;
        }
        if (told.proposal.fidelity == 1) {
            c.whole.push_back(score);
        }
    }

    /// Decides how each of them ended. `chosen`: id of the trial that the search stands for.
    void judge(std::optional<std::int64_t> chosen) {
        chosen_ = chosen ? of_trial_.at(*chosen) : 0;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            all_[i].end = i == 0         ? candidate_end::faulty
                          : i == chosen_ ? candidate_end::chosen
                                         : end_of(all_[i]);
        }
    }

    [[nodiscard]] const candidate_record& chosen() const { return all_[chosen_]; }

    /// Positions of those that beat the faulty problem, by half of what the chosen one does at
    /// least, and were not chosen: those trained to their end before others, then the best first,
    /// each of another kind than the chosen one and those before it.
    [[nodiscard]] std::vector<std::size_t> runners_up(std::size_t most) const {
        std::vector<std::size_t> order;
        for (std::size_t i = 1; i < all_.size(); ++i) {
            if (i != chosen_ && beats_faulty(all_[i]) && is_half_as_good(i)) {
                order.push_back(i);
            }
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const double far = all_[a].fidelity - all_[b].fidelity;
            return far != 0 ? far > 0 : task_.score.better(score_of(a), score_of(b));
        });
        std::vector<std::set<std::string>> kinds{kind_of(chosen().changes)};
        std::vector<std::size_t> picked;
        for (const std::size_t i : order) {
            std::set<std::string> kind = kind_of(all_[i].changes);
            const bool known = std::any_of(kinds.begin(), kinds.end(), [&](const auto& other) {
                return !other.empty() &&
                       std::includes(kind.begin(), kind.end(), other.begin(), other.end());
            });
            if (!known && picked.size() < most) {
                kinds.push_back(std::move(kind));
                picked.push_back(i);
            }
        }
        return picked;
    }

    /// Of the whole trainings, or the last where there are none.
    [[nodiscard]] static std::vector<double> scores_of(const candidate_record& c) {
        return c.whole.empty() && c.score ? std::vector{*c.score} : c.whole;
    }

    /// The problem of a candidate. Requires one that was trained.
    [[nodiscard]] problem problem_of(std::size_t i) const { return problem_at(first_[i]); }

    [[nodiscard]] const candidate_record& operator[](std::size_t i) const { return all_[i]; }

    [[nodiscard]] std::vector<candidate_record> take() && { return std::move(all_); }

private:
    [[nodiscard]] problem problem_at(const proposal& what) const {
        return what.patch.empty() ? task_.space.apply(what.at) : apply(task_.faulty, what.patch);
    }

    std::size_t find(const proposal& what) {
        if (what.continues != proposal::none) {
            return of_trial_.at(what.continues);
        }
        std::vector<std::string> changes;
        try {
            changes = lines(task_.faulty, problem_at(what));
        } catch (const error&) { // no problem: what was proposed is all there is to say
            changes = what.patch.empty() ? std::vector{to_text(what.at)} : lines(what.patch);
        }
        const auto [at, is_new] = by_changes_.try_emplace(changes, all_.size());
        if (is_new) {
            all_.push_back({.changes = std::move(changes)});
            first_.push_back(what);
        }
        return at->second;
    }

    [[nodiscard]] double score_of(std::size_t i) const { return mean(scores_of(all_[i])); }

    /// Whether its score is better, by more than twice what chance may give, than the mean of whole
    /// trainings of the faulty problem.
    [[nodiscard]] bool beats_faulty(const candidate_record& c) const {
        if (!c.score || c.failures > 0) {
            return false;
        }
        if (all_[0].whole.empty()) {
            return true;
        }
        const score_rule& score = task_.score;
        const double faulty = mean(all_[0].whole);
        const double rows = static_cast<double>(task_.parts.validation.size());
        return score.cost(mean(scores_of(c))) < score.cost(faulty) - 2 * score.chance(faulty, rows);
    }

    /// Whether it gains at least half of what the chosen one gains, over the faulty problem or,
    /// where that has no score, over the best constant answer. Where neither is known, or nothing
    /// was chosen, there is nothing to go by.
    [[nodiscard]] bool is_half_as_good(std::size_t i) const {
        const double from =
            all_[0].whole.empty() ? task_.score.cost(constant_cost(task_)) : mean(all_[0].whole);
        if (chosen_ == 0 || !std::isfinite(from) || !chosen().score) {
            return true;
        }
        const double half = (from + score_of(chosen_)) / 2;
        return !task_.score.better(half, score_of(i));
    }

    [[nodiscard]] static bool
    is_part(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
        return part.size() < whole.size() &&
               std::all_of(part.begin(), part.end(), [&](const std::string& line) {
                   return std::find(whole.begin(), whole.end(), line) != whole.end();
               });
    }

    [[nodiscard]] candidate_end end_of(const candidate_record& c) const {
        if (c.failures > 0) {
            return candidate_end::failed;
        }
        const bool beats = c.fidelity == 1 && beats_faulty(c);
        if (chosen_ != 0 && is_part(c.changes, chosen().changes)) {
            return candidate_end::too_little;
        }
        if (chosen_ != 0 && beats && is_part(chosen().changes, c.changes)) {
            return candidate_end::superfluous;
        }
        return beats            ? candidate_end::not_chosen
               : c.fidelity < 1 ? candidate_end::left_behind
                                : candidate_end::no_better;
    }

    const repair_task& task_;
    std::vector<candidate_record> all_;
    std::vector<proposal> first_; ///< of each
    std::map<std::vector<std::string>, std::size_t> by_changes_;
    std::map<std::int64_t, std::size_t> of_trial_;
    std::size_t chosen_ = 0;
};

/// Whole trainings of both sides.
[[nodiscard]] inline confirmation
confirm(const candidate_record& faulty, const candidate_record& chosen, score_rule rule) {
    confirmation made{faulty.whole, chosen.whole};
    const auto badness = [&](const candidate_record& c) {
        std::vector<double> bad(c.failures, std::numeric_limits<double>::infinity());
        for (const double score : c.whole) {
            bad.push_back(rule.cost(score));
        }
        return bad;
    };
    const std::vector<double> before = badness(faulty);
    const std::vector<double> after = badness(chosen);
    if (!before.empty() && !after.empty()) {
        made.p = mann_whitney(after, before, alternative::less).p;
    }
    return made;
}

} // namespace detail

inline std::set<std::string> kind_of(const std::vector<std::string>& changes) {
    std::set<std::string> kind;
    for (const std::string& line : changes) {
        if (line.starts_with("+ ")) { // "+ Dropout(rate=0.5) before layers[1]"
            const std::size_t place = line.rfind(' ', line.rfind(" layers[") - 1);
            kind.insert(line.substr(0, line.find_first_of("( ", 2)) + line.substr(place));
        } else { // a layer's name may hold anything
            const std::size_t name = line.starts_with("layers[") ? line.find("\" ") : line.npos;
            kind.insert(line.substr(0, line.find(": ", name == line.npos ? 0 : name)));
        }
    }
    if (kind.contains("optimizer")) {
        std::erase_if(kind, [](const std::string& k) { return k.starts_with("optimizer."); });
    }
    return kind;
}

inline repair_evidence evidence_of(const repair_task& task, const study_result& study) {
    repair_evidence made;
    if (study.trials.empty()) {
        return made;
    }
    data_facts facts = facts_of(task.data, task.parts);
    facts.test = {};
    const outcome& first = study.trials.front().outcome;
    made.findings = diagnose(
        task.faulty, facts, {task.score, first.status, first.curve, find_checks(first.signals)}
    );
    detail::candidate_book book(task);
    for (const trial& told : study.trials) {
        book.add(told);
    }
    book.judge(study.best ? std::optional(study.trials[*study.best].proposal.id) : std::nullopt);
    if (book.chosen().end == candidate_end::chosen) {
        made.confirmation = detail::confirm(book[0], book.chosen(), task.score);
    }
    for (const std::size_t i : book.runners_up(3)) {
        const problem patched = book.problem_of(i);
        made.runners_up.push_back(
            {diff(task.faulty, patched),
             complexity(task.faulty, patched),
             book[i].fidelity,
             book.scores_of(book[i])}
        );
    }
    made.tried = std::move(book).take();
    return made;
}

} // namespace mend
