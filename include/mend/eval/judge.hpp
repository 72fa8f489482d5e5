// SPDX-License-Identifier: MIT
/// Killed? Repaired? Verdicts on two samples of scores over seeds, by a test and an effect size.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/text.hpp>
#include <mend/stats/effect.hpp>
#include <mend/stats/linear_model.hpp>
#include <mend/stats/tests.hpp>
#include <mend/stats/wilcoxon.hpp>
#include <mend/train/score.hpp>

namespace mend {

enum class killing_test : std::uint8_t {
    glm,      ///< DeepCrime's default: glm_test
    wilcoxon, ///< its alternative: paired signed ranks, the normal approximation as scipy's
};

/// When a mutant counts as killed (Humbatova, Jahangirova, Tonella 2021).
struct killing_rule {
    killing_test test = killing_test::glm;
    double alpha = 0.05;
    double effect = 0.5; ///< least |d|

    /// DeepCrime reads the GLM's p from a printed table, which has three decimals: 0.0497 is 0.050
    /// there, and kills nothing. Set to false for the exact p.
    bool rounded = true;
};

/// The power that a verdict needs to be stable.
inline constexpr double stable_power = 0.8;

/// What is known of a mutant from the scores of original and mutant.
struct killing {
    bool killed = false;
    double p = 1;     ///< before rounding
    double d = 0;     ///< Cohen's d in DeepCrime's direction: original - mutant
    double power = 0; ///< see killing_power

    [[nodiscard]] bool is_stable() const noexcept { return power >= stable_power; }

    friend bool operator==(const killing&, const killing&) = default;
};

/// The power of the analysis of variance over `total` scores with |d| itself as Cohen's f, as
/// DeepCrime computes it; the textbook's f of two groups is |d| / 2.
[[nodiscard]] inline double killing_power(double d, std::size_t total) {
    return anova_power(std::abs(d), static_cast<double>(total));
}

/// Whether a test set kills a mutant: p < alpha (after rounding) and the mutant is worse by at
/// least the effect; one that is better is not killed. Samples of one size, two values at least.
///
/// Deviations from DeepCrime: the direction follows the score and not a flag; samples without
/// spread have p 0 or 1 where its program stops with an error; a score that is not a number or
/// infinite, which DeepCrime does not expect, is the worst there is: then d is infinite in favour
/// of the sample with fewer such scores (0 for as many) and p is Mann-Whitney's.
[[nodiscard]] inline killing judge_killing(
    std::span<const double> original,
    std::span<const double> mutant,
    score_rule score,
    const killing_rule& rule = {}
) {
    MEND_EXPECTS(
        original.size() == mutant.size() && original.size() > 1,
        "as many runs of both, two at least"
    );
    const auto goodness = [&](std::span<const double> scores) {
        std::vector<double> good;
        for (const double s : scores) {
            good.push_back(
                std::isfinite(s) ? -score.cost(s) : -std::numeric_limits<double>::infinity()
            );
        }
        return good;
    };
    const auto failures = [](std::span<const double> scores) {
        return std::count_if(scores.begin(), scores.end(), [](double s) {
            return !std::isfinite(s);
        });
    };
    const std::vector<double> a = goodness(original);
    const std::vector<double> b = goodness(mutant);
    const auto failed = failures(b) - failures(a);
    const bool any_failed = failures(a) + failures(b) > 0;

    killing result;
    double worse_by = 0; // in pooled deviations, by the direction of the score
    if (any_failed) {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        worse_by = failed > 0 ? infinity : failed < 0 ? -infinity : 0;
        result.p = mann_whitney(a, b).p;
    } else {
        worse_by = cohens_d(a, b);
        result.p = rule.test == killing_test::glm
                       ? glm_test(a, b).p
                       : wilcoxon_signed_rank(
                             a, b, {.method = wilcoxon_method::normal, .continuity = false}
                         )
                             .p;
    }
    const bool rounds = rule.rounded && rule.test == killing_test::glm && !any_failed;
    // Python prints halves to even, of the binary value; so does std::to_chars.
    const double compared = rounds ? std::stod(fixed_text(result.p, 3)) : result.p;
    result.d = score.higher_is_better() ? worse_by : -worse_by;
    result.killed = compared < rule.alpha && worse_by >= rule.effect;
    result.power = killing_power(result.d, original.size() + mutant.size());
    return result;
}

/// What is known of a repair from the scores of faulty and patched problem over seeds.
struct repair_judgement {
    bool repaired = false;
    double p = 1;   ///< one-sided Mann-Whitney, exact for small samples
    double a = 0.5; ///< Vargha-Delaney: how likely a patched run is the better one
};

/// When a problem counts as repaired.
struct repair_rule {
    double alpha = 0.05;
    double effect = 0.71; ///< least A: "large" by Vargha and Delaney 2000
};

/// Whether a patch repairs: its scores are better by the test and by a large effect. A score that
/// is not a number is the worst there is.
[[nodiscard]] inline repair_judgement judge_repair(
    std::span<const double> faulty,
    std::span<const double> patched,
    score_rule score,
    const repair_rule& rule = {}
) {
    const auto goodness = [&](std::span<const double> scores) {
        std::vector<double> good;
        for (const double s : scores) {
            good.push_back(
                std::isnan(s) ? -std::numeric_limits<double>::infinity() : -score.cost(s)
            );
        }
        return good;
    };
    const std::vector<double> before = goodness(faulty);
    const std::vector<double> after = goodness(patched);
    repair_judgement result;
    result.p = mann_whitney(after, before, alternative::greater).p;
    result.a = vargha_delaney(after, before);
    result.repaired = result.p < rule.alpha && result.a >= rule.effect;
    return result;
}

} // namespace mend
