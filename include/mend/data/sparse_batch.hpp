// SPDX-License-Identifier: MIT
/// The rows of a batch gathered from a sparse table, by columns.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/data/samples.hpp>
#include <mend/tensor/sparse.hpp>

namespace mend {

/// The buffers of batches; gathering allocates nothing.
class sparse_batch {
public:
    /// Makes room for batches of up to `rows` rows of a sparse table, besides those that there is
    /// room for already.
    void reserve(const samples& from, index rows) {
        MEND_EXPECTS(from.is_sparse(), "a sparse table");
        const auto width = static_cast<std::size_t>(from.sample.size());
        counts_.resize(std::max(counts_.size(), width));
        std::size_t longest = 0;
        for (index r = 0; r < from.sparse.rows(); ++r) {
            longest = std::max(longest, from.sparse.row_columns(r).size());
        }
        const std::size_t most = longest * static_cast<std::size_t>(rows);
        if (most > row_.size()) {
            row_.resize(most);
            value_.resize(most);
        }
        const std::size_t columns = std::min(row_.size(), counts_.size());
        columns_.reserve(columns);
        starts_.reserve(columns + 1);
    }

    /// The chosen rows, in that order; valid until the next call. Requires room for them. Cost: the
    /// entries, and the columns of the table.
    const sparse_view<float>& gather(const samples& from, std::span<const index> chosen) {
        for (const index r : chosen) {
            for (const std::int32_t c : from.sparse.row_columns(r)) {
                ++counts_[static_cast<std::size_t>(c)];
            }
        }
        columns_.clear();
        starts_.clear();
        std::int32_t sum = 0;
        for (std::size_t c = 0; c < static_cast<std::size_t>(from.sample.size()); ++c) {
            if (counts_[c] > 0) {
                columns_.push_back(static_cast<std::int32_t>(c));
                starts_.push_back(sum);
                sum += counts_[c];
                counts_[c] = starts_.back(); // from here on: where the next entry goes
            }
        }
        starts_.push_back(sum);
        MEND_EXPECTS(static_cast<std::size_t>(sum) <= row_.size(), "room for the batch");
        std::int32_t number = 0;
        for (const index r : chosen) {
            const auto columns = from.sparse.row_columns(r);
            const auto values = from.sparse.row_values(r);
            for (std::size_t i = 0; i < columns.size(); ++i) {
                const auto to =
                    static_cast<std::size_t>(counts_[static_cast<std::size_t>(columns[i])]++);
                row_[to] = number;
                value_[to] = values[i];
            }
            ++number;
        }
        for (const std::int32_t c : columns_) {
            counts_[static_cast<std::size_t>(c)] = 0;
        }
        view_ = {
            static_cast<index>(chosen.size()),
            from.sample.size(),
            columns_,
            starts_,
            row_.data(),
            value_.data()};
        return view_;
    }

private:
    std::vector<std::int32_t> counts_;
    std::vector<std::int32_t> columns_;
    std::vector<std::int32_t> starts_;
    std::vector<std::int32_t> row_;
    std::vector<float> value_;
    sparse_view<float> view_;
};

} // namespace mend
