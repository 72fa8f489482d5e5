// SPDX-License-Identifier: MIT
/// Gaussian process regression: a posterior over functions, given noisy values at some points.
///
/// Rasmussen, Williams: "Gaussian processes for machine learning" (2006), algorithm 2.1, with input
/// warping of the leading numeric columns. The inverse of the Cholesky factor is kept, so that
/// predictions are products: n (columns + n / 2) multiply-adds each. Everything is in doubles and a
/// fixed function of its arguments.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/search/cholesky.hpp>
#include <mend/search/gaussian_kernel.hpp>
#include <mend/search/lanes.hpp>
#include <mend/search/warping.hpp>

namespace mend {

/// All that a Gaussian process is made of but the data.
struct gaussian_parameters {
    gaussian_kernel kernel{};
    double noise = 0.01;          ///< variance of what is observed around the function, >= 0
    double mean = 0;              ///< of the function, everywhere
    std::vector<double> warp_a{}; ///< Kumaraswamy's a of the leading numeric columns, which lie in
                                  ///< [0, 1]; may be empty
    std::vector<double> warp_b{}; ///< as many

    friend bool operator==(const gaussian_parameters&, const gaussian_parameters&) = default;
};

/// Of the function, without the noise of an observation.
struct gaussian_prediction {
    double mean = 0;
    double variance = 0; ///< >= 1e-15 of the prior's
};

namespace detail {

/// Points by columns, each padded to whole vectors, ready for covariances.
struct gaussian_columns {
    std::size_t points = 0;
    std::size_t step = 0; ///< from column to column
    std::vector<double> data{};

    [[nodiscard]] const double* column(std::size_t c) const noexcept {
        return data.data() + c * step;
    }
};

/// Points given row by row, their leading columns warped.
inline void
set_columns(gaussian_columns& to, std::span<const double> rows, const gaussian_parameters& by) {
    const std::size_t width = by.kernel.columns();
    to.points = width == 0 ? 0 : rows.size() / width;
    to.step = padded(to.points);
    to.data.assign(to.step * width, 0.0);
    for (std::size_t c = 0; c < width; ++c) {
        double* const column = to.data.data() + c * to.step;
        for (std::size_t i = 0; i < to.points; ++i) {
            const double x = rows[i * width + c];
            column[i] = c < by.warp_a.size() ? warp_input(x, by.warp_a[c], by.warp_b[c]).value : x;
        }
    }
}

template <kernel_family Family>
[[gnu::noinline]] void fill_family_covariance(
    const gaussian_kernel& kernel,
    const gaussian_columns& a,
    const gaussian_columns& b,
    double* to,
    std::size_t to_step,
    double* slopes
) {
    const std::size_t numeric = kernel.lengths.size();
    std::vector<double> weights(numeric);
    for (std::size_t d = 0; d < numeric; ++d) {
        weights[d] = 1 / (kernel.lengths[d] * kernel.lengths[d]);
    }
    for (std::size_t i = 0; i < a.points; ++i) {
        for (std::size_t j = 0; j < b.step; j += lane_count) {
            double_lanes square{};
            double_lanes product{};
            double_lanes decay{};
            for (std::size_t d = 0; d < numeric; ++d) {
                const double left = a.column(d)[i];
                const double_lanes right = load_lanes(b.column(d) + j);
                const double_lanes difference = right - left;
                square += difference * difference * weights[d];
                product += left * right;
            }
            for (std::size_t c = 0; c < kernel.decays.size(); ++c) {
                const double_lanes right = load_lanes(b.column(numeric + c) + j);
                const double_lanes left = spread(a.column(numeric + c)[i]);
                decay += left != right ? spread(kernel.decays[c]) : double_lanes{};
            }
            double_lanes value{};
            double_lanes slope{};
            radial<Family>(square, decay, value, slope);
            const std::size_t at = i * to_step + j;
            store_lanes(kernel.variance * value + kernel.linear * product, to + at);
            if (slopes) {
                store_lanes(kernel.variance * slope, slopes + at);
            }
        }
    }
}

/// Covariances of the points of `a` with those of `b`, row i of a.points at `to + i * to_step`,
/// padded(b.points) numbers each; where they are asked for also the radial part's derivatives with
/// respect to r^2.
inline void fill_covariance(
    const gaussian_kernel& kernel,
    const gaussian_columns& a,
    const gaussian_columns& b,
    double* to,
    std::size_t to_step,
    double* slopes = nullptr
) {
    with_family(kernel.family, [&]<kernel_family Family>() {
        fill_family_covariance<Family>(kernel, a, b, to, to_step, slopes);
    });
}

/// k(x, x) of each point, and the warping done.
[[nodiscard]] inline double
prior_variance(const gaussian_kernel& kernel, const gaussian_columns& at, std::size_t i) noexcept {
    double square = 0;
    if (kernel.linear != 0) {
        for (std::size_t d = 0; d < kernel.lengths.size(); ++d) {
            square += at.column(d)[i] * at.column(d)[i];
        }
    }
    return kernel.variance + kernel.linear * square;
}

} // namespace detail

class gaussian_process {
public:
    /// Conditions on `targets` observed at `inputs`, points row by row: the kernel's numeric
    /// columns, then the categorical ones. False, and nothing to predict with, where the covariance
    /// is not positive definite even with a jitter of a tenth of its diagonal or is not finite.
    /// Cost: n^3 / 3 multiply-adds and n^2 kernels.
    [[nodiscard]] bool condition(
        gaussian_parameters parameters,
        std::span<const double> inputs,
        std::span<const double> targets
    );

