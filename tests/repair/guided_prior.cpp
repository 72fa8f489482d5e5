// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/guided_prior.hpp>

namespace repair_guided_prior_tests {

namespace {

mend::finding found(std::string code, double confidence) {
    mend::finding f;
    f.code = std::move(code);
    f.confidence = confidence;
    return f;
}

} // namespace

TEST_CASE("guided prior: findings count in proportion to their confidence, and add up") {
    const std::vector<mend::finding> nothing;
    for (const mend::step_kind kind :
         {mend::step_kind::adam, mend::step_kind::higher_rate, mend::step_kind::usual_model}) {
        const double base = mend::step_prior(kind, nothing, {});
        const std::vector<mend::finding> full{found("few_updates", 1)};
        const std::vector<mend::finding> half{found("few_updates", 0.5)};
        const std::vector<mend::finding> other{found("nan", 1)};
        const std::vector<mend::finding> both{found("nan", 1), found("few_updates", 1)};
        const double lift = mend::step_prior(kind, full, {}) - base;
        REQUIRE(lift != 0);
        CHECK(mend::step_prior(kind, half, {}) - base == doctest::Approx(lift / 2));
        CHECK(
            mend::step_prior(kind, both, {}) ==
            doctest::Approx(base + lift + mend::step_prior(kind, other, {}) - base)
        );
    }
}

TEST_CASE("guided prior: of several findings of one code the surest counts, of others none") {
    const auto prior = [](const std::vector<mend::finding>& findings) {
        return mend::step_prior(mend::step_kind::usual_everything, findings, {});
    };
    CHECK(
        prior({found("nan", 0.4), found("nan", 0.9), found("nan", 0.2)}) ==
        prior({found("nan", 0.9)})
    );
    REQUIRE(prior({found("nan", 1)}) != prior({}));
    CHECK(prior({found("of no table", 1)}) == prior({}));
}

TEST_CASE("guided prior: traits of a step count in proportion") {
    const mend::step_kind kind = mend::step_kind::much_stronger_training;
    const double base = mend::step_prior(kind, {}, {});
    for (std::size_t t = 0; t < mend::step_trait_names.size(); ++t) {
        mend::step_traits some{};
        some[t] = 1;
        const double lift = mend::step_prior(kind, {}, some) - base;
        REQUIRE(lift != 0);
        some[t] = 0.25;
        CHECK(mend::step_prior(kind, {}, some) - base == doctest::Approx(lift / 4));
    }
}

TEST_CASE("guided prior: without a diagnosis findings and traits count nothing") {
    const mend::step_traits traits{1, 0, 0.5, 1};
    const std::vector<mend::finding> some{found("few_updates", 1), found("nan", 1)};
    CHECK(
        mend::step_prior(mend::step_kind::adam, some, traits, false) ==
        mend::step_prior(mend::step_kind::adam, {}, {}, false)
    );
}

TEST_CASE("guided prior: its numbers are plausible odds, and what is seen in a fault moves them") {
    bool moves = false;
    for (const mend::guided_kind& kind : mend::guided_kinds) {
        CHECK(std::abs(kind.alone) < 6);
        CHECK(std::abs(kind.base) < 12);
        for (const double lift : kind.lifts) {
            CHECK(std::abs(lift) < 12);
            moves = moves || std::abs(lift) > 1;
        }
    }
    CHECK(moves);
}

} // namespace repair_guided_prior_tests
