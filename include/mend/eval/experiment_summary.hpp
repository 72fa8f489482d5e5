// SPDX-License-Identifier: MIT
/// What the runs of an experiment say: per fault and technique, and per technique over the faults.
///
/// Techniques are compared with random search: per fault by the Mann-Whitney test (corrected by
/// Holm over the faults), the paired Wilcoxon test (runs of one seed are a pair) and Vargha and
/// Delaney's A; over the faults by the paired Wilcoxon test on improvement rates (corrected by Holm
/// over the techniques) and by mean ranks with Nemenyi's critical difference (Demsar: "Statistical
/// comparisons of classifiers over multiple data sets", JMLR 2006).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/eval/experiment.hpp>
#include <mend/eval/improvement.hpp>
#include <mend/stats/effect.hpp>
#include <mend/stats/summary.hpp>
#include <mend/stats/tests.hpp>
#include <mend/stats/wilcoxon.hpp>
#include <mend/train/score.hpp>

namespace mend {

/// The faults over which claims are averaged.
inline constexpr std::array<std::string_view, 20> twenty_faults{
    "D1", "D3", "D4", "D5", "D6", "D7", "D8", "M1", "M2", "M3",
    "R1", "R2", "R3", "R4", "R5", "R6", "R7", "C1", "C2", "C3"};

/// A technique beside random search on one fault, the better the greater.
struct fault_comparison {
    double mann_whitney = 1; ///< two-sided p
    double holm = 1;         ///< the same, corrected over the faults
    double wilcoxon = 1;     ///< two-sided p over the pairs of runs
    double a = 0.5;          ///< chance that the technique does better, ties counting half
};

/// A technique on a fault in a space, over its runs.
struct fault_summary {
    std::string fault;
    std::string technique;
    std::string space;
    score_rule score{};
    std::vector<const experiment_run*> runs{}; ///< in their order
    double faulty = 0;
    double fixed = 0;
    double fix_cost = 0;        ///< of the known fix, in trainings
    bool beyond_budget = false; ///< the known fix costs more than the budget
    double mean = 0;            ///< of the patched test scores
    double deviation = 0;
    double rate = 0;         ///< improvement rate, clipped
    interval rate_between{}; ///< bootstrap over the runs, 95 %, clipped
    std::size_t patches = 0; ///< runs with a patch that counts; the next three are over these
    double complexity = 0;   ///< median
    double normalised_complexity = 0;
    double jaccard = 0;
    bool compared = false; ///< with random search
    fault_comparison against{};
};

/// A technique in a space, over the faults.
struct technique_summary {
    std::string technique;
    std::string space;
    std::size_t faults = 0;
    double rate = 0;         ///< mean improvement rate over the faults
    interval rate_between{}; ///< bootstrap over the faults, 95 %
    double rate_within = 0;  ///< over the faults whose fix costs no more than the budget
    double rate_beyond = 0;  ///< over the others
    std::size_t beyond = 0;  ///< how many those are
    double complexity = 0;   ///< median over all patches
    double normalised_complexity = 0;
    double jaccard = 0;
    double trials = 0; ///< mean of a run
    double trainings = 0;
    double rank = std::numeric_limits<double>::quiet_NaN(); ///< mean; the oracle has none
    bool compared = false;                                  ///< with random search, as the rest
    double wilcoxon = 1;                                    ///< two-sided p over the faults
    double holm = 1;        ///< corrected over the techniques of the space
    double a = 0.5;         ///< mean over the faults
    std::size_t better = 0; ///< faults where it is significantly better (Holm, 0.05)
    std::size_t worse = 0;
};

struct experiment_summary {
    double budget = 0;
    std::vector<std::string> faults{};     ///< as shown
    std::vector<std::string> counted{};    ///< those that the averages are over
    bool counts_twenty = false;            ///< these are of the twenty
    std::vector<std::string> techniques{}; ///< as shown: random first, the oracle last
    std::vector<std::string> spaces{};
    std::vector<fault_summary> cells{};
    std::vector<technique_summary> overall{};

