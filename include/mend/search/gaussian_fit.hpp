// SPDX-License-Identifier: MIT
/// Chooses the parameters of a Gaussian process: the largest posterior density, by L-BFGS.
///
/// Minimised is  -(log likelihood + sum of log priors + sum of log |d theta / du|)  over u, where
/// every positive parameter is theta = least + softplus(u); the last sum, over parameters with a
/// prior, is GPy's habit and an option. Gradients are analytic. Cost of one evaluation for n points
/// and D columns: n^3 / 2 + some 5 n^2 D multiply-adds and n^2 kernels.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/search/cholesky.hpp>
#include <mend/search/gaussian_kernel.hpp>
#include <mend/search/gaussian_process.hpp>
#include <mend/search/lanes.hpp>
#include <mend/search/lbfgs.hpp>
#include <mend/search/prior.hpp>
#include <mend/search/warping.hpp>

namespace mend {

/// A parameter's prior and the least value it may take.
struct fitted_parameter {
    positive_prior prior{};
    double least = 0;
};

struct gaussian_fit_options {
    fitted_parameter variance{positive_prior::gamma(0.5, 1)};
    fitted_parameter noise{positive_prior::log_normal(-4.63, 0.5)};
    fitted_parameter length{};
    fitted_parameter decay{};
    fitted_parameter linear{};
    fitted_parameter warp{positive_prior::log_normal(0, 0.75)};
    bool fits_mean = false;
    bool jacobian = true; ///< the density is that of u, not of the parameters
    int restarts = 10;    ///< runs of L-BFGS: from the start given, then from draws of the priors
    lbfgs_options search{};
};

/// Minus the log posterior of a Gaussian process and its gradient, as a function of the free
/// parameters: variance, noise, linear (where it is not 0), lengths, decays, a, b; the mean.
class gaussian_posterior {
public:
    /// The shape and family are those of `like`; the data must outlive this.
    gaussian_posterior(
        const gaussian_parameters& like,
        std::span<const double> inputs,
        std::span<const double> targets,
        const gaussian_fit_options& options
    );

    /// Number of free parameters.
    [[nodiscard]] std::size_t size() const noexcept { return slots_.size(); }

    [[nodiscard]] std::vector<double> to_free(const gaussian_parameters& from) const;
    [[nodiscard]] gaussian_parameters from_free(std::span<const double> u) const;

    /// A start drawn from the priors.
    [[nodiscard]] std::vector<double> sample(random_stream& stream) const;

    /// Infinite where the covariance cannot be factored.
    [[nodiscard]] double operator()(std::span<const double> u, std::span<double> gradient);

private:
    /// A free parameter; `is_free` of the mean, whose sign is free.
    struct slot {
        fitted_parameter how;
        bool is_free = false;
    };

    /// The free parameters of p in the order of the slots.
    [[nodiscard]] std::vector<double*> list(gaussian_parameters& p) const;

    void add_column_gradients(std::span<double> by);

