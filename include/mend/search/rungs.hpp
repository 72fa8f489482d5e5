// SPDX-License-Identifier: MIT
/// Which run of successive halving comes next: in brackets whose rungs close, or asynchronously.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/brackets.hpp>
#include <mend/search/history.hpp>

namespace mend::detail {

/// A run that may begin: of a new configuration, or of one that was promoted.
struct halving_run {
    std::size_t bracket = 0;
    std::size_t rung = 0;
    double budget = 1;
    std::int64_t continues = proposal::none; ///< the trial it carries on; none: a new configuration
    std::size_t configuration = 0;           ///< of a promoted one: its place in the bracket

    [[nodiscard]] bool is_new() const noexcept { return continues == proposal::none; }
};

/// Brackets one after the other, each rung closed when all of it is told. A bracket that waits lets
/// the next begin; older ones go first.
class synchronous_brackets {
public:
    /// `cycle` is gone through again and again, `most` brackets in all where that is not 0.
    explicit synchronous_brackets(std::vector<bracket_plan> cycle, std::int64_t most = 0)
        : cycle_(std::move(cycle))
        , most_(most) {}

    /// As it was made.
    void restart() {
        brackets_.clear();
        where_.clear();
        first_ = 0;
        exhausted_ = false;
    }

    /// What may begin now; a new configuration only where `fresh`; of the oldest bracket that is
    /// not done alone where `oldest`.
    [[nodiscard]] std::optional<halving_run> next(bool fresh, bool oldest = false) const {
        for (std::size_t b = first_; b < brackets_.size(); ++b) {
            const bracket& mine = brackets_[b];
            if (mine.done) {
                continue;
            }
            const double budget = plan_of(b).budgets[mine.rung];
            for (std::size_t i = 0; i < mine.configurations.size() && mine.queued > 0; ++i) {
                if (mine.configurations[i].now == phase::queued) {
                    return halving_run{b, mine.rung, budget, mine.configurations[i].trial, i};
                }
            }
            if (fresh && mine.started < plan_of(b).counts[mine.rung]) {
                return halving_run{b, mine.rung, budget};
            }
            if (oldest) {
                return std::nullopt;
            }
        }
        const bool more = most_ == 0 || static_cast<std::int64_t>(brackets_.size()) < most_;
        if (!fresh || !more) {
            return std::nullopt;
        }
        return halving_run{brackets_.size(), 0, plan_of(brackets_.size()).budgets[0]};
    }

    /// The run begins as the next trial; they are numbered 0, 1, 2, ...
    void begin(const halving_run& run) {
        if (run.bracket == brackets_.size()) {
            brackets_.emplace_back();
        }
        bracket& mine = brackets_[run.bracket];
        const std::size_t at = run.is_new() ? mine.configurations.size() : run.configuration;
        if (run.is_new()) {
            mine.configurations.emplace_back();
        } else {
            --mine.queued;
        }
        mine.configurations[at].now = phase::running;
        mine.configurations[at].trial = static_cast<std::int64_t>(where_.size());
        ++mine.started;
        ++mine.running;
        where_.push_back({run.bracket, at});
    }

    void tell(const told_point& done) {
        const auto [b, at] = where_[static_cast<std::size_t>(done.id)];
        bracket& mine = brackets_[b];
        mine.configurations[at].now = done.failed() ? phase::ended : phase::review;
        mine.configurations[at].result = done;
        --mine.running;
        close(b);
    }

    /// There are no new configurations any more.
    void exhaust() {
        exhausted_ = true;
        for (std::size_t b = first_; b < brackets_.size(); ++b) {
            close(b);
        }
    }

private:
    enum class phase : std::uint8_t { queued, running, review, ended };

    struct configuration {
        phase now = phase::running;
        std::int64_t trial = proposal::none;
        told_point result{};
    };

    struct bracket {
        std::vector<configuration> configurations{}; ///< in the order they came
        std::size_t rung = 0;
        std::int64_t started = 0; ///< on this rung
        std::int64_t queued = 0;
        std::int64_t running = 0;
        bool done = false;
    };

    [[nodiscard]] const bracket_plan& plan_of(std::size_t b) const noexcept {
        return cycle_[b % cycle_.size()];
    }

    [[nodiscard]] std::size_t last_rung(std::size_t b) const noexcept {
        return plan_of(b).counts.size() - 1;
    }

    /// Ends the rung, and those after it that stay empty, once nothing is to be waited for.
    void close(std::size_t b) {
        bracket& mine = brackets_[b];
        while (!mine.done && mine.running == 0 && mine.queued == 0 &&
               (exhausted_ || mine.started >= plan_of(b).counts[mine.rung])) {
            mine.started = 0;
            if (mine.rung++ == last_rung(b)) {
                mine.done = true;
                mine.configurations.clear();
                break;
            }
            promote(mine, plan_of(b).counts[mine.rung]);
        }
        while (first_ < brackets_.size() && brackets_[first_].done) {
            ++first_;
        }
    }

