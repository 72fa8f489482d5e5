// SPDX-License-Identifier: MIT
/// What guided knows of its candidates: their trials, what chance may give, what changes were
/// worth.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <mend/record/trial.hpp>
#include <mend/repair/steps.hpp>
#include <mend/repair/task.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/validate.hpp>
#include <mend/stats/summary.hpp>
#include <mend/stats/tests.hpp>
#include <mend/train/score.hpp>

namespace mend {

/// A parameter of the space and its raw value.
using guided_change = std::pair<std::size_t, double>;

/// A candidate and what is known of it. Values are costs: less is better.
struct guided_entry {
    point at{};
    std::vector<guided_change> changes{}; ///< from the faulty problem
    double prior = 0;                     ///< log-odds that it is a fix
    double cost = 1;                      ///< of a whole training, expected
    std::int64_t epochs = 1;
    std::size_t complexity = 0;
    std::int64_t common = proposal::none; ///< its newest trial with the seed of trial 0
    std::int64_t whole = proposal::none;  ///< its first trial of all epochs
    double reached = 0;                   ///< fidelity of `common`
    double last = std::numeric_limits<double>::infinity();       ///< value there
    double last_train = std::numeric_limits<double>::infinity(); ///< the same of the train part
    double last_loss = std::numeric_limits<double>::infinity();  ///< of validation; see `loss_kept`
    bool loss_kept = true;        ///< whether its loss is that of the faulty problem
    std::vector<double> curve{};  ///< of `common`, by epoch
    std::vector<double> values{}; ///< of whole trainings
};

/// A trial to be proposed. `common`: with the seed of trial 0.
struct guided_job {
    std::size_t entry = 0;
    double fidelity = 1;
    bool common = true;
};

class guided_book {
public:
    guided_book() = default;

    /// Begins with the faulty problem as entry 0. Rows: of the train and the validation part.
    /// `constant`: see constant_cost.
    guided_book(
        std::shared_ptr<const fix_space> space,
        score_rule score,
        std::int64_t rows,
        std::int64_t validation_rows,
        double constant = std::numeric_limits<double>::infinity()
    )
        : space_(std::move(space))
        , score_(score)
        , rows_(rows)
        , validation_rows_(static_cast<double>(std::max<std::int64_t>(1, validation_rows)))
        , constant_(constant)
        , faulty_work_(work_of(space_->faulty(), rows)) {
        add(*space_->over().default_point(), 0);
    }

    [[nodiscard]] const fix_space& space() const noexcept { return *space_; }

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

    [[nodiscard]] const guided_entry& operator[](std::size_t i) const { return entries_[i]; }

    /// The entry of a point, new or not; the larger prior holds.
    std::size_t add(const point& at, double prior);

    /// The entry of what is left of another without some of its changes; nothing where that is a
    /// forbidden combination.
    std::optional<std::size_t> add_without(std::size_t of, std::span<const guided_change> changes);

    /// The entry of one with the changes of another on top; nothing where that is forbidden.
    std::optional<std::size_t> add_sum(std::size_t base, std::size_t top);

    /// Notes a trial of an entry.
    void record(const guided_job& asked, const trial& done);

    /// Mean cost of the whole trainings; infinite without any.
    [[nodiscard]] double mean_of(std::size_t i) const {
        const guided_entry& e = entries_[i];
        return e.values.empty() ? std::numeric_limits<double>::infinity() : mean(e.values);
    }

    /// The cost after a share of the epochs with the seed of trial 0; infinite where unknown.
    [[nodiscard]] double value_at(std::size_t i, double fidelity) const {
        const guided_entry& e = entries_[i];
        const double exact = fidelity * static_cast<double>(e.epochs);
        const auto at = static_cast<std::size_t>(std::max(1.0, std::ceil(exact - 1e-9)));
        return at <= e.curve.size() && std::isfinite(e.curve[at - 1])
                   ? e.curve[at - 1]
                   : std::numeric_limits<double>::infinity();
    }

    /// Whether an entry stands before another in a race: by its value; where those are equal, as
    /// accuracies on few rows often are, by the loss, then by the value of the train part. What is
    /// no better than a constant answer is equal to one. An entry with another loss than the faulty
    /// problem stands between those that lowered it and the rest.
    [[nodiscard]] bool leads(std::size_t a, std::size_t b) const {
        const auto key = [this](const guided_entry& e) {
            return std::tuple(told(e.last), e.last_loss, e.last_train);
        };
        return key(entries_[a]) < key(entries_[b]);
    }

    /// Puts those that lead first, and leaves out those that failed.
    void rank(std::vector<std::size_t>& racing) const {
        std::stable_sort(racing.begin(), racing.end(), [this](std::size_t a, std::size_t b) {
            return leads(a, b);
        });
        std::erase_if(racing, [this](std::size_t i) { return !std::isfinite(entries_[i].last); });
    }

