// SPDX-License-Identifier: MIT
#include <cmath>

#include <doctest/doctest.h>

#include <mend/study/objective.hpp>

namespace study_objective_tests {

using namespace mend;

namespace {

struct full_objective {
    static constexpr bool thread_safe = false;

    outcome operator()(const proposal& what, const evaluation_context& context) const {
        return context.stop_requested() ? failure(status::stopped, 0.5)
                                        : value_outcome(static_cast<double>(what.id), 2);
    }
};

struct no_objective {
    int operator()(const proposal&) const { return 1; }
};

static_assert(objective<full_objective>);
static_assert(objective<any_objective>);
static_assert(!objective<no_objective>);
static_assert(!std::constructible_from<any_objective, no_objective>);

} // namespace

TEST_CASE("any_objective: holds objectives and plain functions") {
    const any_objective full = full_objective{};
    CHECK_FALSE(full.thread_safe());
    proposal what;
    what.id = 3;
    CHECK(full(what, {}).values == std::vector<double>{3});
    CHECK(full(what, {}).cost == 2);

    space s;
    s.real("x", 0, 4);
    what.at = s.make_point({{"x", 4}});
    const any_objective plain([](const point& p) { return std::sqrt(p["x"]); });
    CHECK(plain.thread_safe());
    CHECK(plain(what, {}).values == std::vector<double>{2});
    CHECK(plain(what, {}).cost == 1);
    const any_objective negated([](const point& p) { return p["x"].number(); }, -1);
    CHECK(negated(what, {}).values == std::vector<double>{-4});
}

TEST_CASE("any_objective: a function that gives NaN is a failed evaluation") {
    const any_objective f([](const point&) { return std::nan(""); });
    const outcome made = f(proposal{}, {});
    CHECK(made.status == status::nan);
    CHECK(made.values.empty());
}

TEST_CASE("evaluation_context: stops for either flag and at the deadline, else never") {
    CHECK_FALSE(evaluation_context{}.stop_requested());
    std::atomic<bool> cancelled{false};
    std::atomic<bool> interrupted{false};
    const evaluation_context both(&cancelled, &interrupted);
    CHECK_FALSE(both.stop_requested());
    interrupted = true;
    CHECK(both.stop_requested());
    interrupted = false;
    cancelled = true;
    CHECK(both.stop_requested());
    using clock = evaluation_context::clock;
    CHECK(evaluation_context(nullptr, nullptr, clock::now()).stop_requested());
    CHECK_FALSE(
        evaluation_context(nullptr, nullptr, clock::now() + std::chrono::hours(1)).stop_requested()
    );
}

} // namespace study_objective_tests
