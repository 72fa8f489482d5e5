// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/fault/mutation.hpp>

namespace fault_mutation_tests {

using mend::mutation;

TEST_CASE("mutation: its document says all of it and reads back") {
    const mutation all[] = {
        {.code = "TCL", .value = 31.25, .label = 3, .seed = 7},
        {.code = "ACH", .layer = 0, .value = std::string("tanh")},
        {.code = "VRM"}};
    for (const mutation& m : all) {
        CHECK(mend::mutation_from(mend::document_from(m)) == m);
    }
    CHECK(mend::to_text(all[0]) == "TCL class 3 31.25");
    CHECK(mend::to_text(all[1]) == "ACH layers[0] tanh");
    CHECK(mend::to_text(all[2]) == "VRM");
}

TEST_CASE("mutation: mistakes in a document are named") {
    const auto why = [](const char* key, mend::document value) {
        mend::document from = mend::document_from(mutation{.code = "TCL", .value = 1.0});
        from.set(key, std::move(value));
        try {
            static_cast<void>(mend::mutation_from(from));
        } catch (const mend::spec_error& mistake) {
            return mistake.where();
        }
        return std::string();
    };
    CHECK(why("seed", 3) == "");
    CHECK(why("seed", "3") == "/mutation/seed");
    CHECK(why("layer", -1) == "/mutation/layer");
    CHECK(why("value", true) == "/mutation/value");
    CHECK(why("colour", 1) == "/mutation/colour");
    CHECK_THROWS_AS(
        static_cast<void>(mend::mutation_from(mend::document::object())), mend::spec_error
    );
    CHECK_THROWS_AS(static_cast<void>(mend::mutation_from(mend::document(3))), mend::spec_error);
}

TEST_CASE("mutation: a value is a number where the whole text is one") {
    CHECK(mend::mutation_value_from("0.125") == mend::mutation_value(0.125));
    CHECK(mend::mutation_value_from("1e-3") == mend::mutation_value(0.001));
    CHECK(mend::mutation_value_from("l1") == mend::mutation_value(std::string("l1")));
    CHECK(mend::mutation_value_from("") == mend::mutation_value());
}

} // namespace fault_mutation_tests
