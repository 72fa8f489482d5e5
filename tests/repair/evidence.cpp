// SPDX-License-Identifier: MIT
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/autotrainer.hpp>
#include <mend/repair/evidence.hpp>
#include <mend/repair/guided.hpp>
#include <mend/repair/repair.hpp>
#include <mend/spec/apply.hpp>

#include "blobs.hpp"

namespace repair_evidence_tests {

namespace {

using mend::candidate_end;
using mend::problem;

void set_rate(problem& p, double rate) {
    p.compile.optimizer.kind = mend::sgd_spec{.learning_rate = rate};
}

/// Trials written by hand: patches of a problem and what they are said to have reached.
struct told_study {
    problem faulty = mend::test::blobs_problem(10);
    mend::dataset data = mend::test::blobs_data();
    mend::data_parts parts = mend::repair_parts(faulty, data);
    mend::fix_space space = mend::repair_space(faulty, data);
    mend::study_result study{};

    told_study() {
        tell([](problem&) {}, 0.3);
    }

    mend::trial& tell(const std::function<void(problem&)>& change, double accuracy) {
        problem changed = faulty;
        change(changed);
        mend::trial t;
        t.proposal.id = static_cast<std::int64_t>(study.trials.size());
        t.proposal.at = *space.over().default_point();
        t.proposal.patch = mend::diff(faulty, changed);
        t.outcome.values = {-accuracy};
        return study.trials.emplace_back(std::move(t));
    }

