// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/mace.hpp>

namespace search_mace_tests {

using namespace mend;
using doctest::Approx;

// Values and tolerances are those of HEBO's specification, T5, T7 and T8.

namespace {

using numbers = std::vector<double>;

std::array<double, 3> values_at(double mean, double deviation, double target, double kappa) {
    return mace_values({mean, deviation * deviation}, {kappa, target, 0}, 0, 0);
}

/// A mixed space, and a model of a few values there.
struct fixture {
    space over;
    detail::gene_map map;
    gaussian_process model;

    fixture() {
        over.real("x", 0, 1).real("y", 0, 1).integer("n", 1, 5).categorical("kind", {"a", "b"});
        map = detail::gene_map(over, false);
        gaussian_parameters parameters;
        parameters.kernel.lengths = {0.3, 0.3, 0.3};
        parameters.kernel.decays = {0.5};
        numbers rows;
        numbers targets;
        random_stream stream(3, 0, purpose::search);
        for (int i = 0; i < 12; ++i) {
            numbers genes = map.encode(over.sample(stream));
            rows.resize(rows.size() + map.width());
            map.write_features(genes, rows.data() + rows.size() - map.width());
            targets.push_back(genes[0] + (genes[1] - 0.5) * (genes[1] - 0.5) - genes[3]);
        }
        REQUIRE(model.condition(parameters, rows, targets));
    }

    /// Settled rows drawn at random.
    numbers draw(std::size_t count) const {
        random_stream stream(4, 0, purpose::search);
        numbers rows;
        for (std::size_t i = 0; i < count; ++i) {
            const numbers genes = map.encode(over.sample(stream));
            rows.insert(rows.end(), genes.begin(), genes.end());
        }
        return rows;
    }
};

} // namespace

TEST_CASE("mace: the exploration weight has its published values") {
    CHECK(mace_kappa(1, 1, 1) == Approx(2.6257627383).epsilon(1e-10));
    CHECK(mace_kappa(3, 1, 2) == Approx(3.1922510590).epsilon(1e-10));
    CHECK(mace_kappa(10, 1, 2) == Approx(3.7151561524).epsilon(1e-10));
    CHECK(mace_kappa(50, 1, 2) == Approx(4.3163293403).epsilon(1e-10));
    CHECK(mace_kappa(7, 1, 6) == Approx(4.0772761377).epsilon(1e-10));
    CHECK(mace_kappa(100, 1, 6) == Approx(5.4699616898).epsilon(1e-10));
    CHECK(mace_kappa(32, 8, 9) == Approx(3.9881754356).epsilon(1e-10));
    CHECK(mace_kappa(128, 8, 9) == Approx(4.9916386740).epsilon(1e-10));
    CHECK(mace_kappa(0, 8, 9) == mace_kappa(1, 1, 9));
}

TEST_CASE("mace: the three objectives have their published values") {
    const auto check = [](std::array<double, 3> made, double bound, double improved, double p) {
        CHECK(made[0] == Approx(bound).epsilon(1e-9));
        CHECK(made[1] == Approx(improved).epsilon(1e-9));
        CHECK(made[2] == Approx(p).epsilon(1e-9));
    };
    check(values_at(0, 1, 0, 2), -2, 0.9190638675, 0.6932269722);
    check(values_at(0.5, 0.3, -0.2, 3), -0.4, 6.9129129649, 4.6247005278);
    check(values_at(-0.5, 0.2, 0, 2.5), -1, 0.6925444645, 0.0062378500);
    check(values_at(1, 0.2, -0.1, 3.7), 0.26, 21.1554264611, 17.7822121793);
    const double tails[5][3] = {
        {-6, 23.782852, 20.736769},
        {-8, 38.326337, 35.013437},
        {-12, 79.113073, 75.410673},
        {-20, 208.121811, 203.917155},
        {-40, 809.502541, 804.608442}};
    for (const auto& [z, improved, p] : tails) {
        const auto made = values_at(-1e-4 - 0.3 * z, 0.3, 0, 1);
        CHECK(made[1] == Approx(improved).epsilon(1e-7));
        CHECK(made[2] == Approx(p).epsilon(1e-7));
    }
}

TEST_CASE("mace: the objectives are finite for z from -1000 to 50 and deviations down to 1e-7") {
    for (const double deviation : {1e-7, 1e-3, 1.0}) {
        for (double z = -1000; z <= 50; z += 0.5) {
            for (const double value : values_at(-deviation * z, deviation, 1e-4, 3)) {
                REQUIRE(std::isfinite(value));
            }
        }
    }
}

TEST_CASE("mace: noise moves the bound with twice its variance") {
    random_stream stream(1, 0, purpose::search);
    constexpr int count = 100'000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; ++i) {
        const double e1 = stream.normal();
        const double bound = mace_values({0.5, 0.04}, {3, 0, 0.02}, e1, stream.normal())[0];
        sum += bound / count;
        squares += bound * bound / count;
    }
    CHECK(sum == Approx(0.5 - 3 * 0.2).epsilon(0.01));
    CHECK(std::sqrt(squares - sum * sum) == Approx(std::sqrt(2 * 0.02)).epsilon(0.01));
}

