// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/sobol.hpp>

#include "suite.hpp"

namespace search_sobol_tests {

using namespace mend;

TEST_CASE("sobol_sequence: unscrambled, it is the published one") {
    // scipy.stats.qmc.Sobol(d, scramble=False, bits=32).random(n), which goes in the order of
    // Gray's code: its point i is ours at i ^ i >> 1
    const sobol_sequence five(5, 0, false);
    const std::array<std::vector<double>, 6> first{
        {{0, 0, 0, 0, 0},
         {0.5, 0.5, 0.5, 0.5, 0.5},
         {0.75, 0.25, 0.25, 0.25, 0.75},
         {0.25, 0.75, 0.75, 0.75, 0.25},
         {0.375, 0.375, 0.625, 0.875, 0.375},
         {0.875, 0.875, 0.125, 0.375, 0.875}}};
    for (std::size_t i = 0; i < first.size(); ++i) {
        CHECK(five.at(i ^ i >> 1U) == first[i]);
    }
    const sobol_sequence many(256, 0, false);
    const std::vector<double> late = many.at(540);
    CHECK(late[0] == 0.2197265625);
    CHECK(late[1] == 0.0966796875);
    CHECK(late[2] == 0.5185546875);
    CHECK(late[99] == 0.1865234375);
    CHECK(late[199] == 0.8427734375);
    CHECK(late[249] == 0.4072265625);
    double weighted = 0;
    double squares = 0;
    for (std::uint64_t i = 0; i < 4096; ++i) {
        const std::vector<double> x = many.at(i);
        for (std::size_t j = 0; j < x.size(); ++j) {
            weighted += x[j] * static_cast<double>(j + 1);
            squares += x[j] * x[j];
        }
    }
    CHECK(weighted == 67354560.0); // sum over 4096 points of coordinate j times j + 1, exact
    CHECK(squares == doctest::Approx(349397.34375).epsilon(1e-12));
}

TEST_CASE("sobol_sequence: each block of 2^k points hits each of 2^k cells once") {
    for (const bool scrambled : {false, true}) {
        const sobol_sequence s(300, 17, scrambled);
        for (const std::uint64_t from : {0U, 64U, 960U}) {
            std::vector<std::set<int>> cells(300);
            for (std::uint64_t i = from; i < from + 64; ++i) {
                const std::vector<double> x = s.at(i);
                for (std::size_t j = 0; j < x.size(); ++j) {
                    REQUIRE((x[j] >= 0 && x[j] < 1));
                    cells[j].insert(static_cast<int>(x[j] * 64));
                }
            }
            for (const auto& cell : cells) {
                REQUIRE(cell.size() == 64);
            }
        }
    }
}

TEST_CASE("sobol_sequence: the first two dimensions stay a (0, 6, 2)-net when scrambled") {
    const sobol_sequence s(2, 5);
    for (unsigned split = 0; split <= 6; ++split) {
        std::set<std::pair<int, int>> boxes;
        for (std::uint64_t i = 0; i < 64; ++i) {
            const std::vector<double> x = s.at(i);
            boxes.insert(
                {static_cast<int>(x[0] * (1U << split)), static_cast<int>(x[1] * (64U >> split))}
            );
        }
        CHECK(boxes.size() == 64);
    }
}

TEST_CASE("sobol_sequence: integrates better than random points do, padded dimensions included") {
    const sobol_sequence s(600, 3);
    constexpr int count = 1024;
    double product = 0; // a smooth function of one dimension of each block and a product of two
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::vector<double> x = s.at(i);
        product += (12 * (x[3] - 0.5) * (x[259] - 0.5) + x[515]) / count;
    }
    CHECK(std::abs(product - 0.5) < 0.06); // standard error of random points: 0.033
    double smooth = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::vector<double> x = s.at(i);
        smooth += x[0] * x[1] * x[2] * 8 / count;
    }
    CHECK(std::abs(smooth - 1) < 0.003); // random: 0.036
}

TEST_CASE("sobol_sequence: scrambles of two seeds are uniform and uncorrelated") {
    double mean = 0;
    double products = 0;
    constexpr int seeds = 4000;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const double one = sobol_sequence(3, seed).at(5)[2];
        const double other = sobol_sequence(3, seed).at(6)[1];
        mean += one / seeds;
        products += (one - 0.5) * (other - 0.5) * 12 / seeds;
    }
    CHECK(std::abs(mean - 0.5) < 0.015);
    CHECK(std::abs(products) < 0.05);
}

TEST_CASE("sobol: is a searcher") { searcher_suite::check_searcher(sobol{}); }

TEST_CASE("sobol: covers choices and integers evenly and passes over what is forbidden") {
    space s;
    s.categorical("a", {"x", "y", "z", "w"}).integer("n", 1, 4).real("fixed", 3, 3);
    const auto told =
        searcher_suite::drive(sobol{}, s, 1, 64, [](const proposal&) { return outcome{{1.0}}; });
    std::array<int, 16> count{};
    for (const trial& t : told) {
        const double cell = 4 * t.proposal.at.raw()[0] + t.proposal.at["n"] - 1;
        ++count[static_cast<std::size_t>(cell)];
    }
    for (const int c : count) {
        CHECK(c == 4);
    }
    s.forbid({{"a", {"x", "y", "z"}}});
    for (const trial& t :
         searcher_suite::drive(sobol{}, s, 1, 20, [](const proposal&) { return outcome{{1.0}}; })) {
        CHECK(t.proposal.at["a"] == "w");
    }
}

} // namespace search_sobol_tests
