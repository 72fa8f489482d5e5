// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/guided.hpp>
#include <mend/repair/repair.hpp>

#include "blobs.hpp"

namespace repair_guided_tests {

namespace {

using accuracy_of = std::function<double(const mend::problem&)>;

/// A repair whose trainings are not run: a problem's accuracy rises to what `f` says of it.
struct pretended {
    mend::problem faulty;
    mend::dataset data = mend::test::blobs_data();
    mend::data_parts parts = mend::repair_parts(faulty, data);
    mend::fix_space space = mend::repair_space(faulty, data);
    double grain = 0; ///< accuracies are multiples of it
    double late = 0;  ///< the share of the epochs in which nothing shows yet
    std::function<bool(const mend::problem&)> early{}; ///< what is at its best at once

    explicit pretended(mend::problem p)
        : faulty(std::move(p)) {}

    mend::study_result
    run(const accuracy_of& f,
        const mend::guided_options& options = {},
        double budget = 20,
        int jobs = 1) const {
        mend::guided search{options};
        search.prepare({faulty, data, parts, space, {mend::score_kind::accuracy}, budget});
        const auto evaluate = [&](const mend::proposal& what, const mend::evaluation_context&) {
            const mend::problem p = space.apply(what.at);
            const double best = f(p);
            const auto epochs = static_cast<double>(p.fit.epochs);
            mend::outcome done;
            done.cost =
                (what.fidelity - what.reached) * epochs / static_cast<double>(faulty.fit.epochs);
            if (std::isnan(best)) {
                return mend::failure(mend::status::nan, done.cost);
            }
            for (double e = 1; e <= std::ceil(what.fidelity * epochs - 1e-9); ++e) {
                const double done_so_far = early && early(p) ? 1 : 0.5 + 0.5 * e / epochs;
                const double now = e <= late * epochs ? 0.2 : 0.2 + (best - 0.2) * done_so_far;
                const double seen = grain > 0 ? grain * std::floor(now / grain) : now;
                done.curve.push_back({{1 - now, seen}, {1 - now, seen}});
            }
            done.values = {-done.curve.back().validation.metric};
            return done;
        };
        return mend::run_study(
            search,
            mend::any_objective(evaluate),
            space.over(),
            mend::trainings(budget),
            {.jobs = jobs}
        );
    }

