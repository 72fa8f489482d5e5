// SPDX-License-Identifier: MIT
/// AutoTrainer's repair as a state machine: what to try next, and what the tries come to.
///
/// A solution is applied alone to the seed problem, which is trained over its full epochs unless a
/// verdict ends it. A training to the end without a verdict solves the problem, whatever its
/// accuracy. One that ends with another symptom is a candidate; all the solutions are tried
/// nevertheless, and the candidate of the best last validation accuracy (the first of equals)
/// becomes the next seed and its symptom the next to treat, in at most 10 rounds and each symptom
/// once. Where that comes to nothing the chain stands for the best candidate so far, or in the
/// first round for the best failed try (the last of equals), or where everything was passed over
/// for the seed.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/repair/autotrainer_rules.hpp>
#include <mend/repair/autotrainer_solutions.hpp>
#include <mend/spec/problem.hpp>

namespace mend {

enum class autotrainer_result : std::uint8_t {
    searching,
    healthy,   ///< nothing was wrong with the faulty problem's training
    solved,    ///< a training without a verdict
    potential, ///< candidates, but symptoms come again
    no,        ///< no solution helped
};

class autotrainer_chain {
public:
    autotrainer_chain() = default;

    autotrainer_chain(autotrainer_solver solver, std::uint64_t seed, int rounds = 10)
        : solver_(std::move(solver))
        , seed_of_draws_(seed)
        , rounds_(rounds) {}

    /// What came of the faulty problem's own training, trial 0.
    void begin(const problem& faulty, std::optional<symptom> seen, double accuracy) {
        chosen_.reset();
        handled_.clear();
        best_potential_.reset();
        result_ = seen ? autotrainer_result::searching : autotrainer_result::healthy;
        if (seen) {
            begin_round({0, faulty, *seen, accuracy});
            settle();
        }
    }

    /// The problem to train next; nothing once the chain has ended. Stays until it is told.
    [[nodiscard]] const std::optional<problem>& next() const noexcept { return upcoming_; }

    /// What came of training `next()`. NaN as accuracy is worse than every number.
    void told(std::int64_t trial, std::optional<symptom> seen, double accuracy) {
        MEND_EXPECTS(upcoming_.has_value(), "there was something to try");
        problem tried = *std::exchange(upcoming_, std::nullopt);
        if (!seen) {
            chosen_ = trial;
            result_ = autotrainer_result::solved;
            return;
        }
        const attempt now{trial, std::move(tried), *seen, accuracy};
        if (now.seen != seed_->seen && (!candidate_ || better(now, *candidate_))) {
            candidate_ = now;
        }
        if (!failed_ || !better(*failed_, now)) {
            failed_ = now;
        }
        settle();
    }

    [[nodiscard]] autotrainer_result result() const noexcept { return result_; }

    /// The trial that the chain stands for, once it has ended with another result than healthy.
    [[nodiscard]] std::optional<std::int64_t> chosen() const noexcept { return chosen_; }

    /// The symptoms treated, in order.
    [[nodiscard]] const std::vector<symptom>& handled() const noexcept { return handled_; }

    /// The symptom that is being treated.
    [[nodiscard]] std::optional<symptom> treats() const {
        return handled_.empty() ? std::nullopt : std::optional(handled_.back());
    }

    /// Solutions that were passed over, in order.
    [[nodiscard]] const std::vector<solution>& skipped() const noexcept { return skipped_; }

private:
    struct attempt {
        std::int64_t trial;
        problem what;
        symptom seen;
        double accuracy; ///< validation, of the last epoch run
    };

    [[nodiscard]] static bool better(const attempt& a, const attempt& b) noexcept {
        return a.accuracy > b.accuracy || (!std::isnan(a.accuracy) && std::isnan(b.accuracy));
    }

    void begin_round(const attempt& from) {
        seed_ = from;
        handled_.push_back(from.seen);
        plan_ = solutions_for(from.seen);
        plan_at_ = 0;
        plan_try_ = 0;
        candidate_.reset();
        failed_.reset();
    }

    /// Ends rounds until there is a next try or the chain is over.
    void settle() {
        while (result_ == autotrainer_result::searching && !look_ahead()) {
            end_round();
        }
    }

    /// Finds the next try that is not passed over.
    bool look_ahead() {
        while (!upcoming_ && plan_at_ < plan_.size()) {
            const solution_plan now = plan_[plan_at_];
            const auto round = static_cast<std::uint64_t>(handled_.size());
            const auto item = 100 * plan_at_ + static_cast<std::size_t>(plan_try_);
            upcoming_ = solver_.apply(
                now.what,
                plan_try_,
                seed_->seen,
                seed_->what,
                random_stream(seed_of_draws_, round, purpose::search, item)
            );
            if (!upcoming_) {
                skipped_.push_back(now.what);
            }
            if (++plan_try_ == now.times) {
                plan_try_ = 0;
                ++plan_at_;
            }
        }
        return upcoming_.has_value();
    }

    void end_round() {
        if (!candidate_) {
            result_ = autotrainer_result::no;
            chosen_ = best_potential_ ? best_potential_->trial
                      : failed_       ? failed_->trial
                                      : seed_->trial;
            return;
        }
        const attempt best = *candidate_;
        const bool again = std::find(handled_.begin(), handled_.end(), best.seen) != handled_.end();
        if (again || static_cast<int>(handled_.size()) >= rounds_) {
            result_ = autotrainer_result::potential;
            chosen_ = best_potential_ ? best_potential_->trial : best.trial;
            return;
        }
        if (!best_potential_ || better(best, *best_potential_)) {
            best_potential_ = best;
        }
        begin_round(best);
    }

    autotrainer_solver solver_;
    std::uint64_t seed_of_draws_ = 0;
    int rounds_ = 10;
    autotrainer_result result_ = autotrainer_result::searching;
    std::vector<symptom> handled_;
    std::vector<solution> skipped_;
    std::optional<problem> upcoming_;
    std::optional<attempt> seed_; // of the round
    std::optional<attempt> candidate_;
    std::optional<attempt> failed_;
    std::optional<attempt> best_potential_;
    std::optional<std::int64_t> chosen_;
    std::vector<solution_plan> plan_;
    std::size_t plan_at_ = 0;
    int plan_try_ = 0;
};

} // namespace mend
