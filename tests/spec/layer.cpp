// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include <mend/spec/layer.hpp>

namespace spec_layer_tests {

using namespace mend;

namespace {

// The output shape, or why there is none.
std::string shape_after(layer_kind kind, const dimensions& input) {
    const shape_result found = layer_spec{std::move(kind)}.output_shape(input);
    return found ? to_text(found.shape) : found.why;
}

} // namespace

TEST_CASE("layer: output shapes are Keras'") {
    CHECK(
        shape_after(conv1d_spec{.filters = 4, .strides = 2, .padding = "same"}, {11, 3}) == "(6, 4)"
    );
    CHECK(shape_after(conv1d_spec{.kernel_size = 5, .padding = "causal"}, {3, 2}) == "(3, 1)");
    CHECK(shape_after(conv2d_spec{.dilation_rate = {2, 2}}, {8, 9, 1}) == "(4, 5, 1)");
    CHECK(shape_after(depthwise_conv2d_spec{.depth_multiplier = 3}, {8, 9, 2}) == "(6, 7, 6)");
    CHECK(shape_after(separable_conv2d_spec{.filters = 5}, {8, 9, 2}) == "(6, 7, 5)");
    CHECK(shape_after(max_pooling1d_spec{}, {7, 3}) == "(3, 3)");
    CHECK(shape_after(global_average_pooling2d_spec{}, {8, 9, 2}) == "(2)");
    global_max_pooling1d_spec kept;
    kept.keepdims = true;
    CHECK(shape_after(kept, {8, 9}) == "(1, 9)");
    CHECK(shape_after(reshape_spec{{-1, 6}}, {4, 3, 2}) == "(4, 6)");
    CHECK(shape_after(permute_spec{{2, 3, 1}}, {4, 3, 2}) == "(3, 2, 4)");
    CHECK(shape_after(repeat_vector_spec{3}, {4}) == "(3, 4)");
    CHECK(shape_after(zero_padding2d_spec{{{{1, 2}, {0, 1}}}}, {4, 3, 2}) == "(7, 4, 2)");
    CHECK(shape_after(cropping2d_spec{{{{1, 2}, {0, 1}}}}, {4, 3, 2}) == "(1, 2, 2)");
    CHECK(shape_after(up_sampling2d_spec{{2, 3}}, {4, 3, 2}) == "(8, 9, 2)");
    CHECK(shape_after(embedding_spec{10, 4}, {7}) == "(7, 4)");
    CHECK(shape_after(gaussian_noise_spec{}, {7}) == "(7)");
}

TEST_CASE("layer: an input that does not fit is refused, and why") {
    CHECK(shape_after(conv1d_spec{}, {4}) == "needs an input (steps, channels), not (4)");
    CHECK(
        shape_after(depthwise_conv2d_spec{}, {4}) ==
        "needs an input (height, width, channels), not (4)"
    );
    CHECK(
        shape_after(conv1d_spec{.strides = 2, .dilation_rate = 2}, {9, 1}) ==
        "strides and dilation_rate cannot both be above 1"
    );
    CHECK(
        shape_after(conv1d_spec{.kernel_size = 4, .dilation_rate = 2}, {6, 1}) ==
        "its window (4) is larger than the input (6, 1)"
    );
    CHECK(
        shape_after(reshape_spec{{5, -1}}, {4, 3}) == "cannot put 12 numbers into the shape (5, -1)"
    );
    CHECK(
        shape_after(reshape_spec{{-1, -1}}, {4}) ==
        "target_shape (-1, -1) must have positive extents and -1 at most once"
    );
    CHECK(
        shape_after(permute_spec{{5, 1}}, {4, 3}) ==
        "dims (5, 1) are not an order of the dimensions of (4, 3)"
    );
    CHECK(
        shape_after(cropping2d_spec{{{{2, 2}, {0, 0}}}}, {4, 4, 1}) ==
        "crops away all of the input (4, 4, 1)"
    );
    CHECK(shape_after(softmax_spec{3}, {4, 3}) == "axis 3 is none of samples (4, 3)");
    CHECK(
        shape_after(batch_normalization_spec{.axis = 0}, {4, 3}) ==
        "axis 0 is none of samples (4, 3)"
    );
    CHECK(
        shape_after(layer_normalization_spec{.axis = {1}}, {4, 3}) ==
        "axis (1) is not supported, only the last axes are"
    );
    CHECK(
        shape_after(prelu_spec{.shared_axes = {3}}, {4, 3}) ==
        "shared_axes: 3 is no axis of samples (4, 3)"
    );
    CHECK(
        shape_after(embedding_spec{}, {4, 3, 2}) ==
        "its output (4, 3, 2, 1) has more than three dimensions, which mend does not support"
    );
}

TEST_CASE("layer: weights that training moves are counted as Keras counts them") {
    const auto count = [](layer_kind kind, const dimensions& input) {
        return layer_spec{std::move(kind)}.parameter_count(input);
    };
    CHECK(count(conv1d_spec{.filters = 4}, {9, 2}) == 3 * 2 * 4 + 4);
    CHECK(count(depthwise_conv2d_spec{.depth_multiplier = 2}, {9, 9, 3}) == 9 * 6 + 6);
    CHECK(
        count(separable_conv2d_spec{.filters = 4, .depth_multiplier = 2}, {9, 9, 3}) ==
        9 * 6 + 6 * 4 + 4
    );
    CHECK(count(batch_normalization_spec{}, {9, 9, 3}) == 6);
    CHECK(count(layer_normalization_spec{.axis = {-2, -1}, .center = false}, {9, 5, 3}) == 15);
    CHECK(count(prelu_spec{.shared_axes = {1, 2}}, {9, 5, 3}) == 3);
    CHECK(count(embedding_spec{10, 4}, {9}) == 40);
    CHECK(count(softmax_spec{}, {9}) == 0);
}

TEST_CASE("layer: activations and regularising layers are told from the others") {
    CHECK(is_activation({softmax_spec{}}));
    CHECK(is_activation({activation_spec{}}));
    CHECK_FALSE(is_activation({dropout_spec{}}));
    CHECK(is_regularizing({gaussian_noise_spec{}}));
    CHECK(is_regularizing({batch_normalization_spec{}}));
    CHECK_FALSE(is_regularizing({dense_spec{}}));
}

} // namespace spec_layer_tests
