// SPDX-License-Identifier: MIT
// Measures the profiles of faults: how long a training takes and how far fixed and faulty are
// apart.
//     bench_profiles --faults D4,M1 --profile small --runs 20
// prints one JSON object a line. --data, --epochs and --batch-size try other sizes.
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <mend/fault/profile.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/stats/effect.hpp>

#include "runs.hpp"

namespace {

mend::document side(const bench::runs& runs) {
    mend::document out = mend::document::object();
    if (!runs.unbuildable.empty()) {
        out.set("error", runs.unbuildable);
        return out;
    }
    std::vector<double> seconds = runs.seconds;
    out.set("mean", bench::rounded(runs.mean()));
    out.set("std", bench::rounded(runs.deviation()));
    out.set("median_seconds", bench::rounded(mend::median(seconds)));
    out.set("most_seconds", bench::rounded(*std::max_element(seconds.begin(), seconds.end())));
    return out;
}

/// Cohen's d of the two sides, positive where the fixed one is better; 1000 where neither scatters.
double gap(const bench::runs& faulty, const bench::runs& fixed, mend::score_rule rule) {
    const double d = mend::cohens_d(fixed.scores, faulty.scores);
    return std::clamp(rule.higher_is_better() ? d : -d, -1000.0, 1000.0);
}

} // namespace

int main(int count, char** words) {
    CLI::App app("Measures the profiles of faults.", "bench_profiles");
    std::vector<std::string> ids;
    std::string profile = "small";
    std::string data;
    int runs = 20;
    std::int64_t epochs = 0;
    std::int64_t batch_size = 0;
    app.add_option("--faults", ids, "their ids")->delimiter(',')->required();
    app.add_option("--profile", profile, "full, small or tiny");
    app.add_option("--runs", runs, "trainings of each side (20)")->check(CLI::PositiveNumber);
    app.add_option("--data", data, "instead of the profile's");
    app.add_option("--epochs", epochs, "instead of the profile's");
    app.add_option("--batch-size", batch_size, "instead of the profile's");
    CLI11_PARSE(app, count, words);
    try {
        bench::dataset_cache datasets;
        for (mend::fault& whole : bench::catalogue()) {
            if (std::find(ids.begin(), ids.end(), whole.id) == ids.end()) {
                continue;
            }
            if (!data.empty() || epochs > 0 || batch_size > 0) {
                mend::fault_profile tried;
                tried.name = profile;
                tried.data = data;
                if (epochs > 0) {
                    tried.epochs = epochs;
                }
                if (batch_size > 0) {
                    tried.batch_size = batch_size;
                }
                whole.profiles = {tried};
            }
            const mend::fault f = mend::fault_in_profile(whole, profile);
            const mend::dataset& table = datasets(f.data);
            const mend::score_rule rule = mend::resolve_score(f.problem.compile.metrics, table);
            const bench::runs faulty = bench::train_runs(f.problem, table, rule, runs);
            const bench::runs fixed = bench::train_runs(
                mend::apply(f.problem, f.fix), datasets(f.data_of_fixed()), rule, runs
            );
            mend::document out = mend::document::object();
            out.set("id", f.id);
            out.set("profile", f.profile);
            out.set("data", table.name);
            out.set("runs", runs);
            out.set("faulty", side(faulty));
            out.set("fixed", side(fixed));
            if (faulty.scores.size() > 1 && fixed.scores.size() > 1) {
                out.set("d", bench::rounded(gap(faulty, fixed, rule)));
            }
            std::cout << mend::to_json(out) << std::endl;
        }
    } catch (const mend::error& mistake) {
        std::cerr << "bench_profiles: " << mistake.what() << '\n';
        return 2;
    }
}
