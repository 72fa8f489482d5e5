// SPDX-License-Identifier: MIT
/// Adaptive Parzen estimators: how TPE turns observations into a density.
///
/// Bergstra, Bardenet, Bengio, Kegl (NeurIPS 2011) with the rules and constants of Optuna 3.1: a
/// kernel per observation, oldest first, and a prior kernel of weight `prior_weight` that covers
/// the whole column. A truncated kernel is normalised by its deviation, too, which Optuna left out
/// before 3.5; `level` leaves it out.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/search/density.hpp>
#include <mend/search/sorting.hpp>

namespace mend {

/// How wide the kernels of numbers are, n observations of a column among d.
enum class parzen_width : std::uint8_t {
    gaps,       ///< the larger gap to the observations beside (Optuna 5), within
                ///< max(0.03, (n + 2)^-1.5) and 1 times the range: measured, see `tpe`
    neighbours, ///< as Optuna 4: the prior's mean counts as an observation, too, and kernels are
                ///< not narrower than range / min(100, n + 2)
    level,      ///< as wide as `neighbours`, but all of one height instead of one mass: Optuna 3.1
    scott,      ///< as Optuna 4 where multivariate: 0.2 range n^(-1 / (d + 4)), clipped likewise
};

struct parzen_options {
    double prior_weight = 1;
    int recent = 25; ///< latest observations of full weight; older ones fade linearly
    parzen_width width = parzen_width::gaps;
};

/// Weights of n observations, oldest first: 1 for the latest `recent`, for those before evenly from
/// 1 / n up to 1.
[[nodiscard]] inline std::vector<double> parzen_weights(std::size_t n, std::size_t recent) {
    std::vector<double> weights(n, 1.0);
    const std::size_t old = n > recent ? n - recent : 0;
    const double first = 1 / static_cast<double>(n);
    for (std::size_t i = 0; i < old; ++i) {
        const double share = old == 1 ? 0 : static_cast<double>(i) / static_cast<double>(old - 1);
        weights[i] = first + (1 - first) * share;
    }
    return weights;
}

/// Standard deviations of the kernels of these observations of a column of numbers; that of the
/// prior, which is the range, is not among them.
[[nodiscard]] inline std::vector<double> parzen_deviations(
    const density_column& column,
    std::span<const double> observed,
    parzen_width width,
    std::size_t columns
) {
    const std::size_t n = observed.size();
    const auto kernels = static_cast<double>(n + 2);
    const double range = column.high - column.low;
    const double least = width == parzen_width::gaps ? std::max(0.03, std::pow(kernels, -1.5))
                                                     : 1 / std::min(100.0, kernels);
    const auto clipped = [&](double deviation) {
        return std::clamp(deviation, least * range, range);
    };
    if (width == parzen_width::scott) {
        const double power = -1 / (static_cast<double>(columns) + 4);
        const double all = 0.2 * range * std::pow(std::max(static_cast<double>(n), 1.0), power);
        return std::vector<double>(n, clipped(all));
    }
    std::vector<double> places(observed.begin(), observed.end());
    if (width != parzen_width::gaps) {
        places.push_back(column.low + range / 2);
    }
    const auto order = detail::sorted_positions(places.size(), [&](std::size_t a, std::size_t b) {
        return places[a] < places[b];
    });
    std::vector<double> deviations(n, range);
    for (std::size_t i = 0; i < order.size() && order.size() > 1; ++i) {
        const double here = places[order[i]];
        const double left = i > 0 ? here - places[order[i - 1]] : 0;
        const double right = i + 1 < order.size() ? places[order[i + 1]] - here : 0;
        if (order[i] < n) {
            deviations[order[i]] = clipped(std::max(left, right));
        }
    }
    return deviations;
}

/// The density of observations, one row each, oldest first, all of whose coordinates exist.
/// Unordered values: every choice counts prior_weight / (n + 1), the one observed 1 more.
[[nodiscard]] inline kernel_density parzen_density(
    std::vector<density_column> columns,
    std::span<const std::vector<double>> rows,
    const parzen_options& options = {}
) {
    const std::size_t n = rows.size();
    const std::size_t d = columns.size();
    std::vector<std::vector<double>> widths(d);
    std::vector<double> observed(n);
    std::vector<double> prior_centre(d, std::numeric_limits<double>::quiet_NaN());
    std::vector<double> prior_width(d, 1.0);
    for (std::size_t j = 0; j < d; ++j) {
        const density_column& column = columns[j];
        if (column.levels > 0) {
            const double each = options.prior_weight / static_cast<double>(n + 1);
            const auto levels = static_cast<double>(column.levels);
            widths[j].assign(n, (levels - 1) * each / (1 + levels * each));
            continue;
        }
        for (std::size_t i = 0; i < n; ++i) {
            observed[i] = rows[i][j];
        }
        widths[j] = parzen_deviations(column, observed, options.width, d);
        prior_centre[j] = column.low + (column.high - column.low) / 2;
        prior_width[j] = column.high - column.low;
        columns[j].level = options.width == parzen_width::level;
    }
    kernel_density density(std::move(columns));
    const std::vector<double> weights = parzen_weights(n, static_cast<std::size_t>(options.recent));
    std::vector<double> width(d);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
            width[j] = widths[j][i];
        }
        density.add(weights[i], rows[i], width);
    }
    density.add(options.prior_weight, prior_centre, prior_width);
    return density;
}

} // namespace mend
