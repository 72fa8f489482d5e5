// SPDX-License-Identifier: MIT
/// Who may look on while a network trains: any object with one of the hooks below.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include <mend/nn/network.hpp>
#include <mend/nn/optimizer.hpp>
#include <mend/record/curve.hpp>
#include <mend/record/trial.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

class trainer;

/// One update, seen between the backward pass and the optimizer.
struct step_view {
    std::int64_t step = 0;     ///< counts from 0 over the whole training
    double loss = 0;           ///< of the batch, penalties included
    const network<float>& net; ///< some updates of its weights may be outstanding: copy_weights
    const gradients<float>& slopes; ///< that of a kernel for sparse rows may be in its factors
    const optimizer<float>& rule;
    tensor_view<const float> output{}; ///< of the batch, in training mode

    /// The first weights of the flat buffer (all trainable ones at least), as they are before this
    /// update.
    void copy_weights(std::span<float> to) const { rule.copy_weights(net, to); }
};

template <class Observer>
concept step_observer = requires(Observer& o, const step_view& step) {
    o.on_step(step);
};

template <class Observer>
concept epoch_observer = requires(Observer& o, const epoch_record& epoch) {
    o.on_epoch(epoch);
};

/// Has `on_step(const step_view&)`, `on_epoch(const epoch_record&)` or both. A hook that returns
/// true asks the training to end; it then has the status `stopped`.
///
///     struct patience {
///         bool on_epoch(const epoch_record& e) { return e.validation.loss > 1; }
///     };
///
/// Who wants to look deeper may also have `on_begin(trainer&)`, called before the first step of
/// every `run`, and `on_end(status)`, called when that is over. The trainer may be looked into
/// (`trainer::forward`) in `on_begin`, `on_epoch` and `on_end`, not during a step.
template <class Observer>
concept training_observer = step_observer<Observer> || epoch_observer<Observer>;

namespace detail {

template <class Observer>
[[nodiscard]] bool tell_step(Observer& observer, const step_view& step) {
    if constexpr (!step_observer<Observer>) {
        return false;
    } else if constexpr (std::same_as<decltype(observer.on_step(step)), bool>) {
        return observer.on_step(step);
    } else {
        observer.on_step(step);
        return false;
    }
}

template <class Observer>
[[nodiscard]] bool tell_epoch(Observer& observer, const epoch_record& epoch) {
    if constexpr (!epoch_observer<Observer>) {
        return false;
    } else if constexpr (std::same_as<decltype(observer.on_epoch(epoch)), bool>) {
        return observer.on_epoch(epoch);
    } else {
        observer.on_epoch(epoch);
        return false;
    }
}

template <class Observer>
void tell_begin(Observer& observer, trainer& run) {
    if constexpr (requires { observer.on_begin(run); }) {
        observer.on_begin(run);
    }
}

template <class Observer>
void tell_end(Observer& observer, status how) {
    if constexpr (requires { observer.on_end(how); }) {
        observer.on_end(how);
    }
}

} // namespace detail

} // namespace mend
