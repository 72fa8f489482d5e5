// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/spec/initializer_spec.hpp>

namespace spec_initializer_spec_tests {

using namespace mend;

TEST_CASE("initializer_spec: settings that the name does not use do not count") {
    CHECK(
        initializer_spec{.name = "zeros"} ==
        initializer_spec{.name = "zeros", .stddev = 3, .seed = 1}
    );
    CHECK(
        initializer_spec{.name = "random_normal", .value = 3} ==
        initializer_spec{.name = "random_normal"}
    );
    CHECK(
        initializer_spec{.name = "random_normal", .stddev = 3} !=
        initializer_spec{.name = "random_normal"}
    );
    CHECK(initializer_spec{.name = "zeros"} != initializer_spec{.name = "ones"});
}

TEST_CASE("initializer_spec: variance scaling equals the initialiser that it spells") {
    const auto scaling = [](double scale, const char* mode, const char* distribution) {
        return initializer_spec{
            .name = "variance_scaling", .scale = scale, .mode = mode, .distribution = distribution};
    };
    CHECK(scaling(1, "fan_avg", "uniform") == initializer_spec{"glorot_uniform"});
    CHECK(scaling(1, "fan_avg", "truncated_normal") == initializer_spec{"glorot_normal"});
    CHECK(scaling(2, "fan_in", "uniform") == initializer_spec{"he_uniform"});
    CHECK(scaling(2, "fan_in", "truncated_normal") == initializer_spec{"he_normal"});
    CHECK(scaling(1, "fan_in", "uniform") == initializer_spec{"lecun_uniform"});
    CHECK(scaling(1, "fan_in", "truncated_normal") == initializer_spec{"lecun_normal"});
    CHECK(normalised(scaling(1, "fan_in", "untruncated_normal")).name == "variance_scaling");
    CHECK(normalised(scaling(3, "fan_in", "uniform")).name == "variance_scaling");
    CHECK(normalised(scaling(2, "fan_out", "uniform")).name == "variance_scaling");
}

} // namespace spec_initializer_spec_tests
