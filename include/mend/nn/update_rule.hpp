// SPDX-License-Identifier: MIT
/// The rules of Keras' optimizers for one pack of weights, as the update loop applies them.
#pragma once

#include <cmath>
#include <cstdint>

#include <mend/nn/optimizer_options.hpp>

namespace mend::detail {

/// The rule of an optimizer in one step: given the gradient and the slots of a weight, it
/// updates the slots and returns what to subtract from the weight.
template <int Slots, class Rule>
struct update_rule {
    static constexpr int slots = Slots;
    Rule rule;
};

template <int Slots, class Rule>
[[nodiscard]] update_rule<Slots, Rule> make_rule(const Rule& rule) {
    return {rule};
}

template <class Pack, class Apply>
void with_rule(const sgd& o, double rate, std::int64_t, const Apply& apply) {
    const Pack r = Pack::all(rate);
    const Pack momentum = Pack::all(o.momentum);
    if (o.momentum == 0) {
        apply(make_rule<0>([=](Pack g, Pack*) { return r * g; }));
    } else if (!o.nesterov) {
        apply(make_rule<1>([=](Pack g, Pack* s) {
            s[0] = momentum * s[0] - r * g;
            return -s[0];
        }));
    } else {
        apply(make_rule<1>([=](Pack g, Pack* s) {
            s[0] = momentum * s[0] - r * g;
            return r * g - momentum * s[0];
        }));
    }
}

template <class Pack, class Apply>
void with_rule(const rmsprop& o, double rate, std::int64_t, const Apply& apply) {
    const Pack r = Pack::all(rate);
    const Pack rho = Pack::all(o.rho);
    const Pack rest = Pack::all(1 - o.rho);
    const bool is_inside = o.epsilon_inside_root || o.momentum != 0;
    const Pack inside = Pack::all(is_inside ? o.epsilon : 0.0);
    const Pack outside = Pack::all(is_inside ? 0.0 : o.epsilon);
    const Pack momentum = Pack::all(o.momentum);
    const bool centered = o.centered;
    const auto change = [=](Pack g, Pack& square, Pack& mean) {
        square = rho * square + rest * g * g;
        Pack variance = square;
        if (centered) {
            mean = rho * mean + rest * g;
            variance = variance - mean * mean;
        }
        return r * g / (sqrt(variance + inside) + outside);
    };
    if (o.momentum == 0 && !centered) {
        apply(make_rule<1>([=](Pack g, Pack* s) { return change(g, s[0], s[0]); }));
    } else if (o.momentum == 0) {
        apply(make_rule<2>([=](Pack g, Pack* s) { return change(g, s[0], s[1]); }));
    } else {
        apply(make_rule<3>([=](Pack g, Pack* s) {
            s[2] = momentum * s[2] + change(g, s[0], s[1]);
            return s[2];
        }));
    }
}

/// rate sqrt(1 - beta_2^t) / (1 - beta_1^t), as Keras puts Adam's bias correction (Kingma, Ba
/// 2015, end of section 2): epsilon is not corrected.
[[nodiscard]] inline double
adam_rate(double rate, double beta_1, double beta_2, std::int64_t step) noexcept {
    const auto t = static_cast<double>(step);
    return rate * std::sqrt(1 - std::pow(beta_2, t)) / (1 - std::pow(beta_1, t));
}

template <class Pack, class Apply>
void with_rule(const adam& o, double rate, std::int64_t step, const Apply& apply) {
    const Pack r = Pack::all(adam_rate(rate, o.beta_1, o.beta_2, step));
    const Pack new_1 = Pack::all(1 - o.beta_1);
    const Pack new_2 = Pack::all(1 - o.beta_2);
    const Pack epsilon = Pack::all(o.epsilon);
    const auto moments = [=](Pack g, Pack* s) {
        s[0] = s[0] + (g - s[0]) * new_1;
        s[1] = s[1] + (g * g - s[1]) * new_2;
    };
    if (!o.amsgrad) {
        apply(make_rule<2>([=](Pack g, Pack* s) {
            moments(g, s);
            return r * s[0] / (sqrt(s[1]) + epsilon);
        }));
    } else {
        apply(make_rule<3>([=](Pack g, Pack* s) {
            moments(g, s);
            s[2] = max(s[2], s[1]);
            return r * s[0] / (sqrt(s[2]) + epsilon);
        }));
    }
}

template <class Pack, class Apply>
void with_rule(const adadelta& o, double rate, std::int64_t, const Apply& apply) {
    const Pack r = Pack::all(rate);
    const Pack rho = Pack::all(o.rho);
    const Pack rest = Pack::all(1 - o.rho);
    const Pack epsilon = Pack::all(o.epsilon);
    apply(make_rule<2>([=](Pack g, Pack* s) {
        s[0] = rho * s[0] + rest * g * g;
        const Pack change = sqrt(s[1] + epsilon) / sqrt(s[0] + epsilon) * g;
        s[1] = rho * s[1] + rest * change * change;
        return r * change;
    }));
}

template <class Pack, class Apply>
void with_rule(const adagrad& o, double rate, std::int64_t, const Apply& apply) {
    const Pack r = Pack::all(rate);
    const Pack inside = Pack::all(o.epsilon_inside_root ? o.epsilon : 0);
    const Pack outside = Pack::all(o.epsilon_inside_root ? 0 : o.epsilon);
    apply(make_rule<1>([=](Pack g, Pack* s) {
        s[0] = s[0] + g * g;
        return r * g / (sqrt(s[0] + inside) + outside);
    }));
}

template <class Pack, class Apply>
void with_rule(const adamax& o, double rate, std::int64_t step, const Apply& apply) {
    const Pack r = Pack::all(rate / (1 - std::pow(o.beta_1, static_cast<double>(step))));
    const Pack rest = Pack::all(1 - o.beta_1);
    const Pack beta_2 = Pack::all(o.beta_2);
    const Pack epsilon = Pack::all(o.epsilon);
    apply(make_rule<2>([=](Pack g, Pack* s) {
        s[0] = s[0] + (g - s[0]) * rest;
        s[1] = max(beta_2 * s[1], abs(g));
        return r * s[0] / (s[1] + epsilon);
    }));
}

/// Nadam, and the product of its momenta up to a step.
struct nadam_in_step {
    nadam options;
    double product = 1; ///< up to and with the step at hand