    [[nodiscard]] const fault_summary* find(
        std::string_view fault, std::string_view technique, std::string_view space
    ) const noexcept {
        for (const fault_summary& cell : cells) {
            if (cell.fault == fault && cell.technique == technique && cell.space == space) {
                return &cell;
            }
        }
        return nullptr;
    }

    [[nodiscard]] const technique_summary*
    find(std::string_view technique, std::string_view space) const noexcept {
        for (const technique_summary& one : overall) {
            if (one.technique == technique && one.space == space) {
                return &one;
            }
        }
        return nullptr;
    }

    /// Techniques that are ranked in a space.
    [[nodiscard]] std::vector<const technique_summary*> ranked(std::string_view space) const {
        std::vector<const technique_summary*> found;
        for (const technique_summary& one : overall) {
            if (one.space == space && !std::isnan(one.rank)) {
                found.push_back(&one);
            }
        }
        return found;
    }
};

/// Mean ranks that differ by more are significantly different at 0.05 (Nemenyi), for so many
/// techniques ranked on so many faults. Requires 2 to 12 techniques. Constants: the studentised
/// range over the square root of 2 (Demsar 2006, table 5).
[[nodiscard]] inline double critical_difference(std::size_t techniques, std::size_t faults) {
    constexpr std::array q{
        1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164, 3.219, 3.268};
    MEND_EXPECTS(techniques >= 2 && techniques < q.size() + 2, "2 to 12 techniques");
    const auto k = static_cast<double>(techniques);
    return q[techniques - 2] * std::sqrt(k * (k + 1) / (6 * static_cast<double>(faults)));
}

/// Ranks of values, the greatest first; equal values share their middle rank.
[[nodiscard]] inline std::vector<double> ranks_of(std::span<const double> values) {
    std::vector<double> ranks;
    for (const double v : values) {
        double above = 0;
        double equal = 0;
        for (const double w : values) {
            above += w > v ? 1 : 0;
            equal += w == v ? 1 : 0;
        }
        ranks.push_back(above + (equal + 1) / 2);
    }
    return ranks;
}

/// Where a fault stands in tables: the published real ones, MNIST, Reuters, CIFAR-10, then others.
[[nodiscard]] inline std::tuple<std::size_t, std::string> fault_position(const std::string& id) {
    const auto at = std::find(twenty_faults.begin(), twenty_faults.end(), id);
    return {static_cast<std::size_t>(at - twenty_faults.begin()), id};
}

/// Summarises runs, which outlive the summary.
[[nodiscard]] experiment_summary summarise(std::span<const experiment_run> rows);

namespace detail {

[[nodiscard]] inline int technique_position(std::string_view name) noexcept {
    return name == reference_technique ? 0 : name == oracle_name ? 2 : 1;
}

template <class Value>
void add_unique(std::vector<Value>& list, const Value& value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) {
        list.push_back(value);
    }
}

/// One number of every run; those that are NaN left out.
[[nodiscard]] inline std::vector<double>
numbers_of(std::span<const experiment_run* const> runs, double experiment_run::*member) {
    std::vector<double> numbers;
    for (const experiment_run* run : runs) {
        if (!std::isnan(run->*member)) {
            numbers.push_back(run->*member);
        }
    }
    return numbers;
}

[[nodiscard]] inline double clipped_mean(std::span<const double> rates) {
    return clipped_rate(mean(rates));
}

[[nodiscard]] inline fault_summary summarise_fault(std::vector<const experiment_run*> runs) {
    fault_summary s;
    const experiment_run& first = *runs.front();
    s.fault = first.fault;
    s.technique = first.technique;
    s.space = first.space;
    s.score = first.score();
    s.faulty = first.faulty;
    s.fixed = first.fixed;
    s.fix_cost = first.fix_cost;
    s.beyond_budget = first.fix_cost > first.budget;
    const std::vector<double> patched = numbers_of(runs, &experiment_run::patched);
    s.mean = patched.size() == runs.size() ? mean(patched) : std::nan("");
    s.deviation = standard_deviation(patched);
    const std::vector<double> rates = numbers_of(runs, &experiment_run::improvement);
    s.rate = clipped_mean(rates);
    s.rate_between = bootstrap_interval(rates, {.resamples = 2000}, clipped_mean);
    const std::vector<double> changed = numbers_of(runs, &experiment_run::complexity);
    s.patches = changed.size();
    s.complexity = median(changed);
    s.normalised_complexity = mean(numbers_of(runs, &experiment_run::normalised_complexity));
    s.jaccard = mean(numbers_of(runs, &experiment_run::jaccard));
    s.runs = std::move(runs);
    return s;
}

/// The scores of runs, the better the greater.
[[nodiscard]] inline std::vector<double> goodness(const fault_summary& s) {
    std::vector<double> good;
    for (const experiment_run* run : s.runs) {
        good.push_back(-s.score.cost(run->patched));
    }
    return good;
}

[[nodiscard]] inline fault_comparison
compare_on_fault(const fault_summary& one, const fault_summary& random) {
    fault_comparison c;
    const std::vector<double> ours = goodness(one);
    const std::vector<double> theirs = goodness(random);
    c.mann_whitney = mann_whitney(ours, theirs).p;
    c.a = vargha_delaney(ours, theirs);
    std::vector<double> left;
    std::vector<double> right;
    for (std::size_t i = 0; i < one.runs.size(); ++i) {
        for (std::size_t j = 0; j < random.runs.size(); ++j) {
            if (one.runs[i]->run == random.runs[j]->run) {
                left.push_back(ours[i]);
                right.push_back(theirs[j]);
            }
        }
    }
    c.wilcoxon = wilcoxon_signed_rank(left, right).p;
    return c;
}

[[nodiscard]] inline technique_summary
summarise_technique(const experiment_summary& all, std::string technique, std::string space) {
    technique_summary s;
    s.technique = std::move(technique);
    s.space = std::move(space);
    std::vector<double> rates;
    std::vector<double> within;
    std::vector<double> beyond;
    std::vector<double> ours; // of the faults that random search has, too
    std::vector<double> theirs;
    std::vector<double> effects;
    std::vector<const experiment_run*> runs;
    for (const std::string& fault : all.counted) {
        const fault_summary* cell = all.find(fault, s.technique, s.space);
        if (cell == nullptr || std::isnan(cell->rate)) {
            continue;
        }
        rates.push_back(cell->rate);
        (cell->beyond_budget ? beyond : within).push_back(cell->rate);
        runs.insert(runs.end(), cell->runs.begin(), cell->runs.end());
        const fault_summary* random = all.find(fault, reference_technique, s.space);
        if (cell->compared && random != nullptr) {
            ours.push_back(cell->rate);
            theirs.push_back(random->rate);
            effects.push_back(cell->against.a);
            const bool significant = cell->against.holm < 0.05;
            s.better += significant && cell->against.a > 0.5 ? 1 : 0;
            s.worse += significant && cell->against.a < 0.5 ? 1 : 0;
        }
    }
    s.faults = rates.size();
    s.rate = mean(rates);
    s.rate_between = bootstrap_interval(rates, {.resamples = 2000});
    s.rate_within = mean(within);
    s.rate_beyond = mean(beyond);
    s.beyond = beyond.size();
    s.complexity = median(numbers_of(runs, &experiment_run::complexity));
    s.normalised_complexity = mean(numbers_of(runs, &experiment_run::normalised_complexity));
    s.jaccard = mean(numbers_of(runs, &experiment_run::jaccard));
    double trials = 0;
    for (const experiment_run* run : runs) {
        trials += static_cast<double>(run->trials);
    }
    s.trials = trials / static_cast<double>(runs.size());
    s.trainings = mean(numbers_of(runs, &experiment_run::trainings));
    s.compared = !ours.empty();
    if (s.compared) {
        s.wilcoxon = wilcoxon_signed_rank(ours, theirs).p;
        s.a = mean(effects);
    }
    return s;
}

/// Ranks the techniques of a space on the faults that all of them have.
inline void add_ranks(experiment_summary& all, const std::string& space) {
    std::vector<technique_summary*> ranked;
    for (technique_summary& one : all.overall) {
        if (one.space == space && one.technique != oracle_name && one.faults > 0) {
            ranked.push_back(&one);
        }
    }
    std::vector<double> sums(ranked.size(), 0.0);
    double faults = 0;
    for (const std::string& fault : all.counted) {
        std::vector<double> rates;
        for (const technique_summary* one : ranked) {
            const fault_summary* cell = all.find(fault, one->technique, space);
            if (cell != nullptr && !std::isnan(cell->rate)) {
                rates.push_back(cell->rate);
            }
        }
        if (rates.size() == ranked.size()) {
            const std::vector<double> ranks = ranks_of(rates);
            std::transform(sums.begin(), sums.end(), ranks.begin(), sums.begin(), std::plus<>());
            ++faults;
        }
    }
    for (std::size_t i = 0; i < ranked.size() && ranked.size() > 1 && faults > 0; ++i) {
        ranked[i]->rank = sums[i] / faults;
    }
}

} // namespace detail

