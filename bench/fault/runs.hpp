// SPDX-License-Identifier: MIT
// What the benchmarks of the catalogue share: the faults, and trainings that are counted.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/data/split.hpp>
#include <mend/io/dataset.hpp>
#include <mend/io/fault_json.hpp>
#include <mend/spec/document.hpp>
#include <mend/stats/summary.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

extern const std::vector<std::string_view> fault_texts;

namespace bench {

inline std::vector<mend::fault> catalogue() {
    std::vector<mend::fault> faults;
    for (const std::string_view text : fault_texts) {
        faults.push_back(mend::parse_fault(text, "catalogue"));
    }
    return faults;
}

/// Datasets by their word, each read once.
class dataset_cache {
public:
    const mend::dataset& operator()(const std::string& word) {
        auto at = read_.find(word);
        if (at == read_.end()) {
            at = read_.emplace(word, mend::read_dataset(word)).first;
        }
        return at->second;
    }

private:
    std::map<std::string, mend::dataset> read_;
};

/// Trainings of one problem.
struct runs {
    std::vector<double> scores;  ///< on the test part, those that are numbers
    std::vector<double> seconds; ///< of processor time, in training and validation
    std::size_t failed = 0;      ///< that ended as nan or diverged
    std::string unbuildable;     ///< why there are none

    [[nodiscard]] double mean() const { return mend::mean(scores); }

    [[nodiscard]] double deviation() const {
        return scores.size() < 2 ? 0 : mend::standard_deviation(scores);
    }
};

/// Trains with the seeds 0, 1, ..., one after the other.
inline runs train_runs(
    const mend::problem& wanted, const mend::dataset& data, mend::score_rule rule, int count
) {
    runs done;
    try {
        const mend::data_parts parts = mend::split(data, wanted.fit.validation_split);
        for (int seed = 0; seed < count; ++seed) {
            const std::clock_t start = std::clock();
            const mend::training run = mend::train(
                wanted, data, parts, rule, {.seed = static_cast<std::uint64_t>(seed), .test = true}
            );
            done.seconds.push_back(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
            done.failed += run.status != mend::status::completed;
            if (!std::isnan(run.test.metric)) {
                done.scores.push_back(run.test.metric);
            }
        }
    } catch (const mend::error& why) {
        done.unbuildable = why.what();
    }
    return done;
}

/// Six significant digits are plenty in a file of results.
inline mend::document rounded(double value) {
    if (!std::isfinite(value)) {
        return {};
    }
    const double scale = value == 0 ? 1 : std::pow(10, 5 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

} // namespace bench
