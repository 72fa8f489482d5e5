// SPDX-License-Identifier: MIT
/// The loop ask, evaluate, tell.
///
/// Results are told in the order of ids, and the searcher is asked after each tell until its width
/// is filled, so that the sequence told is one function of (searcher, space, seed), whatever the
/// number of jobs and however long each trial takes.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/budget.hpp>
#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/core/random.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/searcher.hpp>
#include <mend/space/space.hpp>
#include <mend/study/objective.hpp>
#include <mend/study/scheduler.hpp>

namespace mend {

/// Why a study ended.
enum class study_end : std::uint8_t {
    budget,      ///< trainings or trials are used up
    deadline,    ///< the seconds are used up
    exhausted,   ///< the searcher has nothing more to propose
    interrupted, ///< told to stop from outside
};

/// Where a study stands after a trial was told.
struct study_progress {
    const std::vector<trial>* told = nullptr; ///< all of them; the last is the newest
    std::optional<std::size_t> best{};        ///< position of the best trial
    double cost = 0;                          ///< in trainings
    double seconds = 0;                       ///< since the study began in this process
    budget limits{};
};

struct study_options {
    int jobs = 1;           ///< trials at a time; changes no result
    std::uint64_t seed = 0; ///< of the searcher and of the trials

    /// Told trials of an earlier, interrupted run of this study, from its journal. They are told
    /// again, not evaluated, and the study ends as the uninterrupted one would have.
    std::vector<trial> past{};

    /// Set from outside, by a signal handler perhaps, to end the study. Outlives it.
    const std::atomic<bool>* interrupted = nullptr;

    /// Called with every new trial when it is told, on the thread that runs the study; what it
    /// throws ends the study. `[&](const trial& t) { file.append(t); }`.
    std::function<void(const trial&)> journal{};

    /// Called after every told trial, past ones included, on the thread that runs the study.
    std::function<void(const study_progress&)> progress{};
};

struct study_result {
    std::vector<trial> trials{};       ///< all told, in order
    std::optional<std::size_t> best{}; ///< position of the best trial, or the one recommended
    double cost = 0;                   ///< in trainings
    double seconds = 0;
    study_end end = study_end::budget;
};

/// Runs a study: until the limits are reached, the searcher has nothing more, or it is interrupted.
///
/// What was told is always a prefix of the unlimited run:
/// - trainings: the told trials together cost no more than the limit; the first one that would go
///   beyond it ends the study and is dropped. Trial 0 alone is always told.
/// - trials: exactly so many are told, unless another limit comes first.
/// - seconds, or `interrupted`: running trials are asked to stop. Those that finish all the same
///   are told where all before them are; the rest is dropped. With an objective that ignores its
///   context the study ends late.
///
/// Trials that run beyond the end are stopped and dropped; none is begun that is sure to be.
///
/// A trial that ends with status::stopped after it was asked to stop is dropped; an exception of
/// the objective, the searcher or a callback is thrown on once all running trials have ended, that
/// of the objective when the trial's turn to be told comes. Throws usage_error where `past` does
/// not belong to this search.
[[nodiscard]] study_result run_study(
    any_searcher searcher,
    const any_objective& objective,
    const space& over,
    const budget& limits,
    const study_options& options = {}
);

namespace detail {

/// One study while it runs. The thread that calls run() asks, tells and waits; with one job it
/// evaluates, too.
class study_run {
public:
    study_run(
        any_searcher searcher,
        const any_objective& objective,
        const space& over,
        const budget& limits,
        const study_options& options
    )
        : searcher_(std::move(searcher))
        , objective_(objective)
        , over_(over)
        , limits_(limits)
        , options_(options)
        , scheduler_(objective.thread_safe() ? options.jobs : 1)
        , began_(clock::now()) {
        constexpr double forever = 1e9; // seconds; the clock counts nanoseconds in 64 bits
        if (limits.seconds < forever) {
            deadline_ = began_ + std::chrono::duration_cast<clock::duration>(
                                     std::chrono::duration<double>(std::max(limits.seconds, 0.0))
                                 );
        }
    }

    study_run(const study_run&) = delete;
    study_run& operator=(const study_run&) = delete;

    /// However the study ends, no trial outlives it.
    ~study_run() { stop_running(); }

    study_result run();

private:
    using clock = evaluation_context::clock;

    enum class state : std::uint8_t { open, running, finished, cut };

    struct slot {
        proposal what;
        state now = state::open;
        trial done{};
        std::exception_ptr error{};
        double allowance = budget::unlimited; ///< what it may cost at most
        bool over_budget = false;             ///< cost more than that
        bool past = false;
    };

    [[nodiscard]] bool time_is_up() const noexcept {
        return deadline_ != clock::time_point::max() && clock::now() >= deadline_;
    }

