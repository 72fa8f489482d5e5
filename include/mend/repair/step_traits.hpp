// SPDX-License-Identifier: MIT
/// What a step makes of a problem that its kind does not tell: a rate tenfold as high is another
/// thing where it was a tenth of the usual one than where it was ten times that.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <mend/repair/diagnose_fit.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>

namespace mend {

/// Traits of a step, each from 0 to 1, `updates` from -1.
///
/// | trait     | 0                                  | 1                                   |
/// |-----------|------------------------------------|-------------------------------------|
/// | high_rate | at most the optimizer's usual rate | a thousand times that, or more      |
/// | low_rate  | at least that                      | a thousandth of it, or less         |
/// | updates   | as many as before                  | sixteen times as many; -1: a 16th   |
/// | depth     | no layer that learns               | eight, or more                      |
inline constexpr std::array<std::string_view, 4> step_trait_names{
    "high_rate", "low_rate", "updates", "depth"};

using step_traits = std::array<double, step_trait_names.size()>;

/// The traits of a step from one problem to another, on so many train rows.
[[nodiscard]] inline step_traits
traits_of(const problem& from, const problem& to, std::int64_t rows) {
    const auto updates = [rows](const problem& p) {
        return static_cast<double>(p.fit.epochs * steps_per_epoch(rows, p.fit.batch_size));
    };
    const double usual = detail::rates_of(to.compile.optimizer).first;
    const double rate = std::log10(std::max(to.compile.optimizer.learning_rate(), 1e-30) / usual);
    const double more = std::log2(std::max(1.0, updates(to)) / std::max(1.0, updates(from)));
    double depth = 0;
    for (const layer_cost& layer : infer_shapes(to.model).layers) {
        depth += layer.parameters > 0 ? 1 : 0;
    }
    return {
        std::clamp(rate / 3, 0.0, 1.0),
        std::clamp(-rate / 3, 0.0, 1.0),
        std::clamp(more / 4, -1.0, 1.0),
        std::min(depth / 8, 1.0)};
}

} // namespace mend
