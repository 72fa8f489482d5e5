// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/fault/operators.hpp>
#include <mend/io/problem_json.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/difference.hpp>

namespace fault_operators_tests {

namespace {

// A convolutional network with one of everything that operators look at.
constexpr const char* text = R"({
 "model": {"class_name": "Sequential", "config": {"layers": [
  {"class_name": "Conv2D", "config": {"filters": 4, "kernel_size": [3, 3], "activation": "relu",
    "use_bias": false, "batch_input_shape": [null, 8, 8, 1]}},
  {"class_name": "MaxPooling2D", "config": {}},
  {"class_name": "Dropout", "config": {"rate": 0.25}},
  {"class_name": "Flatten", "config": {}},
  {"class_name": "Dense", "config": {"units": 16, "activation": "linear",
    "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.001}}}},
  {"class_name": "Dense", "config": {"units": 10, "activation": "softmax",
    "kernel_initializer": "he_normal"}}]}},
 "compile": {"optimizer": {"class_name": "Adadelta", "config": {"learning_rate": 1.0}},
             "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
 "fit": {"batch_size": 128, "epochs": 12, "validation_split": 0.1}})";

const mend::problem& original() {
    static const mend::problem read = mend::parse_problem(text);
    return read;
}

constexpr mend::mutation_facts facts{.train_rows = 60000};

using sites = std::vector<mend::mutation_site>;

std::vector<std::string>
values(const char* code, mend::mutation_site site = {}, const mend::problem& p = original()) {
    std::vector<std::string> all;
    for (const auto& value :
         mend::mutant_settings(mend::find_operator(code), p, site, facts).values) {
        all.push_back(mend::to_text(value));
    }
    return all;
}

sites sites_of(const char* code, const mend::problem& p = original()) {
    return mend::mutant_sites(mend::find_operator(code), p, facts);
}

mend::problem with(const mend::mutation& m) {
    return mend::inject(original(), mend::complete_mutation(m, original(), facts));
}

// Every mutant of the problem: of an interval both ends' neighbours stand for all.
std::vector<mend::mutation> all_mutants() {
    std::vector<mend::mutation> all;
    for (const mend::any_operator& how : mend::fault_operators()) {
        if (how.changes_data()) {
            continue;
        }
        for (const auto site : mend::mutant_sites(how, original(), facts)) {
            mend::setting_range range = mend::mutant_settings(how, original(), site, facts);
            if (range.interval) {
                range.values = {
                    range.interval->strong, (range.interval->mild + range.interval->strong) / 2};
            }
            for (const auto& value : range.values) {
                all.push_back({.code = std::string(how.about.code), .layer = site, .value = value});
            }
        }
    }
    return all;
}

} // namespace

TEST_CASE("operators: there are DeepCrime's 24, each with its own code and name") {
    std::set<std::string_view> codes;
    std::set<std::string_view> names;
    for (const mend::any_operator& how : mend::fault_operators()) {
        codes.insert(how.about.code);
        names.insert(how.about.name);
        CHECK(&mend::find_operator(how.about.code) == &how);
    }
    CHECK(codes.size() == 24);
    CHECK(names.size() == 24);
    CHECK(mend::find_operator("tcl").about.name == "change_label");
    CHECK_THROWS_AS(static_cast<void>(mend::find_operator("XYZ")), mend::usage_error);
}

TEST_CASE("operators: each mutant differs from the original in exactly one thing") {
    const std::vector<mend::mutation> all = all_mutants();
    CHECK(all.size() > 70);
    std::set<std::string> operators;
    for (const mend::mutation& m : all) {
        CAPTURE(mend::to_text(m));
        const mend::problem mutant = mend::inject(original(), m);
        CHECK(mend::complexity(original(), mutant) == 1);
        CHECK_FALSE(mutant == original());
        // It reads back from its own file, and the way back is a patch.
        CHECK(mend::parse_problem(mend::to_json(mutant)) == mutant);
        CHECK(mend::apply(mutant, mend::diff(mutant, original())) == original());
        operators.insert(m.code);
    }
    // Of the 19 operators on problems, the two whose settings the problem lacks have no mutant.
    CHECK(operators.size() == 17);
    CHECK(operators.count("RCP") == 0);
    CHECK(operators.count("OCG") == 0);
}

TEST_CASE("operators: two mutants are never the same problem by one operator") {
    std::map<std::string, std::vector<mend::problem>> seen;
    for (const mend::mutation& m : all_mutants()) {
        CAPTURE(mend::to_text(m));
        auto& before = seen[m.code];
        const mend::problem mutant = mend::inject(original(), m);
        CHECK(std::find(before.begin(), before.end(), mutant) == before.end());
        before.push_back(mutant);
    }
}

TEST_CASE("operators: layers are sites where the operator applies, and there alone") {
    CHECK(sites_of("ACH") == sites{0, 5});
    CHECK(sites_of("ARM") == sites{0, 5});
    CHECK(sites_of("AAL") == sites{4});
    CHECK(sites_of("RAW") == sites{0, 5});
    CHECK(sites_of("RCW") == sites{4});
    CHECK(sites_of("RRW") == sites{4});
    CHECK(sites_of("RCD") == sites{2});
    CHECK(sites_of("WCI") == sites{0, 4, 5});
    CHECK(sites_of("WAB") == sites{0});
    CHECK(sites_of("WRB") == sites{4, 5});
    for (const char* whole : {"HBS", "HLR", "HNE", "HDB", "LCH", "OCH", "VRM", "TCL", "TRD"}) {
        CHECK(sites_of(whole) == sites{{}});
    }
    CHECK(sites_of("RCP").empty());
    CHECK(sites_of("OCG").empty());
}

TEST_CASE("operators: what does not apply is refused") {
    const auto refused = [](const mend::mutation& m, const char* where) {
        CAPTURE(mend::to_text(m));
        try {
            static_cast<void>(mend::complete_mutation(m, original(), facts));
            CHECK(false);
        } catch (const mend::usage_error& mistake) {
            CHECK(mistake.where() == where);
        }
    };
    refused({.code = "ARM", .layer = 4}, "--layer");                               // linear
    refused({.code = "AAL", .layer = 0, .value = std::string("tanh")}, "--layer"); // relu
    refused({.code = "WRB", .layer = 0}, "--layer");                               // no bias
    refused({.code = "RCD", .layer = 4, .value = 0.75}, "--layer");                // dense
    refused({.code = "ACH", .layer = 17}, "--layer");
    refused({.code = "HNE", .layer = 0, .value = 3.0}, "--layer");
    refused({.code = "RCP", .value = 3.0}, "--operator");
    refused({.code = "HNE"}, "--value");
    refused({.code = "HNE", .value = 13.0}, "--value");
    refused({.code = "HNE", .value = std::string("few")}, "--value");
    refused({.code = "TCL", .value = 101.0}, "--value");
    refused({.code = "TRD", .value = 100.0}, "--value");
    refused({.code = "VRM", .value = 1.0}, "--value");
    refused({.code = "HNE", .value = 3.0, .label = 1}, "--label");
    CHECK_THROWS_AS(static_cast<void>(with({.code = "HNE", .value = 12.0})), mend::usage_error);
    CHECK_THROWS_AS(
        static_cast<void>(with({.code = "ACH", .layer = 0, .value = std::string("magic")})),
        mend::error
    );
    CHECK_THROWS_AS(
        static_cast<void>(with({.code = "RAW", .layer = 0, .value = std::string("l3")})),
        mend::error
    );
}

TEST_CASE("operators: layer 0 is a layer") {
    const mend::problem mutant = with({.code = "ARM", .layer = 0});
    CHECK(mend::get<mend::conv2d_spec>(mutant.model.layers[0].kind).activation == "linear");
    CHECK(mend::get<mend::dense_spec>(mutant.model.layers[5].kind).activation == "softmax");
}

TEST_CASE("operators: lists are DeepCrime's without the original") {
    using list = std::vector<std::string>;
    const list activations{
        "elu",
        "softmax",
        "selu",
        "softplus",
        "softsign",
        "tanh",
        "sigmoid",
        "hard_sigmoid",
        "exponential",
        "linear"};
    CHECK(values("ACH", 0) == activations);
    CHECK(values("AAL", 4).size() == 10);
    const list linear = values("AAL", 4);
    CHECK(std::find(linear.begin(), linear.end(), "linear") == linear.end());
    CHECK(values("HBS") == list{"32", "64", "256", "512"});
    CHECK(values("RAW", 0) == list{"l1", "l2", "l1_l2"});
    CHECK(values("RCW", 4) == list{"l1", "l1_l2"});
    const list rates = values("RCD", 2);
    REQUIRE(rates.size() >= 2);
    CHECK(rates[0] == "0.125");
    CHECK(rates[1] == "0.75");
    CHECK(values("WCI", 0).size() == 12);
    CHECK(values("WCI", 5).size() == 12);
    const list losses = values("LCH");
    CHECK(losses.size() == 12);
    CHECK(std::find(losses.begin(), losses.end(), "categorical_crossentropy") == losses.end());
    const list optimizers = values("OCH");
    CHECK(optimizers.size() >= 3);
    CHECK(std::find(optimizers.begin(), optimizers.end(), "adadelta") == optimizers.end());
    CHECK(values("HDB") == list{"60000"});
}

TEST_CASE("operators: batch sizes and ranges follow the original as in DeepCrime's subjects") {
    mend::problem p = original();
    p.fit.batch_size = 64;
    p.fit.epochs = 50;
    CHECK(values("HBS", {}, p) == std::vector<std::string>{"16", "32", "128", "256"});
    const auto interval = [](const char* code, const mend::problem& of) {
        return *mend::mutant_settings(mend::find_operator(code), of, {}, facts).interval;
    };
    CHECK(interval("HNE", p) == mend::setting_interval{50, 1, 5, 0});
    CHECK(interval("HNE", original()) == mend::setting_interval{12, 1, 1, 0});
    CHECK(interval("HLR", original()) == mend::setting_interval{1, 0.1, 0.01, 3});
    CHECK(interval("TRD", original()) == mend::setting_interval{0, 99, 5, 2});
    for (const char* code : {"TCL", "TUD", "TAN", "TCO"}) {
        CHECK(interval(code, original()) == mend::setting_interval{0, 100, 5, 2});
    }
}

TEST_CASE("operators: without a value one is drawn from the list, the same for the same seed") {
    std::set<std::string> drawn;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const mend::mutation open{.code = "ACH", .layer = 0, .seed = seed};
        const auto m = mend::complete_mutation(open, original());
        CHECK(m == mend::complete_mutation(open, original()));
        drawn.insert(mend::to_text(m.value));
    }
    CHECK(drawn.size() == 10);
    CHECK(drawn.count("relu") == 0);
    std::set<std::size_t> layers;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        layers.insert(*mend::complete_mutation({.code = "WCI", .seed = seed}, original()).layer);
    }
    CHECK(layers == std::set<std::size_t>{0, 4, 5});
}

