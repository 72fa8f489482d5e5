// SPDX-License-Identifier: MIT
/// Analytic gradients against central differences, in double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <mend/autodiff/tape.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// The largest |analytic - numeric| / max(1, |analytic|, |numeric|) over all numbers of `inputs`,
/// for a function `variable f(tape<double>&, std::span<const variable> leaves)` whose result is a
/// scalar. Central differences with steps of 1e-5: errors of about 1e-9 where f is smooth; where a
/// kink (relu, max) is closer than a step, the difference is meaningless.
template <class Function>
[[nodiscard]] double gradient_error(std::vector<tensor<double>> inputs, const Function& f) {
    tape<double> t;
    std::vector<tensor<double>> found;
    for (const tensor<double>& input : inputs) {
        found.emplace_back(input.extents());
    }
    std::vector<variable> leaves;
    const auto run = [&](bool differentiate) {
        t.rewind();
        leaves.clear();
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const tensor_view<const double> value = std::as_const(inputs[i]).view();
            leaves.push_back(
                differentiate ? t.parameter(value, found[i].data()) : t.constant(value)
            );
        }
        return f(t, std::span<const variable>(leaves));
    };
    t.backward(run(true));
    double worst = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        for (index j = 0; j < inputs[i].size(); ++j) {
            const double kept = inputs[i][j];
            const double step = 1e-5 * std::max(1.0, std::abs(kept));
            inputs[i][j] = kept + step;
            const double up = *t.data(run(false));
            inputs[i][j] = kept - step;
            const double down = *t.data(run(false));
            inputs[i][j] = kept;
            const double numeric = (up - down) / (2 * step);
            const double analytic = found[i][j];
            const double scale = std::max({1.0, std::abs(numeric), std::abs(analytic)});
            const double difference = std::abs(numeric - analytic) / scale;
            worst = difference > worst || std::isnan(difference) ? difference : worst;
        }
    }
    return worst;
}

} // namespace mend
