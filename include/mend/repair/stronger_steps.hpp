// SPDX-License-Identifier: MIT
/// Steps for a network that has hardly begun to learn: higher rates, more and smaller batches.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/repair/step.hpp>
#include <mend/space/fix_space.hpp>

namespace mend {

/// Rates 3, 10, 30 and 100 times as high with the smallest batches of the space, and with up to
/// twice the epochs besides. One of these alone seldom suffices. `raw`: the values to start from,
/// see full_values. None where the space has no range of learning rates above the present one, or
/// neither smaller batches nor more epochs.
[[nodiscard]] inline std::vector<step>
stronger_steps(const fix_space& space, const std::vector<double>& raw) {
    using assignment = std::vector<std::pair<std::size_t, double>>;
    std::vector<step> steps;
    const std::vector<parameter>& parameters = space.over().parameters();
    const auto rate = find_site(space, fix_target::learning_rate);
    if (!rate || parameters[*rate].kind != parameter_kind::real || !(raw[*rate] > 0)) {
        return steps;
    }
    assignment batch;
    const auto size = find_site(space, fix_target::fit_setting, "batch_size");
    if (size && raw[*size] > 0) { // levels ascend
        batch.emplace_back(*size, 0);
    }
    assignment epochs;
    if (const auto count = find_site(space, fix_target::fit_setting, "epochs")) {
        const std::vector<double>& levels = parameters[*count].levels;
        const auto now = static_cast<std::size_t>(raw[*count]);
        std::size_t most = now;
        while (most + 1 < levels.size() && levels[most + 1] <= 2 * levels[now]) {
            ++most;
        }
        if (most != now) {
            epochs.emplace_back(*count, static_cast<double>(most));
        }
    }
    for (const double factor : std::array{3.0, 10.0, 30.0, 100.0}) {
        const double to = rounded(raw[*rate] * factor, 4);
        if (to > parameters[*rate].high) {
            break;
        }
        const step_kind kind =
            factor > 10 ? step_kind::much_stronger_training : step_kind::stronger_training;
        assignment values = batch;
        values.emplace_back(*rate, to);
        std::sort(values.begin(), values.end());
        if (!batch.empty()) {
            steps.push_back({kind, values});
        }
        if (!epochs.empty()) {
            values.insert(values.end(), epochs.begin(), epochs.end());
            std::sort(values.begin(), values.end());
            steps.push_back({kind, values});
        }
    }
    return steps;
}

} // namespace mend
