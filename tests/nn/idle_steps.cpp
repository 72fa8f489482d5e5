// SPDX-License-Identifier: MIT
#include <cmath>

#include <doctest/doctest.h>

#include <mend/nn/idle_steps.hpp>

namespace nn_idle_steps_tests {

TEST_CASE("idle_steps: the sums are those of Adam's steps one by one") {
    const mend::adam options{.epsilon = 1e-3};
    mend::detail::idle_steps steps(mend::detail::idle_rule_of(options));
    const double m = 0.3;
    const double v = 4e-6; // the root is of the size of epsilon
    double moved = 0;
    for (int k = 1; k <= 60; ++k) {
        const double rate = mend::detail::idle_rate(options, 0.01, k + 5);
        steps.note(k + 5, rate);
        moved += rate * m * std::pow(options.beta_1, k) /
                 (std::sqrt(v * std::pow(options.beta_2, k)) + options.epsilon);
    }
    const auto s = steps.sums(5, 5, 65);
    const double inverse = 1 / (std::sqrt(v) + options.epsilon);
    const double q = options.epsilon * inverse;
    const double closed = m * inverse * (s[0] - q * (s[1] - q * (s[2] - q * s[3])));
    CHECK(closed == doctest::Approx(moved).epsilon(1e-7));
    const auto first = steps.sums(5, 5, 30);
    const auto rest = steps.sums(5, 30, 65);
    CHECK(first[0] + rest[0] == doctest::Approx(s[0]).epsilon(1e-12));
}

TEST_CASE("idle_steps: momentum moves by a geometric sum") {
    const mend::detail::idle_steps steps(mend::detail::idle_rule_of(mend::sgd{0.1, 0.5}));
    CHECK(steps.sums(3, 3, 5)[0] == doctest::Approx(-0.75));
    CHECK(steps.sums(3, 4, 5)[0] == doctest::Approx(-0.25));
    CHECK(steps.decay(0, 3) == doctest::Approx(0.125));
}

} // namespace nn_idle_steps_tests
