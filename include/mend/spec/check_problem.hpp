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
    const auto* nadam = std::get_if<nadam_spec>(&p.compile.optimizer.kind);
    if (nadam != nullptr && nadam->decay && rules != keras_semantics::keras2_10) {
        refuse("decay", "is a setting of Keras up to 2.10 only");
    }
}

/// Requires a version that find_semantics knows.
inline void check_problem(mistake_list& mistakes, const problem_layout& layout, const problem& p) {
    check_optimizer(mistakes, layout, p, p.model.semantics());
}

} // namespace mend::detail
