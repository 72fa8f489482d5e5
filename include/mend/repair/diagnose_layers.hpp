// SPDX-License-Identifier: MIT
/// Are the layers ones that can learn? Initial weights, non-linearities, widths, dropout,
/// penalties, frozen layers.
///
/// Sources: Glorot, Bengio 2010 and He et al. 2015 for the size of initial weights; NeuraLint
/// (Nikanjam et al. 2021) for equal weights and missing non-linearities; AutoTrainer's limit of
/// mean outputs of 10.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/repair/data_facts.hpp>
#include <mend/repair/diagnose_output.hpp>
#include <mend/repair/finding.hpp>
#include <mend/spec/initializer_spec.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/outline.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>

namespace mend::detail {

/// Mean of w^2 of a drawn weight, and of |w|.
struct initial_size {
    double square = 0;
    double absolute = 0;
    bool equal = false; ///< all weights are one number
};

[[nodiscard]] inline initial_size
size_of_initial(const initializer_spec& given, double fan_in, double fan_out) {
    const initializer_spec how = normalised(given);
    const auto normal = [](double deviation) {
        return initial_size{
            deviation * deviation, deviation * std::sqrt(2 / 3.14159265358979), deviation == 0};
    };
    const auto uniform = [](double low, double high) {
        const double bound = std::max(std::abs(low), std::abs(high));
        return initial_size{(low * low + low * high + high * high) / 3, bound / 2, low == high};
    };
    const std::string& name = how.name;
    if (name == "zeros") {
        return {0, 0, true};
    }
    if (name == "ones") {
        return {1, 1, true};
    }
    if (name == "constant") {
        return {how.value * how.value, std::abs(how.value), true};
    }
    if (name == "random_normal") {
        return normal(how.stddev);
    }
    if (name == "truncated_normal") {
        return normal(0.88 * how.stddev); // of a normal cut off at two deviations
    }
    if (name == "random_uniform") {
        return uniform(how.minval, how.maxval);
    }
    if (name == "orthogonal" || name == "identity") {
        return normal(how.gain / std::sqrt(std::max(fan_in, fan_out)));
    }
    const double scale = name == "variance_scaling" ? how.scale : name.starts_with("he_") ? 2 : 1;
    const bool average = name.starts_with("glorot") || how.mode == "fan_avg";
    const double fan = name.starts_with("he_") || name.starts_with("lecun_") ? fan_in
                       : average               ? (fan_in + fan_out) / 2
                       : how.mode == "fan_out" ? fan_out
                                               : fan_in;
    return normal(std::sqrt(scale / std::max(fan, 1.0)));
}

/// The initialiser that goes with an activation.
[[nodiscard]] inline const char* initializer_for(std::string_view activation) {
    return activation == "selu" ? "lecun_normal"
           : activation.find("relu") != std::string_view::npos || activation == "elu"
               ? "he_uniform"
               : "glorot_uniform";
}

class layer_check_rules {
public:
    layer_check_rules(finding_list& into, const data_facts& facts)
        : into_(into)
        , facts_(facts)
        , faulty_(into.faulty())
        , layers_(outline(faulty_.model))
        , shapes_(infer_shapes(faulty_.model)) {}

    void run() {
        if (layers_.empty() || !shapes_.why.empty()) {
            return;
        }
        initial_weights();
        linear_layers();
        hidden_functions();
        widths();
        dropout();
        frozen();
        penalties();
    }

private:
    [[nodiscard]] bool is_output(const outlined_layer& l) const {
        return l.layer == layers_.back().layer;
    }

    /// Weights per output of the layer and per input, without the bias.
    struct fans {
        double in = 1;
        double out = 1;
        double weights = 1;
    };

    [[nodiscard]] fans fans_of(const outlined_layer& l) const {
        const layer_cost& cost = shapes_.layers[l.layer];
        const auto inputs = static_cast<double>(cost.input.back());
        const auto outputs = static_cast<double>(cost.output.back());
        const double weights = std::max(static_cast<double>(cost.parameters) - outputs, 1.0);
        const double window = std::max(weights / std::max(inputs * outputs, 1.0), 1.0);
        return {inputs * window, outputs * window, weights};
    }

