// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/io/technique.hpp>

TEST_CASE("technique: every name makes a searcher that proposes points of its space") {
    const mend::space over = mend::space().real("x", 0, 1).categorical("c", {"a", "b"});
    for (const mend::technique& t : mend::techniques()) {
        CAPTURE(t.name);
        mend::any_searcher searcher = mend::make_technique(t.name);
        searcher.start(over, 1);
        const auto asked = searcher.ask();
        REQUIRE(asked.has_value());
        CHECK(over.contains(asked->at));
    }
}

TEST_CASE("technique: an unknown name is refused with those that there are") {
    CHECK_THROWS_WITH_AS(
        static_cast<void>(mend::make_technique("magic")),
        ("--technique: \"magic\" is not one of " + mend::technique_list()).c_str(),
        mend::usage_error
    );
}
