// SPDX-License-Identifier: MIT
/// Are optimizer, batches, epochs and data such that a training can get anywhere?
///
/// Usual learning rates: an order of magnitude or so around the optimizers' published defaults
/// (Keras'; Adadelta: 1, Zeiler 2012), as Bengio 2012 ("Practical recommendations", 1e-6 .. 1,
/// default 0.01 for plain gradient descent) and NeuraLint put it. Inputs beyond +-10: AutoTrainer's
/// limit omega_1. The rest is common practice.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/repair/data_facts.hpp>
#include <mend/repair/finding.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/validate.hpp>

namespace mend::detail {

/// The usual learning rates of an optimizer and a good first try.
struct usual_rates {
    double low = 1e-4;
    double high = 0.01;
    double first = 0.001;
};

/// A setting of the optimizer of that key; nullptr where it has none.
[[nodiscard]] inline double* find_number(optimizer_spec& optimizer, std::string_view key) {
    for (const setting& s : settings_of(optimizer.kind)) {
        if (s.about.key == key && s.value.to<double>() != nullptr) {
            return s.value.to<double>();
        }
    }
    return nullptr;
}

[[nodiscard]] inline usual_rates rates_of(const optimizer_spec& optimizer) {
    const std::string_view name = optimizer.class_name();
    if (name == "SGD") {
        const double* momentum = find_number(const_cast<optimizer_spec&>(optimizer), "momentum");
        return momentum != nullptr && *momentum >= 0.5 ? usual_rates{5e-4, 0.1, 0.01}
                                                       : usual_rates{1e-3, 0.5, 0.01};
    }
    if (name == "Adadelta") {
        return {0.05, 2, 1};
    }
    if (name == "Adagrad") {
        return {1e-3, 0.2, 0.01};
    }
    if (name == "Adamax" || name == "Ftrl") {
        return {1e-4, 0.02, name == "Ftrl" ? 0.01 : 0.001};
    }
    return {};
}

[[nodiscard]] inline optimizer_spec adam_with(double rate) {
    return {adam_spec{.learning_rate = rate}};
}

class fit_check {
public:
    fit_check(finding_list& into, const data_facts& facts)
        : into_(into)
        , facts_(facts)
        , faulty_(into.faulty()) {}

    void run() {
        learning_rate();
        optimizer_settings();
        plain_descent();
        updates();
        batches();
        order();
        inputs();
        parts();
        labels();
    }

private:
    void learning_rate() {
        const optimizer_spec& optimizer = faulty_.compile.optimizer;
        const usual_rates usual = rates_of(optimizer);
        const double rate = optimizer.learning_rate();
        if (rate >= usual.low && rate <= usual.high) {
            return;
        }
        const bool large = rate > usual.high;
        const double decades =
            rate > 0 ? std::log10(large ? rate / usual.high : usual.low / rate) : 9;
        const std::string name(optimizer.class_name());
        finding& f = into_.add(
            "learning_rate",
            0.97 - 0.62 * std::exp(-1.3 * decades),
            into_.optimizer("learning_rate"),
            "a learning rate of " + short_text(rate) + " is " + (large ? "above" : "below") +
                " what " + name + " is usually given: " + short_text(usual.low) + " to " +
                short_text(usual.high)
        );
        f.evidence = {
            {"learning_rate", rate}, {"usual_low", usual.low}, {"usual_high", usual.high}};
        into_.suggest(f, [&](problem& p) { p.compile.optimizer.learning_rate(usual.first); });
        into_.suggest(f, [](problem& p) { p.compile.optimizer = adam_with(0.001); });
        // One step of ten towards the range, where the usual value is far from this one.
        into_.suggest(f, [&](problem& p) {
            p.compile.optimizer.learning_rate(large ? rate / 10 : rate * 10);
        });
    }

