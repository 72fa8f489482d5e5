// SPDX-License-Identifier: MIT
/// What a diagnosis wants to know of the data, computed once.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <mend/data/dataset.hpp>
#include <mend/data/samples.hpp>
#include <mend/data/split.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// The features of one part, all entries alike, over at most `facts_rows` rows spread evenly.
struct feature_facts {
    index rows = 0; ///< of the part; the rest is meaningless where 0
    double low = 0;
    double high = 0;
    double mean = 0;
    double deviation = 0;
    bool whole = true; ///< all are whole numbers

    /// Standard deviation of one feature (of an image: one channel): smallest and largest over the
    /// features that are not constant.
    double smallest_deviation = 0;
    double largest_deviation = 0;
    double constant = 0; ///< share of features that are the same in all rows
};

inline constexpr index facts_rows = 2048;

/// A small value; of the test part it holds the range of the inputs alone, for the one question
/// whether the parts are scaled alike. It is for diagnosis: no search sees the test part.
struct data_facts {
    int classes = 0; ///< 0: numbers are predicted
    index outputs = 0;
    index features = 0;
    feature_facts train{};
    feature_facts validation{};
    feature_facts test{};

    std::vector<index> class_counts{}; ///< of the train part

    /// Share of neighbouring train rows with the same label, beyond what chance gives: 0 for
    /// shuffled rows, 1 for rows sorted by class.
    double sorted_labels = 0;

    double target_low = 0; ///< over all numbers to predict of the train part
    double target_high = 0;
    double target_deviation = 0;

    /// Targets that look like class labels times this factor (0.1 for 0, 0.1, 0.2, ...); 0: they do
    /// not, or the factor is 1.
    double label_factor = 0;

    [[nodiscard]] bool is_classification() const noexcept { return classes > 0; }

    /// The accuracy of the best constant answer; 0 for regression.
    [[nodiscard]] double majority() const noexcept {
        index most = 0;
        index all = 0;
        for (const index count : class_counts) {
            most = std::max(most, count);
            all += count;
        }
        return all > 0 ? static_cast<double>(most) / static_cast<double>(all) : 0;
    }
};

namespace detail {

/// Mean and deviation of numbers that come one by one (Welford).
struct running_moments {
    double count = 0;
    double mean = 0;
    double squares = 0;

    void add(double x) noexcept {
        count += 1;
        const double away = x - mean;
        mean += away / count;
        squares += away * (x - mean);
    }

    [[nodiscard]] double deviation() const noexcept {
        return count > 0 ? std::sqrt(squares / count) : 0;
    }
};

[[nodiscard]] inline feature_facts facts_of(const data_part& part) {
    feature_facts facts;
    facts.rows = part.size();
    if (part.empty()) {
        return facts;
    }
    const samples& table = *part.source;
    const index width = table.sample.size();
    const index channels = table.sample.rank() > 1 ? table.sample[table.sample.rank() - 1] : width;
    const index seen = std::min(part.size(), facts_rows);
    std::vector<running_moments> features(static_cast<std::size_t>(channels));
    std::vector<float> row(static_cast<std::size_t>(width));
    facts.low = std::numeric_limits<double>::infinity();
    facts.high = -facts.low;
    for (index i = 0; i < seen; ++i) {
        const index at = part.rows[static_cast<std::size_t>(i * part.size() / seen)];
        gather_features(table, std::span(&at, 1), tensor_view<float>(row.data(), shape{1, width}));
        for (index f = 0; f < width; ++f) {
            const auto x = static_cast<double>(row[static_cast<std::size_t>(f)]);
            features[static_cast<std::size_t>(f % channels)].add(x);
            facts.low = std::min(facts.low, x);
            facts.high = std::max(facts.high, x);
            facts.whole = facts.whole && x == std::floor(x);
        }
    }
    // Moments of all from those of each: the entries per feature are equally many.
    index constant = 0;
    double square = 0;
    facts.smallest_deviation = std::numeric_limits<double>::infinity();
    for (const running_moments& f : features) {
        facts.mean += f.mean / static_cast<double>(channels);
        square += (f.squares / f.count + f.mean * f.mean) / static_cast<double>(channels);
        const double deviation = f.deviation();
        if (deviation > 0) {
            facts.smallest_deviation = std::min(facts.smallest_deviation, deviation);
            facts.largest_deviation = std::max(facts.largest_deviation, deviation);
        } else {
            ++constant;
        }
    }
    facts.deviation = std::sqrt(std::max(square - facts.mean * facts.mean, 0.0));
    facts.constant = static_cast<double>(constant) / static_cast<double>(channels);
    if (constant == channels) {
        facts.smallest_deviation = 0;
    }
    return facts;
}

/// The factor c != 1 for which all numbers are c times a whole number, with few different ones that
/// repeat often, as class labels do; 0 where there is none.
[[nodiscard]] inline double label_factor_of(std::span<const float> numbers) {
    constexpr std::size_t most = 100;
    std::vector<float> values;
    for (const float v : numbers) {
        const auto at = std::lower_bound(values.begin(), values.end(), v);
        if (at == values.end() || *at != v) {
            values.insert(at, v);
            if (values.size() > most) {
                return 0;
            }
        }
    }
    if (values.size() < 2 || values.size() * 5 > numbers.size() || values.front() < 0) {
        return 0;
    }
    double step = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < values.size(); ++i) {
        step = std::min(step, static_cast<double>(values[i]) - static_cast<double>(values[i - 1]));
    }
    for (const float v : values) {
        const double count = static_cast<double>(v) / step;
        if (std::abs(count - std::round(count)) > 1e-3) {
            return 0;
        }
    }
    return std::abs(step - 1) < 1e-6 ? 0 : step;
}

} // namespace detail

/// Facts of a dataset and its parts. Reads at most `facts_rows` rows of features per part.
[[nodiscard]] inline data_facts facts_of(const dataset& data, const data_parts& parts) {
    data_facts facts;
    facts.classes = data.classes;
    facts.outputs = data.outputs();
    facts.features = data.sample().size();
    facts.train = detail::facts_of(parts.train);
    facts.validation = detail::facts_of(parts.validation);
    facts.test = detail::facts_of(parts.test);
    const index rows = parts.train.size();
    if (data.is_classification()) {
        facts.class_counts.resize(static_cast<std::size_t>(data.classes));
        index same = 0;
        for (index r = 0; r < rows; ++r) {
            ++facts.class_counts[static_cast<std::size_t>(parts.train.label(r))];
            same += r > 0 && parts.train.label(r) == parts.train.label(r - 1);
        }
        double chance = 0;
        for (const index count : facts.class_counts) {
            const double share = static_cast<double>(count) / static_cast<double>(rows);
            chance += share * share;
        }
        if (rows > 1 && chance < 1) {
            const double share = static_cast<double>(same) / static_cast<double>(rows - 1);
            facts.sorted_labels = std::max(0.0, (share - chance) / (1 - chance));
        }
        return facts;
    }
    std::vector<float> targets;
    const samples& table = *parts.train.source;
    const index width = table.targets.row_size();
    for (const index row : parts.train.rows) {
        const float* const first = table.targets.data() + row * width;
        targets.insert(targets.end(), first, first + width);
    }
    detail::running_moments moments;
    for (const float v : targets) {
        moments.add(static_cast<double>(v));
    }
    const auto [low, high] = std::minmax_element(targets.begin(), targets.end());
    facts.target_low = static_cast<double>(*low);
    facts.target_high = static_cast<double>(*high);
    facts.target_deviation = moments.deviation();
    facts.label_factor = detail::label_factor_of(targets);
    return facts;
}

} // namespace mend
