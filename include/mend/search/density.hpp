// SPDX-License-Identifier: MIT
/// Mixtures of product kernels over numbers and unordered values: the densities of TPE and BOHB.
///
/// A component is a kernel per column: a normal distribution around its centre, cut off at the ends
/// of the column where that is asked for, its mass within a cell where the values are discrete; the
/// kernel of Aitchison and Aitken (1976) for unordered values, which keeps 1 - width at its centre
/// and shares `width` among the others. A component without a centre in a column (NaN: the
/// parameter did not exist) is uniform there; a coordinate NaN of a point is left out of its
/// density. All is computed in logarithms.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/search/truncated_normal.hpp>

namespace mend {

/// One dimension of a density.
struct density_column {
    std::size_t levels = 0; ///< > 0: unordered values 0 .. levels - 1; 0: numbers in [low, high]
    double low = 0;
    double high = 1;
    double cell = 0;       ///< > 0: values stand for cells of this width, low and high are edges
    bool truncated = true; ///< kernels hold all their mass inside
    bool level = false; ///< numbers without cells: what is evaluated counts every kernel as if its
                        ///< deviation were 1, so that wide ones are as high as narrow ones

    friend bool operator==(const density_column&, const density_column&) = default;
};

class kernel_density {
public:
    explicit kernel_density(std::vector<density_column> columns)
        : columns_(std::move(columns))
        , kernels_(columns_.size()) {}

