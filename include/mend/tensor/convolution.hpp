// SPDX-License-Identifier: MIT
/// 2-D convolution (cross-correlation, as in Keras), NHWC with kernels HWIO, and its gradients.
///
/// Direct: in NHWC the inputs under one row of the kernel lie in sequence, so an output row is a
/// product whose left operand is read from the image itself, kernel row by kernel row, without
/// copying patches. Only images that need padding are copied, one at a time. The gradient of the
/// input is, at stride 1, such a convolution too, of the padded output gradient with the turned
/// kernel; at larger strides it is a product that is scattered.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include <mend/tensor/arena.hpp>
#include <mend/tensor/convolution_shape.hpp>
#include <mend/tensor/product.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/window.hpp>

namespace mend {

namespace detail {

/// Copies an image (height x width x channels) into the middle of zeros, cutting what does not
/// fit; cells before the image may not be negative.
template <class Scalar>
void place_image(
    index height,
    index width,
    index channels,
    const Scalar* image,
    index top,
    index left,
    index to_height,
    index to_width,
    Scalar* to
) {
    const index row = to_width * channels;
    const index kept = std::min(width, to_width - left) * channels;
    for (index y = 0; y < to_height; ++y) {
        Scalar* const line = to + y * row;
        if (y < top || y >= top + height) {
            std::fill_n(line, row, Scalar{});
            continue;
        }
        std::fill_n(line, left * channels, Scalar{});
        std::copy_n(image + (y - top) * width * channels, kept, line + left * channels);
        std::fill(line + left * channels + kept, line + row, Scalar{});
    }
}

/// Offsets of the runs of inputs under a kernel: a whole kernel row, or single cells where it
/// is dilated.
struct kernel_runs {
    const index* offsets = nullptr;
    index count = 0;
    index length = 0;

    kernel_runs(
        const window& rows, const window& columns, index line, index channels, arena& memory
    ) {
        const bool whole = columns.dilation == 1;
        const index per_row = whole ? 1 : columns.size;
        count = rows.size * per_row;
        length = whole ? columns.size * channels : channels;
        index* const to = memory.take<index>(count);
        for (index y = 0; y < rows.size; ++y) {
            for (index x = 0; x < per_row; ++x) {
                to[y * per_row + x] = y * rows.dilation * line + x * columns.dilation * channels;
            }
        }
        offsets = to;
    }
};

/// The image as the windows see it: itself, or a padded copy in `room`.
template <class Scalar>
struct covered_image {
    const Scalar* data;
    index line; ///< numbers from row to row

    covered_image(const convolution_shape& s, const Scalar* image, Scalar* room)
        : data(image)
        , line(s.width * s.channels) {
        if (s.is_padded()) {
            place_image(
                s.height,
                s.width,
                s.channels,
                image,
                s.down.before,
                s.across.before,
                s.covered_height(),
                s.covered_width(),
                room
            );
            data = room;
            line = s.covered_width() * s.channels;
        }
    }
};

template <class Scalar>
[[nodiscard]] Scalar* padding_room(const convolution_shape& s, arena& memory) {
    return s.is_padded() ? memory.take<Scalar>(s.covered_height() * s.covered_width() * s.channels)
                         : nullptr;
}

} // namespace detail

/// A convolution with its kernel laid out for the product. Lives while its arena scope does.
template <class Scalar>
class convolution {
public:
    /// `kernel` is rows x columns x channels x filters.
    convolution(const convolution_shape& s, const Scalar* kernel, arena& memory)
        : shape_(s)
        , runs_(
              s.rows,
              s.columns,
              (s.is_padded() ? s.covered_width() : s.width) * s.channels,
              s.channels,
              memory
          )
        , room_(detail::padding_room<Scalar>(s, memory))
        , kernel_(detail::pack_panels(
              s.depth(),
              s.filters,
              operand<Scalar>{kernel, s.filters},
              memory.take<Scalar>(detail::panels_size<Scalar>(s.depth(), s.filters))
          )) {}

