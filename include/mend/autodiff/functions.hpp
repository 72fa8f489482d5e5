// SPDX-License-Identifier: MIT
/// Differentiable operations on a tape: element-wise ones, the affine map, penalties.
///
/// Each computes its result at once and records how gradients flow back. Shapes are contracts.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <mend/autodiff/tape.hpp>
#include <mend/core/config.hpp>
#include <mend/tensor/activation.hpp>
#include <mend/tensor/ops.hpp>
#include <mend/tensor/product.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>
#include <mend/tensor/sparse.hpp>

namespace mend {

/// The same numbers under another shape; costs nothing.
template <class Scalar>
variable reshape(tape<Scalar>& t, variable x, const shape& extents) {
    MEND_EXPECTS(extents.size() == t.extents(x).size(), "a reshape keeps the number of elements");
    return t
        .record(t.data(x), extents, operation::other, {x}, [x](tape<Scalar>& tape, variable self) {
            tape.hand_over(x, tape.gradient(self).data());
        });
}

/// f(x) with the last dimension as rows for softmax.
template <class Scalar>
variable activate(tape<Scalar>& t, variable x, const activation& f) {
    if (f.kind == activation_kind::linear) {
        return x;
    }
    const shape extents = t.extents(x);
    const index count = extents.size();
    Scalar* const y = t.allocate(count);
    if (f.by_row()) {
        const index columns = extents[extents.rank() - 1];
        const bool logarithm = f.kind == activation_kind::log_softmax;
        softmax(count / columns, columns, t.data(x), y, logarithm);
        return t.record(
            y,
            extents,
            logarithm ? operation::other : operation::softmax,
            {x},
            [x, columns, logarithm](tape<Scalar>& tape, variable self) {
                const tensor_view<Scalar> g = tape.gradient(self);
                const Scalar* const made = tape.data(self);
                softmax_gradient(g.size() / columns, columns, made, g.data(), g.data(), logarithm);
                tape.hand_over(x, g.data());
            }
        );
    }
    activate(f, count, t.data(x), y);
    const bool is_sigmoid = f.kind == activation_kind::sigmoid;
    return t.record(
        y,
        extents,
        is_sigmoid ? operation::sigmoid : operation::other,
        {x},
        [x, f](tape<Scalar>& tape, variable self) {
            const tensor_view<Scalar> g = tape.gradient(self);
            activation_gradient(f, g.size(), tape.data(x), tape.data(self), g.data(), g.data());
            tape.hand_over(x, g.data());
        }
    );
}

namespace detail {

/// The least number that is left of a product by an activation that is done in it: relu, or none.
template <class Scalar>
[[nodiscard]] Scalar least_of(const activation& f) noexcept {
    return f.kind == activation_kind::relu ? Scalar{} : -std::numeric_limits<Scalar>::infinity();
}

/// y = max(x kernel + bias, least); the bias may be null.
template <class Scalar>
void multiply(
    tape<Scalar>& t, variable x, variable kernel, const product_finish<Scalar>& finish, Scalar* y
) {
    const index inputs = t.extents(kernel)[0];
    const index outputs = t.extents(kernel)[1];
    const index rows = t.extents(x).size() / inputs;
    if (const auto* sparse = t.sparse(x)) {
        if (finish.bias != nullptr) {
            repeat_row(rows, outputs, finish.bias, y);
        } else {
            std::fill_n(y, rows * outputs, Scalar{});
        }
        add_sparse_product(*sparse, outputs, t.data(kernel), y);
        const pack<Scalar> least = pack<Scalar>::spread(&finish.least);
        transform(
            rows * outputs, y, [least](pack<Scalar> v) { return max(v, least); }, y
        );
        return;
    }
    product<Scalar>(
        rows,
        outputs,
        inputs,
        {t.data(x), inputs},
        {t.data(kernel), outputs},
        y,
        outputs,
        finish,
        t.memory()
    );
}

/// The gradient of the kernel of `affine`, x' g.
template <class Scalar>
void give_kernel_gradient(
    tape<Scalar>& t, variable x, variable kernel, index rows, const Scalar* g
) {
    const index inputs = t.extents(kernel)[0];
    const index outputs = t.extents(kernel)[1];
    const sparse_view<Scalar>* const sparse = t.sparse(x);
    if (product_gradient<Scalar>* const factors = t.factors(kernel)) {
        MEND_EXPECTS(sparse != nullptr, "gradients of sparse rows alone are kept as factors");
        *factors = {sparse, g, outputs};
        return;
    }
    const auto part = t.contribute(kernel);
    if (sparse == nullptr) {
        product<Scalar>(
            inputs,
            outputs,
            rows,
            {t.data(x), inputs, true},
            {g, outputs},
            part.data,
            outputs,
            part.adds,
            t.memory()
        );
        return;
    }
    if (!part.adds) {
        std::fill_n(part.data, inputs * outputs, Scalar{});
    }
    for (index i = 0; i < sparse->column_count(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        Scalar* const to = part.data + sparse->columns[at] * outputs;
        for (std::int32_t e = sparse->starts[at]; e < sparse->starts[at + 1]; ++e) {
            add_scaled(outputs, sparse->value[e], g + sparse->row[e] * outputs, to);
        }
    }
}

} // namespace detail

/// f(x kernel + bias): x is ... x in (leading dimensions are rows), kernel in x out, bias out or
/// absent (a variable that does not exist). x may be a sparse input. Row-wise activations are not
/// fused: use `activate`.
template <class Scalar>
variable
affine(tape<Scalar>& t, variable x, variable kernel, variable bias, const activation& f = {}) {
    MEND_EXPECTS(!f.by_row(), "softmax is an operation of its own");
    const index inputs = t.extents(kernel)[0];
    const index outputs = t.extents(kernel)[1];
    shape extents = t.extents(x);
    MEND_EXPECTS(extents[extents.rank() - 1] == inputs, "the kernel fits the last dimension");
    const index rows = extents.size() / inputs;
    extents[extents.rank() - 1] = outputs;

    Scalar* const y = t.allocate(rows * outputs);
    Scalar* const z = f.needs_input() ? t.allocate(rows * outputs) : y;
    const bool is_relu = f.kind == activation_kind::relu;
    const product_finish<Scalar> finish(
        bias.exists() ? t.data(bias) : nullptr, detail::least_of<Scalar>(f)
    );
    detail::multiply(t, x, kernel, finish, z);
    if (!is_relu) {
        activate(f, rows * outputs, z, y);
    }
    return t.record(
        y,
        extents,
        operation::other,
        {x, kernel, bias},
        [=](tape<Scalar>& tape, variable self) {
            Scalar* const g = tape.gradient(self).data();
            activation_gradient(f, rows * outputs, z, y, g, g);
            if (tape.wants_gradient(bias)) {
                const auto part = tape.contribute(bias);
                sum_columns(rows, outputs, g, part.data, part.adds);
            }
            if (tape.wants_gradient(kernel)) {
                detail::give_kernel_gradient(tape, x, kernel, rows, static_cast<const Scalar*>(g));
            }
            if (tape.wants_gradient(x)) {
                const auto part = tape.contribute(x);
                product<Scalar>(
                    rows,
                    inputs,
                    outputs,
                    {g, outputs},
                    {tape.data(kernel), outputs, true},
                    part.data,
                    inputs,
                    part.adds,
                    tape.memory()
                );
            }
        }
    );
}

/// factor[c] * x + shift[c] with c the last dimension; the factors live on the tape, or with the
/// caller for the step, and are constant. `period` is their number: 1 for one factor for all.
template <class Scalar>
variable scale_and_shift(
    tape<Scalar>& t, variable x, const Scalar* factor, const Scalar* shift, index period
) {
    const shape extents = t.extents(x);
    const index count = extents.size();
    MEND_EXPECTS(period > 0 && count % period == 0, "factors repeat along the last dimension");
    Scalar* const y = t.allocate(count);
    const Scalar* const from = t.data(x);
    for (index row = 0; row < count; row += period) {
        for (index c = 0; c < period; ++c) {
            y[row + c] = from[row + c] * factor[c] + shift[c];
        }
    }
    return t.record(
        y,
        extents,
        operation::other,
        {x},
        [x, factor, period](tape<Scalar>& tape, variable self) {
            const tensor_view<Scalar> g = tape.gradient(self);
            for (index row = 0; row < g.size(); row += period) {
                for (index c = 0; c < period; ++c) {
                    g[row + c] *= factor[c];
                }
            }
            tape.hand_over(x, g.data());
        }
    );
}

/// a + b for two of the same shape.
template <class Scalar>
variable add(tape<Scalar>& t, variable a, variable b) {
    const shape extents = t.extents(a);
    MEND_EXPECTS(extents == t.extents(b), "a sum needs two of the same shape");
    const index count = extents.size();
    Scalar* const y = t.allocate(count);
    const Scalar* const left = t.data(a);
    const Scalar* const right = t.data(b);
    for (index i = 0; i < count; ++i) {
        y[i] = left[i] + right[i];
    }
    return t
        .record(y, extents, operation::other, {a, b}, [a, b](tape<Scalar>& tape, variable self) {
            const tensor_view<Scalar> g = tape.gradient(self);
            for (const variable input : {a, b}) {
                if (tape.wants_gradient(input)) {
                    const auto part = tape.contribute(input);
                    for (index i = 0; i < g.size(); ++i) {
                        part.data[i] = part.adds ? part.data[i] + g[i] : g[i];
                    }
                }
            }
        });
}

/// l1 * sum |w| + l2 * sum w^2, a scalar. The derivative of |w| at 0 is 0.
template <class Scalar>
variable weight_penalty(tape<Scalar>& t, variable w, double l1, double l2) {
    using pack = detail::pack<Scalar>;
    const Scalar* const values = t.data(w);
    const index count = t.extents(w).size();
    double sum = 0;
    constexpr index block = 4096; // in the precision of the numbers; blocks are added up in double
    for (index from = 0; from < count; from += block) {
        pack sizes = pack::all(0);
        pack squares = pack::all(0);
        detail::for_packs<Scalar>(std::min(block, count - from), [&](auto load, auto) {
            const pack v = load(values + from);
            sizes = sizes + abs(v);
            squares = fma(v, v, squares);
        });
        std::array<Scalar, static_cast<std::size_t>(pack::width)> lanes;
        sizes.store(lanes.data());
        for (const Scalar lane : lanes) {
            sum += l1 * static_cast<double>(lane);
        }
        squares.store(lanes.data());
        for (const Scalar lane : lanes) {
            sum += l2 * static_cast<double>(lane);
        }
    }
    Scalar* const y = t.allocate(1);
    *y = static_cast<Scalar>(sum);
    return t.record(y, shape{}, operation::other, {w}, [=](tape<Scalar>& tape, variable self) {
        const Scalar g = *tape.gradient(self).data();
        const auto part = tape.contribute(w);
        const pack first = pack::all(static_cast<double>(static_cast<Scalar>(l1) * g));
        const pack second = pack::all(static_cast<double>(static_cast<Scalar>(2 * l2) * g));
        const pack zero = pack::all(0);
        const auto slope = [=](pack v) {
            const pack sign = select(less(zero, v), first, select(less(v, zero), -first, zero));
            return fma(second, v, sign);
        };
        if (part.adds) {
            detail::transform(
                count,
                part.data,
                [&](pack before, pack v) { return before + slope(v); },
                part.data,
                values
            );
        } else {
            detail::transform(count, part.data, slope, values);
        }
    });
}

} // namespace mend