    /// The momentum of a step.
    [[nodiscard]] double momentum(std::int64_t step) const noexcept {
        const double elapsed = options.schedule_decay * static_cast<double>(step);
        return options.beta_1 * (1 - 0.5 * std::pow(0.96, elapsed));
    }
};

template <class Pack, class Apply>
void with_rule(const nadam_in_step& now, double rate, std::int64_t step, const Apply& apply) {
    const nadam& o = now.options;
    const double next = now.momentum(step + 1);
    const double corrected = 1 - std::pow(o.beta_2, static_cast<double>(step));
    const Pack r = Pack::all(rate);
    const Pack new_1 = Pack::all(1 - o.beta_1);
    const Pack new_2 = Pack::all(1 - o.beta_2);
    const Pack of_moment = Pack::all(next / (1 - now.product * next));
    const Pack of_gradient = Pack::all((1 - now.momentum(step)) / (1 - now.product));
    const Pack of_square = Pack::all(1 / corrected);
    const Pack epsilon = Pack::all(o.epsilon);
    apply(make_rule<2>([=](Pack g, Pack* s) {
        s[0] = s[0] + (g - s[0]) * new_1;
        s[1] = s[1] + (g * g - s[1]) * new_2;
        return r * (of_moment * s[0] + of_gradient * g) / (sqrt(of_square * s[1]) + epsilon);
    }));
}

} // namespace mend::detail
