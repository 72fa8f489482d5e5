// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/pointer.hpp>

namespace spec_pointer_tests {

using namespace mend;

TEST_CASE("pointer: the examples of RFC 6901, section 5") {
    const document d = parse_json(
        R"({"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5,
            "k\"l": 6, " ": 7, "m~n": 8})"
    );
    CHECK(*find_at(d, "") == d);
    CHECK(find_at(d, "/foo")->size() == 2);
    CHECK(find_at(d, "/foo/0")->as_string() == "bar");
    const std::vector<std::string> keys{
        "/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n"};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        CAPTURE(keys[i]);
        CHECK(*find_at(d, keys[i]) == document(i));
    }
    CHECK(find_at(d, "/foo/2") == nullptr);
    CHECK(find_at(d, "/foo/-") == nullptr);
    CHECK(find_at(d, "/foo/00") == nullptr);
    CHECK(find_at(d, "/foo/+1") == nullptr);
    CHECK(find_at(d, "/foo/0/x") == nullptr);
    CHECK(pointer_to("/x", "a/b~c") == "/x/a~1b~0c");
    CHECK(pointer_to("/x", 3) == "/x/3");
    CHECK_THROWS_AS(static_cast<void>(find_at(d, "foo")), spec_error);
    CHECK_THROWS_AS(static_cast<void>(find_at(d, "/~")), spec_error);
    CHECK_THROWS_AS(static_cast<void>(find_at(d, "/~3")), spec_error);
}

TEST_CASE("pointer: add, replace and remove as in the examples of RFC 6902, appendix A") {
    const auto after_add = [](const char* text, const char* path, const char* value) {
        document d = parse_json(text);
        static_cast<void>(add_at(d, path, parse_json(value)));
        return to_json(d);
    };
    CHECK(after_add(R"({"foo": "bar"})", "/baz", "\"qux\"") == R"({"foo": "bar", "baz": "qux"})");
    CHECK(
        after_add(R"({"foo": ["bar", "baz"]})", "/foo/1", "\"qux\"") ==
        R"({"foo": ["bar", "qux", "baz"]})"
    );
    CHECK(
        after_add(R"({"foo": ["bar"]})", "/foo/-", R"(["abc", "def"])") ==
        R"({"foo": ["bar", ["abc", "def"]]})"
    );
    CHECK(after_add(R"({"foo": "bar"})", "/foo", "null") == R"({"foo": null})");
    CHECK(after_add(R"({"foo": "bar"})", "", "[]") == "[]");
    CHECK(after_add("[1]", "/1", "2") == "[1, 2]");
    CHECK_THROWS_AS(after_add("[1]", "/2", "2"), spec_error);
    CHECK_THROWS_AS(after_add("[1]", "/x", "2"), spec_error);
    CHECK_THROWS_AS(after_add(R"({"foo": "bar"})", "/baz/bat", "1"), spec_error);
    CHECK_THROWS_AS(after_add(R"({"foo": "bar"})", "/foo/bat", "1"), spec_error);

    document d = parse_json(R"({"a": [1, 2, 3], "b": {"c": null}})");
    CHECK(remove_at(d, "/a/1") == document(2));
    CHECK(replace_at(d, "/a/1", "x") == document(3));
    CHECK(remove_at(d, "/b/c").is_null());
    CHECK(add_at(d, "/b", 5).has_value());
    CHECK(to_json(d) == R"({"a": [1, "x"], "b": 5})");
    CHECK_THROWS_AS(static_cast<void>(remove_at(d, "/b/c")), spec_error);
    CHECK_THROWS_AS(static_cast<void>(replace_at(d, "/c", 1)), spec_error);
    CHECK_THROWS_AS(static_cast<void>(remove_at(d, "/a/-")), spec_error);
    CHECK(remove_at(d, "").is_object());
    CHECK(d.is_null());
}

} // namespace spec_pointer_tests
