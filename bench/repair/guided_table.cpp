// SPDX-License-Identifier: MIT
// Writes include/mend/repair/guided_table.hpp: how often steps of each kind mend generated faults,
// and what each finding of a diagnosis adds to that. To be formatted afterwards (clang-format).
//
//     build/bench/bench_guided_table [--faults 1000] [--seed 1] [--jobs 2] [--observed FILE] >
//     include/mend/repair/guided_table.hpp
//
// --observed keeps what was seen of the faults in a file, or fits to that of a file that is there.
//
// Healthy problems are drawn over the toy data, digits, textures and topics, and spoilt by one to
// three random changes. Every step from such a fault is trained once, with the seed of the fault;
// one that wins back half of what was lost counts as a fix. No published fault is looked at. The
// weights are those of a logistic regression for each kind, on the confidences of the findings and
// the traits of the step: findings that come together share what they say, instead of each counting
// in full.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/data/generators.hpp>
#include <mend/io/dataset.hpp>
#include <mend/repair/diagnose.hpp>
#include <mend/repair/repair.hpp>
#include <mend/repair/step.hpp>
#include <mend/repair/step_traits.hpp>
#include <mend/repair/steps.hpp>
#include <mend/study/parallel.hpp>

#include "drawn_problem.hpp"
#include "logistic.hpp"
#include "observed.hpp"

namespace {

using namespace mend;

/// The counts behind one number of the table.
struct tally {
    double tried = 0;
    double fixed = 0;

    /// Shrunk as if five more had been tried, half of one with success: a kind that was seldom
    /// tried is no favourite.
    [[nodiscard]] double log_odds() const {
        return std::log((fixed + 0.5) / (tried - fixed + 4.5));
    }
};

double final_score(
    const problem& p,
    const dataset& data,
    const data_parts& parts,
    score_rule rule,
    std::uint64_t seed
) {
    try {
        const training done = train(p, data, parts, rule, {.seed = seed});
        const double score = done.validation.metric;
        return done.status == status::completed && !std::isnan(score)
                   ? rule.cost(score)
                   : std::numeric_limits<double>::infinity();
    } catch (const error&) {
        return std::numeric_limits<double>::infinity();
    }
}

observed observe(std::uint64_t seed) {
    random_stream random(seed, 0, purpose::search);
    for (;;) {
        const healthy base = draw_healthy(random);
        const dataset data = read_dataset(base.data);
        const data_parts parts = repair_parts(base.p, data);
        const score_rule rule = resolve_score(base.p.compile.metrics, data);
        problem faulty = base.p;
        const auto changes = 1 + random.below(3);
        for (std::uint64_t i = 0; i < changes; ++i) {
            spoil(faulty, random);
        }
        if (faulty == base.p) {
            continue;
        }
        const double good = final_score(base.p, data, parts, rule, seed);
        const double bad = final_score(faulty, data, parts, rule, seed);
        const double gap = std::isfinite(bad) ? bad - good : 1;
        if (!std::isfinite(good) || gap < (rule.higher_is_better() ? 0.1 : std::abs(good))) {
            continue;
        }
        observed made;
        try {
            for (const finding& f : diagnose(faulty, data, parts, seed).findings) {
                double& confidence = made.findings[f.code];
                confidence = std::max(confidence, f.confidence);
            }
        } catch (const error&) {
            continue;
        }
        const fix_space space = repair_space(faulty, data);
        const point origin = *space.over().default_point();
        const data_facts facts = facts_of(data, parts);
        const bool scaled = facts.train.low >= -10 && facts.train.high <= 10;
        for (const step& s : steps_from(space, origin, facts.is_classification(), scaled)) {
            const auto to = take_step(space, origin, s);
            if (!to) {
                continue;
            }
            const problem changed = space.apply(*to);
            const double score = final_score(changed, data, parts, rule, seed);
            const bool wins =
                std::isfinite(score) && (!std::isfinite(bad) || score < bad - gap / 2);
            made.steps.push_back({s.kind, traits_of(faulty, changed, parts.train.size()), wins});
        }
        return made;
    }
}

/// Codes found in so many of the faults that something can be said of them.
std::vector<std::string> frequent_codes(const std::vector<observed>& all) {
    std::map<std::string, int> times;
    for (const observed& o : all) {
        for (const auto& [code, confidence] : o.findings) {
            times[code] += confidence >= 0.2 ? 1 : 0;
        }
    }
    std::vector<std::string> codes;
    for (const auto& [code, count] : times) {
        if (count >= 5) {
            codes.push_back(code);
        }
    }
    return codes;
}

/// The findings of a fault, then the traits of a step.
std::vector<double>
features_of(const observed& o, const observed_step& s, const std::vector<std::string>& codes) {
    std::vector<double> features;
    for (const std::string& code : codes) {
        const auto found = o.findings.find(code);
        features.push_back(found == o.findings.end() ? 0 : found->second);
    }
    features.insert(features.end(), s.traits.begin(), s.traits.end());
    return features;
}

/// What is believed of a kind of step: without a diagnosis, and with one.
struct kind_fit {
    tally alone;
    logistic_model model;
};

/// Of so many folds of faults one is left out; or none, where that has no such number.
constexpr std::size_t folds = 5;

std::vector<kind_fit> fit_kinds(
    const std::vector<observed>& all, const std::vector<std::string>& codes, std::size_t left_out
) {
    constexpr double ridge = 1; // by report_folds, of 1, 3 and 10
    std::vector<kind_fit> kinds(step_kind_names.size());
    std::vector<std::vector<std::vector<double>>> features(kinds.size());
    std::vector<std::vector<bool>> happened(kinds.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const observed_step& s : all[i].steps) {
            const auto k = static_cast<std::size_t>(s.kind);
            if (i % folds != left_out) {
                kinds[k].alone.tried += 1;
                kinds[k].alone.fixed += s.wins ? 1 : 0;
                features[k].push_back(features_of(all[i], s, codes));
                happened[k].push_back(s.wins);
            }
        }
    }
    const std::size_t width = codes.size() + step_trait_names.size();
    for (std::size_t k = 0; k < kinds.size(); ++k) {
        std::vector<logistic_row> rows;
        for (std::size_t i = 0; i < features[k].size(); ++i) {
            rows.push_back({features[k][i], happened[k][i]});
        }
        kinds[k].model = fit_logistic(rows, width, ridge, tally{}.log_odds());
    }
    return kinds;
}

