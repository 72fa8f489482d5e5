// SPDX-License-Identifier: MIT
/// Faults of the training data: TCL, TRD, TUD, TAN, TCO.
///
/// `part(I, p)` is the first floor(|I| p / 100) of a random permutation of I, all for p = 100.
/// Groups are the classes, or buckets of what is to be predicted: for one number y < -s,
/// -s <= y <= s, y > s with s the standard deviation of all; for several the nine of the first two,
/// each y < -s, -s <= y < s, y >= s with s of its column. Of classes of one size the highest comes
/// first, of buckets the lowest: DeepCrime orders one-hot rows as numbers. Deviations of
/// DeepCrime's program from its own description are mended where they are named below.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/samples.hpp>
#include <mend/fault/operator.hpp>
#include <mend/fault/row_groups.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// Part of the labels of one class becomes, each on its own, any of the other classes that occur.
/// Regression: noise N(0, (std(y) p / 100)^2) on every label, one std over all. Mended: a class may
/// be given, which ends DeepCrime's program.
struct change_label {
    static constexpr operator_about about{
        "TCL",
        "change_label",
        operator_group::training_data,
        "changes a share of the labels of one class"};
    static constexpr double strongest = 100;

    [[nodiscard]] data_part alter(
        const data_part& train,
        int classes,
        double percentage,
        std::optional<int> label,
        random_stream& random
    ) const {
        if (percentage == 0) {
            return train;
        }
        samples table = detail::own_rows(train);
        if (classes == 0) {
            const double deviation =
                detail::population_deviation(std::span<const float>(table.targets.flat())) *
                percentage / 100;
            for (float& y : table.targets.flat()) {
                y = static_cast<float>(static_cast<double>(y) + deviation * random.normal());
            }
            return detail::part_of(std::move(table));
        }
        const auto groups = detail::groups_of(train, classes);
        const std::size_t from = detail::chosen_groups(groups, classes, label).first;
        std::vector<int> others;
        for (std::size_t c = 0; c < groups.size(); ++c) {
            if (c != from && !groups[c].empty()) {
                others.push_back(static_cast<int>(c));
            }
        }
        for (const std::size_t i : detail::draw_part(groups[from], percentage, random)) {
            table.labels[i] = others[random.below(others.size())];
        }
        return detail::part_of(std::move(table));
    }
};

/// Part of every class or bucket is removed. The range ends at 99 so that no class vanishes.
/// Mended: DeepCrime's program counts classes anew while it removes them, so that one that is
/// emptied shifts the others.
struct delete_training_data {
    static constexpr operator_about about{
        "TRD",
        "delete_training_data",
        operator_group::training_data,
        "removes a share of every class"};
    static constexpr double strongest = 99;

    [[nodiscard]] data_part alter(
        const data_part& train,
        int classes,
        double percentage,
        std::optional<int>,
        random_stream& random
    ) const {
        detail::row_positions removed;
        for (const detail::row_positions& group : detail::groups_of(train, classes)) {
            const detail::row_positions part = detail::draw_part(group, percentage, random);
            removed.insert(removed.end(), part.begin(), part.end());
        }
        return detail::without(train, removed);
    }
};

/// Part of every class that is smaller than the mean is removed; of buckets the mean counts empty
/// ones. Mended: for classes DeepCrime's program reads a variable before it is set, and fails.
struct unbalance_training_data {
    static constexpr operator_about about{
        "TUD",
        "unbalance_train_data",
        operator_group::training_data,
        "removes a share of the classes that are smaller than the mean"};
    static constexpr double strongest = 100;

