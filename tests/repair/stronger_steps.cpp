// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/repair.hpp>
#include <mend/repair/steps.hpp>
#include <mend/repair/stronger_steps.hpp>

#include "blobs.hpp"

namespace repair_stronger_steps_tests {

TEST_CASE("stronger steps: higher rates come with the smallest batches and twice the epochs") {
    for (const mend::space_name name : {mend::space_name::mend, mend::space_name::study}) {
        mend::problem p = mend::test::blobs_problem(0.001);
        p.fit.batch_size = 128;
        p.fit.epochs = 10;
        const mend::fix_space space = mend::repair_space(p, mend::test::blobs_data(), name);
        const mend::point from = *space.over().default_point();
        std::set<double> rates;
        std::set<std::int64_t> epochs;
        for (const mend::step& s : mend::steps_from(space, from, true, true)) {
            const bool some = s.kind == mend::step_kind::stronger_training;
            const bool much = s.kind == mend::step_kind::much_stronger_training;
            if (some || much) {
                const mend::problem q = space.apply(mend::take_step(space, from, s).value());
                const double rate = q.compile.optimizer.learning_rate();
                CHECK((rate > 0.02) == much);
                CHECK(q.fit.batch_size == 16);
                CHECK(q.model == p.model);
                rates.insert(rate);
                epochs.insert(q.fit.epochs);
            }
        }
        CHECK(rates == std::set<double>{0.003, 0.01, 0.03, 0.1});
        CHECK(epochs == std::set<std::int64_t>{10, 20});
        const auto from_problem = [&](const mend::problem& q) {
            const mend::fix_space other = mend::repair_space(q, mend::test::blobs_data(), name);
            const mend::point start = *other.over().default_point();
            std::vector<mend::problem> found;
            for (const mend::step& s :
                 mend::stronger_steps(other, mend::full_values(other, start), 0.01, {})) {
                CHECK(std::is_sorted(s.values.begin(), s.values.end()));
                found.push_back(other.apply(mend::take_step(other, start, s).value()));
            }
            return found;
        };
        // With the smallest batches already only those with more epochs are left.
        p.fit.batch_size = 16;
        const auto longer = from_problem(p);
        CHECK(longer.size() == 4);
        for (const mend::problem& q : longer) {
            CHECK(q.fit.epochs == 20);
        }
        p.fit.batch_size = 128;
        // Far from the usual rate, 0.01, that comes first.
        for (const double far : {8.0, 1e-6}) {
            p.compile.optimizer.learning_rate(far);
            std::set<double> then;
            for (const mend::problem& q : from_problem(p)) {
                then.insert(q.compile.optimizer.learning_rate());
                CHECK(q.fit.batch_size == 16);
            }
            CHECK(then == std::set<double>{0.01, 0.03, 0.1, 0.3, 1});
        }
        // Nothing times 0 is higher; mend's rates begin above it.
        p.compile.optimizer.learning_rate(0);
        CHECK(from_problem(p).empty() == (name == mend::space_name::study));
    }
}

TEST_CASE("stronger steps: elu and selu come alone with a rate, or with batches and epochs too") {
    mend::problem p = mend::test::blobs_problem(0.001);
    p.fit.batch_size = 128;
    p.fit.epochs = 10;
    const auto elus = [](const mend::problem& q) {
        const mend::fix_space space = mend::repair_space(q, mend::test::blobs_data());
        const mend::point from = *space.over().default_point();
        std::map<std::string, std::set<std::pair<double, std::int64_t>>> found;
        for (const mend::step& s : mend::steps_from(space, from, true, true)) {
            const bool some = s.kind == mend::step_kind::elu_training;
            const bool much = s.kind == mend::step_kind::much_stronger_elu;
            if (some || much) {
                const mend::problem to = space.apply(mend::take_step(space, from, s).value());
                const auto& hidden = mend::get<mend::dense_spec>(to.model.layers[0].kind);
                const double rate = to.compile.optimizer.learning_rate();
                CHECK((rate > 0.02) == much);
                CHECK(to.fit.batch_size == (to.fit.epochs == 10 ? 128 : 16));
                CHECK(found[hidden.activation].emplace(rate, to.fit.epochs).second);
            }
        }
        return found;
    };
    const std::set<std::pair<double, std::int64_t>> all{
        {0.001, 20}, {0.01, 10}, {0.01, 20}, {0.1, 10}, {0.1, 20}, {1, 10}, {1, 20}};
    CHECK(
        elus(p) ==
        std::map<std::string, std::set<std::pair<double, std::int64_t>>>{
            {"elu", all}, {"selu", all}}
    );
    // None of an activation that the hidden layers have already, none without hidden layers.
    mend::get<mend::dense_spec>(p.model.layers[0].kind).activation = "elu";
    CHECK(elus(p).count("elu") == 0);
    CHECK(elus(p)["selu"] == all);
    p.model.layers.erase(p.model.layers.begin());
    CHECK(elus(p).empty());
}

} // namespace repair_stronger_steps_tests
