// SPDX-License-Identifier: MIT
/// Mean, spread and quantiles of a sample, and intervals for them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>

namespace mend {

/// NaN for an empty sample.
[[nodiscard]] inline double mean(std::span<const double> sample) noexcept {
    double sum = 0;
    for (const double x : sample) {
        sum += x;
    }
    return sample.empty() ? std::numeric_limits<double>::quiet_NaN()
                          : sum / static_cast<double>(sample.size());
}

/// With n - 1 in the denominator, in two passes; NaN for fewer than two values.
[[nodiscard]] inline double standard_deviation(std::span<const double> sample) noexcept {
    if (sample.size() < 2) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double centre = mean(sample);
    double squares = 0;
    for (const double x : sample) {
        squares += (x - centre) * (x - centre);
    }
    return std::sqrt(squares / static_cast<double>(sample.size() - 1));
}

/// The value below which a share of the sample lies, linear between order statistics (Hyndman, Fan
/// 1996, type 7: numpy's default). Requires share in [0, 1] and no NaN; NaN for an empty sample.
[[nodiscard]] inline double quantile(std::span<const double> sample, double share) {
    MEND_EXPECTS(share >= 0 && share <= 1, "a share of the sample");
    if (sample.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    std::vector<double> sorted(sample.begin(), sample.end());
    std::sort(sorted.begin(), sorted.end());
    const double at = share * static_cast<double>(sorted.size() - 1);
    const double below = std::floor(at);
    const auto i = static_cast<std::size_t>(below);
    const double weight = at - below;
    // Without the test an infinite neighbour of weight 0 would make a NaN.
    return weight == 0 ? sorted[i] : sorted[i] + weight * (sorted[i + 1] - sorted[i]);
}

[[nodiscard]] inline double median(std::span<const double> sample) { return quantile(sample, 0.5); }

struct interval {
    double low = 0;
    double high = 0;

    [[nodiscard]] bool contains(double value) const noexcept {
        return low <= value && value <= high;
    }

    friend bool operator==(const interval&, const interval&) = default;
};

/// The Wilson score interval (Wilson 1927) of a share of which `hits` of `count` were seen, at z
/// normal deviations (95 %). Requires count > 0 and hits <= count.
[[nodiscard]] inline interval
wilson_interval(std::size_t hits, std::size_t count, double z = 1.959963984540054) {
    MEND_EXPECTS(count > 0 && hits <= count, "a share of something");
    const double n = static_cast<double>(count);
    const double share = static_cast<double>(hits) / n;
    const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
    const double reach =
        z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    return {std::max(0.0, centre - reach), std::min(1.0, centre + reach)};
}

struct bootstrap_options {
    double level = 0.95; ///< coverage, in (0, 1)
    std::size_t resamples = 10000;
    std::uint64_t seed = 0;
};

/// The percentile bootstrap interval (Efron 1979) of a statistic of the sample, a function of
/// std::span<const double>: quantiles of its values over resamples drawn with replacement. The same
/// for the same sample in the same order and the same options. NaN bounds for an empty sample or
/// where the statistic is NaN. Cost resamples (n + the statistic's).
template <class Statistic>
[[nodiscard]] interval bootstrap_interval(
    std::span<const double> sample, const bootstrap_options& options, Statistic statistic
) {
    MEND_EXPECTS(options.level > 0 && options.level < 1, "a coverage within (0, 1)");
    MEND_EXPECTS(options.resamples > 0, "at least one resample");
    constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
    if (sample.empty()) {
        return {undefined, undefined};
    }
    random_stream stream(options.seed, 0, purpose::bootstrap);
    std::vector<double> drawn(sample.size());
    std::vector<double> values(options.resamples);
    for (double& value : values) {
        for (double& x : drawn) {
            x = sample[stream.below(sample.size())];
        }
        value = statistic(std::span<const double>(drawn));
        if (std::isnan(value)) {
            return {undefined, undefined};
        }
    }
    const double outside = (1 - options.level) / 2;
    return {quantile(values, outside), quantile(values, 1 - outside)};
}

/// Of the mean.
[[nodiscard]] inline interval
bootstrap_interval(std::span<const double> sample, const bootstrap_options& options = {}) {
    return bootstrap_interval(sample, options, [](std::span<const double> s) { return mean(s); });
}

} // namespace mend
