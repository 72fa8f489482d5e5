// SPDX-License-Identifier: MIT
/// Updates of a kernel of which every batch touches only some rows: a row's steps are postponed
/// until it is next touched, or its weights are read.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/nn/idle_steps.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>
#include <mend/tensor/sparse.hpp>

namespace mend::detail {

/// Weights and slots of the kernel, row by row, as an optimizer keeps them.
template <class Scalar>
struct kernel_state {
    Scalar* weights = nullptr;
    std::array<Scalar*, 3> slots{};

    operator kernel_state<const Scalar>() const noexcept requires(!std::is_const_v<Scalar>) {
        return {weights, {slots[0], slots[1], slots[2]}};
    }
};

/// Counts, for each row, the step that its slots and that its weights are up to date with. Results
/// are those of updates in every step, to the rounding of a float, whenever weights are settled.
template <class Scalar>
class lazy_rows {
public:
    lazy_rows() = default;

    lazy_rows(const idle_rule& rule, index rows, index columns)
        : steps_(rule)
        , columns_(columns)
        , slots_at_(static_cast<std::size_t>(rows))
        , weights_at_(static_cast<std::size_t>(rows))
        , gradient_(static_cast<std::size_t>(columns + pack<Scalar>::width)) {}

    /// Does the postponed steps of the weights of some rows, up to step `now`.
    void catch_up(
        const kernel_state<Scalar>& kernel, std::span<const std::int32_t> rows, std::int64_t now
    ) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::int32_t row = rows[i];
            if (i + 1 < rows.size()) {
                fetch(kernel, rows[i + 1]);
            }
            settle_row(kernel, row, now, kernel.weights + row * columns_);
            weights_at_[static_cast<std::size_t>(row)] = now;
        }
    }

    /// The same for all rows.
    void settle(const kernel_state<Scalar>& kernel, std::int64_t now) {
        for (std::size_t row = 0; row < weights_at_.size(); ++row) {
            const auto at = static_cast<index>(row);
            settle_row(kernel, at, now, kernel.weights + at * columns_);
            weights_at_[row] = now;
        }
        settled_ = now;
    }

    /// Writes the weights as they are after step `now` to `to`; changes nothing.
    void
    copy_settled(const kernel_state<const Scalar>& kernel, std::int64_t now, Scalar* to) const {
        for (index row = 0; row < static_cast<index>(weights_at_.size()); ++row) {
            std::copy_n(kernel.weights + row * columns_, columns_, to + row * columns_);
            settle_row(kernel, row, now, to + row * columns_);
        }
    }

    /// Step `step` for the rows that the gradient touches, whose weights are up to date.
    template <class Rule>
    void update(
        const Rule& rule,
        const kernel_state<Scalar>& kernel,
        const product_gradient<Scalar>& gradient,
        std::int64_t step
    ) {
        for (index i = 0; i < gradient.x->column_count(); ++i) {
            const index row = gradient.x->columns[static_cast<std::size_t>(i)];
            if (i + 1 < gradient.x->column_count()) {
                fetch(kernel, gradient.x->columns[static_cast<std::size_t>(i + 1)]);
            }
            sparse_gradient_row(gradient, i, gradient_.data());
            update_row(rule, kernel, row, step);
            slots_at_[static_cast<std::size_t>(row)] = step;
            weights_at_[static_cast<std::size_t>(row)] = step;
        }
    }

    /// Notes the rate of a step. True where the weights must be settled with this step, because
    /// what is remembered of past steps is full.
    [[nodiscard]] bool note(std::int64_t step, double rate) noexcept {
        steps_.note(step, rate);
        return step - settled_ >= idle_steps::window - 1;
    }

private:
    /// Asks for the memory of a row whose turn is next: rows are too short, and too far apart, for
    /// the machine to foresee.
    void fetch(const kernel_state<Scalar>& kernel, index row) const noexcept {
        constexpr index line = static_cast<index>(64 / sizeof(Scalar));
        const index first = row * columns_;
        for (index i = 0; i < columns_; i += line) {
            __builtin_prefetch(kernel.weights + first + i, 1);
            for (Scalar* const slot : kernel.slots) {
                if (slot != nullptr) {
                    __builtin_prefetch(slot + first + i, 1);
                }
            }
        }
    }

    /// The steps weights_at .. now of one row, on `weights`.
    void settle_row(
        const kernel_state<const Scalar>& kernel, index row, std::int64_t now, Scalar* weights
    ) const {
        const std::int64_t at = slots_at_[static_cast<std::size_t>(row)];
        const std::int64_t from = weights_at_[static_cast<std::size_t>(row)];
        const idle_rule& rule = steps_.rule();
        if (at == 0 || from == now || rule.motion == idle_motion::none) {
            return; // never touched: the slots are zero
        }
        const std::array<double, 4> sum = steps_.sums(at, from, now);
        const index first = row * columns_;
        if (rule.motion == idle_motion::slot) {
            const pack<Scalar> share = pack<Scalar>::all(sum[0]);
            transform(
                columns_,
                weights,
                [share](pack<Scalar> w, pack<Scalar> s) { return w - share * s; },
                weights,
                kernel.slots[rule.slot] + first
            );
            return;
        }
        const pack<Scalar> s0 = pack<Scalar>::all(sum[0]);
        const pack<Scalar> s1 = pack<Scalar>::all(sum[1]);
        const pack<Scalar> s2 = pack<Scalar>::all(sum[2]);
        const pack<Scalar> s3 = pack<Scalar>::all(sum[3]);
        const pack<Scalar> one = pack<Scalar>::all(1);
        const pack<Scalar> epsilon = pack<Scalar>::all(rule.epsilon);
        transform(
            columns_,
            weights,
            [=](pack<Scalar> w, pack<Scalar> m, pack<Scalar> v) {
                const pack<Scalar> inverse = one / (sqrt(v) + epsilon);
                const pack<Scalar> q = epsilon * inverse;
                const pack<Scalar> series = s0 - q * (s1 - q * (s2 - q * s3));
                return w - m * inverse * series;
            },
            weights,
            kernel.slots[0] + first,
            kernel.slots[1] + first
        );
    }

    template <class Rule>
    void
    update_row(const Rule& rule, const kernel_state<Scalar>& kernel, index row, std::int64_t step) {
        constexpr int slots = Rule::slots;
        const std::int64_t at = slots_at_[static_cast<std::size_t>(row)];
        pack<Scalar> decay[slots + 1];
        for (int k = 0; k < slots; ++k) {
            const auto slot = static_cast<std::size_t>(k);
            decay[k] = pack<Scalar>::all(at == 0 ? 1.0 : steps_.decay(slot, step - 1 - at));
        }
        const index first = row * columns_;
        Scalar* const weights = kernel.weights + first;
        for_packs<Scalar>(columns_, [&](const auto& load, const auto& store) {
            pack<Scalar> s[slots + 1];
            unrolled<slots>([&](auto k) {
                s[k] = decay[k] * load(kernel.slots[static_cast<std::size_t>(k)] + first);
            });
            const pack<Scalar> change = rule.rule(load(gradient_.data()), s);
            store(load(weights) - change, weights);
            unrolled<slots>([&](auto k) {
                store(s[k], kernel.slots[static_cast<std::size_t>(k)] + first);
            });
        });
    }

    idle_steps steps_;
    index columns_ = 0;
    std::int64_t settled_ = 0;
    std::vector<std::int64_t> slots_at_;   ///< of each row; 0: as they started
    std::vector<std::int64_t> weights_at_; ///< of each row
    std::vector<Scalar> gradient_;         ///< of the row at hand
};

} // namespace mend::detail
