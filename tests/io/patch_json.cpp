// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <mend/io/patch_json.hpp>
#include <mend/io/problem_json.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/diff.hpp>

#include "../spec/random_problem.hpp"
#include "scratch.hpp"

namespace io_patch_json_tests {

using namespace mend;

namespace {

/// Why parsing fails; "" where it does not.
std::string failure(const std::string& text, const std::string& name = "") {
    try {
        static_cast<void>(parse_patch(text, name));
    } catch (const spec_error& e) {
        return e.what();
    }
    return "";
}

} // namespace

TEST_CASE("patch_json: another library's JSON Patch applied to the raw file gives the same problem"
) {
    test::problem_maker maker(2);
    for (int round = 0; round < 600; ++round) {
        CAPTURE(round);
        const problem meant = maker.make();
        document file = maker.spell(meant);
        if (maker.chance(0.2)) { // the model as the text that to_json() returns
            document& model = *file.find("model");
            model = to_json(model);
        }
        const std::string raw = to_json(file, 1);
        CAPTURE(raw);
        const problem a = parse_problem(raw);
        REQUIRE(a == meant);
        const problem b = maker.mutate(meant);
        const std::string patch_text = to_json(diff(a, b));
        CAPTURE(patch_text);
        const nlohmann::ordered_json patched =
            nlohmann::ordered_json::parse(raw).patch(nlohmann::ordered_json::parse(patch_text));
        const problem read = parse_problem(patched.dump());
        REQUIRE(read == b);
        REQUIRE(apply(a, parse_patch(patch_text)) == b);
        REQUIRE(parse_patch(patch_text) == diff(a, b));
        // What is written for the patched problem is the raw file with the patch applied.
        const problem written = parse_problem(to_json(apply(a, diff(a, b))));
        REQUIRE(written == b);
        REQUIRE(apply(a, invert(with_old_values(a, parse_patch("[]")))) == a);
        const patch full = with_old_values(a, parse_patch(patch_text));
        REQUIRE(apply(apply(a, full), invert(full)) == a);
    }
}

TEST_CASE("patch_json: a patch reads and writes as RFC 6902") {
    const std::string text = R"([
  {"op": "replace", "path": "/fit/epochs", "value": 20},
  {"op": "remove", "path": "/model/config/layers/0"},
  {"op": "add", "path": "/a~1b~0c", "value": {"x": [1, null, 0.5]}}
])";
    const patch p = parse_patch(text);
    REQUIRE(p.edits.size() == 3);
    CHECK(p.edits[0] == edit{edit_operation::replace, "/fit/epochs", 20});
    CHECK(p.edits[1] == edit{edit_operation::remove, "/model/config/layers/0"});
    CHECK(p.edits[2].operation == edit_operation::add);
    CHECK(nlohmann::json::parse(to_json(p)) == nlohmann::json::parse(text));
    CHECK(parse_patch(to_json(p)) == p);
}

TEST_CASE("patch_json: a patch is written to a file and read from it") {
    const scratch files;
    const patch p = parse_patch(R"([{"op": "replace", "path": "/fit/epochs", "value": 20}])");
    write_patch(files.path("p.json"), p);
    CHECK(read_patch(files.path("p.json")) == p);
    CHECK_THROWS_AS(static_cast<void>(read_patch(files.path("none.json"))), file_error);
}

TEST_CASE("patch_json: each mistake names its place") {
    CHECK(failure("{}") == "/: a patch is a list of edits");
    CHECK(failure("[1]") == "/0/op: is missing");
    CHECK(failure(R"([{"op": 1}])") == "/0/op: must be a text");
    CHECK(
        failure(R"([{"op": "move", "path": "", "from": ""}])") == "/0/op: \"move\" is not supported"
    );
    CHECK(failure(R"([{"op": "remove"}])") == "/0/path: is missing");
    CHECK(failure(R"([{"op": "remove", "path": "x"}])") == "x: a JSON pointer starts with /");
    CHECK(
        failure(R"([{"op": "remove", "path": "/~2"}])") ==
        "/~2: in a JSON pointer ~ is followed by 0 or 1"
    );
    CHECK(failure(R"([{"op": "add", "path": "/x"}])") == "/0/value: is missing");
    CHECK(failure("[1]", "p.json") == "p.json: /0/op: is missing");
    CHECK(failure("[", "p.json").starts_with("p.json: line 1, column 1: syntax error"));
}

} // namespace io_patch_json_tests
