// SPDX-License-Identifier: MIT
/// Keras' optimizers: options as aggregates, one update loop over the flat buffer of all weights.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <mend/core/text.hpp>
#include <mend/nn/network.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// v <- momentum v - rate g; w <- w + v (Nesterov: w + momentum v - rate g).
struct sgd {
    double learning_rate = 0.01;
    double momentum = 0;
    bool nesterov = false;
};

/// Keras' RMSprop. Keras >= 2.11 adds epsilon inside the root, tf.keras <= 2.10 outside it
/// (unless there is momentum).
struct rmsprop {
    double learning_rate = 0.001;
    double rho = 0.9;
    double momentum = 0;
    double epsilon = 1e-7;
    bool centered = false;
    bool epsilon_inside_root = true;
};

struct adam {
    double learning_rate = 0.001;
    double beta_1 = 0.9;
    double beta_2 = 0.999;
    double epsilon = 1e-7;
    bool amsgrad = false;
};

struct adadelta {
    double learning_rate = 0.001;
    double rho = 0.95;
    double epsilon = 1e-7;
};

using optimizer_kind = std::variant<sgd, rmsprop, adam, adadelta>;

/// Limits on gradients before the update and the time decay of the rate; 0 or absent: none.
struct optimizer_options {
    optimizer_kind kind = sgd{};
    double clip_norm = 0;        ///< Keras' clipnorm: each weight's gradient on its own
    double clip_value = 0;       ///< Keras' clipvalue
    double global_clip_norm = 0; ///< Keras' global_clipnorm
    double decay = 0;            ///< Keras 2: rate / (1 + decay * iterations)
};

/// The optimizer of a Keras name in any case ("adam", "Adam", "RMSprop"), with the defaults above;
/// nothing for an unknown one.
[[nodiscard]] inline std::optional<optimizer_kind> find_optimizer(std::string_view name) {
    const std::string plain = plain_name(name);
    if (plain == "sgd") {
        return sgd{};
    }
    if (plain == "rmsprop") {
        return rmsprop{};
    }
    if (plain == "adam") {
        return adam{};
    }
    if (plain == "adadelta") {
        return adadelta{};
    }
    return std::nullopt;
}

namespace detail {

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

} // namespace detail

/// The state of one training: slots for every weight, the count of updates, the learning rate.
template <class Scalar = float>
class optimizer {
public:
    optimizer(const optimizer_options& options, const network<Scalar>& net)
        : options_(options)
        , size_(net.trainable_size()) {
        std::visit([this](const auto& o) { learning_rate_ = o.learning_rate; }, options_.kind);
    }

    /// Updates all trainable weights once. Changes the gradients where they are clipped.
    void step(network<Scalar>& net, gradients<Scalar>& g) {
        clip(net, g);
        const auto done = static_cast<double>(iterations_);
        ++iterations_;
        const double rate = learning_rate_ / (1 + options_.decay * done);
        std::visit(
            [&](const auto& kind) {
                detail::with_rule<pack>(kind, rate, iterations_, [&](const auto& rule) {
                    update(rule, net.values().data(), g.numbers.data());
                });
            },
            options_.kind
        );
    }

    [[nodiscard]] double learning_rate() const noexcept { return learning_rate_; }

    /// Takes effect with the next step.
    void learning_rate(double rate) noexcept { learning_rate_ = rate; }

    /// Updates done.
    [[nodiscard]] std::int64_t iterations() const noexcept { return iterations_; }

    /// Limits gradients as the options say; `step` does so itself.
    void clip(const network<Scalar>& net, gradients<Scalar>& g) const {
        const auto square = [](std::span<const Scalar> numbers) {
            double sum = 0;
            for (const Scalar v : numbers) {
                sum += static_cast<double>(v) * static_cast<double>(v);
            }
            return sum;
        };
        const auto shrink = [](std::span<Scalar> numbers, double norm, double limit) {
            if (norm > limit) {
                const auto factor = static_cast<Scalar>(limit / norm);
                for (Scalar& v : numbers) {
                    v *= factor;
                }
            }
        };
        const std::span<Scalar> all(g.numbers.data(), static_cast<std::size_t>(size_));
        if (options_.clip_norm > 0) {
            for (const parameter_info& p : net.parameters()) {
                if (p.trainable) {
                    const std::span<Scalar> part = g.of(p).flat();
                    shrink(part, std::sqrt(square(part)), options_.clip_norm);
                }
            }
        } else if (options_.global_clip_norm > 0) {
            shrink(all, std::sqrt(square(all)), options_.global_clip_norm);
        }
        if (options_.clip_value > 0) {
            const auto limit = static_cast<Scalar>(options_.clip_value);
            for (Scalar& v : all) {
                v = std::clamp(v, -limit, limit);
            }
        }
    }

private:
    using pack = detail::pack<Scalar>;

    /// One pass over weights, gradients and slots, which share one layout of whole vectors.
    template <class Rule>
    void update(const Rule& rule, Scalar* weights, const Scalar* gradient) {
        constexpr auto slots = static_cast<std::size_t>(Rule::slots);
        std::array<Scalar*, slots + 1> state{};
        for (std::size_t k = 0; k < slots; ++k) {
            if (slots_[k].empty()) {
                slots_[k] = tensor<Scalar>(shape{size_});
            }
            state[k] = slots_[k].data();
        }
        for (index i = 0; i < size_; i += pack::width) {
            pack s[slots + 1];
            detail::unrolled<Rule::slots>([&](auto k) { s[k] = pack::load(state[k] + i); });
            const pack change = rule.rule(pack::load(gradient + i), s);
            (pack::load(weights + i) - change).store(weights + i);
            detail::unrolled<Rule::slots>([&](auto k) { s[k].store(state[k] + i); });
        }
    }

    optimizer_options options_;
    index size_ = 0;
    double learning_rate_ = 0;
    std::int64_t iterations_ = 0;
    std::array<tensor<Scalar>, 3> slots_;
};

} // namespace mend
