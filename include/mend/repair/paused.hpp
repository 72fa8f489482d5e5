// SPDX-License-Identifier: MIT
/// Trainings that a later trial may carry on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include <mend/train/trainer.hpp>

namespace mend {

/// Keeps the trainers of trials that ended before their last epoch, the newest ones up to so many
/// bytes of weights, optimizer state and activations. A training that is not kept any more can be
/// repeated from its seed: what is kept changes how long a promotion takes, never its result.
/// May be used by several threads at once.
class paused_trainings {
public:
    explicit paused_trainings(std::size_t bytes = std::size_t{1} << 30U)
        : limit_(bytes) {}

    void keep(std::int64_t id, std::unique_ptr<trainer> paused) {
        const std::size_t bytes = paused->bytes();
        const std::lock_guard lock(mutex_);
        kept_.push_back({id, bytes, std::move(paused)});
        held_ += bytes;
        while (held_ > limit_) {
            held_ -= kept_.front().bytes;
            kept_.pop_front();
        }
    }

    /// The training of a trial, which is then kept no longer; nothing where it is not there.
    [[nodiscard]] std::unique_ptr<trainer> take(std::int64_t id) {
        const std::lock_guard lock(mutex_);
        for (auto at = kept_.begin(); at != kept_.end(); ++at) {
            if (at->id == id) {
                std::unique_ptr<trainer> found = std::move(at->paused);
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
        std::unique_ptr<trainer> paused;
    };

    std::mutex mutex_;
    std::list<entry> kept_; ///< oldest first
    std::size_t limit_;
    std::size_t held_ = 0;
};

} // namespace mend
