// SPDX-License-Identifier: MIT
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/patch.hpp>

namespace spec_patch_tests {

using namespace mend;

namespace {

problem small() {
    return problem_from(parse_json(R"({
"model": {"class_name": "Sequential", "config": [
  {"class_name": "Dense", "config": {"units": 4, "batch_input_shape": [null, 2]}}]},
"compile": {"optimizer": "sgd", "loss": "mse"}, "fit": {"epochs": 2}})"));
}

} // namespace

TEST_CASE("patch: edits apply in order to the document as it was given") {
    const patch p{
        {{edit_operation::add, "/fit/batch_size", 64},
         {edit_operation::replace, "/model/config/0/config/units", 5},
         {edit_operation::add,
          "/model/config/1",
          parse_json(R"({"class_name": "Dropout", "config": {"rate": 0.5}})")}}};
    const problem patched = apply(small(), p);
    CHECK(patched.fit.batch_size == 64);
    CHECK(patched.model.layers.size() == 2);
    CHECK(mend::get<dense_spec>(patched.model.layers[0].kind).units == 5);
    CHECK(find_at(patched.source, "/fit/batch_size")->as_integer() == 64);
    CHECK(small().fit.batch_size == 32);
}

TEST_CASE("patch: the inverse takes a problem back") {
    const patch p{
        {{edit_operation::add, "/fit/batch_size", 64},
         {edit_operation::add, "/fit/epochs", 7}, // overwrites
         {edit_operation::remove, "/fit/epochs"},
         {edit_operation::replace, "/compile/optimizer", "adam"}}};
    const problem a = small();
    const patch full = with_old_values(a, p);
    CHECK(full == p);
    const problem back = apply(apply(a, full), invert(full));
    CHECK(back == a);
    CHECK(apply(back, invert(invert(full))) == apply(a, full));
    CHECK_THROWS_AS(static_cast<void>(invert(p)), contract_violation);
    CHECK_THROWS_AS(
        static_cast<void>(invert(patch{{{edit_operation::add, "/x/-", 1}}})), contract_violation
    );
}

TEST_CASE("patch: a path that is not there and a result that is no problem are errors") {
    const auto apply_one = [](edit e) { static_cast<void>(apply(small(), patch{{std::move(e)}})); };
    CHECK_THROWS_WITH_AS(
        apply_one({edit_operation::replace, "/fit/batch_size", 64}),
        "/fit/batch_size: there is nothing to replace",
        spec_error
    );
    CHECK_THROWS_WITH_AS(
        apply_one({edit_operation::replace, "/fit/epochs", 0}),
        "/fit/epochs: must be positive, not 0",
        spec_error
    );
    CHECK_THROWS_AS(apply_one({edit_operation::remove, "/model/config/0"}), spec_error);
}

TEST_CASE("patch: a patch from a file prints one line per edit, with old values where known") {
    const patch p{
        {{edit_operation::add, "/fit/batch_size", 64},
         {edit_operation::replace, "/compile/optimizer", "adam"},
         {edit_operation::remove, "/fit/epochs"}}};
    std::ostringstream out;
    out << p;
    CHECK(out.str() == "+ /fit/batch_size: 64\n/compile/optimizer: adam\n- /fit/epochs\n");
    CHECK(
        lines(with_old_values(small(), p)) ==
        std::vector<std::string>{
            "+ /fit/batch_size: 64", "/compile/optimizer: sgd -> adam", "- /fit/epochs"}
    );
}

} // namespace spec_patch_tests
