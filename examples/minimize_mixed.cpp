// SPDX-License-Identifier: MIT
// A space of several kinds of parameters, some of which exist only for some values of others, and
// two searchers over it.
#include <cmath>
#include <iostream>
#include <utility>

#include <mend/search/hebo.hpp>
#include <mend/search/tpe.hpp>
#include <mend/study/minimize.hpp>

// What the error of a network might look like: adam wants a small rate, sgd a larger one and
// momentum. The minimum is 0: sgd at 0.1 with momentum 0.9, 3 layers, 256 units.
double error(const mend::point& p) {
    const auto square = [](double x) { return x * x; };
    const double rate = std::log10(p["rate"]);
    const double units = p["units"];
    double sum = 0.05 * square(p["layers"] - 3) + 0.1 * std::abs(std::log2(units) - 8);
    if (p["optimizer"] == "sgd") {
        return sum + 0.3 * square(rate + 1) + square(p["momentum"] - 0.9);
    }
    return sum + 0.1 + 0.3 * square(rate + 3);
}

int main() {
    mend::space space;
    space.categorical("optimizer", {"sgd", "adam"})
        .real("rate", 1e-6, 1, mend::log_scale)
        .real("momentum", 0, 1)
        .only_if("optimizer", {"sgd"})
        .integer("layers", 1, 8)
        .ordinal("units", {16, 32, 64, 128, 256, 512})
        .forbid({{"optimizer", {"sgd"}}, {"layers", {"7", "8"}}});
    space.default_point(space.make_point(
        {{"optimizer", "sgd"}, {"rate", 0.01}, {"momentum", 0}, {"layers", 1}, {"units", 32}}
    ));
    for (const auto& [name, searcher] :
         {std::pair<const char*, mend::any_searcher>{"hebo", mend::hebo{}}, {"tpe", mend::tpe{}}}) {
        const auto found = mend::minimize(error, space, searcher, mend::trials(60), {.seed = 1});
        std::cout << name << ": from " << found.trials.front().value() << " to "
                  << (found.value < 0.3 ? "below 0.3" : "no less") << '\n';
    }
}
