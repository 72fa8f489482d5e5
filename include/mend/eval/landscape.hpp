// SPDX-License-Identifier: MIT
/// Alternative patches of a problem: the neutrality search, each configuration trained several
/// times and scored on the validation part.
#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/eval/neutrality.hpp>
#include <mend/eval/neutrality_space.hpp>
#include <mend/repair/repair.hpp>
#include <mend/repair/runs.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>
#include <mend/stats/summary.hpp>
#include <mend/stats/tests.hpp>
#include <mend/study/parallel.hpp>
#include <mend/study/study.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

struct landscape_options {
    double budget = 500;  ///< in trainings of the faulty problem; at least one configuration
    std::size_t runs = 5; ///< trainings of each configuration; the published graphs have 10
    std::uint64_t seed = 0;
    int jobs = 1; ///< trainings at a time; changes no result
    std::size_t keep = 5;
    neutrality_order order = neutrality_order::deepfd;
    const std::atomic<bool>* interrupted = nullptr;

    /// Called with the configurations evaluated, the work done, in trainings, and the best mean.
    std::function<void(std::size_t, double, double)> progress{};
};

/// A recorded configuration as a patch.
struct landscape_node {
    neutrality_node found{};
    mend::patch patch{};
    std::size_t complexity = 0;
    double p = 1; ///< one-sided Mann-Whitney: how likely such scores are if it does nothing
};

struct landscape_result {
    score_rule score{};
    std::vector<landscape_node> nodes{}; ///< as the search recorded them, the faulty problem first
    std::vector<double> fixed{};         ///< scores of the known fix, where one was given
    double threshold = std::numeric_limits<double>::quiet_NaN(); ///< the mean of the known fix
    std::size_t evaluated = 0;
    double trainings = 0;
    bool complete = false; ///< the search ran out of neighbours, not of budget
    bool interrupted = false;

    /// Positions of the alternatives, the best mean first, of equals the smaller patch: nodes that
    /// reach the threshold, or, where there is none, that beat the faulty problem with p < 0.05.
    [[nodiscard]] std::vector<std::size_t> alternatives() const {
        std::vector<std::size_t> found;
        for (std::size_t i = 1; i < nodes.size(); ++i) {
            if (std::isnan(threshold) ? nodes[i].p < significance : nodes[i].found.accepted) {
                found.push_back(i);
            }
        }
        std::stable_sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) {
            const landscape_node& x = nodes[a];
            const landscape_node& y = nodes[b];
            return x.found.mean != y.found.mean ? score.better(x.found.mean, y.found.mean)
                                                : x.complexity < y.complexity;
        });
        return found;
    }
};

/// Searches the landscape around a faulty problem. `fix`, where it is known, is trained as often as
/// every configuration, and its mean is what an alternative has to reach. A configuration's work is
/// charged before it is trained; the first that would go beyond the budget ends the search, so that
/// the result does not depend on the number of jobs. Run i of a configuration has a seed that
/// depends on its number and i alone. A configuration that can not be built, or whose training
/// fails in any run, has no score. Throws spec_error where the faulty problem can not be trained on
/// the data at all.
[[nodiscard]] landscape_result search_landscape(
    const problem& faulty,
    const dataset& data,
    const std::optional<problem>& fix,
    const landscape_options& options = {}
);

namespace detail {

/// Trains configurations and keeps account of what they cost.
class landscape_trainer {
public:
    landscape_trainer(
        const problem& faulty,
        const dataset& data,
        score_rule rule,
        const landscape_options& options
    )
        : data_(data)
        , parts_(repair_parts(faulty, data))
        , rule_(rule)
        , options_(options)
        , unit_(work_of(faulty, parts_.train.size())) {
        static_cast<void>(trainer(faulty, data_, parts_, rule_));
    }

    /// Scores of as many problems, from the first on, as the budget allows, `least` at least;
    /// `first` is the number of the first, by which its seeds are drawn. What is no problem has no
    /// scores.
    [[nodiscard]] std::vector<std::vector<double>> scores(
        std::span<const std::optional<problem>> asked, std::size_t first, std::size_t least = 0
    ) {
        std::size_t count = 0;
        for (; count < asked.size(); ++count) {
            const double cost = asked[count] ? cost_of(*asked[count]) : minimum_trial_cost;
            if (count >= least && spent_ + cost > options_.budget * (1 + 1e-9)) {
                break;
            }
            spent_ += cost;
        }
        std::vector<std::vector<double>> found(
            count, std::vector<double>(options_.runs, std::numeric_limits<double>::quiet_NaN())
        );
        for_each_parallel(options_.jobs, count * options_.runs, [&](std::size_t k) {
            const std::size_t i = k / options_.runs;
            if (asked[i] && !interrupted()) {
                const std::uint64_t seed = derived_seed(options_.seed, purpose::trial, first + i);
                found[i][k % options_.runs] =
                    score(*asked[i], derived_seed(seed, purpose::report, k % options_.runs));
            }
        });
        for (std::vector<double>& of_one : found) {
            if (std::any_of(of_one.begin(), of_one.end(), [](double s) { return std::isnan(s); })) {
                of_one.clear();
            }
        }
        if (interrupted()) {
            found.clear(); // half a neighbourhood says nothing
        }
        return found;
    }