    [[nodiscard]] bool is_interrupted() const noexcept {
        return options_.interrupted && options_.interrupted->load(std::memory_order_relaxed);
    }

    [[nodiscard]] bool should_stop() const noexcept { return is_interrupted() || time_is_up(); }

    [[nodiscard]] double elapsed() const {
        return std::chrono::duration<double>(clock::now() - began_).count();
    }

    /// The trainings allowed; the slack takes up the rounding of sums.
    [[nodiscard]] double allowed() const noexcept { return limits_.trainings * (1 + 1e-9); }

    /// Whether a trial still fits when those before it cost so much.
    [[nodiscard]] bool fits(std::int64_t id, double before, double cost) const noexcept {
        return id == 0 || before + cost <= allowed();
    }

    [[nodiscard]] bool budget_is_spent() const noexcept {
        const auto told = static_cast<std::int64_t>(result_.trials.size());
        return !fits(told, cost_, minimum_trial_cost) ||
               static_cast<double>(told) >= limits_.trials;
    }

    void ask_until_full();
    void settle(proposal& next) const;
    void recall(slot& asked);
    slot* take_next();
    void evaluate(slot& mine);
    void work();
    void wait_for_first();

    [[nodiscard]] bool first_fits() const noexcept {
        const slot& first = slots_.front();
        return first.error ||
               (!first.over_budget && fits(first.what.id, cost_, first.done.outcome.cost));
    }

    void tell_first();
    void stop_running() noexcept;

    any_searcher searcher_;
    const any_objective& objective_;
    const space& over_;
    budget limits_;
    const study_options& options_;
    scheduler scheduler_;
    clock::time_point began_;
    clock::time_point deadline_ = clock::time_point::max();

    study_result result_;
    double cost_ = 0;
    std::int64_t asked_ = 0;

