// SPDX-License-Identifier: MIT
/// AutoTrainer as a searcher over problems: it watches a training, and for the symptom that it sees
/// tries its list of solutions one after the other.
///
/// Zhang, Zhai, Ma, Shen: "AUTOTRAINER: An Automatic DNN Training Problem Detection and Repair
/// System" (ICSE 2021). Rules and their defaults: autotrainer_rules.hpp; solutions:
/// autotrainer_solutions.hpp; the order of tries and how they end: autotrainer_chain.hpp. Width 1.
///
/// Deviations: every try draws its weights anew from its initialisers (the original carries the
/// weights of the stopped training over, so that there `initial` has no effect). The strategies
/// `structure` and `efficiency` and the limits on structural cost and memory, which are off by
/// default, are left out. A try that cannot be trained at all (it needs too much memory, or costs
/// more than the study lets a trial) counts as one that shows the symptom under repair.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/samples.hpp>
#include <mend/record/check.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/autotrainer_chain.hpp>
#include <mend/repair/autotrainer_rules.hpp>
#include <mend/repair/autotrainer_solutions.hpp>
#include <mend/repair/task.hpp>
#include <mend/search/searcher.hpp>
#include <mend/space/space.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>

namespace mend {

struct autotrainer_options {
    autotrainer_rules rules{};
    int rounds = 10; ///< symptoms treated at most
};

/// Smallest and largest value of each feature, over the last axis. Reads all rows.
[[nodiscard]] inline feature_ranges ranges_of(const data_part& part) {
    feature_ranges ranges;
    if (part.empty()) {
        return ranges;
    }
    const samples& table = *part.source;
    const index width = table.sample.size();
    const auto channels = static_cast<std::size_t>(table.sample[table.sample.rank() - 1]);
    ranges.low.assign(channels, std::numeric_limits<double>::infinity());
    ranges.high.assign(channels, -std::numeric_limits<double>::infinity());
    std::vector<float> row(static_cast<std::size_t>(width));
    for (const index at : part.rows) {
        gather_features(table, std::span(&at, 1), tensor_view<float>(row.data(), shape{1, width}));
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto x = static_cast<double>(row[i]);
            ranges.low[i % channels] = std::min(ranges.low[i % channels], x);
            ranges.high[i % channels] = std::max(ranges.high[i % channels], x);
        }
    }
    return ranges;
}

class autotrainer {
public:
    explicit autotrainer(autotrainer_options options = {})
        : options_(std::move(options)) {}

    /// Takes the faulty problem and the ranges of its train part's features.
    void prepare(const repair_task& task) {
        prepare(task.faulty, task.score.kind == score_kind::accuracy, ranges_of(task.parts.train));
    }

    /// The same without data; `has_accuracy`: the score is one.
    void prepare(const problem& faulty, bool has_accuracy, feature_ranges ranges = {}) {
        faulty_ = faulty;
        has_accuracy_ = has_accuracy;
        ranges_ = std::move(ranges);
    }

    void start(const space& over, std::uint64_t seed) {
        MEND_EXPECTS(!faulty_.model.layers.empty(), "AutoTrainer is prepared for a problem");
        at_ = over.default_point().value_or(point{});
        chain_ = autotrainer_chain(autotrainer_solver(ranges_), seed, options_.rounds);
        asked_ = 0;
        open_ = false;
    }

    std::optional<proposal> ask() {
        if (open_ || (asked_ > 0 && !chain_.next())) {
            return std::nullopt;
        }
        open_ = true;
        proposal made{.id = asked_++, .at = at_};
        if (made.id > 0) {
            made.patch = diff(faulty_, *chain_.next());
        }
        return made;
    }

    void tell(const trial& done) {
        MEND_EXPECTS(open_, "a told trial was asked for");
        open_ = false;
        const outcome& o = done.outcome;
        const double last = o.curve.empty() ? std::nan("") : o.curve.back().validation.metric;
        const double accuracy = has_accuracy_ ? last : -last;
        if (done.proposal.id == 0) {
            chain_.begin(faulty_, verdict_on(faulty_, o), accuracy);
        } else {
            chain_.told(done.proposal.id, verdict_on(*chain_.next(), o), accuracy);
        }
    }

    /// A training ends at its verdict.
    [[nodiscard]] bool prune(const proposal& what, const outcome& so_far) const {
        const auto done = static_cast<std::int64_t>(so_far.curve.size());
        if (done == 0 || (done - 1) % options_.rules.interval != 0) {
            return false;
        }
        const problem tried = what.patch.empty() ? faulty_ : apply(faulty_, what.patch);
        return find_verdict(tried, so_far).has_value();
    }

    [[nodiscard]] std::optional<std::int64_t> recommend() const { return chain_.chosen(); }

    /// Where the repair stands.
    [[nodiscard]] const autotrainer_chain& chain() const noexcept { return chain_; }

private:
    [[nodiscard]] std::optional<autotrainer_verdict>
    find_verdict(const problem& tried, const outcome& o) const {
        return judge(
            options_.rules, judged(tried, has_accuracy_), o.curve, find_checks(o.signals), o.status
        );
    }

    [[nodiscard]] std::optional<symptom> verdict_on(const problem& tried, const outcome& o) const {
        if (const auto found = find_verdict(tried, o)) {
            return found->what;
        }
        if (o.status == status::completed) {
            return std::nullopt;
        }
        const auto treated = chain_.treats();
        return treated ? treated : symptom::exploding_gradient;
    }

    autotrainer_options options_;
    problem faulty_;
    bool has_accuracy_ = true;
    feature_ranges ranges_;
    autotrainer_chain chain_;
    point at_;
    std::int64_t asked_ = 0;
    bool open_ = false; // asked and not told
};

static_assert(searcher<autotrainer>);
static_assert(problem_searcher<autotrainer>);

} // namespace mend
