// SPDX-License-Identifier: MIT
/// What a model is judged by. Resolved once, on the faulty problem, and the same for every
/// candidate whatever loss or label encoding that picks.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <mend/core/error.hpp>
#include <mend/data/dataset.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

enum class score_kind : std::uint8_t {
    accuracy,            ///< share of rows right
    mean_squared_error,  ///< over rows and outputs
    mean_absolute_error, ///< over rows and outputs
};

/// The judge. `accuracy` compares class indices: of an output of one number, whether it is above
/// 0.5; of several, the largest (the first of equals, and the first where all are NaN, as Keras
/// does). For data with targets instead of labels it is Keras' binary accuracy for one output and
/// categorical accuracy for several.
struct score_rule {
    score_kind kind = score_kind::accuracy;

    [[nodiscard]] std::string_view name() const noexcept {
        switch (kind) {
        case score_kind::mean_squared_error:
            return "mean_squared_error";
        case score_kind::mean_absolute_error:
            return "mean_absolute_error";
        default:
            return "accuracy";
        }
    }

    [[nodiscard]] bool higher_is_better() const noexcept { return kind == score_kind::accuracy; }

    /// "maximize" or "minimize".
    [[nodiscard]] std::string_view direction() const noexcept {
        return higher_is_better() ? "maximize" : "minimize";
    }

    /// Turns a score into what searchers minimise, and back.
    [[nodiscard]] double cost(double score) const noexcept {
        return higher_is_better() ? -score : score;
    }

    /// Whether score a is better than b; NaN is worse than every number.
    [[nodiscard]] bool better(double a, double b) const noexcept {
        return !std::isnan(a) && (std::isnan(b) || cost(a) < cost(b));
    }

    friend bool operator==(const score_rule&, const score_rule&) noexcept = default;
};

/// The score for a metric's name in Keras; nothing for one that cannot judge.
[[nodiscard]] inline std::optional<score_rule> find_score(std::string_view metric) noexcept {
    if (metric == "accuracy" || metric == "acc" || metric == "binary_accuracy" ||
        metric == "categorical_accuracy" || metric == "sparse_categorical_accuracy") {
        return score_rule{score_kind::accuracy};
    }
    if (metric == "mean_squared_error" || metric == "mse" || metric == "MSE") {
        return score_rule{score_kind::mean_squared_error};
    }
    if (metric == "mean_absolute_error" || metric == "mae" || metric == "MAE") {
        return score_rule{score_kind::mean_absolute_error};
    }
    return std::nullopt;
}

/// The rule for a faulty problem: its first metric, else accuracy for class labels, else the mean
/// absolute error; never the loss. Throws spec_error where the metric is unknown.
[[nodiscard]] inline score_rule
resolve_score(std::span<const std::string> metrics, const dataset& data) {
    if (metrics.empty()) {
        return {data.is_classification() ? score_kind::accuracy : score_kind::mean_absolute_error};
    }
    if (const auto rule = find_score(metrics.front())) {
        return *rule;
    }
    throw spec_error(
        "/compile/metrics/0",
        "\"" + metrics.front() + "\" cannot judge a model here; supported: accuracy, mse, mae"
    );
}

/// Adds up the score of a part, batch by batch.
class score_sum {
public:
    explicit score_sum(score_rule rule) noexcept
        : rule_(rule) {}

    /// Rows of output (rows x k) against class labels.
    void add(tensor_view<const float> output, std::span<const int> labels) noexcept {
        const index width = output.row_size();
        for (index r = 0; r < output.rows(); ++r) {
            const float* const row = output.data() + r * width;
            const int label = labels[static_cast<std::size_t>(r)];
            if (rule_.kind == score_kind::accuracy) {
                sum_ += (width == 1 ? (row[0] > 0.5F ? 1 : 0) : largest(row, width)) == label;
                continue;
            }
            for (index j = 0; j < width; ++j) {
                const double wanted = width == 1 ? label : (j == label ? 1 : 0);
                add_error(static_cast<double>(row[j]) - wanted, width);
            }
        }
        rows_ += output.rows();
    }

    /// Rows of output against rows of targets of the same size.
    void add(tensor_view<const float> output, tensor_view<const float> targets) noexcept {
        const index width = output.row_size();
        for (index r = 0; r < output.rows(); ++r) {
            const float* const row = output.data() + r * width;
            const float* const wanted = targets.data() + r * width;
            if (rule_.kind == score_kind::accuracy) {
                sum_ += width == 1 ? (row[0] > 0.5F ? 1.0F : 0.0F) == wanted[0]
                                   : largest(row, width) == largest(wanted, width);
                continue;
            }
            for (index j = 0; j < width; ++j) {
                add_error(static_cast<double>(row[j]) - static_cast<double>(wanted[j]), width);
            }
        }
        rows_ += output.rows();
    }

    /// The score so far; NaN before the first row.
    [[nodiscard]] double value() const noexcept {
        return rows_ == 0 ? std::numeric_limits<double>::quiet_NaN()
                          : sum_ / static_cast<double>(rows_);
    }

    void clear() noexcept {
        sum_ = 0;
        rows_ = 0;
    }

private:
    static int largest(const float* row, index width) noexcept {
        index best = 0;
        for (index j = 1; j < width; ++j) {
            best = row[j] > row[best] ? j : best;
        }
        return static_cast<int>(best);
    }

    void add_error(double difference, index width) noexcept {
        sum_ += (rule_.kind == score_kind::mean_squared_error ? difference * difference
                                                              : std::abs(difference)) /
                static_cast<double>(width);
    }

    score_rule rule_;
    double sum_ = 0;
    index rows_ = 0;
};

} // namespace mend
