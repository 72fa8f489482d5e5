// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/crossover.hpp>

namespace search_crossover_tests {

using namespace mend;

namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

space mixed() {
    space s;
    s.real("x", -5, 10)
        .real("lr", 1e-6, 1, log_scale)
        .integer("n", 1, 100)
        .categorical("act", {"relu", "tanh", "elu"})
        .real("slope", 0, 1)
        .only_if("act", {"elu"});
    return s;
}

const std::vector<double> one{-5, 1e-6, 10, 0, absent};
const std::vector<double> other{10, 1, 20, 2, 0.5};

} // namespace

TEST_CASE("uniform_crossover: every value of one parent or the other, with its share") {
    const space s = mixed();
    random_stream stream(1, 0, purpose::search);
    std::vector<double> from_other(5);
    constexpr int draws = 20000;
    for (int i = 0; i < draws; ++i) {
        const std::vector<double> child = uniform_crossover{0.25}(s, one, other, stream);
        for (std::size_t k = 0; k < 5; ++k) {
            REQUIRE((child[k] == one[k] || child[k] == other[k]));
            from_other[k] += child[k] == other[k] ? 1.0 / draws : 0;
        }
    }
    for (std::size_t k = 0; k < 4; ++k) {
        CHECK(std::abs(from_other[k] - 0.25) < 0.015);
    }
    CHECK(from_other[4] == doctest::Approx(1)); // it exists nowhere else
    CHECK(std::isnan(uniform_crossover{}(s, one, one, stream)[4]));
    CHECK(uniform_crossover{1.0}(s, other, one, stream)[4] == 0.5);
}

TEST_CASE("simulated_binary_crossover: children lie in the domain, around their parents") {
    const space s = mixed();
    random_stream stream(2, 0, purpose::search);
    double mean = 0;
    int off = 0;
    constexpr int draws = 20000;
    const std::vector<double> a{1, 1e-4, 10, 0, absent};
    const std::vector<double> b{3, 1e-2, 20, 0, absent};
    for (int i = 0; i < draws; ++i) {
        const std::vector<double> child = simulated_binary_crossover{}(s, a, b, stream);
        for (std::size_t k = 0; k < 4; ++k) {
            REQUIRE(s.parameters()[k].contains(child[k]));
        }
        REQUIRE(child[3] == 0);
        REQUIRE(std::isnan(child[4]));
        mean += child[0] / draws;
        off += child[0] != 1 && child[0] != 3 ? 1 : 0;
    }
    CHECK(std::abs(mean - 2) < 0.03); // symmetric about the parents' mean
    CHECK(std::abs(off / double(draws) - 0.5) < 0.02);
}

} // namespace search_crossover_tests
