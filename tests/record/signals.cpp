// SPDX-License-Identifier: MIT
#include <limits>

#include <doctest/doctest.h>

#include <mend/record/signals.hpp>

namespace record_signals_tests {

using namespace mend;

TEST_CASE("signals: a name is there once and keeps its place") {
    signals all;
    set_signal(all, "layer/0/dead_units", 0.5);
    set_signal(all, "gradient_norm", 3);
    set_signal(all, "layer/0/dead_units", 0.75);
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "layer/0/dead_units");
    REQUIRE(find_signal(all, "layer/0/dead_units") != nullptr);
    CHECK(*find_signal(all, "layer/0/dead_units") == 0.75);
    CHECK(find_signal(all, "loss") == nullptr);
}

TEST_CASE("signals: NaN is a value like others") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(signal{"loss", nan} == signal{"loss", nan});
    CHECK(signal{"loss", nan} != signal{"loss", 0});
}

} // namespace record_signals_tests
