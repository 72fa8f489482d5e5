// SPDX-License-Identifier: MIT
/// Independent work items on several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <latch>
#include <mutex>

#include <mend/study/scheduler.hpp>

namespace mend {

/// Calls work(0) .. work(count - 1), up to `jobs` at a time, in no particular order, and returns
/// when all are done. The first exception is thrown on at the end; items not begun by then are left
/// out.
template <class Work>
void for_each_parallel(int jobs, std::size_t count, const Work& work) {
    const int threads =
        static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(jobs), count));
    if (threads <= 1) {
        for (std::size_t i = 0; i < count; ++i) {
            work(i);
        }
        return;
    }
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr error;
    std::latch done(threads);
    {
        scheduler pool(threads);
        for (int t = 0; t < threads; ++t) {
            pool.start([&] {
                try {
                    for (std::size_t i = next++; i < count; i = next++) {
                        work(i);
                    }
                } catch (...) {
                    next = count;
                    const std::lock_guard lock(mutex);
                    error = error ? error : std::current_exception();
                }
                done.count_down();
            });
        }
        done.wait();
    }
    if (error) {
        std::rethrow_exception(error);
    }
}

} // namespace mend
