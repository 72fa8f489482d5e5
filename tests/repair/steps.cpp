// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/repair.hpp>
#include <mend/repair/steps.hpp>

#include "blobs.hpp"

namespace repair_steps_tests {

namespace {

mend::problem broken() {
    mend::problem p = mend::test::blobs_problem(30);
    auto& first = mend::get<mend::dense_spec>(p.model.layers[0].kind);
    first.activation = "linear";
    first.kernel_initializer.name = "ones";
    first.kernel_regularizer.l1 = 0.01;
    mend::get<mend::dense_spec>(p.model.layers[1].kind).activation = "sigmoid";
    p.compile.loss.name = "mean_squared_error";
    p.fit.batch_size = 256;
    return p;
}

} // namespace

TEST_CASE("steps: each leads to another point of the space, of a problem that can be written") {
    for (const mend::space_name name : {mend::space_name::mend, mend::space_name::study}) {
        const mend::fix_space space = mend::repair_space(broken(), mend::test::blobs_data(), name);
        const mend::point from = *space.over().default_point();
        const auto steps = mend::steps_from(space, from, true, true);
        CHECK(steps.size() > 20);
        std::set<std::string> seen;
        for (const mend::step& s : steps) {
            const auto to = mend::take_step(space, from, s);
            if (to) {
                CHECK(*to != from);
                CHECK(space.over().contains(*to));
                CHECK(space.apply(*to) != broken());
                CHECK(seen.insert(to_text(*to)).second);
            }
        }
    }
}

TEST_CASE("steps: the compound step restores common practice in everything") {
    const mend::fix_space space = mend::repair_space(broken(), mend::test::blobs_data());
    const mend::point from = *space.over().default_point();
    const auto steps = mend::steps_from(space, from, true, true);
    const auto everything = std::find_if(steps.begin(), steps.end(), [](const mend::step& s) {
        return s.kind == mend::step_kind::usual_everything;
    });
    REQUIRE(everything != steps.end());
    const mend::problem usual = space.apply(mend::take_step(space, from, *everything).value());
    const auto& first = mend::get<mend::dense_spec>(usual.model.layers[0].kind);
    CHECK(first.activation == "relu");
    CHECK(first.kernel_initializer.name == "glorot_uniform");
    CHECK(first.kernel_regularizer.l1 == 0);
    CHECK(mend::get<mend::dense_spec>(usual.model.layers[1].kind).activation == "softmax");
    CHECK(usual.compile.loss.name == "categorical_crossentropy");
    CHECK(usual.compile.optimizer == mend::optimizer_spec{mend::adam_spec{}});
    CHECK(usual.fit.batch_size == 32);
}

TEST_CASE("steps: the one layer that differs from all others may become like them") {
    mend::problem p = mend::test::blobs_problem(0.1);
    const mend::layer_spec output = p.model.layers.back();
    p.model.layers.resize(1);
    for (int i = 0; i < 3; ++i) {
        p.model.layers.push_back({mend::dense_spec{.units = 8, .activation = "relu"}});
    }
    p.model.layers.push_back(output);
    const auto odd_ones = [](const mend::problem& q) {
        const mend::fix_space space = mend::repair_space(q, mend::test::blobs_data());
        const mend::point from = *space.over().default_point();
        std::vector<mend::problem> found;
        for (const mend::step& s : mend::steps_from(space, from, true, true)) {
            if (s.kind == mend::step_kind::odd_one_out) {
                found.push_back(space.apply(mend::take_step(space, from, s).value()));
            }
        }
        return found;
    };
    CHECK(odd_ones(p).empty());
    mend::problem odd = p;
    mend::get<mend::dense_spec>(odd.model.layers[2].kind).activation = "sigmoid";
    CHECK(odd_ones(odd) == std::vector<mend::problem>{p});
    mend::get<mend::dense_spec>(odd.model.layers[1].kind).activation = "tanh";
    CHECK(odd_ones(odd).empty()); // two differ
}

TEST_CASE("steps: an optimizer comes with its usual learning rate") {
    const mend::fix_space space = mend::repair_space(broken(), mend::test::blobs_data());
    const mend::point from = *space.over().default_point();
    for (const mend::step& s : mend::steps_from(space, from, true, true)) {
        if (s.kind == mend::step_kind::adam) {
            const mend::problem p = space.apply(mend::take_step(space, from, s).value());
            CHECK(p.compile.optimizer == mend::optimizer_spec{mend::adam_spec{}});
            CHECK(mend::complexity(broken(), p) == 1);
        }
    }
}

TEST_CASE("steps: of less than twice as many epochs only the most are tried") {
    mend::problem p = mend::test::blobs_problem(0.1);
    p.fit.epochs = 20;
    const mend::dataset data = mend::test::blobs_data();
    const mend::fix_space space = mend::repair_space(p, data, mend::space_name::study);
    const mend::point from = *space.over().default_point();
    std::set<std::int64_t> tried;
    for (const mend::step& s : mend::steps_from(space, from, true, true)) {
        if (s.kind == mend::step_kind::more_epochs) {
            tried.insert(space.apply(mend::take_step(space, from, s).value()).fit.epochs);
        }
    }
    // The study's grid of 20 goes up by a fifth four times.
    CHECK(tried == std::set<std::int64_t>{34, 41});
}

} // namespace repair_steps_tests
