// SPDX-License-Identifier: MIT
/// What HEBO makes of the trials told: which of them count, their values transformed, a Gaussian
/// process fitted to them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/search/gaussian_fit.hpp>
#include <mend/search/gaussian_process.hpp>
#include <mend/search/genes.hpp>
#include <mend/search/prior.hpp>
#include <mend/search/warping.hpp>

namespace mend {

/// The Gaussian process behind HEBO.
enum class hebo_model : std::uint8_t {
    plain, ///< after HEBO 0.3.6: Matern 3/2 with a length per parameter, times a categorical kernel
    warped, ///< of the paper: Matern 3/2 plus linear over warped inputs, categories one-hot
};

/// How HEBO counts a failed trial.
enum class hebo_failures : std::uint8_t {
    dropped, ///< the model does not know of it
    worst,   ///< like the worst value told
};

namespace detail {

/// A trial as the model sees it; the value of a failed or open one is NaN.
struct hebo_observation {
    std::int64_t id = 0;
    std::vector<double> genes{};
    double value = 0;
};

/// Positions of at most `limit` numbers, in ascending order: all where there are no more. Else half
/// of them are the lowest, the other half are taken evenly from the rest, so that the model keeps
/// both what is near the best and what is known everywhere else.
[[nodiscard]] inline std::vector<std::size_t>
choose_subset(const std::vector<double>& values, std::size_t limit) {
    const std::size_t lowest = values.size() <= limit ? values.size() : (limit + 1) / 2;
    const std::size_t others = values.size() <= limit ? 0 : limit - lowest;
    double bound = std::numeric_limits<double>::infinity();
    std::size_t ties = values.size(); // how many of the numbers at the bound are among the lowest
    if (others > 0) {
        std::vector<double> sorted = values;
        const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(lowest - 1);
        std::nth_element(sorted.begin(), at, sorted.end());
        bound = *at;
        ties = lowest;
        for (const double v : values) {
            ties -= v < bound ? 1 : 0;
        }
    }
    std::vector<std::size_t> chosen;
    std::size_t seen = 0; // of the rest
    const std::size_t rest = values.size() - lowest;
    for (std::size_t i = 0; i < values.size(); ++i) {
        bool take = values[i] < bound;
        if (!take && values[i] == bound && ties > 0) {
            take = true;
            --ties;
        } else if (!take) {
            // The k-th of the others is number floor(k rest / others) of the rest.
            take = others > 0 && (seen * others) % rest < others;
            ++seen;
        }
        if (take) {
            chosen.push_back(i);
        }
    }
    return chosen;
}

/// Where the fit of the hyperparameters starts. `inputs` are rows of features.
[[nodiscard]] inline gaussian_parameters
hebo_start(hebo_model model, const gene_map& map, std::span<const double> inputs) {
    gaussian_parameters start;
    if (model == hebo_model::plain) {
        start.kernel.lengths.assign(map.numeric(), 0.5);
        start.kernel.decays.assign(map.categorical(), 0.5);
        return start;
    }
    start.kernel.variance = 0.5;
    start.kernel.linear = 1;
    start.noise = 1;
    start.warp_a.assign(map.numeric(), 1);
    start.warp_b.assign(map.numeric(), 1);
    const std::size_t width = map.width();
    std::vector<double> column(inputs.size() / width);
    for (std::size_t c = 0; c < width; ++c) {
        for (std::size_t i = 0; i < column.size(); ++i) {
            // The original takes the deviation of numeric columns scaled to [-1, 1].
            column[i] = inputs[i * width + c] * (c < map.numeric() ? 2 : 1);
        }
        start.kernel.lengths.push_back(std::max(0.02, find_moments(column).deviation));
    }
    return start;
}

/// Priors and effort of the fit to `count` observations.
[[nodiscard]] inline gaussian_fit_options hebo_fit(hebo_model model, std::size_t count) {
    gaussian_fit_options fit;
    if (model == hebo_model::warped) {
        fit.length.least = 5e-3;
        fit.restarts = count > 100 ? 5 : 10;
        return fit;
    }
    fit.variance.prior = positive_prior::gamma(0.5, 0.5);
    fit.noise = {positive_prior::log_normal(std::log(0.001), 1), 1e-6};
    fit.length = {positive_prior::log_normal(std::log(0.5), 0.7), 5e-3};
    fit.decay.prior = positive_prior::log_normal(std::log(0.7), 0.7);
    fit.fits_mean = true;
    fit.jacobian = false;
    fit.restarts = 1;
    return fit;
}

class hebo_surrogate {
public:
    hebo_surrogate() = default;