    std::mutex mutex_; ///< guards the slots, cost_ and pending_
    std::condition_variable changed_;
    std::deque<slot> slots_; ///< asked and not yet told, by id
    int pending_ = 0;        ///< work handed to the scheduler and not yet ended
    std::atomic<bool> cancelled_{false};
};

inline void study_run::ask_until_full() {
    const int width = std::max(width_of(searcher_), 1);
    while (static_cast<int>(slots_.size()) < width &&
           static_cast<double>(asked_) < limits_.trials && !should_stop()) {
        std::optional<proposal> next = searcher_.ask();
        if (!next) {
            return;
        }
        MEND_EXPECTS(next->id == asked_, "a searcher numbers its proposals 0, 1, 2, ...");
        MEND_EXPECTS(over_.contains(next->at), "a searcher proposes points of the space");
        MEND_EXPECTS(next->fidelity > 0 && next->fidelity <= 1, "a fidelity lies in (0, 1]");
        settle(*next);
        ++asked_;
        bool waiting = false;
        {
            const std::lock_guard lock(mutex_);
            slot& added = slots_.emplace_back();
            added.what = std::move(*next);
            recall(added);
            waiting = added.now == state::open;
            pending_ += waiting && scheduler_.jobs() > 1 ? 1 : 0;
        }
        if (waiting && scheduler_.jobs() > 1) {
            scheduler_.start([this] { work(); });
        }
    }
}

/// Sets what of a proposal is not the searcher's to choose.
inline void study_run::settle(proposal& next) const {
    const auto told = static_cast<std::int64_t>(result_.trials.size());
    MEND_EXPECTS(next.continues < told, "only a told trial is carried on");
    MEND_EXPECTS(next.pairs_with < told, "only a told trial is compared with");
    const std::int64_t like = next.continues != proposal::none ? next.continues : next.pairs_with;
    next.seed =
        like == proposal::none
            ? derived_seed(options_.seed, purpose::trial, static_cast<std::uint64_t>(next.id))
            : result_.trials[static_cast<std::size_t>(like)].proposal.seed;
    next.reached = next.continues == proposal::none
                       ? 0
                       : result_.trials[static_cast<std::size_t>(next.continues)].proposal.fidelity;
    MEND_EXPECTS(next.reached < next.fidelity || next.reached == 0, "what is carried on goes on");
}

/// Fills a slot from the past.
inline void study_run::recall(slot& asked) {
    const auto at = static_cast<std::size_t>(asked.what.id);
    if (at >= options_.past.size()) {
        return;
    }
    const trial& known = options_.past[at];
    if (known.proposal != asked.what) {
        throw usage_error(
            "study",
            "trial " + std::to_string(at) +
                " of the journal is of another search (another problem, space, technique, budget "
                "or "
                "seed)"
        );
    }
    asked.done = known;
    asked.past = true;
    asked.now = state::finished;
}

/// The next slot to evaluate, now running; nullptr where none may begin. Requires the lock.
inline study_run::slot* study_run::take_next() {
    // A lower bound of the cost told by then, summed in the order of telling: rounding is monotone,
    // so that what lies beyond the budget here lies beyond it in the end.
    double least = cost_;
    for (slot& s : slots_) {
        if (!fits(s.what.id, least, minimum_trial_cost) || s.error || s.now == state::cut) {
            return nullptr;
        }
        if (s.now == state::open) {
            s.now = state::running;
            s.allowance = s.what.id == 0 ? budget::unlimited : allowed() - least;
            return &s;
        }
        least += s.now == state::finished ? std::max(s.done.outcome.cost, minimum_trial_cost)
                                          : minimum_trial_cost;
    }
    return nullptr;
}

/// Evaluates a slot that is running; throws nothing.
inline void study_run::evaluate(slot& mine) {
    evaluation_context context(&cancelled_, options_.interrupted, deadline_, mine.allowance);
    context.pruner(&searcher_);
    const clock::time_point from = clock::now();
    trial done;
    std::exception_ptr error;
    try {
        done.outcome = objective_(mine.what, context);
    } catch (...) {
        error = std::current_exception();
    }
    done.seconds = std::chrono::duration<double>(clock::now() - from).count();
    done.outcome.cost = std::max(done.outcome.cost, minimum_trial_cost);
    if (done.outcome.status != status::completed) {
        done.outcome.values.clear();
    }
    const bool cut = !error && done.outcome.status == status::stopped && context.stop_requested();
    const std::lock_guard lock(mutex_);
    done.proposal = mine.what;
    mine.over_budget = context.exceeds_budget(done.outcome.cost);
    mine.done = std::move(done);
    mine.error = error;
    mine.now = cut ? state::cut : state::finished;
}

/// What a thread of the arena does for one slot.
inline void study_run::work() {
    slot* mine = nullptr;
    {
        const std::lock_guard lock(mutex_);
        mine = cancelled_ || should_stop() ? nullptr : take_next();
    }
    if (mine) {
        evaluate(*mine);
    }
    const std::lock_guard lock(mutex_);
    --pending_;
    changed_.notify_all();
}

/// Returns when the first slot is finished or cut, or no trial runs any more and none may begin.
inline void study_run::wait_for_first() {
    if (scheduler_.jobs() == 1) {
        slot& first = slots_.front();
        if (first.now == state::open && !should_stop()) {
            take_next();
            scheduler_.run([&] { evaluate(first); });
        }
        return;
    }
    std::unique_lock lock(mutex_);
    const auto settled = [&] {
        const state now = slots_.front().now;
        return now == state::finished || now == state::cut || pending_ == 0;
    };
    // A flag set by a signal handler wakes nobody, but the trials see it; nothing to poll here.
    changed_.wait(lock, settled);
}

inline void study_run::tell_first() {
    slot first;
    {
        const std::lock_guard lock(mutex_);
        first = std::move(slots_.front());
        slots_.pop_front();
        cost_ += first.error ? 0 : first.done.outcome.cost;
    }
    if (first.error) {
        std::rethrow_exception(first.error);
    }
    result_.trials.push_back(std::move(first.done));
    const trial& told = result_.trials.back();
    if (told.completed() && (!result_.best || is_better(told, result_.trials[*result_.best]))) {
        result_.best = result_.trials.size() - 1;
    }
    if (options_.journal && !first.past) {
        options_.journal(told);
    }
    searcher_.tell(told);
    if (options_.progress) {
        options_.progress({&result_.trials, result_.best, cost_, elapsed(), limits_});
    }
}

inline void study_run::stop_running() noexcept {
    cancelled_ = true;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return pending_ == 0; });
}

inline study_result study_run::run() {
    searcher_.start(over_, options_.seed);
    result_.end = study_end::budget;
    while (!budget_is_spent()) {
        ask_until_full();
        if (slots_.empty()) {
            result_.end = is_interrupted() ? study_end::interrupted
                          : time_is_up()   ? study_end::deadline
                                           : study_end::exhausted;
            break;
        }
        wait_for_first();
        if (slots_.front().now != state::finished) {
            result_.end = is_interrupted() ? study_end::interrupted : study_end::deadline;
            break;
        }
        if (!first_fits()) {
            break;
        }
        tell_first();
    }
    stop_running();
    if (const auto chosen = searcher_.recommend()) {
        MEND_EXPECTS(
            *chosen >= 0 && *chosen < static_cast<std::int64_t>(result_.trials.size()),
            "a searcher recommends a told trial"
        );
        result_.best = static_cast<std::size_t>(*chosen);
    }
    result_.cost = cost_;
    result_.seconds = elapsed();
    return std::move(result_);
}

} // namespace detail

inline study_result run_study(
    any_searcher searcher,
    const any_objective& objective,
    const space& over,
    const budget& limits,
    const study_options& options
) {
    return detail::study_run(std::move(searcher), objective, over, limits, options).run();
}

} // namespace mend
