// SPDX-License-Identifier: MIT
/// Steps for a network that has hardly begun to learn: higher rates, more and smaller batches, and
/// hidden units that learn from little.
///
/// One of these alone seldom suffices. Units of elu (Clevert et al. 2016) and selu (Klambauer et
/// al. 2017) do not die of a high rate, as those of relu do, and hand on what they are given in
/// deep networks, too.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/repair/step.hpp>
#include <mend/space/fix_space.hpp>

namespace mend {

namespace detail {

/// The smallest batches of a space, where they are smaller than now.
[[nodiscard]] inline step_values
smallest_batches(const fix_space& space, const std::vector<double>& raw) {
    const auto size = find_site(space, fix_target::fit_setting, "batch_size");
    return size && raw[*size] > 0 ? step_values{{*size, 0}} : step_values{}; // levels ascend
}

/// The most epochs of a space up to twice those of now, where they are more.
[[nodiscard]] inline step_values
up_to_twice_the_epochs(const fix_space& space, const std::vector<double>& raw) {
    const auto count = find_site(space, fix_target::fit_setting, "epochs");
    if (!count) {
        return {};
    }
    const std::vector<double>& levels = space.over().parameters()[*count].levels;
    const auto now = static_cast<std::size_t>(raw[*count]);
    std::size_t most = now;
    while (most + 1 < levels.size() && levels[most + 1] <= 2 * levels[now]) {
        ++most;
    }
    return most == now ? step_values{} : step_values{{*count, static_cast<double>(most)}};
}

} // namespace detail

/// Rates 3, 10, 30 and 100 times as high with the smallest batches of the space, and with up to
/// twice the epochs besides; none where there are neither. Then each of `elus`, changes that give
/// all hidden layers such an activation where they have another, with rates 1, 10, 100 and 1000
/// times as high, alone and with both. A rate that is not within a tenth and ten times of `usual`,
/// the optimizer's usual one, is first set to that, which is a step of its own then. `raw`: the
/// values to start from, see full_values. None where the space has no range of learning rates.
[[nodiscard]] inline std::vector<step> stronger_steps(
    const fix_space& space,
    const std::vector<double>& raw,
    double usual,
    std::span<const step_values> elus
) {
    std::vector<step> steps;
    const std::vector<parameter>& parameters = space.over().parameters();
    const auto rate = find_site(space, fix_target::learning_rate);
    if (!rate || parameters[*rate].kind != parameter_kind::real || !(raw[*rate] > 0)) {
        return steps;
    }
    const step_values batch = detail::smallest_batches(space, raw);
    const step_values epochs = detail::up_to_twice_the_epochs(space, raw);
    const double now = raw[*rate];
    const bool is_usual = now >= 0.1 * usual && now <= 10 * usual;
    const auto add = [&](step_kind kind, double factor, std::initializer_list<step_values> parts) {
        const double to =
            is_usual && factor == 1 ? now : rounded((is_usual ? now : usual) * factor, 4);
        if (to < parameters[*rate].low || to > parameters[*rate].high) {
            return;
        }
        step_values values;
        for (const step_values& part : parts) {
            values.insert(values.end(), part.begin(), part.end());
        }
        if (to != now) {
            values.emplace_back(*rate, to);
        }
        std::sort(values.begin(), values.end());
        steps.push_back({kind, std::move(values)});
    };
    for (const double factor : std::array{1.0, 3.0, 10.0, 30.0, 100.0}) {
        if (factor == 1 && is_usual) {
            continue;
        }
        const step_kind kind =
            factor > 10 ? step_kind::much_stronger_training : step_kind::stronger_training;
        if (!batch.empty()) {
            add(kind, factor, {batch});
        }
        if (!epochs.empty()) {
            add(kind, factor, {batch, epochs});
        }
    }
    for (const step_values& elu : elus) {
        if (std::all_of(elu.begin(), elu.end(), [&](const auto& v) {
                return raw[v.first] == v.second;
            })) {
            continue;
        }
        for (const double factor : std::array{1.0, 10.0, 100.0, 1000.0}) {
            const step_kind kind =
                factor > 10 ? step_kind::much_stronger_elu : step_kind::elu_training;
            if (factor > 1 || !is_usual) {
                add(kind, factor, {elu});
            }
            add(kind, factor, {elu, batch, epochs});
        }
    }
    return steps;
}

} // namespace mend
