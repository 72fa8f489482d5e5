// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/spec/problem.hpp>

namespace spec_problem_tests {

using namespace mend;

TEST_CASE("problem: keras_version decides whose rules hold") {
    for (const char* v : {"2.0", "2.0.8", "2.2.4-tf", "2.4.3", "2.4.3-tf", "2.10.0"}) {
        CAPTURE(v);
        CHECK(find_semantics(v) == keras_semantics::keras2_10);
    }
    for (const char* v : {"2.11.0", "2.12.0", "2.15.0", "tfjs-layers 4.22.0", "tfjs-layers"}) {
        CAPTURE(v);
        CHECK(find_semantics(v) == keras_semantics::keras2_15);
    }
    for (const char* v : {"", "3", "3.3.3", "3.0.0-dev"}) {
        CAPTURE(v);
        CHECK(find_semantics(v) == keras_semantics::keras3);
    }
    for (const char* v :
         {"2", "2.16", "1.2.2", "4.0", "x", "2.", "2.x", ".2", "30", "3x", "v3", "-3"}) {
        CAPTURE(v);
        CHECK_FALSE(find_semantics(v).has_value());
    }
}

TEST_CASE("problem: equality compares meaning") {
    problem a;
    a.model.input_shape = {2};
    a.model.layers = {{dense_spec{.units = 3}}};
    problem b = a;
    b.model.name = "other";
    b.model.layers[0].name = "dense_7";
    b.source = document::object();
    CHECK(a == b);
    b.model.keras_version = "3.1";
    CHECK(a == b);
    b.model.keras_version = "2.4.3";
    CHECK(a != b);
    b = a;
    b.model.layers[0].trainable = false;
    CHECK(a != b);
    CHECK(
        layer_spec{max_pooling2d_spec{{.pool_size = {2, 2}}}} ==
        layer_spec{max_pooling2d_spec{{.pool_size = {2, 2}, .strides = extent_pair{2, 2}}}}
    );
    CHECK(
        layer_spec{max_pooling2d_spec{{.pool_size = {2, 2}}}} !=
        layer_spec{average_pooling2d_spec{{.pool_size = {2, 2}}}}
    );
    CHECK(holds<dense_spec>(a.model.layers[0]));
    CHECK(a.model.layers[0].class_name() == "Dense");
}

} // namespace spec_problem_tests