    /// In trainings of the faulty problem, all runs.
    [[nodiscard]] double cost_of(const problem& p) const {
        return std::max(minimum_trial_cost, work_of(p, parts_.train.size()) / unit_) *
               static_cast<double>(options_.runs);
    }

    /// Nothing where it can not be built.
    [[nodiscard]] std::optional<problem> checked(problem p) const {
        try {
            static_cast<void>(trainer(p, data_, parts_, rule_));
        } catch (const error&) {
            return std::nullopt;
        }
        return p;
    }

    [[nodiscard]] double spent() const noexcept { return spent_; }

    [[nodiscard]] bool interrupted() const noexcept {
        return options_.interrupted != nullptr && options_.interrupted->load();
    }

private:
    [[nodiscard]] double score(const problem& p, std::uint64_t seed) const {
        stop_when_set watch{options_.interrupted};
        const training done = train(p, data_, parts_, rule_, {.seed = seed}, watch);
        return done.status == status::completed ? done.validation.metric
                                                : std::numeric_limits<double>::quiet_NaN();
    }

    const dataset& data_;
    data_parts parts_;
    score_rule rule_;
    const landscape_options& options_;
    double unit_;
    double spent_ = 0;
};

} // namespace detail

inline landscape_result search_landscape(
    const problem& faulty,
    const dataset& data,
    const std::optional<problem>& fix,
    const landscape_options& options
) {
    landscape_result result;
    result.score = resolve_score(faulty.compile.metrics, data);
    detail::landscape_trainer run(faulty, data, result.score, options);
    if (fix) {
        // A number that no configuration of the search comes to.
        const std::vector<std::optional<problem>> one{run.checked(*fix)};
        const auto scores = run.scores(one, std::numeric_limits<std::uint32_t>::max(), 1);
        result.fixed = scores.empty() ? std::vector<double>{} : scores[0];
        result.threshold = mean(result.fixed);
    }
    const neutrality_space space(faulty, options.order);
    double best = std::numeric_limits<double>::quiet_NaN();
    std::size_t evaluated = 0;
    const auto evaluate = [&](std::span<const neutrality_candidate> asked) {
        std::vector<std::optional<problem>> problems;
        problems.reserve(asked.size());
        for (const neutrality_candidate& c : asked) {
            problems.push_back(run.checked(space.apply(c.at)));
        }
        std::vector<std::vector<double>> scores;
        // In slices, so that progress shows; a slice is a whole number of rounds of the threads.
        const std::size_t slice = static_cast<std::size_t>(std::max(options.jobs, 4));
        for (std::size_t from = 0; from < problems.size(); from += slice) {
            const std::size_t count = std::min(slice, problems.size() - from);
            auto some = run.scores(
                std::span(problems).subspan(from, count),
                asked.front().number + from,
                evaluated == 0 ? 1 : 0
            );
            for (auto& of_one : some) {
                const double now = mean(of_one);
                best = result.score.better(now, best) ? now : best;
                scores.push_back(std::move(of_one));
            }
            evaluated += some.size();
            if (options.progress) {
                options.progress(evaluated, run.spent(), best);
            }
            if (some.size() < count) {
                break;
            }
        }
        return scores;
    };
    neutrality_result found = search_neutrality(
        space.dimensions(),
        space.start(),
        evaluate,
        {.higher_is_better = result.score.higher_is_better(),
         .threshold = result.threshold,
         .keep = options.keep}
    );
    const auto badness = [&](std::vector<double> scores) {
        std::transform(scores.begin(), scores.end(), scores.begin(), [&](double s) {
            return result.score.cost(s);
        });
        return scores;
    };
    for (neutrality_node& node : found.nodes) {
        landscape_node made;
        const problem changed = space.apply(node.at);
        made.patch = diff(faulty, changed);
        made.complexity = complexity(faulty, changed);
        if (!result.nodes.empty() && !node.scores.empty()) {
            std::vector<double> before = badness(result.nodes[0].found.scores);
            if (before.empty()) { // it failed
                before.assign(options.runs, std::numeric_limits<double>::infinity());
            }
            made.p = mann_whitney(badness(node.scores), before, alternative::less).p;
        }
        made.found = std::move(node);
        result.nodes.push_back(std::move(made));
    }
    result.evaluated = found.evaluated;
    result.trainings = run.spent();
    result.complete = found.complete;
    result.interrupted = run.interrupted();
    return result;
}

} // namespace mend
