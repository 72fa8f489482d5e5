// SPDX-License-Identifier: MIT
/// The in-memory dataset: one pool of rows or given parts, shared by every training that uses it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/data/samples.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// Chosen rows of a shared table; copying it copies row numbers, never features.
/// Positions 0 .. size() - 1 count its own rows.
struct data_part {
    std::shared_ptr<const samples> source;
    std::vector<index> rows; ///< of source

    data_part() = default;

    /// All rows of a table, in its order.
    explicit data_part(std::shared_ptr<const samples> table)
        : source(std::move(table))
        , rows(source ? static_cast<std::size_t>(source->rows()) : 0) {
        std::iota(rows.begin(), rows.end(), index{0});
    }

    data_part(std::shared_ptr<const samples> table, std::vector<index> chosen)
        : source(std::move(table))
        , rows(std::move(chosen)) {}

    [[nodiscard]] index size() const noexcept { return static_cast<index>(rows.size()); }

    [[nodiscard]] bool empty() const noexcept { return rows.empty(); }

    /// The label at a position. Requires class labels.
    [[nodiscard]] int label(index position) const noexcept {
        return source->labels[static_cast<std::size_t>(rows[static_cast<std::size_t>(position)])];
    }
};

/// How a dataset is divided (see split.hpp).
struct split_options {
    double validation = 0.2; ///< share of the train rows, in [0, 1); 0: no validation part
    std::uint64_t seed = 0;  ///< draws the rows; no other seed ever does
    bool keras = false;      ///< take the last rows instead, as Keras does

    friend bool operator==(const split_options&, const split_options&) noexcept = default;
};

/// Everything that is known about some data. Cheap to copy: tables are shared and immutable.
/// Either `pool` holds all rows, or `train` and perhaps `validation` and `test` are given.
struct dataset {
    std::string name; ///< as the user wrote it: "digits?n=500"
    int classes = 0;  ///< 0: regression (or several labels per row), see targets
    std::vector<std::string> class_names; ///< empty, or one per class
    std::shared_ptr<const samples> pool;
    std::shared_ptr<const samples> train;
    std::shared_ptr<const samples> validation;
    std::shared_ptr<const samples> test;
    split_options split; ///< as the data's word asks; `validation` is for the caller to set

    /// What `split` makes of the train part in the end; empty: nothing. Validation and test are
    /// drawn before and stay as they are. Gives a part of the same sample shape.
    std::function<data_part(const data_part&)> train_view{};

    [[nodiscard]] bool is_classification() const noexcept { return classes > 0; }

    /// The table that fitting draws from: the pool, or the given train part.
    [[nodiscard]] const samples& table() const {
        MEND_EXPECTS(pool || train, "a dataset holds rows");
        return pool ? *pool : *train;
    }

    /// The shape of one sample.
    [[nodiscard]] const shape& sample() const { return table().sample; }

    /// Numbers to predict per sample: the classes, or the width of the targets.
    [[nodiscard]] index outputs() const {
        return is_classification() ? classes : table().targets.row_size();
    }
};

/// Checks every table of a dataset and that they agree with each other. Throws data_error.
inline void check_dataset(const dataset& data) {
    MEND_EXPECTS(!data.pool != !data.train, "either a pool or given parts");
    const std::pair<const std::shared_ptr<const samples>&, const char*> tables[] = {
        {data.pool, ""},
        {data.train, " (train)"},
        {data.validation, " (validation)"},
        {data.test, " (test)"}};
    for (const auto& [table, part] : tables) {
        if (!table) {
            continue;
        }
        const std::string where = data.name + part;
        check_samples(*table, data.classes, where);
        if (table->sample != data.sample()) {
            throw data_error(
                where,
                "samples have shape " + to_text(table->sample) + ", those to train on " +
                    to_text(data.sample())
            );
        }
        if (!data.is_classification() && table->targets.row_size() != data.outputs()) {
            throw data_error(
                where,
                "has " + std::to_string(table->targets.row_size()) +
                    " targets per sample, those to train on " + std::to_string(data.outputs())
            );
        }
    }
}

} // namespace mend
