// SPDX-License-Identifier: MIT
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/autotrainer_solutions.hpp>

namespace repair_autotrainer_solutions_tests {

using namespace mend;

namespace {

random_stream draws(std::uint64_t item = 0) { return {7, 0, purpose::search, item}; }

problem mlp(const char* hidden = "relu", const char* last = "softmax", std::int64_t outputs = 3) {
    problem p;
    p.model.input_shape = {4};
    p.model.layers = {
        {dense_spec{.units = 8, .activation = hidden}},
        {dense_spec{.units = 8, .activation = hidden}},
        {dense_spec{.units = outputs, .activation = last}}};
    p.compile.optimizer.kind = sgd_spec{};
    p.compile.loss.name = "categorical_crossentropy";
    return p;
}

std::optional<problem> changed(
    solution what,
    const problem& seed,
    int attempt = 0,
    symptom against = symptom::slow_convergence,
    std::uint64_t item = 0
) {
    return autotrainer_solver().apply(what, attempt, against, seed, draws(item));
}

std::vector<std::string> classes(const problem& p) {
    std::vector<std::string> names;
    for (const layer_spec& layer : p.model.layers) {
        names.emplace_back(layer.class_name());
    }
    return names;
}

const dense_spec& dense_at(const problem& p, std::size_t i) {
    return mend::get<dense_spec>(p.model.layers[i].kind);
}

} // namespace

TEST_CASE("AutoTrainer: activations are substituted in hidden layers, never in the output") {
    struct row {
        solution what;
        const char* name;
        const char* kernel;
        const char* bias;
    };

    for (const row& r : {
             row{solution::selu, "selu", "lecun_uniform", "lecun_uniform"},
             row{solution::relu, "relu", "he_uniform", "zeros"},
             row{solution::tanh, "tanh", "he_uniform", "zeros"},
         }) {
        problem seed = mlp("sigmoid");
        // An activation that is a layer is one too.
        seed.model.layers[1].kind = dense_spec{.units = 8};
        seed.model.layers.insert(
            seed.model.layers.begin() + 2, layer_spec{activation_spec{"sigmoid"}}
        );
        const auto made = changed(r.what, seed);
        REQUIRE(made.has_value());
        CHECK(dense_at(*made, 0).activation == r.name);
        CHECK(dense_at(*made, 1).activation == "linear");
        CHECK(activation_of(made->model.layers[2]) == r.name);
        CHECK(dense_at(*made, 1).kernel_initializer.name == r.kernel);
        CHECK(dense_at(*made, 1).bias_initializer.name == r.bias);
        CHECK(made->model.layers[3] == seed.model.layers[3]);
    }
    CHECK_FALSE(changed(solution::relu, *changed(solution::relu, mlp())).has_value());
}

TEST_CASE("AutoTrainer: batch normalisation goes between a layer and its activation") {
    const auto made = changed(solution::batch_normalization, mlp());
    REQUIRE(made.has_value());
    CHECK(
        classes(*made) ==
        std::vector<std::string>{
            "Dense",
            "BatchNormalization",
            "Activation",
            "Dense",
            "BatchNormalization",
            "Activation",
            "Dense"}
    );
    CHECK(dense_at(*made, 0).activation == "linear");
    CHECK(activation_of(made->model.layers[2]) == "relu");
    CHECK(made->model.layers[6] == mlp().model.layers[2]);
    CHECK_FALSE(changed(solution::batch_normalization, *made).has_value());
}

TEST_CASE("AutoTrainer: leaky layers follow linear ones, and the output keeps its softmax") {
    const char* const names[] = {"LeakyReLU", "ELU", "ThresholdedReLU"};
    for (int attempt = 0; attempt < 3; ++attempt) {
        const auto made = changed(solution::leaky, mlp(), attempt);
        REQUIRE(made.has_value());
        const std::string name = names[attempt];
        CHECK(classes(*made) == std::vector<std::string>{"Dense", name, "Dense", name, "Dense"});
        CHECK(dense_at(*made, 0).activation == "linear");
        CHECK(dense_at(*made, 4).activation == "softmax");
    }
}

TEST_CASE("AutoTrainer: initialisers are drawn for hidden layers, twice and independently") {
    std::set<std::string> kernels;
    std::set<std::string> biases;
    for (std::uint64_t item = 0; item < 60; ++item) {
        if (const auto made = changed(solution::initial, mlp(), 0, symptom::dying_relu, item)) {
            kernels.insert(dense_at(*made, 1).kernel_initializer.name);
            biases.insert(dense_at(*made, 0).bias_initializer.name);
            CHECK(dense_at(*made, 2) == dense_at(mlp(), 2));
        }
    }
    CHECK(kernels.size() == 6);
    CHECK(biases.size() == 6);
}

TEST_CASE("AutoTrainer: learning rates go up against slowness and down against swings") {
    const auto rate = [](problem seed, int attempt, symptom against) {
        const auto made = changed(solution::learning_rate, seed, attempt, against);
        return made ? made->compile.optimizer.learning_rate() : 0.0;
    };
    problem sgd = mlp();
    sgd.compile.optimizer.learning_rate(0.5);
    problem rms = mlp();
    rms.compile.optimizer.kind = rmsprop_spec{.learning_rate = 0.5};
    problem adam = mlp();
    adam.compile.optimizer.kind = adam_spec{.learning_rate = 0.5};
    const double up[] = {0.01, 0.1, 1};
    const double down[] = {0.01, 0.001, 0.0001};
    for (int j = 0; j < 3; ++j) {
        CHECK(rate(sgd, j, symptom::slow_convergence) == up[j]);
        CHECK(rate(rms, j, symptom::slow_convergence) == doctest::Approx(up[j] / 10));
        CHECK(rate(sgd, j, symptom::oscillating_loss) == down[j]);
        CHECK(rate(adam, j, symptom::oscillating_loss) == doctest::Approx(down[j] / 10));
    }
    sgd.compile.optimizer.learning_rate(0.1); // the equal one alone is passed over
    CHECK(rate(sgd, 0, symptom::slow_convergence) == 0.01);
    CHECK(rate(sgd, 1, symptom::slow_convergence) == 0);
    CHECK(rate(sgd, 2, symptom::slow_convergence) == 1);
}

TEST_CASE("AutoTrainer: batches are doubled from 32; a size that is there is passed over") {
    problem seed = mlp();
    const auto sizes = [&] {
        std::vector<std::int64_t> found;
        for (int j = 0; j < 4; ++j) {
            if (const auto made = changed(solution::batch_size, seed, j)) {
                found.push_back(made->fit.batch_size);
            }
        }
        return found;
    };
    seed.fit.batch_size = 16;
    CHECK(sizes() == std::vector<std::int64_t>{32, 64, 128, 256});
    seed.fit.batch_size = 64;
    CHECK(sizes() == std::vector<std::int64_t>{32, 128, 256});
}

TEST_CASE("AutoTrainer: what is drawn has two decimals and stays in its range") {
    for (std::uint64_t item = 0; item < 200; ++item) {
        const auto clipped = changed(solution::gradient_clip, mlp(), 0, symptom::loss, item);
        REQUIRE(clipped.has_value());
        const double limit = *clipped->compile.optimizer.update.clipvalue;
        CHECK(limit >= 9);
        CHECK(limit <= 10);
        CHECK(std::abs(100 * limit - std::round(100 * limit)) < 1e-9);
        CHECK_FALSE(changed(solution::gradient_clip, *clipped).has_value());

        const auto moved = changed(solution::momentum, mlp(), 0, symptom::loss, item);
        REQUIRE(moved.has_value());
        const auto& sgd = mend::get<sgd_spec>(moved->compile.optimizer.kind);
        CHECK(sgd.momentum >= 0.01);
        CHECK(sgd.momentum <= 0.9);
        CHECK(std::abs(100 * sgd.momentum - std::round(100 * sgd.momentum)) < 1e-9);
        CHECK(moved->compile.optimizer.learning_rate() == 0.01);
    }
}

TEST_CASE("AutoTrainer: another optimizer is one of the five, with its defaults") {
    std::set<std::string> names;
    for (std::uint64_t item = 0; item < 60; ++item) {
        const auto made = changed(solution::optimizer, mlp(), 0, symptom::slow_convergence, item);
        REQUIRE(made.has_value());
        names.insert(std::string(made->compile.optimizer.class_name()));
    }
    CHECK(names == std::set<std::string>{"Adam", "Adamax", "Nadam", "RMSprop"});
    const auto adam = changed(solution::adam, mlp());
    REQUIRE(adam.has_value());
    CHECK(adam->compile.optimizer == optimizer_spec{adam_spec{}});
    problem tuned = *adam;
    tuned.compile.optimizer.learning_rate(0.1);
    CHECK_FALSE(changed(solution::adam, tuned).has_value());
}

TEST_CASE("AutoTrainer: outputs and losses are made to fit the number of outputs") {
    const auto output = changed(solution::activation, mlp("relu", "relu"));
    REQUIRE(output.has_value());
    CHECK(dense_at(*output, 2).activation == "softmax");
    problem one = mlp("relu", "relu", 1);
    one.compile.loss.name = "binary_crossentropy";
    CHECK(dense_at(*changed(solution::activation, one), 2).activation == "sigmoid");
    one.compile.loss.name = "mean_squared_error";
    CHECK(dense_at(*changed(solution::activation, one), 2).activation == "linear");

    CHECK(changed(solution::loss, one)->compile.loss.name == "binary_crossentropy");
    problem many = mlp();
    many.compile.loss.name = "mean_squared_error";
    CHECK(changed(solution::loss, many)->compile.loss.name == "categorical_crossentropy");
    const std::string other = changed(solution::loss, mlp())->compile.loss.name;
    CHECK((other == "mean_squared_error" || other == "mean_absolute_error"));
}

TEST_CASE("AutoTrainer: inputs are scaled to 0..1 by a layer in front") {
    const autotrainer_solver solver(feature_ranges{{0, -2, 5, 1}, {255, 2, 5, 3}});
    const auto made = solver.apply(solution::data, 0, symptom::abnormal_data, mlp(), draws());
    REQUIRE(made.has_value());
    const auto& front = mend::get<normalization_spec>(made->model.layers[0].kind);
    CHECK(front.mean == std::vector<double>{0, -2, 5, 1});
    CHECK(front.variance == std::vector<double>{255.0 * 255, 16, 1, 4});
    CHECK_FALSE(changed(solution::data, mlp()).has_value()); // no ranges are known
}

TEST_CASE("AutoTrainer: noise, dropout and penalties find their places") {
    const auto noisy = changed(solution::gaussian_noise, mlp());
    REQUIRE(noisy.has_value());
    CHECK(noisy->model.layers[0].class_name() == "GaussianNoise");
    CHECK_FALSE(changed(solution::gaussian_noise, *noisy).has_value());

    problem deep = mlp();
    deep.model.layers.insert(deep.model.layers.begin(), 3, deep.model.layers[0]);
    const auto dropped = changed(solution::dropout, deep);
    REQUIRE(dropped.has_value());
    CHECK(dropped->model.layers.size() == deep.model.layers.size() + 1);
    CHECK(mend::get<dropout_spec>(dropped->model.layers[1].kind).rate == 0.25);

    const auto penalised = changed(solution::regularizer, mlp());
    REQUIRE(penalised.has_value());
    CHECK(dense_at(*penalised, 0).kernel_regularizer.l2 == 0.01);
    CHECK_FALSE(dense_at(*penalised, 2).kernel_regularizer.exists());
    CHECK_FALSE(changed(solution::regularizer, *penalised).has_value());
}

TEST_CASE("AutoTrainer: callbacks are added once, with the published settings") {
    problem seed = mlp();
    seed.fit.epochs = 60;
    const auto reduced = changed(solution::reduce_learning_rate, seed);
    REQUIRE(reduced.has_value());
    REQUIRE(reduced->fit.callbacks.size() == 1);
    const callback_spec& plateau = reduced->fit.callbacks[0];
    CHECK(plateau.name == "ReduceLROnPlateau");
    CHECK(plateau.monitor == "val_loss");
    CHECK(plateau.factor == 0.2);
    CHECK(plateau.patience == 5);
    CHECK(plateau.min_lr == 0.001);
    CHECK_FALSE(changed(solution::reduce_learning_rate, *reduced).has_value());
    const auto stopping = changed(solution::early_stopping, *reduced);
    REQUIRE(stopping.has_value());
    REQUIRE(stopping->fit.callbacks.size() == 2);
    CHECK(stopping->fit.callbacks[1].patience == 4);
    seed.fit.epochs = 10;
    CHECK(changed(solution::early_stopping, seed)->fit.callbacks[0].patience == 3);
}

TEST_CASE("AutoTrainer: most retrainings per symptom are as published") {
    const auto tries = [](symptom s) {
        int count = 0;
        for (const solution_plan& p : solutions_for(s)) {
            count += p.times;
        }
        return count;
    };
    CHECK(tries(symptom::vanishing_gradient) == 3);
    CHECK(tries(symptom::exploding_gradient) == 6);
    CHECK(tries(symptom::dying_relu) == 8);
    CHECK(tries(symptom::oscillating_loss) == 16);
    CHECK(tries(symptom::slow_convergence) == 9);
    CHECK(tries(symptom::activation) == 1);
    CHECK(tries(symptom::loss) == 1);
    CHECK(tries(symptom::abnormal_data) == 1);
}

} // namespace repair_autotrainer_solutions_tests
