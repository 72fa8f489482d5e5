// SPDX-License-Identifier: MIT
/// 3 x 3 convolutions at stride 1 with a quarter of the multiplications: F(4 x 4, 3 x 3) of
/// Winograd ("Arithmetic complexity of computations", 1980), as Lavin and Gray ("Fast algorithms
/// for convolutional neural networks", 2016) use it, and its transposes for both gradients.
///
/// The output is cut into 4 x 4 tiles. With the matrices of `toom_cook`, a tile is
/// A' [(G g G') . (B' d B)] A for kernel g and the 6 x 6 inputs d under it; over channels and
/// filters the point-wise product becomes 36 matrix products. The gradients run the same flow
/// backwards: dM = A dy A', dg = G' [sum of (B' d B)' dM] G and dd = B [dM (G g G')'] B', so that
/// one transform of dy serves both. Tiles go through in chunks that stay in the second-level cache,
/// transforms and products by turns; no array of the size of the batch is written but the results.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include <mend/tensor/arena.hpp>
#include <mend/tensor/convolution_shape.hpp>
#include <mend/tensor/product.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/simd.hpp>
#include <mend/tensor/toom_cook.hpp>

namespace mend {

namespace detail {

/// Where a tile lies in an image of height x width, and the part of it that is inside.
struct tile_place {
    index top;
    index left;
    index first_row;
    index last_row; ///< one past the end, from the tile's top
    index first_column;
    index last_column;

    tile_place(index y, index x, index size, index height, index width) noexcept
        : top(y)
        , left(x)
        , first_row(std::clamp<index>(-y, 0, size))
        , last_row(std::clamp<index>(height - y, first_row, size))
        , first_column(std::clamp<index>(-x, 0, size))
        , last_column(std::clamp<index>(width - x, first_column, size)) {}

    [[nodiscard]] bool is_whole(index size) const noexcept {
        return first_row == 0 && first_column == 0 && last_row == size && last_column == size;
    }

    /// f(row, first column, columns) for the rows that are inside.
    template <class Function>
    void for_rows(const Function& f) const {
        for (index i = first_row; i < last_row; ++i) {
            f(i, first_column, last_column - first_column);
        }
    }
};

} // namespace detail

/// Whether a convolution goes this way: a fixed function of its shape.
///
/// Measured on Zen 4: with 16 or more channels and filters the transforms cost
/// less than the multiplications that they save from 6 x 6 outputs on.
[[nodiscard]] constexpr bool suits_winograd(const convolution_shape& s) noexcept {
    constexpr index line = 16;
    return s.rows == window{3, 1, 1} && s.columns == window{3, 1, 1} && s.channels % line == 0 &&
           s.filters % line == 0 && s.down.places >= 6 && s.across.places >= 6;
}

/// The three passes over a batch. Lives while its arena scope does. Requires suits_winograd.
template <class Scalar>
class winograd {
public:
    /// `kernel` is 3 x 3 x channels x filters.
    winograd(const convolution_shape& s, const Scalar* kernel, arena& memory)
        : shape_(s)
        , memory_(memory)
        , tiles_across_((s.across.places + size - 1) / size)
        , tiles_per_image_((s.down.places + size - 1) / size * tiles_across_)
        , tiles_(s.batch * tiles_per_image_)
        , chunk_(std::min<index>(
              std::max<index>(chunk_numbers / (points * (s.channels + s.filters)) / 8 * 8, 16),
              (tiles_ + 7) / 8 * 8
          ))
        , input_step_(chunk_ * s.channels + line)
        , output_step_(chunk_ * s.filters + line)
        , kernel_step_(s.channels * s.filters) {
        kernel_ = memory.take<Scalar>(points * kernel_step_);
        for (index c = 0; c < s.channels; ++c) {
            const index cell = s.channels * s.filters;
            detail::transform_squares<detail::toom_cook::kernel, Scalar>(
                s.filters,
                {kernel + c * s.filters, 3 * cell, cell},
                {kernel_ + c * s.filters, 6 * kernel_step_, kernel_step_}
            );
        }
        inputs_ = memory.take<Scalar>(points * input_step_);
        outputs_ = memory.take<Scalar>(points * output_step_);
        patch_ = memory.take<Scalar>(points * std::max(s.channels, s.filters));
        mask_ = memory.take<Scalar>(size * size * s.filters);
    }

