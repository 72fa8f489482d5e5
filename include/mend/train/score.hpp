// SPDX-License-Identifier: MIT
/// Keras' metrics, and the one that a model is judged by: resolved once, on the faulty problem, and
/// the same for every candidate whatever loss or label encoding that picks.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/data/dataset.hpp>
#include <mend/record/curve.hpp>
#include <mend/spec/metric.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

enum class score_kind : std::uint8_t {
    accuracy,            ///< share of rows right
    mean_squared_error,  ///< over rows and outputs
    mean_absolute_error, ///< over rows and outputs
    binary_accuracy,     ///< share of outputs right, above the threshold or not
    top_k_accuracy,      ///< share of rows whose class is among the k largest outputs
    precision,           ///< of all outputs above the threshold; 0 where there are none
    recall,              ///< of all outputs that should be 1; 0 where there are none
    auc,                 ///< area under the ROC curve, through so many thresholds (trapezoids)
};

/// The judge. `accuracy` compares class indices: of an output of one number, whether it is above
/// 0.5; of several, the largest (the first of equals, and the first where all are NaN, as Keras
/// does). For data with targets instead of labels it is Keras' binary accuracy for one output and
/// categorical accuracy for several. The others see class labels as one-hot rows, or as they are
/// for an output of one number.
struct score_rule {
    score_kind kind = score_kind::accuracy;
    double threshold = 0.5;        ///< binary accuracy, precision, recall
    std::int64_t k = 5;            ///< top-k accuracy
    std::int64_t thresholds = 200; ///< area under the curve; at least 2

    [[nodiscard]] std::string_view name() const noexcept {
        static constexpr std::string_view names[] = {
            "accuracy",
            "mean_squared_error",
            "mean_absolute_error",
            "binary_accuracy",
            "top_k_categorical_accuracy",
            "precision",
            "recall",
            "auc"};
        return names[static_cast<std::size_t>(kind)];
    }

    [[nodiscard]] bool higher_is_better() const noexcept {
        return kind != score_kind::mean_squared_error && kind != score_kind::mean_absolute_error;
    }

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

    /// A difference of scores that chance alone may give: the standard error of an accuracy over so
    /// many rows, or a twentieth of another score; 0 where that is no number.
    [[nodiscard]] double chance(double score, double rows) const noexcept {
        if (!std::isfinite(score)) {
            return 0;
        }
        if (kind == score_kind::accuracy) {
            const double p = std::clamp(score, 0.0, 1.0);
            return std::sqrt(std::max(p * (1 - p), 0.25 / rows) / rows);
        }
        return 0.05 * std::abs(score);
    }

    friend bool operator==(const score_rule&, const score_rule&) noexcept = default;
};

/// The score for a metric; nothing for a name that is none.
[[nodiscard]] inline std::optional<score_rule> find_score(const metric_spec& metric) {
    const std::string& name = metric.name;
    score_rule rule;
    if (name == "mean_squared_error" || name == "mse" || name == "MSE") {
        rule.kind = score_kind::mean_squared_error;
    } else if (name == "mean_absolute_error" || name == "mae" || name == "MAE") {
        rule.kind = score_kind::mean_absolute_error;
    } else if (name == "binary_accuracy") {
        rule.kind = score_kind::binary_accuracy;
        rule.threshold = metric.threshold;
    } else if (name == "top_k_categorical_accuracy" || name == "sparse_top_k_categorical_accuracy") {
        rule.kind = score_kind::top_k_accuracy;
        rule.k = metric.k;
    } else if (name == "precision" || name == "recall") {
        rule.kind = name == "recall" ? score_kind::recall : score_kind::precision;
        rule.threshold = metric.threshold;
    } else if (name == "auc") {
        rule.kind = score_kind::auc;
        rule.thresholds = metric.num_thresholds;
    } else if (name != "accuracy" && name != "acc" && name != "categorical_accuracy" && name != "sparse_categorical_accuracy") {
        return std::nullopt;
    }
    return rule;
}

