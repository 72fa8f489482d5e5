// SPDX-License-Identifier: MIT
/// DeepCrime's mutation score of a test set, relative to the training set, and how stable it is;
/// trivial and redundant mutants.
///
/// Mended, against the program of DeepCrime: every operator's outcome counts (its scorer reads
/// those of HDB and VRM from a wrong column); a configuration is (operator, layer, value) whole (it
/// drops layers and letters of names); kc_train at the end of the range leaves the operator out
/// also where the test set kills nothing (there it makes 1).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/text.hpp>
#include <mend/eval/judge.hpp>
#include <mend/fault/operator.hpp>
#include <mend/stats/summary.hpp>

namespace mend {

/// The score of one operator; both are rounded to two decimals, as published.
struct operator_score {
    double score = 0;       ///< [0, 1]
    double instability = 0; ///< 0: stable, at most 2

    friend bool operator==(const operator_score&, const operator_score&) = default;
};

namespace detail {

[[nodiscard]] inline double to_cents(double x) { return std::stod(fixed_text(x, 2)); }

} // namespace detail

/// The score of an operator with an interval: the share of it that the test set kills of what the
/// training set kills, (U - kc_test) / (U - kc_train) with U the strong end and kc the mildest
/// value known to be killed, at most 1. Nothing killed on test: 0; both sets the same: 1. None
/// where the training set does not kill, or only U where the test set does not.
[[nodiscard]] inline std::optional<double> interval_score(
    double strong, std::optional<double> killing_train, std::optional<double> killing_test
) {
    if (!killing_train) {
        return std::nullopt;
    }
    if (killing_test && *killing_test == *killing_train) {
        return 1;
    }
    if (*killing_train == strong) {
        return std::nullopt;
    }
    const double test = killing_test.value_or(strong);
    return std::min(1.0, detail::to_cents((strong - test) / (strong - *killing_train)));
}

/// A value that was evaluated on the test set, and the power of its verdict.
struct evaluated_value {
    double value = 0;
    double power = 0;
};

/// The instability of an interval's score, 0 where the verdicts around the killing value are
/// stable, 2 where they are not at all. The largest unstable value u and the smallest stable one s
/// at or above kc_test decide. Intervals that fall (HLR, HNE, RCP) have their strong end below the
/// mild one.
[[nodiscard]] inline double interval_instability(
    const setting_interval& over,
    double killing_train,
    std::optional<double> killing_test,
    std::span<const evaluated_value> on_test
) {
    const bool falling = over.strong < over.mild;
    const double test = killing_test.value_or(over.strong);
    double unstable = 0;
    std::optional<double> stable;
    for (const evaluated_value& one : on_test) {
        if (one.power < stable_power) {
            unstable = std::max(unstable, one.value);
        } else if (one.value >= test && (!stable || one.value < *stable)) {
            stable = one.value;
        }
    }
    if (!stable || (unstable > *stable && !falling)) {
        return 2;
    }
    if ((falling && *stable < unstable && killing_train < unstable) ||
        (!falling && unstable < killing_train) || over.strong == killing_train || unstable == 0) {
        return 0;
    }
    if (unstable == over.strong) {
        return 2;
    }
    const double width = std::abs(over.strong - killing_train);
    return detail::to_cents(std::abs(unstable - killing_train) / width) +
           detail::to_cents(std::abs(*stable - killing_train) / width);
}

/// Verdicts by configuration: the text of a mutation names it.
using killing_table = std::map<std::string, killing>;

/// The score of an operator with a list of settings, or none: the share that the test set kills of
/// what the training set kills with enough power; 0 where no power suffices. None where the
/// training set kills nothing. The instability is the share of what both kill whose power on test
/// is below 0.8.
[[nodiscard]] inline std::optional<operator_score>
list_score(const killing_table& train, const killing_table& test) {
    double killed = 0;
    double sure = 0;
    double both = 0;
    double unstable = 0;
    for (const auto& [what, verdict] : train) {
        if (!verdict.killed) {
            continue;
        }
        ++killed;
        if (!verdict.is_stable()) {
            continue;
        }
        ++sure;
        const auto on_test = test.find(what);
        if (on_test != test.end() && on_test->second.killed) {
            ++both;
            unstable += on_test->second.is_stable() ? 0 : 1;
        }
    }
    if (killed == 0) {
        return std::nullopt;
    }
    return operator_score{
        sure == 0 ? 0 : detail::to_cents(both / sure),
        both == 0 ? 0 : detail::to_cents(unstable / both)};
}

/// The mutation score of a test set: the mean over the operators whose score is stable, those
/// without a score left out; 0 where there is none.
[[nodiscard]] inline double mutation_score(std::span<const std::optional<operator_score>> operators
) {
    double sum = 0;
    double count = 0;
    for (const auto& one : operators) {
        if (one && one->instability == 0) {
            sum += one->score;
            ++count;
        }
    }
    return count == 0 ? 0 : sum / count;
}

/// Which inputs each run of a model predicts right: runs x inputs.
using correct_table = std::vector<std::vector<bool>>;

/// How an input tells mutant from original: over paired runs, how often the original is right and
/// the mutant is not.
struct killed_input {
    std::size_t kills = 0;
    std::size_t runs = 0;
    bool known = false; ///< some run of the original predicts it right