    /// Number of points conditioned on.
    [[nodiscard]] std::size_t size() const noexcept { return alpha_.size(); }

    [[nodiscard]] const gaussian_parameters& parameters() const noexcept { return parameters_; }

    /// Log of the density of the targets; without its noise floor a matter of taste: the diagonal
    /// holds noise + 1e-8.
    [[nodiscard]] double log_likelihood() const noexcept { return log_likelihood_; }

    [[nodiscard]] gaussian_prediction predict(std::span<const double> x) const {
        gaussian_prediction made;
        predict(x, std::span(&made, 1));
        return made;
    }

    /// Of many points, row by row: as fast as it gets from eight points on.
    void predict(std::span<const double> rows, std::span<gaussian_prediction> to) const;

    /// Writes the derivatives of mean and variance with respect to the numeric columns of x.
    [[nodiscard]] gaussian_prediction predict_with_gradient(
        std::span<const double> x, std::span<double> by_mean, std::span<double> by_variance
    ) const;

private:
    gaussian_parameters parameters_;
    detail::gaussian_columns columns_;
    std::size_t step_ = 0;
    std::vector<double> inverse_; ///< of the Cholesky factor
    std::vector<double> alpha_;   ///< K^-1 (targets - mean)
    double log_likelihood_ = 0;
};

inline bool gaussian_process::condition(
    gaussian_parameters parameters, std::span<const double> inputs, std::span<const double> targets
) {
    parameters_ = std::move(parameters);
    const std::size_t n = targets.size();
    MEND_EXPECTS(inputs.size() == n * parameters_.kernel.columns(), "one target per row");
    MEND_EXPECTS(
        parameters_.warp_a.size() == parameters_.warp_b.size() &&
            parameters_.warp_a.size() <= parameters_.kernel.lengths.size(),
        "a and b of numeric columns"
    );
    detail::set_columns(columns_, inputs, parameters_);
    step_ = detail::padded(n);
    std::vector<double> matrix(n * step_);
    detail::fill_covariance(parameters_.kernel, columns_, columns_, matrix.data(), step_);
    for (std::size_t i = 0; i < n; ++i) {
        matrix[i * step_ + i] += parameters_.noise + 1e-8;
    }
    std::vector<double> factor;
    if (std::isnan(detail::factor_with_jitter(matrix, factor, n, step_))) {
        alpha_.clear();
        return false;
    }
    inverse_.resize(n * step_);
    detail::invert_factor(factor.data(), inverse_.data(), n, step_);
    std::vector<double> rest(targets.begin(), targets.end());
    for (double& r : rest) {
        r -= parameters_.mean;
    }
    alpha_.resize(n);
    detail::solve_from_factor(inverse_.data(), rest.data(), alpha_.data(), n, step_);
    constexpr double half_log_two_pi = 0.91893853320467274178;
    log_likelihood_ = -0.5 * detail::dot(rest.data(), alpha_.data(), n) -
                      half_log_two_pi * static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
        log_likelihood_ -= std::log(factor[i * step_ + i]);
    }
    return true;
}

