// SPDX-License-Identifier: MIT
// Uses a searcher on an objective of one's own: no network in sight.
#include <cmath>
#include <iostream>
#include <numbers>

#include <mend/mend.hpp>

// Branin's function; its three minima have the value 0.397887.
double branin(double x, double y) {
    using std::numbers::pi;
    const double a = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
    return a * a + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
}

int main() {
    mend::space space;
    space.real("x", -5, 10).real("y", 0, 15);
    const mend::minimize_result found = mend::minimize(
        [](const mend::point& p) { return branin(p["x"], p["y"]); },
        space,
        mend::hebo{},
        mend::trials(40),
        {.seed = 1}
    );
    std::cout << "trials: " << found.trials.size() << '\n'
              << "within 0.01 of the minimum: " << (found.value < 0.397887 + 0.01 ? "yes" : "no")
              << '\n';
}
