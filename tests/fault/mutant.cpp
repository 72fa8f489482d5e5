// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/fault/mutant.hpp>
#include <mend/io/fault_json.hpp>
#include <mend/io/problem_json.hpp>
#include <mend/spec/apply.hpp>

namespace fault_mutant_tests {

namespace {

constexpr const char* text = R"({
 "model": {"class_name": "Sequential", "config": {"layers": [
  {"class_name": "Dense", "config": {"units": 3, "activation": "softmax", "batch_input_shape": [null, 2]}}]}},
 "compile": {"optimizer": "adam", "loss": "categorical_crossentropy"},
 "fit": {"epochs": 4}})";

} // namespace

TEST_CASE("mutant: an edited problem is a fault whose fix gives the original back") {
    const mend::problem original = mend::parse_problem(text);
    const mend::fault f = mend::mutant_fault("m", original, "blobs", {.code = "HNE", .value = 1.0});
    CHECK(f.problem.fit.epochs == 1);
    CHECK(mend::apply(f.problem, f.fix) == original);
    CHECK_FALSE(f.mutation.has_value());
    CHECK(mend::parse_fault(mend::to_json(f.source)) == f);
}

TEST_CASE("mutant: changed data are a member of the fault") {
    const mend::problem original = mend::parse_problem(text);
    const mend::mutation m{.code = "TCL", .value = 40.0, .seed = 5};
    const mend::fault f = mend::mutant_fault("m", original, "blobs", m);
    CHECK(f.problem == original);
    CHECK(f.fix.empty());
    CHECK(f.mutation == m);
    CHECK(mend::parse_fault(mend::to_json(f.source)) == f);
}

} // namespace fault_mutant_tests
