// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/density.hpp>

namespace search_density_tests {

using namespace mend;

namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

/// Sum over the values of every column, by the middle of fine cells where they are continuous.
double integral(const kernel_density& density) {
    const auto& columns = density.columns();
    const auto steps = [](const density_column& c) {
        return c.levels > 0 ? static_cast<double>(c.levels)
               : c.cell > 0 ? std::round((c.high - c.low) / c.cell)
                            : 400.0;
    };
    double sum = 0;
    for (double i = 0; i < steps(columns[0]); ++i) {
        for (double j = 0; j < steps(columns[1]); ++j) {
            std::array<double, 2> at{i, j};
            double volume = 1;
            for (std::size_t k = 0; k < 2; ++k) {
                const density_column& c = columns[k];
                if (c.levels == 0) {
                    const double width = (c.high - c.low) / steps(c);
                    at[k] = c.low + (at[k] + 0.5) * width;
                    volume *= c.cell > 0 ? 1 : width;
                }
            }
            sum += volume * std::exp(density.log_density(at));
        }
    }
    return sum;
}

} // namespace

TEST_CASE("kernel_density: sums to one over every kind of column, absent centres included") {
    const std::vector<density_column> kinds{
        {.levels = 4},
        {.low = -1, .high = 3},
        {.low = 0.5, .high = 9.5, .cell = 1},
        {.cell = 0.01}};
    for (const density_column& a : kinds) {
        for (const density_column& b : kinds) {
            kernel_density density({a, b});
            density.add(1, std::array{1.0, 1.0}, std::array{0.3, 0.6});
            density.add(2.5, std::array{0.6, absent}, std::array{0.5, 1.0});
            density.add(0.5, std::array{absent, 0.9}, std::array{0.2, 0.01});
            // 0.9 and 0.6 are no levels: there the kernel of unordered values would not sum to one
            if (a.levels == 0 && b.levels == 0) {
                CHECK(integral(density) == doctest::Approx(1).epsilon(1e-3));
            }
        }
    }
    kernel_density choices({{.levels = 4}, {.levels = 3}});
    choices.add(1, std::array{3.0, 0.0}, std::array{0.3, 0.6});
    choices.add(2, std::array{absent, 2.0}, std::array{0.3, 0.0});
    CHECK(integral(choices) == doctest::Approx(1).epsilon(1e-12));
}

TEST_CASE("kernel_density: draws come as often as the density says") {
    kernel_density density({{.levels = 3}, {.low = 0.5, .high = 6.5, .cell = 1}});
    density.add(1, std::array{0.0, 2.0}, std::array{0.4, 1.0});
    density.add(3, std::array{2.0, 6.0}, std::array{0.2, 0.5});
    density.add(0.5, std::array{absent, absent}, std::array{1.0, 1.0});
    std::array<std::array<double, 6>, 3> share{};
    constexpr int draws = 60000;
    random_stream stream(1, 0, purpose::search);
    for (int i = 0; i < draws; ++i) {
        const std::vector<double> at = density.sample(stream);
        share[static_cast<std::size_t>(at[0])][static_cast<std::size_t>(at[1]) - 1] += 1.0 / draws;
    }
    for (std::size_t a = 0; a < 3; ++a) {
        for (std::size_t n = 0; n < 6; ++n) {
            const std::array at{static_cast<double>(a), static_cast<double>(n + 1)};
            CHECK(std::abs(share[a][n] - std::exp(density.log_density(at))) < 0.006);
        }
    }
}

TEST_CASE("kernel_density: narrow cells weigh what the exact difference of probabilities does") {
    for (const double deviation : {0.0999, 0.1001}) { // either side of the switch at 0.1
        kernel_density density(std::vector<density_column>{{.cell = 0.01}});
        density.add(1, std::array{0.5}, std::array{deviation});
        const double scale = 1 / (deviation * std::sqrt(2.0));
        const auto below = [&](double x) { return 0.5 * std::erfc(-(x - 0.5) * scale); };
        const double exact = (below(0.65) - below(0.64)) / (below(1) - below(0));
        CHECK(
            density.log_density(std::array{0.645}) == doctest::Approx(std::log(exact)).epsilon(1e-3)
        );
    }
}

TEST_CASE("kernel_density: a coordinate that is absent is left out, and far away stays finite") {
    kernel_density both({{}, {.levels = 2}});
    both.add(1, std::array{0.2, 1.0}, std::array{0.1, 0.25});
    kernel_density first(std::vector<density_column>(1));
    first.add(1, std::array{0.2}, std::array{0.1});
    CHECK(
        both.log_density(std::array{0.3, absent}) ==
        doctest::Approx(first.log_density(std::array{0.3}))
    );
    CHECK(
        both.log_density(std::array{0.3, 0.0}) ==
        doctest::Approx(first.log_density(std::array{0.3}) + std::log(0.25))
    );
    kernel_density narrow({{}, {.cell = 0.25}});
    narrow.add(1, std::array{0.0, 0.125}, std::array{1e-3, 1e-3});
    CHECK(std::isfinite(narrow.log_density(std::array{1.0, 0.875})));
}

} // namespace search_density_tests
