// SPDX-License-Identifier: MIT
/// Two groups as a linear model: the test of their difference, and its power.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include <mend/core/config.hpp>
#include <mend/stats/distributions.hpp>
#include <mend/stats/effect.hpp>
#include <mend/stats/tests.hpp>

namespace mend {

/// The test of the group coefficient in a Gaussian generalised linear model with identity link,
/// value ~ group, as statsmodels' GLM makes it and DeepCrime (Humbatova, Jahangirova, Tonella 2021)
/// uses it: the dispersion is estimated, SSE / (n + m - 2), and z is held against the *normal*
/// distribution, which makes p a little smaller than the t test's. The statistic is z of
/// mean(b) - mean(a); two-sided. p is 1 without any spread and difference, 0 without spread
/// otherwise (statsmodels raises "perfect separation" there). Requires two values in each sample.
[[nodiscard]] inline test_result glm_test(std::span<const double> a, std::span<const double> b) {
    const double n = static_cast<double>(a.size());
    const double m = static_cast<double>(b.size());
    const double z = -cohens_d(a, b) / std::sqrt(1 / n + 1 / m);
    return {z, std::min(1.0, 2 * normal_tail(std::abs(z))), false};
}

/// The power of a one-way analysis of variance over `groups` groups with `total` values altogether:
/// how likely an effect of Cohen's f is found at the level `alpha`. The noncentrality is f^2 total.
/// An infinite effect has power 1. Requires total > groups > 1.
[[nodiscard]] inline double
anova_power(double f, double total, double groups = 2, double alpha = 0.05) {
    MEND_EXPECTS(groups > 1 && total > groups, "more values than groups, and two groups");
    MEND_EXPECTS(!std::isnan(f), "an effect is a number");
    const double critical = f_critical(alpha, groups - 1, total - groups);
    return 1 - f_below(critical, groups - 1, total - groups, f * f * total);
}

} // namespace mend
