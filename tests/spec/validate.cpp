// SPDX-License-Identifier: MIT
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/spec/validate.hpp>

namespace spec_validate_tests {

using namespace mend;

namespace {

model_spec lenet() {
    return {
        .input_shape = {28, 28, 1},
        .layers = {
            {conv2d_spec{.filters = 6, .kernel_size = {5, 5}, .padding = "same"}},
            {average_pooling2d_spec{}},
            {conv2d_spec{.filters = 16, .kernel_size = {5, 5}}},
            {average_pooling2d_spec{}},
            {flatten_spec{}},
            {dense_spec{.units = 120}},
            {dense_spec{.units = 84}},
            {dense_spec{.units = 10}}}};
}

} // namespace

TEST_CASE("validate: LeNet-5 has its published shapes and numbers of weights") {
    const inference found = infer_shapes(lenet());
    REQUIRE(found.why.empty());
    CHECK(found.layers[0].output == dimensions{28, 28, 6});
    CHECK(found.layers[1].output == dimensions{14, 14, 6});
    CHECK(found.layers[2].output == dimensions{10, 10, 16});
    CHECK(found.layers[3].output == dimensions{5, 5, 16});
    CHECK(found.layers[4].output == dimensions{400});
    CHECK(found.layers[7].output == dimensions{10});
    // LeCun et al. 1998: 156, 48120 (C5), 10164 (F6) weights; C3 connects all maps here: 2416.
    CHECK(found.layers[0].parameters == 156);
    CHECK(found.layers[2].parameters == 2416);
    CHECK(found.layers[5].parameters == 48120);
    CHECK(found.layers[6].parameters == 10164);
    CHECK(found.parameters() == 156 + 2416 + 48120 + 10164 + 850);
    CHECK(output_shape(lenet()) == dimensions{10});
}

TEST_CASE("validate: windows follow TensorFlow's rule of the output size") {
    // ceil(n / stride) and ceil((n - size + 1) / stride)
    for (std::int64_t n = 1; n < 12; ++n) {
        for (std::int64_t size = 1; size < 5; ++size) {
            for (std::int64_t stride = 1; stride < 4; ++stride) {
                CHECK(window_count(n, size, stride, "same") == (n + stride - 1) / stride);
                CHECK(
                    window_count(n, size, stride, "valid") ==
                    (n < size ? 0 : (n - size + 1 + stride - 1) / stride)
                );
            }
        }
    }
}

TEST_CASE("validate: a layer that does not fit is named with its reason") {
    model_spec model = lenet();
    model.input_shape = {8, 8, 1};
    const inference found = infer_shapes(model);
    CHECK(found.bad_layer == 2);
    CHECK(found.why == "its window (5, 5) is larger than the input (4, 4, 6)");
    CHECK(found.layers.size() == 2);
    CHECK_THROWS_AS(static_cast<void>(output_shape(model)), spec_error);
    CHECK(
        infer_shapes({.input_shape = {4}, .layers = {{max_pooling2d_spec{}}}}).why ==
        "needs an input (height, width, channels), not (4)"
    );
    CHECK(
        infer_shapes({.input_shape = {3}, .layers = {{normalization_spec{{1, 2}, {1, 2}}}}}).why ==
        "has statistics of 2 channels, its input has 3"
    );
    CHECK(
        infer_shapes({.input_shape = {3}, .layers = {{normalization_spec{{1}, {}}}}}).why ==
        "mean and variance must be given together"
    );
}

TEST_CASE("validate: sizes beyond memory are refused without overflow") {
    const std::int64_t huge = 2147483647;
    CHECK(infer_shapes({.input_shape = {huge}, .layers = {{dense_spec{.units = huge}}}}
    ).why.starts_with("it has too many weights"));
    CHECK(infer_shapes({.input_shape = {40000, 40000, 1},
                        .layers = {{conv2d_spec{
                            .filters = huge, .kernel_size = {30000, 30000}, .padding = "same"}}}}
    ).why.ends_with("is too large"));
    const extent_pair wide{1073741824, 1073741824};
    for (const layer_spec& layer : std::vector<layer_spec>{
             {conv2d_spec{.filters = 4, .kernel_size = wide, .padding = "same"}},
             {depthwise_conv2d_spec{.kernel_size = wide, .padding = "same", .depth_multiplier = 8}},
             {separable_conv2d_spec{.filters = 4, .kernel_size = wide, .padding = "same"}}}) {
        CHECK(infer_shapes({.input_shape = {1, 1, 2}, .layers = {layer}}
        ).why.starts_with("it has too many weights"));
    }
    CHECK(bounded_sum({INT64_MAX, 1}) == INT64_MAX);
    CHECK(bounded_sum({2, 0, 3}) == 5);
}

TEST_CASE("validate: the work of a step counts three passes, two for the first layer") {
    const model_spec mlp{
        .input_shape = {784},
        .layers = {
            {rescaling_spec{.scale = 0.5}},
            {dense_spec{.units = 512, .activation = "relu"}},
            {dropout_spec{.rate = 0.2}},
            {dense_spec{.units = 10}}}};
    const training_work work = work_of(mlp);
    CHECK(work.per_sample == 784 + 2 * 784 * 512 + 2 * 512 + 3 * 512 * 10);
    CHECK(work.of(100, 4) == 100 * work.per_sample + 4 * training_work::step_overhead);
    model_spec frozen = mlp;
    frozen.layers[1].trainable = false;
    CHECK(work_of(frozen).per_sample == 784 + 784 * 512 + 512 + 2 * 512 * 10);

    problem p{.model = mlp, .fit = {.batch_size = 32, .epochs = 5}};
    CHECK(steps_per_epoch(100, 32) == 4);
    CHECK(steps_per_epoch(96, 32) == 3);
    CHECK(work_of(p, 100) == doctest::Approx(work.of(500, 20)));
}

} // namespace spec_validate_tests