TEST_CASE("mace: the front is one, of distinct points of the space, and holds what is on it") {
    const fixture f;
    const mace_target target{3, -0.5, 0};
    const mace_options options{.population = 40, .generations = 30};
    detail::mace_evolution evolution(f.map, f.model, target, options, {5, 0, purpose::search});
    const std::vector<std::size_t> front = evolution.run(f.draw(40));
    REQUIRE(front.size() > 5);
    std::set<numbers> distinct;
    for (const std::size_t i : front) {
        const auto genes = evolution.row(i);
        REQUIRE(f.over.contains(f.map.decode(genes)));
        distinct.insert(numbers(genes.begin(), genes.end()));
        // What the row is valued at is what the model says of it.
        numbers features(f.map.width());
        f.map.write_features(genes, features.data());
        const auto fresh = mace_values(f.model.predict(features), target, 0, 0);
        for (std::size_t k = 0; k < 3; ++k) {
            REQUIRE(evolution.values().at(i, k) == Approx(fresh[k]).epsilon(1e-6));
        }
        for (const std::size_t j : front) {
            REQUIRE(!dominates(evolution.values(), i, j));
        }
    }
    CHECK(distinct.size() == front.size());

    // Whoever is on the front at the end and starts another evolution from there survives it.
    const auto survivor = evolution.row(front.front());
    numbers first(survivor.begin(), survivor.end());
    const numbers others = f.draw(39);
    first.insert(first.end(), others.begin(), others.end());
    detail::mace_evolution second(
        f.map, f.model, target, {.population = 40, .generations = 2}, {6, 0, purpose::search}
    );
    bool survives = false;
    for (const std::size_t i : second.run(first)) {
        const auto row = second.row(i);
        survives = survives ||
                   numbers(row.begin(), row.end()) == numbers(survivor.begin(), survivor.end());
    }
    CHECK(survives);
}

TEST_CASE("mace: evolution lowers each objective below what random points have") {
    const fixture f;
    const mace_target target{3, -0.5, 0};
    const auto lowest = [&](int generations) {
        detail::mace_evolution evolution(
            f.map,
            f.model,
            target,
            {.population = 40, .generations = generations},
            {7, 0, purpose::search}
        );
        std::array<double, 3> least{1e9, 1e9, 1e9};
        for (const std::size_t i : evolution.run(f.draw(40))) {
            for (std::size_t k = 0; k < 3; ++k) {
                least[k] = std::min(least[k], evolution.values().at(i, k));
            }
        }
        return least;
    };
    const auto before = lowest(1);
    const auto after = lowest(40);
    CHECK(after[0] < before[0]);
    CHECK(after[1] < before[1]);
    CHECK(after[2] < before[2]);
}

TEST_CASE("mace: a space of six points is used up without harm") {
    space over;
    over.integer("n", 1, 3).boolean("on");
    const detail::gene_map map(over, false);
    gaussian_parameters parameters;
    parameters.kernel.lengths = {0.3};
    parameters.kernel.decays = {0.5};
    gaussian_process model;
    REQUIRE(model.condition(parameters, {}, {}));
    detail::mace_evolution evolution(
        map, model, {3, 0, 0.01}, {.population = 100, .generations = 100}, {1, 0, purpose::search}
    );
    const numbers start = map.encode(over.make_point({{"n", 1}, {"on", true}}));
    CHECK(evolution.run(start).size() <= 6);
    CHECK(evolution.values().size() <= 6);
}

} // namespace search_mace_tests