    /// Writes the convolution of one image, finished, to `result` (places down x across x filters).
    void operator()(const Scalar* image, Scalar* result, const product_finish<Scalar>& finish = {})
        const {
        const convolution_shape& s = shape_;
        const detail::covered_image<Scalar> seen(s, image, room_);
        for (index y = 0; y < s.down.places; ++y) {
            const detail::segmented<Scalar> left{
                seen.data + y * s.rows.stride * seen.line,
                s.columns.stride * s.channels,
                1,
                runs_.offsets,
                runs_.count,
                runs_.length};
            detail::panel_product(
                left,
                s.across.places,
                s.filters,
                kernel_,
                result + y * s.across.places * s.filters,
                s.filters,
                finish
            );
        }
    }

private:
    convolution_shape shape_;
    detail::kernel_runs runs_;
    Scalar* room_;
    detail::panels<Scalar> kernel_;
};

/// kernel_gradient (+)= the gradient of one image: rows x columns x channels x filters.
template <class Scalar>
void convolution_kernel_gradient(
    const convolution_shape& s,
    const Scalar* image,
    const Scalar* result_gradient,
    Scalar* kernel_gradient,
    bool add,
    arena& memory
) {
    const arena::scope scope(memory);
    const detail::covered_image<Scalar> seen(s, image, detail::padding_room<Scalar>(s, memory));
    const index places = s.down.places * s.across.places;
    const bool in_place = s.filters % detail::pack<Scalar>::width == 0;
    const detail::panels<Scalar> right =
        in_place ? detail::panels_in_place(result_gradient, s.filters)
                 : detail::pack_panels(
                       places,
                       s.filters,
                       operand<Scalar>{result_gradient, s.filters},
                       memory.take<Scalar>(detail::panels_size<Scalar>(places, s.filters))
                   );
    index* const lines = memory.take<index>(s.down.places);
    for (index y = 0; y < s.down.places; ++y) {
        lines[y] = y * s.rows.stride * seen.line;
    }
    const detail::kernel_runs runs(s.rows, s.columns, seen.line, s.channels, memory);
    for (index run = 0; run < runs.count; ++run) {
        const detail::segmented<Scalar> left{
            seen.data + runs.offsets[run],
            1,
            s.columns.stride * s.channels,
            lines,
            s.down.places,
            s.across.places};
        detail::panel_product(
            left,
            runs.length,
            s.filters,
            right,
            kernel_gradient + run * runs.length * s.filters,
            s.filters,
            add
        );
    }
}

/// The gradient of the input of a convolution, prepared for its kernel. Lives while its arena scope
/// does.
template <class Scalar>
class convolution_input_gradient {
public:
    convolution_input_gradient(const convolution_shape& s, const Scalar* kernel, arena& memory)
        : shape_(s)
        , is_convolution_(s.rows.stride == 1 && s.columns.stride == 1) {
        if (!is_convolution_) {
            patches_ = memory.take<Scalar>(s.across.places * s.depth());
            room_ = memory.take<Scalar>(s.covered_height() * s.covered_width() * s.channels);
            scatter_kernel_ = detail::pack_panels(
                s.filters,
                s.depth(),
                operand<Scalar>{kernel, s.filters, true},
                memory.take<Scalar>(detail::panels_size<Scalar>(s.filters, s.depth()))
            );
            return;
        }
        // The kernel turned by half a turn, channels and filters exchanged.
        const index cells = s.rows.size * s.columns.size;
        Scalar* const turned = memory.take<Scalar>(cells * s.filters * s.channels);
        for (index cell = 0; cell < cells; ++cell) {
            detail::transpose(
                s.channels,
                s.filters,
                kernel + (cells - 1 - cell) * s.channels * s.filters,
                s.filters,
                turned + cell * s.channels * s.filters,
                s.channels
            );
        }
        back_ = s;
        back_.height = s.down.places;
        back_.width = s.across.places;
        back_.channels = s.filters;
        back_.filters = s.channels;
        back_.down = {s.height, s.rows.reach() - 1 - s.down.before};
        back_.across = {s.width, s.columns.reach() - 1 - s.across.before};
        correlation_.emplace(back_, turned, memory);
    }

    /// Writes the gradient of one image; adds it where `add`.
    void operator()(const Scalar* result_gradient, Scalar* image_gradient, bool add) const {
        const convolution_shape& s = shape_;
        if (is_convolution_) {
            (*correlation_)(result_gradient, image_gradient, add);
        } else {
            if (!add) {
                std::fill_n(image_gradient, s.input_size(), Scalar{});
            }
            scatter(result_gradient, image_gradient);
        }
    }

private:
    void scatter(const Scalar* result_gradient, Scalar* image_gradient) const {
        static constexpr index none = 0;
        const convolution_shape& s = shape_;
        const index line = s.covered_width() * s.channels;
        std::fill_n(room_, s.covered_height() * line, Scalar{});
        for (index y = 0; y < s.down.places; ++y) {
            const detail::segmented<Scalar> left{
                result_gradient + y * s.across.places * s.filters,
                s.filters,
                1,
                &none,
                1,
                s.filters};
            detail::panel_product(
                left, s.across.places, s.depth(), scatter_kernel_, patches_, s.depth(), false
            );
            const Scalar* from = patches_;
            for (index x = 0; x < s.across.places; ++x) {
                Scalar* const corner =
                    room_ + y * s.rows.stride * line + x * s.columns.stride * s.channels;
                for (index i = 0; i < s.rows.size; ++i) {
                    for (index j = 0; j < s.columns.size; ++j) {
                        Scalar* const to = corner + i * s.rows.dilation * line +
                                           j * s.columns.dilation * s.channels;
                        for (index c = 0; c < s.channels; ++c) {
                            to[c] += *from++;
                        }
                    }
                }
            }
        }
        const index last_row = std::min(s.height, s.covered_height() - s.down.before);
        const index kept = std::min(s.width, s.covered_width() - s.across.before) * s.channels;
        for (index y = 0; y < last_row; ++y) {
            const Scalar* const from =
                room_ + (y + s.down.before) * line + s.across.before * s.channels;
            Scalar* const to = image_gradient + y * s.width * s.channels;
            for (index i = 0; i < kept; ++i) {
                to[i] += from[i];
            }
        }
    }

    convolution_shape shape_;
    bool is_convolution_;
    convolution_shape back_{};
    std::optional<convolution<Scalar>> correlation_;
    detail::panels<Scalar> scatter_kernel_{};
    Scalar* patches_ = nullptr;
    Scalar* room_ = nullptr;
};

} // namespace mend
