// SPDX-License-Identifier: MIT
/// Products of a sparse matrix with a dense one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>

namespace mend {

/// A matrix by its columns: columns[i] holds entries starts[i] .. starts[i + 1] - 1, each in a row
/// of its own. Columns ascend; one without entries is not listed. Does not own.
template <class Scalar>
struct sparse_view {
    index rows = 0;
    index width = 0;
    std::span<const std::int32_t> columns{};
    std::span<const std::int32_t> starts{}; ///< one more than columns
    const std::int32_t* row = nullptr;      ///< of each entry
    const Scalar* value = nullptr;          ///< beside row

    [[nodiscard]] index column_count() const noexcept { return static_cast<index>(columns.size()); }
};

/// The product x' g kept as its factors: the gradient of the matrix by which sparse rows x were
/// multiplied, where g is the gradient of the result (rows x outputs).
template <class Scalar>
struct product_gradient {
    const sparse_view<Scalar>* x = nullptr; ///< null: nothing is kept
    const Scalar* g = nullptr;
    index outputs = 0;
};

namespace detail {

/// to += factor * from.
template <class Scalar>
void add_scaled(index count, Scalar factor, const Scalar* from, Scalar* to) {
    const pack<Scalar> f = pack<Scalar>::spread(&factor);
    transform(
        count, to, [f](pack<Scalar> a, pack<Scalar> b) { return fma(f, a, b); }, from, to
    );
}

} // namespace detail

/// y (x.rows x outputs) += x k, k x.width x outputs. Cost: entries * outputs multiply-adds.
template <class Scalar>
void add_sparse_product(const sparse_view<Scalar>& x, index outputs, const Scalar* k, Scalar* y) {
    for (index i = 0; i < x.column_count(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        const Scalar* const from = k + x.columns[at] * outputs;
        for (std::int32_t e = x.starts[at]; e < x.starts[at + 1]; ++e) {
            detail::add_scaled(outputs, x.value[e], from, y + x.row[e] * outputs);
        }
    }
}

/// to = row x.columns[i] of x' g: what the entries of a column gather from their rows of g.
template <class Scalar>
void sparse_gradient_row(const product_gradient<Scalar>& of, index i, Scalar* to) {
    const auto at = static_cast<std::size_t>(i);
    const sparse_view<Scalar>& x = *of.x;
    const std::int32_t first = x.starts[at];
    const detail::pack<Scalar> factor = detail::pack<Scalar>::spread(x.value + first);
    detail::transform(
        of.outputs,
        to,
        [factor](detail::pack<Scalar> g) { return factor * g; },
        of.g + x.row[first] * of.outputs
    );
    for (std::int32_t e = first + 1; e < x.starts[at + 1]; ++e) {
        detail::add_scaled(of.outputs, x.value[e], of.g + x.row[e] * of.outputs, to);
    }
}

} // namespace mend