inline experiment_summary summarise(std::span<const experiment_run> rows) {
    experiment_summary all;
    using cell_key = std::tuple<std::string, std::string, std::string>;
    std::map<cell_key, std::vector<const experiment_run*>> cells;
    for (const experiment_run& row : rows) {
        all.budget = row.budget;
        detail::add_unique(all.faults, row.fault);
        detail::add_unique(all.techniques, row.technique);
        detail::add_unique(all.spaces, row.space);
        cells[{row.fault, row.space, row.technique}].push_back(&row);
    }
    std::sort(all.faults.begin(), all.faults.end(), [](const auto& a, const auto& b) {
        return fault_position(a) < fault_position(b);
    });
    std::sort(all.techniques.begin(), all.techniques.end(), [](const auto& a, const auto& b) {
        return std::tuple(detail::technique_position(a), a) <
               std::tuple(detail::technique_position(b), b);
    });
    std::sort(all.spaces.begin(), all.spaces.end());
    for (const std::string& fault : all.faults) {
        if (std::get<0>(fault_position(fault)) < twenty_faults.size()) {
            all.counted.push_back(fault);
        }
    }
    all.counts_twenty = !all.counted.empty();
    all.counted = all.counts_twenty ? all.counted : all.faults;

    for (auto& [key, runs] : cells) {
        std::sort(runs.begin(), runs.end(), [](const auto* a, const auto* b) {
            return a->run < b->run;
        });
        all.cells.push_back(detail::summarise_fault(std::move(runs)));
    }
    for (const std::string& space : all.spaces) {
        for (const std::string& technique : all.techniques) {
            std::vector<fault_summary*> compared;
            std::vector<double> p;
            for (fault_summary& cell : all.cells) {
                const fault_summary* random = all.find(cell.fault, reference_technique, space);
                if (cell.space == space && cell.technique == technique &&
                    technique != reference_technique && random != nullptr &&
                    !std::isnan(cell.mean) && !std::isnan(random->mean)) {
                    cell.compared = true;
                    cell.against = detail::compare_on_fault(cell, *random);
                    compared.push_back(&cell);
                    p.push_back(cell.against.mann_whitney);
                }
            }
            const std::vector<double> corrected = holm(p);
            for (std::size_t i = 0; i < compared.size(); ++i) {
                compared[i]->against.holm = corrected[i];
            }
        }
        std::vector<double> p;
        const std::size_t first = all.overall.size();
        for (const std::string& technique : all.techniques) {
            all.overall.push_back(detail::summarise_technique(all, technique, space));
            if (all.overall.back().compared) {
                p.push_back(all.overall.back().wilcoxon);
            }
        }
        const std::vector<double> corrected = holm(p);
        for (std::size_t i = first, k = 0; i < all.overall.size(); ++i) {
            if (all.overall[i].compared) {
                all.overall[i].holm = corrected[k++];
            }
        }
        detail::add_ranks(all, space);
    }
    return all;
}

} // namespace mend
