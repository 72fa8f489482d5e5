// SPDX-License-Identifier: MIT
/// What an optimizer's steps do to a weight whose gradient is zero in all of them, in closed form.
///
/// Without a gradient a slot only shrinks, by the same factor in every step, and a weight moves,
/// where it moves at all, by a known multiple of a slot. For momentum that is a geometric sum. For
/// Adam it is, k steps after moments m and v, with s = sqrt(v) and the rate r of that step,
///
///     r beta_1^k m / (beta_2^(k/2) s + epsilon) = r rho^k m / (s + epsilon) / (1 + q c_k),
///     rho = beta_1 / sqrt(beta_2), q = epsilon / (s + epsilon), c_k = beta_2^(-k/2) - 1.
///
/// q <= 1, and c_k is small while rho^k is not, so that four terms of 1 / (1 + q c) are exact to
/// the rounding of a float: any number of steps costs one root and one division.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <mend/nn/update_rule.hpp>

namespace mend::detail {

/// How a weight moves in steps without a gradient.
enum class idle_motion : std::uint8_t {
    unknown, ///< there is no exact closed form
    none,
    slot,    ///< w -= factor * (sum over the steps of decay[slot]^k) * slot
    moments, ///< Adam
};

struct idle_rule {
    idle_motion motion = idle_motion::unknown;
    std::array<double, 3> decay{1, 1, 1}; ///< of each slot in one step
    std::size_t slot = 0;
    double factor = 0;
    double epsilon = 0;

    /// Powers beyond this are below the rounding of a float in every sum.
    static constexpr std::int64_t longest = 256;

    [[nodiscard]] double rho() const noexcept { return decay[0] / std::sqrt(decay[1]); }

    [[nodiscard]] double sigma() const noexcept { return 1 / std::sqrt(decay[1]); }
};

/// Optimizers without a closed form here.
template <class Kind>
[[nodiscard]] idle_rule idle_rule_of(const Kind&) noexcept {
    return {};
}

[[nodiscard]] inline idle_rule idle_rule_of(const sgd& o) noexcept {
    if (o.momentum == 0) {
        return {.motion = idle_motion::none};
    }
    // The slot holds minus the velocity; Nesterov's weight moves by momentum times that.
    return {
        .motion = idle_motion::slot,
        .decay = {o.momentum, 1, 1},
        .factor = o.nesterov ? -o.momentum : -1.0};
}

// Where nothing keeps a denominator above zero, a weight without a gradient becomes NaN: 0 / 0.

[[nodiscard]] inline idle_rule idle_rule_of(const rmsprop& o) noexcept {
    if (!(o.epsilon > 0)) {
        return {};
    }
    if (o.momentum == 0) {
        return {.motion = idle_motion::none, .decay = {o.rho, o.rho, 1}};
    }
    return {
        .motion = idle_motion::slot, .decay = {o.rho, o.rho, o.momentum}, .slot = 2, .factor = 1};
}

[[nodiscard]] inline idle_rule idle_rule_of(const adadelta& o) noexcept {
    return o.epsilon > 0 ? idle_rule{.motion = idle_motion::none, .decay = {o.rho, o.rho, 1}}
                         : idle_rule{};
}

[[nodiscard]] inline idle_rule idle_rule_of(const adagrad& o) noexcept {
    return o.epsilon > 0 || o.initial_accumulator > 0 ? idle_rule{.motion = idle_motion::none}
                                                      : idle_rule{};
}

[[nodiscard]] inline idle_rule idle_rule_of(const adam& o) noexcept {
    idle_rule rule{
        .motion = idle_motion::moments, .decay = {o.beta_1, o.beta_2, 1}, .epsilon = o.epsilon};
    if (o.amsgrad || !(o.epsilon > 0) || !(o.beta_2 > 0)) {
        return {};
    }
    // The first term left out, q^4 c_k^4, summed with its weights rho^k against the sum without:
    // 4! (ln sigma / (1 - rho))^4. And powers that are cut off must not count either.
    const double rho = rule.rho();
    const double share = std::log(rule.sigma()) / (1 - rho);
    const bool exact = rho < 1 && 24 * std::pow(share, 4) < 0x1p-24 &&
                       std::pow(rho, idle_rule::longest) < 0x1p-24 * (1 - rho);
    return exact ? rule : idle_rule{};
}

/// The rate of one step as idle weights see it.
template <class Kind>
[[nodiscard]] double idle_rate(const Kind&, double rate, std::int64_t) noexcept {
    return rate;
}

[[nodiscard]] inline double idle_rate(const adam& o, double rate, std::int64_t step) noexcept {
    return adam_rate(rate, o.beta_1, o.beta_2, step);
}

/// The steps of one training as idle weights see them. Steps count from 1.
class idle_steps {
public:
    idle_steps() = default;