    [[nodiscard]] double probability() const noexcept {
        return static_cast<double>(kills) / static_cast<double>(runs);
    }
};

/// For each input. Requires tables of one size, with a run at least.
[[nodiscard]] inline std::vector<killed_input>
killed_inputs(const correct_table& original, const correct_table& mutant) {
    MEND_EXPECTS(!original.empty() && original.size() == mutant.size(), "as many runs of both");
    std::vector<killed_input> inputs(original[0].size());
    for (std::size_t r = 0; r < original.size(); ++r) {
        MEND_EXPECTS(
            original[r].size() == inputs.size() && mutant[r].size() == inputs.size(),
            "every run has every input"
        );
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            ++inputs[i].runs;
            inputs[i].known = inputs[i].known || original[r][i];
            inputs[i].kills += original[r][i] && !mutant[r][i] ? 1 : 0;
        }
    }
    return inputs;
}

/// The mean killing probability over the inputs that the original predicts right in some run; a
/// mutant of 0.9 or more is trivial. How DeepCrime sums over inputs is not published. 0 where the
/// original is never right.
[[nodiscard]] inline double triviality(std::span<const killed_input> inputs) {
    double sum = 0;
    double count = 0;
    for (const killed_input& one : inputs) {
        if (one.known) {
            sum += one.probability();
            ++count;
        }
    }
    return count == 0 ? 0 : sum / count;
}

inline constexpr double trivial_from = 0.9;

/// What the inputs say of two mutants.
enum class mutant_relation : std::uint8_t {
    indistinguishable, ///< no input separates them
    first_redundant, ///< whatever kills the second kills the first: no input is easier on the first
    second_redundant,
    distinct, ///< each is harder to kill on some input
};

/// An input separates two mutants where the Wilson intervals of its killing probabilities do not
/// overlap. A mutant is redundant beside one that is never easier to kill: none of the separating
/// inputs kills that one more often. The interval and the rule are not published either.
[[nodiscard]] inline mutant_relation relate_mutants(
    std::span<const killed_input> first,
    std::span<const killed_input> second,
    double z = 1.959963984540054
) {
    MEND_EXPECTS(first.size() == second.size(), "the same inputs");
    bool first_more = false;
    bool second_more = false;
    for (std::size_t i = 0; i < first.size(); ++i) {
        const interval a = wilson_interval(first[i].kills, first[i].runs, z);
        const interval b = wilson_interval(second[i].kills, second[i].runs, z);
        first_more = first_more || a.low > b.high;
        second_more = second_more || b.low > a.high;
    }
    if (first_more && second_more) {
        return mutant_relation::distinct;
    }
    return first_more    ? mutant_relation::first_redundant
           : second_more ? mutant_relation::second_redundant
                         : mutant_relation::indistinguishable;
}

} // namespace mend
