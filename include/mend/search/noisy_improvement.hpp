// SPDX-License-Identifier: MIT
/// Expected improvement where what was observed is noisy (Letham, Karrer, Ottoni, Bakshy:
/// "Constrained Bayesian optimization with noisy experiments", Bayesian Analysis 2019).
///
/// The best observation says little then: what is to be beaten is the lowest value that the
/// function itself takes at the points observed, which is not known. The expectation over it is the
/// mean of plain expected improvements over functions drawn from the posterior at these points, by
/// scrambled Sobol numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/search/acquisition.hpp>
#include <mend/search/cholesky.hpp>
#include <mend/search/gaussian_process.hpp>
#include <mend/search/lanes.hpp>
#include <mend/search/sobol.hpp>
#include <mend/search/truncated_normal.hpp>

namespace mend {

struct noisy_improvement_options {
    std::size_t draws = 32; ///< functions drawn from the posterior
    std::uint64_t seed = 0;
};

class noisy_improvement {
public:
    /// `inputs` are the points that the process was conditioned on, at least one, row by row. Cost:
    /// draws x (n^3 / 3 multiply-adds and n^2 kernels).
    noisy_improvement(
        const gaussian_process& process,
        std::span<const double> inputs,
        const noisy_improvement_options& options = {}
    );

    /// Expected improvement at a point, >= 0, to be maximised. Cost: one prediction per draw.
    [[nodiscard]] double operator()(std::span<const double> x) const {
        double sum = 0;
        for (std::size_t s = 0; s < functions_.size(); ++s) {
            const gaussian_prediction at = functions_[s].predict(x);
            sum += expected_improvement(at.mean, std::sqrt(at.variance), lowest_[s]);
        }
        return functions_.empty() ? 0 : sum / static_cast<double>(functions_.size());
    }

    /// The lowest value, at the points observed, of each function drawn.
    [[nodiscard]] std::span<const double> lowest() const noexcept { return lowest_; }

private:
    std::vector<gaussian_process> functions_; ///< each sure of one draw
    std::vector<double> lowest_;
};

inline noisy_improvement::noisy_improvement(
    const gaussian_process& process,
    std::span<const double> inputs,
    const noisy_improvement_options& options
) {
    const std::size_t n = process.size();
    const std::size_t step = detail::padded(n);
    gaussian_parameters sure = process.parameters();
    MEND_EXPECTS(n > 0 && inputs.size() == n * sure.kernel.columns(), "the points observed");
    std::vector<gaussian_prediction> mean(n);
    process.predict(inputs, mean);

    // Posterior covariance at the points: K - K (K + noise)^-1 K = K - V' V with V = L^-1 K.
    detail::gaussian_columns columns;
    detail::set_columns(columns, inputs, sure);
    std::vector<double> covariance(n * step);
    detail::fill_covariance(sure.kernel, columns, columns, covariance.data(), step);
    std::vector<double> noisy = covariance;
    for (std::size_t i = 0; i < n; ++i) {
        noisy[i * step + i] += sure.noise + 1e-8;
    }
    std::vector<double> factor;
    static_cast<void>(detail::factor_with_jitter(noisy, factor, n, step));
    std::vector<double> inverse(n * step);
    detail::invert_factor(factor.data(), inverse.data(), n, step);
    std::vector<double> explained(n * step, 0.0); // V
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k <= i; ++k) {
            detail::add_scaled(
                inverse[i * step + k],
                covariance.data() + k * step,
                explained.data() + i * step,
                step
            );
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < n; ++k) {
            detail::add_scaled(
                -explained[k * step + i],
                explained.data() + k * step,
                covariance.data() + i * step,
                step
            );
        }
    }
    if (std::isnan(detail::factor_with_jitter(covariance, factor, n, step))) {
        return;
    }

    sure.noise = 1e-6 * sure.kernel.variance;
    const sobol_sequence numbers(n, options.seed);
    std::vector<double> values(n);
    for (std::size_t s = 0; s < options.draws; ++s) {
        std::vector<double> normal = numbers.at(s);
        for (double& u : normal) {
            u = normal_quantile(std::clamp(u, 1e-12, 1 - 1e-12));
        }
        for (std::size_t i = 0; i < n; ++i) {
            values[i] = mean[i].mean + detail::dot(factor.data() + i * step, normal.data(), i + 1);
        }
        gaussian_process one;
        if (one.condition(sure, inputs, values)) {
            functions_.push_back(std::move(one));
            lowest_.push_back(*std::min_element(values.begin(), values.end()));
        }
    }
}

} // namespace mend
