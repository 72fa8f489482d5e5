// SPDX-License-Identifier: MIT
#include <set>
#include <string>

#include <doctest/doctest.h>

#include <mend/space/fix_space.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/write.hpp>

namespace space_fix_space_tests {

using namespace mend;

namespace {

problem cnn() {
    problem p;
    p.model.input_shape = {28, 28, 1};
    p.model.layers = {
        {conv2d_spec{.filters = 8, .activation = "relu"}},
        {max_pooling2d_spec{}},
        {flatten_spec{}},
        {dense_spec{.units = 32, .kernel_initializer = {"random_normal", 0, 0, 1.5}}},
        {activation_spec{"exponential"}},
        {dense_spec{.units = 16, .activation = "relu"}},
        {dropout_spec{0.35}},
        {dense_spec{.units = 10}},
        {activation_spec{"linear"}}};
    p.compile.optimizer.kind = sgd_spec{.learning_rate = 25, .momentum = 0.73};
    p.compile.loss.name = "cosine_similarity";
    p.compile.metrics = {"accuracy"};
    p.fit.batch_size = 500;
    p.fit.epochs = 5;
    return p;
}

/// A network of the layers that came after the first ones.
problem modern() {
    problem p;
    p.model.input_shape = {16, 16, 3};
    p.model.layers = {
        {zero_padding2d_spec{}},
        {separable_conv2d_spec{.filters = 6, .depthwise_regularizer = {0, 0.5}}},
        {batch_normalization_spec{.momentum = 0.5}},
        {leaky_relu_spec{}},
        {spatial_dropout2d_spec{.rate = 0.2}},
        {reshape_spec{.target_shape = {-1, 4}}},
        {conv1d_spec{.filters = 4, .padding = "causal"}},
        {prelu_spec{}},
        {gaussian_noise_spec{.stddev = 2}},
        {global_max_pooling1d_spec{}},
        {dense_spec{.units = 5}},
        {softmax_spec{}}};
    p.compile.loss.name = "categorical_crossentropy";
    return p;
}

/// A regression with nothing usual about it.
problem odd_regression() {
    problem p;
    p.model.input_shape = {3};
    p.model.layers = {
        {normalization_spec{}},
        {dense_spec{
            .units = 1,
            .activation = "softsign",
            .use_bias = false,
            .kernel_regularizer = {0.5, 0.25},
            .bias_regularizer = {0.1, 0}}},
        {dense_spec{.units = 2}}};
    p.model.layers[1].trainable = false;
    p.compile.optimizer.kind = adam_spec{.learning_rate = 0, .beta_1 = 0.123};
    p.compile.loss = {.name = "huber", .delta = 7};
    p.fit = {.batch_size = 1, .epochs = 1, .shuffle = false};
    return p;
}

problem binary() {
    problem p;
    p.model.input_shape = {2};
    p.model.layers = {
        {rescaling_spec{.scale = 40}},
        {dense_spec{.units = 8, .activation = "relu"}},
        {dense_spec{.units = 1, .activation = "softmax"}}};
    p.compile.loss = {.name = "binary_crossentropy", .label_smoothing = 0.3};
    return p;
}

struct sample_problem {
    problem faulty;
    answers wanted;
};

std::vector<sample_problem> samples() {
    return {{cnn(), {10, 10}}, {odd_regression(), {0, 2}}, {binary(), {2, 1}}, {modern(), {5, 5}}};
}

/// The texts of all values of a dimension, in order.
std::string domain_of(const fix_space& fixes, const std::string& name) {
    const std::size_t at = fixes.over().find(name);
    if (at == fixes.over().size()) {
        return "missing";
    }
    const parameter& p = fixes.over().parameters()[at];
    std::string text;
    for (double raw = p.low; raw <= p.high; ++raw) {
        text += (text.empty() ? "" : " ") + p.text(raw);
    }
    return text;
}

/// The default point with some values changed.
point moved(const fix_space& fixes, const std::vector<std::pair<std::string, std::string>>& to) {
    std::vector<double> raw = fixes.over().default_point()->raw();
    for (const auto& wanted : to) { // clang 14 captures no structured bindings
        const std::string& name = wanted.first;
        const std::string& text = wanted.second;
        const std::size_t at = fixes.over().find(name);
        REQUIRE_MESSAGE(at < fixes.over().size(), name);
        const parameter& p = fixes.over().parameters()[at];
        bool found = false;
        for (double value = p.low; value <= p.high; ++value) {
            if (p.text(value) == text) {
                raw[at] = value;
                found = true;
            }
        }
        REQUIRE_MESSAGE(found, name);
    }
    for (std::size_t i = 0; i < raw.size(); ++i) { // values for what exists only now
        raw[i] = std::isnan(raw[i]) ? fixes.over().parameters()[i].low : raw[i];
    }
    return fixes.over().make_point(raw);
}

} // namespace

TEST_CASE("fix_space: the default point is the faulty problem, with an empty patch") {
    for (const auto& [faulty, wanted] : samples()) {
        for (const space_name name : {space_name::mend, space_name::study}) {
            const fix_space fixes = make_fix_space(faulty, wanted, name);
            const point standard = *fixes.over().default_point();
            CHECK(fixes.over().contains(standard));
            CHECK(fixes.apply(standard) == faulty);
            CHECK(fixes.patch(standard).empty());
            CHECK(fixes.patch(standard).text.empty());
        }
    }
}

TEST_CASE("fix_space: every point is a problem that can be written, and its patch leads there") {
    for (const auto& [faulty, wanted] : samples()) {
        for (const space_name name : {space_name::mend, space_name::study}) {
            const fix_space fixes = make_fix_space(faulty, wanted, name);
            std::size_t unbuildable = 0;
            for (std::uint64_t k = 0; k < 60; ++k) {
                random_stream stream(1, k, purpose::search);
                const point at = fixes.over().sample(stream);
                const problem candidate = fixes.apply(at);
                REQUIRE(problem_from(document_of(candidate)) == candidate);
                REQUIRE(apply(faulty, fixes.patch(at)) == candidate);
                unbuildable += !infer_shapes(candidate.model).why.empty();
            }
            CHECK(unbuildable <= 3);
        }
    }
}

TEST_CASE("fix_space: a change of one value is a patch of one line") {
    const fix_space fixes = make_fix_space(cnn(), {10, 10});
    const point standard = *fixes.over().default_point();
    std::size_t tried = 0;
    for (std::size_t i = 0; i < fixes.over().size(); ++i) {
        const parameter& p = fixes.over().parameters()[i];
        if (std::isnan(standard.raw()[i]) || p.name == "optimizer") {
            continue;
        }
        for (const double value : {p.low, p.high}) {
            std::vector<double> raw = standard.raw();
            raw[i] = value;
            const point at = fixes.over().make_point(raw);
            if (at == standard || !fixes.over().contains(at)) {
                continue;
            }
            CAPTURE(p.name);
            CAPTURE(p.text(value));
            CHECK(fixes.patch(at).text.size() == 1);
            ++tried;
        }
    }
    CHECK(tried > 40);
}

TEST_CASE("fix_space: the faulty value is in every domain, whatever it is") {
    const fix_space fixes = make_fix_space(cnn(), {10, 10});
    CHECK(domain_of(fixes, "batch_size") == "16 32 64 128 256 500 512");
    CHECK(domain_of(fixes, "epochs") == "1 3 5 10 20");
    CHECK(domain_of(fixes, "SGD.momentum") == "0 0.5 0.73 0.9 0.99");
    CHECK(domain_of(fixes, "layers[6].rate") == "0.1 0.2 0.3 0.35 0.5");
    CHECK(domain_of(fixes, "layers[5].units") == "8 16 32");
    CHECK(domain_of(fixes, "layers[4].activation").ends_with("exponential"));
    CHECK(domain_of(fixes, "layers[3].kernel_initializer").ends_with("random_normal(stddev=1.5)"));
    CHECK(domain_of(fixes, "loss").ends_with("cosine_similarity"));
    const parameter& rate = fixes.over().parameters()[fixes.over().find("learning_rate")];
    CHECK(rate.low == 1e-6);
    CHECK(rate.high == 25);
    CHECK(rate.is_log());

    const fix_space odd = make_fix_space(odd_regression(), {0, 2});
    CHECK(domain_of(odd, "batch_size").starts_with("1 16"));
    CHECK(domain_of(odd, "epochs") == "1 2 4 8 16");
    CHECK(domain_of(odd, "Adam.beta_1").starts_with("0.123 "));
    CHECK(domain_of(odd, "loss.delta") == "1 7");
    CHECK(domain_of(odd, "shuffle") == "false true");
    CHECK(domain_of(odd, "layers[1].use_bias") == "false true");
    CHECK(domain_of(odd, "layers[1].trainable") == "false true");
    CHECK(domain_of(odd, "layers[1].bias_regularizer") == "none l1(0.1)");
    CHECK(domain_of(odd, "layers[1].units") == "1 2");
    CHECK(domain_of(odd, "layers[0].repeat") == "0 1");
    CHECK(domain_of(odd, "front") == "missing");
    CHECK(domain_of(fixes, "shuffle") == "missing");
    CHECK(domain_of(fixes, "layers[5].use_bias") == "missing");
}

TEST_CASE("fix_space: layers that only regularise may go, whatever their kind, others stay") {
    const fix_space fixes = make_fix_space(modern(), {5, 5});
    for (const char* optional : {"layers[2]", "layers[4]", "layers[8]"}) {
        CHECK(domain_of(fixes, std::string(optional) + ".repeat") == "0 1");
    }
    CHECK(domain_of(fixes, "layers[0].repeat") == "missing");
    CHECK(domain_of(fixes, "layers[1].repeat") == "0 1 2");
    CHECK(domain_of(fixes, "layers[1].filters") == "3 6 12");
    CHECK(domain_of(fixes, "layers[1].depthwise_regularizer").ends_with("l2(0.5)"));
    CHECK(domain_of(fixes, "layers[1].pointwise_initializer").starts_with("glorot_uniform "));
    CHECK(domain_of(fixes, "layers[2].momentum") == "0.5 0.9 0.99");
    CHECK(domain_of(fixes, "layers[4].rate") == "0.1 0.2 0.3 0.5");
    CHECK(domain_of(fixes, "layers[8].stddev") == "0.01 0.1 0.3 2");
    CHECK(domain_of(fixes, "layers[6].activation") == "missing"); // PReLU is its activation
    CHECK(domain_of(fixes, "layers[10].units") == "missing");
    CHECK(domain_of(fixes, "layers[10].activation") == "missing"); // Softmax is its activation
}

TEST_CASE("fix_space: losses and output activations are those that fit the data") {
    const fix_space many = make_fix_space(cnn(), {10, 10});
    CHECK(domain_of(many, "loss").starts_with("categorical_crossentropy "));
    CHECK(domain_of(many, "loss").find("sparse") == std::string::npos);
    CHECK(domain_of(many, "layers[8].activation") == "softmax sigmoid linear");
    CHECK(domain_of(many, "layers[7].activation") == "missing"); // the next layer is its activation
    CHECK(domain_of(many, "layers[7].units") == "missing");
    CHECK(domain_of(many, "layers[7].repeat") == "missing");
    const fix_space two = make_fix_space(binary(), {2, 1});
    CHECK(domain_of(two, "loss").starts_with("binary_crossentropy hinge "));
    CHECK(domain_of(two, "loss").find("categorical") == std::string::npos);
    CHECK(domain_of(two, "layers[2].activation") == "sigmoid linear softmax");
    const fix_space numbers = make_fix_space(odd_regression(), {0, 2});
    CHECK(domain_of(numbers, "loss").find("entropy") == std::string::npos);
    CHECK(domain_of(numbers, "loss.from_logits") == "missing");

    problem sparse = cnn();
    sparse.compile.loss.name = "sparse_categorical_crossentropy";
    const fix_space kept = make_fix_space(sparse, {10, 10});
    CHECK(domain_of(kept, "loss").starts_with("sparse_categorical_crossentropy "));
    CHECK(domain_of(kept, "loss").find(" categorical_crossentropy") == std::string::npos);
}

TEST_CASE("fix_space: what belongs to something exists only with it") {
    const fix_space fixes = make_fix_space(cnn(), {10, 10});
    const point standard = *fixes.over().default_point();
    CHECK(standard["SGD.momentum"].exists());
    CHECK_FALSE(standard["Adam.beta_1"].exists());
    CHECK_FALSE(standard["loss.from_logits"].exists());
    const point other = moved(
        fixes,
        {{"optimizer", "Adam"},
         {"loss", "categorical_crossentropy"},
         {"layers[5].repeat", "0"},
         {"layers[6].repeat", "0"}}
    );
    CHECK_FALSE(other["SGD.momentum"].exists());
    CHECK(other["Adam.beta_1"].exists());
    CHECK(other["loss.from_logits"].exists());
    CHECK_FALSE(other["layers[5].units"].exists());
    CHECK_FALSE(other["layers[6].rate"].exists());
    CHECK(fixes.apply(other).model.layers.size() == cnn().model.layers.size() - 2);
}

TEST_CASE("fix_space: another optimizer keeps the faulty learning rate until that changes, too") {
    const fix_space fixes = make_fix_space(cnn(), {10, 10});
    point at = moved(fixes, {{"optimizer", "Adam"}});
    CHECK(fixes.apply(at).compile.optimizer.learning_rate() == 25);
    std::vector<double> raw = at.raw();
    raw[fixes.over().find("learning_rate")] = 0.004;
    const auto changed = fixes.apply(fixes.over().make_point(raw)).compile.optimizer;
    CHECK(changed.class_name() == "Adam");
    CHECK(changed.learning_rate() == 0.004);
}

TEST_CASE("fix_space: layers are repeated, left out, added where they belong") {
    const fix_space fixes = make_fix_space(cnn(), {10, 10});
    const problem p = fixes.apply(moved(
        fixes,
        {{"front", "Normalization"},
         {"layers[0].repeat", "2"},
         {"layers[3].add_dropout", "0.2"},
         {"layers[5].repeat", "0"}}
    ));
    std::string order;
    for (const layer_spec& layer : p.model.layers) {
        order += std::string(layer.class_name()) + " ";
    }
    CHECK(
        order == "Normalization Conv2D Conv2D MaxPooling2D Flatten Dense Activation Dropout "
                 "Dropout Dense Activation "
    );
    CHECK(domain_of(fixes, "layers[5].add_dropout") == "missing"); // it has one already
}

TEST_CASE("fix_space: gradients may be clipped, whatever the optimizer") {
    const fix_space fixes = make_fix_space(cnn(), {10, 10});
    const point at = moved(fixes, {{"clipnorm", "1"}, {"optimizer", "Nadam"}});
    CHECK(fixes.apply(at).compile.optimizer.update.clipnorm == 1.0);
    CHECK(fixes.apply(at).compile.optimizer.class_name() == "Nadam");

    problem otherwise = cnn();
    otherwise.compile.optimizer.update.clipvalue = 0.5;
    otherwise.compile.optimizer.update.decay = 0.1;
    const fix_space others = make_fix_space(otherwise, {10, 10});
    CHECK(domain_of(others, "clipnorm") == "missing"); // the two do not go together
    const problem without = others.apply(moved(others, {{"clipvalue", "none"}, {"decay", "0"}}));
    CHECK(without.compile.optimizer.update == update_spec{});
}

TEST_CASE("fix_space: the study's space is as published") {
    const fix_space fixes = make_fix_space(cnn(), {10, 10}, space_name::study);
    const parameter& rate = fixes.over().parameters()[fixes.over().find("learning_rate")];
    CHECK_FALSE(rate.is_log());
    std::set<std::string> kinds;
    for (const parameter& p : fixes.over().parameters()) {
        kinds.insert(p.name.substr(p.name.find('.') == std::string::npos ? 0 : p.name.find('.')));
    }
    CHECK(
        kinds ==
        std::set<std::string>{
            "optimizer",
            "learning_rate",
            "loss",
            "batch_size",
            "epochs",
            ".activation",
            ".kernel_initializer",
            ".bias_initializer",
            ".units",
            ".filters",
            ".repeat"}
    );
    CHECK(domain_of(fixes, "layers[6].repeat") == "missing"); // dropout is frozen
}

} // namespace space_fix_space_tests
