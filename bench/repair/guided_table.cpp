// SPDX-License-Identifier: MIT
// Writes include/mend/repair/guided_table.hpp: how often steps of each kind mend generated faults,
// and what each finding of a diagnosis adds to that. To be formatted afterwards (clang-format).
//
//     build/bench/bench_guided_table [--faults 300] [--seed 1] [--jobs 2] >
//     include/mend/repair/guided_table.hpp
//
// Healthy problems are drawn over the toy data, digits and textures, and spoilt by one to three
// random changes. Every step from such a fault is trained once, with the seed of the fault; one
// that wins back half of what was lost counts as a fix. No published fault is looked at. The
// weights are those of a logistic regression for each kind, on the confidences of the findings:
// findings that come together share what they say, instead of each counting in full.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
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
#include <mend/repair/steps.hpp>
#include <mend/study/parallel.hpp>

#include "logistic.hpp"

namespace {

using namespace mend;

template <class Value>
const Value& pick(const std::vector<Value>& from, random_stream& random) {
    return from[random.below(from.size())];
}

/// Data and a problem that learns it.
struct healthy {
    std::string data;
    problem p;
};

healthy draw_healthy(random_stream& random) {
    static const std::vector<std::string> words{
        "blobs?n=400",
        "circles?n=400",
        "moons?n=400",
        "spirals?n=500",
        "line?n=400",
        "digits?n=600",
        "textures?n=400",
        "digits?n=600"};
    healthy made;
    made.data = pick(words, random);
    const dataset data = read_dataset(made.data);
    const bool image = made.data.starts_with("digits") || made.data.starts_with("textures");
    const std::string act = pick<std::string>({"relu", "relu", "tanh", "elu"}, random);
    model_spec& m = made.p.model;
    for (int axis = 0; axis < data.sample().rank(); ++axis) {
        m.input_shape.push_back(data.sample()[axis]);
    }
    if (image && random.uniform() < 0.7) {
        m.layers.push_back({conv2d_spec{.filters = 8, .activation = act}});
        m.layers.push_back({max_pooling2d_spec{}});
        if (random.uniform() < 0.5) {
            m.layers.push_back({conv2d_spec{.filters = 8, .activation = act}});
        }
    }
    if (image) {
        m.layers.push_back({flatten_spec{}});
    }
    const int hidden = 1 + static_cast<int>(random.below(3));
    for (int i = 0; i < hidden; ++i) {
        m.layers.push_back({dense_spec{
            .units = pick<std::int64_t>({16, 24, 32, 48}, random), .activation = act}});
        if (random.uniform() < 0.2) {
            m.layers.push_back({dropout_spec{.rate = 0.2}});
        }
    }
    const bool labels = data.is_classification();
    const bool single = data.classes == 2 && random.uniform() < 0.5;
    m.layers.push_back({dense_spec{
        .units = !labels  ? data.outputs()
                 : single ? 1
                          : data.classes,
        .activation = !labels  ? "linear"
                      : single ? "sigmoid"
                               : "softmax"}});
    made.p.compile.loss.name = !labels  ? "mean_squared_error"
                               : single ? "binary_crossentropy"
                                        : "categorical_crossentropy";
    made.p.compile.metrics = {labels ? "accuracy" : "mae"};
    optimizer_spec& o = made.p.compile.optimizer;
    const double kind = random.uniform();
    o.kind = kind < 0.5    ? optimizer_spec_kind(adam_spec{.learning_rate = 0.005})
             : kind < 0.75 ? optimizer_spec_kind(rmsprop_spec{.learning_rate = 0.003})
                           : optimizer_spec_kind(sgd_spec{.learning_rate = 0.05, .momentum = 0.9});
    made.p.fit.batch_size = pick<std::int64_t>({16, 32, 64}, random);
    made.p.fit.epochs = image ? 8 : 20;
    return made;
}

std::vector<dense_spec*> dense_layers(problem& p) {
    std::vector<dense_spec*> found;
    for (layer_spec& l : p.model.layers) {
        if (auto* d = mend::get_if<dense_spec>(&l.kind)) {
            found.push_back(d);
        }
    }
    return found;
}

/// One random change for the worse.
void spoil(problem& p, random_stream& random) {
    const auto dense = dense_layers(p);
    dense_spec& some = *dense[random.below(dense.size())];
    dense_spec& last = *dense.back();
    const double rate = p.compile.optimizer.learning_rate();
    const bool labels = p.compile.metrics.front() == "accuracy";
    switch (random.below(14)) {
    case 0:
        p.compile.optimizer.learning_rate(
            rate * pick<double>({1e-4, 1e-3, 1e-2, 30, 100, 300}, random)
        );
        break;
    case 1:
        p.compile.optimizer.learning_rate(rate * pick<double>({1e-3, 1e-2, 100}, random));
        break;
    case 2:
        p.compile.optimizer.kind =
            pick<optimizer_spec_kind>({sgd_spec{.learning_rate = 0.001}, adadelta_spec{}}, random);
        break;
    case 3:
        last.activation = labels ? pick<std::string>({"linear", "relu", "softsign", "tanh"}, random)
                                 : pick<std::string>({"sigmoid", "tanh", "softmax"}, random);
        break;
    case 4:
        last.activation = last.units == 1 && labels ? "softmax" : last.activation;
        p.compile.loss.name =
            labels
                ? pick<std::string>(
                      {"mean_absolute_error", "hinge", "mean_squared_error", "poisson"}, random
                  )
                : pick<std::string>(
                      {"mean_absolute_percentage_error", "mean_squared_logarithmic_error"}, random
                  );
        break;
    case 5:
        for (dense_spec* d : dense) {
            if (d != &last) {
                d->activation = pick<std::string>({"linear", "sigmoid"}, random);
            }
        }
        break;
    case 6:
        some.activation =
            &some == &last ? some.activation
                           : pick<std::string>({"hard_sigmoid", "exponential", "softmax"}, random);
        break;
    case 7:
        some.kernel_initializer.name = pick<std::string>({"zeros", "ones"}, random);
        break;
    case 8:
        some.kernel_initializer.name = "random_normal";
        some.kernel_initializer.stddev = pick<double>({1e-4, 3}, random);
        break;
    case 9:
        some.kernel_regularizer.l1 = pick<double>({0.01, 0.1}, random);
        break;
    case 10:
        p.model.layers.insert(p.model.layers.end() - 1, layer_spec{dropout_spec{.rate = 0.9}});
        break;
    case 11:
        p.fit.batch_size = 512;
        break;
    case 12:
        p.fit.epochs =
            std::max<std::int64_t>(1, p.fit.epochs / pick<std::int64_t>({5, 10, 20}, random));
        break;
    default:
        some.units = &some == &last ? some.units : pick<std::int64_t>({1, 2}, random);
        break;
    }
}

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

struct observed {
    std::map<std::string, double> findings; ///< the confidence of each code
    std::vector<std::pair<step_kind, bool>> steps;
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
            const double score = final_score(space.apply(*to), data, parts, rule, seed);
            const bool wins =
                std::isfinite(score) && (!std::isfinite(bad) || score < bad - gap / 2);
            made.steps.emplace_back(s.kind, wins);
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

std::vector<double> features_of(const observed& o, const std::vector<std::string>& codes) {
    std::vector<double> features;
    for (const std::string& code : codes) {
        const auto found = o.findings.find(code);
        features.push_back(found == o.findings.end() ? 0 : found->second);
    }
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
    std::vector<std::vector<double>> features;
    for (const observed& o : all) {
        features.push_back(features_of(o, codes));
    }
    std::vector<kind_fit> kinds(step_kind_names.size());
    std::vector<std::vector<logistic_row>> rows(kinds.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const auto& [kind, wins] : all[i].steps) {
            const auto k = static_cast<std::size_t>(kind);
            if (i % folds != left_out) {
                kinds[k].alone.tried += 1;
                kinds[k].alone.fixed += wins ? 1 : 0;
                rows[k].push_back({features[i], wins});
            }
        }
    }
    for (std::size_t k = 0; k < kinds.size(); ++k) {
        kinds[k].model = fit_logistic(rows[k], codes.size(), ridge, tally{}.log_odds());
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
            const std::vector<double> features = features_of(all[i], codes);
            for (const auto& [kind, wins] : all[i].steps) {
                const kind_fit& k = kinds[static_cast<std::size_t>(kind)];
                alone += surprise(k.alone.log_odds(), wins);
                diagnosed += surprise(k.model.log_odds(features), wins);
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
        for (std::size_t c = 0; c < codes.size(); ++c) {
            std::printf("%s%.2f", c == 0 ? "" : ", ", kinds[k].model.weights[c]);
        }
        std::printf("}},\n");
    }
    std::printf("}};\n\n} // namespace mend\n");
}

} // namespace

int main(int count, char** words) {
    std::size_t faults = 300;
    std::uint64_t seed = 1;
    int jobs = 2;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view key = words[i];
        const auto value = std::strtoull(words[i + 1], nullptr, 10);
        if (key == "--faults") {
            faults = value;
        } else if (key == "--seed") {
            seed = value;
        } else if (key == "--jobs") {
            jobs = static_cast<int>(value);
        } else {
            std::fprintf(stderr, "unknown option %s\n", words[i]);
            return 2;
        }
    }
    std::vector<observed> all(faults);
    for_each_parallel(jobs, faults, [&](std::size_t i) {
        all[i] = observe(derived_seed(seed, purpose::generator, i));
    });

    const std::vector<std::string> codes = frequent_codes(all);
    const std::vector<kind_fit> kinds = fit_kinds(all, codes, folds);
    report_folds(all, codes);
    print_table(kinds, codes, faults, seed);
}
