// SPDX-License-Identifier: MIT
/// Limited-memory BFGS for smooth functions of some dozens of variables.
///
/// Two-loop recursion and a line search for the strong Wolfe conditions by bracketing and cubic
/// interpolation: Nocedal, Wright: "Numerical optimization" (2006), algorithms 7.4, 3.5, 3.6 and
/// equation 3.59. Defaults are those of SciPy's L-BFGS-B (memory 10, tolerances 2.2e-9 and 1e-5,
/// c1 = 1e-3, c2 = 0.9); HEBO allows 200 evaluations. A value that is not finite counts as a wall:
/// the step is shortened.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <mend/search/lanes.hpp>

namespace mend {

struct lbfgs_options {
    int memory = 10;                   ///< pairs kept
    int evaluations = 200;             ///< of the function, at most
    double value_tolerance = 2.2e-9;   ///< relative decrease of one step that counts as none
    double gradient_tolerance = 1e-5;  ///< largest component of the gradient at a minimum
    double sufficient_decrease = 1e-3; ///< c1
    double curvature = 0.9;            ///< c2
};

struct lbfgs_result {
    std::vector<double> x{};
    double value = std::numeric_limits<double>::infinity();
    int evaluations = 0;
    bool converged = false; ///< a tolerance was met; else the evaluations ran out or no step helped
};

namespace detail {

/// Minimum of the cubic through two values and slopes, kept off the ends of the interval.
[[nodiscard]] inline double interpolate_cubic(
    double a, double value_a, double slope_a, double b, double value_b, double slope_b
) noexcept {
    const double low = std::min(a, b);
    const double high = std::max(a, b);
    const double margin = 0.1 * (high - low);
    double best = 0.5 * (a + b);
    if (std::isfinite(value_b) && std::isfinite(slope_b)) {
        const double d1 = slope_a + slope_b - 3 * (value_a - value_b) / (a - b);
        const double square = d1 * d1 - slope_a * slope_b;
        if (square >= 0) {
            const double d2 = std::copysign(std::sqrt(square), b - a);
            const double candidate =
                b - (b - a) * (slope_b + d2 - d1) / (slope_b - slope_a + 2 * d2);
            best = std::isfinite(candidate) ? candidate : best;
        }
    } else {
        best = a + 0.1 * (b - a);
        return best;
    }
    return std::clamp(best, low + margin, high - margin);
}

/// One run of the method; holds all its memory.
template <class Function>
class lbfgs_run {
public:
    lbfgs_run(Function& function, std::vector<double> start, const lbfgs_options& options)
        : function_(function)
        , options_(options)
        , size_(start.size())
        , x_(std::move(start))
        , gradient_(size_)
        , next_x_(size_)
        , next_gradient_(size_)
        , direction_(size_) {}

    lbfgs_result run() {
        value_ = evaluate(x_, gradient_);
        bool converged = false;
        while (std::isfinite(value_) && evaluations_ < options_.evaluations) {
            if (largest(gradient_) <= options_.gradient_tolerance) {
                converged = true;
                break;
            }
            const double before = value_;
            if (!step()) {
                if (pairs_.empty()) {
                    break;
                }
                pairs_.clear(); // start again from steepest descent
                continue;
            }
            const double scale = std::max({std::abs(before), std::abs(value_), 1.0});
            if (before - value_ <= options_.value_tolerance * scale) {
                converged = true;
                break;
            }
        }
        return {std::move(x_), value_, evaluations_, converged};
    }

private:
    struct pair {
        std::vector<double> step;
        std::vector<double> change; ///< of the gradient
        double inverse = 0;         ///< 1 / (step . change)
    };

    /// A place on the line of search.
    struct place {
        double at = 0;
        double value = 0;
        double slope = 0;
    };

    double evaluate(const std::vector<double>& x, std::vector<double>& gradient) {
        ++evaluations_;
        const double value = function_(std::span<const double>(x), std::span<double>(gradient));
        if (std::isfinite(value)) {
            for (const double g : gradient) {
                if (!std::isfinite(g)) {
                    return std::numeric_limits<double>::infinity();
                }
            }
            return value;
        }
        return std::numeric_limits<double>::infinity();
    }

    static double largest(const std::vector<double>& values) noexcept {
        double most = 0;
        for (const double v : values) {
            most = std::max(most, std::abs(v));
        }
        return most;
    }

    double product(const std::vector<double>& a, const std::vector<double>& b) const noexcept {
        return dot(a.data(), b.data(), size_);
    }

    void add(double factor, const std::vector<double>& from, std::vector<double>& to) const {
        add_scaled(factor, from.data(), to.data(), size_);
    }

