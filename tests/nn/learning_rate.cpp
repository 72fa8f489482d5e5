// SPDX-License-Identifier: MIT
#include <cmath>
#include <numbers>

#include <doctest/doctest.h>

#include <mend/nn/learning_rate.hpp>

namespace nn_learning_rate_tests {

using doctest::Approx;
using mend::learning_rate_schedule;
using mend::schedule_kind;

TEST_CASE("learning_rate: exponential and inverse-time decay, smooth and in stairs") {
    learning_rate_schedule s{schedule_kind::exponential_decay, 0.5, 10, 0.25};
    CHECK(s.at(0) == Approx(0.5));
    CHECK(s.at(5) == Approx(0.25));
    CHECK(s.at(20) == Approx(0.5 / 16));
    s.staircase = true;
    CHECK(s.at(9) == Approx(0.5));
    CHECK(s.at(10) == Approx(0.125));
    s.kind = schedule_kind::inverse_time_decay;
    CHECK(s.at(19) == Approx(0.5 / 1.25));
    s.staircase = false;
    CHECK(s.at(19) == Approx(0.5 / (1 + 0.25 * 1.9)));
}

TEST_CASE("learning_rate: a piecewise constant rate changes after its boundary") {
    learning_rate_schedule s{schedule_kind::piecewise_constant_decay};
    s.boundaries = {2, 4};
    s.values = {1, 0.5, 0.1};
    CHECK(s.at(2) == 1);
    CHECK(s.at(3) == 0.5);
    CHECK(s.at(4) == 0.5);
    CHECK(s.at(1000) == 0.1);
}

TEST_CASE("learning_rate: polynomial decay ends at its last rate or begins a longer cycle") {
    learning_rate_schedule s{schedule_kind::polynomial_decay, 1, 10};
    s.end = 0.2;
    s.power = 2;
    CHECK(s.at(5) == Approx(0.8 * 0.25 + 0.2));
    CHECK(s.at(10) == Approx(0.2));
    CHECK(s.at(15) == Approx(0.2));
    s.cycle = true;
    CHECK(s.at(0) == Approx(1));
    CHECK(s.at(10) == Approx(0.2));
    CHECK(s.at(15) == Approx(0.8 * 0.0625 + 0.2)); // the period is now 20
}

TEST_CASE("learning_rate: cosine decay, after a warm-up where one is asked for") {
    learning_rate_schedule s{schedule_kind::cosine_decay, 0.4, 100};
    s.alpha = 0.1;
    CHECK(s.at(0) == Approx(0.4));
    CHECK(s.at(50) == Approx(0.4 * (0.9 * 0.5 + 0.1)));
    CHECK(s.at(25) == Approx(0.4 * (0.9 * 0.5 * (1 + std::numbers::sqrt2 / 2) + 0.1)));
    CHECK(s.at(300) == Approx(0.04));
    s.warmup_target = 1;
    s.warmup_steps = 10;
    CHECK(s.at(0) == Approx(0.4));
    CHECK(s.at(5) == Approx(0.7));
    CHECK(s.at(10) == Approx(1));
    CHECK(s.at(60) == Approx(0.9 * 0.5 + 0.1));
    CHECK(s.at(110) == Approx(0.1));
}

TEST_CASE("learning_rate: restarts come in periods that grow by t_mul, lower by m_mul") {
    learning_rate_schedule s{schedule_kind::cosine_decay_restarts, 1, 10};
    s.height_factor = 0.5;
    CHECK(s.at(5) == Approx(0.5));
    CHECK(s.at(10) == Approx(0.5)); // the second period: 10 to 30
    CHECK(s.at(20) == Approx(0.25));
    CHECK(s.at(50) == Approx(0.125)); // the middle of the third: 30 to 70
    s.period_factor = 1;
    CHECK(s.at(15) == Approx(0.25));
    CHECK(s.at(25) == Approx(0.125));
}

TEST_CASE("learning_rate: schedules have Keras' names") {
    CHECK(mend::find_schedule("ExponentialDecay") == schedule_kind::exponential_decay);
    CHECK(mend::find_schedule("cosine_decay_restarts") == schedule_kind::cosine_decay_restarts);
    CHECK_FALSE(mend::find_schedule("StepDecay").has_value());
}

} // namespace nn_learning_rate_tests
