// SPDX-License-Identifier: MIT
/// Train, validation and test: three disjoint parts, drawn by a seed of their own.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/core/random.hpp>
#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>

namespace mend {

/// *train* fits weights, *validation* is all that a search sees, *test* is for the final report.
struct data_parts {
    data_part train;
    data_part validation; ///< empty where options.validation is 0 and none was given
    data_part test;
};

/// The share of all rows that becomes the test part where none is given.
inline constexpr double test_share = 0.2;

/// Divides a dataset. Given parts are used as given; a missing test part takes `test_share` of the
/// rows, then a missing validation part takes options.validation of what is left to train on.
/// A part of share f of n rows has n - floor(n (1 - f)) of them (Keras' count), at least one.
/// Rows are drawn from options.seed, for class labels in equal shares of every class, as far as
/// whole rows go; a class keeps its last row in train while others can give one. Within a part rows
/// keep their order. options.keras takes the last rows instead. The train part that is left goes
/// through data.train_view.
/// Throws data_error where there are too few rows for three parts. Copies row numbers only.
[[nodiscard]] data_parts split(const dataset& data, const split_options& options);

/// The same by the dataset's own options, with this share of train for validation.
[[nodiscard]] inline data_parts split(const dataset& data, double validation) {
    split_options options = data.split;
    options.validation = validation;
    return split(data, options);
}

namespace detail {

/// How many of each class to take so that `total` are taken in all, shares as equal as whole rows
/// allow (largest remainder; ties go to the lower class).
inline std::vector<index> class_quotas(const std::vector<index>& counts, index total) {
    const index all = std::accumulate(counts.begin(), counts.end(), index{0});
    std::vector<index> quotas(counts.size());
    std::vector<double> rests(counts.size());
    index left = total;
    for (std::size_t c = 0; c < counts.size(); ++c) {
        const double wanted =
            static_cast<double>(counts[c]) * static_cast<double>(total) / static_cast<double>(all);
        quotas[c] = std::clamp(
            static_cast<index>(std::floor(wanted)), index{0}, std::max(counts[c] - 1, index{0})
        );
        rests[c] = wanted - static_cast<double>(quotas[c]);
        left -= quotas[c];
    }
    // The first rounds spare the last row of each class, the later ones cannot.
    for (const index spared : {index{1}, index{0}}) {
        for (bool given = true; left > 0 && given;) {
            std::size_t best = counts.size();
            for (std::size_t c = 0; c < counts.size(); ++c) {
                if (quotas[c] < counts[c] - spared &&
                    (best == counts.size() || rests[c] > rests[best])) {
                    best = c;
                }
            }
            given = best < counts.size();
            if (given) {
                ++quotas[best];
                rests[best] -= 1;
                --left;
            }
        }
    }
    return quotas;
}

/// Moves a share of the rows of `from` into the part that is returned.
inline data_part take_share(
    data_part& from,
    double share,
    int classes,
    const split_options& options,
    random_stream stream,
    const std::string& where
) {
    const index rows = from.size();
    // Half a row's millionth of slack keeps 0.2 of 10 at 2, whatever 1 - 0.2 rounds to.
    const auto kept =
        static_cast<index>(std::floor(static_cast<double>(rows) * (1 - share) + 5e-7));
    const index taken = std::max(rows - kept, index{1});
    if (taken >= rows) {
        throw data_error(
            where,
            counted(rows, "row") + (rows == 1 ? " is" : " are") +
                " too few to be split in train and others"
        );
    }
    data_part part(from.source, {});
    if (options.keras) {
        part.rows.assign(from.rows.end() - taken, from.rows.end());
        from.rows.resize(static_cast<std::size_t>(rows - taken));
        return part;
    }
    const std::size_t groups = classes > 0 ? static_cast<std::size_t>(classes) : 1;
    std::vector<index> counts(groups);
    const auto group_of = [&](index row) {
        return classes > 0
                   ? static_cast<std::size_t>(from.source->labels[static_cast<std::size_t>(row)])
                   : std::size_t{0};
    };
    for (const index row : from.rows) {
        ++counts[group_of(row)];
    }
    std::vector<index> quotas = class_quotas(counts, taken);
    std::vector<index> order = from.rows;
    stream.shuffle(std::span<index>(order));
    from.rows.clear();
    for (const index row : order) {
        index& quota = quotas[group_of(row)];
        (quota > 0 ? part.rows : from.rows).push_back(row);
        quota -= quota > 0 ? 1 : 0;
    }
    std::sort(part.rows.begin(), part.rows.end());
    std::sort(from.rows.begin(), from.rows.end());
    return part;
}

} // namespace detail

inline data_parts split(const dataset& data, const split_options& options) {
    MEND_EXPECTS(options.validation >= 0 && options.validation < 1, "a share of the train rows");
    data_parts parts;
    parts.train = data_part(data.pool ? data.pool : data.train);
    if (data.test) {
        parts.test = data_part(data.test);
    } else {
        parts.test = detail::take_share(
            parts.train,
            test_share,
            data.classes,
            options,
            random_stream(options.seed, 0, purpose::split, 0),
            data.name
        );
    }
    if (data.validation) {
        parts.validation = data_part(data.validation);
    } else if (options.validation > 0) {
        parts.validation = detail::take_share(
            parts.train,
            options.validation,
            data.classes,
            options,
            random_stream(options.seed, 0, purpose::split, 1),
            data.name
        );
    }
    if (data.train_view) {
        parts.train = data.train_view(parts.train);
    }
    return parts;
}

} // namespace mend