    mend::problem found(const mend::study_result& r) const {
        return space.apply(r.trials.at(r.best.value()).proposal.at);
    }
};

bool usual_rate(const mend::problem& p) {
    const double rate = p.compile.optimizer.learning_rate();
    return rate >= 1e-3 && rate <= 0.3;
}

} // namespace

TEST_CASE("guided: one change that is needed is found, and nothing else is changed") {
    const pretended task(mend::test::blobs_problem(100));
    for (const std::uint64_t width : {1U, 4U}) {
        const auto done = task.run(
            [](const mend::problem& p) { return usual_rate(p) ? 0.95 : 0.3; },
            {.width = static_cast<int>(width)}
        );
        const mend::problem fixed = task.found(done);
        CHECK(usual_rate(fixed));
        CHECK(mend::complexity(task.faulty, fixed) == 1);
        CHECK(done.cost <= 20);
    }
}

TEST_CASE("guided: two changes that help alone a little and together much are found together") {
    mend::problem faulty = mend::test::blobs_problem(100);
    faulty.compile.loss.name = "mean_absolute_error";
    const pretended task(faulty);
    const auto done = task.run([](const mend::problem& p) {
        const bool loss = p.compile.loss.name == "categorical_crossentropy";
        return usual_rate(p) ? (loss ? 0.95 : 0.6) : 0.3;
    });
    const mend::problem fixed = task.found(done);
    CHECK(usual_rate(fixed));
    CHECK(fixed.compile.loss.name == "categorical_crossentropy");
    CHECK(mend::complexity(task.faulty, fixed) == 2);
}

TEST_CASE("guided: two changes of which neither helps alone are found, and minimised") {
    mend::problem faulty = mend::test::blobs_problem(100);
    mend::get<mend::dense_spec>(faulty.model.layers[0].kind).kernel_initializer.name = "zeros";
    faulty.fit.epochs = 12;
    const pretended task(faulty);
    const auto done = task.run([](const mend::problem& p) {
        bool zeros = false;
        for (const mend::layer_spec& layer : p.model.layers) {
            const auto* dense = mend::get_if<mend::dense_spec>(&layer.kind);
            zeros = zeros || (dense != nullptr && dense->kernel_initializer.name == "zeros");
        }
        return usual_rate(p) && !zeros ? 0.95 : 0.3;
    });
    const mend::problem fixed = task.found(done);
    CHECK(usual_rate(fixed));
    CHECK(mend::complexity(task.faulty, fixed) == 2);
    // What is left of the patch is what is confirmed, with fresh seeds.
    const auto confirmed =
        std::count_if(done.trials.begin(), done.trials.end(), [&](const mend::trial& t) {
            const mend::proposal& what = t.proposal;
            return what.fidelity == 1 && what.pairs_with == mend::proposal::none &&
                   what.continues == mend::proposal::none && task.space.apply(what.at) == fixed;
        });
    CHECK(confirmed >= 2);
}

TEST_CASE("guided: the best single change goes on in a race that others lead") {
    mend::problem faulty = mend::test::blobs_problem(100);
    faulty.fit.epochs = 12;
    pretended task(faulty);
    // Any patch of several changes starts fast; none ends better than a usual rate alone.
    task.early = [&](const mend::problem& p) { return mend::complexity(faulty, p) > 1; };
    const auto done = task.run([](const mend::problem& p) { return usual_rate(p) ? 0.95 : 0.3; });
    CHECK(mend::complexity(task.faulty, task.found(done)) == 1);
    CHECK(usual_rate(task.found(done)));
}

TEST_CASE("guided: where accuracies are equal for long the loss tells who is ahead") {
    pretended task(mend::test::blobs_problem(0.05));
    task.grain = 0.5;
    const auto is_mended = [](const mend::problem& p) { return p.fit.batch_size >= 4 * 32; };
    const auto done = task.run([&](const mend::problem& p) { return is_mended(p) ? 0.6 : 0.3; });
    CHECK(is_mended(task.found(done)));
}

TEST_CASE("guided: what shows late is found by a bracket that begins with more epochs") {
    mend::problem faulty = mend::test::blobs_problem(0.05);
    faulty.fit.epochs = 12;
    pretended task(faulty);
    task.late = 0.3;
    const auto is_mended = [](const mend::problem& p) { return p.fit.batch_size < 32; };
    const auto done = task.run([&](const mend::problem& p) { return is_mended(p) ? 0.9 : 0.2; });
    CHECK(is_mended(task.found(done)));
    CHECK(done.cost <= 20);
}

TEST_CASE("guided: scores below a constant answer are no progress, and leave the budget to others"
) {
    mend::problem faulty = mend::test::blobs_problem(0.05);
    faulty.fit.epochs = 12;
    pretended task(faulty);
    task.late = 0.3;
    // Most changes of the optimizer go from bad to less bad; a constant answer has a third.
    const auto is_mended = [](const mend::problem& p) { return p.fit.batch_size < 32; };
    const accuracy_of f = [&](const mend::problem& p) {
        const bool moved = p.compile.optimizer != task.faulty.compile.optimizer;
        return is_mended(p) ? 0.9 : moved ? 0.3 : 0.1;
    };
    const auto done = task.run(f);
    CHECK(is_mended(task.found(done)));
    CHECK(mend::complexity(task.faulty, task.found(done)) == 1);
}

TEST_CASE("guided: where nothing learns the whole budget is used") {
    mend::problem faulty = mend::test::blobs_problem(0.05);
    faulty.fit.epochs = 1; // every race trains to the end
    const pretended task(faulty);
    const auto done = task.run([](const mend::problem&) { return 0.2; });
    CHECK(done.best == 0);
    CHECK(done.cost > 17);
    CHECK(done.cost <= 20);
}

TEST_CASE("guided: what failed is not raced again, however much budget is left") {
    mend::problem faulty = mend::test::blobs_problem(0.05);
    faulty.fit.epochs = 12;
    const pretended task(faulty);
    const auto done = task.run([](const mend::problem& p) {
        return p.compile.optimizer.learning_rate() > 0.06 ? std::nan("") : 0.2;
    });
    const auto has_failed = [](const mend::trial& t) {
        return t.outcome.status != mend::status::completed;
    };
    for (const mend::trial& t : done.trials) {
        const std::int64_t before = t.proposal.continues;
        CHECK_FALSE(
            (before != mend::proposal::none &&
             has_failed(done.trials.at(static_cast<std::size_t>(before))))
        );
    }
    CHECK(std::any_of(done.trials.begin(), done.trials.end(), has_failed));
}

TEST_CASE("guided: a faulty problem that is perfect is left alone after one race") {
    const pretended task(mend::test::blobs_problem(0.05));
    const auto done = task.run([](const mend::problem&) { return 1.0; });
    CHECK(done.best == 0);
    CHECK(done.cost < 12);
}

TEST_CASE("guided: too few updates are mended by the longest training that the budget allows") {
    mend::problem faulty = mend::test::blobs_problem(100);
    faulty.fit.epochs = 1;
    const pretended task(faulty);
    const accuracy_of more = [](const mend::problem& p) {
        return 0.3 + 0.04 * static_cast<double>(p.fit.epochs);
    };
    const auto done = task.run(more);
    CHECK(task.found(done).fit.epochs == 16);
    CHECK(mend::complexity(task.faulty, task.found(done)) == 1);
    CHECK(done.cost <= 20);
    // Not where a change that costs nothing gives as much, nor where four times as long do nothing.
    for (const accuracy_of& f :
         {accuracy_of([&](const mend::problem& p) { return usual_rate(p) ? 0.95 : more(p); }),
          accuracy_of([](const mend::problem& p) { return usual_rate(p) ? 0.95 : 0.3; })}) {
        const auto other = task.run(f);
        CHECK(usual_rate(task.found(other)));
        CHECK(task.found(other).fit.epochs == 1);
        CHECK(other.cost <= 20);
    }
}

TEST_CASE("guided: where nothing helps the faulty problem is recommended") {
    const pretended task(mend::test::blobs_problem(0.05));
    const auto done = task.run([](const mend::problem&) { return 0.5; });
    CHECK(done.best == 0);
}

TEST_CASE("guided: a faulty problem that fails is repaired by what does not") {
    const pretended task(mend::test::blobs_problem(1e6));
    const auto done =
        task.run([](const mend::problem& p) { return usual_rate(p) ? 0.9 : std::nan(""); });
    CHECK(usual_rate(task.found(done)));
}

TEST_CASE("guided: nothing is recommended before the faulty problem was told") {
    const pretended task(mend::test::blobs_problem(0.05));
    mend::guided search;
    search.prepare(
        {task.faulty, task.data, task.parts, task.space, {mend::score_kind::accuracy}, 20}
    );
    search.start(task.space.over(), 0);
    CHECK_FALSE(search.recommend());
    REQUIRE(search.ask());
    CHECK_FALSE(search.recommend());
}

TEST_CASE("guided: where every trial fails the search ends and recommends the faulty problem") {
    const pretended task(mend::test::blobs_problem(0.05));
    const auto done = task.run([](const mend::problem&) { return std::nan(""); });
    CHECK(done.best == 0);
}

TEST_CASE("guided: the same trials for any number of jobs, with every part switched off in turn") {
    const pretended task(mend::test::blobs_problem(100));
    const accuracy_of f = [](const mend::problem& p) {
        return usual_rate(p) ? 0.9 : 0.3 + 1e-3 * static_cast<double>(p.fit.batch_size);
    };
    std::vector<mend::guided_options> variants(9);
    variants[1].diagnose = false;
    variants[2].pair_seeds = false;
    variants[3].race = false;
    variants[4].combine = false;
    variants[5].surrogate = false;
    variants[6].minimise = false;
    variants[7].longer = false;
    variants[8].brackets = false;
    for (const mend::guided_options& options : variants) {
        const auto one = task.run(f, options, 12, 1);
        const auto two = task.run(f, options, 12, 2);
        REQUIRE(one.trials.size() == two.trials.size());
        for (std::size_t i = 0; i < one.trials.size(); ++i) {
            CHECK(one.trials[i].proposal == two.trials[i].proposal);
            CHECK(one.trials[i].outcome == two.trials[i].outcome);
        }
        CHECK(one.best == two.best);
        CHECK(usual_rate(task.found(one)));
    }
}

TEST_CASE("guided: what the test part looks like changes nothing that it believes") {
    const pretended task(mend::test::blobs_problem(0.05));
    auto strange = std::make_shared<mend::samples>(*task.parts.train.source);
    for (float& v : strange->dense.flat()) {
        v *= 1000;
    }
    mend::data_parts parts = task.parts;
    parts.test = mend::data_part(strange);
    REQUIRE(
        mend::diagnose(task.faulty, mend::facts_of(task.data, parts)) !=
        mend::diagnose(task.faulty, mend::facts_of(task.data, task.parts))
    );
    mend::guided plain;
    mend::guided other;
    plain.prepare({task.faulty, task.data, task.parts, task.space, {}, 20});
    other.prepare({task.faulty, task.data, parts, task.space, {}, 20});
    CHECK(plain.findings() == other.findings());
}

TEST_CASE("guided: repairs a real training from several seeds") {
    mend::problem faulty = mend::test::blobs_problem(1e-6);
    faulty.fit.epochs = 12;
    for (const std::uint64_t seed : {0U, 1U, 2U, 3U}) {
        const mend::repair_result done = mend::repair(
            faulty,
            mend::test::blobs_data(),
            mend::guided{},
            {.budget = mend::trainings(20), .seed = seed}
        );
        CHECK(done.improved());
        CHECK(done.complexity <= 2);
    }
}

} // namespace repair_guided_tests