TEST_CASE("operators: what is edited is what the operator says") {
    CHECK(with({.code = "HDB"}).fit.batch_size == 60000);
    CHECK(with({.code = "HNE", .value = 4.0}).fit.epochs == 4);
    CHECK(with({.code = "HLR", .value = 0.25}).compile.optimizer.learning_rate() == 0.25);
    CHECK(with({.code = "VRM"}).fit.validation_split == 0);
    CHECK(with({.code = "LCH", .value = std::string("huber_loss")}).compile.loss.name == "huber");
    const mend::problem sgd = with({.code = "OCH", .value = std::string("sgd")});
    CHECK(sgd.compile.optimizer.class_name() == "SGD");
    CHECK(sgd.compile.optimizer.learning_rate() == 0.01); // not the original's
    const auto dense = [](const mend::problem& p, std::size_t layer) -> const mend::dense_spec& {
        return mend::get<mend::dense_spec>(p.model.layers[layer].kind);
    };
    CHECK(
        dense(with({.code = "RAW", .layer = 5, .value = std::string("l1_l2")}), 5)
            .kernel_regularizer == mend::regularizer_spec{0.01, 0.01}
    );
    CHECK_FALSE(dense(with({.code = "RRW"}), 4).kernel_regularizer.exists());
    CHECK_FALSE(dense(with({.code = "WRB", .layer = 4}), 4).use_bias);
}

