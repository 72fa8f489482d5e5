// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/fault/profile.hpp>
#include <mend/io/json_text.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/difference.hpp>

namespace fault_profile_tests {

namespace {

mend::fault sample() {
    return mend::fault_from(mend::parse_json(R"({
 "id": "f", "about": "why", "data": "blobs", "note": "kept",
 "problem": {
  "model": {"class_name": "Sequential", "config": {"layers": [
    {"class_name": "Dense", "config": {"units": 3, "activation": "linear", "batch_input_shape": [null, 2]}}]}},
  "compile": {"optimizer": {"class_name": "SGD", "config": {"learning_rate": 5.0}}, "loss": "mse"},
  "fit": {"epochs": 5, "batch_size": 1000}},
 "fix": [{"op": "replace", "path": "/compile/optimizer/config/learning_rate", "value": 0.1},
         {"op": "replace", "path": "/fit/epochs", "value": 15},
         {"op": "replace", "path": "/fit/batch_size", "value": 500}],
 "profiles": {"small": {"data": "blobs?limit=100", "fit": {"epochs": 2, "batch_size": 50}},
              "tiny": {"fit": {"epochs": 1}}}})"));
}

} // namespace

TEST_CASE("profile: rows, epochs and batches change, their ratio to the fix's stays") {
    const mend::fault f = sample();
    const mend::fault small = mend::fault_in_profile(f, "small");
    CHECK(small.profile == "small");
    CHECK(small.data == "blobs?limit=100");
    CHECK(small.problem.fit.epochs == 2);
    CHECK(small.problem.fit.batch_size == 50);
    const mend::problem fixed = mend::apply(small.problem, small.fix);
    CHECK(fixed.fit.epochs == 6);
    CHECK(fixed.fit.batch_size == 25);
    CHECK(fixed.compile.optimizer.learning_rate() == 0.1);
    CHECK(fixed.model == f.problem.model);

    const mend::fault tiny = mend::fault_in_profile(f, "tiny");
    CHECK(tiny.data == "blobs");
    CHECK(tiny.problem.fit.batch_size == 1000);
    CHECK(mend::apply(tiny.problem, tiny.fix).fit.epochs == 3);
}

TEST_CASE("profile: what is not changed by the fix stays the same on both sides") {
    mend::fault f = sample();
    f.fix.edits.resize(1);
    const mend::fault small = mend::fault_in_profile(f, "small");
    CHECK(mend::apply(small.problem, small.fix).fit == small.problem.fit);
    CHECK(mend::complexity(small.problem, mend::apply(small.problem, small.fix)) == 1);
}

TEST_CASE("profile: full is the fault itself, and so is what has no smaller size") {
    mend::fault f = sample();
    CHECK(mend::fault_in_profile(f, "full") == f);
    f.profiles.clear();
    CHECK(mend::fault_in_profile(f, "small") == f);
    CHECK_THROWS_AS(static_cast<void>(mend::fault_in_profile(f, "medium")), mend::usage_error);
}

TEST_CASE("profile: a sized fault is written as one that reads") {
    const mend::fault small = mend::fault_in_profile(sample(), "small");
    const mend::document written = mend::document_of(small);
    const mend::fault read = mend::fault_from(written);
    CHECK(read.problem == small.problem);
    CHECK(read.fix == small.fix);
    CHECK(read.data == small.data);
    CHECK(read.profiles.empty());
    CHECK(written.find("note")->as_string() == "kept");
    CHECK(written.find("profile")->as_string() == "small");
    CHECK(mend::document_of(sample()) == sample().source);
}

} // namespace fault_profile_tests
