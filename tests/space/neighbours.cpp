// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/space/neighbours.hpp>

namespace space_neighbours_tests {

using namespace mend;

namespace {

space mixed() {
    space s;
    s.real("x", -5, 10)
        .integer("n", 1, 9)
        .categorical("act", {"relu", "tanh", "elu"})
        .real("slope", 0, 1)
        .only_if("act", {"elu"})
        .ordinal("batch", {16, 32, 64})
        .boolean("bias")
        .integer("one", 4, 4);
    return s;
}

point start_of(const space& s) {
    return s.make_point(
        {{"x", 1}, {"n", 3}, {"act", "relu"}, {"batch", 16}, {"bias", true}, {"one", 4}}
    );
}

} // namespace

TEST_CASE("neighbours: differ in one parameter, and in what begins to exist with it") {
    const space s = mixed();
    const point p = start_of(s);
    random_stream stream(1, 0, purpose::search);
    const std::vector<point> found = neighbours(s, p, stream);
    int acts = 0;
    int batches = 0;
    for (const point& q : found) {
        CHECK(s.contains(q));
        int changed = 0;
        for (std::size_t i = 0; i < s.size(); ++i) {
            const bool appears = i == 3 && q["act"] == "elu";
            changed += !appears && q.raw()[i] != p.raw()[i] && q[i].exists() ? 1 : 0;
        }
        CHECK(changed == 1);
        acts += q["act"] == "relu" ? 0 : 1;
        batches += q["batch"] == 32.0 ? 1 : 0;
        CHECK(std::count(found.begin(), found.end(), q) == 1);
    }
    CHECK(acts == 2);
    CHECK(batches == 1); // 16 has no level below
    CHECK(std::count_if(found.begin(), found.end(), [&](const point& q) {
              return q.raw()[0] != p.raw()[0];
          }) == 4);
}

TEST_CASE("neighbours: what begins to exist takes the default's value where there is one") {
    space s = mixed();
    s.default_point(s.make_point(
        {{"x", 1},
         {"n", 3},
         {"act", "elu"},
         {"slope", 0.25},
         {"batch", 16},
         {"bias", true},
         {"one", 4}}
    ));
    random_stream stream(1, 0, purpose::search);
    for (const point& q : neighbours(s, start_of(s), stream)) {
        if (q["slope"].exists()) {
            CHECK(q["slope"] == 0.25);
        }
    }
}

TEST_CASE("neighbours: forbidden ones are left out") {
    space s = mixed();
    s.forbid({{"act", {"tanh"}}, {"batch", {"16"}}});
    random_stream stream(1, 0, purpose::search);
    for (const point& q : neighbours(s, start_of(s), stream)) {
        CHECK(q["act"] != "tanh");
    }
    std::vector<double> raw = start_of(s).raw();
    raw[2] = 1;
    CHECK_FALSE(complete_point(s, raw, stream).has_value());
}

TEST_CASE("neighbours: a neighbouring value is another one of the domain wherever there is one") {
    space s = mixed();
    s.integer("wide", 1, 1000000, log_scale).integer("pair", 0, 1).real("lr", 1e-6, 1, log_scale);
    random_stream stream(2, 0, purpose::search);
    for (int i = 0; i < 2000; ++i) {
        for (const parameter& p : s.parameters()) {
            const double raw = p.sample(stream);
            for (const double spread : {1e-6, 0.2, 5.0}) {
                const double other = neighbouring_value(p, raw, spread, stream);
                REQUIRE(p.contains(other));
                REQUIRE((other != raw) == (p.low != p.high));
            }
        }
    }
}

TEST_CASE("neighbours: steps of a real have the spread asked for") {
    space s;
    s.real("x", -100, 100);
    random_stream stream(3, 0, purpose::search);
    double squares = 0;
    constexpr int draws = 20000;
    for (int i = 0; i < draws; ++i) {
        const double step = neighbouring_value(s.parameters()[0], 0, 0.05, stream) / 200;
        squares += step * step / draws;
    }
    CHECK(std::sqrt(squares) == doctest::Approx(0.05).epsilon(0.02));
}

TEST_CASE("distance: symmetric, within [0, 1], zero for equal points alone") {
    const space s = mixed();
    const point p = start_of(s);
    CHECK(distance(s, p, p) == 0);
    const point q = s.make_point(
        {{"x", 4},
         {"n", 3},
         {"act", "elu"},
         {"slope", 0},
         {"batch", 64},
         {"bias", true},
         {"one", 4}}
    );
    // x: 3/15, act: 1, slope: only one, batch: 2/3, of seven that exist at either
    CHECK(distance(s, p, q) == doctest::Approx((0.2 + 1 + 1 + 2.0 / 3) / 7));
    CHECK(distance(s, q, p) == distance(s, p, q));
    for (std::uint64_t i = 0; i < 200; ++i) {
        random_stream stream(5, i, purpose::search);
        const point a = s.sample(stream);
        const point b = s.sample(stream);
        const double between = distance(s, a, b);
        REQUIRE((between > 0 && between <= 1));
    }
}

TEST_CASE("complete_point: draws what is missing and drops what cannot exist") {
    const space s = mixed();
    random_stream stream(4, 0, purpose::search);
    std::vector<double> raw(s.size(), parameter::absent);
    raw[2] = 2;
    const auto made = complete_point(s, raw, stream);
    REQUIRE(made.has_value());
    CHECK(s.contains(*made));
    CHECK((*made)["slope"].exists());
    raw[2] = 0;
    raw[3] = 0.5;
    CHECK_FALSE((*complete_point(s, raw, stream))["slope"].exists());
}

} // namespace space_neighbours_tests