    /// Keeps the first so many of a ranked race, and the first that gains by one change alone: what
    /// starts fast wins short races, and may be no better in the end.
    void keep_leaders(std::vector<std::size_t>& ranked, std::size_t count, double fidelity) const {
        if (ranked.size() <= count) {
            return;
        }
        const auto last = ranked.begin() + static_cast<std::ptrdiff_t>(count);
        const auto simple = std::find_if(ranked.begin(), ranked.end(), [&](std::size_t i) {
            return entries_[i].complexity == 1 && gains_at(i, fidelity);
        });
        const bool is_behind = simple != ranked.end() && simple >= last;
        if (is_behind) {
            std::iter_swap(simple, last);
        }
        ranked.resize(count + (is_behind ? 1 : 0));
    }

    /// What a cost tells: all that are no better than a constant answer are equal to its cost.
    [[nodiscard]] double told(double cost) const {
        const bool is_constant =
            std::isfinite(cost) && std::isfinite(constant_) && cost > constant_ - chance(constant_);
        return is_constant ? constant_ : cost;
    }

    /// A difference of costs that chance alone may give.
    [[nodiscard]] double chance(double cost) const {
        return score_.chance(score_.cost(cost), validation_rows_);
    }

    /// Whether an entry stood better than the faulty problem, beyond chance, at this fidelity.
    [[nodiscard]] bool gains_at(std::size_t i, double fidelity) const {
        const double faulty = told(value_at(0, fidelity));
        return told(value_at(i, fidelity)) < faulty - chance(faulty);
    }

    /// By how much a simpler patch may be worse than one of this cost after a share of the epochs:
    /// by what chance may give, or of scores up to 1 a tenth of what was gained. Of errors, which
    /// have no end, that may be many times what is left.
    [[nodiscard]] double spared(double cost, double fidelity = 1) const {
        const double gain = told(fidelity < 1 ? value_at(0, fidelity) : mean_of(0)) - cost;
        return std::max(
            chance(cost), score_.higher_is_better() && std::isfinite(gain) ? 0.1 * gain : 0
        );
    }

    /// Whether nothing can be better than this cost.
    [[nodiscard]] bool is_perfect(double cost) const noexcept {
        return score_.kind == score_kind::accuracy && -cost > 1 - 0.5 / validation_rows_;
    }

    /// What an entry still costs up to a fidelity, in trainings.
    [[nodiscard]] double cost_to(std::size_t i, double fidelity) const {
        return entries_[i].cost * std::max(0.0, fidelity - entries_[i].reached);
    }

    /// Whether an entry is better than the faulty problem, beyond chance; with three whole
    /// trainings of both, by a rank test too.
    [[nodiscard]] bool beats_faulty(std::size_t i) const;

    /// Whether an entry is better than the faulty problem, and than any constant answer: a network
    /// that has gone from one class to a more frequent one has not learned to train.
    [[nodiscard]] bool has_learned(std::size_t i) const {
        return beats_faulty(i) &&
               (!std::isfinite(constant_) || mean_of(i) < constant_ - chance(constant_));
    }

    /// The entry of the smallest upper estimate, of those that chance does not tell apart from it
    /// the simplest, which has learned if that has; 0 where none beats the faulty problem.
    [[nodiscard]] std::size_t chosen() const;

    /// Fits an additive model of what each change gains to all trials with the seed of trial 0.
    void learn();

    /// What the model expects of a change, as a share of the largest gain seen; 0 where unknown.
    [[nodiscard]] double effect_of(const guided_change& change) const {
        const auto found = effects_.find(change);
        return found == effects_.end() ? 0 : found->second;
    }

    [[nodiscard]] double expected_gain(std::size_t i) const {
        double gain = 0;
        for (const guided_change& change : entries_[i].changes) {
            gain += effect_of(change);
        }
        return gain;
    }

private:
    /// What tells equal values apart, at the end of a curve.
    void note_ties(guided_entry& e, const training_curve& curve) {
        if (&e == &entries_.front()) {
            faulty_losses_.clear();
            for (const epoch_record& epoch : curve) {
                faulty_losses_.push_back(epoch.validation.loss);
            }
        }
        const auto or_worst = [](double value) {
            return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
        };
        if (curve.empty()) {
            e.last_train = std::numeric_limits<double>::infinity();
            e.last_loss = std::numeric_limits<double>::infinity();
            return;
        }
        e.last_train = or_worst(score_.cost(curve.back().train.metric));
        if (e.loss_kept) {
            e.last_loss = or_worst(curve.back().validation.loss);
        } else if (!faulty_losses_.empty()) {
            const auto share = e.reached * static_cast<double>(faulty_losses_.size());
            const auto epoch = static_cast<std::size_t>(std::max(1.0, std::ceil(share - 1e-9)));
            e.last_loss = or_worst(faulty_losses_[std::min(epoch, faulty_losses_.size()) - 1]);
        }
    }

    [[nodiscard]] std::optional<point> point_of(std::vector<double> raw) const {
        point made = space_->over().make_point(std::move(raw));
        return space_->over().contains(made) ? std::optional(std::move(made)) : std::nullopt;
    }

    /// An upper estimate of an entry's cost, wider where few trainings stand behind it.
    [[nodiscard]] double bound_of(std::size_t i) const {
        return mean_of(i) +
               chance(mean_of(i)) / std::sqrt(static_cast<double>(entries_[i].values.size()));
    }

