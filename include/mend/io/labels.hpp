// SPDX-License-Identifier: MIT
/// Whether numbers that a file gives as the target are class labels, and which.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// What a file's target is to be taken for.
enum class target_kind {
    automatic,      ///< by the rule of find_label_rule
    classification, ///< class labels
    regression,     ///< numbers, as they are
    numbers,        ///< the same, but for a column of nothing else than 0 and 1, which is labels
};

/// How the columns of a target become labels; made from all parts of a dataset together.
struct label_rule {
    int classes = 0;           ///< 0: the target is numbers
    bool one_hot = false;      ///< the label is the column of a row's 1
    std::vector<float> values; ///< label k stands for values[k]; empty: labels are the values
};

/// Decides what a target of n rows x k columns is; `parts` are its pieces, one or more, with equal
/// k.
/// - Two or more columns: labels where each row is one-hot (a single 1, else 0), else numbers.
/// - One column: labels where all values are whole, with at most 100 different ones, and two of
///   them or at least two rows for each; else numbers.
/// - Labels from 0 on (below 1000) are used as they are, so a class may have no rows; others, like
///   -1 and 1, are numbered by size.
/// `kind` decides instead where it is not automatic. `where` names the data in errors.
/// Throws data_error where classification is asked for and the numbers cannot be labels.
[[nodiscard]] inline label_rule find_label_rule(
    const std::vector<const tensor<float>*>& parts, target_kind kind, const std::string& where
) {
    label_rule rule;
    if (kind == target_kind::regression) {
        return rule;
    }
    const bool asked = kind == target_kind::classification;
    const index columns = parts.front()->row_size();
    if (columns > 1) {
        rule.one_hot = true;
        for (const tensor<float>* part : parts) {
            for (index row = 0; row < part->rows() && rule.one_hot; ++row) {
                const auto numbers = part->row(row);
                const auto ones = std::count(numbers.begin(), numbers.end(), 1.0F);
                const auto zeros = std::count(numbers.begin(), numbers.end(), 0.0F);
                rule.one_hot = ones == 1 && zeros == columns - 1;
            }
        }
        rule.classes = rule.one_hot ? static_cast<int>(columns) : 0;
        if (asked && !rule.one_hot) {
            throw data_error(where, "a target of several columns is no class label unless one-hot");
        }
        return rule;
    }
    constexpr std::size_t most_classes = 100;
    constexpr float most_labels = 1000;
    std::vector<float> distinct; // ascending
    index rows = 0;
    for (const tensor<float>* part : parts) {
        rows += part->rows();
        for (const float value : part->flat()) {
            if (std::floor(value) != value || !std::isfinite(value)) {
                if (asked) {
                    throw data_error(where, to_text(value) + " is no class label");
                }
                return rule;
            }
            const auto at = std::lower_bound(distinct.begin(), distinct.end(), value);
            if (at == distinct.end() || *at != value) {
                distinct.insert(at, value);
                if (!asked && distinct.size() > most_classes) {
                    return rule;
                }
            }
        }
    }
    const auto different = static_cast<index>(distinct.size());
    if (!asked && different > 2 && 2 * different > rows) {
        return rule;
    }
    if (kind == target_kind::numbers && (distinct.front() != 0 || distinct.back() != 1)) {
        return rule;
    }
    if (distinct.front() == 0 && distinct.back() < most_labels) {
        rule.classes = static_cast<int>(distinct.back()) + 1;
    } else {
        rule.classes = static_cast<int>(different);
        rule.values = std::move(distinct);
    }
    return rule;
}

/// The labels of the rows of a target.
[[nodiscard]] inline std::vector<int>
encode_labels(const tensor<float>& target, const label_rule& rule) {
    std::vector<int> labels;
    labels.reserve(static_cast<std::size_t>(target.rows()));
    for (index row = 0; row < target.rows(); ++row) {
        const auto numbers = target.row(row);
        if (rule.one_hot) {
            const auto one = std::find(numbers.begin(), numbers.end(), 1.0F);
            labels.push_back(static_cast<int>(one - numbers.begin()));
        } else if (rule.values.empty()) {
            labels.push_back(static_cast<int>(numbers[0]));
        } else {
            const auto& values = rule.values;
            const auto at = std::lower_bound(values.begin(), values.end(), numbers[0]);
            labels.push_back(static_cast<int>(at - values.begin()));
        }
    }
    return labels;
}

/// Names for the classes where their labels are not their values: the values.
[[nodiscard]] inline std::vector<std::string> label_names(const label_rule& rule) {
    std::vector<std::string> names;
    for (const float value : rule.values) {
        names.push_back(to_text(value));
    }
    return names;
}

} // namespace mend