TEST_CASE("operators: OCG unsets a limit by norm and halves one by value, where there is one") {
    using list = std::vector<std::string>;
    const auto clipped = [](const std::string& key) {
        mend::problem p = original();
        mend::document root = mend::document_from(p);
        static_cast<void>(mend::apply_to(
            root,
            {.edits =
                 {{.operation = mend::edit_operation::add,
                   .path = "/compile/optimizer/config/" + key,
                   .value = 2.0}},
             .text = {}}
        ));
        return mend::problem_from(root);
    };
    const mend::problem by_norm = clipped("clipnorm");
    const mend::problem by_value = clipped("clipvalue");
    CHECK(sites_of("OCG", by_norm) == sites{{}});
    CHECK(values("OCG", {}, by_norm) == list{"none"});
    CHECK(values("OCG", {}, by_value) == list{"0.5"});
    const auto mutant = [](const mend::problem& p, mend::mutation_value value) {
        return mend::inject(
            p, mend::complete_mutation({.code = "OCG", .value = std::move(value)}, p)
        );
    };
    CHECK(mutant(by_norm, {}) == original());
    CHECK(mend::complexity(by_value, mutant(by_value, {})) == 1);
    CHECK(mend::complexity(by_norm, mutant(by_norm, 0.25)) == 1);
}

TEST_CASE("operators: RCP lowers the patience of an early stopping, no other") {
    const auto callback = [](const char* name, int patience) {
        mend::document config = mend::document::object();
        config.set("patience", patience);
        mend::document made = mend::document::object();
        made.set("class_name", name);
        made.set("config", std::move(config));
        return made;
    };
    mend::document problem = mend::document_from(original());
    mend::document callbacks = mend::document::array();
    callbacks.push_back(callback("ReduceLROnPlateau", 4));
    problem.find("fit")->set("callbacks", callbacks);
    const mend::change_patience rcp;
    CHECK(rcp.sites(problem).empty());
    callbacks.push_back(callback("EarlyStopping", 10));
    problem.find("fit")->set("callbacks", callbacks);
    CHECK(rcp.sites(problem) == sites{{}});
    CHECK(*rcp.settings(problem, {}, facts).interval == mend::setting_interval{10, 1, 1, 0});
    const auto [path, value] = rcp.edit(problem, {}, 3.0);
    CHECK(path == "/fit/callbacks/1/config/patience");
    CHECK(value == mend::document(3));
}

} // namespace fault_operators_tests
