// SPDX-License-Identifier: MIT
/// Keras' Normalization: (x - mean) / max(sqrt(variance), 1e-7), per entry of the last dimension or
/// for all numbers alike.
///
/// Mean and variance are given, or learnt once from the train part (`network::adapt`); then they
/// are weights that no gradient reaches: mean, variance and count, as in Keras, with the variance
/// over all numbers (not the unbiased one).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <mend/autodiff/functions.hpp>
#include <mend/core/config.hpp>
#include <mend/nn/layer.hpp>

namespace mend {

struct normalization_options {
    bool per_channel = true;        ///< Keras' axis = -1; false: axis = None
    std::vector<double> mean{};     ///< one per channel or one for all; with `variance`: not learnt
    std::vector<double> variance{}; ///< as many as `mean`
    bool invert = false;            ///< x * max(sqrt(variance), 1e-7) + mean instead
};

class normalization {
public:
    explicit normalization(normalization_options options = {})
        : options_(std::move(options)) {
        MEND_EXPECTS(
            options_.mean.empty() == options_.variance.empty(), "mean and variance come together"
        );
    }

    [[nodiscard]] bool adapts() const noexcept { return options_.mean.empty(); }

    [[nodiscard]] shape output(const shape& sample) const {
        const auto fits = [&](const std::vector<double>& given) {
            return given.size() <= 1 || static_cast<index>(given.size()) == channels(sample);
        };
        MEND_EXPECTS(
            fits(options_.mean) && fits(options_.variance), "one mean and variance per channel"
        );
        return sample;
    }

    [[nodiscard]] std::vector<parameter_spec> parameters(const shape& sample) const {
        if (!adapts()) {
            return {};
        }
        const shape extents = options_.per_channel ? shape{channels(sample)} : shape{};
        return {
            {"mean", extents, initializer::zeros, {}, false},
            {"variance", extents, initializer::ones, {}, false},
            {"count", shape{}, initializer::zeros, {}, false}};
    }

    /// Mean and variance of x, which holds rows of this layer's input.
    template <class Scalar>
    void adapt(tensor_view<const Scalar> x, std::span<const tensor_view<Scalar>> parameters) const {
        const index period = parameters[0].size();
        const index rows = x.size() / period;
        MEND_EXPECTS(rows > 0, "statistics need data");
        std::vector<double> mean(static_cast<std::size_t>(period));
        std::vector<double> square(static_cast<std::size_t>(period));
        const auto collect = [&](std::vector<double>& sums, const auto& term) {
            for (index r = 0; r < rows; ++r) {
                for (index c = 0; c < period; ++c) {
                    sums[static_cast<std::size_t>(c)] +=
                        term(static_cast<double>(x[r * period + c]), static_cast<std::size_t>(c));
                }
            }
            for (double& sum : sums) {
                sum /= static_cast<double>(rows);
            }
        };
        collect(mean, [](double v, std::size_t) { return v; });
        collect(square, [&](double v, std::size_t c) { return (v - mean[c]) * (v - mean[c]); });
        for (index c = 0; c < period; ++c) {
            parameters[0][c] = static_cast<Scalar>(mean[static_cast<std::size_t>(c)]);
            parameters[1][c] = static_cast<Scalar>(square[static_cast<std::size_t>(c)]);
        }
        parameters[2][0] = static_cast<Scalar>(rows);
    }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const shape& extents = p.tape.extents(x);
        const bool learnt = adapts();
        const index given = static_cast<index>(options_.mean.size());
        const index period = learnt      ? p.tape.extents(p.parameters[0]).size()
                             : given > 1 ? extents[extents.rank() - 1]
                                         : 1;
        Scalar* const factor = p.tape.allocate(period);
        Scalar* const shift = p.tape.allocate(period);
        for (index c = 0; c < period; ++c) {
            const auto at = static_cast<std::size_t>(c);
            const Scalar mean =
                learnt ? p.tape.data(p.parameters[0])[c] : static_cast<Scalar>(options_.mean[at]);
            const Scalar variance = learnt ? p.tape.data(p.parameters[1])[c]
                                           : static_cast<Scalar>(options_.variance[at]);
            const Scalar deviation = std::max(std::sqrt(variance), Scalar(1e-7));
            factor[c] = options_.invert ? deviation : 1 / deviation;
            shift[c] = options_.invert ? mean : -mean / deviation;
        }
        return scale_and_shift(p.tape, x, factor, shift, period);
    }

private:
    [[nodiscard]] index channels(const shape& sample) const {
        MEND_EXPECTS(sample.rank() > 0, "normalization takes at least one dimension");
        return sample[sample.rank() - 1];
    }

    normalization_options options_;
};

} // namespace mend
