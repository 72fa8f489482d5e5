// SPDX-License-Identifier: MIT
/// Functions to measure searchers on: those of the published curves of other optimisers.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include <mend/space/space.hpp>

namespace bench {

/// A function with a known minimum, and a cheap, biased version of it: at fidelity b it adds
/// amplitude (1 - b) sin(2 pi sum (i + 1) u_i), u_i the place of parameter i in its range.
struct test_function {
    std::string_view name;
    mend::space over;
    double (*value)(const mend::point&);
    double minimum;   ///< the value there
    double amplitude; ///< of the bias
};

inline double branin(const mend::point& p) {
    constexpr double pi = std::numbers::pi;
    const double x = p["x0"];
    const double root = p["x1"] - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
    return root * root + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
}

inline double hartmann6(const mend::point& p) {
    constexpr std::array<double, 4> alpha{1.0, 1.2, 3.0, 3.2};
    constexpr double a[4][6] = {
        {10, 3, 17, 3.5, 1.7, 8},
        {0.05, 10, 17, 0.1, 8, 14},
        {3, 3.5, 1.7, 10, 17, 8},
        {17, 8, 0.05, 10, 0.1, 14}};
    constexpr double centre[4][6] = {
        {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
        {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
        {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
        {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        double exponent = 0;
        for (std::size_t j = 0; j < 6; ++j) {
            const double away = p[j] - centre[i][j];
            exponent += a[i][j] * away * away;
        }
        sum -= alpha[i] * std::exp(-exponent);
    }
    return sum;
}

inline double rosenbrock(const mend::point& p) {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < p.size(); ++i) {
        const double x = p[i];
        const double curve = p[i + 1] - x * x;
        sum += 100 * curve * curve + (1 - x) * (1 - x);
    }
    return sum;
}

/// What a network's hyperparameters might do to its error.
inline double mixed10(const mend::point& p) {
    constexpr std::array<double, 4> best_rate{-1.5, -3, -3, -2}; // of sgd, adam, rmsprop, adagrad
    constexpr std::array<double, 4> optimizer_cost{0.1, 0, 0.05, 0.15};
    constexpr std::array<double, 5> activation_cost{0, 0.15, 0.6, 0.05, 0.8};
    constexpr double initializer_cost[5][3] = {
        {0, 0.1, 0.4}, {0.2, 0, 0.3}, {0.2, 0, 0.3}, {0, 0.1, 0.4}, {0.1, 0, 0.1}};
    const auto optimizer = static_cast<std::size_t>(p["opt"].raw());
    const auto activation = static_cast<std::size_t>(p["act"].raw());
    const auto initializer = static_cast<std::size_t>(p["init"].raw());
    const auto square = [](double x) { return x * x; };
    const double rate = std::log10(p["lr"]) - best_rate[optimizer];
    const double units = p["units"];
    const double layers = p["layers"];
    return 0.25 * rate * rate + 0.05 * (1 - std::cos(6 * rate)) + optimizer_cost[optimizer] +
           activation_cost[activation] + initializer_cost[activation][initializer] +
           (p["bn"] == "yes" ? 0 : 0.1 + 0.025 * layers) +
           1.5 * square(p["dropout"] - 0.2 - 0.3 * (units - 8) / 504) +
           0.4 * square((units - 200) / 200) + 0.05 * square(layers - 3) +
           0.03 * square(std::log10(p["wd"]) + 4) +
           (p["opt"] == "sgd" ? 0.8 * square(p["mom"] - 0.9) : 0.1 * square(p["mom"] - 0.5));
}

inline std::vector<test_function> test_functions() {
    mend::space plane;
    plane.real("x0", -5, 10).real("x1", 0, 15);
    mend::space six;
    mend::space ten;
    for (int i = 0; i < 6; ++i) {
        six.real("x" + std::to_string(i), 0, 1);
    }
    for (int i = 0; i < 10; ++i) {
        ten.real("x" + std::to_string(i), -5, 10);
    }
    mend::space mixed;
    mixed.real("lr", 1e-5, 1, mend::log_scale)
        .real("dropout", 0, 0.9)
        .integer("units", 8, 512)
        .integer("layers", 1, 8)
        .real("wd", 1e-7, 0.1, mend::log_scale)
        .real("mom", 0, 0.99)
        .categorical("opt", {"sgd", "adam", "rmsprop", "adagrad"})
        .categorical("act", {"relu", "tanh", "sigmoid", "elu", "linear"})
        .categorical("init", {"he", "glorot", "normal"})
        .categorical("bn", {"yes", "no"});
    return {
        {"branin", plane, branin, 0.39788735772973816, 25},
        {"hartmann6", six, hartmann6, -3.322368011415512, 0.2},
        {"rosenbrock10", ten, rosenbrock, 0, 200000},
        {"mixed10", mixed, mixed10, 0, 0.25},
    };
}

/// The value seen at a fidelity in (0, 1].
inline double value_at(const test_function& f, const mend::point& p, double fidelity) {
    double phase = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const mend::parameter& of = f.over.parameters()[i];
        const double raw = p[i].raw();
        const double place = of.is_log() ? std::log(raw / of.low) / std::log(of.high / of.low)
                                         : (raw - of.low) / (of.high - of.low);
        phase += static_cast<double>(i + 1) * place;
    }
    return f.value(p) + f.amplitude * (1 - fidelity) * std::sin(2 * std::numbers::pi * phase);
}

} // namespace bench
