// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/io/technique.hpp>
#include <mend/repair/repair.hpp>

#include "../repair/blobs.hpp"

namespace io_technique_tests {

TEST_CASE("technique: every name makes a searcher that proposes points of its space") {
    const mend::problem faulty = mend::test::blobs_problem(0.05);
    const mend::dataset data = mend::test::blobs_data();
    const mend::data_parts parts = mend::repair_parts(faulty, data);
    const mend::fix_space space = mend::repair_space(faulty, data);
    const mend::repair_task task{faulty, data, parts, space, {mend::score_kind::accuracy}, 20};
    for (const mend::technique& t : mend::techniques()) {
        CAPTURE(t.name);
        mend::any_searcher searcher = mend::make_technique(t.name)(task);
        searcher.start(space.over(), 1);
        const auto asked = searcher.ask();
        REQUIRE(asked.has_value());
        CHECK(space.over().contains(asked->at));
    }
}

TEST_CASE("technique: an unknown name is refused with those that there are") {
    CHECK_THROWS_WITH_AS(
        static_cast<void>(mend::make_technique("magic")),
        ("--technique: \"magic\" is not one of " + mend::technique_list()).c_str(),
        mend::usage_error
    );
}

} // namespace io_technique_tests
