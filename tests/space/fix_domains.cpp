// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/space/fix_domains.hpp>
#include <mend/spec/names.hpp>

namespace space_fix_domains_tests {

using namespace mend;

TEST_CASE("fix_domains: the study's space has the published sizes") {
    const fix_domains d = domains_of(space_name::study);
    CHECK(d.losses.size() == 13);
    CHECK(d.optimizers.size() == 7);
    CHECK(d.batch_sizes.size() == 6);
    CHECK(d.activations.size() == 11);
    CHECK(d.output_activations.size() == 11);
    REQUIRE(d.layer_settings.size() == 2);
    CHECK(d.layer_settings[0].values.size() == 13);
    CHECK(d.layer_settings[1].values.size() == 13);
    CHECK(d.rate_scale == scaling::linear);
    CHECK(d.lowest_rate == 1e-6);
    CHECK(d.highest_rate == 10);
}

TEST_CASE("fix_domains: every name is Keras' own as specs hold it") {
    for (const space_name name : {space_name::mend, space_name::study}) {
        const fix_domains d = domains_of(name);
        for (const auto& table : {d.activations, d.output_activations}) {
            for (const output_domain& activation : table) {
                CHECK(activation_name(activation.value) == activation.value);
            }
        }
        for (const output_domain& loss : d.losses) {
            CHECK(loss_name(loss.value) == loss.value);
        }
        for (const setting_domain& setting : d.layer_settings) {
            for (const domain_value& value : setting.values) {
                if (setting.key.ends_with("initializer")) {
                    const std::string word = value.spelled().as_string();
                    CHECK(initializer_name(word) == word);
                }
            }
        }
    }
}

TEST_CASE("fix_domains: spaces are found by name") {
    CHECK(space_named("mend") == space_name::mend);
    CHECK(space_named("study") == space_name::study);
    CHECK(to_text(space_name::study) == "study");
    CHECK_THROWS_WITH_AS(
        static_cast<void>(space_named("all")),
        "--space: \"all\" is not one of mend, study",
        usage_error
    );
}

TEST_CASE("fix_domains: values are spelled as Keras spells them") {
    CHECK(domain_value(true).spelled() == document(true));
    CHECK(domain_value(0.5).spelled() == document(0.5));
    CHECK(domain_value("he_normal").spelled() == document("he_normal"));
    CHECK(domain_value::penalty("l2", 0).spelled().is_null());
    const document l1 = domain_value::penalty("l1", 0.25).spelled();
    CHECK(*l1.find("class_name") == document("l1"));
    CHECK(*l1.find("config")->find("l1") == document(0.25));
}

} // namespace space_fix_domains_tests
