// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/fault/fault.hpp>
#include <mend/io/json_text.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/difference.hpp>

namespace fault_fault_tests {

namespace {

constexpr const char* text = R"({
 "id": "f", "about": "why", "data": "blobs",
 "problem": {
  "model": {"class_name": "Sequential", "config": {"layers": [
    {"class_name": "Dense", "config": {"units": 3, "activation": "linear", "batch_input_shape": [null, 2]}}]}},
  "compile": {"optimizer": {"class_name": "SGD", "config": {"learning_rate": 5.0}}, "loss": "mse"},
  "fit": {"epochs": 2}},
 "fix": [{"op": "replace", "path": "/compile/optimizer/config/learning_rate", "value": 0.1}]})";

std::string without(std::string from, const std::string& part) {
    const auto at = from.find(part);
    REQUIRE(at != std::string::npos);
    return from.erase(at, part.size());
}

mend::fault read(const std::string& json) {
    return mend::fault_from(mend::parse_json(json), "f.json");
}

} // namespace

TEST_CASE("fault: its fix applies to its problem and changes what it says") {
    const mend::fault f = read(text);
    CHECK(f.id == "f");
    CHECK(f.about == "why");
    CHECK(f.data == "blobs");
    const mend::problem fixed = mend::apply(f.problem, f.fix);
    CHECK(fixed.compile.optimizer.learning_rate() == 0.1);
    CHECK(mend::complexity(f.problem, fixed) == 1);
    CHECK(mend::apply(fixed, mend::invert(f.fix)) == f.problem);
}

TEST_CASE("fault: what is missing is named by file and place") {
    CHECK_THROWS_WITH_AS(
        read(without(text, "\"id\": \"f\",")), "f.json: /id: is missing", mend::spec_error
    );
    CHECK_THROWS_WITH_AS(
        read(without(text, "\"data\": \"blobs\",")), "f.json: /data: is missing", mend::spec_error
    );
    CHECK_THROWS_AS(read("[]"), mend::spec_error);
    CHECK_THROWS_AS(read(without(text, "\"epochs\": 2").insert(0, "") + "x"), mend::spec_error);
}

TEST_CASE("fault: an id is a name that files can have") {
    for (const char* id : {"", "../up", "a/b", ".hidden", "two\\nlines", "a|b"}) {
        std::string odd = text;
        odd.replace(odd.find("\"f\""), 3, "\"" + std::string(id) + "\"");
        CHECK_THROWS_AS(read(odd), mend::spec_error);
    }
}

TEST_CASE("fault: mistakes of fix and profiles are named by file and place") {
    const auto with = [](const std::string& key, const std::string& value) {
        std::string odd = text;
        const auto at = odd.find("\"about\"");
        return odd.insert(at, "\"" + key + "\": " + value + ", ");
    };
    CHECK_THROWS_WITH_AS(
        read(with("profiles", R"({"tiny": {"fit": 3}})")),
        "f.json: /profiles/tiny/fit: must be an object",
        mend::spec_error
    );
    CHECK_THROWS_AS(
        read(with("profiles", R"({"tiny": {"fit": {"epochs": 9223372036854775807}}})")),
        mend::spec_error
    );
    std::string moved = text;
    moved.replace(moved.find("\"replace\""), 9, "\"move\"");
    CHECK_THROWS_WITH_AS(
        read(moved), "f.json: /fix/0/op: \"move\" is not supported", mend::spec_error
    );
}

TEST_CASE("fault: a fix that does not fit its problem is refused") {
    std::string wrong = text;
    wrong.replace(
        wrong.find("/compile/optimizer/config/learning_rate"),
        39,
        "/compile/optimizer/config/momentum_decay"
    );
    CHECK_THROWS_AS(read(wrong), mend::spec_error);
}

} // namespace fault_fault_tests