    /// Adds a component; weights need not sum to one. `widths` are standard deviations > 0 of
    /// numbers and shares in [0, 1] of unordered values.
    void add(double weight, std::span<const double> centre, std::span<const double> widths) {
        MEND_EXPECTS(centre.size() == columns_.size(), "one coordinate per column");
        MEND_EXPECTS(widths.size() == columns_.size(), "one width per column");
        MEND_EXPECTS(weight > 0 && std::isfinite(weight), "a positive weight");
        total_ += weight;
        cumulated_.push_back(total_);
        log_weights_.push_back(std::log(weight));
        for (std::size_t j = 0; j < columns_.size(); ++j) {
            kernels_[j].push_back(kernel_of(columns_[j], centre[j], widths[j]));
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return log_weights_.size(); }

    [[nodiscard]] const std::vector<density_column>& columns() const noexcept { return columns_; }

    /// Requires a component. -infinity only where all kernels are zero.
    [[nodiscard]] double log_density(std::span<const double> at) const {
        MEND_EXPECTS(at.size() == columns_.size(), "one coordinate per column");
        MEND_EXPECTS(size() > 0, "a density has components");
        logs_ = log_weights_;
        for (std::size_t j = 0; j < columns_.size(); ++j) {
            if (!std::isnan(at[j])) {
                add_column(j, at[j]);
            }
        }
        const double largest = *std::max_element(logs_.begin(), logs_.end());
        if (!std::isfinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (const double log : logs_) {
            sum += log - largest > -40 ? std::exp(log - largest) : 0; // the rest is below rounding
        }
        return largest + std::log(sum) - std::log(total_);
    }

    /// A point: a component by its weight, then each coordinate by its kernel.
    [[nodiscard]] std::vector<double> sample(random_stream& stream) const {
        MEND_EXPECTS(size() > 0, "a density has components");
        const double u = stream.uniform() * total_;
        const auto chosen = std::upper_bound(cumulated_.begin(), cumulated_.end() - 1, u);
        const auto i = static_cast<std::size_t>(chosen - cumulated_.begin());
        std::vector<double> at;
        at.reserve(columns_.size());
        for (std::size_t j = 0; j < columns_.size(); ++j) {
            at.push_back(sample_kernel(columns_[j], kernels_[j][i], stream));
        }
        return at;
    }

private:
    static constexpr double half_log_two_pi = 0.91893853320467274178;

    /// Numbers: precision is 1 / deviation, 0 for the uniform; log_scale the logarithm of what the
    /// exponential (of cells: the difference of probabilities) is multiplied with. Unordered
    /// values: both logarithms.
    struct kernel {
        double centre = 0;
        double precision = 0;
        double log_scale = 0; ///< unordered: of the centre's probability
        double log_other = 0; ///< unordered: of each other's
    };

    [[nodiscard]] static kernel
    kernel_of(const density_column& column, double centre, double width) {
        kernel made;
        const bool uniform = std::isnan(centre);
        made.centre = uniform ? -1 : centre;
        if (column.levels > 0) {
            const auto levels = static_cast<double>(column.levels);
            const double other = column.levels == 1 ? 0 : width / (levels - 1);
            made.log_scale =
                uniform ? -std::log(levels) : std::log(column.levels == 1 ? 1 : 1 - width);
            made.log_other = uniform ? -std::log(levels) : std::log(other);
            return made;
        }
        const double room = column.high - column.low;
        if (uniform) {
            made.log_scale = std::log(column.cell > 0 ? column.cell : 1) - std::log(room);
            return made;
        }
        MEND_EXPECTS(width > 0, "a positive deviation");
        made.precision = 1 / width;
        const double mass =
            column.truncated ? truncated_normal(centre, width, column.low, column.high).mass() : 1;
        const double height = column.level ? 0 : std::log(width);
        made.log_scale = -std::log(mass) - (column.cell > 0 ? 0 : height + half_log_two_pi);
        return made;
    }

    void add_column(std::size_t j, double x) const {
        const density_column& column = columns_[j];
        const kernel* kernels = kernels_[j].data();
        const std::size_t n = logs_.size();
        if (column.levels > 0) {
            for (std::size_t i = 0; i < n; ++i) {
                logs_[i] += kernels[i].centre == x ? kernels[i].log_scale : kernels[i].log_other;
            }
        } else if (column.cell > 0) {
            for (std::size_t i = 0; i < n; ++i) {
                logs_[i] += kernels[i].log_scale + log_cell(column, kernels[i], x);
            }
        } else {
            for (std::size_t i = 0; i < n; ++i) {
                const double z = (x - kernels[i].centre) * kernels[i].precision;
                logs_[i] += kernels[i].log_scale - 0.5 * z * z;
            }
        }
    }

    /// Logarithm of a normal's mass in the cell of x; on the lower side, where nothing cancels.
    [[nodiscard]] static double
    log_cell(const density_column& column, const kernel& k, double x) noexcept {
        if (k.precision == 0) {
            return 0;
        }
        if (column.cell * k.precision < 0.1) { // narrow: its middle stands for it
            const double z = (x - k.centre) * k.precision;
            return std::log(column.cell * k.precision) - half_log_two_pi - 0.5 * z * z;
        }
        const double away = std::abs(x - k.centre);
        const double scale = k.precision / std::numbers::sqrt2;
        const double mass = 0.5 * (std::erfc((away - column.cell / 2) * scale) -
                                   std::erfc((away + column.cell / 2) * scale));
        return std::log(std::max(mass, std::numeric_limits<double>::min()));
    }

    [[nodiscard]] static double
    sample_kernel(const density_column& column, const kernel& k, random_stream& stream) noexcept {
        if (column.levels > 0) {
            const double u = stream.uniform();
            const auto levels = static_cast<double>(column.levels);
            if (k.centre < 0) {
                return std::min(std::floor(u * levels), levels - 1);
            }
            const double keep = std::exp(k.log_scale);
            if (u < keep || column.levels == 1) {
                return k.centre;
            }
            const double other =
                std::min(std::floor((u - keep) / (1 - keep) * (levels - 1)), levels - 2);
            return other < k.centre ? other : other + 1;
        }
        double x = k.precision == 0
                       ? stream.uniform(column.low, column.high)
                       : truncated_normal(k.centre, 1 / k.precision, column.low, column.high)
                             .sample(stream);
        if (column.cell > 0) { // to the middle of its cell
            const double cells = std::round((column.high - column.low) / column.cell);
            const double place = std::floor((x - column.low) / column.cell);
            x = column.low + (std::clamp(place, 0.0, cells - 1) + 0.5) * column.cell;
        }
        return x;
    }

    std::vector<density_column> columns_;
    std::vector<std::vector<kernel>> kernels_; ///< of each column, by component
    std::vector<double> log_weights_;
    std::vector<double> cumulated_;
    double total_ = 0;
    mutable std::vector<double> logs_; ///< of one evaluation; makes evaluating single-threaded
};

} // namespace mend