    gaussian_parameters shape_;
    std::span<const double> inputs_;
    std::span<const double> targets_;
    bool linear_;
    bool fits_mean_;
    bool jacobian_;
    std::vector<slot> slots_;
    std::size_t step_;
    gaussian_parameters now_;
    detail::gaussian_columns columns_;
    std::vector<double> covariance_;
    std::vector<double> slopes_;
    std::vector<double> factor_;
    std::vector<double> factor_inverse_;
    std::vector<double> inverse_;
    std::vector<double> alpha_;
    std::vector<double> rest_;
};

/// The parameters of the largest posterior density that L-BFGS finds from `start`, then from
/// `options.restarts - 1` draws of the priors. Returns `start` where nothing can be evaluated.
[[nodiscard]] inline gaussian_parameters fit_gaussian(
    const gaussian_parameters& start,
    std::span<const double> inputs,
    std::span<const double> targets,
    const gaussian_fit_options& options,
    random_stream& stream
) {
    gaussian_posterior posterior(start, inputs, targets, options);
    lbfgs_result best;
    for (int run = 0; run < options.restarts; ++run) {
        lbfgs_result found = minimise_lbfgs(
            posterior,
            run == 0 ? posterior.to_free(start) : posterior.sample(stream),
            options.search
        );
        if (found.value < best.value) {
            best = std::move(found);
        }
    }
    return best.x.empty() ? start : posterior.from_free(best.x);
}

inline std::vector<double*> gaussian_posterior::list(gaussian_parameters& p) const {
    std::vector<double*> all{&p.kernel.variance, &p.noise};
    if (linear_) {
        all.push_back(&p.kernel.linear);
    }
    for (auto* const group : {&p.kernel.lengths, &p.kernel.decays, &p.warp_a, &p.warp_b}) {
        for (double& value : *group) {
            all.push_back(&value);
        }
    }
    if (fits_mean_) {
        all.push_back(&p.mean);
    }
    return all;
}

inline gaussian_posterior::gaussian_posterior(
    const gaussian_parameters& like,
    std::span<const double> inputs,
    std::span<const double> targets,
    const gaussian_fit_options& options
)
    : shape_(like)
    , inputs_(inputs)
    , targets_(targets)
    , linear_(like.kernel.linear != 0)
    , fits_mean_(options.fits_mean)
    , jacobian_(options.jacobian)
    , step_(detail::padded(targets.size())) {
    MEND_EXPECTS(inputs.size() == targets.size() * like.kernel.columns(), "one target per row");
    const std::size_t linear = linear_ ? 1 : 0;
    const std::size_t lengths = 2 + linear;
    const std::size_t decays = lengths + like.kernel.lengths.size();
    const std::size_t warps = decays + like.kernel.decays.size();
    const std::size_t end = warps + 2 * like.warp_a.size();
    slots_.resize(end + (fits_mean_ ? 1 : 0));
    for (std::size_t at = 0; at < slots_.size(); ++at) {
        slots_[at].how = at == 0        ? options.variance
                         : at == 1      ? options.noise
                         : at < lengths ? options.linear
                         : at < decays  ? options.length
                         : at < warps   ? options.decay
                                        : options.warp;
        slots_[at].is_free = at == end;
    }
    const std::size_t n = targets.size();
    for (auto* const matrix : {&covariance_, &slopes_, &factor_, &factor_inverse_, &inverse_}) {
        matrix->resize(n * step_);
    }
    alpha_.resize(n);
    rest_.resize(n);
}

inline std::vector<double> gaussian_posterior::to_free(const gaussian_parameters& from) const {
    gaussian_parameters copy = from;
    const std::vector<double*> values = list(copy);
    std::vector<double> u(size());
    for (std::size_t at = 0; at < u.size(); ++at) {
        const slot& s = slots_[at];
        u[at] =
            s.is_free ? *values[at] : inverse_softplus(std::max(*values[at] - s.how.least, 1e-12));
    }
    return u;
}

inline gaussian_parameters gaussian_posterior::from_free(std::span<const double> u) const {
    gaussian_parameters made = shape_;
    const std::vector<double*> values = list(made);
    for (std::size_t at = 0; at < u.size(); ++at) {
        const slot& s = slots_[at];
        *values[at] = s.is_free ? u[at] : s.how.least + std::max(softplus(u[at]), 1e-15);
    }
    return made;
}

inline std::vector<double> gaussian_posterior::sample(random_stream& stream) const {
    std::vector<double> u(size());
    for (std::size_t i = 0; i < u.size(); ++i) {
        const slot& s = slots_[i];
        u[i] = s.is_free
                   ? 0
                   : inverse_softplus(std::max(s.how.prior.sample(stream) - s.how.least, 1e-12));
    }
    return u;
}

inline double
gaussian_posterior::operator()(std::span<const double> u, std::span<double> gradient) {
    constexpr double half_log_two_pi = 0.91893853320467274178;
    constexpr double wall = std::numeric_limits<double>::infinity();
    const std::size_t n = targets_.size();
    now_ = from_free(u);
    detail::set_columns(columns_, inputs_, now_);
    detail::fill_covariance(
        now_.kernel, columns_, columns_, covariance_.data(), step_, slopes_.data()
    );
    for (std::size_t i = 0; i < n; ++i) {
        covariance_[i * step_ + i] += now_.noise + 1e-8;
        rest_[i] = targets_[i] - now_.mean;
    }
    if (std::isnan(detail::factor_with_jitter(covariance_, factor_, n, step_))) {
        return wall;
    }
    detail::invert_factor(factor_.data(), factor_inverse_.data(), n, step_);
    detail::invert_from_factor(factor_inverse_.data(), inverse_.data(), n, step_);
    detail::solve_from_factor(factor_inverse_.data(), rest_.data(), alpha_.data(), n, step_);
    double value = 0.5 * detail::dot(rest_.data(), alpha_.data(), n) +
                   half_log_two_pi * static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
        value += std::log(factor_[i * step_ + i]);
    }
    // The likelihood's derivatives by the natural parameters, in the order of the slots.
    std::fill(gradient.begin(), gradient.end(), 0.0);
    add_column_gradients(gradient);
    for (std::size_t at = 0; at < slots_.size(); ++at) {
        const slot& s = slots_[at];
        if (s.is_free) {
            gradient[at] = -gradient[at];
            continue;
        }
        const double positive = std::max(softplus(u[at]), 1e-15);
        const double slope = softplus_slope(positive);
        double by = gradient[at];
        double by_u = 0;
        if (!s.how.prior.is_flat()) {
            const double natural = s.how.least + positive;
            value -= s.how.prior.log_density(natural);
            by += s.how.prior.slope(natural);
            if (jacobian_) {
                value -= std::log(slope);
                by_u = 1 - slope; // d log(slope) / du = e^-softplus
            }
        }
        gradient[at] = -(by * slope + by_u);
    }
    return std::isfinite(value) ? value : wall;
}