    void find_direction() {
        for (std::size_t i = 0; i < size_; ++i) {
            direction_[i] = -gradient_[i];
        }
        std::vector<double> weights(pairs_.size());
        for (std::size_t k = pairs_.size(); k-- > 0;) {
            weights[k] = pairs_[k].inverse * product(pairs_[k].step, direction_);
            add(-weights[k], pairs_[k].change, direction_);
        }
        if (!pairs_.empty()) {
            const pair& last = pairs_.back();
            const double scale = 1 / (last.inverse * product(last.change, last.change));
            for (double& d : direction_) {
                d *= scale;
            }
        }
        for (std::size_t k = 0; k < pairs_.size(); ++k) {
            const double back = pairs_[k].inverse * product(pairs_[k].change, direction_);
            add(weights[k] - back, pairs_[k].step, direction_);
        }
    }

    place try_step(double length) {
        next_x_ = x_;
        add(length, direction_, next_x_);
        place made{length, evaluate(next_x_, next_gradient_), 0};
        made.slope = std::isfinite(made.value) ? product(next_gradient_, direction_)
                                               : std::numeric_limits<double>::infinity();
        return made;
    }

    /// Moves to a better point; false where none was found.
    bool step() {
        find_direction();
        double slope = product(gradient_, direction_);
        if (!(slope < 0)) {
            return false;
        }
        const double first =
            pairs_.empty() ? std::min(1.0, 1 / std::sqrt(product(gradient_, gradient_))) : 1.0;
        const place begin{0, value_, slope};
        if (!search(begin, first)) {
            return false;
        }
        pair made;
        made.step = next_x_;
        add(-1, x_, made.step);
        made.change = next_gradient_;
        add(-1, gradient_, made.change);
        const double bend = product(made.step, made.change);
        if (bend > 1e-10 * product(made.change, made.change)) {
            made.inverse = 1 / bend;
            if (pairs_.size() == static_cast<std::size_t>(options_.memory)) {
                pairs_.erase(pairs_.begin());
            }
            pairs_.push_back(std::move(made));
        }
        std::swap(x_, next_x_);
        std::swap(gradient_, next_gradient_);
        value_ = next_value_;
        return true;
    }

    /// Ends with next_x_, next_gradient_ and next_value_ at a place that is lower enough.
    bool search(const place& begin, double length) {
        place previous = begin;
        for (int i = 0; evaluations_ < options_.evaluations && i < 20; ++i) {
            const place now = try_step(length);
            if (!falls_enough(begin, now) || (i > 0 && now.value >= previous.value)) {
                return zoom(begin, previous, now);
            }
            next_value_ = now.value;
            if (std::abs(now.slope) <= -options_.curvature * begin.slope) {
                return true;
            }
            keep();
            if (now.slope >= 0) {
                return zoom(begin, now, previous);
            }
            previous = now;
            length *= 2.5;
        }
        return false;
    }

    /// The place just tried is the best so far on this line.
    void keep() {
        kept_x_ = next_x_;
        kept_gradient_ = next_gradient_;
    }

    /// `low` is the start of the line or what was kept.
    bool zoom(const place& begin, place low, place high) {
        double reached = std::nan("");
        for (int i = 0; evaluations_ < options_.evaluations && i < 20; ++i) {
            const double at =
                interpolate_cubic(low.at, low.value, low.slope, high.at, high.value, high.slope);
            if (!(std::abs(high.at - low.at) > 1e-12 * std::abs(at))) {
                break;
            }
            const place now = try_step(at);
            reached = at;
            if (!falls_enough(begin, now) || now.value >= low.value) {
                high = now;
                continue;
            }
            if (std::abs(now.slope) <= -options_.curvature * begin.slope) {
                next_value_ = now.value;
                return true;
            }
            if (now.slope * (high.at - low.at) >= 0) {
                high = low;
            }
            low = now;
            keep();
        }
        if (low.at == 0) {
            return false;
        }
        if (reached != low.at) { // the arrays hold another place
            std::swap(next_x_, kept_x_);
            std::swap(next_gradient_, kept_gradient_);
        }
        next_value_ = low.value;
        return true;
    }

    [[nodiscard]] bool falls_enough(const place& begin, const place& now) const noexcept {
        return now.value <= begin.value + options_.sufficient_decrease * now.at * begin.slope;
    }

    Function& function_;
    const lbfgs_options& options_;
    std::size_t size_;
    std::vector<double> x_;
    std::vector<double> gradient_;
    std::vector<double> next_x_;
    std::vector<double> next_gradient_;
    std::vector<double> kept_x_;
    std::vector<double> kept_gradient_;
    std::vector<double> direction_;
    std::vector<pair> pairs_;
    double value_ = 0;
    double next_value_ = 0;
    int evaluations_ = 0;
};

} // namespace detail

/// Minimises f, called as f(std::span<const double> x, std::span<double> gradient) -> value, from
/// `start`. Returns the lowest point found, never one above the start.
template <class Function>
[[nodiscard]] lbfgs_result
minimise_lbfgs(Function&& f, std::vector<double> start, const lbfgs_options& options = {}) {
    return detail::lbfgs_run<std::remove_reference_t<Function>>(f, std::move(start), options).run();
}

} // namespace mend
