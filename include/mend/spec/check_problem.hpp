// SPDX-License-Identifier: MIT
/// What the parts of a problem demand of each other, and of the Keras version.
#pragma once

#include <string>
#include <string_view>

#include <mend/spec/pointer.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read_model.hpp>
#include <mend/spec/reading.hpp>

namespace mend::detail {

inline void check_optimizer(
    mistake_list& mistakes, const problem_layout& layout, const problem& p, keras_semantics rules
) {
    const auto refuse = [&](std::string_view key, std::string_view why) {
        mistakes.add(pointer_to(pointer_to(layout.optimizer, "config"), key), std::string(why));
    };
    const update_spec& update = p.compile.optimizer.update;
    if (update.clipnorm && update.global_clipnorm) {
        refuse("global_clipnorm", "cannot stand beside clipnorm");
    }
    if (update.clipvalue && (update.clipnorm || update.global_clipnorm) &&
        rules != keras_semantics::keras2_10) {
        refuse("clipvalue", "cannot stand beside a clipping by norm since Keras 2.11");
    }
    const auto* nadam = get_if<nadam_spec>(&p.compile.optimizer.kind);
    if (nadam != nullptr && nadam->decay && rules != keras_semantics::keras2_10) {
        refuse("decay", "is a setting of Keras up to 2.10 only");
    }
}

inline void check_fit(
    mistake_list& mistakes, const problem_layout& layout, const problem& p, keras_semantics rules
) {
    const std::string callbacks = pointer_to(layout.fit, "callbacks");
    for (std::size_t i = 0; i < p.fit.callbacks.size(); ++i) {
        const callback_spec& callback = p.fit.callbacks[i];
        const std::string at = pointer_to(callbacks, i);
        if (callback.name == "TerminateOnNaN") {
            continue;
        }
        if (callback.name == "ReduceLROnPlateau" && !p.compile.optimizer.rate().is_constant()) {
            mistakes.add(at, "needs an optimizer with a constant learning rate");
        }
        if (!monitored_metric(callback, p.compile)) {
            mistakes.add(
                pointer_to(pointer_to(at, "config"), "monitor"),
                shown(callback.monitor) + " is neither the loss nor among the metrics of compile"
            );
        }
    }
    const auto& weights = p.fit.class_weight.weights;
    for (std::size_t i = 0; i < weights.size() && rules != keras_semantics::keras3; ++i) {
        if (weights[i].first != static_cast<std::int64_t>(i)) {
            mistakes.add(
                pointer_to(layout.fit, "class_weight"),
                "must name all classes from 0 on in Keras 2, but lacks " + std::to_string(i)
            );
            return;
        }
    }
}

/// Requires a version that find_semantics knows.
inline void check_problem(mistake_list& mistakes, const problem_layout& layout, const problem& p) {
    check_optimizer(mistakes, layout, p, p.model.semantics());
    check_fit(mistakes, layout, p, p.model.semantics());
}

} // namespace mend::detail