/// With Q = alpha alpha' - K^-1, d log likelihood / d theta is half the sum of Q_ij dK_ij / dtheta.
inline void gaussian_posterior::add_column_gradients(std::span<double> by) {
    using detail::double_lanes;
    const gaussian_kernel& kernel = now_.kernel;
    const std::size_t n = targets_.size();
    const std::size_t numeric = kernel.lengths.size();
    const std::size_t decays = kernel.decays.size();
    const std::size_t warped = now_.warp_a.size();
    const std::size_t first_length = linear_ ? 3 : 2;
    const std::size_t first_decay = first_length + numeric;
    const std::size_t first_warp = first_decay + decays;
    std::vector<double> q(step_, 0.0);      // row i of Q
    std::vector<double> steep(step_, 0.0);  // Q_ij dk_ij / dr^2
    std::vector<double> radial(step_, 0.0); // Q_ij times the radial part of k_ij
    std::vector<double> inner(step_, 0.0);  // w_i . w_j
    double by_linear = 0;
    double by_noise = 0;
    double by_radial = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double* const k = covariance_.data() + i * step_;
        std::fill(inner.begin(), inner.end(), 0.0);
        if (linear_) {
            for (std::size_t d = 0; d < numeric; ++d) {
                detail::add_scaled(columns_.column(d)[i], columns_.column(d), inner.data(), step_);
            }
        }
        for (std::size_t j = 0; j < n; ++j) {
            q[j] = alpha_[i] * alpha_[j] - inverse_[i * step_ + j];
            steep[j] = q[j] * slopes_[i * step_ + j];
            const double noise = i == j ? now_.noise + 1e-8 : 0;
            radial[j] = q[j] * (k[j] - noise - kernel.linear * inner[j]);
            by_radial += radial[j];
            by_linear += q[j] * inner[j];
        }
        by_noise += q[i];
        for (std::size_t d = 0; d < numeric; ++d) {
            const double* const column = columns_.column(d);
            const double own = column[i];
            double_lanes moments{};
            double_lanes squares{};
            double_lanes linear{};
            for (std::size_t j = 0; j < step_; j += detail::lane_count) {
                const double_lanes other = detail::load_lanes(column + j);
                const double_lanes difference = own - other;
                const double_lanes moment = detail::load_lanes(steep.data() + j) * difference;
                moments += moment;
                squares += moment * difference;
                linear += detail::load_lanes(q.data() + j) * other;
            }
            const double length = kernel.lengths[d];
            by[first_length + d] -= detail::sum_lanes(squares) / (length * length * length);
            if (d < warped) {
                const double by_w = 2 * detail::sum_lanes(moments) / (length * length) +
                                    kernel.linear * detail::sum_lanes(linear);
                const warped_input w =
                    warp_input(inputs_[i * kernel.columns() + d], now_.warp_a[d], now_.warp_b[d]);
                by[first_warp + d] += by_w * w.by_a;
                by[first_warp + warped + d] += by_w * w.by_b;
            }
        }
        for (std::size_t c = 0; c < decays; ++c) {
            const double* const column = columns_.column(numeric + c);
            double sum = 0;
            for (std::size_t j = 0; j < n; ++j) {
                sum += column[j] != column[i] ? radial[j] : 0;
            }
            by[first_decay + c] -= 0.5 * sum;
        }
    }
    by[0] = 0.5 * by_radial / kernel.variance;
    by[1] = 0.5 * by_noise;
    if (linear_) {
        by[2] = 0.5 * by_linear;
    }
    if (fits_mean_) {
        by[slots_.size() - 1] = std::accumulate(alpha_.begin(), alpha_.end(), 0.0);
    }
}

} // namespace mend
