// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/grid.hpp>

#include "suite.hpp"

namespace search_grid_tests {

using namespace mend;

namespace {

std::vector<point> points_of(const space& over, const grid& g, std::size_t most = 10000) {
    std::vector<point> points;
    for (const trial& t :
         searcher_suite::drive(g, over, 1, most, [](const proposal&) { return outcome{{1.0}}; })) {
        points.push_back(t.proposal.at);
    }
    return points;
}

} // namespace

TEST_CASE("grid: the values of each kind of parameter") {
    space s;
    s.real("x", -5, 10)
        .real("lr", 1e-6, 1e-2, log_scale)
        .integer("few", 2, 4)
        .integer("many", 1, 1001)
        .categorical("a", {"u", "v", "w", "x", "y", "z"})
        .real("fixed", 2.5, 2.5);
    const auto& p = s.parameters();
    CHECK(grid_values(p[0], 3) == std::vector<double>{-5, 2.5, 10});
    CHECK(grid_values(p[0], 1) == std::vector<double>{2.5});
    const std::vector<double> decades = grid_values(p[1], 5);
    REQUIRE(decades.size() == 5);
    CHECK(decades[1] == doctest::Approx(1e-5));
    CHECK(decades[4] == 1e-2);
    CHECK(grid_values(p[2], 5) == std::vector<double>{2, 3, 4});
    CHECK(grid_values(p[3], 3) == std::vector<double>{1, 501, 1001});
    CHECK(grid_values(p[4], 2).size() == 6);
    CHECK(grid_values(p[5], 5) == std::vector<double>{2.5});
}

TEST_CASE("grid: visits every combination once, in order, and ends") {
    space s;
    s.boolean("on").real("x", 0, 1).only_if("on", {"true"}).integer("n", 1, 2);
    const std::vector<point> points = points_of(s, grid{{.levels = 3}});
    std::string text;
    for (const point& p : points) {
        text += to_text(p) + "; ";
    }
    CHECK(
        text == "on=false, n=1; on=false, n=2; on=true, x=0, n=1; on=true, x=0, n=2; "
                "on=true, x=0.5, n=1; on=true, x=0.5, n=2; on=true, x=1, n=1; on=true, x=1, n=2; "
    );
}

TEST_CASE("grid: begins with the default, does not repeat it, passes over what is forbidden") {
    space s;
    s.categorical("a", {"x", "y"}).integer("n", 1, 3);
    s.forbid({{"a", {"x"}}, {"n", {"2"}}});
    s.default_point(s.make_point({{"a", "y"}, {"n", 1}}));
    const std::vector<point> points = points_of(s, grid{});
    REQUIRE(points.size() == 5);
    CHECK(points[0] == *s.default_point());
    for (std::size_t i = 0; i < points.size(); ++i) {
        CHECK(s.contains(points[i]));
        for (std::size_t j = 0; j < i; ++j) {
            CHECK(points[i] != points[j]);
        }
    }
}

TEST_CASE("grid: levels of a parameter by its name") {
    space s;
    s.real("x", 0, 1).real("y", 0, 1);
    CHECK(points_of(s, grid{{.levels = 2, .each = {{"y", 7}}}}).size() == 14);
}

TEST_CASE("grid: two hundred parameters are no trouble") {
    space s;
    for (int i = 0; i < 200; ++i) {
        s.real("x" + std::to_string(i), 0, 1);
    }
    const std::vector<point> points = points_of(s, grid{}, 26);
    REQUIRE(points.size() == 26);
    CHECK(points[25].raw()[197] == 0.25);
    CHECK(points[25].raw()[199] == 0);
}

TEST_CASE("grid: is the same behind the erased type, and whatever fails") {
    const space over = searcher_suite::mixed_space();
    const auto plain = searcher_suite::drive(grid{}, over, 1, 100, searcher_suite::hostile);
    CHECK(
        plain == searcher_suite::drive(any_searcher(grid{}), over, 2, 100, searcher_suite::hostile)
    );
    for (const trial& t : plain) {
        CHECK(over.contains(t.proposal.at));
    }
}

} // namespace search_grid_tests
