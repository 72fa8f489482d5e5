// SPDX-License-Identifier: MIT
#include <vector>

#include <doctest/doctest.h>

#include <mend/space/parameter.hpp>

namespace space_parameter_tests {

using namespace mend;

namespace {

// Share of samples that lie at or below a bound.
double share_below(const parameter& p, double bound) {
    random_stream stream(1, 2, purpose::search);
    constexpr int draws = 20000;
    int below = 0;
    for (int i = 0; i < draws; ++i) {
        const double raw = p.sample(stream);
        REQUIRE(p.contains(raw));
        below += raw <= bound;
    }
    return static_cast<double>(below) / draws;
}

} // namespace

TEST_CASE("parameter: a real is uniform on its scale") {
    const parameter linear{"x", parameter_kind::real, -5, 10};
    CHECK(share_below(linear, 0) == doctest::Approx(1.0 / 3).epsilon(0.03));
    const parameter log{"lr", parameter_kind::real, 1e-6, 1e2, log_scale};
    CHECK(share_below(log, 1e-4) == doctest::Approx(0.25).epsilon(0.03));
}

TEST_CASE("parameter: every integer is as likely as its width on the scale") {
    const parameter linear{"n", parameter_kind::integer, 1, 4};
    CHECK(share_below(linear, 1) == doctest::Approx(0.25).epsilon(0.05));
    CHECK(share_below(linear, 3) == doctest::Approx(0.75).epsilon(0.03));
    // log(1.5 / 0.5) / log(100.5 / 0.5)
    const parameter log{"n", parameter_kind::integer, 1, 100, log_scale};
    CHECK(share_below(log, 1) == doctest::Approx(0.2072).epsilon(0.05));
}

TEST_CASE("parameter: a range of one value has one value") {
    random_stream stream(1, 2, purpose::search);
    for (const auto on : {scaling::linear, scaling::logarithmic}) {
        const parameter real{"x", parameter_kind::real, 0.3, 0.3, on};
        const parameter integer{"n", parameter_kind::integer, 7, 7, on};
        CHECK(real.sample(stream) == 0.3);
        CHECK(integer.sample(stream) == 7);
        CHECK(real.cardinality() == 1);
        CHECK(integer.cardinality() == 1);
    }
}

TEST_CASE("parameter: values go to text and back") {
    parameter choice{"act", parameter_kind::categorical, 0, 1};
    choice.choices = {"relu", "tanh"};
    CHECK(choice.text(1) == "tanh");
    CHECK(choice.find_raw("tanh") == 1);
    CHECK_FALSE(choice.find_raw("elu").has_value());
    CHECK_FALSE(choice.find_raw(1.0).has_value());
    CHECK_THROWS_AS(static_cast<void>(choice.number(1)), contract_violation);

    parameter level{"batch", parameter_kind::ordinal, 0, 2};
    level.levels = {16, 32, 500};
    CHECK(level.text(2) == "500");
    CHECK(level.number(2) == 500);
    CHECK(level.find_raw(500.0) == 2);
    CHECK_FALSE(level.find_raw(64.0).has_value());

    const parameter flag{"nesterov", parameter_kind::boolean};
    CHECK(flag.text(1) == "true");
    CHECK(flag.find_raw("false") == 0);
    CHECK(flag.find_raw(1.0) == 1);
    CHECK(flag.text(parameter::absent) == "-");
}

} // namespace space_parameter_tests
