// SPDX-License-Identifier: MIT
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/generators.hpp>
#include <mend/io/dataset.hpp>
#include <mend/io/fault_json.hpp>
#include <mend/repair/diagnose.hpp>
#include <mend/spec/apply.hpp>

#include "../build_facts.hpp"

namespace repair_diagnose_tests {

using namespace mend;

namespace {

const dataset& blobs() {
    static const dataset data = make_blobs({.n = 600, .seed = 3});
    return data;
}

/// A problem about which nothing is wrong.
problem healthy() {
    problem p;
    p.model.input_shape = {2};
    p.model.layers = {
        {dense_spec{.units = 16, .activation = "relu"}},
        {dense_spec{.units = 16, .activation = "relu"}},
        {dense_spec{.units = 3, .activation = "softmax"}}};
    p.compile.optimizer.kind = adam_spec{.learning_rate = 0.005};
    p.compile.loss.name = "categorical_crossentropy";
    p.compile.metrics = {"accuracy"};
    p.fit.batch_size = 16;
    p.fit.epochs = 100;
    return p;
}

dense_spec& dense_at(problem& p, std::size_t i) {
    return mend::get<dense_spec>(p.model.layers[i].kind);
}

data_facts facts_on(const dataset& data) { return facts_of(data, split(data, 0.2)); }

const finding* find(const std::vector<finding>& all, const std::string& code) {
    for (const finding& f : all) {
        if (f.code == code) {
            return &f;
        }
    }
    return nullptr;
}

} // namespace

TEST_CASE("diagnose: about a healthy problem there is little to say") {
    for (const finding& f : diagnose(healthy(), facts_on(blobs()))) {
        CAPTURE(f.code);
        CHECK(f.confidence < 0.3);
    }
}

TEST_CASE("diagnose: one thing that is wrong comes first, with its place and a patch that undoes it"
) {
    struct row {
        std::string code;
        std::string path;
        std::function<void(problem&)> harm;
        bool undone = true; ///< by one of the suggested patches, exactly
    };

    const std::string at = "/model/config/layers/";
    const std::vector<row> rows{
        {"equal_weights",
         at + "0/config/kernel_initializer",
         [](problem& p) { dense_at(p, 0).kernel_initializer.name = "zeros"; },
         false},
        {"equal_weights",
         at + "1/config/kernel_initializer",
         [](problem& p) { dense_at(p, 1).kernel_initializer = {.name = "constant", .value = 0.3}; },
         false},
        {"large_initial_weights",
         at + "1/config/kernel_initializer",
         [](problem& p) {
             dense_at(p, 1).kernel_initializer = {.name = "random_normal", .stddev = 20};
         },
         false},
        {"missing_activation",
         at + "0/config/activation",
         [](problem& p) {
             dense_at(p, 0).activation = "linear";
             dense_at(p, 1).activation = "linear";
         }},
        {"hidden_activation",
         at + "1/config/activation",
         [](problem& p) { dense_at(p, 1).activation = "softmax"; }},
        {"output_activation",
         at + "2/config/activation",
         [](problem& p) { dense_at(p, 2).activation = "relu"; }},
        {"output_width", at + "2/config/units", [](problem& p) { dense_at(p, 2).units = 1; }},
        {"loss", "/compile/loss", [](problem& p) { p.compile.loss.name = "hinge"; }},
        {"learning_rate",
         "/compile/optimizer/config/learning_rate",
         [](problem& p) { p.compile.optimizer.learning_rate(5); },
         false},
        {"learning_rate",
         "/compile/optimizer/config/learning_rate",
         [](problem& p) { p.compile.optimizer.learning_rate(1e-7); },
         false},
        {"few_updates", "/fit/epochs", [](problem& p) { p.fit.epochs = 1; }, false},
        {"narrow_layer", at + "1/config/units", [](problem& p) { dense_at(p, 1).units = 1; }},
        {"penalty",
         at + "1/config/kernel_regularizer",
         [](problem& p) { dense_at(p, 1).kernel_regularizer.l1 = 1; }},
        {"dropout",
         at + "2/config/rate",
         [](problem& p) {
             p.model.layers.insert(
                 p.model.layers.begin() + 2, layer_spec{dropout_spec{.rate = 0.95}}
             );
         }},
        {"frozen_layer",
         at + "0/config/trainable",
         [](problem& p) { p.model.layers[0].trainable = false; }},
        {"shuffle", "/fit/shuffle", [](problem& p) { p.fit.shuffle = false; }},
    };
    // In the order of their classes, so that rows that are not shuffled matter.
    auto sorted = std::make_shared<samples>(*blobs().pool);
    std::vector<std::size_t> order(sorted->labels.size());
    std::size_t next = 0;
    for (int c = 0; c < 3; ++c) {
        for (std::size_t r = 0; r < order.size(); ++r) {
            if (blobs().pool->labels[r] == c) {
                order[next++] = r;
            }
        }
    }
    for (std::size_t r = 0; r < order.size(); ++r) {
        sorted->labels[r] = blobs().pool->labels[order[r]];
        for (mend::index k = 0; k < 2; ++k) {
            sorted->dense[2 * static_cast<mend::index>(r) + k] =
                blobs().pool->dense[2 * static_cast<mend::index>(order[r]) + k];
        }
    }
    dataset data = blobs();
    data.pool = sorted;
    const data_facts facts = facts_on(data);
    CHECK(facts.sorted_labels > 0.9);
    for (const row& r : rows) {
        CAPTURE(r.code);
        problem p = healthy();
        r.harm(p);
        const std::vector<finding> found = diagnose(p, facts);
        REQUIRE_FALSE(found.empty());
        CHECK(found.front().code == r.code);
        const finding* f = &found.front();
        for (const finding& other : found) {
            f = f->path != r.path && other.code == r.code && other.path == r.path ? &other : f;
        }
        CHECK(f->path == r.path);
        CHECK(f->confidence > 0.3);
        CHECK(f->confidence < 1);
        CHECK_FALSE(f->what.empty());
        REQUIRE_FALSE(f->fixes.empty());
        bool undone = false;
        for (const patch& fix : f->fixes) {
            undone = undone || apply(p, fix) == healthy();
        }
        CHECK(undone == r.undone);
        const std::vector<finding> after = diagnose(apply(p, f->fixes.front()), facts);
        const finding* left = find(after, r.code);
        CHECK((left == nullptr || left->confidence < f->confidence));
    }
}

TEST_CASE("diagnose: softmax of one number, logits taken twice and two softmaxes are seen") {
    const data_facts facts = facts_on(make_circles({.n = 200}));
    problem p = healthy();
    dense_at(p, 2) = dense_spec{.units = 1, .activation = "softmax"};
    p.compile.loss.name = "binary_crossentropy";
    std::vector<finding> found = diagnose(p, facts);
    CHECK(found.front().code == "output_activation");
    CHECK(dense_at(p, 2).activation == "softmax");
    const problem mended = apply(p, found.front().fixes.front());
    CHECK(activation_of(mended.model.layers[2]) == "sigmoid");

    problem logits = healthy();
    logits.compile.loss.from_logits = true;
    found = diagnose(logits, facts_on(blobs()));
    REQUIRE(find(found, "loss_from_logits") != nullptr);
    CHECK(apply(logits, find(found, "loss_from_logits")->fixes.front()) == healthy());

    problem twice = healthy();
    twice.model.layers.push_back({activation_spec{"softmax"}});
    found = diagnose(twice, facts_on(blobs()));
    CHECK(found.front().code == "stacked_output");

    // A linear output and a loss that takes logits belong together.
    problem right = logits;
    dense_at(right, 2).activation = "linear";
    CHECK(find(diagnose(right, facts_on(blobs())), "output_activation") == nullptr);
}

TEST_CASE("diagnose: an output that cannot reach its targets is seen") {
    const data_facts facts = facts_on(make_line({.n = 200}));
    problem p = healthy();
    p.model.input_shape = {1};
    p.compile.loss.name = "mean_squared_error";
    for (const char* name : {"sigmoid", "tanh", "relu"}) {
        dense_at(p, 2) = dense_spec{.units = 1, .activation = name};
        CHECK(diagnose(p, facts).front().code == "output_activation");
    }
    dense_at(p, 2).activation = "linear";
    CHECK(find(diagnose(p, facts), "output_activation") == nullptr);
    p.compile.loss.name = "binary_crossentropy";
    CHECK(diagnose(p, facts).front().code == "loss");
}

TEST_CASE("diagnose: inputs that are not scaled, or not alike in the parts, are seen") {
    const auto scaled = [](const std::shared_ptr<const samples>& from, float factor) {
        auto made = std::make_shared<samples>(*from);
        for (float& v : made->dense.flat()) {
            v *= factor;
        }
        return made;
    };
    dataset data = blobs();
    data.pool = scaled(blobs().pool, 100);
    std::vector<finding> found = diagnose(healthy(), facts_on(data));
    CHECK(found.front().code == "input_scale");
    REQUIRE_FALSE(found.front().fixes.empty());
    const problem mended = apply(healthy(), found.front().fixes.front());
    CHECK(find(diagnose(mended, facts_on(data)), "input_scale") == nullptr);

    // Images of which the test part alone still has bytes: 0..255 instead of 0..1.
    dataset parts = blobs();
    parts.train = scaled(blobs().pool, 1);
    parts.test = scaled(blobs().pool, 255);
    parts.pool = nullptr;
    found = diagnose(healthy(), facts_on(parts));
    CHECK(found.front().code == "parts_differ");
    CHECK(found.front().path.empty());
    CHECK(found.front().fixes.empty()); // no patch of the problem mends the data
    parts.test = scaled(blobs().pool, 1.2F);
    CHECK(find(diagnose(healthy(), facts_on(parts)), "parts_differ") == nullptr);

    dataset labels = make_line({.n = 300});
    auto divided = std::make_shared<samples>(*labels.pool);
    for (mend::index r = 0; r < divided->rows(); ++r) {
        divided->targets[r] = static_cast<float>(r % 10) / 255;
    }
    labels.pool = divided;
    problem p = healthy();
    p.model.input_shape = {1};
    dense_at(p, 2) = dense_spec{.units = 1};
    p.compile.loss.name = "mean_squared_error";
    CHECK(find(diagnose(p, facts_on(labels)), "scaled_labels") != nullptr);
}

TEST_CASE("diagnose: paths are those of the file as it was given") {
    document file = document_from(healthy());
    problem p = problem_from(file);
    document input = document::object();
    input.set("class_name", "InputLayer");
    document config = document::object();
    config.set("batch_input_shape", document::array_type{nullptr, 2});
    input.set("config", config);
    document& layers = *file.find("model")->find("config")->find("layers");
    layers.items().insert(layers.items().begin(), input);
    layers.items()[2].find("config")->set("kernel_initializer", "zeros");
    p = problem_from(file);
    const finding first = diagnose(p, facts_on(blobs())).front();
    CHECK(first.path == "/model/config/layers/2/config/kernel_initializer");
    CHECK(dense_at(p, 1).kernel_initializer.name == "zeros");
    const problem mended = apply(p, first.fixes.front());
    CHECK(find(diagnose(mended, facts_on(blobs())), "equal_weights") == nullptr);
}

TEST_CASE("diagnose: a training shows where it broke, what died and what stood still") {
    const dataset& data = blobs();
    const data_parts parts = split(data, 0.2);
    const auto symptoms = [&](const problem& p) { return diagnose(p, data, parts, 1).findings; };
    problem p = healthy();
    p.fit.epochs = 6;
    std::vector<finding> found = symptoms(p);
    CHECK(find(found, "dying_units") == nullptr);
    CHECK(find(found, "constant_output") == nullptr);
    CHECK(find(found, "no_progress") == nullptr);

    problem dead = p;
    dense_at(dead, 1).bias_initializer = {.name = "constant", .value = -1000};
    found = symptoms(dead);
    REQUIRE(find(found, "dying_units") != nullptr);
    CHECK(find(found, "dying_units")->path == "/model/config/layers/1");
    CHECK(find(found, "dying_units")->dynamic);
    CHECK(find(found, "constant_output") != nullptr);

    problem broken = p;
    broken.compile.optimizer.kind = sgd_spec{.learning_rate = 1e30};
    dense_at(broken, 2).activation = "linear";
    broken.compile.loss.name = "mean_squared_error";
    found = symptoms(broken);
    const finding* nan = find(found, "nan");
    nan = nan != nullptr ? nan : find(found, "divergence");
    REQUIRE(nan != nullptr);
    CHECK(nan->evidence.size() == 3);
    CHECK_FALSE(nan->fixes.empty());
    CHECK(found.front().code == "learning_rate"); // the cause before its symptom

    problem still = p;
    still.compile.optimizer.kind = sgd_spec{.learning_rate = 1e-9};
    CHECK(find(symptoms(still), "no_progress") != nullptr);
    CHECK(find(symptoms(still), "small_updates") != nullptr);
}

TEST_CASE("diagnose: curves that swing or part are told apart") {
    const data_facts facts = facts_on(blobs());
    training_evidence seen;
    const auto curve = [&](const std::function<epoch_record(double)>& at) {
        seen.curve.clear();
        for (int e = 0; e < 20; ++e) {
            seen.curve.push_back(at(e));
        }
        return diagnose(healthy(), facts, seen);
    };
    std::vector<finding> found = curve([](double e) {
        const double swing = static_cast<int>(e) % 2 == 0 ? 0.5 : 0.3;
        return epoch_record{{1 + swing, 0.2 + swing}, {1 + swing, 0.2 + swing}};
    });
    CHECK(find(found, "oscillation") != nullptr);
    found = curve([](double e) {
        return epoch_record{{1 / (e + 1), 1 - 0.4 / (e + 1)}, {0.6 + 0.05 * std::abs(e - 4), 0.7}};
    });
    REQUIRE(find(found, "overfitting") != nullptr);
    CHECK(apply(healthy(), find(found, "overfitting")->fixes.front()).fit.epochs == 5);
    CHECK(find(found, "oscillation") == nullptr);
    found = curve([](double e) {
        return epoch_record{{2 - 0.05 * e, 0.3 + 0.01 * e}, {2 - 0.05 * e, 0.3 + 0.01 * e}};
    });
    CHECK(find(found, "slow_convergence") != nullptr);
    CHECK(find(found, "overfitting") == nullptr);
}

TEST_CASE("diagnose: in every fault that mend ships, what is wrong comes first") {
    struct row {
        const char* id;
        std::vector<std::string> codes;
    };

    for (const row& r : {
             row{"blobs_mlp_zero_weights", {"equal_weights"}},
             row{"circles_mlp_linear", {"missing_activation"}},
             row{"digits_cnn_output", {"output_activation"}},
             row{"line_mlp_output", {"output_activation"}},
             row{"mnist_mlp_learning_rate", {"learning_rate"}},
             row{"moons_mlp_loss", {"learning_rate", "loss", "output_activation"}},
             row{"spirals_mlp_saturated", {"hidden_activation"}},
             row{"textures_cnn_learning_rate", {"learning_rate"}},
         }) {
        CAPTURE(r.id);
        const fault f = read_fault(
            std::string(build_facts::source_folder) + "/examples/problems/" + r.id + ".json"
        );
        const std::string small = f.data == "digits" || f.data == "textures" ? "?n=300" : "";
        const std::vector<finding> found =
            diagnose(f.problem, facts_on(read_dataset(f.data + small)));
        for (std::size_t i = 0; i < r.codes.size(); ++i) {
            CHECK(found.at(i).code == r.codes[i]);
        }
    }
}

TEST_CASE("diagnose: for classes of unequal size it suggests weights that make them equal") {
    data_facts facts = facts_on(blobs());
    facts.class_counts = {900, 90, 10};
    problem p = healthy();
    const std::vector<finding> all = diagnose(p, facts);
    const finding* found = find(all, "imbalance");
    REQUIRE(found != nullptr);
    REQUIRE(found->fixes.size() == 1);
    const auto weights = apply(p, found->fixes[0]).fit.class_weight.weights;
    REQUIRE(weights.size() == 3);
    CHECK(weights[0] == std::pair<std::int64_t, double>{0, 0.37});
    CHECK(weights[1].second == 3.7);
    CHECK(weights[2].second == 33.3);
    CHECK(
        lines(found->fixes[0]) ==
        std::vector<std::string>{"fit.class_weight: none -> {\"0\": 0.37, \"1\": 3.7, \"2\": 33.3}"}
    );

    facts.class_counts = {900, 100, 0}; // Keras 2 wants a weight for every class
    const std::vector<finding> without = diagnose(p, facts);
    CHECK(
        apply(p, find(without, "imbalance")->fixes.at(0)).fit.class_weight.weights[2].second == 1
    );

    p.fit.class_weight.weights = {{0, 1}, {1, 5}, {2, 5}}; // somebody has thought of it
    const std::vector<finding> weighted = diagnose(p, facts);
    CHECK(find(weighted, "imbalance")->fixes.empty());
}

} // namespace repair_diagnose_tests
