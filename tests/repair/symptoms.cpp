// SPDX-License-Identifier: MIT
// Published series and the examples of the specification of AutoTrainer.
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/symptoms.hpp>

#include "autotrainer_series.hpp"

namespace repair_symptoms_tests {

using namespace mend;

namespace {

oscillation of(const std::vector<double>& curve) { return find_oscillation(curve, 0.03); }

bool unstable(const std::vector<double>& curve) { return of(curve).is_unstable(curve.size(), 0.2); }

} // namespace

TEST_CASE("symptoms: peaks and valleys are paired by their number") {
    const std::vector<double> teeth{.5, .6, .5, .6, .5, .6, .5};
    CHECK(of(teeth).peaks == 3);
    CHECK(of(teeth).valleys == 2);
    CHECK(of(teeth).swings == 2);
    CHECK(unstable(teeth));

    std::vector<double> small;
    for (int i = 0; i < 10; ++i) {
        small.push_back(i % 2 == 0 ? .50 : .52);
    }
    CHECK(of(small).peaks == 4);
    CHECK(of(small).valleys == 4);
    CHECK(of(small).swings == 0);
    CHECK_FALSE(unstable(small));

    const std::vector<double> flat(10, 0.5);
    CHECK(of(flat).peaks == 8);
    CHECK(of(flat).valleys == 8);
    CHECK_FALSE(unstable(flat));

    CHECK(of({.1, .2, .3, .4}).peaks == 0);
    CHECK_FALSE(unstable({.50, .54, .50, .52, .50, .52, .50, .52, .50, .52}));
    CHECK(of({.50, .54, .50, .52, .50, .52, .50, .52, .50, .52}).swings == 1);
    const std::vector<double> rising{.2, .6, .3, .7, .4, .8, .5, .9, .6, .95};
    CHECK(of(rising).swings == 4);
    CHECK(unstable(rising));
}

TEST_CASE("symptoms: the published oscillating training has its published peaks and valleys") {
    struct row {
        std::size_t length;
        oscillation wanted;
        bool is_unstable;
    };

    for (const row& r : {
             row{7, {2, 2, 1}, false},
             row{10, {3, 3, 2}, true},
             row{31, {10, 11, 8}, true},
             row{61, {19, 20, 15}, true},
         }) {
        const std::span<const double> head(test::published_train_accuracy().data(), r.length);
        const oscillation found = find_oscillation(head, 0.03);
        CHECK(found.peaks == r.wanted.peaks);
        CHECK(found.valleys == r.wanted.valleys);
        CHECK(found.swings == r.wanted.swings);
        CHECK(found.is_unstable(r.length, 0.2) == r.is_unstable);
    }
}

TEST_CASE("symptoms: only gains count as gains") {
    CHECK(largest_gain(std::vector<double>{.5, .2, .205, .1}) == doctest::Approx(.005));
    CHECK(largest_gain(std::vector<double>{.5, .4}) == 0);
    CHECK(largest_gain(std::vector<double>{}) == 0);
}

TEST_CASE("symptoms: kernel norms are of the first and the last layer that has a kernel") {
    training_check check;
    check.layers.resize(4);
    CHECK_FALSE(find_kernel_norms(check).exist);
    check.layers[1].kernel_gradient = 2;
    check.layers[3].kernel_gradient = 8;
    CHECK(find_kernel_norms(check).ratio() == 0.25);
    check.layers[3].kernel_gradient = 0;
    CHECK(std::isinf(find_kernel_norms(check).ratio()));
    check.layers[1].kernel_gradient = 0;
    CHECK(find_kernel_norms(check).ratio() == 1);
}

} // namespace repair_symptoms_tests