    void optimizer_settings() {
        struct limit {
            const char* key;
            double most;
            double good;
        };

        for (const limit& l :
             {limit{"momentum", 0.99, 0.9},
              limit{"beta_1", 0.99, 0.9},
              limit{"epsilon", 0.1, 1e-7}}) {
            optimizer_spec copy = faulty_.compile.optimizer;
            const double* value = find_number(copy, l.key);
            if (value == nullptr || *value < l.most) {
                continue;
            }
            finding& f = into_.add(
                "optimizer_setting",
                0.45,
                into_.optimizer(l.key),
                std::string(l.key) + " is " + short_text(*value) + ", usual are " +
                    short_text(l.good) + " and the like"
            );
            f.evidence = {{l.key, *value}};
            into_.suggest(f, [&](problem& p) {
                *find_number(p.compile.optimizer, l.key) = l.good;
            });
        }
    }

    /// Plain gradient descent needs many more updates than the adaptive optimizers.
    void plain_descent() {
        const auto* plain = get_if<sgd_spec>(&faulty_.compile.optimizer.kind);
        if (plain == nullptr || plain->momentum > 0 || facts_.train.rows == 0) {
            return;
        }
        finding& f = into_.add(
            "optimizer",
            steps() < 3000 ? 0.35 : 0.2,
            into_.optimizer(),
            "plain gradient descent without momentum is slow"
        );
        f.evidence = {{"updates", steps()}};
        into_.suggest(f, [](problem& p) { p.compile.optimizer = adam_with(0.001); });
        into_.suggest(f, [](problem& p) {
            get<sgd_spec>(p.compile.optimizer.kind).momentum = 0.9;
        });
    }

    [[nodiscard]] double steps() const {
        return static_cast<double>(faulty_.fit.epochs) *
               static_cast<double>(steps_per_epoch(facts_.train.rows, faulty_.fit.batch_size));
    }

    /// A network that starts from nothing wants some thousand updates.
    void updates() {
        const double done = steps();
        if (done >= 1500 || facts_.train.rows == 0) {
            return;
        }
        const auto batch = faulty_.fit.batch_size;
        finding& f = into_.add(
            "few_updates",
            std::clamp(0.8 - 0.26 * std::log10(std::max(done, 1.0) / 15), 0.1, 0.8),
            into_.fit("epochs"),
            counted(faulty_.fit.epochs, "epoch") + " of " +
                counted(steps_per_epoch(facts_.train.rows, batch), "batch", "batches") + " are " +
                short_text(done) + " updates"
        );
        f.evidence = {{"updates", done}};
        const auto more = [&](double factor) {
            into_.suggest(f, [&](problem& p) {
                p.fit.epochs =
                    std::llround(std::ceil(static_cast<double>(faulty_.fit.epochs) * factor));
            });
        };
        more(std::clamp(3000 / done, 2.0, 20.0));
        if (batch > 32) {
            into_.suggest(f, [](problem& p) { p.fit.batch_size = 32; });
        }
        more(2);
    }

    void batches() {
        const std::int64_t batch = faulty_.fit.batch_size;
        const std::int64_t count = steps_per_epoch(facts_.train.rows, batch);
        const bool small = batch < 8 && facts_.train.rows > 200;
        const bool large = count < 8 && batch > 32;
        if (!small && !large && batch <= 512) {
            return;
        }
        finding& f = into_.add(
            "batch_size",
            small ? (batch == 1 ? 0.4 : 0.25) : (large ? 0.4 : 0.25),
            into_.fit("batch_size"),
            small ? "batches of " + std::to_string(batch) + " make noisy updates"
                  : "batches of " + std::to_string(batch) + " give " + std::to_string(count) +
                        " updates per epoch"
        );
        f.evidence = {
            {"batch_size", static_cast<double>(batch)},
            {"updates_per_epoch", static_cast<double>(count)}};
        into_.suggest(f, [](problem& p) { p.fit.batch_size = 32; });
        into_.suggest(f, [](problem& p) { p.fit.batch_size = 128; });
    }

