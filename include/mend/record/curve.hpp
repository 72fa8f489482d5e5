// SPDX-License-Identifier: MIT
/// The course of one training: loss and score of each part after each epoch.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace mend {

namespace detail {

/// Equality of values: NaN equals NaN.
[[nodiscard]] inline bool same_number(double a, double b) noexcept {
    return a == b || (std::isnan(a) && std::isnan(b));
}

} // namespace detail

/// Loss and score on one part of the data; NaN where not measured.
struct part_scores {
    double loss = std::numeric_limits<double>::quiet_NaN();
    double metric = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> metrics{}; ///< all that compile lists, in its order, where asked for

    friend bool operator==(const part_scores& a, const part_scores& b) noexcept {
        return detail::same_number(a.loss, b.loss) && detail::same_number(a.metric, b.metric) &&
               std::equal(
                   a.metrics.begin(),
                   a.metrics.end(),
                   b.metrics.begin(),
                   b.metrics.end(),
                   detail::same_number
               );
    }
};

struct epoch_record {
    part_scores train{};
    part_scores validation{};

    friend bool operator==(const epoch_record&, const epoch_record&) noexcept = default;
};

/// One record per epoch that was finished, in order.
using training_curve = std::vector<epoch_record>;

} // namespace mend
