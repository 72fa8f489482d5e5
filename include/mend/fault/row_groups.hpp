// SPDX-License-Identifier: MIT
/// What the operators on training data share: rows by class or bucket, parts of them, views
/// without.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/samples.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

namespace detail {

/// Positions of a part, in ascending order.
using row_positions = std::vector<std::size_t>;

/// part(members, percentage), in the order drawn.
[[nodiscard]] inline row_positions
draw_part(row_positions members, double percentage, random_stream& random) {
    MEND_EXPECTS(percentage >= 0 && percentage <= 100, "a percentage");
    const auto all = members.size();
    const auto taken = percentage == 100
                           ? all
                           : static_cast<std::size_t>(static_cast<double>(all) * percentage / 100);
    random.shuffle(std::span(members));
    members.resize(taken);
    return members;
}

/// Standard deviation with n in the denominator, as numpy's default.
template <class Number>
[[nodiscard]] double population_deviation(std::span<const Number> numbers) {
    double sum = 0;
    for (const Number x : numbers) {
        sum += static_cast<double>(x);
    }
    const double centre = sum / static_cast<double>(numbers.size());
    double squares = 0;
    for (const Number x : numbers) {
        squares += (static_cast<double>(x) - centre) * (static_cast<double>(x) - centre);
    }
    return std::sqrt(squares / static_cast<double>(numbers.size()));
}

[[nodiscard]] inline float target_of(const data_part& part, std::size_t position, index column) {
    return part.source->targets.row(part.rows[position])[static_cast<std::size_t>(column)];
}

/// The rows of each bucket of a regression.
[[nodiscard]] inline std::vector<row_positions> buckets_of(const data_part& part) {
    const index columns = std::min<index>(part.source->targets.row_size(), 2);
    std::vector<double> deviations;
    for (index c = 0; c < columns; ++c) {
        std::vector<float> column;
        for (std::size_t i = 0; i < part.rows.size(); ++i) {
            column.push_back(target_of(part, i, c));
        }
        deviations.push_back(population_deviation(std::span<const float>(column)));
    }
    std::vector<row_positions> groups(columns == 1 ? 3 : 9);
    for (std::size_t i = 0; i < part.rows.size(); ++i) {
        std::size_t bucket = 0;
        for (index c = 0; c < columns; ++c) {
            const double y = static_cast<double>(target_of(part, i, c));
            const double s = deviations[static_cast<std::size_t>(c)];
            const bool above = columns == 1 ? y > s : y >= s;
            bucket = 3 * bucket + (y < -s ? 0 : above ? 2 : 1);
        }
        groups[bucket].push_back(i);
    }
    return groups;
}

/// The rows of each class or bucket.
[[nodiscard]] inline std::vector<row_positions> groups_of(const data_part& part, int classes) {
    if (classes == 0) {
        return buckets_of(part);
    }
    std::vector<row_positions> groups(static_cast<std::size_t>(classes));
    for (std::size_t i = 0; i < part.rows.size(); ++i) {
        groups[static_cast<std::size_t>(part.label(static_cast<index>(i)))].push_back(i);
    }
    return groups;
}

/// Groups by size, the largest first.
[[nodiscard]] inline std::vector<std::size_t>
by_size(const std::vector<row_positions>& groups, int classes) {
    std::vector<std::size_t> order(groups.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (classes > 0) {
        std::reverse(order.begin(), order.end());
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return groups[a].size() > groups[b].size();
    });
    return order;
}

/// The group that TCL and TCO work on, and the next largest one.
[[nodiscard]] inline std::pair<std::size_t, std::size_t>
chosen_groups(const std::vector<row_positions>& groups, int classes, std::optional<int> label) {
    std::vector<std::size_t> order = by_size(groups, classes);
    if (label) {
        if (classes == 0 || *label < 0 || *label >= classes) {
            throw usage_error(
                "--label",
                classes == 0 ? std::string("is for class labels, the data has numbers")
                             : "is a class from 0 to " + std::to_string(classes - 1)
            );
        }
        const auto wanted = static_cast<std::size_t>(*label);
        order.erase(std::find(order.begin(), order.end(), wanted));
        order.insert(order.begin(), wanted);
    }
    if (order.size() < 2 || groups[order[0]].empty() || groups[order[1]].empty()) {
        throw data_error("training data", "have too few classes for this operator");
    }
    return {order[0], order[1]};
}

/// The rows that are left, as a view.
[[nodiscard]] inline data_part without(const data_part& part, const row_positions& removed) {
    std::vector<bool> gone(part.rows.size());
    for (const std::size_t i : removed) {
        gone[i] = true;
    }
    data_part left(part.source, {});
    for (std::size_t i = 0; i < part.rows.size(); ++i) {
        if (!gone[i]) {
            left.rows.push_back(part.rows[i]);
        }
    }
    if (left.rows.empty()) {
        throw data_error("training data", "none would be left");
    }
    return left;
}

/// The rows of a part as a table of their own.
[[nodiscard]] inline samples own_rows(const data_part& part) {
    return copy_rows(*part.source, part.rows);
}

[[nodiscard]] inline data_part part_of(samples table) {
    return data_part(std::make_shared<const samples>(std::move(table)));
}

} // namespace detail

} // namespace mend