    void order() {
        if (faulty_.fit.shuffle || facts_.train.rows <= faulty_.fit.batch_size) {
            return;
        }
        finding& f = into_.add(
            "shuffle",
            0.12 + 0.8 * facts_.sorted_labels,
            into_.fit("shuffle"),
            facts_.sorted_labels > 0.3 ? "rows are sorted by class and not shuffled"
                                       : "rows are not shuffled"
        );
        f.evidence = {{"sorted_labels", facts_.sorted_labels}};
        into_.suggest(f, [](problem& p) { p.fit.shuffle = true; });
    }

    /// The inputs as the first layer with weights gets them.
    [[nodiscard]] feature_facts seen_inputs(bool& normalised) const {
        feature_facts seen = facts_.train;
        for (const layer_spec& layer : faulty_.model.layers) {
            if (const auto* scaled = get_if<rescaling_spec>(&layer.kind)) {
                const double size = std::abs(scaled->scale);
                const double ends[] = {
                    seen.low * scaled->scale + scaled->offset,
                    seen.high * scaled->scale + scaled->offset};
                seen.low = std::min(ends[0], ends[1]);
                seen.high = std::max(ends[0], ends[1]);
                seen.mean = seen.mean * scaled->scale + scaled->offset;
                seen.deviation *= size;
                seen.smallest_deviation *= size;
                seen.largest_deviation *= size;
            } else if (holds<normalization_spec>(layer) || layer.class_name() == "BatchNormalization" || layer.class_name() == "LayerNormalization") {
                normalised = true;
            } else if (layer.class_name() == "Embedding") {
                normalised = true; // its inputs are numbers of rows
            } else if (layer.class_name() != "Flatten" && layer.class_name() != "Reshape") {
                break;
            }
        }
        return seen;
    }

    void inputs() {
        bool normalised = false;
        const feature_facts seen = seen_inputs(normalised);
        if (facts_.train.rows == 0) {
            return;
        }
        if (facts_.train.constant == 1) {
            into_.add(
                "constant_inputs",
                0.97,
                "",
                "every feature is the same in all rows: nothing to learn"
            );
            return;
        }
        if (normalised) {
            return;
        }
        const double largest = std::max(std::abs(seen.low), std::abs(seen.high));
        const double ratio =
            seen.smallest_deviation > 0 ? seen.largest_deviation / seen.smallest_deviation : 1;
        const double size = std::sqrt(seen.mean * seen.mean + seen.deviation * seen.deviation);
        const bool wide = largest > 10 && size > 2;
        const bool tiny = largest < 0.02;
        if (!wide && !tiny && ratio < 100) {
            return;
        }
        const bool uneven = !wide && !tiny;
        const double away = wide ? std::log10(size / 2) : tiny ? std::log10(0.02 / largest) : 0;
        finding& f = into_.add(
            uneven ? "feature_scales" : "input_scale",
            uneven ? std::min(0.25 + 0.1 * std::log10(ratio / 100), 0.5)
                   : 0.75 - 0.45 * std::exp(-away),
            into_.layer(0),
            uneven ? "features differ in scale, by a factor of " + short_text(ratio)
                   : "inputs range from " + short_text(seen.low) + " to " + short_text(seen.high)
        );
        f.evidence = {
            {"low", seen.low},
            {"high", seen.high},
            {"mean", seen.mean},
            {"deviation", seen.deviation},
            {"deviation_ratio", ratio}};
        const auto front = [&](const layer_kind& kind) {
            into_.suggest(f, [&](problem& p) {
                p.model.layers.insert(p.model.layers.begin(), layer_spec{kind});
            });
        };
        const bool bytes = seen.low >= 0 && seen.high > 100 && seen.high <= 255;
        if (bytes) {
            front(rescaling_spec{.scale = 1.0 / 255});
        }
        front(normalization_spec{});
        if (tiny && !bytes) {
            front(rescaling_spec{.scale = std::pow(10, std::round(-std::log10(largest)))});
        }
    }

