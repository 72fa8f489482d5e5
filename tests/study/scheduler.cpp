// SPDX-License-Identifier: MIT
#include <atomic>
#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include <mend/study/scheduler.hpp>

namespace study_scheduler_tests {

using namespace mend;

TEST_CASE("scheduler: one job runs on the calling thread") {
    scheduler one(1);
    std::thread::id ran_on;
    one.run([&] { ran_on = std::this_thread::get_id(); });
    CHECK(ran_on == std::this_thread::get_id());
    CHECK_THROWS_AS(one.start([] {}), contract_violation);
    CHECK_THROWS_AS(scheduler(0), contract_violation);
}

TEST_CASE("scheduler: as many at a time as there are jobs, whatever the hardware has") {
    for (const int jobs : {2, 8}) {
        scheduler pool(jobs);
        std::atomic<int> inside{0};
        std::atomic<int> most{0};
        std::atomic<int> done{0};
        for (int i = 0; i < 3 * jobs; ++i) {
            pool.start([&] {
                const int now = ++inside;
                for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
                }
                // Waits for company, so that the machine's load does not decide the test.
                for (int wait = 0; most < jobs && wait < 5000; ++wait) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
                }
                --inside;
                ++done;
            });
        }
        while (done < 3 * jobs) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        CHECK(most == jobs);
    }
}

} // namespace study_scheduler_tests
