// SPDX-License-Identifier: MIT
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include <mend/space/space.hpp>

namespace space_space_tests {

using namespace mend;

namespace {

space conditional() {
    space s;
    s.categorical("optimizer", {"sgd", "adam"})
        .real("momentum", 0, 1)
        .only_if("optimizer", {"sgd"})
        .boolean("nesterov")
        .only_if("optimizer", {"sgd"})
        .integer("warmup", 1, 5)
        .only_if("nesterov", {"true"})
        .real("lr", 1e-6, 10, log_scale)
        .ordinal("batch", {16, 32, 64});
    return s;
}

} // namespace

TEST_CASE("space: a value reads as what it is") {
    space s;
    s.real("x", -5, 10).integer("n", 1, 9).categorical("act", {"relu", "tanh"}).boolean("bias");
    s.ordinal("batch", {16, 32});
    const point p =
        s.make_point({{"x", 2.5}, {"n", 3}, {"act", "tanh"}, {"bias", true}, {"batch", 32}});
    const double x = p["x"];
    CHECK(x == 2.5);
    CHECK(p["x"] * 2 == 5);
    CHECK(p["n"].integer() == 3);
    CHECK(p["act"] == "tanh");
    const std::string act = p["act"];
    CHECK(act == "tanh");
    CHECK(p["bias"]);
    CHECK(p["batch"] == 32);
    CHECK(p["batch"].raw() == 1);
    CHECK(to_text(p) == "x=2.5, n=3, act=tanh, bias=true, batch=32");
}

TEST_CASE("space: a parameter exists only where its conditions hold, along the chain") {
    const space s = conditional();
    random_stream stream(3, 0, purpose::search);
    int with_warmup = 0;
    for (int i = 0; i < 500; ++i) {
        const point p = s.sample(stream);
        REQUIRE(s.contains(p));
        CHECK(p["momentum"].exists() == (p["optimizer"] == "sgd"));
        CHECK(p["nesterov"].exists() == (p["optimizer"] == "sgd"));
        CHECK(p["warmup"].exists() == (p["nesterov"].exists() && p["nesterov"]));
        CHECK(p["lr"].exists());
        with_warmup += p["warmup"].exists();
    }
    CHECK(with_warmup > 75);
    CHECK(with_warmup < 175);
}

TEST_CASE("space: a dimension is drawn alike whatever the others are") {
    // Same stream, so the dimensions after a conditional one do not move when it vanishes.
    space with;
    with.categorical("a", {"on", "off"}).real("b", 0, 1).only_if("a", {"on"}).real("c", 0, 1);
    space without;
    without.categorical("a", {"on", "off"}).real("b", 0, 1).real("c", 0, 1);
    for (std::uint64_t k = 0; k < 50; ++k) {
        random_stream one(1, k, purpose::search);
        random_stream two(1, k, purpose::search);
        CHECK(with.sample(one)["c"].raw() == without.sample(two)["c"].raw());
    }
}

TEST_CASE("space: contains refuses what is outside, absent or too many") {
    const space s = conditional();
    const point good = s.make_point(
        {{"optimizer", "sgd"}, {"momentum", 0.9}, {"nesterov", false}, {"lr", 0.1}, {"batch", 16}}
    );
    CHECK(s.contains(good));
    auto raw = good.raw();
    raw[1] = 1.5;
    CHECK_FALSE(s.contains(s.make_point(raw)));
    raw = good.raw();
    raw[5] = 0.5;
    CHECK_FALSE(s.contains(s.make_point(raw)));
    raw = good.raw();
    raw[4] = parameter::absent;
    CHECK_FALSE(s.contains(s.make_point(raw)));
    CHECK_FALSE(s.contains(point{}));
}

TEST_CASE("space: making a point drops what cannot exist") {
    const space s = conditional();
    const point p =
        s.make_point({{"optimizer", "adam"}, {"momentum", 0.9}, {"lr", 0.1}, {"batch", 16}});
    CHECK_FALSE(p["momentum"].exists());
    CHECK(to_text(p) == "optimizer=adam, lr=0.1, batch=16");
}

TEST_CASE("space: points and spaces are values") {
    space s = conditional();
    random_stream stream(3, 0, purpose::search);
    const point p = s.sample(stream);
    const point copy = p;
    CHECK(copy == p);
    CHECK(conditional() == s);
    random_stream again(3, 0, purpose::search);
    CHECK(conditional().sample(again) == p);

    const space before = s;
    s.real("more", 0, 1); // the point and the copy keep the space they were made in
    CHECK(before.size() + 1 == s.size());
    CHECK(before != s);
    CHECK(before.contains(p));
    CHECK_FALSE(s.contains(p));
    CHECK(p.size() == before.size());
}

TEST_CASE("space: the default point is kept, and lost when the space grows") {
    space s;
    s.real("x", 0, 1);
    CHECK_FALSE(s.default_point().has_value());
    s.default_point(s.make_point({{"x", 0.25}}));
    REQUIRE(s.default_point().has_value());
    CHECK((*s.default_point())["x"] == 0.25);
    s.boolean("b");
    CHECK_FALSE(s.default_point().has_value());
}

TEST_CASE("space: mistakes in its description break the contract") {
    space s;
    s.real("x", 0, 1);
    CHECK_THROWS_AS(s.real("x", 0, 1), contract_violation);
    CHECK_THROWS_AS(s.real("y", 1, 0), contract_violation);
    CHECK_THROWS_AS(s.real("y", 0, 1, log_scale), contract_violation);
    CHECK_THROWS_AS(s.ordinal("y", {2, 1}), contract_violation);
    CHECK_THROWS_AS(s.categorical("y", {}), contract_violation);
    CHECK_THROWS_AS(s.boolean("b").only_if("x", {"1"}), contract_violation);
    CHECK_THROWS_AS(s.only_if("b", {"true"}), contract_violation);
    CHECK_THROWS_AS(static_cast<void>(s.make_point({{"x", 2.0}})), contract_violation);
    random_stream stream(1, 1, purpose::search);
    CHECK_THROWS_AS(static_cast<void>(s.sample(stream)["none"]), contract_violation);
}

TEST_CASE("space: no point of a forbidden combination is sampled, made or contained") {
    space s;
    s.categorical("optimizer", {"sgd", "adam"}).integer("batch", 1, 3).boolean("clip");
    s.only_if("optimizer", {"sgd"});
    const space before = s;
    s.default_point(s.make_point({{"optimizer", "adam"}, {"batch", 1}}));
    s.forbid({{"optimizer", {"sgd"}}, {"batch", {"2", "3"}}}).forbid({{"clip", {"true"}}});
    CHECK(s != before);
    CHECK(s.default_point().has_value());
    CHECK(before.contains(before.make_point({{"optimizer", "sgd"}, {"batch", 2}, {"clip", false}}))
    );
    CHECK_THROWS_AS(
        static_cast<void>(s.make_point({{"optimizer", "sgd"}, {"batch", 2}, {"clip", false}})),
        contract_violation
    );
    CHECK_FALSE(s.contains(s.make_point(std::vector<double>{0, 1, 1})));
    CHECK(s.contains(s.make_point(std::vector<double>{1, 3, 1})));
    int sgd = 0;
    for (std::uint64_t i = 0; i < 300; ++i) {
        random_stream stream(1, i, purpose::search);
        const point p = s.sample(stream);
        REQUIRE(s.contains(p));
        sgd += p["optimizer"] == "sgd" ? 1 : 0;
    }
    CHECK(sgd > 20); // of 4 allowed raw cells in 10: one in four after drawing again
    s.forbid({{"optimizer", {"adam"}}});
    CHECK_FALSE(s.default_point().has_value());
    s.forbid({{"optimizer", {"sgd"}}});
    random_stream stream(1, 0, purpose::search);
    CHECK_THROWS_AS(static_cast<void>(s.sample(stream)), contract_violation);
    CHECK_THROWS_AS(s.forbid({}), contract_violation);
    CHECK_THROWS_AS(s.forbid({{"nowhere", {"1"}}}), contract_violation);
}

} // namespace space_space_tests
