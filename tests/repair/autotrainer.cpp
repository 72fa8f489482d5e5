// SPDX-License-Identifier: MIT
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/generators.hpp>
#include <mend/repair/autotrainer.hpp>
#include <mend/repair/repair.hpp>

namespace repair_autotrainer_tests {

using namespace mend;

namespace {

/// The authors' demonstration of a vanishing gradient: eight layers of sigmoids before two circles.
problem deep_sigmoids() {
    problem p;
    p.model.input_shape = {2};
    for (int i = 0; i < 8; ++i) {
        p.model.layers.push_back({dense_spec{
            .units = 5, .activation = "sigmoid", .kernel_initializer = {"he_uniform"}}});
    }
    p.model.layers.push_back({dense_spec{
        .units = 1, .activation = "sigmoid", .kernel_initializer = {"he_uniform"}}});
    p.compile.optimizer.kind = adam_spec{.learning_rate = 0.001};
    p.compile.loss.name = "binary_crossentropy";
    p.compile.metrics = {"accuracy"};
    p.fit.batch_size = 128;
    p.fit.epochs = 300;
    p.fit.validation_split = 0.3;
    return p;
}

dataset circles() {
    dataset data = make_circles({.n = 1000, .noise = 0.1, .seed = 1});
    data.test = data.pool; // all 1000 rows for training and validation, as in the demonstration
    data.train = data.pool;
    data.pool = nullptr;
    return data;
}

} // namespace

TEST_CASE("AutoTrainer: the demonstration's gradient vanishes, and selu mends it at the first try"
) {
    const problem faulty = deep_sigmoids();
    std::vector<trial> told;
    repair_options options{.budget = trainings(20), .seed = 1, .report_runs = 0};
    options.journal = [&](const trial& t) { told.push_back(t); };
    const repair_result result = repair(faulty, circles(), autotrainer{}, options);

    REQUIRE(told.size() == 2);
    // Trial 0 ends at its verdict, after 30 % of the epochs.
    CHECK(told[0].outcome.status == status::stopped);
    CHECK(told[0].outcome.curve.size() == 91);
    CHECK(told[0].outcome.cost == doctest::Approx(91.0 / 300));
    const training_checks seen = find_checks(told[0].outcome.signals);
    CHECK(seen.at.size() == 32); // before the first step, and after epochs 0, 3, ... 90
    const auto verdict = judge(
        autotrainer_rules{}, judged(faulty, true), told[0].outcome.curve, seen, status::stopped
    );
    CHECK(verdict == autotrainer_verdict{symptom::vanishing_gradient, 90});

    CHECK(told[1].completed());
    CHECK(told[1].outcome.curve.size() == 300);
    CHECK(-told[1].value() >= 0.8);
    CHECK(result.study.end == study_end::exhausted);
    CHECK(result.study.best == std::size_t{1});
    CHECK(activation_of(result.fixed.model.layers[7]) == "selu");
    CHECK(activation_of(result.fixed.model.layers[8]) == "sigmoid");

    // Told the same trials again, another copy asks for the same.
    autotrainer again;
    again.prepare(faulty, true);
    again.start(space{}, 1);
    for (const trial& t : told) {
        const auto asked = again.ask();
        REQUIRE(asked.has_value());
        CHECK_FALSE(again.ask().has_value()); // one at a time
        CHECK(asked->patch == t.proposal.patch);
        again.tell(t);
    }
    CHECK_FALSE(again.ask().has_value());
    CHECK(again.chain().result() == autotrainer_result::solved);
    CHECK(again.recommend() == 1);
}

TEST_CASE("AutoTrainer: a try that cannot be trained at all is one that failed") {
    autotrainer searcher;
    searcher.prepare(deep_sigmoids(), true);
    searcher.start(space{}, 1);
    trial none;
    none.outcome = failure(status::nan, 0.1);
    none.proposal = *searcher.ask();
    searcher.tell(none);
    CHECK(searcher.chain().handled() == std::vector{symptom::exploding_gradient});
    int tries = 0;
    while (const auto asked = searcher.ask()) {
        CHECK_FALSE(asked->patch.empty());
        none.proposal = *asked;
        none.outcome = failure(tries++ % 2 == 0 ? status::deadline : status::nan, 0.1);
        searcher.tell(none);
    }
    CHECK(tries == 6);
    CHECK(searcher.chain().result() == autotrainer_result::no);
}

} // namespace repair_autotrainer_tests
