// SPDX-License-Identifier: MIT
/// proposal -> patched problem -> training -> outcome.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <utility>

#include <mend/core/error.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/record/check.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/paused.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>
#include <mend/study/objective.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

namespace detail {

/// Follows a trial's training: ends it once its study no longer wants it, it has cost more than the
/// study has left, or the searcher has seen enough.
class trial_watch {
public:
    /// `unit`: the work of one training of the faulty problem.
    trial_watch(
        const proposal& what,
        const evaluation_context& context,
        const watched_training& seen,
        training_work work,
        double unit
    )
        : what_(what)
        , context_(context)
        , run_(seen.run)
        , checks_(seen.watch.seen())
        , work_(work)
        , unit_(unit) {}

    bool on_step(const step_view&) const {
        return context_.stop_requested() || context_.exceeds_budget(cost());
    }

    bool on_epoch(const epoch_record& epoch) {
        if (!charged_) {
            return false;
        }
        so_far_.curve.push_back(epoch);
        so_far_.cost = cost();
        if (checks_.at.size() != known_checks_) {
            known_checks_ = checks_.at.size();
            so_far_.signals.clear();
            add_signals(so_far_.signals, checks_);
        }
        return context_.should_prune(what_, so_far_);
    }

    /// From here on the work counts; what was done before is another trial's.
    void begin_charging() {
        charged_ = true;
        before_ = total();
        so_far_.curve = run_.curve();
    }

    /// In trainings.
    [[nodiscard]] double cost() const { return charged_ ? total() - before_ : 0; }

private:
    [[nodiscard]] double total() const {
        return work_.of(
                   static_cast<double>(run_.samples_seen()), static_cast<double>(run_.steps())
               ) /
               unit_;
    }

    const proposal& what_;
    const evaluation_context& context_;
    const trainer& run_;
    const training_checks& checks_;
    std::size_t known_checks_ = 0;
    training_work work_;
    double unit_;
    double before_ = 0;
    bool charged_ = false;
    outcome so_far_;
};

/// ceil(fidelity x epochs), at least 1; 0 for fidelity 0. The slack takes up the rounding of
/// thirds.
[[nodiscard]] inline std::int64_t epochs_at(double fidelity, std::int64_t epochs) noexcept {
    if (fidelity <= 0) {
        return 0;
    }
    const double exact = fidelity * static_cast<double>(epochs);
    return std::max<std::int64_t>(1, std::llround(std::ceil(exact * (1 - 1e-12))));
}

} // namespace detail

/// Trains the problem at a point of the fix space, or the faulty one with the proposal's patch, and
/// gives its validation score, the sign turned so that less is better. Cost is counted in trainings
/// of the faulty problem (design: "Cost"). A candidate that cannot be built, that fails in training
/// or that needs too much memory is an outcome with that status.
///
/// A proposal that carries on another trial pays the added epochs alone. That training is taken up
/// where it stopped if it is still at hand, else repeated; the result is the same.
///
/// A probe looks on at every training; what its checks saw are the outcome's signals.
///
/// Copies share what they hold.
class repair_objective {
public:
    /// Trials that would cost more than `largest_cost` trainings of the faulty problem are not
    /// begun; one that carries on another costs the added epochs alone.
    repair_objective(
        fix_space space,
        dataset data,
        data_parts parts,
        score_rule rule,
        double largest_cost = std::numeric_limits<double>::infinity()
    )
        : held_(std::make_shared<held>(
              std::move(space), std::move(data), std::move(parts), rule, largest_cost
          )) {}

    [[nodiscard]] outcome
    operator()(const proposal& what, const evaluation_context& context) const {
        try {
            const problem candidate = what.patch.empty() ? held_->space.apply(what.at)
                                                         : apply(held_->space.faulty(), what.patch);
            return evaluate(candidate, what, context);
        } catch (const error&) {
            return failure(status::unbuildable, 0);
        } catch (const std::bad_alloc&) {
            return failure(status::out_of_memory, 0);
        }
    }

private:
    struct held {
        held(fix_space s, dataset d, data_parts p, score_rule r, double largest)
            : space(std::move(s))
            , data(std::move(d))
            , parts(std::move(p))
            , rule(r)
            , faulty_work(work_of(space.faulty(), parts.train.size()))
            , largest_cost(largest) {}

        fix_space space;
        dataset data;
        data_parts parts;
        score_rule rule;
        double faulty_work;
        double largest_cost;
        paused_trainings paused;
    };

    [[nodiscard]] outcome evaluate(
        const problem& candidate, const proposal& what, const evaluation_context& context
    ) const {
        const double whole = work_of(candidate, held_->parts.train.size()) / held_->faulty_work;
        if (whole * (what.fidelity - what.reached) > held_->largest_cost) {
            return failure(status::deadline, 0);
        }
        const std::int64_t already = detail::epochs_at(what.reached, candidate.fit.epochs);
        std::unique_ptr<watched_training> training =
            what.continues == proposal::none ? nullptr : held_->paused.take(what.continues);
        if (!training) {
            training = std::make_unique<watched_training>(
                candidate, held_->data, held_->parts, held_->rule, what.seed
            );
        }
        trainer& run = training->run;
        detail::trial_watch watch(
            what, context, *training, work_of(candidate.model), held_->faulty_work
        );
        outcome done;
        if (already > 0 && run.curve().empty()) { // that training is no longer at hand
            done.status = run.run(already, training->watch, watch);
        }
        if (done.status == status::completed) {
            watch.begin_charging();
            done.status = run.run(
                detail::epochs_at(what.fidelity, candidate.fit.epochs), training->watch, watch
            );
        }
        done.curve = run.curve();
        done.cost = watch.cost();
        add_signals(done.signals, training->watch.seen());
        if (done.status == status::completed) {
            const double score = done.curve.empty() ? std::nan("") : run.held().validation.metric;
            if (std::isnan(score)) {
                done.status = status::nan;
            } else {
                done.values = {held_->rule.cost(score)};
            }
        }
        if (done.status == status::completed && what.fidelity < 1) {
            held_->paused.keep(what.id, std::move(training));
        }
        return done;
    }

    std::shared_ptr<held> held_;
};

static_assert(objective<repair_objective>);

} // namespace mend