    std::shared_ptr<const fix_space> space_;
    score_rule score_{};
    std::int64_t rows_ = 1;
    double validation_rows_ = 1;
    double constant_ = std::numeric_limits<double>::infinity();
    double faulty_work_ = 1;
    std::vector<guided_entry> entries_;
    std::map<guided_change, double> effects_;
    std::vector<double> faulty_losses_; ///< of validation, by epoch
};

inline std::size_t guided_book::add(const point& at, double prior) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].at == at) {
            entries_[i].prior = std::max(entries_[i].prior, prior);
            return i;
        }
    }
    guided_entry made{.at = at, .prior = prior};
    const std::vector<double> raw = full_values(*space_, at);
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != space_->standard()[i] && at[i].exists()) {
            made.changes.emplace_back(i, raw[i]);
        }
    }
    const problem candidate = space_->apply(at);
    made.cost = work_of(candidate, rows_) / faulty_work_;
    made.epochs = candidate.fit.epochs;
    made.complexity = complexity(space_->faulty(), candidate);
    made.loss_kept = candidate.compile.loss == space_->faulty().compile.loss;
    entries_.push_back(std::move(made));
    return entries_.size() - 1;
}

inline std::optional<std::size_t>
guided_book::add_without(std::size_t of, std::span<const guided_change> changes) {
    std::vector<double> raw = full_values(*space_, entries_[of].at);
    for (const guided_change& change : changes) {
        raw[change.first] = space_->standard()[change.first];
    }
    const auto at = point_of(std::move(raw));
    return at ? std::optional(add(*at, entries_[of].prior)) : std::nullopt;
}

inline std::optional<std::size_t> guided_book::add_sum(std::size_t base, std::size_t top) {
    std::vector<double> raw = full_values(*space_, entries_[base].at);
    for (const guided_change& change : entries_[top].changes) {
        raw[change.first] = change.second;
    }
    const auto at = point_of(std::move(raw));
    return at ? std::optional(add(*at, entries_[top].prior)) : std::nullopt;
}

inline void guided_book::record(const guided_job& asked, const trial& done) {
    guided_entry& e = entries_[asked.entry];
    if (asked.common) {
        e.common = done.proposal.id;
        e.reached = done.proposal.fidelity;
        e.last = done.value();
        e.curve.clear();
        for (const epoch_record& epoch : done.outcome.curve) {
            e.curve.push_back(score_.cost(epoch.validation.metric));
        }
        note_ties(e, done.outcome.curve);
    }
    if (done.proposal.fidelity == 1) {
        e.whole = e.whole == proposal::none ? done.proposal.id : e.whole;
        e.values.push_back(done.value());
    }
}

inline bool guided_book::beats_faulty(std::size_t i) const {
    const double own = mean_of(i);
    const double faulty = mean_of(0);
    if (!std::isfinite(own) || !std::isfinite(faulty)) {
        return std::isfinite(own);
    }
    const std::vector<double>& values = entries_[i].values;
    const std::vector<double>& others = entries_[0].values;
    return faulty - own > chance(faulty) &&
           (values.size() < 3 || others.size() < 3 ||
            mann_whitney(values, others, alternative::less).p <= 0.1);
}

inline std::size_t guided_book::chosen() const {
    std::size_t best = 0;
    double bound = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < entries_.size(); ++i) {
        if (beats_faulty(i) && bound_of(i) < bound) {
            bound = bound_of(i);
            best = i;
        }
    }
    const double limit = bound + spared(bound);
    const bool learned = has_learned(best);
    std::size_t simplest = best;
    for (std::size_t i = 1; i < entries_.size(); ++i) {
        if (beats_faulty(i) && bound_of(i) <= limit && (!learned || has_learned(i)) &&
            entries_[i].complexity < entries_[simplest].complexity) {
            simplest = i;
        }
    }
    return simplest;
}

inline void guided_book::learn() {
    effects_.clear();

    struct observation {
        const std::vector<guided_change>* changes;
        double gain;
    };

    std::vector<observation> seen;
    double largest = 0;
    for (std::size_t i = 1; i < entries_.size(); ++i) {
        const guided_entry& e = entries_[i];
        const double gain = told(value_at(0, e.reached)) - told(e.last);
        if (e.reached > 0 && std::isfinite(gain)) {
            seen.push_back({&e.changes, gain});
            largest = std::max(largest, std::abs(gain));
        }
    }
    if (largest == 0) {
        return;
    }
    for (int pass = 0; pass < 20; ++pass) { // ridge regression by backfitting
        std::map<guided_change, std::pair<double, double>> sums;
        for (const observation& o : seen) {
            double rest = o.gain / largest;
            for (const guided_change& change : *o.changes) {
                rest -= effect_of(change);
            }
            for (const guided_change& change : *o.changes) {
                auto& [sum, count] = sums[change];
                sum += rest / static_cast<double>(o.changes->size());
                count += 1;
            }
        }
        for (const auto& [change, sum] : sums) {
            double& effect = effects_[change];
            effect += (sum.first - 0.2 * effect) / (sum.second + 0.2);
        }
    }
}

} // namespace mend
