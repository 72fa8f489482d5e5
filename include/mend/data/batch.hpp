// SPDX-License-Identifier: MIT
/// Batches of a part: the order of an epoch and the rows of each batch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>

namespace mend {

/// Goes through the rows of a part in batches; the last one may be smaller. Refers to the part,
/// which must outlive it. After construction nothing allocates.
class batches {
public:
    /// Requires size >= 1.
    batches(const data_part& part, index size)
        : part_(&part)
        , size_(size)
        , order_(part.rows) {
        MEND_EXPECTS(size >= 1, "a batch has at least one row");
    }

    /// Number of batches in an epoch.
    [[nodiscard]] index count() const noexcept { return (part_->size() + size_ - 1) / size_; }

    /// Puts the rows in the order of an epoch, a fixed function of (seed, epoch).
    void shuffle(std::uint64_t seed, std::uint64_t epoch) {
        std::copy(part_->rows.begin(), part_->rows.end(), order_.begin());
        random_stream(seed, 0, purpose::shuffle, epoch).shuffle(std::span<index>(order_));
    }

    /// Rows of the source table that make up one batch, 0 <= number < count(); for gather_features
    /// and its like. Valid until the next shuffle.
    [[nodiscard]] std::span<const index> operator[](index number) const noexcept {
        const index first = number * size_;
        const index rows = std::min(size_, part_->size() - first);
        return {order_.data() + first, static_cast<std::size_t>(rows)};
    }

    [[nodiscard]] const samples& source() const noexcept { return *part_->source; }

private:
    const data_part* part_;
    index size_;
    std::vector<index> order_;
};

} // namespace mend
