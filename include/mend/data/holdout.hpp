// SPDX-License-Identifier: MIT
/// Cuts data as the published studies cut theirs: by scikit-learn's `train_test_split`.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/numpy_random.hpp>
#include <mend/data/samples.hpp>

namespace mend {

/// Row numbers of two parts.
struct row_cut {
    std::vector<index> train;
    std::vector<index> test;
};

/// The rows that `train_test_split(test_size=share, random_state=seed)` gives: a permutation whose
/// first ceil(share n) rows are the test part. Requires n >= 2, 0 < share < 1.
[[nodiscard]] inline row_cut
train_test_cut(index n, std::uint32_t random_state, double share = 0.2) {
    MEND_EXPECTS(n >= 2 && share > 0 && share < 1, "rows for both parts");
    std::vector<index> order = numpy_random(random_state).permutation(n);
    const auto taken =
        std::min(n - 1, static_cast<index>(std::ceil(share * static_cast<double>(n))));
    row_cut cut;
    cut.test.assign(order.begin(), order.begin() + taken);
    cut.train.assign(order.begin() + taken, order.end());
    return cut;
}

/// Some rows of a table, in that order.
[[nodiscard]] inline std::shared_ptr<const samples>
take_rows(const samples& from, std::span<const index> rows) {
    return std::make_shared<const samples>(copy_rows(from, rows));
}

/// The first rows of a table; itself where it has no more, or `rows` is 0.
[[nodiscard]] inline std::shared_ptr<const samples>
keep_rows(const std::shared_ptr<const samples>& table, index rows) {
    if (!table || rows == 0 || table->rows() <= rows) {
        return table;
    }
    std::vector<index> first(static_cast<std::size_t>(rows));
    std::iota(first.begin(), first.end(), index{0});
    return take_rows(*table, first);
}

/// How the studies cut their data, each share 0.2.
struct holdout_options {
    /// random_state that cuts a pool into train and test, and then the test rows into those that a
    /// search may see (validation) and those that are held out (test).
    std::optional<std::uint32_t> holdout{};
    /// random_state that cuts rows off train before all else, never to be used.
    std::optional<std::uint32_t> drop{};
    index limit = 0;      ///< keep the first so many rows of each part in the end; 0: all
    index validation = 0; ///< of validation even fewer; 0: limit
};

/// The dataset, cut. Throws data_error where there is nothing to be cut.
[[nodiscard]] inline dataset cut(dataset data, const holdout_options& options) {
    if (options.holdout) {
        const auto divide = [&](const std::shared_ptr<const samples>& table) {
            if (!table || table->rows() < 2) {
                throw data_error(data.name, "has too few rows for a holdout");
            }
            const row_cut rows = train_test_cut(table->rows(), *options.holdout);
            return std::pair{take_rows(*table, rows.train), take_rows(*table, rows.test)};
        };
        if (data.validation) {
            throw data_error(data.name, "has a validation part already, and takes no holdout");
        }
        if (data.pool) {
            std::tie(data.train, data.test) = divide(data.pool);
            data.pool.reset();
        }
        std::tie(data.validation, data.test) = divide(data.test);
    }
    if (options.drop) {
        if (!data.train || data.train->rows() < 2) {
            throw data_error(data.name, "has no train part of its own to drop rows from");
        }
        data.train =
            take_rows(*data.train, train_test_cut(data.train->rows(), *options.drop).train);
    }
    for (std::shared_ptr<const samples>* table :
         {&data.pool, &data.train, &data.validation, &data.test}) {
        *table = keep_rows(*table, options.limit);
    }
    data.validation = keep_rows(data.validation, options.validation);
    return data;
}

} // namespace mend
