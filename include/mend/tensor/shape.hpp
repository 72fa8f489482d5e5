// SPDX-License-Identifier: MIT
/// Extents of up to four dimensions, row-major; the first is the batch where there is one.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>

#include <mend/core/config.hpp>

namespace mend {

/// Signed, like Eigen's.
using index = std::ptrdiff_t;

/// A shape of rank 0 (a scalar) to 4. Images are NHWC.
class shape {
public:
    static constexpr int max_rank = 4;

    constexpr shape() noexcept = default;

    constexpr shape(std::initializer_list<index> extents) {
        MEND_EXPECTS(extents.size() <= max_rank, "a shape has at most four dimensions");
        for (const index extent : extents) {
            extents_[static_cast<std::size_t>(rank_++)] = extent;
        }
    }

    [[nodiscard]] constexpr int rank() const noexcept { return rank_; }

    [[nodiscard]] constexpr index operator[](int axis) const noexcept {
        return extents_[static_cast<std::size_t>(axis)];
    }

    [[nodiscard]] constexpr index& operator[](int axis) noexcept {
        return extents_[static_cast<std::size_t>(axis)];
    }

    constexpr void push_back(index extent) {
        MEND_EXPECTS(rank_ < max_rank, "a shape has at most four dimensions");
        extents_[static_cast<std::size_t>(rank_++)] = extent;
    }

    /// Number of elements; 1 for a scalar.
    [[nodiscard]] constexpr index size() const noexcept {
        index product = 1;
        for (int axis = 0; axis < rank_; ++axis) {
            product *= (*this)[axis];
        }
        return product;
    }

    /// Elements per entry of the first dimension.
    [[nodiscard]] constexpr index row_size() const noexcept {
        index product = 1;
        for (int axis = 1; axis < rank_; ++axis) {
            product *= (*this)[axis];
        }
        return product;
    }

    /// The shape of one row: this without its first dimension.
    [[nodiscard]] constexpr shape row() const {
        shape inner;
        for (int axis = 1; axis < rank_; ++axis) {
            inner.push_back((*this)[axis]);
        }
        return inner;
    }

    /// This with another dimension in front: the batch of so many.
    [[nodiscard]] constexpr shape batch(index rows) const {
        shape outer{rows};
        for (int axis = 0; axis < rank_; ++axis) {
            outer.push_back((*this)[axis]);
        }
        return outer;
    }

    friend constexpr bool operator==(const shape&, const shape&) noexcept = default;

private:
    std::array<index, max_rank> extents_{}; // beyond rank_ always zero, so that == is memberwise
    int rank_ = 0;
};

/// "(28, 28, 1)".
[[nodiscard]] inline std::string to_text(const shape& s) {
    std::string text = "(";
    for (int axis = 0; axis < s.rank(); ++axis) {
        text += (axis == 0 ? "" : ", ") + std::to_string(s[axis]);
    }
    return text + ")";
}

} // namespace mend
