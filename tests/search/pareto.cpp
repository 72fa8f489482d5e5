// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/search/pareto.hpp>

namespace search_pareto_tests {

namespace {

using rows_type = std::vector<double>;

constexpr double infinite = std::numeric_limits<double>::infinity();

rows_type random_rows(std::size_t count, std::size_t width, std::uint64_t seed, double levels) {
    mend::random_stream stream(seed, 0, mend::purpose::search);
    rows_type values(count * width);
    for (double& value : values) {
        value = std::floor(stream.uniform() * levels) / levels;
    }
    return values;
}

/// Fronts by their definition: take away what nothing left dominates, again and again.
std::vector<std::size_t> peeled_ranks(mend::objective_rows rows) {
    std::vector<std::size_t> ranks(rows.size(), rows.size());
    std::size_t left = rows.size();
    for (std::size_t rank = 0; left > 0; ++rank) {
        std::vector<std::size_t> front;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            bool free = ranks[i] == rows.size();
            for (std::size_t j = 0; j < rows.size() && free; ++j) {
                free = !(ranks[j] == rows.size() && mend::dominates(rows, j, i));
            }
            if (free) {
                front.push_back(i);
            }
        }
        for (const std::size_t i : front) {
            ranks[i] = rank;
        }
        left -= front.size();
    }
    return ranks;
}

} // namespace

TEST_CASE("pareto: a row dominates where it is nowhere worse and better somewhere") {
    const rows_type values{1, 2, 1, 3, 0, 5, 1, 2, std::nan(""), 0, infinite, 0};
    const mend::objective_rows rows(values, 2);
    CHECK(mend::dominates(rows, 0, 1));
    CHECK_FALSE(mend::dominates(rows, 1, 0));
    CHECK_FALSE(mend::dominates(rows, 0, 2));
    CHECK_FALSE(mend::dominates(rows, 0, 3));
    CHECK_FALSE(mend::dominates(rows, 4, 5)); // NaN is infinity
    CHECK_FALSE(mend::dominates(rows, 5, 4));
}

TEST_CASE("pareto: fronts are those of peeling, ties and repeated rows included") {
    for (const std::size_t width : {1U, 2U, 3U, 4U}) {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const rows_type values = random_rows(40, width, seed, seed % 2 == 0 ? 6 : 1e9);
            const mend::objective_rows rows(values, width);
            CHECK(mend::pareto_ranks(rows) == peeled_ranks(rows));
        }
    }
}

TEST_CASE("pareto: the front keeps every copy of a row that nothing dominates") {
    const rows_type values{1, 4, 2, 2, 4, 1, 2, 2, 3, 3, 5, 5};
    const std::vector<std::size_t> expected{0, 1, 2, 3};
    CHECK(mend::pareto_front({values, 2}) == expected);
    CHECK(mend::pareto_front({rows_type{}, 2}).empty());
}

TEST_CASE("pareto: crowding distances of a small front, by hand") {
    // spreads 4 and 8; row 1 lies between 0 and 2 and so on
    const rows_type values{0, 8, 1, 5, 2, 4, 4, 0};
    const std::vector<std::size_t> all{0, 1, 2, 3};
    const std::vector<double> distances = mend::crowding_distances({values, 2}, all);
    CHECK(distances[0] == infinite);
    CHECK(distances[1] == doctest::Approx(2.0 / 4 + 4.0 / 8));
    CHECK(distances[2] == doctest::Approx(3.0 / 4 + 5.0 / 8));
    CHECK(distances[3] == infinite);
}

TEST_CASE("pareto: crowding distances stay numbers for extreme and constant objectives") {
    const rows_type extreme{-1e308, 1e308, 0, 0, 1e308, -1e308, 1, -infinite};
    const std::vector<std::size_t> all{0, 1, 2, 3};
    for (const double distance : mend::crowding_distances({extreme, 2}, all)) {
        CHECK_FALSE(std::isnan(distance));
    }
    const rows_type constant{1, 1, 1, 1, 1, 1, 1, 1};
    CHECK(mend::crowding_distances({constant, 2}, all) == std::vector<double>(4, 0.0));
}

TEST_CASE("pareto: the order of NSGA-II goes by front, then by room, and by value for one") {
    const rows_type values{2, 2, 0, 8, 1, 5, 9, 9, 4, 0};
    const std::vector<std::size_t> expected{1, 4, 0, 2, 3};
    CHECK(mend::nsga2_order({values, 2}) == expected);
    const rows_type single{3, std::nan(""), 1, 3, infinite, 2};
    const std::vector<std::size_t> sorted{2, 5, 0, 3, 1, 4};
    CHECK(mend::nsga2_order({single, 1}) == sorted);
}

TEST_CASE("pareto: hypervolumes by hand") {
    const rows_type plane{1, 3, 2, 2, 3, 1, 5, 0, 2, 2, std::nan(""), 0};
    const std::vector<double> corner{4, 4};
    CHECK(mend::hypervolume({plane, 2}, corner) == doctest::Approx(6));
    const rows_type line{3, 1, 2};
    CHECK(mend::hypervolume({line, 1}, std::vector<double>{4}) == doctest::Approx(3));
    const rows_type cubes{0, 1, 1, 1, 0, 1, 1, 1, 0};
    CHECK(mend::hypervolume({cubes, 3}, std::vector<double>{2, 2, 2}) == doctest::Approx(4));
    CHECK(mend::hypervolume({rows_type{}, 3}, std::vector<double>{2, 2, 2}) == 0);
}

TEST_CASE("pareto: hypervolume is the share of random points that are dominated") {
    for (const std::size_t width : {2U, 3U, 4U}) {
        const rows_type values = random_rows(12, width, 5 + width, 1e9);
        const mend::objective_rows rows(values, width);
        const std::vector<double> corner(width, 1.0);
        mend::random_stream stream(11, width, mend::purpose::search);
        constexpr int draws = 40000;
        int hits = 0;
        std::vector<double> at(width);
        for (int i = 0; i < draws; ++i) {
            for (double& x : at) {
                x = stream.uniform();
            }
            bool hit = false;
            for (std::size_t row = 0; row < rows.size() && !hit; ++row) {
                hit = std::equal(at.begin(), at.end(), rows[row].begin(), [](double x, double y) {
                    return y <= x;
                });
            }
            hits += hit ? 1 : 0;
        }
        const double share = static_cast<double>(hits) / draws;
        CHECK(mend::hypervolume(rows, corner) == doctest::Approx(share).epsilon(0.02));
    }
}

} // namespace search_pareto_tests