    hebo_surrogate(hebo_model model, hebo_failures failures, std::size_t limit)
        : model_(model)
        , failures_(failures)
        , limit_(limit) {}

    /// Learns from what was told, of which one trial at least did not fail. First the transformed
    /// values are fitted, then, where that cannot be done, the plain ones. False where neither can.
    [[nodiscard]] bool
    learn(const gene_map& map, const std::vector<hebo_observation>& told, random_stream& stream) {
        std::vector<std::size_t> used;
        std::vector<double> values;
        double worst = -std::numeric_limits<double>::infinity();
        double lowest = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < told.size(); ++i) {
            const double value = told[i].value;
            if (value < lowest) {
                lowest = value;
                best_ = i;
            }
            worst = std::isnan(value) ? worst : std::max(worst, value);
            if (!std::isnan(value) || failures_ == hebo_failures::worst) {
                used.push_back(i);
                values.push_back(value);
            }
        }
        for (double& v : values) {
            v = std::isnan(v) ? worst : v;
        }
        targets_.clear();
        inputs_.clear();
        std::vector<double> kept;
        for (const std::size_t i : choose_subset(values, limit_)) {
            kept.push_back(values[i]);
            append_features(map, told[used[i]].genes);
        }
        best_features_.resize(map.width());
        map.write_features(told[best_].genes, best_features_.data());
        if (const auto transform = fit_output_transform(kept);
            transform && fit(map, *transform, kept, stream)) {
            return true;
        }
        const auto plain = fit_power_transform(kept, power_kind::none);
        return fit(
            map,
            plain.value_or(power_transform{.scale = std::numeric_limits<double>::infinity()}),
            kept,
            stream
        );
    }

    /// Adds points whose values are not known yet, at what the model expects of them, so that it is
    /// sure of them without having learnt anything. False where it cannot be conditioned.
    [[nodiscard]] bool believe(const gene_map& map, const std::vector<hebo_observation>& open) {
        for (const hebo_observation& o : open) {
            append_features(map, o.genes);
            targets_.push_back(process_.predict(std::span(inputs_).last(map.width())).mean);
        }
        return open.empty() || process_.condition(process_.parameters(), inputs_, targets_);
    }

    [[nodiscard]] const gaussian_process& process() const noexcept { return process_; }

    /// Position of the lowest value told.
    [[nodiscard]] std::size_t best() const noexcept { return best_; }

    /// The mean predicted there.
    [[nodiscard]] double best_mean() const { return process_.predict(best_features_).mean; }

    [[nodiscard]] const power_transform& transform() const noexcept { return transform_; }

private:
    void append_features(const gene_map& map, std::span<const double> genes) {
        inputs_.resize(inputs_.size() + map.width());
        map.write_features(genes, inputs_.data() + (inputs_.size() - map.width()));
    }

    [[nodiscard]] bool
    fit(const gene_map& map,
        const power_transform& transform,
        const std::vector<double>& values,
        random_stream& stream) {
        transform_ = transform;
        targets_.clear();
        for (const double v : values) {
            targets_.push_back(transform(v));
        }
        const gaussian_parameters start = hebo_start(model_, map, inputs_);
        return process_.condition(
            fit_gaussian(start, inputs_, targets_, hebo_fit(model_, values.size()), stream),
            inputs_,
            targets_
        );
    }

    hebo_model model_ = hebo_model::plain;
    hebo_failures failures_ = hebo_failures::dropped;
    std::size_t limit_ = 0;
    std::size_t best_ = 0;
    power_transform transform_;
    gaussian_process process_;
    std::vector<double> inputs_; ///< rows of features
    std::vector<double> targets_;
    std::vector<double> best_features_;
};

} // namespace detail

} // namespace mend
