// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/diff.hpp>

#include "random_problem.hpp"

namespace spec_diff_tests {

using namespace mend;

TEST_CASE("diff: applying the diff of random problems in random spellings yields the target") {
    test::problem_maker maker(1);
    for (int round = 0; round < 1500; ++round) {
        CAPTURE(round);
        const problem meant = maker.make();
        const document spelled = maker.spell(meant);
        CAPTURE(to_json(spelled));
        const problem a = problem_from(spelled);
        REQUIRE(a == meant);
        const problem b = round % 4 == 0 ? maker.make() : maker.mutate(meant);
        const patch p = diff(a, b);
        CAPTURE(to_json(document_from(p)));
        CAPTURE(to_json(document_from(b)));
        const problem patched = apply(a, p);
        REQUIRE(patched == b);
        REQUIRE(p.empty() == (a == b));
        REQUIRE(complexity(a, b) == lines(p).size());
        REQUIRE((complexity(a, b) == 0) == (a == b));
        REQUIRE(complexity(b, a) >= 1 - (a == b ? 1U : 0U));
        const patch back = invert(p);
        const problem again = apply(patched, back);
        REQUIRE(again == a);
        REQUIRE(again.source.is_object());
        REQUIRE(diff(a, a).empty());
    }
}

namespace {

/// The edits between a text and what a change makes of it, as "op path value" lines.
template <class Change>
std::vector<std::string> edits(const std::string& text, const Change& change) {
    const problem a = problem_from(parse_json(text));
    problem b = a;
    change(b);
    const patch p = diff(a, b);
    REQUIRE(apply(a, p) == b);
    std::vector<std::string> found;
    for (const edit& e : p.edits) {
        std::string line(to_text(e.operation));
        line += " " + e.path;
        found.push_back(
            e.operation == edit_operation::remove ? line : line + " " + to_json(e.value)
        );
    }
    return found;
}

using list = std::vector<std::string>;

const std::string small = R"({
"model": {"class_name": "Sequential", "config": {"layers": [
  {"class_name": "Dense", "config": {"name": "a", "units": 4, "input_shape": [2],
     "kernel_initializer": {"class_name": "RandomNormal", "config": {"stddev": 0.1}},
     "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.1}}}},
  {"class_name": "Dense", "config": {"name": "b", "units": 3}}]}},
"compile": {"optimizer": {"class_name": "Adam", "config": {"lr": 1}}, "loss": "mse"}})";

const std::string plain = R"({
"model": {"class_name": "Sequential", "config": {"layers": [
  {"class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 1]}},
  {"class_name": "MaxPooling2D", "config": {"strides": [2, 2]}},
  {"class_name": "Dense", "config": {"units": 3}}]}},
"compile": {"optimizer": "adam", "loss": {"class_name": "Huber", "config": {}}}, "fit": {}})";

dense_spec& dense(problem& p, std::size_t position) {
    return mend::get<dense_spec>(p.model.layers[position].kind);
}

} // namespace

TEST_CASE("diff: leaves are edited under the keys that the file uses, what it leaves out is added"
) {
    const std::string layers = "/model/config/layers";
    CHECK(edits(small, [](problem& p) {
              p.compile.optimizer.learning_rate(0.001);
          }) == list{"replace /compile/optimizer/config/lr 0.001"});
    CHECK(edits(small, [](problem& p) {
              dense(p, 1).activation = "softmax";
          }) == list{"add " + layers + "/1/config/activation \"softmax\""});
    CHECK(edits(small, [](problem& p) {
              dense(p, 0).units = 9;
          }) == list{"replace " + layers + "/0/config/units 9"});
    CHECK(edits(small, [](problem& p) {
              dense(p, 0).kernel_initializer.stddev = 0.5;
          }) == list{"replace " + layers + "/0/config/kernel_initializer/config/stddev 0.5"});
    CHECK(edits(small, [](problem& p) {
              dense(p, 0).kernel_initializer.mean = 0.5;
          }) == list{"add " + layers + "/0/config/kernel_initializer/config/mean 0.5"});
    CHECK(edits(small, [](problem& p) {
              dense(p, 1).kernel_initializer.name = "he_normal";
          }) == list{"add " + layers + "/1/config/kernel_initializer \"he_normal\""});
    CHECK(edits(small, [](problem& p) {
              dense(p, 0).kernel_regularizer.l2 = 0.2;
          }) == list{"replace " + layers + "/0/config/kernel_regularizer/config/l2 0.2"});
    CHECK(edits(small, [](problem& p) {
              dense(p, 0).kernel_regularizer = {};
          }) == list{"replace " + layers + "/0/config/kernel_regularizer null"});
    CHECK(edits(small, [](problem& p) {
              p.compile.loss.name = "huber";
          }) == list{"replace /compile/loss \"huber\""});
    CHECK(edits(small, [](problem& p) { p.fit.epochs = 3; }) == list{"add /fit {\"epochs\": 3}"});
    CHECK(edits(small, [](problem& p) {
              p.compile.metrics = {"accuracy"};
          }) == list{"add /compile/metrics [\"accuracy\"]"});
    CHECK(edits(plain, [](problem& p) { p.fit.batch_size = 8; }) == list{"add /fit/batch_size 8"});
    CHECK(edits(plain, [](problem& p) {
              p.compile.loss.delta = 2;
          }) == list{"add /compile/loss/config/delta 2.0"});
}

