// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/json_text.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/constraint.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/read_values.hpp>
#include <mend/spec/write.hpp>

namespace spec_constraint_tests {

using namespace mend;

namespace {

struct reading {
    constraint_spec limit;
    std::vector<std::string> mistakes;
};

reading read(const char* text) {
    reading made;
    detail::mistake_list found;
    detail::read_setting(found, parse_json(text), "/c", {field{}, &made.limit});
    for (const mistake& m : found.found) {
        made.mistakes.push_back(m.where + ": " + m.why);
    }
    return made;
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("constraint: Keras' classes and names are read with their defaults") {
    CHECK_FALSE(read("null").limit.exists());
    CHECK(read("\"max_norm\"").limit.max_value == 2);
    CHECK(read("\"MinMaxNorm\"").limit.max_value == 1);
    const constraint_spec conv =
        read(R"({"class_name": "MaxNorm", "config": {"max_value": 3, "axis": [0, 1, 2]}})").limit;
    CHECK(conv.name == "max_norm");
    CHECK(conv.max_value == 3);
    CHECK(conv.axis == dimensions{0, 1, 2});
    CHECK(read(R"({"class_name": "NonNeg", "config": {}})").limit.name == "non_neg");
    CHECK(
        read(R"({"class_name": "UnitNorm", "config": {"axis": -1}})").limit.axis == dimensions{-1}
    );
}

TEST_CASE("constraint: what is written is read again") {
    for (const std::string name : {"", "max_norm", "min_max_norm", "unit_norm", "non_neg"}) {
        constraint_spec limit{name};
        if (name.ends_with("norm")) {
            limit.axis = {0, 1};
        }
        limit.max_value = name == "max_norm" ? 7 : name == "min_max_norm" ? 1 : limit.max_value;
        const document written = document_from(setting{field{}, &limit});
        constraint_spec again;
        detail::mistake_list none;
        detail::read_setting(none, written, "", {field{}, &again});
        CHECK(none.found.empty());
        CHECK(again == limit);
    }
}

TEST_CASE("constraint: mistakes name their path") {
    CHECK(
        read(R"({"class_name": "RadialConstraint"})").mistakes ==
        list{"/c/class_name: \"RadialConstraint\" is not supported"}
    );
    CHECK(
        read(R"({"class_name": "MinMaxNorm", "config": {"rate": 2}})").mistakes ==
        list{"/c/config/rate: must be between 0 and 1, not 2"}
    );
    CHECK(
        read(R"({"class_name": "UnitNorm", "config": {"axis": "all"}})").mistakes ==
        list{"/c/config/axis: must be an integer or a list of them, not \"all\""}
    );
    CHECK(
        read(R"({"class_name": "NonNeg", "config": {"axis": 0}})").mistakes ==
        list{"/c/config/axis: is not a key that mend knows here"}
    );
}

TEST_CASE("constraint: a patch adds one as a whole, with a readable line") {
    problem before;
    before.model.input_shape = {2};
    before.model.layers = {{dense_spec{}}};
    problem after = before;
    mend::get<dense_spec>(after.model.layers[0].kind).kernel_constraint = {"max_norm", 3};
    const patch found = diff(before, after);
    REQUIRE(found.edits.size() == 1);
    CHECK(found.edits[0].path == "/model/config/layers/0/config/kernel_constraint");
    CHECK(found.text == list{"layers[0] Dense kernel_constraint: none -> max_norm(max_value=3)"});
    CHECK(apply(before, found) == after);
}

} // namespace spec_constraint_tests
