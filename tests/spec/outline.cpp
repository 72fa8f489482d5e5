// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/spec/outline.hpp>

namespace spec_outline_tests {

using namespace mend;

TEST_CASE("outline: an activation is found whether it is a setting or a layer") {
    model_spec model;
    model.input_shape = {8, 8, 1};
    model.layers = {
        {conv2d_spec{.filters = 2}},
        {max_pooling2d_spec{}},
        {flatten_spec{}},
        {dense_spec{.units = 4}},
        {dropout_spec{.rate = 0.5}},
        {activation_spec{"tanh"}},
        {dense_spec{.units = 4}},
        {dense_spec{.units = 3, .activation = "softmax"}}};
    const std::vector<outlined_layer> found = outline(model);
    REQUIRE(found.size() == 4);
    CHECK(found[0].layer == 0);
    CHECK(found[0].function == "linear");
    CHECK(found[0].bends); // by the largest of a window
    CHECK(found[1].layer == 3);
    CHECK(found[1].activation == 5);
    CHECK(found[1].function == "tanh");
    CHECK(found[1].own == "linear");
    CHECK(found[1].bends);
    CHECK_FALSE(found[2].bends);
    CHECK(found[3].function == "softmax");
    CHECK(found[3].activation == 7);

    set_activation(model, found[1], "relu");
    set_activation(model, found[2], "elu");
    CHECK(activation_of(model.layers[5]) == "relu");
    CHECK(activation_of(model.layers[3]) == "linear");
    CHECK(activation_of(model.layers[6]) == "elu");
    CHECK(activation_of(model.layers[2]).empty());
}

TEST_CASE("outline: initialisers are those of kernels and of biases that are there") {
    layer_spec layer{dense_spec{.units = 2, .bias_initializer = {"ones"}}};
    REQUIRE(find_kernel_initializer(layer) != nullptr);
    CHECK(find_kernel_initializer(layer)->name == "glorot_uniform");
    REQUIRE(find_bias_initializer(layer) != nullptr);
    CHECK(find_bias_initializer(layer)->name == "ones");
    layer_spec bare{dense_spec{.units = 2, .use_bias = false}};
    CHECK(find_bias_initializer(bare) == nullptr);
    layer_spec other{flatten_spec{}};
    CHECK_FALSE(has_kernel(other));
    CHECK(find_bias_initializer(other) == nullptr);
}

} // namespace spec_outline_tests