TEST_CASE("diff: an optimizer that is a plain name becomes an object only where it has to") {
    CHECK(edits(plain, [](problem& p) {
              p.compile.optimizer = {sgd_spec{}};
          }) == list{"replace /compile/optimizer \"sgd\""});
    CHECK(
        edits(plain, [](problem& p) { p.compile.optimizer.learning_rate(0.1); }) ==
        list{
            R"(replace /compile/optimizer {"class_name": "Adam", "config": {"learning_rate": 0.1}})"}
    );
    CHECK(edits(small, [](problem& p) {
              p.compile.optimizer = {sgd_spec{}};
          }) == list{R"(replace /compile/optimizer {"class_name": "SGD", "config": {}})"});
}

TEST_CASE("diff: whoever becomes the first layer carries the input shape") {
    const std::string layers = "/model/config/layers";
    const layer_spec rescaling{rescaling_spec{.scale = 0.5}};
    CHECK(
        edits(
            small, [&](problem& p) { p.model.layers.insert(p.model.layers.begin(), rescaling); }
        ) ==
        list{
            "add " + layers +
                R"(/0 {"class_name": "Rescaling", "config": {"scale": 0.5, "batch_input_shape": [null, 2]}})",
            "remove " + layers + "/1/config/input_shape"}
    );
    CHECK(
        edits(small, [&](problem& p) { p.model.layers.erase(p.model.layers.begin()); }) ==
        list{"remove " + layers + "/0", "add " + layers + "/0/config/batch_input_shape [null, 2]"}
    );
    CHECK(edits(small, [&](problem& p) {
              p.model.input_shape = {7};
          }) == list{"replace " + layers + "/0/config/input_shape [7]"});
    CHECK(edits(small, [&](problem& p) {
              p.model.input_shape = {7, 2};
          }) == list{"replace " + layers + "/0/config/input_shape [7, 2]"});
    // An InputLayer keeps it, and shifts the positions.
    CHECK(
        edits(
            plain, [&](problem& p) { p.model.layers.insert(p.model.layers.begin(), rescaling); }
        ) == list{"add " + layers + R"(/1 {"class_name": "Rescaling", "config": {"scale": 0.5}})"}
    );
    CHECK(edits(plain, [&](problem& p) {
              p.model.layers.erase(p.model.layers.begin());
          }) == list{"remove " + layers + "/1"});
    CHECK(
        edits(plain, [&](problem& p) { p.model.layers[0] = rescaling; }) ==
        list{"replace " + layers + R"(/1 {"class_name": "Rescaling", "config": {"scale": 0.5}})"}
    );
}

TEST_CASE("diff: strides that the file states do not follow the pool size unasked") {
    CHECK(
        edits(
            plain,
            [](problem& p) {
                p.model.layers[0] = {max_pooling2d_spec{{.pool_size = {3, 3}}}};
            }
        ) ==
        list{
            "add /model/config/layers/1/config/pool_size [3, 3]",
            "replace /model/config/layers/1/config/strides [3, 3]"}
    );
}

TEST_CASE("diff: a layer gets its name only where no other has it") {
    const auto added = [](const std::string& name) {
        return edits(small, [&](problem& p) {
            p.model.layers.push_back({.kind = flatten_spec{}, .name = name});
        });
    };
    CHECK(
        added("c") ==
        list{R"(add /model/config/layers/2 {"class_name": "Flatten", "config": {"name": "c"}})"}
    );
    CHECK(
        added("b") == list{R"(add /model/config/layers/2 {"class_name": "Flatten", "config": {}})"}
    );
}

TEST_CASE("diff: from a problem that mend does not support is an error") {
    problem bad = problem_from(parse_json(small));
    const problem good = bad;
    dense(bad, 0).units = 0;
    CHECK_THROWS_AS(static_cast<void>(diff(bad, good)), spec_error);
}

} // namespace spec_diff_tests
