// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/mutation.hpp>

namespace search_mutation_tests {

using namespace mend;

namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

space mixed() {
    space s;
    s.real("x", -5, 10)
        .real("lr", 1e-6, 1, log_scale)
        .integer("n", 1, 100)
        .categorical("act", {"relu", "tanh", "elu"})
        .ordinal("batch", {16, 32, 64})
        .boolean("bias")
        .real("fixed", 2, 2)
        .real("slope", 0, 1)
        .only_if("act", {"elu"});
    return s;
}

template <class Mutation>
void check_mutation(const Mutation& mutate, bool always_changes) {
    const space s = mixed();
    const std::vector<double> before{1, 1e-3, 50, 1, 2, 0, 2, absent};
    random_stream stream(1, 0, purpose::search);
    std::vector<double> changed(before.size());
    double most = 0;
    constexpr int draws = 20000;
    for (int i = 0; i < draws; ++i) {
        std::vector<double> raw = before;
        mutate(s, raw, stream);
        double count = 0;
        for (std::size_t k = 0; k < 7; ++k) {
            REQUIRE(s.parameters()[k].contains(raw[k]));
            changed[k] += raw[k] != before[k] ? 1.0 / draws : 0;
            count += raw[k] != before[k] ? 1 : 0;
        }
        REQUIRE(std::isnan(raw[7]));
        if (always_changes) {
            REQUIRE(count > 0);
        }
        most = std::max(most, count);
    }
    CHECK(changed[6] == 0);
    // one in six, and one sixth of the (5 / 6)^6 cases in which that chose none
    const double expected = 1.0 / 6 + std::pow(5.0 / 6, 6) / 6;
    for (const std::size_t k : {0U, 1U, 3U, 5U}) {
        CHECK(std::abs(changed[k] - expected) < 0.015);
    }
    CHECK(most > 2);
}

} // namespace

TEST_CASE("kind_mutation: changes one value in the mean, never none") {
    check_mutation(kind_mutation{}, true);
}

TEST_CASE("polynomial_mutation: changes one value in the mean, integers perhaps to themselves") {
    check_mutation(polynomial_mutation{}, false);
}

TEST_CASE("mutation: a rate of its own, and nothing to change") {
    const space s = mixed();
    random_stream stream(1, 0, purpose::search);
    double count = 0;
    for (int i = 0; i < 2000; ++i) {
        std::vector<double> raw{1, 1e-3, 50, 1, 2, 0, 2, absent};
        kind_mutation{.rate = 1}(s, raw, stream);
        count += raw[0] != 1 && raw[1] != 1e-3 && raw[5] != 0 ? 1 : 0;
    }
    CHECK(count == 2000);
    space constant;
    constant.real("fixed", 2, 2);
    std::vector<double> raw{2};
    kind_mutation{}(constant, raw, stream);
    polynomial_mutation{}(constant, raw, stream);
    CHECK(raw[0] == 2);
}

} // namespace search_mutation_tests