    [[nodiscard]] data_part alter(
        const data_part& train,
        int classes,
        double percentage,
        std::optional<int>,
        random_stream& random
    ) const {
        const auto groups = detail::groups_of(train, classes);
        const auto counted =
            classes == 0
                ? groups.size()
                : static_cast<std::size_t>(std::count_if(
                      groups.begin(), groups.end(), [](const auto& g) { return !g.empty(); }
                  ));
        detail::row_positions removed;
        for (const detail::row_positions& group : groups) {
            if (group.size() * counted < train.rows.size()) {
                const detail::row_positions part = detail::draw_part(group, percentage, random);
                removed.insert(removed.end(), part.begin(), part.end());
            }
        }
        return detail::without(train, removed);
    }
};

/// Noise N(0, (std(x) p / 100)^2) on each element of part of the samples, std over the sample's own
/// elements: p is share and strength in one. Values may leave their range. Sparse rows become
/// dense.
struct add_sample_noise {
    static constexpr operator_about about{
        "TAN", "add_noise", operator_group::training_data, "adds noise to a share of the samples"};
    static constexpr double strongest = 100;

    [[nodiscard]] data_part alter(
        const data_part& train, int, double percentage, std::optional<int>, random_stream& random
    ) const {
        if (percentage == 0) {
            return train;
        }
        samples table = detail::own_rows(train);
        if (table.is_sparse()) {
            table.dense.resize(table.sample.batch(train.size()));
            gather_features(*train.source, train.rows, table.dense.view());
            table.sparse = {};
        }
        detail::row_positions all(train.rows.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        for (const std::size_t i : detail::draw_part(std::move(all), percentage, random)) {
            const std::span<float> x = table.dense.row(static_cast<index>(i));
            const double deviation =
                detail::population_deviation(std::span<const float>(x)) * percentage / 100;
            for (float& value : x) {
                value =
                    static_cast<float>(static_cast<double>(value) + deviation * random.normal());
            }
        }
        return detail::part_of(std::move(table));
    }
};

/// Copies of part of the largest class are appended under the label of the second largest; of a
/// bucket, under the distinct labels of the second largest in turn, ascending. The originals stay.
/// Mended: DeepCrime's program fails where a class is given, and where the second bucket has a
/// single label.
struct overlap_classes {
    static constexpr operator_about about{
        "TCO",
        "make_output_classes_overlap",
        operator_group::training_data,
        "repeats a share of the largest class under another label"};
    static constexpr double strongest = 100;

    [[nodiscard]] data_part alter(
        const data_part& train,
        int classes,
        double percentage,
        std::optional<int> label,
        random_stream& random
    ) const {
        const auto groups = detail::groups_of(train, classes);
        const auto [from, to] = detail::chosen_groups(groups, classes, label);
        const detail::row_positions copied = detail::draw_part(groups[from], percentage, random);
        if (copied.empty()) {
            return train;
        }
        data_part longer = train;
        for (const std::size_t i : copied) {
            longer.rows.push_back(train.rows[i]);
        }
        samples table = detail::own_rows(longer);
        const std::size_t first = train.rows.size();
        if (classes > 0) {
            std::fill(
                table.labels.begin() + static_cast<std::ptrdiff_t>(first),
                table.labels.end(),
                static_cast<int>(to)
            );
            return detail::part_of(std::move(table));
        }
        std::vector<std::vector<float>> labels; // distinct, ascending
        for (const std::size_t i : groups[to]) {
            const auto row = train.source->targets.row(train.rows[i]);
            labels.emplace_back(row.begin(), row.end());
        }
        std::sort(labels.begin(), labels.end());
        labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
        for (std::size_t i = 0; i < copied.size(); ++i) {
            const auto& wanted = labels[i % labels.size()];
            std::copy(
                wanted.begin(),
                wanted.end(),
                table.targets.row(static_cast<index>(first + i)).begin()
            );
        }
        return detail::part_of(std::move(table));
    }
};

static_assert(data_operator<change_label>);
static_assert(data_operator<delete_training_data>);
static_assert(data_operator<unbalance_training_data>);
static_assert(data_operator<add_sample_noise>);
static_assert(data_operator<overlap_classes>);

} // namespace mend
