// SPDX-License-Identifier: MIT
/// Crossover and mutation of one real number, as genetic algorithms over bounded boxes use them.
///
/// Simulated binary crossover (Deb, Agrawal 1995) in its bounded form and polynomial mutation (Deb,
/// Goyal 1996), both of Deb's NSGA-II code. Each takes its random number as an argument.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

namespace mend {

/// The two children of parents a and b in [low, high], the lower parent's first; u in [0, 1) says
/// how far they lie from their parents: at u = 1/2 about on them, a larger eta (>= 0) nearer.
/// Parents that differ by less than 1e-14 are their own children.
[[nodiscard]] inline std::pair<double, double>
cross_simulated_binary(double a, double b, double u, double eta, double low, double high) noexcept {
    const double lower = std::min(a, b);
    const double upper = std::max(a, b);
    const double gap = upper - lower;
    if (!(gap > 1e-14) || !(low < high)) {
        return {lower, upper};
    }
    const auto spread = [u, eta](double room) { // how far, with so much room to the bound
        const double alpha = 2 - std::pow(1 + 2 * room, -(eta + 1));
        const double scaled = u * alpha;
        return std::pow(scaled <= 1 ? scaled : 1 / (2 - scaled), 1 / (eta + 1));
    };
    const double middle = lower + upper;
    const double first = 0.5 * (middle - spread((lower - low) / gap) * gap);
    const double second = 0.5 * (middle + spread((high - upper) / gap) * gap);
    return {std::clamp(first, low, high), std::clamp(second, low, high)};
}

/// x in [low, high] moved by a share of the width that u in [0, 1) picks: none at u = 1/2.
[[nodiscard]] inline double
mutate_polynomial(double x, double u, double eta, double low, double high) noexcept {
    if (!(low < high)) {
        return x;
    }
    const double width = high - low;
    const double power = 1 / (eta + 1);
    double share = 0;
    if (u <= 0.5) {
        const double rest = 1 - (x - low) / width;
        share = std::pow(2 * u + (1 - 2 * u) * std::pow(rest, eta + 1), power) - 1;
    } else {
        const double rest = 1 - (high - x) / width;
        share = 1 - std::pow(2 * (1 - u) + 2 * (u - 0.5) * std::pow(rest, eta + 1), power);
    }
    return std::clamp(x + share * width, low, high);
}

} // namespace mend