/// The rule for a faulty problem: its first metric, else accuracy for class labels, else the mean
/// absolute error; never the loss. Throws spec_error where the metric is unknown.
[[nodiscard]] inline score_rule
resolve_score(std::span<const metric_spec> metrics, const dataset& data) {
    if (metrics.empty()) {
        return {data.is_classification() ? score_kind::accuracy : score_kind::mean_absolute_error};
    }
    if (const auto rule = find_score(metrics.front())) {
        return *rule;
    }
    throw spec_error(
        "/compile/metrics/0", "\"" + metrics.front().name + "\" cannot judge a model here"
    );
}

/// Adds up the score of a part, batch by batch.
class score_sum {
public:
    explicit score_sum(score_rule rule)
        : rule_(rule) {
        if (rule.kind == score_kind::auc) {
            right_.resize(static_cast<std::size_t>(rule.thresholds));
            wrong_.resize(right_.size());
        }
    }

    /// Rows of output (rows x k) against class labels.
    void add(tensor_view<const float> output, std::span<const int> labels) noexcept {
        const index width = output.row_size();
        for (index r = 0; r < output.rows(); ++r) {
            const int label = labels[static_cast<std::size_t>(r)];
            add_row(output.data() + r * width, width, label, [&](index j) -> float {
                return width == 1 ? static_cast<float>(label) : (j == label ? 1.0F : 0.0F);
            });
        }
        rows_ += output.rows();
    }

    /// Rows of output against rows of targets of the same size.
    void add(tensor_view<const float> output, tensor_view<const float> targets) noexcept {
        const index width = output.row_size();
        for (index r = 0; r < output.rows(); ++r) {
            const float* const wanted = targets.data() + r * width;
            if (width == 1 && rule_.kind == score_kind::accuracy) {
                sum_ += (output[r] > 0.5F ? 1.0F : 0.0F) == wanted[0];
                continue;
            }
            const bool by_class =
                rule_.kind == score_kind::accuracy || rule_.kind == score_kind::top_k_accuracy;
            add_row(
                output.data() + r * width,
                width,
                by_class ? largest(wanted, width) : 0,
                [&](index j) { return wanted[j]; }
            );
        }
        rows_ += output.rows();
    }

    /// The score so far; NaN before the first row.
    [[nodiscard]] double value() const noexcept {
        if (rows_ == 0) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        switch (rule_.kind) {
        case score_kind::precision:
        case score_kind::recall:
            return share(found_, rule_.kind == score_kind::recall ? positives_ : claimed_);
        case score_kind::auc:
            return area();
        default:
            return sum_ / static_cast<double>(rows_);
        }
    }

    void clear() noexcept {
        sum_ = found_ = claimed_ = positives_ = 0;
        rows_ = 0;
        std::fill(right_.begin(), right_.end(), 0.0);
        std::fill(wrong_.begin(), wrong_.end(), 0.0);
    }

private:
    static int largest(const float* row, index width) noexcept {
        index best = 0;
        for (index j = 1; j < width; ++j) {
            best = row[j] > row[best] ? j : best;
        }
        return static_cast<int>(best);
    }

    /// a / b, 0 where b is.
    static double share(double a, double b) noexcept { return b == 0 ? 0 : a / b; }