    [[nodiscard]] const initializer_spec& kernel_of(std::size_t i) const {
        return *find_kernel_initializer(const_cast<layer_spec&>(faulty_.model.layers[i]));
    }

    static void set_kernel(problem& p, const outlined_layer& l) {
        *find_kernel_initializer(p.model.layers[l.layer]) =
            initializer_spec{.name = initializer_for(l.function)};
    }

    void initial_weights() {
        std::vector<outlined_layer> equal;
        for (const outlined_layer& l : layers_) {
            const fans f = fans_of(l);
            const initial_size size = size_of_initial(kernel_of(l.layer), f.in, f.out);
            if (size.equal && (!is_output(l) || size.square > 0)) {
                equal.push_back(l);
            } else if (size.equal) {
                add_equal(l, size, {}, 0.15); // a zero output layer learns from the first step
            } else {
                wrong_size(l, size, f);
            }
            biases(l);
        }
        for (const outlined_layer& l : equal) {
            const fans f = fans_of(l);
            const initial_size size = size_of_initial(kernel_of(l.layer), f.in, f.out);
            const bool symmetric = !is_output(l);
            add_equal(l, size, equal, symmetric ? (size.square == 0 ? 0.98 : 0.95) : 0.4);
        }
    }

    void add_equal(
        const outlined_layer& l,
        const initial_size& size,
        const std::vector<outlined_layer>& equal,
        double confidence
    ) {
        finding& f = into_.add(
            "equal_weights",
            confidence,
            into_.layer(l.layer, "kernel_initializer"),
            "all weights of " + layer_text(faulty_, l.layer) + " start at " +
                short_text(std::sqrt(size.square)) + (is_output(l) ? "" : ": its units stay alike")
        );
        f.evidence = {{"initial_weight", std::sqrt(size.square)}};
        if (equal.size() > 1) {
            into_.suggest(f, [&](problem& p) {
                for (const outlined_layer& other : equal) {
                    set_kernel(p, other);
                }
            });
        }
        into_.suggest(f, [&](problem& p) { set_kernel(p, l); });
    }

    /// Gain = deviation of the weights x sqrt(fan in): about 1 keeps the size of what passes.
    void wrong_size(const outlined_layer& l, const initial_size& size, const fans& fan) {
        const double gain = std::sqrt(size.square * fan.in);
        const bool large = gain > 4;
        if (!large && !(gain < 0.15)) {
            return;
        }
        const double away = large ? gain / 4 : 0.15 / std::max(gain, 1e-12);
        const double most = large ? 0.85 : 0.6;
        const double depth = std::min(1.0, static_cast<double>(layers_.size()) / 4);
        finding& f = into_.add(
            large ? "large_initial_weights" : "small_initial_weights",
            (0.3 + (most - 0.3) * (1 - 1 / away)) * (large ? 1 : 0.4 + 0.6 * depth),
            into_.layer(l.layer, "kernel_initializer"),
            "the initial weights of " + layer_text(faulty_, l.layer) + " make what passes " +
                short_text(gain) + " times as large"
        );
        f.evidence = {{"gain", gain}, {"fan_in", fan.in}};
        into_.suggest(f, [&](problem& p) { set_kernel(p, l); });
        into_.suggest(f, [&](problem& p) {
            for (const outlined_layer& other : layers_) {
                set_kernel(p, other);
            }
        });
    }

    void biases(const outlined_layer& l) {
        const initializer_spec* bias =
            find_bias_initializer(const_cast<layer_spec&>(faulty_.model.layers[l.layer]));
        if (bias == nullptr) {
            return;
        }
        const initial_size size = size_of_initial(*bias, 1, 1);
        const bool off = bias->name == "constant" && bias->value < -0.5 &&
                         l.function.find("relu") != std::string::npos;
        if (size.square < 0.5 && !off) {
            return;
        }
        finding& f = into_.add(
            "initial_bias",
            off ? 0.8 : 0.15 + 0.4 * (1 - 1 / std::max(1.0, std::sqrt(size.square))),
            into_.layer(l.layer, "bias_initializer"),
            "the biases of " + layer_text(faulty_, l.layer) + " start far from 0"
        );
        f.evidence = {{"size", std::sqrt(size.square)}};
        into_.suggest(f, [&](problem& p) {
            *find_bias_initializer(p.model.layers[l.layer]) = initializer_spec{.name = "zeros"};
        });
    }

