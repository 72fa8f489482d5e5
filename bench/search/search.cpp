// SPDX-License-Identifier: MIT
// Regret of every searcher on functions with a known minimum, beside what other optimisers reach
// there, and the CPU time that a proposal costs. Everything runs on one thread.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <mend/core/random.hpp>
#include <mend/search/bohb.hpp>
#include <mend/search/evolution.hpp>
#include <mend/search/genetic.hpp>
#include <mend/search/grid.hpp>
#include <mend/search/halving.hpp>
#include <mend/search/hebo.hpp>
#include <mend/search/random.hpp>
#include <mend/search/searcher.hpp>
#include <mend/search/sobol.hpp>
#include <mend/search/tpe.hpp>
#include <mend/stats/summary.hpp>
#include <mend/stats/tests.hpp>

#include "functions.hpp"
#include "published.hpp"

namespace {

struct contender {
    std::string_view name;
    mend::any_searcher (*make)(int parameters);
};

constexpr double least_fidelity = 1.0 / 81;

const std::vector<contender> contenders{
    {"random", [](int) { return mend::any_searcher(mend::random_search{}); }},
    {"sobol", [](int) { return mend::any_searcher(mend::sobol{}); }},
    {"grid", [](int) { return mend::any_searcher(mend::grid{}); }},
    {"genetic", [](int) { return mend::any_searcher(mend::genetic{}); }},
    {"generational",
     [](int) {
         return mend::any_searcher(mend::genetic{{.replacement = mend::replacement::generational}});
     }},
    {"evolution", [](int) { return mend::any_searcher(mend::evolution{}); }},
    {"tpe", [](int) { return mend::any_searcher(mend::tpe{}); }},
    {"tpe_univariate", [](int) { return mend::any_searcher(mend::tpe{{.multivariate = false}}); }},
    {"bohb_single", [](int) { return mend::any_searcher(mend::bohb{{.min_fidelity = 1}}); }},
    {"bohb", [](int) { return mend::any_searcher(mend::bohb{{.min_fidelity = least_fidelity}}); }},
    {"bohb_asynchronous",
     [](int) {
         return mend::any_searcher(mend::bohb{
             {.min_fidelity = least_fidelity, .mode = mend::halving_mode::asynchronous}});
     }},
    {"hyperband",
     [](int) { return mend::any_searcher(mend::hyperband{{.min_fidelity = least_fidelity}}); }},
    {"hebo",
     [](int parameters) { // begins as the original does
         return mend::any_searcher(mend::hebo{{.initial = 1 + parameters}});
     }},
    {"hebo_warped",
     [](int parameters) {
         return mend::any_searcher(mend::hebo{
             {.initial = 1 + parameters, .model = mend::hebo_model::warped}});
     }},
};

/// CPU seconds of this thread.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// One searcher, asked and told one proposal at a time.
class search_run {
public:
    search_run(const contender& who, const bench::test_function& f, std::uint64_t seed)
        : function_(f)
        , searcher_(who.make(static_cast<int>(f.over.size()))) {
        searcher_.start(f.over, seed);
    }

    void suggest(const std::vector<mend::point>& known) { searcher_.suggest(known); }

    /// One trial more; false where the searcher has no more or it would cost more than that.
    bool step(double most = std::numeric_limits<double>::infinity()) {
        const double begin = cpu_seconds();
        if (!next_) {
            next_ = searcher_.ask();
        }
        seconds_ += cpu_seconds() - begin;
        if (!next_ || cost_ + next_->fidelity > most + 1e-9) {
            return false;
        }
        mend::trial done;
        done.proposal = *std::exchange(next_, std::nullopt);
        const double fidelity = done.proposal.fidelity;
        const double seen = bench::value_at(function_, done.proposal.at, fidelity);
        done.outcome.values = {seen};
        // The incumbent has the lowest value seen at the highest fidelity so far.
        if (fidelity > highest_ || (fidelity == highest_ && seen < lowest_)) {
            highest_ = fidelity;
            lowest_ = seen;
            regret_ = function_.value(done.proposal.at) - function_.minimum;
        }
        cost_ += fidelity;
        ++steps_;
        const double middle = cpu_seconds();
        searcher_.tell(done);
        seconds_ += cpu_seconds() - middle;
        return true;
    }

