// SPDX-License-Identifier: MIT
// Trains published configurations of the catalogue's faults and compares the means.
//     bench_fidelity --faults D1,D3 --configurations 20 --runs 10 --landscape
//     published_landscape.csv
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <mend/core/random.hpp>
#include <mend/fault/configuration.hpp>
#include <mend/fault/profile.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/study/parallel.hpp>

#include "runs.hpp"

namespace {

/// One line of the table of published configurations.
struct published_row {
    std::string fault;
    std::string configuration;
    double runs = 0;
    double mean = 0;
    double deviation = 0;
    std::string changed;
};

/// The fields of a line of comma-separated values, those with commas in quotes.
std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else if (c != '\r') {
            fields.back() += c;
        }
    }
    return fields;
}

std::vector<published_row> read_landscape(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line) || !line.starts_with("fault_id,config,n_runs,mean,std")) {
        throw mend::file_error(path, "is no table of published configurations");
    }
    std::vector<published_row> rows;
    while (std::getline(file, line)) {
        const std::vector<std::string> fields = fields_of(line);
        if (fields.size() != 7) {
            throw mend::data_error(path, "line " + std::to_string(rows.size() + 2) + " is broken");
        }
        rows.push_back(
            {fields[0],
             fields[1],
             std::stod(fields[2]),
             std::stod(fields[3]),
             std::stod(fields[4]),
             fields[6]}
        );
    }
    return rows;
}

/// A configuration, its published mean and what mend gets.
struct comparison {
    published_row published;
    bench::runs runs;
    bool agrees = false;
    std::string reason; ///< why it may not

    [[nodiscard]] bool measured() const noexcept { return !runs.scores.empty(); }
};

/// Whether the means lie within three standard errors of their difference. Published runs were
/// rounded to two decimals, so that half a hundredth comes on top.
bool agree(const comparison& c) {
    const double error = std::sqrt(
        std::pow(c.published.deviation, 2) / c.published.runs +
        std::pow(c.runs.deviation(), 2) / static_cast<double>(c.runs.scores.size())
    );
    return std::abs(c.published.mean - c.runs.mean()) <= 3 * error + 0.005;
}

std::string likely_reason(const comparison& c, const mend::fault& f, const std::string& data) {
    if (!c.runs.unbuildable.empty()) {
        return "cannot be built: " + c.runs.unbuildable;
    }
    if (f.profile != "full") {
        return "smaller profile";
    }
    if (data.find("in place of") != std::string::npos) {
        return "other data";
    }
    if (f.id == "D3") {
        return "the published rows are lost, these follow their rule";
    }
    if (f.id[0] == 'R' || f.id[0] == 'C' || f.id == "D5") {
        return "another edition of the data";
    }
    if (f.id == "099" && c.published.configuration.find("binary_cross") != std::string::npos) {
        return "with this loss the published accuracy counts single outputs";
    }
    if (f.id == "099") {
        return "published over ten folds, here one holdout";
    }
    if (c.published.deviation == 0 && c.runs.deviation() > 0.01) {
        return "published runs are one number, probably one run repeated";
    }
    if (c.runs.failed > 0) {
        return std::to_string(c.runs.failed) + " of the runs diverged";
    }
    if (std::max(c.published.deviation, c.runs.deviation()) > 0.1) {
        return "runs fall into two kinds, ten are few to weigh them";
    }
    return "not known";
}

double correlation(const std::vector<comparison>& all) {
    std::vector<double> x;
    std::vector<double> y;
    for (const comparison& c : all) {
        if (c.measured()) {
            x.push_back(c.published.mean);
            y.push_back(c.runs.mean());
        }
    }
    const double mean_x = mend::mean(x);
    const double mean_y = mend::mean(y);
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xy += (x[i] - mean_x) * (y[i] - mean_y);
        xx += std::pow(x[i] - mean_x, 2);
        yy += std::pow(y[i] - mean_y, 2);
    }
    return xy / std::sqrt(xx * yy);
}

mend::document
document_of(const mend::fault& f, const std::string& data, const std::vector<comparison>& all) {
    mend::document out = mend::document::object();
    std::size_t measured = 0;
    std::size_t agreeing = 0;
    mend::document disagreeing = mend::document::array();
    for (const comparison& c : all) {
        measured += c.measured();
        agreeing += c.agrees;
        if (c.agrees) {
            continue;
        }
        mend::document row = mend::document::object();
        row.set("changed", c.published.changed.empty() ? "nothing" : c.published.changed);
        row.set("published_mean", bench::rounded(c.published.mean));
        row.set("published_std", bench::rounded(c.published.deviation));
        row.set("mean", bench::rounded(c.measured() ? c.runs.mean() : std::nan("")));
        row.set("std", bench::rounded(c.runs.deviation()));
        row.set("reason", c.reason);
        disagreeing.push_back(std::move(row));
    }
    out.set("fault", f.id);
    out.set("profile", f.profile);
    out.set("data", data);
    out.set("configurations", all.size());
    out.set("measured", measured);
    out.set("within_3_standard_errors", agreeing);
    out.set(
        "share", bench::rounded(static_cast<double>(agreeing) / static_cast<double>(all.size()))
    );
    out.set("correlation", bench::rounded(correlation(all)));
    out.set("disagreeing", std::move(disagreeing));
    return out;
}

