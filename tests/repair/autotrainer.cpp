// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/generators.hpp>
#include <mend/data/numpy_random.hpp>
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

/// The authors' demonstration of an oscillating loss: steps of one row each before three blobs.
problem single_rows() {
    problem p;
    p.model.input_shape = {2};
    p.model.layers = {
        {dense_spec{.units = 50, .activation = "relu", .kernel_initializer = {"he_uniform"}}},
        {dense_spec{.units = 3, .activation = "softmax"}}};
    p.compile.optimizer.kind = sgd_spec{.learning_rate = 0.01, .momentum = 0.9};
    p.compile.loss.name = "categorical_crossentropy";
    p.compile.metrics = {"accuracy"};
    p.fit.batch_size = 1;
    p.fit.epochs = 200;
    return p;
}

/// Its data: make_blobs of scikit-learn, 1000 points with a deviation of 2 around three centres,
/// random_state 2; the first 700 to train on, the others to judge.
dataset overlapping_blobs() {
    numpy_random random(2);
    std::optional<double> kept;
    const auto normal = [&] { // the polar method, as NumPy's legacy generator goes about it
        if (kept) {
            return *std::exchange(kept, std::nullopt);
        }
        double a = 0;
        double b = 0;
        double square = 0;
        do {
            a = random.uniform(-1, 1);
            b = random.uniform(-1, 1);
            square = a * a + b * b;
        } while (square >= 1 || square == 0);
        const double factor = std::sqrt(-2 * std::log(square) / square);
        kept = factor * a;
        return factor * b;
    };
    double centres[3][2];
    for (auto& centre : centres) {
        for (double& x : centre) {
            x = random.uniform(-10, 10);
        }
    }
    std::vector<std::pair<std::vector<double>, int>> points;
    for (int c = 0; c < 3; ++c) {
        for (int i = 0; i < (c == 0 ? 334 : 333); ++i) {
            const double x = centres[c][0] + 2 * normal();
            const double y = centres[c][1] + 2 * normal();
            points.push_back({{x, y}, c});
        }
    }
    const std::vector<index> order = random.permutation(1000);
    const auto part = [&](std::size_t from, std::size_t to) {
        auto table = std::make_shared<samples>();
        table->sample = shape{2};
        table->dense = tensor<float>(shape{static_cast<index>(to - from), 2});
        for (std::size_t i = from; i < to; ++i) {
            const auto& [at, label] = points[static_cast<std::size_t>(order[i])];
            table->dense.flat()[2 * (i - from)] = static_cast<float>(at[0]);
            table->dense.flat()[2 * (i - from) + 1] = static_cast<float>(at[1]);
            table->labels.push_back(label);
        }
        return table;
    };
    dataset data;
    data.name = "overlapping blobs";
    data.classes = 3;
    data.train = part(0, 700);
    data.validation = part(700, 1000);
    data.test = data.validation;
    return data;
}

} // namespace

TEST_CASE("AutoTrainer: the demonstration's accuracy oscillates, and Adam mends it at the first try"
) {
    autotrainer_options options;
    options.rules.low_accuracy = 0.6; // as the authors' script has it
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        std::vector<trial> told;
        repair_options how{.budget = trainings(20), .seed = seed, .report_runs = 0};
        how.journal = [&](const trial& t) { told.push_back(t); };
        const problem faulty = single_rows();
        const auto result = repair(faulty, overlapping_blobs(), autotrainer{options}, how);
        REQUIRE(told.size() == 2);
        const auto verdict = judge(
            options.rules,
            judged(faulty, true),
            told[0].outcome.curve,
            find_checks(told[0].outcome.signals),
            told[0].outcome.status
        );
        CHECK(verdict == autotrainer_verdict{symptom::oscillating_loss, 60});
        CHECK(lines(result.patch) == std::vector<std::string>{"optimizer: SGD -> Adam"});
        CHECK(-told[1].value() >= 0.8); // published: 0.8333
    }
}

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
