// SPDX-License-Identifier: MIT
// Writes include/mend/repair/guided_table.hpp: how often steps of each kind mend generated faults,
// and what each finding of a diagnosis adds to that.
//
//     build/bench/bench_guided_table [--faults 200] [--seed 1] [--jobs 2] >
//     include/mend/repair/guided_table.hpp
//
// Healthy problems are drawn over the toy data, digits and textures, and spoilt by one to three
// random changes. Every step from such a fault is trained once, with the seed of the fault; one
// that wins back half of what was lost counts as a fix. No published fault is looked at.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
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
    for (mend::index axis = 0; axis < data.sample().rank(); ++axis) {
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
        p.fit.epochs = std::max<std::int64_t>(1, p.fit.epochs / 10);
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
    std::vector<std::string> codes; ///< found with a confidence of at least 0.3
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
                if (f.confidence >= 0.3) {
                    made.codes.push_back(f.code);
                }
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

} // namespace

int main(int count, char** words) {
    std::size_t faults = 200;
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

    constexpr std::size_t kinds = step_kind_names.size();
    std::array<tally, kinds> base{};
    std::map<std::pair<std::string, std::size_t>, std::array<tally, 2>> by_code;
    std::map<std::string, int> codes;
    for (const observed& o : all) {
        for (const std::string& code : o.codes) {
            ++codes[code];
        }
    }
    for (const observed& o : all) {
        for (const auto& [kind, wins] : o.steps) {
            const auto k = static_cast<std::size_t>(kind);
            base[k].tried += 1;
            base[k].fixed += wins ? 1 : 0;
            for (const auto& [code, times] : codes) {
                const bool found = std::find(o.codes.begin(), o.codes.end(), code) != o.codes.end();
                tally& t = by_code[{code, k}][found ? 1 : 0];
                t.tried += 1;
                t.fixed += wins ? 1 : 0;
            }
        }
    }
    std::printf(
        "// SPDX-License-Identifier: MIT\n"
        "/// Written by bench/repair/guided_table.cpp (--faults %zu --seed %llu): how often steps "
        "of each\n"
        "/// kind won back half of what a generated fault had lost, and how findings change that.\n"
        "#pragma once\n\n"
        "#include <array>\n#include <string_view>\n\n"
        "#include <mend/repair/step.hpp>\n\n"
        "namespace mend {\n\n"
        "/// Log-odds that a step of a kind is a fix, in the order of step_kind.\n"
        "inline constexpr std::array<double, %zu> guided_base{\n",
        faults,
        static_cast<unsigned long long>(seed),
        kinds
    );
    for (std::size_t k = 0; k < kinds; ++k) {
        std::printf(
            "    %.2f, // %s: %.0f of %.0f\n",
            base[k].log_odds(),
            std::string(step_kind_names[k]).c_str(),
            base[k].fixed,
            base[k].tried
        );
    }
    std::printf("};\n\n/// What a finding, of full confidence, adds to the log-odds of a kind.\n"
                "struct guided_lift {\n    std::string_view code;\n    step_kind kind;\n    double "
                "weight;\n};\n\n");
    std::vector<std::string> lines;
    for (const auto& [key, t] : by_code) {
        const double lift = t[1].log_odds() - t[0].log_odds();
        // Shrunk towards 0 where few faults stand behind it.
        const double support = std::min(t[1].tried, t[0].tried);
        const double weight = lift * support / (support + 10);
        if (support >= 5 && std::abs(weight) >= 0.495) {
            std::array<char, 128> line{};
            std::snprintf(
                line.data(),
                line.size(),
                "    {\"%s\", step_kind::%s, %.2f},\n",
                key.first.c_str(),
                std::string(step_kind_names[key.second]).c_str(),
                weight
            );
            lines.emplace_back(line.data());
        }
    }
    std::printf("inline constexpr std::array<guided_lift, %zu> guided_lifts{{\n", lines.size());
    for (const std::string& line : lines) {
        std::printf("%s", line.c_str());
    }
    std::printf("}};\n\n} // namespace mend\n");
}
