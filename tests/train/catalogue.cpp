// SPDX-License-Identifier: MIT
// The shipped faults train, at the size that is for tests: both sides, from the first step to the
// test part.
#include "../io/catalogue.hpp"

#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/split.hpp>
#include <mend/fault/profile.hpp>
#include <mend/io/dataset.hpp>
#include <mend/spec/apply.hpp>
#include <mend/train/trainer.hpp>

namespace train_catalogue_tests {

namespace {

using namespace mend;

training trained(const problem& p, const dataset& data, score_rule rule) {
    return train(p, data, split(data, p.fit.validation_split), rule, {.seed = 1, .test = true});
}

/// Both sides in a profile; how much better the fixed one is on the test part.
double gain(const fault& whole, const char* profile) {
    const fault f = fault_in_profile(whole, profile);
    const dataset data = read_dataset(f.data);
    const score_rule rule = resolve_score(f.problem.compile.metrics, data);
    const training faulty = trained(f.problem, data, rule);
    const training fixed = trained(
        apply(f.problem, f.fix), f.fixed_data.empty() ? data : read_dataset(f.fixed_data), rule
    );
    CHECK(fixed.status == status::completed);
    return rule.cost(faulty.test.metric) - rule.cost(fixed.test.metric);
}

} // namespace

TEST_CASE("catalogue: mend's own faults train badly, and well once they are fixed") {
    for (const fault& f : own_faults()) {
        // The images and texts take longer; the other tests train on these data.
        if (f.data == "digits" || f.data == "textures" || f.data == "topics") {
            continue;
        }
        CAPTURE(f.id);
        CHECK(gain(f, "tiny") > 0.15);
    }
}

TEST_CASE("catalogue: published faults on data that follow a formula train as published") {
    for (const fault& f : published_faults()) {
        const std::set<std::string> quick{"D3", "D6", "D7", "48221692"};
        if (!quick.contains(f.id)) {
            continue;
        }
        CAPTURE(f.id);
        CHECK(gain(f, "tiny") > (f.id == "D3" ? 0.0 : 0.2));
    }
}

TEST_CASE("catalogue: one fault of each published network trains in its tiny profile") {
    for (const fault& f : published_faults()) {
        const std::set<std::string> networks{"D4", "M2", "R5"};
        if (!networks.contains(f.id)) {
            continue;
        }
        CAPTURE(f.id);
        static_cast<void>(gain(f, "tiny")); // too small for a gap; it trains
    }
}

} // namespace train_catalogue_tests