/// Says on the standard error how well what four fifths of the faults teach foretells the rest.
void report_folds(const std::vector<observed>& all, const std::vector<std::string>& codes) {
    double alone = 0;
    double diagnosed = 0;
    double steps = 0;
    const auto surprise = [](double log_odds, bool happened) {
        return std::log1p(std::exp(happened ? -log_odds : log_odds));
    };
    for (std::size_t fold = 0; fold < folds; ++fold) {
        const std::vector<kind_fit> kinds = fit_kinds(all, codes, fold);
        for (std::size_t i = fold; i < all.size(); i += folds) {
            for (const observed_step& s : all[i].steps) {
                const kind_fit& k = kinds[static_cast<std::size_t>(s.kind)];
                alone += surprise(k.alone.log_odds(), s.wins);
                diagnosed += surprise(k.model.log_odds(features_of(all[i], s, codes)), s.wins);
                steps += 1;
            }
        }
    }
    std::fprintf(
        stderr,
        "%.0f steps, five folds: log loss %.4f without a diagnosis, %.4f with one\n",
        steps,
        alone / steps,
        diagnosed / steps
    );
}

void print_table(
    const std::vector<kind_fit>& kinds,
    const std::vector<std::string>& codes,
    std::size_t faults,
    std::uint64_t seed
) {
    std::printf(
        "// SPDX-License-Identifier: MIT\n"
        "/// Written by bench/repair/guided_table.cpp (--faults %zu --seed %llu): how often steps "
        "of each\n"
        "/// kind won back half of what a generated fault had lost, and how findings change that.\n"
        "#pragma once\n\n"
        "#include <array>\n#include <string_view>\n\n"
        "#include <mend/repair/step_traits.hpp>\n\n"
        "namespace mend {\n\n"
        "/// The codes of findings that were frequent enough.\n"
        "inline constexpr std::array<std::string_view, %zu> guided_codes{",
        faults,
        static_cast<unsigned long long>(seed),
        codes.size()
    );
    for (std::size_t c = 0; c < codes.size(); ++c) {
        std::printf("%s\"%s\"", c == 0 ? "" : ", ", codes[c].c_str());
    }
    std::printf(
        "};\n\n"
        "/// The log-odds that a step of a kind is a fix.\n"
        "struct guided_kind {\n"
        "    double alone; ///< where nothing is diagnosed\n"
        "    double base;  ///< after a diagnosis, without findings\n"
        "    std::array<double, guided_codes.size()> lifts; ///< by findings of full confidence\n"
        "    step_traits traits; ///< by traits of 1\n"
        "};\n\n"
        "/// In the order of step_kind.\n"
        "inline constexpr std::array<guided_kind, %zu> guided_kinds{{\n",
        kinds.size()
    );
    for (std::size_t k = 0; k < kinds.size(); ++k) {
        std::printf(
            "// %s: %.0f of %.0f\n{%.2f, %.2f, {",
            std::string(step_kind_names[k]).c_str(),
            kinds[k].alone.fixed,
            kinds[k].alone.tried,
            kinds[k].alone.log_odds(),
            kinds[k].model.base
        );
        for (std::size_t c = 0; c < kinds[k].model.weights.size(); ++c) {
            const char* between = c == 0 ? "" : c == codes.size() ? "}, {" : ", ";
            std::printf("%s%.2f", between, kinds[k].model.weights[c]);
        }
        std::printf("}},\n");
    }
    std::printf("}};\n\n} // namespace mend\n");
}

/// What was kept in the file, or else a look at so many faults, which is then kept there.
std::vector<observed>
observe_all(std::size_t faults, std::uint64_t seed, int jobs, const std::string& file) {
    if (std::ifstream before(file); before) {
        return read_observed(before, file);
    }
    std::vector<observed> all(faults);
    for_each_parallel(jobs, faults, [&](std::size_t i) {
        all[i] = observe(derived_seed(seed, purpose::generator, i));
    });
    if (!file.empty()) {
        std::ofstream after(file);
        write_observed(after, all);
    }
    return all;
}

} // namespace

int main(int count, char** words) {
    std::size_t faults = 1000;
    std::uint64_t seed = 1;
    int jobs = 2;
    std::string file;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view key = words[i];
        const auto value = std::strtoull(words[i + 1], nullptr, 10);
        if (key == "--faults") {
            faults = value;
        } else if (key == "--seed") {
            seed = value;
        } else if (key == "--jobs") {
            jobs = static_cast<int>(value);
        } else if (key == "--observed") {
            file = words[i + 1];
        } else {
            std::fprintf(stderr, "unknown option %s\n", words[i]);
            return 2;
        }
    }
    try {
        const std::vector<observed> all = observe_all(faults, seed, jobs, file);
        const std::vector<std::string> codes = frequent_codes(all);
        const std::vector<kind_fit> kinds = fit_kinds(all, codes, folds);
        report_folds(all, codes);
        print_table(kinds, codes, all.size(), seed);
    } catch (const error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 2;
    }
}
