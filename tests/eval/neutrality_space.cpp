// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/eval/neutrality_space.hpp>
#include <mend/spec/difference.hpp>

#include "../repair/blobs.hpp"

namespace eval_neutrality_space_tests {

namespace {

using namespace mend;

std::vector<std::string> names_of(const neutrality_space& space) {
    std::vector<std::string> names;
    for (const neutrality_dimension& d : space.dimensions()) {
        names.push_back(d.name);
    }
    return names;
}

} // namespace

TEST_CASE("neutrality space: dimensions stand in the order of their family") {
    const problem faulty = test::blobs_problem(1000);
    CHECK(
        names_of(neutrality_space(faulty)) ==
        std::vector<std::string>{
            "ki1",
            "ki2",
            "bi1",
            "bi2",
            "act1",
            "act2",
            "layer1",
            "unit1",
            "loss",
            "batch_size",
            "optimizer",
            "lr",
            "epochs"}
    );
    CHECK(
        names_of(neutrality_space(faulty, neutrality_order::mnist)) ==
        std::vector<std::string>{
            "act1",
            "act2",
            "ki1",
            "bi1",
            "ki2",
            "bi2",
            "optimizer",
            "lr",
            "batch_size",
            "epochs",
            "loss",
            "layer1",
            "unit1"}
    );
}

TEST_CASE("neutrality space: the start is the faulty problem, a step one change of it") {
    for (const neutrality_order order : {neutrality_order::deepfd, neutrality_order::cifar}) {
        problem faulty = test::blobs_problem(1000);
        faulty.model.layers = {
            faulty.model.layers[0],
            {dense_spec{.units = 4}},
            {activation_spec{.activation = "tanh"}},
            faulty.model.layers[1]};
        const neutrality_space space(faulty, order);
        CHECK(space.apply(space.start()) == faulty);
        std::size_t steps = 0;
        for (std::size_t d = 0; d < space.dimensions().size(); ++d) {
            CAPTURE(space.dimensions()[d].name);
            for (const document& value :
                 one_step_values(space.dimensions()[d].kind, space.start()[d])) {
                configuration at = space.start();
                at[d] = value;
                if (space.dimensions()[d].kind == neutrality_kind::optimizer &&
                    !make_optimizer(value.as_string())) {
                    continue;
                }
                const std::vector<std::string> changes = lines(faulty, space.apply(at));
                CAPTURE(to_json(value));
                // Another optimizer keeps the learning rate, which is then a setting given with it.
                CHECK(changes.size() == (changes[0].starts_with("optimizer:") ? 2 : 1));
                ++steps;
            }
        }
        CHECK(steps > 50);
    }
}

TEST_CASE("neutrality space: an initialiser of the alphabet is known by its name") {
    problem faulty = test::blobs_problem(0.1);
    mend::get<dense_spec>(faulty.model.layers[0].kind).kernel_initializer = {.name = "he_normal"};
    const neutrality_space space(faulty);
    CHECK(space.start()[0] == document("he_normal"));
    CHECK(one_step_values(space.dimensions()[0].kind, space.start()[0]).size() == 2);
}

TEST_CASE("neutrality space: a learning rate is given to the optimizer of the same step") {
    const problem faulty = test::blobs_problem(0.5);
    for (const neutrality_order order : {neutrality_order::deepfd, neutrality_order::later}) {
        const neutrality_space space(faulty, order);
        configuration at = space.start();
        for (std::size_t d = 0; d < at.size(); ++d) {
            if (space.dimensions()[d].name == "optimizer") {
                at[d] = "adam";
            } else if (space.dimensions()[d].name == "lr") {
                at[d] = 0.05;
            }
        }
        const problem changed = space.apply(at);
        CHECK(changed.compile.optimizer.class_name() == "Adam");
        CHECK(changed.compile.optimizer.learning_rate() == 0.05);
    }
}

} // namespace eval_neutrality_space_tests
