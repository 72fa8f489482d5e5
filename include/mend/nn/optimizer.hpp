// SPDX-License-Identifier: MIT
/// Keras' optimizers: one update loop over the flat buffer of all weights, and rows of a kernel
/// that are updated when they are needed.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include <mend/nn/lazy_rows.hpp>
#include <mend/nn/network.hpp>
#include <mend/nn/optimizer_options.hpp>
#include <mend/nn/update_rule.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// The state of one training: slots for every weight, the count of updates, the learning rate.
template <class Scalar = float>
class optimizer {
public:
    optimizer(const optimizer_options& options, const network<Scalar>& net)
        : options_(options)
        , size_(net.trainable_size()) {
        std::visit([this](const auto& o) { learning_rate_ = o.learning_rate; }, options_.kind);
    }

    /// Updates all trainable weights once. Changes the gradients where they are clipped. Where the
    /// gradient of a kernel is left as factors, the rows that they do not touch are postponed.
    void step(network<Scalar>& net, gradients<Scalar>& g) {
        clip(net, g);
        const double rate = current_rate();
        ++iterations_;
        Scalar* const weights = net.values().data();
        if (options_.weight_decay != 0) {
            const auto share = static_cast<Scalar>(options_.weight_decay * rate);
            for (index i = 0; i < size_; ++i) {
                weights[i] -= weights[i] * share;
            }
        }
        bool full = false;
        std::visit(
            [&](const auto& kind) {
                full = postpones_ &&
                       lazy_.note(iterations_, detail::idle_rate(kind, rate, iterations_));
                detail::with_rule<pack>(in_step(kind), rate, iterations_, [&](const auto& rule) {
                    update(rule, weights, g);
                });
            },
            options_.kind
        );
        if (full) {
            settle(net);
        }
        net.apply_constraints();
    }

    /// Postpones updates of net.sparse_kernel() from now on: its gradients must come as factors.
    /// False, and nothing changes, where this optimizer cannot do so exactly. Before weights of the
    /// kernel are read, `catch_up` or `settle` must be called.
    [[nodiscard]] bool postpone(const network<Scalar>& net) {
        const parameter_info* const kernel = net.sparse_kernel();
        const bool touches_all = options_.clip_norm > 0 || options_.clip_value > 0 ||
                                 options_.global_clip_norm > 0 || options_.weight_decay != 0;
        if (kernel == nullptr || touches_all) {
            return false;
        }
        const detail::idle_rule idle =
            std::visit([](const auto& kind) { return detail::idle_rule_of(kind); }, options_.kind);
        if (idle.motion == detail::idle_motion::unknown) {
            return false;
        }
        postpones_ = true;
        kernel_ = kernel->offset;
        kernel_size_ = kernel->extents.size();
        lazy_ = {idle, kernel->extents[0], kernel->extents[1]};
        return true;
    }

    /// Does the postponed updates of the kernel's rows that x is multiplied by.
    void catch_up(network<Scalar>& net, const sparse_view<Scalar>& x) {
        if (postpones_) {
            lazy_.catch_up(kernel_state(net.values().data()), x.columns, iterations_);
        }
    }

    /// Does all postponed updates.
    void settle(network<Scalar>& net) {
        if (postpones_) {
            lazy_.settle(kernel_state(net.values().data()), iterations_);
        }
    }

    /// Copies the first weights of the flat buffer as they are with the postponed updates done, and
    /// does none.
    void copy_weights(const network<Scalar>& net, std::span<Scalar> to) const {
        std::copy_n(net.values().data(), to.size(), to.data());
        if (postpones_) {
            MEND_EXPECTS(
                static_cast<index>(to.size()) >= net.trainable_size(),
                "room for the trainable weights"
            );
            lazy_.copy_settled(kernel_state(net.values().data()), iterations_, to.data() + kernel_);
        }
    }

    /// The rate of the next step.
    [[nodiscard]] double current_rate() const {
        const bool constant = options_.schedule.kind == schedule_kind::constant;
        const double rate = constant ? learning_rate_ : options_.schedule.at(iterations_);
        return rate / (1 + options_.decay * static_cast<double>(iterations_));
    }