    void linear_layers() {
        std::vector<outlined_layer> straight;
        std::size_t bent = 0;
        for (const outlined_layer& l : layers_) {
            if (!is_output(l)) {
                (l.bends ? void(++bent) : straight.push_back(l));
            }
        }
        for (const outlined_layer& l : straight) {
            finding& f = into_.add(
                "missing_activation",
                bent == 0 ? 0.9 : 0.5,
                into_.layer(l.layer, "activation"),
                "nothing non-linear stands between " + layer_text(faulty_, l.layer) +
                    " and the next" + (bent == 0 ? ": the whole model is linear" : "")
            );
            f.evidence = {
                {"linear_layers", static_cast<double>(straight.size())},
                {"hidden_layers", static_cast<double>(straight.size() + bent)}};
            if (straight.size() > 1) {
                into_.suggest(f, [&](problem& p) {
                    for (const outlined_layer& other : straight) {
                        set_activation(p.model, other, "relu");
                    }
                });
            }
            into_.suggest(f, [&](problem& p) { set_activation(p.model, l, "relu"); });
        }
    }

    void hidden_functions() {
        std::size_t squashing = 0;
        for (const outlined_layer& l : layers_) {
            squashing += !is_output(l) && is_one_of(l.function, {"sigmoid", "hard_sigmoid"});
        }
        for (const outlined_layer& l : layers_) {
            if (is_output(l)) {
                continue;
            }
            double confidence = 0;
            std::string why;
            if (l.function == "softmax") {
                confidence = 0.65;
                why = "leaves little of what passes";
            } else if (l.function == "exponential") {
                confidence = 0.6;
                why = "grows without bounds";
            } else if (is_one_of(l.function, {"sigmoid", "hard_sigmoid"})) {
                // Each halves the deviation and passes at most a quarter of the gradient.
                confidence = squashing >= 3 ? 0.7 : squashing == 2 ? 0.35 : 0.2;
                why = "passes at most a quarter of the gradient";
            } else if (is_one_of(l.function, {"tanh", "softsign"}) && layers_.size() > 6) {
                confidence = 0.25;
                why = "saturates, and the model is deep";
            } else {
                continue;
            }
            finding& f = into_.add(
                "hidden_activation",
                confidence,
                into_.layer(l.activation, "activation"),
                l.function + " after " + layer_text(faulty_, l.layer) + " " + why
            );
            f.evidence = {
                {"such_layers", static_cast<double>(std::max<std::size_t>(squashing, 1))}};
            const auto all = [&](problem& p) {
                for (const outlined_layer& other : layers_) {
                    if (!is_output(other) && other.function == l.function) {
                        set_activation(p.model, other, "relu");
                    }
                }
            };
            into_.suggest(f, all);
            into_.suggest(f, [&](problem& p) { set_activation(p.model, l, "relu"); });
        }
    }

    void widths() {
        for (const outlined_layer& l : layers_) {
            const layer_spec& layer = faulty_.model.layers[l.layer];
            const dense_spec* dense = get_if<dense_spec>(&layer.kind);
            if (dense == nullptr || is_output(l)) {
                continue;
            }
            const auto units = static_cast<double>(dense->units);
            const auto answers =
                static_cast<double>(facts_.is_classification() ? facts_.classes : facts_.outputs);
            const double needed = std::max(answers > 2 ? answers / 2 : 1.0, 4.0);
            if (units >= needed) {
                continue;
            }
            finding& f = into_.add(
                "narrow_layer",
                std::clamp(0.75 - 0.5 * units / needed, 0.2, 0.7),
                into_.layer(l.layer, "units"),
                layer_text(faulty_, l.layer) + " has " + counted(dense->units, "unit") + " for " +
                    short_text(answers) + (facts_.is_classification() ? " classes" : " outputs")
            );
            f.evidence = {{"units", units}, {"answers", answers}};
            for (const double factor : {4.0, 2.0}) {
                into_.suggest(f, [&](problem& p) {
                    get<dense_spec>(p.model.layers[l.layer].kind).units = std::max<std::int64_t>(
                        static_cast<std::int64_t>(factor * units),
                        factor > 2 ? std::max<std::int64_t>(16, 2 * std::llround(answers)) : 2
                    );
                });
            }
        }
    }

