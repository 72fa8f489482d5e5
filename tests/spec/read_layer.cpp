// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/read.hpp>

namespace spec_read_layer_tests {

using namespace mend;

namespace {

document with_layer(std::string_view class_name, std::string_view config, std::string_view shape) {
    return parse_json(
        R"({"model": {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": )" +
        std::string(shape) + R"(}}, {"class_name": ")" + std::string(class_name) +
        R"(", "config": )" + std::string(config) +
        R"(}]}}, "compile": {"loss": "mse", "optimizer": "sgd"}})"
    );
}

template <class Spec>
Spec read(std::string_view config, std::string_view shape) {
    return mend::get<Spec>(
        problem_from(with_layer(Spec::class_name, config, shape)).model.layers.at(0).kind
    );
}

std::string
mistake_in(std::string_view class_name, std::string_view config, std::string_view shape) {
    const auto found = validate(with_layer(class_name, config, shape));
    return found.empty() ? ""
                         : found[0].where.substr(found[0].where.rfind('/')) + ": " + found[0].why;
}

} // namespace

TEST_CASE("read_layer: extents of one dimension are integers or lists of one") {
    const conv1d_spec a = read<conv1d_spec>(
        R"({"filters": 4, "kernel_size": [5], "strides": 1, "dilation_rate": [2], "padding": "causal"})",
        "[null, 20, 3]"
    );
    CHECK(a.kernel_size == 5);
    CHECK(a.dilation_rate == 2);
    CHECK(a.padding == "causal");
    CHECK(
        read<max_pooling1d_spec>(R"({"pool_size": [3], "strides": null})", "[null, 20, 3]")
            .step() == 3
    );
    CHECK(
        mistake_in("Conv1D", R"({"filters": 4, "kernel_size": [5, 5]})", "[null, 20, 3]") ==
        "/kernel_size: must be an integer, not [5, 5]"
    );
    CHECK(
        mistake_in(
            "Conv2D", R"({"filters": 4, "kernel_size": 3, "padding": "causal"})", "[null, 9, 9, 3]"
        ) == "/padding: \"causal\" is not supported"
    );
}

TEST_CASE("read_layer: edges of images in all three forms") {
    const std::string image = "[null, 9, 9, 1]";
    CHECK(
        read<zero_padding2d_spec>(R"({"padding": 2})", image).padding ==
        edge_sizes{{{2, 2}, {2, 2}}}
    );
    CHECK(
        read<zero_padding2d_spec>(R"({"padding": [1, 2]})", image).padding ==
        edge_sizes{{{1, 1}, {2, 2}}}
    );
    CHECK(
        read<cropping2d_spec>(R"({"cropping": [[1, 2], [0, 3]]})", image).cropping ==
        edge_sizes{{{1, 2}, {0, 3}}}
    );
    CHECK(
        mistake_in("Cropping2D", R"({"cropping": [-1, 0]})", image) ==
        "/cropping: must not be negative, not -1"
    );
    CHECK(
        mistake_in("ZeroPadding2D", R"({"padding": [1, 2, 3]})", image) ==
        "/padding: must be an integer, a list of two, or a list of two lists of two, not [1, 2, 3]"
    );
}

TEST_CASE("read_layer: keys and axes as Keras 2, Keras 3 and TensorFlow.js write them") {
    CHECK(read<leaky_relu_spec>(R"({"negative_slope": 0.1})", "[null, 3]").alpha == 0.1);
    CHECK(read<leaky_relu_spec>(R"({"alpha": 0.2})", "[null, 3]").alpha == 0.2);
    CHECK(read<leaky_relu_spec>("{}", "[null, 3]").alpha == 0.3);
    CHECK(read<relu_spec>(R"({"max_value": null})", "[null, 3]") == relu_spec{});
    CHECK(read<relu_spec>(R"({"max_value": 6})", "[null, 3]").max_value == 6);
    CHECK(read<batch_normalization_spec>(R"({"axis": [3]})", "[null, 4, 4, 3]").axis == 3);
    CHECK(
        read<batch_normalization_spec>(R"({"synchronized": false, "renorm": false})", "[null, 3]")
            .axis == -1
    );
    CHECK(read<layer_normalization_spec>(R"({"axis": -1})", "[null, 3]").axis == dimensions{-1});
    CHECK(
        read<prelu_spec>(R"({"shared_axes": [1, 2]})", "[null, 4, 4, 3]").shared_axes ==
        dimensions{1, 2}
    );
    CHECK(read<prelu_spec>(R"({"shared_axes": null})", "[null, 3]").shared_axes.empty());
    CHECK(
        read<separable_conv2d_spec>(
            R"({"filters": 2, "kernel_size": 3, "kernel_initializer": "ones"})", "[null, 9, 9, 1]"
        )
            .filters == 2
    ); // tf.keras 2 writes the initialiser of a kernel that is not there
    CHECK(
        mistake_in("UpSampling2D", R"({"interpolation": "bilinear"})", "[null, 9, 9, 1]") ==
        "/interpolation: \"bilinear\" is not supported, only nearest is"
    );
    CHECK(
        mistake_in(
            "Embedding", R"({"input_dim": 9, "output_dim": 2, "mask_zero": true})", "[null, 4]"
        ) == "/mask_zero: true is not supported, only false is"
    );
    CHECK(
        mistake_in("BatchNormalization", R"({"renorm": true})", "[null, 4]") ==
        "/renorm: true is not supported, only false is"
    );
}

TEST_CASE("read_layer: an Embedding states the length of its samples as input_length") {
    const document alone = parse_json(
        R"({"model": {"class_name": "Sequential", "config": {"layers": [{"class_name": "Embedding",
            "config": {"input_dim": 100, "output_dim": 8, "input_length": 12}}]}},
            "compile": {"loss": "mse", "optimizer": "sgd"}})"
    );
    const problem read_back = problem_from(alone);
    CHECK(read_back.model.input_shape == dimensions{12});
    CHECK(mend::get<embedding_spec>(read_back.model.layers[0].kind).input_dim == 100);
}

} // namespace spec_read_layer_tests