    /// y = x * kernel, finished, for the whole batch. Does not add to y.
    void forward(const Scalar* x, const product_finish<Scalar>& finish, Scalar* y) const {
        const index filters = shape_.filters;
        for (index first = 0; first < tiles_; first += chunk_) {
            const index count = std::min(chunk_, tiles_ - first);
            take_inputs(x, first, count);
            multiply(
                count,
                inputs_,
                input_step_,
                shape_.channels,
                kernel_,
                outputs_,
                output_step_,
                filters
            );
            for (index t = 0; t < count; ++t) {
                give_output(finish, first + t, outputs_ + t * filters, y);
            }
        }
    }

    /// The gradients for dy, which where `y` is not null counts only where y > 0. Null pointers are
    /// gradients that nobody wants. dk and db are written, or added to where asked; dx likewise.
    struct gradient_targets {
        Scalar* x = nullptr;
        Scalar* kernel = nullptr;
        Scalar* bias = nullptr;
        bool adds_x = false;
        bool adds_kernel = false;
        bool adds_bias = false;
    };

    void
    backward(const Scalar* x, const Scalar* y, const Scalar* dy, const gradient_targets& to) const {
        const index channels = shape_.channels;
        const index filters = shape_.filters;
        const arena::scope scope(memory_);
        Scalar* const bias = memory_.take<Scalar>(filters);
        std::fill_n(bias, filters, Scalar{});
        Scalar* back = nullptr;
        if (to.x != nullptr) {
            back = turned_kernel();
            if (!to.adds_x) {
                std::fill_n(to.x, shape_.batch * shape_.input_size(), Scalar{});
            }
        }
        Scalar* products = nullptr;
        if (to.kernel != nullptr) {
            products = memory_.take<Scalar>(points * kernel_step_);
        }
        for (index first = 0; first < tiles_; first += chunk_) {
            const index count = std::min(chunk_, tiles_ - first);
            for (index t = 0; t < count; ++t) {
                take_gradient(y, dy, first + t, outputs_ + t * filters, bias);
            }
            if (products != nullptr) {
                take_inputs(x, first, count);
                for (index k = 0; k < points; ++k) {
                    detail::panel_product(
                        {inputs_ + k * input_step_, 1, channels, &none, 1, count},
                        channels,
                        filters,
                        detail::panels_in_place(outputs_ + k * output_step_, filters),
                        products + k * kernel_step_,
                        filters,
                        first > 0
                    );
                }
            }
            if (back != nullptr) {
                multiply(
                    count, outputs_, output_step_, filters, back, inputs_, input_step_, channels
                );
                for (index t = 0; t < count; ++t) {
                    give_input_gradient(first + t, inputs_ + t * channels, to.x);
                }
            }
        }
        if (products != nullptr) {
            give_kernel_gradient(products, to.kernel, to.adds_kernel);
        }
        for (index f = 0; to.bias != nullptr && f < filters; ++f) {
            to.bias[f] = to.adds_bias ? to.bias[f] + bias[f] : bias[f];
        }
    }

private:
    using pack = detail::pack<Scalar>;

    static constexpr index size = 4;    ///< of a tile, in outputs
    static constexpr index covered = 6; ///< of a tile, in inputs
    static constexpr index points = covered * covered;
    static constexpr index line = static_cast<index>(64 / sizeof(Scalar));
    static constexpr index chunk_numbers = index{1} << 18;
    static constexpr index none = 0;

