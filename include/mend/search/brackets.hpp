// SPDX-License-Identifier: MIT
/// Brackets of successive halving: how many configurations run on which rung, with what budget.
///
/// Jamieson, Talwalkar: "Non-stochastic best arm identification and hyperparameter optimization"
/// (AISTATS 2016); Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar: "Hyperband" (JMLR 2018), with
/// the rounding of HpBandSter, done in integers where eta is one.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>

namespace mend {

/// How many configurations run on each rung of a bracket, and with what budget.
struct bracket_plan {
    std::vector<std::int64_t> counts{};
    std::vector<double> budgets{};

    friend bool operator==(const bracket_plan&, const bracket_plan&) = default;
};

/// The plan of a bracket that begins with so many configurations: the rest of each rung is the rung
/// before divided by eta, rounded down, at least one. Requires eta > 1.
[[nodiscard]] inline bracket_plan
plan_bracket(std::int64_t first, std::vector<double> budgets, double eta) {
    bracket_plan plan{{}, std::move(budgets)};
    const bool whole = eta == std::floor(eta);
    std::int64_t divisor = 1;
    double power = 1;
    for (std::size_t j = 0; j < plan.budgets.size(); ++j) {
        const auto rounded = static_cast<std::int64_t>(static_cast<double>(first) / power + 1e-9);
        plan.counts.push_back(std::max<std::int64_t>(whole ? first / divisor : rounded, 1));
        power *= eta;
        divisor *= whole && divisor <= first ? static_cast<std::int64_t>(eta) : 1;
    }
    return plan;
}

/// The budgets of the longest bracket: highest / eta^k down to the last that is not below lowest.
/// Quotients are taken as whole powers within 1e-9. Requires 0 < lowest <= highest, eta > 1.
[[nodiscard]] inline std::vector<double>
budget_ladder(double eta, double lowest, double highest = 1) {
    MEND_EXPECTS(eta > 1 && std::isfinite(eta), "eta is above one");
    MEND_EXPECTS(lowest > 0 && lowest <= highest && std::isfinite(highest), "a range of budgets");
    std::vector<double> ladder{highest};
    for (double power = eta; lowest * power <= highest * (1 + 1e-9); power *= eta) {
        ladder.push_back(highest / power);
    }
    std::reverse(ladder.begin(), ladder.end());
    return ladder;
}

/// The brackets of Hyperband in the order they are run, the most aggressive first. Of S of them the
/// one with s further rungs begins with floor(S / (s + 1)) eta^s configurations.
[[nodiscard]] inline std::vector<bracket_plan>
hyperband_brackets(double eta, double lowest, double highest = 1) {
    const std::vector<double> ladder = budget_ladder(eta, lowest, highest);
    std::vector<bracket_plan> brackets;
    for (std::size_t s = ladder.size(); s-- > 0;) {
        const double power = std::pow(eta, static_cast<double>(s));
        const double first =
            std::floor(static_cast<double>(ladder.size() / (s + 1)) * power + 1e-9);
        MEND_EXPECTS(first < 1e9, "a bracket of fewer than 10^9 configurations");
        const auto from = ladder.end() - static_cast<std::ptrdiff_t>(s + 1);
        brackets.push_back(plan_bracket(static_cast<std::int64_t>(first), {from, ladder.end()}, eta)
        );
    }
    return brackets;
}

} // namespace mend
