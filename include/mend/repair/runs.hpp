// SPDX-License-Identifier: MIT
/// One problem trained several times, each with a seed of its own.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/spec/problem.hpp>
#include <mend/study/parallel.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

namespace detail {

struct stop_when_set {
    const std::atomic<bool>* flag;

    bool on_step(const step_view&) const {
        return flag != nullptr && flag->load(std::memory_order_relaxed);
    }
};

} // namespace detail

/// Trains and evaluates, the test part included, once per seed, `jobs` at a time; the results are
/// in the order of the seeds and do not depend on `jobs`; of `how`, the seed does not count. Where
/// `interrupted` is set, runs end with status::stopped. Throws spec_error where problem and data
/// cannot meet.
[[nodiscard]] inline std::vector<training> train_runs(
    const problem& wanted,
    const dataset& data,
    const data_parts& parts,
    score_rule rule,
    std::span<const std::uint64_t> seeds,
    int jobs,
    const std::atomic<bool>* interrupted = nullptr,
    const train_options& how = {}
) {
    std::vector<training> runs(seeds.size());
    for_each_parallel(jobs, seeds.size(), [&](std::size_t i) {
        detail::stop_when_set watch{interrupted};
        train_options options = how;
        options.seed = seeds[i];
        options.test = true;
        runs[i] = train(wanted, data, parts, rule, options, watch);
    });
    return runs;
}

} // namespace mend