    void dropout() {
        for (std::size_t i = 0; i < faulty_.model.layers.size(); ++i) {
            const dropout_spec* drop = get_if<dropout_spec>(&faulty_.model.layers[i].kind);
            if (drop == nullptr) {
                continue;
            }
            const bool last = i > layers_.back().layer;
            if (drop->rate < 0.65 && !(last && drop->rate > 0)) {
                continue;
            }
            finding& f = into_.add(
                "dropout",
                last ? 0.75 : std::min(0.35 + 2 * (drop->rate - 0.65), 0.9),
                into_.layer(i, "rate"),
                last ? "dropout stands behind the output layer"
                     : "dropout takes " + percent_text(drop->rate) + " of what passes"
            );
            f.evidence = {{"rate", drop->rate}};
            for (const double rate : {0.2, 0.0}) {
                into_.suggest(f, [&](problem& p) {
                    if (rate > 0 && !last) {
                        get<dropout_spec>(p.model.layers[i].kind).rate = rate;
                    } else {
                        p.model.layers.erase(
                            p.model.layers.begin() + static_cast<std::ptrdiff_t>(i)
                        );
                    }
                });
            }
        }
    }

    void frozen() {
        for (const outlined_layer& l : layers_) {
            if (faulty_.model.layers[l.layer].trainable) {
                continue;
            }
            finding& f = into_.add(
                "frozen_layer",
                is_output(l) ? 0.85 : 0.6,
                into_.layer(l.layer, "trainable"),
                layer_text(faulty_, l.layer) + " is not trainable, so its random weights stay"
            );
            into_.suggest(f, [&](problem& p) { p.model.layers[l.layer].trainable = true; });
        }
    }

    /// What the penalties add to the loss at the start, against a first loss of the data of the
    /// usual size: ln(classes), or the variance of the targets.
    void penalties() {
        const double usual =
            facts_.is_classification()
                ? std::log(std::max(2.0, static_cast<double>(facts_.classes)))
                : std::max(facts_.target_deviation * facts_.target_deviation, 1e-3);
        for (const outlined_layer& l : layers_) {
            problem probe = faulty_;
            regularizer_spec* penalty = find_penalty(probe.model.layers[l.layer]);
            if (penalty == nullptr || !penalty->exists()) {
                continue;
            }
            const fans fan = fans_of(l);
            const initial_size size = size_of_initial(kernel_of(l.layer), fan.in, fan.out);
            const double added =
                fan.weights * (penalty->l1 * size.absolute + penalty->l2 * size.square);
            const double share = added / (added + usual);
            if (share < 0.2) {
                continue;
            }
            finding& f = into_.add(
                "penalty",
                0.15 + 0.8 * share * share,
                into_.layer(l.layer, "kernel_regularizer"),
                "the penalty on " + layer_text(faulty_, l.layer) + " makes about " +
                    percent_text(share) + " of the first loss"
            );
            f.evidence = {{"penalty", added}, {"usual_loss", usual}};
            into_.suggest(f, [&](problem& p) { *find_penalty(p.model.layers[l.layer]) = {}; });
            into_.suggest(f, [&](problem& p) {
                regularizer_spec& weaker = *find_penalty(p.model.layers[l.layer]);
                weaker.l1 /= 100;
                weaker.l2 /= 100;
            });
        }
    }

    [[nodiscard]] static regularizer_spec* find_penalty(layer_spec& layer) {
        return find_setting<regularizer_spec>(layer, "kernel_regularizer");
    }

    finding_list& into_;
    const data_facts& facts_;
    const problem& faulty_;
    std::vector<outlined_layer> layers_;
    inference shapes_;
};

} // namespace mend::detail