    explicit idle_steps(const idle_rule& rule)
        : rule_(rule) {
        constexpr auto count = static_cast<std::size_t>(idle_rule::longest + 1);
        for (std::size_t slot = 0; slot < powers_.size(); ++slot) {
            powers_[slot].resize(count);
            for (std::size_t k = 0; k < count; ++k) {
                powers_[slot][k] = std::pow(rule.decay[slot], static_cast<double>(k));
            }
        }
        if (rule.motion == idle_motion::moments) {
            rates_.resize(static_cast<std::size_t>(window));
            terms_.resize(count);
            for (std::size_t k = 0; k < count; ++k) {
                const double weight = std::pow(rule.rho(), static_cast<double>(k));
                const double c = std::pow(rule.sigma(), static_cast<double>(k)) - 1;
                terms_[k] = {weight, weight * c, weight * c * c, weight * c * c * c};
            }
        }
    }

    [[nodiscard]] const idle_rule& rule() const noexcept { return rule_; }

    /// Steps whose rates are remembered: weights may not fall behind further.
    static constexpr std::int64_t window = 4096;

    /// Notes the rate of a step, as idle_rate gives it.
    void note(std::int64_t step, double rate) noexcept {
        if (!rates_.empty()) {
            rates_[static_cast<std::size_t>(step % window)] = rate;
        }
    }

    /// decay[slot]^steps.
    [[nodiscard]] double decay(std::size_t slot, std::int64_t steps) const noexcept {
        return steps <= idle_rule::longest
                   ? powers_[slot][static_cast<std::size_t>(steps)]
                   : std::pow(rule_.decay[slot], static_cast<double>(steps));
    }

    /// The sums over steps from + 1 .. to by which a weight moves whose slots are those of step
    /// `at` <= from: one for `slot`, four for `moments`.
    [[nodiscard]] std::array<double, 4>
    sums(std::int64_t at, std::int64_t from, std::int64_t to) const noexcept {
        std::array<double, 4> sum{};
        if (rule_.motion == idle_motion::slot) {
            const double d = rule_.decay[rule_.slot];
            const double first = decay(rule_.slot, from - at);
            const double last = decay(rule_.slot, to - at);
            const auto steps = static_cast<double>(to - from);
            sum[0] = rule_.factor * (d == 1 ? steps : d * (first - last) / (1 - d));
        } else if (rule_.motion == idle_motion::moments) {
            const std::int64_t last = std::min(to, at + idle_rule::longest);
            for (std::int64_t step = from + 1; step <= last; ++step) {
                const double rate = rates_[static_cast<std::size_t>(step % window)];
                const std::array<double, 4>& term = terms_[static_cast<std::size_t>(step - at)];
                for (std::size_t n = 0; n < sum.size(); ++n) {
                    sum[n] += rate * term[n];
                }
            }
        }
        return sum;
    }

private:
    idle_rule rule_;
    std::array<std::vector<double>, 3> powers_;
    std::vector<std::array<double, 4>> terms_;
    std::vector<double> rates_;
};

} // namespace mend::detail
