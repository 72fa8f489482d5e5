// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/io/data_word.hpp>

namespace io_data_word_tests {

using mend::detail::data_word;

TEST_CASE("data_word: kind, path, target and keys are told apart") {
    data_word word("csv:dir/a?b#c.csv#target=the y?limit=5&split=keras");
    CHECK(word.kind() == "csv");
    CHECK(word.path("FILE") == "dir/a?b#c.csv");
    CHECK(word.target() == "the y");
    CHECK(word.whole("limit", 0, 1, 10) == 5);
    REQUIRE(word.value("split") != nullptr);
    CHECK(*word.value("split") == "keras");
    CHECK(word.value("other") == nullptr);
    word.expect_known_keys();
}

TEST_CASE("data_word: absent keys take what they are told") {
    data_word word("digits");
    CHECK(word.kind() == "digits");
    CHECK(word.whole("n", 7, 1, 9) == 7);
    CHECK(word.number("noise", 0.5, 1) == 0.5);
    CHECK(word.choice("scale", {"unit", "raw"}) == 0);
    word.expect_no_path();
    CHECK_THROWS_WITH_AS(static_cast<void>(word.path("FILE")), "digits: needs a path: digits:FILE", const mend::usage_error&);
}

TEST_CASE("data_word: mistakes name the word, the key and what is possible") {
    const auto whole = [](const char* text) { return data_word(text).whole("n", 1, 1, 9); };
    CHECK(whole("digits?n=9") == 9);
    const std::string why = ": n is a whole number from 1 to 9, not ";
    for (const std::string wrong : {"", "0", "10", "-1", "1.5", "1x", "99999999999999999999"}) {
        const std::string text = "digits?n=" + wrong;
        CHECK_THROWS_WITH_AS(whole(text.c_str()), (text + why + "\"" + wrong + "\"").c_str(), const mend::usage_error&);
    }
    for (const std::string wrong : {"", "-0.1", "1.1", "nan", "inf", "x"}) {
        data_word word("digits?noise=" + wrong);
        CHECK_THROWS_AS(word.number("noise", 0, 1), const mend::usage_error&);
    }
    data_word scale("mnist:x?scale=half");
    CHECK_THROWS_WITH_AS(scale.choice("scale", {"unit", "raw"}), "mnist:x?scale=half: scale is unit or raw, not \"half\"", const mend::usage_error&);
    data_word unknown("digits?n=1&colour=red");
    static_cast<void>(unknown.whole("n", 1, 1, 9));
    CHECK_THROWS_WITH_AS(unknown.expect_known_keys(), "digits?n=1&colour=red: digits has no key \"colour\"; it has: n", const mend::usage_error&);
    CHECK_THROWS_WITH_AS(data_word("digits?n"), "digits?n: \"n\" is no key=value", const mend::usage_error&);
    CHECK_THROWS_WITH_AS(data_word("digits?n=1&n=2"), "digits?n=1&n=2: gives n twice", const mend::usage_error&);
    CHECK_THROWS_AS(data_word("blobs#y"), const mend::usage_error&);
    CHECK_THROWS_AS(data_word("digits:x").expect_no_path(), const mend::usage_error&);
    CHECK_THROWS_AS(data_word("npz:x#target=y").expect_no_target(), const mend::usage_error&);
}

} // namespace io_data_word_tests
