// SPDX-License-Identifier: MIT
#include <cstddef>

#include <doctest/doctest.h>

#include <mend/repair/step_traits.hpp>

#include "blobs.hpp"

namespace repair_step_traits_tests {

namespace {

constexpr std::size_t high = 0;
constexpr std::size_t low = 1;
constexpr std::size_t updates = 2;
constexpr std::size_t depth = 3;

mend::problem with_rate(double rate) {
    mend::problem p = mend::test::blobs_problem(0.1);
    p.compile.optimizer.kind = mend::adam_spec{.learning_rate = rate}; // usual: 0.001
    return p;
}

} // namespace

TEST_CASE("step traits: rates are told by how far from the optimizer's usual one they are") {
    REQUIRE(mend::step_trait_names[high] == "high_rate");
    REQUIRE(mend::step_trait_names[low] == "low_rate");
    const mend::problem from = mend::test::blobs_problem(0.1);
    const auto traits = [&](double rate) { return mend::traits_of(from, with_rate(rate), 160); };
    CHECK(traits(0.001)[high] == 0);
    CHECK(traits(0.001)[low] == 0);
    CHECK(traits(0.1)[high] == doctest::Approx(2.0 / 3));
    CHECK(traits(0.1)[low] == 0);
    CHECK(traits(1e-4)[low] == doctest::Approx(1.0 / 3));
    CHECK(traits(1e-4)[high] == 0);
    CHECK(traits(100)[high] == 1);
    CHECK(traits(0)[low] == 1);
}

TEST_CASE("step traits: updates are counted by batches and epochs, layers that learn by weights") {
    REQUIRE(mend::step_trait_names[updates] == "updates");
    REQUIRE(mend::step_trait_names[depth] == "depth");
    const mend::problem from = mend::test::blobs_problem(0.1); // 6 epochs of batches of 32
    mend::problem to = from;
    CHECK(mend::traits_of(from, to, 160)[updates] == 0);
    to.fit.epochs = 12;
    CHECK(mend::traits_of(from, to, 160)[updates] == doctest::Approx(0.25));
    to.fit.batch_size = 16;
    CHECK(mend::traits_of(from, to, 160)[updates] == doctest::Approx(0.5));
    CHECK(mend::traits_of(to, from, 160)[updates] == doctest::Approx(-0.5));
    to.fit.epochs = 6000;
    CHECK(mend::traits_of(from, to, 160)[updates] == 1);
    CHECK(mend::traits_of(from, to, 160)[depth] == doctest::Approx(2.0 / 8));
    to.model.layers.insert(to.model.layers.begin(), {mend::dropout_spec{.rate = 0.5}});
    CHECK(mend::traits_of(from, to, 160)[depth] == doctest::Approx(2.0 / 8));
    for (int i = 0; i < 9; ++i) {
        to.model.layers.insert(to.model.layers.begin(), {mend::dense_spec{.units = 4}});
    }
    CHECK(mend::traits_of(from, to, 160)[depth] == 1);
}

} // namespace repair_step_traits_tests