    /// result = left times right at each of the 36 points; rows are tiles.
    static void multiply(
        index count,
        const Scalar* left,
        index left_step,
        index depth,
        const Scalar* right,
        Scalar* result,
        index result_step,
        index columns
    ) {
        for (index k = 0; k < points; ++k) {
            detail::panel_product(
                {left + k * left_step, depth, 1, &none, 1, depth},
                count,
                columns,
                detail::panels_in_place(right + k * depth * columns, columns),
                result + k * result_step,
                columns,
                false
            );
        }
    }

    /// The image and place of a tile: of its outputs, or of the inputs under it.
    struct tile {
        index image;
        detail::tile_place outputs;
        detail::tile_place inputs;
    };

    [[nodiscard]] tile tile_at(index t) const noexcept {
        const convolution_shape& s = shape_;
        const index image = t / tiles_per_image_;
        const index within = t % tiles_per_image_;
        const index y = within / tiles_across_ * size;
        const index x = within % tiles_across_ * size;
        return {
            image,
            {y, x, size, s.down.places, s.across.places},
            {y - s.down.before, x - s.across.before, covered, s.height, s.width}};
    }

    /// inputs_ = B' d B of tiles first .. first + count - 1.
    void take_inputs(const Scalar* x, index first, index count) const {
        const convolution_shape& s = shape_;
        const index channels = s.channels;
        for (index t = 0; t < count; ++t) {
            const tile at = tile_at(first + t);
            const Scalar* const corner = x + at.image * s.input_size() +
                                         (at.inputs.top * s.width + at.inputs.left) * channels;
            detail::transform_squares<detail::toom_cook::input, Scalar>(
                channels,
                see(at.inputs, covered, corner, s.width, channels, patch_),
                {inputs_ + t * channels, covered * input_step_, input_step_}
            );
        }
    }

    /// Cells of an image as a tile sees them: in place, or where the tile reaches over the edge a
    /// copy in `room` with zeros beyond.
    static detail::square<const Scalar>
    see(const detail::tile_place& place,
        index extent,
        const Scalar* corner,
        index width,
        index depth,
        Scalar* room) {
        if (place.is_whole(extent)) {
            return {corner, width * depth, depth};
        }
        std::fill_n(room, extent * extent * depth, Scalar{});
        place.for_rows([&](index i, index j, index columns) {
            std::copy_n(
                corner + (i * width + j) * depth, columns * depth, room + (i * extent + j) * depth
            );
        });
        return {room, extent * depth, depth};
    }

    void give_output(const product_finish<Scalar>& finish, index t, const Scalar* from, Scalar* y)
        const {
        const convolution_shape& s = shape_;
        const index filters = s.filters;
        const tile at = tile_at(t);
        Scalar* const corner = y + at.image * s.output_size() +
                               (at.outputs.top * s.across.places + at.outputs.left) * filters;
        const bool whole = at.outputs.is_whole(size);
        const detail::square<Scalar> to =
            whole ? detail::square<Scalar>{corner, s.across.places * filters, filters}
                  : detail::square<Scalar>{patch_, size * filters, filters};
        const pack least = pack::spread(&finish.least);
        const auto give = [&](pack value, int, int, index f) {
            return max(finish.bias == nullptr ? value : value + pack::load(finish.bias + f), least);
        };
        detail::transform_squares<detail::toom_cook::output, Scalar>(
            filters, {from, covered * output_step_, output_step_}, to, detail::as_it_is{}, give
        );
        if (!whole) {
            at.outputs.for_rows([&](index i, index j, index columns) {
                std::copy_n(
                    patch_ + (i * size + j) * filters,
                    columns * filters,
                    corner + (i * s.across.places + j) * filters
                );
            });
        }
    }