    [[nodiscard]] double regret() const { return regret_; }

    [[nodiscard]] double seconds() const { return seconds_; }

    [[nodiscard]] int steps() const { return steps_; }

private:
    const bench::test_function& function_;
    mend::any_searcher searcher_;
    std::optional<mend::proposal> next_;
    double highest_ = 0;
    double lowest_ = 0;
    double regret_ = std::numeric_limits<double>::infinity();
    double cost_ = 0; ///< in evaluations at full fidelity, each paid from scratch
    double seconds_ = 0;
    int steps_ = 0;
};

struct checkpoint {
    int evaluations = 0;
    std::vector<double> regrets{}; ///< by seed
    double microseconds = 0;       ///< CPU per ask and tell since the checkpoint before

    [[nodiscard]] double quantile(double share) const { return mend::quantile(regrets, share); }

    /// Probability of such a lead over the other, or more, if there were no difference.
    [[nodiscard]] double p_better_than(const checkpoint& other) const {
        return mend::mann_whitney(regrets, other.regrets, mend::alternative::less).p;
    }
};

std::vector<checkpoint> measure(
    const contender& who,
    const bench::test_function& f,
    int seeds,
    const std::vector<int>& evaluations
) {
    std::vector<checkpoint> made;
    std::vector<double> seconds(evaluations.size());
    std::vector<int> steps(evaluations.size());
    for (const int e : evaluations) {
        made.push_back({.evaluations = e});
    }
    for (int seed = 0; seed < seeds; ++seed) {
        search_run run(who, f, static_cast<std::uint64_t>(seed));
        for (std::size_t k = 0; k < made.size(); ++k) {
            seconds[k] -= run.seconds();
            steps[k] -= run.steps();
            while (run.step(made[k].evaluations)) {
            }
            made[k].regrets.push_back(run.regret());
            seconds[k] += run.seconds();
            steps[k] += run.steps();
        }
    }
    for (std::size_t k = 0; k < made.size(); ++k) {
        made[k].microseconds = steps[k] > 0 ? 1e6 * seconds[k] / steps[k] : 0;
    }
    return made;
}

/// CPU microseconds per ask and tell once so many random points were told.
double microseconds_with(const contender& who, const bench::test_function& f, int observations) {
    search_run run(who, f, 0);
    mend::random_stream stream(0, 0, mend::purpose::search);
    std::vector<mend::point> known;
    for (int i = 0; i < observations; ++i) {
        known.push_back(f.over.sample(stream));
    }
    run.suggest(known);
    while (run.steps() < observations && run.step()) {
    }
    const double before = run.seconds();
    int timed = 0;
    for (constexpr int most = 50; timed < most && run.seconds() - before < 2 && run.step();) {
        ++timed;
    }
    return timed > 0 ? 1e6 * (run.seconds() - before) / timed : std::nan("");
}

void print_regret(
    const bench::test_function& f,
    const contender& who,
    const std::vector<checkpoint>& mine,
    const std::vector<checkpoint>& random
) {
    const bench::published_curve* const other = bench::find_published(f.name, who.name);
    for (std::size_t k = 0; k < mine.size(); ++k) {
        const checkpoint& at = mine[k];
        std::printf(
            "%-12s %-17s %5d  %10.4g %10.4g %10.4g  %8.2g  %9.0f",
            std::string(f.name).c_str(),
            std::string(who.name).c_str(),
            at.evaluations,
            at.quantile(0.25),
            at.quantile(0.5),
            at.quantile(0.75),
            at.p_better_than(random[k]),
            at.microseconds
        );
        const bench::published_regret* const peer = other ? other->after(at.evaluations) : nullptr;
        if (peer) {
            std::printf(
                "  | %10.4g %10.4g %10.4g  %8.2g  %8d  %6.0fx  %s",
                peer->q25,
                peer->median,
                peer->q75,
                peer->p,
                other->microseconds,
                other->microseconds / at.microseconds,
                at.quantile(0.5) < peer->q25    ? "below"
                : at.quantile(0.5) <= peer->q75 ? "within"
                                                : "above"
            );
        }
        std::printf("\n");
        std::fflush(stdout);
    }
}

/// All of a list by name; throws CLI::ValidationError for a name that is not in it.
template <class Item>
std::vector<Item>
choose(const std::vector<Item>& all, const std::vector<std::string>& names, const char* option) {
    if (names.empty()) {
        return all;
    }
    std::vector<Item> chosen;
    for (const std::string& name : names) {
        const auto at =
            std::find_if(all.begin(), all.end(), [&](const Item& i) { return i.name == name; });
        if (at == all.end()) {
            throw CLI::ValidationError(option, "\"" + name + "\" is not known");
        }
        chosen.push_back(*at);
    }
    return chosen;
}

/// The checkpoints asked for; a single number stands for those of the published curves up to it.
std::vector<int> checkpoints(std::vector<int> asked) {
    if (asked.size() == 1) {
        for (const int published : {10, 20, 40, 60}) {
            if (published < asked.front()) {
                asked.push_back(published);
            }
        }
    }
    std::sort(asked.begin(), asked.end());
    return asked;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"Regret and speed of the searchers, beside those of other optimisers"};
    std::vector<std::string> function_names;
    std::vector<std::string> searcher_names;
    std::vector<int> evaluations{60};
    int seeds = 30;
    bool json = false;
    app.add_option("--functions", function_names, "branin,hartmann6,rosenbrock10,mixed10")
        ->delimiter(',');
    app.add_option("--searchers", searcher_names, "by name, separated by commas")->delimiter(',');
    app.add_option("--seeds", seeds, "runs of each, of seeds 0, 1, ...")
        ->check(CLI::Range(1, 10000));
    app.add_option("--evaluations", evaluations, "how many, or after how many to look")
        ->delimiter(',')
        ->check(CLI::Range(1, 100000));
    app.add_flag("--json", json, "a list of rows instead of tables");
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    try {
        app.parse(argc, argv);
        const auto functions = choose(bench::test_functions(), function_names, "--functions");
        const auto chosen = choose(contenders, searcher_names, "--searchers");
        const std::vector<int> looks = checkpoints(evaluations);
        if (!json) {
            std::printf(
                "%-12s %-17s %5s  %10s %10s %10s  %8s  %9s  | %10s %10s %10s  %8s  %8s  %7s\n",
                "function",
                "searcher",
                "evals",
                "q25",
                "median",
                "q75",
                "p<random",
                "us/ask",
                "q25",
                "median",
                "q75",
                "p<random",
                "us/ask",
                "faster"
            );
        }
        for (const bench::test_function& f : functions) {
            const auto random = measure(contenders.front(), f, seeds, looks);
            for (const contender& who : chosen) {
                const auto mine = measure(who, f, seeds, looks);
                if (!json) {
                    print_regret(f, who, mine, random);
                    continue;
                }
                for (const checkpoint& at : mine) {
                    rows.push_back(
                        {{"function", f.name},
                         {"searcher", who.name},
                         {"evaluations", at.evaluations},
                         {"median", at.quantile(0.5)},
                         {"q25", at.quantile(0.25)},
                         {"q75", at.quantile(0.75)},
                         {"seeds", seeds},
                         {"microseconds_per_ask", at.microseconds}}
                    );
                }
            }
        }
        if (json) {
            std::printf("%s\n", rows.dump(1).c_str());
            return 0;
        }
        std::printf("\nmicroseconds of CPU per ask and tell, by observations\n");
        std::printf("%-12s %-17s %10s %10s %10s\n", "function", "searcher", "10", "100", "1000");
        for (const bench::test_function& f : functions) {
            for (const contender& who : chosen) {
                std::printf(
                    "%-12s %-17s %10.1f %10.1f %10.1f\n",
                    std::string(f.name).c_str(),
                    std::string(who.name).c_str(),
                    microseconds_with(who, f, 10),
                    microseconds_with(who, f, 100),
                    microseconds_with(who, f, 1000)
                );
                std::fflush(stdout);
            }
        }
    } catch (const CLI::ParseError& e) {
        return app.exit(e);
    }
    return 0;
}
