// SPDX-License-Identifier: MIT
/// Rows of a table by their numbers, and a rectifier with slopes of its own: operations on weights
/// that are picked number by number.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/tensor/shape.hpp>

namespace mend {

namespace detail {

/// The row that a number names, cut to a whole number as Keras does; -1 where there is none.
template <class Scalar>
[[nodiscard]] index row_named(Scalar number, index rows) noexcept {
    return number > Scalar{-1} && number < static_cast<Scalar>(rows) ? static_cast<index>(number)
                                                                     : index{-1};
}

} // namespace detail

/// The rows of a table (rows x width) that the numbers of x name: x's shape with another axis of
/// `width` at the end. NaN for a number that names none. No gradient reaches x.
template <class Scalar>
variable look_up(tape<Scalar>& t, variable x, variable table) {
    const shape& size = t.extents(table);
    MEND_EXPECTS(size.rank() == 2, "a table has rows");
    const index rows = size[0];
    const index width = size[1];
    const index count = t.extents(x).size();
    shape extents = t.extents(x);
    extents.push_back(width);
    const Scalar* const names = t.data(x);
    const Scalar* const from = t.data(table);
    Scalar* const y = t.allocate(count * width);
    for (index i = 0; i < count; ++i) {
        const index row = detail::row_named(names[i], rows);
        if (row < 0) {
            std::fill_n(y + i * width, width, std::numeric_limits<Scalar>::quiet_NaN());
        } else {
            std::copy_n(from + row * width, width, y + i * width);
        }
    }
    return t.record(y, extents, operation::other, {table}, [=](tape<Scalar>& tape, variable self) {
        const Scalar* const g = tape.gradient(self).data();
        const auto part = tape.contribute(table);
        if (!part.adds) {
            std::fill_n(part.data, rows * width, Scalar{});
        }
        for (index i = 0; i < count; ++i) {
            const index row = detail::row_named(names[i], rows);
            for (index c = 0; row >= 0 && c < width; ++c) {
                part.data[row * width + c] += g[i * width + c];
            }
        }
    });
}

/// x, or slope * x below 0 (He et al. 2015: PReLU). The slopes have the shape of one sample, with 1
/// along axes that share one.
template <class Scalar>
variable rectify(tape<Scalar>& t, variable x, variable slopes) {
    const shape extents = t.extents(x);
    const shape sample = extents.row();
    const shape& weights = t.extents(slopes);
    MEND_EXPECTS(weights.rank() == sample.rank(), "slopes have the shape of one sample");
    const index size = sample.size();
    index* const which = t.memory().template take<index>(size); // slope of each number of a sample
    for (index i = 0; i < size; ++i) {
        index rest = i;
        index place = 0;
        index stride = 1;
        for (int axis = sample.rank() - 1; axis >= 0; --axis) {
            const index at = rest % sample[axis];
            rest /= sample[axis];
            MEND_EXPECTS(
                weights[axis] == 1 || weights[axis] == sample[axis], "slopes fit the sample"
            );
            place += weights[axis] == 1 ? 0 : at * stride;
            stride *= weights[axis];
        }
        which[i] = place;
    }
    const Scalar* const from = t.data(x);
    const Scalar* const slope = t.data(slopes);
    Scalar* const y = t.allocate(extents.size());
    for (index at = 0; at < extents.size(); at += size) {
        for (index i = 0; i < size; ++i) {
            const Scalar v = from[at + i];
            y[at + i] = v < 0 ? slope[which[i]] * v : v;
        }
    }
    return t
        .record(y, extents, operation::other, {x, slopes}, [=](tape<Scalar>& tape, variable self) {
            Scalar* const g = tape.gradient(self).data();
            if (tape.wants_gradient(slopes)) {
                const auto part = tape.contribute(slopes);
                if (!part.adds) {
                    std::fill_n(part.data, tape.extents(slopes).size(), Scalar{});
                }
                for (index at = 0; at < extents.size(); at += size) {
                    for (index i = 0; i < size; ++i) {
                        part.data[which[i]] += from[at + i] < 0 ? g[at + i] * from[at + i] : 0;
                    }
                }
            }
            if (tape.wants_gradient(x)) {
                for (index at = 0; at < extents.size(); at += size) {
                    for (index i = 0; i < size; ++i) {
                        const Scalar v = from[at + i];
                        g[at + i] *= v > 0 ? Scalar{1} : v < 0 ? slope[which[i]] : Scalar{};
                    }
                }
                tape.hand_over(x, g);
            }
        });
}

} // namespace mend