/// The fault at a profile's size with a configuration in the place of its fix.
mend::problem
sized(const mend::fault& f, const std::string& configuration, const std::string& profile) {
    mend::fault other = f;
    other.fix = mend::diff(f.problem, mend::configured(f, configuration));
    const mend::fault small = mend::fault_in_profile(other, profile);
    return mend::apply(small.problem, small.fix);
}

} // namespace

int main(int count, char** words) {
    CLI::App app("Compares mend's trainings with published ones.", "bench_fidelity");
    const char* folder = std::getenv("MEND_REFERENCE_DIR");
    std::string landscape =
        folder != nullptr ? std::string(folder) + "/published_landscape.csv" : std::string();
    std::vector<std::string> ids{"D1", "D3", "D6", "D7", "D8", "068", "48221692"};
    std::string profile = "full";
    std::size_t configurations = 20;
    int runs = 10;
    int jobs = 1;
    std::uint64_t seed = 0;
    bool json = false;
    app.add_option("--faults", ids, "ids (those whose data are generated)")->delimiter(',');
    app.add_option("--profile", profile, "full, small or tiny");
    app.add_option("--configurations", configurations, "of each fault, drawn; 0: all (20)");
    app.add_option("--runs", runs, "trainings of each (10)")->check(CLI::PositiveNumber);
    app.add_option("--jobs", jobs, "trainings at a time (1)")->check(CLI::PositiveNumber);
    app.add_option("--seed", seed, "draws the configurations (0)");
    app.add_option(
        "--landscape", landscape, "the table ($MEND_REFERENCE_DIR/published_landscape.csv)"
    );
    app.add_flag("--json", json, "print one JSON object");
    CLI11_PARSE(app, count, words);
    try {
        const std::vector<published_row> table = read_landscape(landscape);
        const std::vector<mend::fault> faults = bench::catalogue();
        mend::document results = mend::document::array();
        std::size_t agreeing = 0;
        std::size_t compared = 0;
        for (const std::string& id : ids) {
            const auto at = std::find_if(faults.begin(), faults.end(), [&](const mend::fault& f) {
                return f.id == id;
            });
            if (at == faults.end()) {
                throw mend::usage_error("--faults", "there is no " + id);
            }
            std::vector<comparison> all;
            for (const published_row& row : table) {
                if (row.fault == id) {
                    all.push_back({row, {}, false, {}});
                }
            }
            if (configurations > 0 && configurations < all.size()) {
                mend::random_stream stream(seed, 0, mend::purpose::search);
                stream.shuffle(std::span<comparison>(all));
                all.resize(configurations);
            }
            const mend::fault f = mend::fault_in_profile(*at, profile);
            // Of 098 the published graph starts from the corrected data.
            const mend::dataset data = mend::read_dataset(id == "098" ? f.fixed_data : f.data);
            const mend::score_rule rule = mend::resolve_score(f.problem.compile.metrics, data);
            mend::for_each_parallel(jobs, all.size(), [&](std::size_t i) {
                comparison& one = all[i];
                try {
                    const mend::problem p = sized(*at, one.published.configuration, profile);
                    one.runs = bench::train_runs(p, data, rule, runs);
                } catch (const mend::error& why) {
                    one.runs.unbuildable = why.what();
                }
                one.agrees = one.measured() && agree(one);
                one.reason = one.agrees ? "" : likely_reason(one, f, data.name);
            });
            compared += all.size();
            for (const comparison& one : all) {
                agreeing += one.agrees;
            }
            mend::document result = document_of(f, data.name, all);
            if (!json) {
                std::cout << mend::to_json(result, 1) << std::endl;
            }
            results.push_back(std::move(result));
        }
        if (json) {
            mend::document out = mend::document::object();
            out.set("runs", runs);
            out.set("seed", static_cast<std::int64_t>(seed));
            out.set("configurations", compared);
            out.set("within_3_standard_errors", agreeing);
            out.set("faults", std::move(results));
            std::cout << mend::to_json(out, 1) << std::endl;
        }
    } catch (const mend::error& mistake) {
        std::cerr << "bench_fidelity: " << mistake.what() << '\n';
        return 2;
    }
}
