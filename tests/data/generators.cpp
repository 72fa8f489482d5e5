// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numbers>

#include <doctest/doctest.h>

#include <mend/data/generators.hpp>

namespace data_generators_tests {

namespace {

// Shape, balance, determinism and independence of n: what every generator of points keeps.
template <class Options, class Make>
void check_generator(Make make, int classes) {
    Options options;
    options.n = 300;
    options.seed = 4;
    const mend::dataset data = make(options);
    mend::check_dataset(data);
    CHECK(data.classes == classes);
    CHECK(data.table().rows() == 300);
    CHECK(*make(options).pool == *data.pool);
    if (classes > 0) {
        for (int label = 0; label < classes; ++label) {
            const auto& labels = data.pool->labels;
            CHECK(std::count(labels.begin(), labels.end(), label) == 300 / classes);
        }
    }
    Options fewer = options;
    fewer.n = 20;
    const mend::dataset small = make(fewer);
    CHECK(std::equal(
        small.pool->dense.data(),
        small.pool->dense.data() + small.pool->dense.size(),
        data.pool->dense.data()
    ));
    options.seed = 5;
    CHECK_FALSE(make(options).pool->dense == data.pool->dense);
    options.n = 0;
    CHECK_THROWS_AS(make(options), const mend::contract_violation&);
}

} // namespace

TEST_CASE("generators: every one is seeded, balanced and independent of how many are drawn") {
    check_generator<mend::blobs_options>([](const auto& o) { return mend::make_blobs(o); }, 3);
    check_generator<mend::circles_options>([](const auto& o) { return mend::make_circles(o); }, 2);
    check_generator<mend::moons_options>([](const auto& o) { return mend::make_moons(o); }, 2);
    check_generator<mend::spirals_options>([](const auto& o) { return mend::make_spirals(o); }, 2);
    check_generator<mend::line_options>([](const auto& o) { return mend::make_line(o); }, 0);
}

TEST_CASE("generators: blobs lie around their centres with the deviation asked for") {
    const mend::dataset data = mend::make_blobs({.n = 6000, .noise = 0.5});
    for (int label = 0; label < 3; ++label) {
        double x = 0;
        double y = 0;
        double squares = 0;
        for (mend::index row = 0; row < 6000; ++row) {
            if (data.pool->labels[static_cast<std::size_t>(row)] == label) {
                x += data.pool->dense[2 * row] / 2000.0;
                y += data.pool->dense[2 * row + 1] / 2000.0;
                squares += std::pow(data.pool->dense[2 * row], 2) / 2000.0;
            }
        }
        CHECK(std::hypot(x, y) == doctest::Approx(2).epsilon(0.03));
        CHECK(std::sqrt(squares - x * x) == doctest::Approx(0.5).epsilon(0.06));
    }
}

TEST_CASE("generators: without noise, points lie on their curves") {
    const mend::dataset circles = mend::make_circles({.n = 200, .noise = 0});
    const mend::dataset moons = mend::make_moons({.n = 200, .noise = 0});
    const mend::dataset spirals = mend::make_spirals({.n = 200, .noise = 0});
    for (mend::index row = 0; row < 200; ++row) {
        const auto at = static_cast<std::size_t>(row);
        const auto c = circles.pool->dense.row(row);
        CHECK(std::hypot(c[0], c[1]) == doctest::Approx(circles.pool->labels[at] == 0 ? 1 : 0.5));

        const auto m = moons.pool->dense.row(row);
        if (moons.pool->labels[at] == 0) {
            CHECK(std::hypot(m[0], m[1]) == doctest::Approx(1));
            CHECK(m[1] >= 0);
        } else {
            CHECK(std::hypot(m[0] - 1, m[1] - 0.5) == doctest::Approx(1));
            CHECK(m[1] <= 0.5F);
        }

        // The angle grows by 2.5 pi while the radius goes from 0.1 to 1.
        const auto s = spirals.pool->dense.row(row);
        const double radius = std::hypot(s[0], s[1]);
        const double turns = std::atan2(s[1], s[0]) / (2 * std::numbers::pi) -
                             1.25 * (radius - 0.1) / 0.9 - 0.5 * spirals.pool->labels[at];
        CHECK(std::abs(turns - std::round(turns)) < 1e-5);
    }
}

TEST_CASE("generators: least squares finds the line again") {
    const mend::dataset data = mend::make_line({.n = 10'000, .noise = 0.2});
    double sx = 0;
    double sy = 0;
    double sxx = 0;
    double sxy = 0;
    for (mend::index row = 0; row < 10'000; ++row) {
        const double x = data.pool->dense[row];
        const double y = data.pool->targets[row];
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    const double slope = (1e4 * sxy - sx * sy) / (1e4 * sxx - sx * sx);
    CHECK(slope == doctest::Approx(3).epsilon(0.01));
    CHECK((sy - slope * sx) / 1e4 == doctest::Approx(1).epsilon(0.02));
}

} // namespace data_generators_tests
