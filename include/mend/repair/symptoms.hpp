// SPDX-License-Identifier: MIT
/// Measures of a training's curve that AutoTrainer and the diagnosis share.
///
/// Zhang, Zhai, Ma, Shen: "AUTOTRAINER: An Automatic DNN Training Problem Detection and Repair
/// System" (ICSE 2021).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <mend/record/check.hpp>

namespace mend {

/// Peaks and valleys of a curve and how often a peak stands far above the valley of its number.
struct oscillation {
    std::size_t peaks = 0;
    std::size_t valleys = 0;
    std::size_t swings = 0; ///< pairs with peak - valley >= the limit

    /// Swings are at least this share of the epochs.
    [[nodiscard]] bool is_unstable(std::size_t epochs, double share) const noexcept {
        return static_cast<double>(swings) >= share * static_cast<double>(epochs);
    }
};

/// Interior points that are no lower than both neighbours are peaks, those no higher are valleys; a
/// flat point is both. They are paired by their number.
[[nodiscard]] inline oscillation find_oscillation(std::span<const double> curve, double swing) {
    std::vector<double> peaks;
    std::vector<double> valleys;
    for (std::size_t i = 1; i + 1 < curve.size(); ++i) {
        if (curve[i] >= curve[i - 1] && curve[i] >= curve[i + 1]) {
            peaks.push_back(curve[i]);
        }
        if (curve[i] <= curve[i - 1] && curve[i] <= curve[i + 1]) {
            valleys.push_back(curve[i]);
        }
    }
    oscillation found{peaks.size(), valleys.size(), 0};
    for (std::size_t k = 0; k < std::min(peaks.size(), valleys.size()); ++k) {
        found.swings += peaks[k] - valleys[k] >= swing;
    }
    return found;
}

/// Largest gain from one value to the next; 0 where none gains.
[[nodiscard]] inline double largest_gain(std::span<const double> curve) noexcept {
    double gain = 0;
    for (std::size_t i = 1; i < curve.size(); ++i) {
        gain = std::max(gain, curve[i] - curve[i - 1]);
    }
    return gain;
}

/// Gradient norms of the first and of the last kernel of a check.
struct kernel_norms {
    double first = 0;
    double last = 0;
    bool exist = false;

    /// first / last; infinite for x / 0, and 1 for 0 / 0, which says nothing.
    [[nodiscard]] double ratio() const noexcept {
        if (last == 0) {
            return first == 0 ? 1 : std::numeric_limits<double>::infinity();
        }
        return first / last;
    }
};

[[nodiscard]] inline kernel_norms find_kernel_norms(const training_check& check) noexcept {
    kernel_norms found;
    for (const layer_check& layer : check.layers) {
        if (!std::isnan(layer.kernel_gradient)) {
            found.first = found.exist ? found.first : layer.kernel_gradient;
            found.last = layer.kernel_gradient;
            found.exist = true;
        }
    }
    return found;
}

} // namespace mend
