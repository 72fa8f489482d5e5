// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/space/fix_site.hpp>

namespace space_fix_site_tests {

using namespace mend;

namespace {

std::string classes(const std::vector<layer_spec>& layers) {
    std::string text;
    for (const layer_spec& layer : layers) {
        text += (text.empty() ? "" : " ") + std::string(layer.class_name());
    }
    return text;
}

} // namespace

TEST_CASE("fix_site: layers are put in front, left out, repeated, and followed by dropout") {
    const std::vector<layer_spec> layers{
        {dense_spec{.units = 4}, "first"},
        {activation_spec{"relu"}, "act"},
        {dense_spec{.units = 3}, "second"},
        {dense_spec{.units = 2}, "out"}};
    const auto same = detail::rebuilt(layers, "", {1, 1, 1, 1}, {0, 0, 0, 0});
    CHECK(same == layers);
    CHECK(same[2].name == "second");

    const auto longer = detail::rebuilt(layers, "Rescaling", {2, 1, 0, 1}, {0.25, 0, 0, 0});
    CHECK(classes(longer) == "Rescaling Dense Dense Activation Dropout Dense");
    CHECK(longer[1].name == "first");
    CHECK(longer[2].name.empty());
    CHECK(mend::get<dropout_spec>(longer[4].kind).rate == 0.25);

    CHECK(
        classes(detail::rebuilt(layers, "Normalization", {0, 1, 1, 1}, {0, 0, 0.5, 0})) ==
        "Normalization Activation Dense Dropout Dense"
    );
}

TEST_CASE("fix_site: a value goes into the setting of its key that takes it, else nowhere") {
    layer_kind kind = dense_spec{};
    CHECK(detail::assign(settings_of(kind), "units", 7));
    CHECK(detail::assign(settings_of(kind), "kernel_initializer", "HeNormal"));
    CHECK(detail::assign(
        settings_of(kind), "kernel_regularizer", domain_value::penalty("l2", 0.25).spelled()
    ));
    CHECK_FALSE(detail::assign(settings_of(kind), "activation", 3.0));
    CHECK_FALSE(detail::assign(settings_of(kind), "rate", 0.5));
    const auto& dense = mend::get<dense_spec>(kind);
    CHECK(dense.units == 7);
    CHECK(dense.kernel_initializer.name == "he_normal");
    CHECK(dense.kernel_regularizer == regularizer_spec{0, 0.25});
    CHECK(dense.activation == "linear");
}

} // namespace space_fix_site_tests