    /// Queues the best of the rung, which keep the order in which they came.
    static void promote(bracket& mine, std::int64_t count) {
        std::vector<std::size_t> places;
        std::vector<told_point> results;
        for (std::size_t i = 0; i < mine.configurations.size(); ++i) {
            if (mine.configurations[i].now == phase::review) {
                places.push_back(i);
                results.push_back(mine.configurations[i].result);
                mine.configurations[i].now = phase::ended;
            }
        }
        for (const std::size_t i : best_first(results)) {
            if (mine.queued == count) {
                break;
            }
            mine.configurations[places[i]].now = phase::queued;
            ++mine.queued;
        }
    }

    std::vector<bracket_plan> cycle_;
    std::int64_t most_;
    std::vector<bracket> brackets_;
    std::size_t first_ = 0;                                  ///< those before are done
    std::vector<std::pair<std::size_t, std::size_t>> where_; ///< bracket and place of each trial
    bool exhausted_ = false;
};

/// Promotes as soon as it can: a configuration among the best 1 / eta of what is told of its rung
/// goes on, the highest rung first; else a new one begins, in the bracket that is furthest behind
/// the share of new configurations that its plan has. No rung ever closes.
class asynchronous_brackets {
public:
    asynchronous_brackets(std::vector<bracket_plan> brackets, double eta)
        : eta_(eta)
        , plans_(std::move(brackets)) {
        restart();
    }

    /// As it was made.
    void restart() {
        rungs_.clear();
        for (const bracket_plan& plan : plans_) {
            rungs_.emplace_back(plan.budgets.size());
        }
        begun_.assign(plans_.size(), 0);
        where_.clear();
    }

    [[nodiscard]] std::optional<halving_run> next(bool fresh, bool oldest = false) const {
        for (std::size_t b = 0; b < plans_.size() && !oldest; ++b) {
            for (std::size_t r = plans_[b].budgets.size() - 1; r-- > 0;) {
                if (const auto found = promotable(rungs_[b][r])) {
                    const std::int64_t trial = rungs_[b][r].told[*found].id;
                    return halving_run{b, r + 1, plans_[b].budgets[r + 1], trial, *found};
                }
            }
        }
        if (!fresh || oldest) {
            return std::nullopt;
        }
        std::size_t behind = 0;
        const auto share = [&](std::size_t b) {
            return static_cast<double>(begun_[b]) / static_cast<double>(plans_[b].counts[0]);
        };
        for (std::size_t b = 1; b < plans_.size(); ++b) {
            behind = share(b) < share(behind) ? b : behind;
        }
        return halving_run{behind, 0, plans_[behind].budgets[0]};
    }

    void begin(const halving_run& run) {
        where_.push_back({run.bracket, run.rung});
        if (run.is_new()) {
            ++begun_[run.bracket];
        } else {
            rungs_[run.bracket][run.rung - 1].promoted[run.configuration] = true;
        }
    }

    void tell(const told_point& done) {
        const auto [b, r] = where_[static_cast<std::size_t>(done.id)];
        rungs_[b][r].told.push_back(done);
        rungs_[b][r].promoted.push_back(false);
    }

private:
    struct rung_state {
        std::vector<told_point> told{};
        std::vector<bool> promoted{};
    };

    [[nodiscard]] std::optional<std::size_t> promotable(const rung_state& rung) const {
        auto left = static_cast<std::size_t>(static_cast<double>(rung.told.size()) / eta_ + 1e-9);
        if (left == 0) {
            return std::nullopt;
        }
        for (const std::size_t i : best_first(rung.told)) {
            if (left-- == 0 || rung.told[i].failed()) {
                return std::nullopt;
            }
            if (!rung.promoted[i]) {
                return i;
            }
        }
        return std::nullopt;
    }

    double eta_;
    std::vector<bracket_plan> plans_;
    std::vector<std::vector<rung_state>> rungs_;             ///< of each bracket
    std::vector<std::int64_t> begun_;                        ///< configurations of each bracket
    std::vector<std::pair<std::size_t, std::size_t>> where_; ///< bracket and rung of each trial
};

/// Brackets of one mode or the other.
class halving_brackets {
public:
    halving_brackets(
        const std::vector<bracket_plan>& plans, double eta, std::int64_t most, bool asynchronous
    )
        : synchronous_(plans, most)
        , asynchronous_(plans, eta)
        , is_asynchronous_(asynchronous) {
        MEND_EXPECTS(most >= 0, "a number of brackets");
    }

    void restart() {
        synchronous_.restart();
        asynchronous_.restart();
    }

    [[nodiscard]] std::optional<halving_run> next(bool fresh, bool oldest) const {
        return is_asynchronous_ ? asynchronous_.next(fresh, oldest)
                                : synchronous_.next(fresh, oldest);
    }

    void begin(const halving_run& run) {
        is_asynchronous_ ? asynchronous_.begin(run) : synchronous_.begin(run);
    }

    void tell(const told_point& done) {
        is_asynchronous_ ? asynchronous_.tell(done) : synchronous_.tell(done);
    }

    void exhaust() {
        if (!is_asynchronous_) {
            synchronous_.exhaust();
        }
    }

private:
    synchronous_brackets synchronous_;
    asynchronous_brackets asynchronous_;
    bool is_asynchronous_;
};

} // namespace mend::detail
