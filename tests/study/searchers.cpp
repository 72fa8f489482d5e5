// SPDX-License-Identifier: MIT
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/bohb.hpp>
#include <mend/search/evolution.hpp>
#include <mend/search/genetic.hpp>
#include <mend/search/grid.hpp>
#include <mend/search/halving.hpp>
#include <mend/search/hebo.hpp>
#include <mend/search/random.hpp>
#include <mend/search/sobol.hpp>
#include <mend/search/tpe.hpp>
#include <mend/study/minimize.hpp>

namespace study_searchers_tests {

using namespace mend;

namespace {

struct named {
    std::string name;
    any_searcher searcher;
};

std::vector<named> all_searchers() {
    constexpr mace_options quick{.population = 8, .generations = 3};
    return {
        {"random", random_search{}},
        {"sobol", sobol{}},
        {"grid", grid{}},
        {"genetic", genetic{}},
        {"generational", genetic{{.replacement = replacement::generational}}},
        {"evolution", evolution{{.width = 2}}},
        {"tpe", tpe{{.startup = 4, .width = 3}}},
        {"bohb", bohb{{.min_fidelity = 1.0 / 9, .width = 2}}},
        {"asynchronous bohb", bohb{{.mode = halving_mode::asynchronous, .width = 8}}},
        {"hyperband", hyperband{{.min_fidelity = 1.0 / 9, .width = 4}}},
        {"hebo", hebo{{.model_points = 8, .search = quick}}},
        {"hebo in batches", hebo{{.width = 8, .model_points = 8, .search = quick}}},
    };
}

} // namespace

TEST_CASE("searchers: a study with 1, 2 and 8 jobs tells the same trials") {
    space over;
    over.real("x", -1, 1)
        .integer("n", 1, 9)
        .categorical("kind", {"a", "b", "c"})
        .real("slope", 0, 1)
        .only_if("kind", {"c"});
    const auto f = [](const point& p) { // now and then NaN
        return p["n"] == 4 ? std::nan("") : std::abs(p["x"] - 0.2) + (p["kind"] == "c" ? 0 : 1);
    };
    for (const named& one : all_searchers()) {
        CAPTURE(one.name);
        const auto alone = minimize(f, over, one.searcher, trials(30), {.jobs = 1, .seed = 2});
        REQUIRE(alone.trials.size() == 30);
        for (const int jobs : {2, 8}) {
            const auto many =
                minimize(f, over, one.searcher, trials(30), {.jobs = jobs, .seed = 2});
            REQUIRE(many.trials.size() == 30);
            for (std::size_t i = 0; i < many.trials.size(); ++i) {
                CHECK(many.trials[i].proposal == alone.trials[i].proposal);
                CHECK(many.trials[i].outcome == alone.trials[i].outcome);
            }
        }
    }
}

} // namespace study_searchers_tests
