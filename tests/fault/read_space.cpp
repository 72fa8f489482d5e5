// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/fault/read_space.hpp>
#include <mend/io/json_text.hpp>

namespace fault_read_space_tests {

namespace {

mend::study_space read(const char* text) {
    return mend::study_space_from(mend::parse_json(text), "f.json");
}

} // namespace

TEST_CASE("read_space: dimensions and the rule for epochs") {
    const mend::study_space space = read(R"({"dimensions": [
        {"name": "ki1", "edits": "layers[0].kernel_initializer", "faulty": "zeros"},
        {"name": "bi1", "edits": "layers[0].bias_initializer", "faulty": "zeros", "frozen": true}],
        "epochs": {"ratio": [1.1, 1.3], "quotients_above": 5}, "from": "somewhere"})");
    REQUIRE(space.dimensions.size() == 2);
    CHECK(space.find("ki1")->faulty == "zeros");
    CHECK(space.find("ki2") == nullptr);
    CHECK(space.find_editing("layers[0].kernel_initializer") == &space.dimensions[0]);
    CHECK(space.find_editing("layers[0].bias_initializer") == nullptr); // frozen
    CHECK(space.epoch_ratio == doctest::Approx(1.2));
    CHECK(space.quotients_above == 5);
}

TEST_CASE("read_space: mistakes are named by their place") {
    CHECK_THROWS_WITH_AS(
        static_cast<void>(read("{}")), "f.json: /space/dimensions: must be a list", mend::spec_error
    );
    CHECK_THROWS_WITH_AS(
        static_cast<void>(read(R"({"dimensions": [{"name": "lr", "faulty": "1"}]})")),
        "f.json: /space/dimensions/0/edits: is missing",
        mend::spec_error
    );
    const char* const same = R"({"name": "lr", "edits": "learning_rate", "faulty": "1"})";
    CHECK_THROWS_AS(
        static_cast<void>(
            read((std::string(R"({"dimensions": [)") + same + "," + same + "]}").c_str())
        ),
        mend::spec_error
    );
    CHECK_THROWS_AS(
        static_cast<void>(read(R"({"dimensions": [], "epochs": {"ratio": 2}})")), mend::spec_error
    );
}

} // namespace fault_read_space_tests
