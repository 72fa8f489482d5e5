// SPDX-License-Identifier: MIT
/// proposal -> patched problem -> training -> outcome.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <new>
#include <utility>

#include <mend/core/error.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/record/trial.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>
#include <mend/study/objective.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

namespace detail {

/// Ends a training that its study no longer wants, or that has cost more than the study has left.
struct stop_when_unwanted {
    const evaluation_context* context;
    const trainer* run;
    training_work work;
    double unit; ///< the work of one training of the faulty problem

    [[nodiscard]] double cost() const {
        return work.of(
                   static_cast<double>(run->samples_seen()), static_cast<double>(run->steps())
               ) /
               unit;
    }

    bool on_step(const step_view&) const {
        return context->stop_requested() || context->exceeds_budget(cost());
    }
};

} // namespace detail

/// Trains the problem at a point of the fix space and gives its validation score, the sign turned
/// so that less is better. Cost is counted in trainings of the faulty problem (design: "Cost"). A
/// candidate that cannot be built, that fails in training or that needs too much memory is an
/// outcome with that status.
class repair_objective {
public:
    /// Candidates whose training would cost more than `largest_cost` trainings of the faulty
    /// problem are not begun.
    repair_objective(
        fix_space space,
        dataset data,
        data_parts parts,
        score_rule rule,
        double largest_cost = std::numeric_limits<double>::infinity()
    )
        : space_(std::move(space))
        , data_(std::move(data))
        , parts_(std::move(parts))
        , rule_(rule)
        , faulty_work_(work_of(space_.faulty(), parts_.train.size()))
        , largest_cost_(largest_cost) {}

    [[nodiscard]] outcome
    operator()(const proposal& what, const evaluation_context& context) const {
        try {
            return evaluate(space_.apply(what.at), what, context);
        } catch (const error&) {
            return failure(status::unbuildable, 0);
        } catch (const std::bad_alloc&) {
            return failure(status::out_of_memory, 0);
        }
    }

private:
    [[nodiscard]] outcome evaluate(
        const problem& candidate, const proposal& what, const evaluation_context& context
    ) const {
        const double whole = work_of(candidate, parts_.train.size()) / faulty_work_;
        if (whole * what.fidelity > largest_cost_) {
            return failure(status::deadline, 0);
        }
        trainer run(candidate, data_, parts_, rule_, {.seed = what.seed});
        detail::stop_when_unwanted watch{&context, &run, work_of(candidate.model), faulty_work_};
        const double epochs = std::ceil(what.fidelity * static_cast<double>(candidate.fit.epochs));
        outcome done;
        done.status = run.run(std::max<std::int64_t>(1, std::llround(epochs)), watch);
        done.curve = run.curve();
        done.cost = watch.cost();
        if (done.status == status::completed) {
            const double score = done.curve.back().validation.metric;
            if (std::isnan(score)) {
                done.status = status::nan;
            } else {
                done.values = {rule_.cost(score)};
            }
        }
        return done;
    }

    fix_space space_;
    dataset data_;
    data_parts parts_;
    score_rule rule_;
    double faulty_work_;
    double largest_cost_;
};

static_assert(objective<repair_objective>);

} // namespace mend
