// SPDX-License-Identifier: MIT
/// A bounded number of trials at a time, on a oneTBB arena of their own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

#include <mend/core/config.hpp>

namespace mend {

/// Runs work on up to `jobs` threads. What work does in parallel within itself uses threads of the
/// same arena that are idle, and never begins other work meanwhile.
class scheduler {
public:
    explicit scheduler(int jobs)
        : jobs_(jobs)
        , arena_(jobs, jobs == 1 ? 1U : 0U) {
        MEND_EXPECTS(jobs > 0, "at least one job");
        // Workers beyond the hardware's are given only on demand; one thread only waits.
        using control = oneapi::tbb::global_control;
        const auto active = control::active_value(control::max_allowed_parallelism);
        threads_.emplace(
            control::max_allowed_parallelism, std::max(active, static_cast<std::size_t>(jobs) + 1)
        );
    }

    [[nodiscard]] int jobs() const noexcept { return jobs_; }

    /// Runs the work on the calling thread and returns when it is done.
    template <class Work>
    void run(Work&& work) {
        arena_.execute([&] { oneapi::tbb::this_task_arena::isolate(work); });
    }

    /// Has the work run by another thread; returns at once. Requires more than one job, that the
    /// work throws nothing, and that the caller waits for its end before the scheduler's.
    template <class Work>
    void start(Work work) {
        MEND_EXPECTS(jobs_ > 1, "one job runs on the calling thread");
        arena_.enqueue([work = std::move(work)] { oneapi::tbb::this_task_arena::isolate(work); });
    }

private:
    int jobs_;
    oneapi::tbb::task_arena arena_;
    std::optional<oneapi::tbb::global_control> threads_;
};

} // namespace mend
