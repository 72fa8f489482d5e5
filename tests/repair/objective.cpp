// SPDX-License-Identifier: MIT
#include <atomic>

#include <doctest/doctest.h>

#include <mend/repair/objective.hpp>
#include <mend/repair/repair.hpp>

#include "blobs.hpp"

namespace repair_objective_tests {

namespace {

mend::repair_objective objective_of(const mend::problem& p, double largest = 1e9) {
    const mend::dataset data = mend::test::blobs_data();
    return {
        mend::repair_space(p, data),
        data,
        mend::repair_parts(p, data),
        {mend::score_kind::accuracy},
        largest};
}

mend::proposal faulty_point(const mend::problem& p) {
    return {
        .at = *mend::repair_space(p, mend::test::blobs_data()).over().default_point(), .seed = 5};
}

} // namespace

TEST_CASE("objective: the faulty problem costs one training and scores its validation accuracy") {
    const mend::problem p = mend::test::blobs_problem(0.05);
    const mend::outcome done = objective_of(p)(faulty_point(p), {});
    CHECK(done.status == mend::status::completed);
    CHECK(done.cost == doctest::Approx(1).epsilon(1e-9));
    REQUIRE(done.values.size() == 1);
    CHECK(done.values[0] == -done.curve.back().validation.metric);
    CHECK(done.curve.size() == 6);
}

TEST_CASE("objective: the same proposal has the same outcome") {
    const mend::problem p = mend::test::blobs_problem(0.05);
    const auto evaluate = objective_of(p);
    CHECK(evaluate(faulty_point(p), {}) == evaluate(faulty_point(p), {}));
}

TEST_CASE("objective: a fidelity trains its share of the epochs, and pays for those alone") {
    const mend::problem p = mend::test::blobs_problem(0.05);
    mend::proposal half = faulty_point(p);
    half.fidelity = 0.4; // ceil(2.4) epochs
    const mend::outcome done = objective_of(p)(half, {});
    CHECK(done.curve.size() == 3);
    CHECK(done.cost == doctest::Approx(0.5).epsilon(1e-9));
}

TEST_CASE("objective: a candidate dearer than allowed is not begun") {
    const mend::problem p = mend::test::blobs_problem(0.05);
    const mend::outcome done = objective_of(p, 0.6)(faulty_point(p), {});
    CHECK(done.status == mend::status::deadline);
    CHECK(done.curve.empty());
    // Half of it, and the other half on top, are within the limit each.
    mend::proposal part = faulty_point(p);
    part.fidelity = 0.5;
    CHECK(objective_of(p, 0.6)(part, {}).status == mend::status::completed);
    mend::proposal rest = faulty_point(p);
    rest.continues = 0;
    rest.reached = 0.5;
    CHECK(objective_of(p, 0.6)(rest, {}).status == mend::status::completed);
}

TEST_CASE("objective: a training that is no longer wanted ends as stopped") {
    const std::atomic<bool> cancelled{true};
    const mend::problem p = mend::test::blobs_problem(0.05);
    const mend::outcome done =
        objective_of(p)(faulty_point(p), mend::evaluation_context(&cancelled));
    CHECK(done.status == mend::status::stopped);
    CHECK(done.values.empty());
}

TEST_CASE("objective: a trial that carries on another pays the added epochs, with the same result"
) {
    const mend::problem p = mend::test::blobs_problem(0.05);
    mend::proposal whole = faulty_point(p);
    mend::proposal first = whole;
    first.fidelity = 1.0 / 3;
    mend::proposal rest = whole;
    rest.id = 7;
    rest.continues = first.id;
    rest.reached = first.fidelity;
    const mend::outcome expected = objective_of(p)(whole, {});

    const auto kept = objective_of(p);
    const mend::outcome begun = kept(first, {});
    const mend::outcome carried = kept(rest, {});
    CHECK(begun.curve.size() == 2);
    CHECK(carried.curve == expected.curve);
    CHECK(carried.values == expected.values);
    CHECK(begun.cost + carried.cost == doctest::Approx(expected.cost).epsilon(1e-9));

    // In another process, as after a resume, the first part is repeated and not charged.
    CHECK(objective_of(p)(rest, {}) == carried);
}

TEST_CASE("objective: a proposal's patch is applied to the faulty problem") {
    const mend::problem p = mend::test::blobs_problem(0.05);
    mend::problem shorter = p;
    shorter.fit.epochs = 2;
    mend::proposal what = faulty_point(p);
    what.patch = mend::diff(p, shorter);
    const mend::outcome done = objective_of(p)(what, {});
    CHECK(done.curve.size() == 2);
    CHECK(done.cost == doctest::Approx(1.0 / 3).epsilon(1e-9));
}

TEST_CASE("objective: a searcher that has seen enough ends a training, which is told as stopped") {
    struct impatient {
        void start(const mend::space&, std::uint64_t) {}

        std::optional<mend::proposal> ask() { return std::nullopt; }

        void tell(const mend::trial&) {}

        bool prune(const mend::proposal&, const mend::outcome& so_far) const {
            return so_far.curve.size() == 2;
        }
    };

    const mend::any_searcher search{impatient{}};
    mend::evaluation_context context;
    context.pruner(&search);
    const mend::problem p = mend::test::blobs_problem(0.05);
    const mend::outcome done = objective_of(p)(faulty_point(p), context);
    CHECK(done.status == mend::status::stopped);
    CHECK(done.values.empty());
    CHECK(done.curve.size() == 2);
    CHECK(done.cost == doctest::Approx(1.0 / 3).epsilon(1e-9));
}

} // namespace repair_objective_tests
