// SPDX-License-Identifier: MIT
/// Layers that arrange the numbers of a sample: Flatten, Reshape, Permute, RepeatVector.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

#include <mend/core/text.hpp>
#include <mend/spec/field.hpp>

namespace mend {

/// All dimensions of a sample as one, row-major.
struct flatten_spec {
    static constexpr std::string_view class_name = "Flatten";
    static constexpr std::string_view default_name = "flatten";
    static constexpr std::string_view fixed_keys[] = {"data_format"};

    friend bool operator==(const flatten_spec&, const flatten_spec&) = default;

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        return dimensions{element_count(input)};
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions&) const { return 0; }
};

/// The same numbers under another shape; one extent may be -1 and is then what is left.
struct reshape_spec {
    static constexpr std::string_view class_name = "Reshape";
    static constexpr std::string_view default_name = "reshape";

    dimensions target_shape{-1};

    friend bool operator==(const reshape_spec&, const reshape_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"target_shape", domain::any, true}, self.target_shape);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        dimensions output = target_shape;
        std::int64_t* open = nullptr;
        std::int64_t known = 1;
        for (std::int64_t& extent : output) {
            if (extent == -1 && open == nullptr) {
                open = &extent;
            } else if (extent < 1) {
                return shape_result::refused(
                    "target_shape " + to_text(target_shape) +
                    " must have positive extents and -1 at most once"
                );
            } else {
                known = bounded_product({known, extent});
            }
        }
        const std::int64_t count = element_count(input);
        if (open != nullptr) {
            *open = count / known;
        }
        if (output.empty() || element_count(output) != count) {
            return shape_result::refused(
                "cannot put " + counted(count, "number") + " into the shape " +
                to_text(target_shape)
            );
        }
        return limited(std::move(output));
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions&) const { return 0; }
};

/// The dimensions of a sample in another order, counted from 1: (2, 1) swaps two.
struct permute_spec {
    static constexpr std::string_view class_name = "Permute";
    static constexpr std::string_view default_name = "permute";

    dimensions dims{1};

    friend bool operator==(const permute_spec&, const permute_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"dims", domain::any, true}, self.dims);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        dimensions counted(input.size());
        std::iota(counted.begin(), counted.end(), 1);
        if (!std::is_permutation(counted.begin(), counted.end(), dims.begin(), dims.end())) {
            return shape_result::refused(
                "dims " + to_text(dims) + " are not an order of the dimensions of " + to_text(input)
            );
        }
        dimensions output;
        for (const std::int64_t dimension : dims) {
            output.push_back(input[static_cast<std::size_t>(dimension - 1)]);
        }
        return output;
    }
};

/// A row of numbers, n times.
struct repeat_vector_spec {
    static constexpr std::string_view class_name = "RepeatVector";
    static constexpr std::string_view default_name = "repeat_vector";

    std::int64_t n = 1;

    friend bool operator==(const repeat_vector_spec&, const repeat_vector_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"n", domain::positive, true}, self.n);
    }

    [[nodiscard]] shape_result output_shape(const dimensions& input) const {
        if (input.size() != 1) {
            return shape_result::refused("needs an input of one dimension, not " + to_text(input));
        }
        return dimensions{n, input[0]};
    }

    [[nodiscard]] std::int64_t multiply_adds(const dimensions& input) const {
        return bounded_product({n, input[0]});
    }
};

} // namespace mend