inline void
gaussian_process::predict(std::span<const double> rows, std::span<gaussian_prediction> to) const {
    const std::size_t width = parameters_.kernel.columns();
    MEND_EXPECTS(rows.size() == to.size() * width, "one prediction per row");
    constexpr std::size_t block = 64;
    const std::size_t n = size();
    detail::gaussian_columns points;
    std::vector<double> cross(n * block);
    std::array<double, block> known{};
    std::array<double, block> means{};
    for (std::size_t begin = 0; begin < to.size(); begin += block) {
        const std::size_t count = std::min(block, to.size() - begin);
        detail::set_columns(points, rows.subspan(begin * width, count * width), parameters_);
        const std::size_t step = detail::padded(count);
        detail::fill_covariance(parameters_.kernel, columns_, points, cross.data(), step);
        means.fill(parameters_.mean);
        for (std::size_t i = 0; i < n; ++i) {
            detail::add_scaled(alpha_[i], cross.data() + i * step, means.data(), step);
        }
        detail::explained_squares(
            inverse_.data(), n, step_, cross.data(), step, step, known.data()
        );
        for (std::size_t i = 0; i < count; ++i) {
            const double prior = detail::prior_variance(parameters_.kernel, points, i);
            to[begin + i] = {means[i], std::max(prior - known[i], 1e-15 * prior)};
        }
    }
}

inline gaussian_prediction gaussian_process::predict_with_gradient(
    std::span<const double> x, std::span<double> by_mean, std::span<double> by_variance
) const {
    const gaussian_kernel& kernel = parameters_.kernel;
    const std::size_t numeric = kernel.lengths.size();
    const std::size_t n = size();
    MEND_EXPECTS(
        x.size() == kernel.columns() && by_mean.size() == numeric && by_variance.size() == numeric,
        "one derivative per numeric column"
    );
    std::vector<double> at(x.begin(), x.end());
    std::vector<double> stretch(numeric, 1.0);
    for (std::size_t d = 0; d < parameters_.warp_a.size(); ++d) {
        const warped_input w = warp_input(x[d], parameters_.warp_a[d], parameters_.warp_b[d]);
        at[d] = w.value;
        stretch[d] = w.by_u;
    }
    std::vector<double> other(x.size());
    std::vector<double> cross(n);
    std::vector<double> slopes(n * numeric);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t c = 0; c < x.size(); ++c) {
            other[c] = columns_.column(c)[i];
        }
        cross[i] = kernel.with_gradient(at, other, std::span(slopes).subspan(i * numeric, numeric));
    }
    std::vector<double> solved(n);
    detail::solve_from_factor(inverse_.data(), cross.data(), solved.data(), n, step_);
    gaussian_prediction made{parameters_.mean, kernel.variance};
    for (std::size_t d = 0; d < numeric; ++d) {
        made.variance += kernel.linear * at[d] * at[d];
        by_mean[d] = 0;
        by_variance[d] = 2 * kernel.linear * at[d];
    }
    const double prior = made.variance;
    for (std::size_t i = 0; i < n; ++i) {
        made.mean += alpha_[i] * cross[i];
        made.variance -= solved[i] * cross[i];
        for (std::size_t d = 0; d < numeric; ++d) {
            by_mean[d] += alpha_[i] * slopes[i * numeric + d];
            by_variance[d] -= 2 * solved[i] * slopes[i * numeric + d];
        }
    }
    for (std::size_t d = 0; d < numeric; ++d) {
        by_mean[d] *= stretch[d];
        by_variance[d] *= stretch[d];
    }
    made.variance = std::max(made.variance, 1e-15 * prior);
    return made;
}

} // namespace mend
