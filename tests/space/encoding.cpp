// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/space/encoding.hpp>

namespace space_encoding_tests {

using namespace mend;

namespace {

space every_kind() {
    space s;
    s.real("x", -5, 10)
        .real("lr", 1e-6, 10, log_scale)
        .integer("n", 1, 9)
        .integer("units", 8, 512, log_scale)
        .categorical("act", {"relu", "tanh", "elu"})
        .real("slope", 0, 1)
        .only_if("act", {"elu"})
        .ordinal("batch", {16, 32, 64})
        .boolean("bias")
        .real("fixed", 2, 2)
        .categorical("only", {"one"});
    return s;
}

} // namespace

TEST_CASE("encoding: the unit interval of each kind of parameter") {
    const space s = every_kind();
    const auto& p = s.parameters();
    CHECK(to_unit(p[0], -5) == 0);
    CHECK(to_unit(p[0], 10) == 1);
    CHECK(to_unit(p[0], 2.5) == doctest::Approx(0.5));
    CHECK(to_unit(p[1], 1e-6) == 0);
    CHECK(to_unit(p[1], std::sqrt(1e-5)) == doctest::Approx(0.5));
    CHECK(to_unit(p[2], 1) == doctest::Approx(0.5 / 9));
    CHECK(to_unit(p[2], 9) == doctest::Approx(8.5 / 9));
    CHECK(to_unit(p[3], 64) == doctest::Approx(std::log(64 / 7.5) / std::log(512.5 / 7.5)));
    CHECK(to_unit(p[4], 1) == doctest::Approx(0.5));
    CHECK(to_unit(p[6], 2) == doctest::Approx(2.5 / 3));
    CHECK(to_unit(p[7], 0) == doctest::Approx(0.25));
    CHECK(to_unit(p[8], 2) == 0.5);
    CHECK(std::isnan(to_unit(p[0], parameter::absent)));
    CHECK(std::isnan(from_unit(p[0], parameter::absent)));
}

TEST_CASE("encoding: a uniform number becomes a value as often as a sampled one") {
    const space s = every_kind();
    constexpr int steps = 40000;
    for (const std::size_t at : {2U, 3U, 4U, 6U, 7U}) {
        const parameter& p = s.parameters()[at];
        random_stream stream(3, at, purpose::search);
        std::vector<double> gap(static_cast<std::size_t>(p.high) + 1);
        for (int i = 0; i < steps; ++i) {
            gap[static_cast<std::size_t>(from_unit(p, (i + 0.5) / steps))] += 1.0 / steps;
            gap[static_cast<std::size_t>(p.sample(stream))] -= 1.0 / steps;
        }
        for (const double difference : gap) {
            CHECK(std::abs(difference) < 0.012);
        }
    }
}

TEST_CASE("encoding: what lies outside the interval, or would overflow, stays in the domain") {
    space s;
    s.real("huge", -1e308, 1.7e308).integer("n", -3, 4);
    const parameter& huge = s.parameters()[0];
    CHECK(from_unit(huge, 2) == 1.7e308);
    CHECK(from_unit(huge, -1e300) == -1e308);
    CHECK(from_unit(huge, to_unit(huge, 3e307)) == doctest::Approx(3e307));
    CHECK(from_unit(s.parameters()[1], 1) == 4);
    CHECK(from_unit(s.parameters()[1], 0) == -3);
}

TEST_CASE("encoding: columns leave out what has one value, unless asked for") {
    const space s = every_kind();
    CHECK(encoding(s).width() == 8);
    CHECK(encoding(s, {.constants = true}).width() == 10);
    const encoding hot(s, {.categories = category_code::one_hot});
    CHECK(hot.width() == 6 + 3 + 2);
    CHECK(hot.columns()[5] == encoded_column{4, 0, 1, true});
    CHECK(encoding(s).columns()[4] == encoded_column{4, 3});
}

TEST_CASE("encoding: decoding an encoded point gives it back, in every code") {
    const space s = every_kind();
    for (const category_code code : {category_code::position, category_code::one_hot}) {
        for (const double absent : {parameter::absent, 0.0, 0.5}) {
            for (const bool constants : {false, true}) {
                const encoding e(s, {code, absent, constants});
                for (std::uint64_t i = 0; i < 100; ++i) {
                    random_stream stream(7, i, purpose::search);
                    const point p = s.sample(stream);
                    const point back = e.decode(e.encode(p));
                    REQUIRE(s.contains(back));
                    for (std::size_t k = 0; k < s.size(); ++k) {
                        REQUIRE(back[k].exists() == p[k].exists());
                        if (p[k].exists() && s.parameters()[k].is_discrete()) {
                            REQUIRE(back.raw()[k] == p.raw()[k]);
                        } else if (p[k].exists()) {
                            REQUIRE(back.raw()[k] == doctest::Approx(p.raw()[k]).epsilon(1e-9));
                        }
                    }
                }
            }
        }
    }
}

TEST_CASE("encoding: an absent parameter has the code asked for in each of its columns") {
    space s;
    s.boolean("on").categorical("kind", {"a", "b", "c"}).only_if("on", {"true"});
    const point off = s.make_point({{"on", false}});
    CHECK(std::isnan(encoding(s).encode(off)[1]));
    const encoding hot(s, {category_code::one_hot, 0.0});
    CHECK(hot.encode(off) == std::vector<double>{1, 0, 0, 0, 0});
}

TEST_CASE("encoding: decodes to the nearest choice, the first of equal one-hot columns") {
    space s;
    s.categorical("kind", {"a", "b", "c"}).real("x", 0, 1);
    const encoding hot(s, {.categories = category_code::one_hot});
    CHECK(hot.decode(std::array{0.2, 0.7, 0.7, 0.5})["kind"] == "b");
    CHECK(hot.decode(std::array{-3.0, -2.0, -1.0, 0.5})["kind"] == "c");
    CHECK(encoding(s).decode(std::array{1.4, 0.5})["kind"] == "b");
    CHECK(encoding(s).decode(std::array{17.0, 0.5})["kind"] == "c");
    CHECK(encoding(s).decode(std::array{-1.0, 0.5})["kind"] == "a");
}

TEST_CASE("encoding: a code of another width is refused") {
    const encoding e(every_kind());
    CHECK_THROWS_AS(static_cast<void>(e.decode(std::array{0.5})), contract_violation);
}

} // namespace space_encoding_tests
