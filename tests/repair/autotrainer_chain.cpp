// SPDX-License-Identifier: MIT
// How rounds of tries end; the specification's examples.
#include <cmath>
#include <optional>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/autotrainer_chain.hpp>

namespace repair_autotrainer_chain_tests {

using namespace mend;

namespace {

problem sigmoids() {
    problem p;
    p.model.input_shape = {4};
    p.model.layers = {
        {dense_spec{.units = 8, .activation = "sigmoid"}},
        {dense_spec{.units = 8, .activation = "sigmoid"}},
        {dense_spec{.units = 8, .activation = "sigmoid"}},
        {dense_spec{.units = 3, .activation = "softmax"}}};
    p.compile.loss.name = "categorical_crossentropy";
    return p;
}

/// A chain and the number of trials told.
struct run {
    autotrainer_chain chain{autotrainer_solver(), 3};
    std::int64_t trials = 0;

    explicit run(std::optional<symptom> first) { chain.begin(sigmoids(), first, 0.5); }

    void told(std::optional<symptom> seen, double accuracy) {
        REQUIRE(chain.next().has_value());
        chain.told(++trials, seen, accuracy);
    }
};

const auto vanishing = symptom::vanishing_gradient;
const auto exploding = symptom::exploding_gradient;

} // namespace

TEST_CASE("AutoTrainer: a healthy training is not repaired") {
    const run r(std::nullopt);
    CHECK(r.chain.result() == autotrainer_result::healthy);
    CHECK_FALSE(r.chain.next().has_value());
    CHECK_FALSE(r.chain.chosen().has_value());
}

TEST_CASE("AutoTrainer: where every try shows the same symptom it gives up with the best of them") {
    run r(vanishing);
    CHECK(activation_of(r.chain.next()->model.layers[0]) == "selu");
    r.told(vanishing, 0.4);
    CHECK(activation_of(r.chain.next()->model.layers[0]) == "relu");
    r.told(vanishing, 0.6);
    CHECK(r.chain.next()->model.layers[1].class_name() == "BatchNormalization");
    r.told(vanishing, 0.5);
    CHECK_FALSE(r.chain.next().has_value());
    CHECK(r.chain.result() == autotrainer_result::no);
    CHECK(r.chain.chosen() == 2);

    run ties(vanishing);
    ties.told(vanishing, std::nan(""));
    ties.told(vanishing, 0.4);
    ties.told(vanishing, 0.4);
    CHECK(ties.chain.chosen() == 3);
}

TEST_CASE("AutoTrainer: a clean training solves, even one that is a little worse") {
    run r(vanishing);
    r.told(vanishing, 0.5);
    r.told(std::nullopt, 0.48);
    CHECK(r.chain.result() == autotrainer_result::solved);
    CHECK(r.chain.chosen() == 2);
    CHECK(r.chain.handled() == std::vector{vanishing});
    CHECK_FALSE(r.chain.next().has_value());
}

TEST_CASE("AutoTrainer: the best candidate becomes the next seed, with its changes") {
    run r(vanishing);
    r.told(symptom::overfitting, 0.8684);
    r.told(symptom::dying_relu, 0.5);
    r.told(symptom::overfitting, 0.8677);
    CHECK(r.chain.result() == autotrainer_result::searching);
    REQUIRE(r.chain.next().has_value());
    CHECK(activation_of(r.chain.next()->model.layers[0]) == "selu");
    CHECK(
        mend::get<dense_spec>(r.chain.next()->model.layers[0].kind).kernel_regularizer.l2 == 0.01
    );
    r.told(std::nullopt, 0.8722);
    CHECK(r.chain.result() == autotrainer_result::solved);
    CHECK(r.chain.chosen() == 4);
    CHECK(r.chain.handled() == std::vector{vanishing, symptom::overfitting});
}

TEST_CASE("AutoTrainer: a symptom that comes again ends the chain at the best candidate before") {
    run r(vanishing);
    r.told(exploding, 0.7);
    r.told(vanishing, 0.9);
    r.told(vanishing, 0.9);
    CHECK(r.chain.handled() == std::vector{vanishing, exploding});
    while (r.chain.next().has_value()) {
        r.told(vanishing, 0.95);
    }
    CHECK(r.chain.result() == autotrainer_result::potential);
    CHECK(r.chain.chosen() == 1);
}

TEST_CASE("AutoTrainer: no help in a later round falls back on the candidate of an earlier one") {
    run r(vanishing);
    r.told(exploding, 0.7);
    r.told(exploding, 0.7); // no better: the first stays
    r.told(vanishing, 0.9);
    while (r.chain.next().has_value()) {
        r.told(exploding, 0.95);
    }
    CHECK(r.chain.result() == autotrainer_result::no);
    CHECK(r.chain.chosen() == 1);
}

TEST_CASE("AutoTrainer: where everything is passed over the seed is what is left") {
    // No ranges are known, so that nothing can scale the data.
    const run r(symptom::abnormal_data);
    CHECK(r.chain.result() == autotrainer_result::no);
    CHECK(r.chain.chosen() == 0);
    CHECK(r.chain.skipped() == std::vector{solution::data});
}

} // namespace repair_autotrainer_chain_tests
