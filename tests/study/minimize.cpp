// SPDX-License-Identifier: MIT
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <doctest/doctest.h>

#include <mend/search/random.hpp>
#include <mend/study/minimize.hpp>

namespace study_minimize_tests {

using namespace mend;

namespace {

// Minimum 0.397887 at (-pi, 12.275), (pi, 2.275), (9.42478, 2.475).
double branin(double x, double y) {
    constexpr double pi = std::numbers::pi;
    const double valley = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
    return valley * valley + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
}

space plane() {
    space s;
    s.real("x", -5, 10).real("y", 0, 15);
    return s;
}

} // namespace

TEST_CASE("minimize: finds the valley of a function and says where") {
    const auto best = minimize(
        [](const point& p) { return branin(p["x"], p["y"]); },
        plane(),
        random_search{{.seed = 1}},
        trials(2000),
        {.jobs = 2}
    );
    CHECK(best.value >= 0.397887);
    CHECK(best.value < 0.6);
    CHECK(branin(best.at["x"], best.at["y"]) == best.value);
    CHECK(best.trials.size() == 2000);
    CHECK(best.end == study_end::budget);
}

TEST_CASE("maximize: is minimising the negative") {
    const auto height = [](const point& p) { return -branin(p["x"], p["y"]); };
    const auto low =
        minimize([&](const point& p) { return -height(p); }, plane(), random_search{}, trials(50));
    const auto high = maximize(height, plane(), random_search{}, trials(50));
    CHECK(high.at == low.at);
    CHECK(high.value == -low.value);
}

TEST_CASE("minimize: NaN is a failed trial, and nothing but NaN leaves no best") {
    const auto half = minimize(
        [](const point& p) { return p["x"] < 0 ? std::nan("") : p["x"].number(); },
        plane(),
        random_search{},
        trials(50)
    );
    CHECK(half.value >= 0);
    CHECK(half.trials.size() == 50);
    const auto none =
        minimize([](const point&) { return std::nan(""); }, plane(), random_search{}, trials(5));
    CHECK(std::isnan(none.value));
    CHECK(none.at.size() == 0);
    CHECK(none.trials.size() == 5);
}

TEST_CASE("minimize: what the function throws arrives, whatever the number of jobs") {
    const auto fails = [](const point& p) -> double {
        if (p["x"] > 8) {
            throw std::runtime_error("too far");
        }
        return p["x"];
    };
    for (const int jobs : {1, 2, 8}) {
        CHECK_THROWS_WITH_AS(
            static_cast<void>(minimize(fails, plane(), random_search{}, trials(500), {.jobs = jobs})
            ),
            "too far",
            std::runtime_error
        );
    }
}

} // namespace study_minimize_tests
