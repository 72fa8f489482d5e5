// SPDX-License-Identifier: MIT
/// Trainings that a later trial may carry on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include <mend/train/probe.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

/// A training and what looks on at it. Stays where it is: the probe knows its trainer.
struct watched_training {
    trainer run;
    probe watch;

    watched_training(
        const problem& wanted,
        const dataset& data,
        const data_parts& parts,
        score_rule rule,
        std::uint64_t seed
    )
        : run(wanted, data, parts, rule, {.seed = seed})
        , watch(wanted) {}
};

/// Keeps the trainings of trials that ended before their last epoch, the newest ones up to so many
/// bytes of weights, optimizer state and activations. A training that is not kept any more can be
/// repeated from its seed: what is kept changes how long a promotion takes, never its result.
/// May be used by several threads at once.
class paused_trainings {
public:
    explicit paused_trainings(std::size_t bytes = std::size_t{1} << 30U)
        : limit_(bytes) {}

    void keep(std::int64_t id, std::unique_ptr<watched_training> paused) {
        const std::size_t bytes = paused->run.bytes();
        const std::lock_guard lock(mutex_);
        kept_.push_back({id, bytes, std::move(paused)});
        held_ += bytes;
        while (held_ > limit_) {
            held_ -= kept_.front().bytes;
            kept_.pop_front();
        }
    }

    /// The training of a trial, which is then kept no longer; nothing where it is not there.
    [[nodiscard]] std::unique_ptr<watched_training> take(std::int64_t id) {
        const std::lock_guard lock(mutex_);
        for (auto at = kept_.begin(); at != kept_.end(); ++at) {
            if (at->id == id) {
                std::unique_ptr<watched_training> found = std::move(at->paused);
                held_ -= at->bytes;
                kept_.erase(at);
                return found;
            }
        }
        return nullptr;
    }

private:
    struct entry {
        std::int64_t id;
        std::size_t bytes;
        std::unique_ptr<watched_training> paused;
    };

    std::mutex mutex_;
    std::list<entry> kept_; ///< oldest first
    std::size_t limit_;
    std::size_t held_ = 0;
};

} // namespace mend