    /// to = A dy A', and the sums of dy for the bias.
    void take_gradient(const Scalar* y, const Scalar* dy, index t, Scalar* to, Scalar* bias) const {
        const convolution_shape& s = shape_;
        const index filters = s.filters;
        const tile at = tile_at(t);
        const index width = s.across.places;
        const index offset =
            at.image * s.output_size() + (at.outputs.top * width + at.outputs.left) * filters;
        const bool masked = y != nullptr;
        detail::square<const Scalar> known{};
        if (masked) {
            known = see(at.outputs, size, y + offset, width, filters, mask_);
        }
        const pack zero = pack::all(0);
        pack sum = zero;
        const auto take = [&](pack value, int i, int j, index f) {
            if (masked) {
                value = select(less(zero, pack::load(known.at(i, j) + f)), value, zero);
            }
            sum = i + j == 0 ? pack::load(bias + f) + value : sum + value;
            if (i + j == 2 * (size - 1)) {
                sum.store(bias + f);
            }
            return value;
        };
        detail::transform_squares<detail::toom_cook::output_gradient, Scalar>(
            filters,
            see(at.outputs, size, dy + offset, width, filters, patch_),
            {to, covered * output_step_, output_step_},
            take
        );
    }

    /// dx += B m B'.
    void give_input_gradient(index t, const Scalar* from, Scalar* dx) const {
        const convolution_shape& s = shape_;
        const index channels = s.channels;
        const tile at = tile_at(t);
        Scalar* const corner =
            dx + at.image * s.input_size() + (at.inputs.top * s.width + at.inputs.left) * channels;
        const detail::square<const Scalar> source{from, covered * input_step_, input_step_};
        if (at.inputs.is_whole(covered)) {
            const detail::square<Scalar> to{corner, s.width * channels, channels};
            detail::transform_squares<detail::toom_cook::input_gradient, Scalar>(
                channels,
                source,
                to,
                detail::as_it_is{},
                [&](pack value, int i, int j, index c) {
                    return value + pack::load(to.at(i, j) + c);
                }
            );
            return;
        }
        detail::transform_squares<detail::toom_cook::input_gradient, Scalar>(
            channels, source, {patch_, covered * channels, channels}
        );
        at.inputs.for_rows([&](index i, index j, index columns) {
            const Scalar* const made = patch_ + (i * covered + j) * channels;
            Scalar* const to = corner + (i * s.width + j) * channels;
            for (index c = 0; c < columns * channels; ++c) {
                to[c] += made[c];
            }
        });
    }

    /// The transformed kernel with channels and filters exchanged.
    [[nodiscard]] Scalar* turned_kernel() const {
        const convolution_shape& s = shape_;
        Scalar* const turned = memory_.take<Scalar>(points * kernel_step_);
        for (index k = 0; k < points; ++k) {
            detail::transpose(
                s.channels,
                s.filters,
                kernel_ + k * kernel_step_,
                s.filters,
                turned + k * kernel_step_,
                s.channels
            );
        }
        return turned;
    }

    void give_kernel_gradient(const Scalar* products, Scalar* dk, bool adds) const {
        const convolution_shape& s = shape_;
        const index cell = s.channels * s.filters;
        for (index c = 0; c < s.channels; ++c) {
            const detail::square<Scalar> to{dk + c * s.filters, 3 * cell, cell};
            detail::transform_squares<detail::toom_cook::kernel_gradient, Scalar>(
                s.filters,
                {products + c * s.filters, covered * kernel_step_, kernel_step_},
                to,
                detail::as_it_is{},
                [&](pack value, int i, int j, index f) {
                    return adds ? value + pack::load(to.at(i, j) + f) : value;
                }
            );
        }
    }

    convolution_shape shape_;
    arena& memory_;
    index tiles_across_;
    index tiles_per_image_;
    index tiles_;
    index chunk_;      ///< tiles that go through at once
    index input_step_; ///< from point to point; not a power of two, which would share cache sets
    index output_step_;
    index kernel_step_;
    Scalar* kernel_;  ///< 36 x channels x filters
    Scalar* inputs_;  ///< 36 x chunk x channels
    Scalar* outputs_; ///< 36 x chunk x filters
    Scalar* patch_;
    Scalar* mask_;
};

} // namespace mend
