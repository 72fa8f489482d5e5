// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/hebo_surrogate.hpp>

namespace search_hebo_surrogate_tests {

using namespace mend;
using detail::choose_subset;
using detail::hebo_observation;
using detail::hebo_surrogate;

namespace {

using numbers = std::vector<double>;
using positions = std::vector<std::size_t>;

space mixed() {
    space s;
    s.real("x", 0, 1).real("y", 0, 1).categorical("kind", {"a", "b"});
    return s;
}

template <class Function>
std::vector<hebo_observation>
observe(const detail::gene_map& map, std::size_t count, const Function& f) {
    random_stream stream(1, 0, purpose::search);
    const space over = mixed();
    std::vector<hebo_observation> made;
    for (std::size_t i = 0; i < count; ++i) {
        const point p = over.sample(stream);
        made.push_back({static_cast<std::int64_t>(i), map.encode(p), f(p)});
    }
    return made;
}

double bowl(const point& p) {
    return 3 + std::pow(p["x"] - 0.3, 2) * 20 + (p["kind"] == "b" ? 1 : 0);
}

numbers features(const detail::gene_map& map, const numbers& genes) {
    numbers made(map.width());
    map.write_features(genes, made.data());
    return made;
}

} // namespace

TEST_CASE("hebo_surrogate: of too many values, the lowest and evenly of the rest") {
    CHECK(choose_subset({3, 1, 2}, 3) == positions{0, 1, 2});
    CHECK(choose_subset({5, 4, 3, 2, 1, 0}, 4) == positions{0, 2, 4, 5});
    CHECK(choose_subset({1, 1, 1, 1, 1, 1, 1}, 3).size() == 3);
    numbers values(1000);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<double>(i * 7919 % 1000);
    }
    const positions chosen = choose_subset(values, 200);
    CHECK(chosen.size() == 200);
    CHECK(std::is_sorted(chosen.begin(), chosen.end()));
    CHECK(std::count_if(chosen.begin(), chosen.end(), [&](std::size_t i) {
              return values[i] < 100;
          }) == 100);
}

TEST_CASE("hebo_surrogate: finds next to no noise where there is none") {
    const detail::gene_map map(mixed(), false);
    const auto told = observe(map, 40, bowl);
    hebo_surrogate surrogate(hebo_model::plain, hebo_failures::dropped, 200);
    random_stream stream(2, 0, purpose::search);
    REQUIRE(surrogate.learn(map, told, stream));
    CHECK(surrogate.process().parameters().noise < 1e-3);
}

TEST_CASE("hebo_surrogate: either model learns a mixed function") {
    for (const hebo_model model : {hebo_model::plain, hebo_model::warped}) {
        const detail::gene_map map(mixed(), model == hebo_model::warped);
        const auto told = observe(map, 30, bowl);
        hebo_surrogate surrogate(model, hebo_failures::dropped, 200);
        random_stream stream(2, 0, purpose::search);
        REQUIRE(surrogate.learn(map, told, stream));
        double worst = 0;
        for (const hebo_observation& fresh : observe(map, 60, bowl)) {
            const double expected = surrogate.transform()(fresh.value);
            const double mean = surrogate.process().predict(features(map, fresh.genes)).mean;
            worst = std::max(worst, std::abs(mean - expected));
        }
        CHECK(worst < 0.4); // standardised values, half of the points new
        CHECK(
            told[surrogate.best()].value ==
            std::min_element(
                told.begin(), told.end(), [](auto& a, auto& b) { return a.value < b.value; }
            )->value
        );
        CHECK(
            surrogate.best_mean() ==
            doctest::Approx(
                surrogate.process().predict(features(map, told[surrogate.best()].genes)).mean
            )
        );
    }
}

TEST_CASE("hebo_surrogate: failed trials are dropped, or as bad as the worst") {
    const detail::gene_map map(mixed(), false);
    auto told = observe(map, 12, bowl);
    told[3].value = std::nan("");
    told[8].value = std::nan("");
    random_stream stream(2, 0, purpose::search);
    hebo_surrogate forgets(hebo_model::plain, hebo_failures::dropped, 200);
    REQUIRE(forgets.learn(map, told, stream));
    CHECK(forgets.process().size() == 10);
    hebo_surrogate counts(hebo_model::plain, hebo_failures::worst, 200);
    REQUIRE(counts.learn(map, told, stream));
    CHECK(counts.process().size() == 12);
    const numbers at = features(map, told[3].genes);
    CHECK(counts.process().predict(at).mean > forgets.process().predict(at).mean);
}

TEST_CASE("hebo_surrogate: values without differences, or beyond all measure, are borne") {
    const detail::gene_map map(mixed(), false);
    for (const double spike : {0.0, 1e300, -1e300, 1e-300}) {
        auto told = observe(map, 8, [](const point&) { return 0.0; });
        told[5].value = spike;
        hebo_surrogate surrogate(hebo_model::plain, hebo_failures::dropped, 200);
        random_stream stream(2, 0, purpose::search);
        REQUIRE(surrogate.learn(map, told, stream));
        for (const hebo_observation& o : told) {
            const auto at = surrogate.process().predict(features(map, o.genes));
            CHECK(std::isfinite(at.mean));
            CHECK(at.variance > 0);
        }
    }
}

TEST_CASE("hebo_surrogate: a point believed is one it is sure of, at what it expected") {
    const detail::gene_map map(mixed(), false);
    const auto told = observe(map, 12, bowl);
    const std::vector<hebo_observation> open{
        {12,
         map.encode(mixed().make_point({{"x", 0.9}, {"y", 0.1}, {"kind", "a"}})),
         std::nan("")}};
    hebo_surrogate surrogate(hebo_model::plain, hebo_failures::dropped, 200);
    random_stream stream(2, 0, purpose::search);
    REQUIRE(surrogate.learn(map, told, stream));
    const numbers at = features(map, open[0].genes);
    const gaussian_prediction before = surrogate.process().predict(at);
    REQUIRE(surrogate.believe(map, open));
    const gaussian_prediction after = surrogate.process().predict(at);
    CHECK(after.mean == doctest::Approx(before.mean).epsilon(1e-6));
    CHECK(after.variance < before.variance);
}

} // namespace search_hebo_surrogate_tests
