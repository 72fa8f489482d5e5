// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include <mend/eval/improvement.hpp>

#include "../repair/blobs.hpp"

namespace eval_improvement_tests {

namespace {

using namespace mend;
using kinds = std::set<std::string>;

constexpr score_rule accuracy{score_kind::accuracy};
constexpr score_rule distance_rule{score_kind::mean_absolute_error};

} // namespace

TEST_CASE("improvement: a run without a better patch counts as the faulty problem") {
    CHECK(counted_score(0.9, 0.5, accuracy) == 0.9);
    CHECK(counted_score(0.4, 0.5, accuracy) == 0.5);
    CHECK(counted_score(0.1, 6.7, distance_rule) == 0.1);
    CHECK(counted_score(9.0, 6.7, distance_rule) == 6.7);
    CHECK(counted_score(std::numeric_limits<double>::quiet_NaN(), 0.5, accuracy) == 0.5);
}

TEST_CASE("improvement: the rate is 0 at the faulty problem and 1 at the known fix, either way up"
) {
    CHECK(improvement_rate(0.5, 0.5, 1.0) == 0);
    CHECK(improvement_rate(1.0, 0.5, 1.0) == 1);
    CHECK(improvement_rate(0.13, 6.71, 0.13) == 1);
    CHECK(improvement_rate(6.71, 6.71, 0.13) == 0);
    CHECK(std::isnan(improvement_rate(1, 0.5, 0.5)));
    // Published: D1 by random search with 10 times the budget, D7 with 20 times, D8 beyond the fix.
    CHECK(improvement_rate(0.9040, 0.52, 1.0) == doctest::Approx(0.800).epsilon(1e-3));
    CHECK(improvement_rate(0.9108, 6.71, 0.13) == doctest::Approx(0.881).epsilon(1e-3));
    CHECK(improvement_rate(0.5693, 0.22, 0.33) == doctest::Approx(3.175).epsilon(1e-3));
    CHECK(clipped_rate(3.175) == 1);
    CHECK(clipped_rate(-0.2) == 0);
    CHECK(clipped_rate(0.3) == 0.3);
}

TEST_CASE("improvement: complexity is a share of the dimensions of the faulty problem") {
    const fix_space study = make_fix_space(
        test::blobs_problem(1), {.classes = test::blobs_data().classes}, space_name::study
    );
    // Of the layers: 2 x (activation, kernel, bias), units, repeat; then optimizer, rate, loss,
    // batch size, epochs.
    CHECK(hyperparameter_count(study) == 13);
    CHECK(normalised_complexity(10, 13) == doctest::Approx(10.0 / 13));
    CHECK(normalised_complexity(20, 13) == 1);
}

TEST_CASE("improvement: kinds are told apart by what a patch changes") {
    const problem faulty = test::blobs_problem(1000);
    const auto kinds_after = [&](auto change) {
        problem changed = faulty;
        change(changed);
        return changed_kinds(faulty, changed);
    };
    const auto first = [](problem& p) -> dense_spec& {
        return mend::get<dense_spec>(p.model.layers[0].kind);
    };
    CHECK(kinds_after([](problem&) {}).empty());
    CHECK(kinds_after([](problem& p) {
              p.compile.optimizer.learning_rate(0.1);
          }) == kinds{"learning_rate"});
    CHECK(kinds_after([](problem& p) {
              p.compile.optimizer.kind = adam_spec{.learning_rate = 1000};
          }) == kinds{"optimizer"});
    CHECK(kinds_after([](problem& p) {
              p.compile.optimizer.kind = adam_spec{};
          }) == kinds{"learning_rate", "optimizer"});
    CHECK(kinds_after([](problem& p) {
              p.compile.loss.name = "mean_squared_error";
              p.fit.epochs = 99;
              p.fit.batch_size = 7;
          }) == kinds{"batch_size", "epochs", "loss"});
    CHECK(kinds_after([&](problem& p) { first(p).activation = "tanh"; }) == kinds{"activation"});
    CHECK(kinds_after([&](problem& p) {
              first(p).kernel_initializer = {.name = "zeros"};
          }) == kinds{"kernel_initializer"});
    // Biases, units and layers do not count.
    CHECK(kinds_after([&](problem& p) {
              first(p).bias_initializer = {.name = "ones"};
              first(p).units = 99;
          }).empty());
    CHECK(kinds_after([](problem& p) { p.model.layers.erase(p.model.layers.begin()); }).empty());
    CHECK(kinds_after([](problem& p) {
              const layer_spec last = p.model.layers[1];
              p.model.layers[1] = {dropout_spec{.rate = 0.5}};
              p.model.layers.push_back(last);
          }) == kinds{"dropout"});
}

TEST_CASE("improvement: the asymmetric Jaccard index is the share of the fix's kinds") {
    const kinds fix{"activation", "loss"};
    CHECK(asymmetric_jaccard(fix, fix) == 1); // a literal copy of the fix
    CHECK(asymmetric_jaccard(fix, {"loss", "epochs", "learning_rate"}) == 0.5);
    CHECK(asymmetric_jaccard(fix, {}) == 0);
    CHECK(std::isnan(asymmetric_jaccard({}, fix)));
}

} // namespace eval_improvement_tests
