// SPDX-License-Identifier: MIT
/// Logistic regression with a ridge.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace mend {

/// The log-odds of an event: base + the sum of weights x features.
struct logistic_model {
    double base = 0;
    std::vector<double> weights{};

    [[nodiscard]] double log_odds(std::span<const double> features) const {
        double sum = base;
        for (std::size_t j = 0; j < features.size(); ++j) {
            sum += weights[j] * features[j];
        }
        return sum;
    }
};

/// One observation; several may share their features.
struct logistic_row {
    std::span<const double> features{};
    bool happened = false;
};

/// Maximises the likelihood less ridge / 2 x the squares of the weights. The base is drawn towards
/// `usual` by a ridge of 0.1. Without rows it is `usual`.
///
/// Coordinate descent with the bound 1/4 of the curvature p (1 - p) (Boehning and Lindsay 1988):
/// no step overshoots, however far the start.
[[nodiscard]] inline logistic_model
fit_logistic(std::span<const logistic_row> rows, std::size_t features, double ridge, double usual) {
    logistic_model model{usual, std::vector<double>(features, 0.0)};
    std::vector<double> odds(rows.size(), usual);
    // Moves one coefficient; `of` gives its factor in a row. Returns how far.
    const auto move = [&](double& value, double pull, double centre, const auto& of) {
        double slope = pull * (value - centre);
        double curvature = pull;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const double p = 1 / (1 + std::exp(-odds[i]));
            slope += (p - (rows[i].happened ? 1.0 : 0.0)) * of(rows[i]);
            curvature += 0.25 * of(rows[i]) * of(rows[i]);
        }
        const double change = -slope / curvature;
        value += change;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            odds[i] += change * of(rows[i]);
        }
        return std::abs(change);
    };
    for (int sweep = 0; sweep < 5000; ++sweep) {
        double most = move(model.base, 0.1, usual, [](const logistic_row&) { return 1.0; });
        for (std::size_t j = 0; j < features; ++j) {
            most = std::max(most, move(model.weights[j], ridge, 0, [j](const logistic_row& row) {
                                return row.features[j];
                            }));
        }
        if (most < 1e-5) {
            break;
        }
    }
    return model;
}

} // namespace mend