    /// One row of a class, whose output j should be wanted(j).
    template <class Wanted>
    void add_row(const float* row, index width, int label, const Wanted& wanted) noexcept {
        const auto count = static_cast<double>(width);
        const auto threshold = static_cast<float>(rule_.threshold);
        switch (rule_.kind) {
        case score_kind::accuracy:
            sum_ += (width == 1 ? (row[0] > 0.5F ? 1 : 0) : largest(row, width)) == label;
            break;
        case score_kind::mean_squared_error:
        case score_kind::mean_absolute_error:
            for (index j = 0; j < width; ++j) {
                const double d = static_cast<double>(row[j]) - static_cast<double>(wanted(j));
                const bool squared = rule_.kind == score_kind::mean_squared_error;
                sum_ += (squared ? d * d : std::abs(d)) / count;
            }
            break;
        case score_kind::binary_accuracy:
            for (index j = 0; j < width; ++j) {
                sum_ += (row[j] > threshold ? 1.0F : 0.0F) == wanted(j) ? 1 / count : 0;
            }
            break;
        case score_kind::top_k_accuracy: {
            std::int64_t above = 0;
            bool finite = label < width;
            for (index j = 0; j < width && finite; ++j) {
                above += row[j] > row[label];
                finite = std::isfinite(row[j]);
            }
            sum_ += finite && above < rule_.k ? 1 : 0;
            break;
        }
        case score_kind::precision:
        case score_kind::recall:
            for (index j = 0; j < width; ++j) {
                const bool claims = row[j] > threshold;
                const bool is_one = wanted(j) != 0;
                claimed_ += claims;
                positives_ += is_one;
                found_ += claims && is_one;
            }
            break;
        case score_kind::auc:
            for (index j = 0; j < width; ++j) {
                const auto last = static_cast<double>(rule_.thresholds - 1);
                const double at = std::ceil(static_cast<double>(row[j]) * last) - 1;
                const auto bucket = static_cast<std::size_t>(std::clamp(at, 0.0, last - 1));
                (wanted(j) != 0 ? right_ : wrong_)[std::isnan(at) ? 0 : bucket] += 1;
            }
            break;
        }
    }

    /// Keras' interpolation over its thresholds -e, 1 / (n - 1), 2 / (n - 1) .. 1 + e: bucket i
    /// holds the outputs above threshold i and not above the next.
    [[nodiscard]] double area() const noexcept {
        double all_right = 0;
        double all_wrong = 0;
        for (std::size_t i = 0; i < right_.size(); ++i) {
            all_right += right_[i];
            all_wrong += wrong_[i];
        }
        double sum = 0;
        double hits = 0;
        for (std::size_t i = right_.size(); i-- > 0;) {
            const double before = share(hits, all_right);
            hits += right_[i];
            sum += share(wrong_[i], all_wrong) * (before + share(hits, all_right)) / 2;
        }
        return sum;
    }

    score_rule rule_;
    double sum_ = 0;
    double found_ = 0;          ///< outputs above the threshold that should be 1
    double claimed_ = 0;        ///< outputs above the threshold
    double positives_ = 0;      ///< outputs that should be 1
    std::vector<double> right_; ///< outputs that should be 1, by bucket
    std::vector<double> wrong_; ///< those that should be 0
    index rows_ = 0;
};

/// The score of a part and, where they are wanted, all metrics of compile.
class score_sums {
public:
    explicit score_sums(score_rule rule)
        : all_{score_sum(rule)} {}

    /// Requires metrics that find_score knows.
    void add_metrics(std::span<const metric_spec> metrics) {
        for (const metric_spec& metric : metrics) {
            const auto rule = find_score(metric);
            MEND_EXPECTS(rule.has_value(), "metrics are known");
            all_.emplace_back(*rule);
        }
    }

    /// As score_sum::add.
    template <class Answers>
    void add(tensor_view<const float> output, const Answers& answers) noexcept {
        for (score_sum& sum : all_) {
            sum.add(output, answers);
        }
    }

    void clear() noexcept {
        for (score_sum& sum : all_) {
            sum.clear();
        }
    }

    /// With the loss beside them.
    [[nodiscard]] part_scores scores(double loss) const {
        part_scores made{loss, all_.front().value()};
        for (std::size_t i = 1; i < all_.size(); ++i) {
            made.metrics.push_back(all_[i].value());
        }
        return made;
    }

private:
    std::vector<score_sum> all_; ///< the score first
};

} // namespace mend