    /// Before decay; without a meaning where there is a schedule.
    [[nodiscard]] double learning_rate() const noexcept { return learning_rate_; }

    /// Takes effect with the next step, unless there is a schedule.
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
        if (options_.clip_value > 0) {
            const auto limit = static_cast<Scalar>(options_.clip_value);
            for (Scalar& v : all) {
                v = std::clamp(v, -limit, limit);
            }
        }
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
    }

private:
    using pack = detail::pack<Scalar>;

    /// The options with what changes from step to step.
    template <class Kind>
    [[nodiscard]] const Kind& in_step(const Kind& kind) const noexcept {
        return kind;
    }

    [[nodiscard]] detail::nadam_in_step in_step(const nadam& kind) noexcept {
        detail::nadam_in_step now{kind};
        momentum_product_ *= now.momentum(iterations_);
        now.product = momentum_product_;
        return now;
    }

    /// One pass over weights, gradients and slots, which share one layout of whole vectors.
    template <class Rule>
    void update(const Rule& rule, Scalar* weights, const gradients<Scalar>& g) {
        constexpr auto slots = static_cast<std::size_t>(Rule::slots);
        for (std::size_t k = 0; k < slots; ++k) {
            if (slots_[k].empty()) {
                slots_[k] = tensor<Scalar>(shape{size_});
                start(slots_[k]);
            }
        }
        if (g.factors.x == nullptr) {
            update_range(rule, weights, g.numbers.data(), 0, size_);
            return;
        }
        MEND_EXPECTS(postpones_, "gradients come as factors where updates are postponed");
        lazy_.update(rule, kernel_state(weights), g.factors, iterations_);
        const index after = (kernel_size_ + line - 1) / line * line + kernel_;
        update_range(rule, weights, g.numbers.data(), 0, kernel_);
        update_range(rule, weights, g.numbers.data(), after, size_);
    }

    template <class Rule>
    void update_range(
        const Rule& rule, Scalar* weights, const Scalar* gradient, index first, index last
    ) {
        constexpr auto slots = static_cast<std::size_t>(Rule::slots);
        std::array<Scalar*, slots + 1> state{};
        for (std::size_t k = 0; k < slots; ++k) {
            state[k] = slots_[k].data();
        }
        for (index i = first; i < last; i += pack::width) {
            pack s[slots + 1];
            detail::unrolled<Rule::slots>([&](auto k) { s[k] = pack::load(state[k] + i); });
            const pack change = rule.rule(pack::load(gradient + i), s);
            (pack::load(weights + i) - change).store(weights + i);
            detail::unrolled<Rule::slots>([&](auto k) { s[k].store(state[k] + i); });
        }
    }

    [[nodiscard]] detail::kernel_state<Scalar> kernel_state(Scalar* weights) {
        detail::kernel_state<Scalar> state{weights + kernel_};
        for (std::size_t k = 0; k < slots_.size() && !slots_[k].empty(); ++k) {
            state.slots[k] = slots_[k].data() + kernel_;
        }
        return state;
    }

    [[nodiscard]] detail::kernel_state<const Scalar> kernel_state(const Scalar* weights) const {
        detail::kernel_state<const Scalar> state{weights + kernel_};
        for (std::size_t k = 0; k < slots_.size() && !slots_[k].empty(); ++k) {
            state.slots[k] = slots_[k].data() + kernel_;
        }
        return state;
    }

    static constexpr index line = static_cast<index>(tensor<Scalar>::alignment / sizeof(Scalar));

    /// The first value of a slot, where that is not 0.
    void start(tensor<Scalar>& slot) const {
        if (const auto* rule = std::get_if<adagrad>(&options_.kind)) {
            const auto value = static_cast<Scalar>(rule->initial_accumulator);
            std::fill_n(slot.data(), slot.size(), value);
        }
    }

    optimizer_options options_;
    index size_ = 0;
    double learning_rate_ = 0;
    double momentum_product_ = 1; // Nadam's
    std::int64_t iterations_ = 0;
    std::array<tensor<Scalar>, 3> slots_;
    bool postpones_ = false;
    index kernel_ = 0; ///< where the kernel begins whose updates are postponed
    index kernel_size_ = 0;
    detail::lazy_rows<Scalar> lazy_;
};

} // namespace mend