    /// Whether validation or test inputs are of another scale than those to train on.
    void parts() {
        const auto size = [](const feature_facts& f) {
            return std::max(std::abs(f.low), std::abs(f.high));
        };
        const auto compare = [&](const feature_facts& other, const char* name) {
            const double here = size(facts_.train);
            const double there = size(other);
            if (other.rows < 20 || !(here > 0) || !(there > 0)) {
                return;
            }
            const double ratio = there / here;
            const double spread = facts_.train.deviation > 0 && other.deviation > 0
                                      ? other.deviation / facts_.train.deviation
                                      : 1;
            const bool differs = (ratio > 8 || ratio < 1.0 / 8) && (spread > 5 || spread < 0.2);
            if (!differs) {
                return;
            }
            finding& f = into_.add(
                "parts_differ",
                0.95,
                "",
                std::string("the inputs of the ") + name + " part range from " +
                    short_text(other.low) + " to " + short_text(other.high) +
                    ", those to train on from " + short_text(facts_.train.low) + " to " +
                    short_text(facts_.train.high) + ": they are not scaled alike"
            );
            f.evidence = {
                {"train_low", facts_.train.low},
                {"train_high", facts_.train.high},
                {std::string(name) + "_low", other.low},
                {std::string(name) + "_high", other.high}};
        };
        compare(facts_.validation, "validation");
        compare(facts_.test, "test");
    }

    void labels() {
        if (facts_.label_factor > 0) {
            finding& f = into_.add(
                "scaled_labels",
                0.9,
                "",
                "the targets look like class labels multiplied by " +
                    short_text(facts_.label_factor)
            );
            f.evidence = {{"factor", facts_.label_factor}};
        } else if (!facts_.is_classification() && facts_.target_deviation > 100) {
            finding& f = into_.add(
                "target_scale",
                0.4,
                "",
                "the targets spread by " + short_text(facts_.target_deviation) +
                    ": large numbers make large steps"
            );
            f.evidence = {{"deviation", facts_.target_deviation}};
            into_.suggest(f, [](problem& p) {
                p.compile.optimizer.learning_rate(p.compile.optimizer.learning_rate() / 10);
            });
        }
        if (facts_.class_counts.size() < 2) {
            return;
        }
        const auto [fewest, most] =
            std::minmax_element(facts_.class_counts.begin(), facts_.class_counts.end());
        if (*fewest * 10 > *most) {
            return;
        }
        const double ratio =
            static_cast<double>(*most) / std::max(static_cast<double>(*fewest), 1.0);
        finding& f = into_.add(
            "imbalance",
            std::min(0.1 + 0.12 * std::log10(ratio), 0.45),
            "",
            "class " + std::to_string(fewest - facts_.class_counts.begin()) + " has " +
                counted(*fewest, "row") + " to train on, class " +
                std::to_string(most - facts_.class_counts.begin()) + " has " + std::to_string(*most)
        );
        f.evidence = {
            {"fewest", static_cast<double>(*fewest)}, {"most", static_cast<double>(*most)}};
        if (faulty_.fit.class_weight.weights.empty()) {
            into_.suggest(f, [&](problem& p) { p.fit.class_weight = balanced_weights(); });
        }
    }

    /// Weights with which every class counts the same, rows / (classes x rows of the class), to
    /// three digits; 1 for a class without rows.
    [[nodiscard]] class_weights balanced_weights() const {
        const std::vector<index>& counts = facts_.class_counts;
        const auto rows = std::accumulate(counts.begin(), counts.end(), 0.0);
        class_weights made;
        for (std::size_t c = 0; c < counts.size(); ++c) {
            double weight = 1;
            if (counts[c] > 0) {
                weight = rows / static_cast<double>(counts.size()) / static_cast<double>(counts[c]);
                const double digits = std::pow(10, 2 - std::floor(std::log10(weight)));
                weight = std::round(weight * digits) / digits;
            }
            made.weights.emplace_back(static_cast<std::int64_t>(c), weight);
        }
        return made;
    }

    finding_list& into_;
    const data_facts& facts_;
    const problem& faulty_;
};

} // namespace mend::detail
