// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <variant>

#include <doctest/doctest.h>

#include <mend/spec/settings.hpp>

namespace spec_settings_tests {

using namespace mend;

TEST_CASE("settings: they point into the spec, in Keras' order") {
    layer_kind kind = conv2d_spec{};
    const auto settings = settings_of(kind);
    REQUIRE(settings.size() == 14);
    CHECK(settings[0].about.key == "filters");
    CHECK(settings[0].about.required);
    *settings[0].value.to<std::int64_t>() = 7;
    CHECK(mend::get<conv2d_spec>(kind).filters == 7);
    CHECK(mend::get<conv2d_spec>(default_of(kind)).filters == 1);
}

TEST_CASE("settings: classes are made by their Keras names") {
    CHECK(mend::holds<conv2d_spec>(*make_layer("Conv2D")));
    CHECK(mend::holds<max_pooling2d_spec>(*make_layer("MaxPool2D")));
    CHECK(mend::holds<normalization_spec>(*make_layer("Normalization")));
    CHECK_FALSE(make_layer("conv2d").has_value());
    CHECK_FALSE(make_layer("").has_value());
    CHECK(mend::holds<rmsprop_spec>(*make_optimizer("RMSProp")));
    CHECK(mend::holds<adam_spec>(*make_optimizer("Custom>Adam")));
    CHECK(mend::holds<adadelta_spec>(*make_optimizer("adadelta")));
    CHECK_FALSE(make_optimizer("lion").has_value());
}

} // namespace spec_settings_tests
