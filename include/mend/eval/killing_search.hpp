// SPDX-License-Identifier: MIT
/// The binary search for the mildest setting that is killed.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/text.hpp>
#include <mend/fault/operator.hpp>

namespace mend {

/// One evaluation of a search: the ends before it, and the value that was tried.
struct killing_step {
    double mild = 0;
    double strong = 0;
    double value = 0;
    bool killed = false;
};

/// Where a search ended.
struct killing_bounds {
    std::vector<killing_step> path;
    std::optional<double> killing; ///< the mildest value known to be killed; none: not killable
    double survivor = 0;           ///< the strongest value known to survive

    [[nodiscard]] bool is_killable() const noexcept { return killing.has_value(); }
};

/// The middle, rounded to so many decimals, halves of the binary value to even, as Python's round.
[[nodiscard]] inline double rounded_middle(double a, double b, int decimals) {
    return std::stod(fixed_text((a + b) / 2, decimals));
}

/// DeepCrime's search: the strong end first, and where it survives nothing else; then always the
/// middle, until the ends are within the precision. That a stronger setting is killed where a
/// milder one is, is taken for granted. `killed` is a function of a value, which is never asked
/// twice.
template <class Killed>
[[nodiscard]] killing_bounds search_killing(const setting_interval& over, Killed&& killed) {
    MEND_EXPECTS(over.precision > 0, "a precision above 0");
    double mild = over.mild;
    double strong = over.strong;
    killing_bounds found;
    const auto evaluate = [&](double value) {
        const bool dead = killed(value);
        found.path.push_back({mild, strong, value, dead});
        return dead;
    };
    found.survivor = strong;
    if (!evaluate(strong)) {
        return found;
    }
    while (true) {
        const double middle = rounded_middle(mild, strong, over.decimals);
        if (middle == mild || middle == strong) { // finer than the rounding
            break;
        }
        (evaluate(middle) ? strong : mild) = middle;
        if (std::abs(strong - mild) <= over.precision) {
            break;
        }
    }
    found.killing = strong;
    found.survivor = mild;
    return found;
}

} // namespace mend
