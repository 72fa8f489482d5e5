// SPDX-License-Identifier: MIT
/// What a study minimises, and what an evaluation knows about the study around it.
#pragma once

#include <atomic>
#include <chrono>
#include <cmath>
#include <concepts>
#include <functional>
#include <limits>
#include <type_traits>
#include <utility>

#include <mend/record/trial.hpp>
#include <mend/search/searcher.hpp>
#include <mend/space/space.hpp>

namespace mend {

/// Tells a running evaluation whether it is still wanted. The default never stops.
class evaluation_context {
public:
    using clock = std::chrono::steady_clock;

    evaluation_context() = default;

    /// Stops when a flag that is given is set, or after the deadline; `allowance`: what the trial
    /// may cost, in trainings. The flags outlive the context.
    explicit evaluation_context(
        const std::atomic<bool>* cancelled,
        const std::atomic<bool>* interrupted = nullptr,
        clock::time_point deadline = clock::time_point::max(),
        double allowance = std::numeric_limits<double>::infinity()
    ) noexcept
        : cancelled_(cancelled)
        , interrupted_(interrupted)
        , deadline_(deadline)
        , allowance_(allowance) {}

    /// Whether the evaluation should end now, with status::stopped: the study drops it. Some
    /// 30 ns; ask every few milliseconds of work.
    [[nodiscard]] bool stop_requested() const noexcept {
        return (cancelled_ && cancelled_->load(std::memory_order_relaxed)) ||
               (interrupted_ && interrupted_->load(std::memory_order_relaxed)) ||
               (deadline_ != clock::time_point::max() && clock::now() >= deadline_);
    }

    /// Whether an evaluation that has cost so much, in trainings, is sure to lie beyond the budget;
    /// it had better end with status::stopped and that cost: the study drops it.
    [[nodiscard]] bool exceeds_budget(double cost) const noexcept { return cost > allowance_; }

    /// Whether the searcher has seen enough of a trial; it then ends with status::stopped, what it
    /// cost so far and what it showed so far, and is told. Ask at most once an epoch.
    [[nodiscard]] bool should_prune(const proposal& what, const outcome& so_far) const {
        return pruner_ && pruner_->prune(what, so_far);
    }

    /// The searcher to ask; outlives the context.
    void pruner(const any_searcher* s) noexcept { pruner_ = s; }

private:
    const std::atomic<bool>* cancelled_ = nullptr;
    const std::atomic<bool>* interrupted_ = nullptr;
    clock::time_point deadline_ = clock::time_point::max();
    double allowance_ = std::numeric_limits<double>::infinity();
    const any_searcher* pruner_ = nullptr;
};

/// Evaluates proposals. What comes out depends on the proposal alone (its point, fidelity and
/// seed), values are minimised, a failure is an outcome with its status; an exception ends the
/// study. Called by several threads at once, unless a static member `thread_safe` is false.
template <class Objective>
concept objective =
    requires(const Objective& evaluate, const proposal& what, const evaluation_context& context) {
    { evaluate(what, context) } -> std::same_as<outcome>;
};

/// A plain function of a point; each call costs one training.
template <class Function>
concept point_function = requires(const Function& f, const point& at) {
    { f(at) } -> std::convertible_to<double>;
};

/// An outcome of one value: completed, or `nan` where it is none.
[[nodiscard]] inline outcome value_outcome(double value, double cost = 1) {
    outcome made;
    made.cost = cost;
    if (std::isnan(value)) {
        made.status = status::nan;
    } else {
        made.values = {value};
    }
    return made;
}

/// Any objective or plain function of a point as one type.
class any_objective {
public:
    template <objective Objective>

    requires(!std::same_as<Objective, any_objective>) any_objective(Objective evaluate) {
        if constexpr (requires {
                          { Objective::thread_safe } -> std::convertible_to<bool>;
                      }) {
            thread_safe_ = Objective::thread_safe;
        }
        evaluate_ = std::move(evaluate);
    }

    /// Minimises f, or maximises it where `sign` is -1.
    template <point_function Function>

    requires(!objective<Function>) any_objective(Function f, double sign = 1) {
        if constexpr (requires {
                          { Function::thread_safe } -> std::convertible_to<bool>;
                      }) {
            thread_safe_ = Function::thread_safe;
        }
        evaluate_ = [f = std::move(f), sign](const proposal& what, const evaluation_context&) {
            return value_outcome(sign * static_cast<double>(f(what.at)));
        };
    }

    [[nodiscard]] outcome
    operator()(const proposal& what, const evaluation_context& context) const {
        return evaluate_(what, context);
    }

    /// Whether several threads may call it at once.
    [[nodiscard]] bool thread_safe() const noexcept { return thread_safe_; }

private:
    std::function<outcome(const proposal&, const evaluation_context&)> evaluate_;
    bool thread_safe_ = true;
};

} // namespace mend