    [[nodiscard]] mend::repair_evidence evidence() const {
        return mend::evidence_of({faulty, data, parts, space, {}, 20}, study);
    }
};

void rate(problem& p) { set_rate(p, 0.1); }

void rate_and_batch(problem& p) {
    set_rate(p, 0.1);
    p.fit.batch_size = 16;
}

void batch(problem& p) { p.fit.batch_size = 16; }

void loss(problem& p) { p.compile.loss.name = "mean_squared_error"; }

void adam(problem& p) { p.compile.optimizer.kind = mend::adam_spec{}; }

} // namespace

TEST_CASE("evidence: every candidate says how far it came and why it went no further") {
    told_study s;
    s.tell(rate_and_batch, 0.9);
    s.tell(rate, 0.6).proposal.fidelity = 0.5;
    mend::trial& more = s.tell(rate, 0.9);
    more.proposal.continues = 2;
    s.tell(rate, 0.88);
    s.tell(batch, 0.31);
    s.tell(loss, 0.35).proposal.fidelity = 0.25;
    s.tell(adam, 0.8);
    s.tell([](problem& p) { set_rate(p, 1e9); }, 0).outcome = mend::failure(mend::status::nan, 0.5);
    s.study.best = 3;
    const mend::repair_evidence seen = s.evidence();
    REQUIRE(seen.tried.size() == 7);
    const candidate_end ends[] = {
        candidate_end::faulty,
        candidate_end::superfluous,
        candidate_end::chosen,
        candidate_end::no_better,
        candidate_end::left_behind,
        candidate_end::not_chosen,
        candidate_end::failed};
    for (std::size_t i = 0; i < seen.tried.size(); ++i) {
        CAPTURE(i);
        CHECK(seen.tried[i].end == ends[i]);
        CHECK_FALSE(mend::ending_text(seen.tried[i]).empty());
    }
    CHECK(seen.tried[0].changes.empty());
    const mend::candidate_record& chosen = seen.tried[2];
    CHECK(chosen.changes == std::vector<std::string>{"optimizer.learning_rate: 10 -> 0.1"});
    CHECK(chosen.trials == std::vector<std::int64_t>{2, 3, 4});
    CHECK(chosen.whole == std::vector{0.9, 0.88});
    CHECK(chosen.cost == 3);
    CHECK(seen.tried[4].fidelity == 0.25);
    CHECK(seen.tried[4].score == 0.35);
    CHECK(seen.tried[6].status == mend::status::nan);
    CHECK(mend::ending_text(seen.tried[4]) == "left behind after 25 % of its epochs");
    CHECK(mend::ending_text(seen.tried[6]) == "failed: nan");
    CHECK(seen.confirmation.faulty == std::vector{0.3});
    CHECK(seen.confirmation.chosen == std::vector{0.9, 0.88});
    CHECK(seen.confirmation.p > 0);
    CHECK(seen.confirmation.p < 0.5);
}

TEST_CASE("evidence: a part of the chosen patch that does less is said to be one") {
    told_study s;
    s.tell(rate, 0.6);
    s.tell(rate_and_batch, 0.9);
    s.study.best = 2;
    const mend::repair_evidence seen = s.evidence();
    CHECK(seen.tried[1].end == candidate_end::too_little);
    CHECK(seen.runners_up.size() == 1);
}

TEST_CASE("evidence: runners-up beat the faulty problem beyond chance and differ in kind") {
    told_study s;
    s.tell(rate, 0.95);
    s.tell([](problem& p) { set_rate(p, 0.2); }, 0.94);  // the chosen kind
    s.tell(rate_and_batch, 0.93);                        // and more
    s.tell([](problem& p) { p.fit.epochs = 12; }, 0.31); // chance
    s.tell(loss, 0.97).proposal.fidelity = 0.5;          // after those that are whole
    s.tell(adam, 0.9);
    s.tell(adam, 0.8);
    s.tell(
        [](problem& p) { p.compile.optimizer.kind = mend::adam_spec{.learning_rate = 0.1}; }, 0.84
    ); // as before, in kind
    s.tell(batch, 0.7);
    s.tell([](problem& p) { p.fit.epochs = 24; }, 0.6); // not half of what the chosen one gains
    s.tell([](problem& p) { p.model.layers[0] = p.model.layers[1]; }, 0.97).proposal.fidelity = 0.2;
    s.study.best = 1;
    const std::vector<mend::runner_up> found = s.evidence().runners_up;
    REQUIRE(found.size() == 3);
    CHECK(found[0].validation == std::vector{0.9, 0.8});
    CHECK(mend::lines(found[0].patch)[0] == "optimizer: SGD -> Adam");
    CHECK(found[1].complexity == 1);
    CHECK(found[1].validation == std::vector{0.7});
    CHECK(found[1].fidelity == 1);
    CHECK(found[2].validation == std::vector{0.97});
    CHECK(found[2].fidelity == 0.5);
    CHECK(mend::apply(s.faulty, found[1].patch).fit.batch_size == 16);
}

TEST_CASE("evidence: a faulty problem whose trainings fail is worse than every score") {
    told_study s;
    s.study.trials[0].outcome = mend::failure(mend::status::diverged, 0.2);
    s.tell(rate, 0.9);
    s.tell(rate, 0.8);
    s.tell(adam, 0.7);
    s.tell(batch, 0.4); // hardly more than a constant answer
    s.study.best = 1;
    const mend::repair_evidence seen = s.evidence();
    CHECK(seen.tried[0].end == candidate_end::faulty);
    CHECK(seen.tried[0].failures == 1);
    CHECK(seen.confirmation.faulty.empty());
    CHECK(seen.confirmation.p == doctest::Approx(1.0 / 3));
    CHECK(seen.runners_up.size() == 1);
}

TEST_CASE("evidence: where nothing was chosen, what did better is still shown") {
    told_study s;
    s.tell(adam, 0.9);
    s.study.best = 0;
    const mend::repair_evidence seen = s.evidence();
    CHECK(seen.confirmation.chosen.empty());
    CHECK(seen.confirmation.p == 1);
    CHECK(seen.runners_up.size() == 1);
}

TEST_CASE("evidence: a candidate that is no problem is kept with what was proposed") {
    told_study s;
    mend::trial& broken = s.tell(batch, 0);
    broken.proposal.patch.edits[0].path = "/nowhere/at/all";
    broken.outcome = mend::failure(mend::status::unbuildable, 0.01);
    s.study.best = 0;
    const mend::repair_evidence seen = s.evidence();
    REQUIRE(seen.tried.size() == 2);
    CHECK(seen.tried[1].end == candidate_end::failed);
    CHECK_FALSE(seen.tried[1].changes.empty());
    CHECK(seen.runners_up.empty());
}

TEST_CASE("evidence: the kind of a change leaves out its values") {
    using kind = std::set<std::string>;
    CHECK(mend::kind_of({"optimizer.learning_rate: 1 -> 0.1"}) == kind{"optimizer.learning_rate"});
    CHECK(
        mend::kind_of(
            {"optimizer: SGD -> Adam", "optimizer.learning_rate: 1 -> 0.1", "loss: a -> b"}
        ) == kind{"optimizer", "loss"}
    );
    CHECK(
        mend::kind_of({"layers[0] Dense \"a: b\" units: 1 -> 2"}) ==
        kind{"layers[0] Dense \"a: b\" units"}
    );
    CHECK(
        mend::kind_of({"+ Dropout(rate=0.5, seed=1) before layers[1]"}) ==
        kind{"+ Dropout before layers[1]"}
    );
    CHECK(mend::kind_of({"+ Flatten after layers[1]"}) == kind{"+ Flatten after layers[1]"});
    CHECK(mend::kind_of({"- layers[2] Dropout"}) == kind{"- layers[2] Dropout"});
    CHECK(mend::kind_of({}).empty());
}

TEST_CASE("evidence: a repair by any technique has it, one entry for each candidate") {
    const problem faulty = mend::test::blobs_problem(1000);
    const mend::repair_options options{.budget = mend::trainings(12), .seed = 2, .report_runs = 0};
    const auto check = [&](const mend::repair_result& r) {
        const mend::repair_evidence& seen = r.evidence;
        std::size_t trials = 0;
        double cost = 0;
        for (const mend::candidate_record& tried : seen.tried) {
            trials += tried.trials.size();
            cost += tried.cost;
            if (tried.end == candidate_end::chosen) {
                CHECK(tried.changes == mend::lines(r.patch));
            }
        }
        CHECK(trials == r.study.trials.size());
        CHECK(cost == doctest::Approx(r.study.cost));
        CHECK(seen.tried[0].end == candidate_end::faulty);
        CHECK_FALSE(seen.findings.empty());
        for (const mend::runner_up& other : seen.runners_up) {
            CHECK(other.patch != r.patch);
            CHECK(mend::complexity(faulty, mend::apply(faulty, other.patch)) == other.complexity);
        }
    };
    const mend::dataset data = mend::test::blobs_data();
    check(mend::repair(faulty, data, mend::random_search{}, options));
    check(mend::repair(faulty, data, mend::autotrainer{}, options));
    const mend::repair_result guided = mend::repair(faulty, data, mend::guided{}, options);
    check(guided);
    CHECK_FALSE(guided.evidence.runners_up.empty());
    CHECK(guided.evidence.findings.front().confidence > 0.5);
}

TEST_CASE("evidence: what the test part holds changes none of it") {
    const problem faulty = mend::test::blobs_problem(1000);
    mend::dataset data = mend::test::blobs_data();
    const mend::data_parts parts = mend::repair_parts(faulty, data);
    const auto table = [](const mend::data_part& part, float factor) {
        auto made = std::make_shared<mend::samples>(*part.source);
        made->dense = mend::tensor<float>(mend::shape{part.size(), 2});
        made->labels.clear();
        for (std::size_t i = 0; i < part.rows.size(); ++i) {
            for (std::size_t j = 0; j < 2; ++j) {
                made->dense.flat()[2 * i + j] =
                    factor *
                    part.source->dense.flat()[2 * static_cast<std::size_t>(part.rows[i]) + j];
            }
            made->labels.push_back(part.label(static_cast<mend::index>(i)));
        }
        return made;
    };
    data.pool = nullptr;
    data.train = table(parts.train, 1);
    data.validation = table(parts.validation, 1);
    data.test = table(parts.test, 1);
    const mend::repair_options options{.budget = mend::trainings(10), .seed = 3, .report_runs = 2};
    const mend::repair_result one = mend::repair(faulty, data, mend::guided{}, options);
    data.test = table(parts.test, -1000);
    const mend::repair_result other = mend::repair(faulty, data, mend::guided{}, options);
    CHECK(one.patched.test != other.patched.test);
    CHECK(one.evidence == other.evidence);
}

} // namespace repair_evidence_tests
