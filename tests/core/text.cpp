// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/core/text.hpp>

namespace core_text_tests {

TEST_CASE("text: numbers take the shortest form that reads back") {
    CHECK(mend::to_text(0.001) == "0.001");
    CHECK(mend::to_text(0.1F) == "0.1");
    CHECK(mend::to_text(32) == "32");
    CHECK(mend::to_text(1e-7) == "1e-07");
    CHECK(mend::to_text(true) == "true");
}

TEST_CASE("text: fixed and short numbers and percentages are for people") {
    CHECK(mend::fixed_text(0.98214, 3) == "0.982");
    CHECK(mend::short_text(0.123456) == "0.1235");
    CHECK(mend::short_text(12.0) == "12");
    CHECK(mend::percent_text(0.5) == "50.0 %");
}

TEST_CASE("text: durations change their unit with their size") {
    CHECK(mend::duration_text(0.841) == "0.84 s");
    CHECK(mend::duration_text(12.34) == "12.3 s");
    CHECK(mend::duration_text(59.96) == "1 min 00 s");
    CHECK(mend::duration_text(187) == "3 min 07 s");
    CHECK(mend::duration_text(7500) == "2 h 05 min");
    CHECK(mend::duration_text(-1) == "?");
}

TEST_CASE("text: parts are put one after another") {
    const std::string name = "dense";
    CHECK(mend::concat({}).empty());
    CHECK(mend::concat({name, "(", std::to_string(3), ")"}) == "dense(3)");
}

TEST_CASE("text: one is counted in the singular") {
    CHECK(mend::counted(1, "trial") == "1 trial");
    CHECK(mend::counted(0, "trial") == "0 trials");
    CHECK(mend::counted(1, "class", "classes") == "1 class");
    CHECK(mend::counted(3, "class", "classes") == "3 classes");
}

TEST_CASE("text: a list is joined by its separator") {
    CHECK(mend::join({}, ", ").empty());
    CHECK(mend::join({"a", "b", "c"}, ", ") == "a, b, c");
}

} // namespace core_text_tests
