// SPDX-License-Identifier: MIT
/// AutoTrainer's solutions: what it changes for which symptom, in its `balance` order.
///
/// | symptom | solutions and how often each is tried |
/// |---|---|
/// | vanishing gradient | selu, relu, bn |
/// | exploding gradient | selu, relu, gradient x 2, tanh, bn |
/// | dying ReLU | selu, bn, initial x 3, leaky x 3 |
/// | oscillating loss | adam, lr x 3, ReduceLR, batch x 4, momentum x 3, GN, initial x 3 |
/// | slow convergence | optimizer x 3, lr x 3, initial x 3 |
/// | activation, loss, abnormal data | activation, loss, data |
/// | overfitting | regular, estop, dropout, GN |
///
/// Deviations, where the original's are defects or mend's models differ: an activation that is a
/// layer of its own is replaced like a setting; the output keeps its activation under `leaky`; `bn`
/// goes between a layer and its activation, as the paper says; a value that is there already
/// passes over that try alone; `data` fits the range of each feature on the train part and applies
/// it to all parts, as a Normalization layer; what mend has no layer or callback for is passed
/// over.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/repair/autotrainer_rules.hpp>
#include <mend/spec/callback.hpp>
#include <mend/spec/initializer_spec.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/outline.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/validate.hpp>

namespace mend {

enum class solution : std::uint8_t {
    selu,
    relu,
    tanh,
    leaky,
    batch_normalization,
    initial,
    gradient_clip,
    adam,
    optimizer,
    momentum,
    learning_rate,
    batch_size,
    reduce_learning_rate,
    gaussian_noise,
    early_stopping,
    dropout,
    regularizer,
    activation,
    loss,
    data,
};

inline constexpr std::array<std::string_view, 20> solution_names{
    "selu",  "relu",      "tanh",     "leaky",      "bn",    "initial",  "gradient",
    "adam",  "optimizer", "momentum", "lr",         "batch", "ReduceLR", "GN",
    "estop", "dropout",   "regular",  "activation", "loss",  "data"};

[[nodiscard]] constexpr std::string_view to_text(solution s) noexcept {
    return solution_names[static_cast<std::size_t>(s)];
}

struct solution_plan {
    solution what;
    int times = 1;
};

/// In the order in which they are tried.
[[nodiscard]] inline std::vector<solution_plan> solutions_for(symptom s) {
    using enum solution;
    switch (s) {
    case symptom::vanishing_gradient:
        return {{selu}, {relu}, {batch_normalization}};
    case symptom::exploding_gradient:
        return {{selu}, {relu}, {gradient_clip, 2}, {tanh}, {batch_normalization}};
    case symptom::dying_relu:
        return {{selu}, {batch_normalization}, {initial, 3}, {leaky, 3}};
    case symptom::oscillating_loss:
        return {
            {adam},
            {learning_rate, 3},
            {reduce_learning_rate},
            {batch_size, 4},
            {momentum, 3},
            {gaussian_noise},
            {initial, 3}};
    case symptom::slow_convergence:
        return {{optimizer, 3}, {learning_rate, 3}, {initial, 3}};
    case symptom::overfitting:
        return {{regularizer}, {early_stopping}, {dropout}, {gaussian_noise}};
    case symptom::activation:
        return {{activation}};
    case symptom::loss:
        return {{loss}};
    default:
        return {{data}};
    }
}

/// Smallest and largest value of each feature of the train part, over the last axis.
struct feature_ranges {
    std::vector<double> low{};
    std::vector<double> high{};
};

/// Applies solutions to a problem.
class autotrainer_solver {
public:
    explicit autotrainer_solver(feature_ranges ranges = {})
        : ranges_(std::move(ranges)) {}

    /// Try `attempt` (from 0) of a solution on the seed problem; nothing where it is passed over:
    /// it is there already, changes nothing or needs what mend lacks. Draws come from `random`.
    [[nodiscard]] std::optional<problem> apply(
        solution what, int attempt, symptom against, const problem& seed, random_stream random
    ) const {
        problem made = seed;
        const bool done = change(what, attempt, against, made, random);
        const bool fits = done && infer_shapes(made.model).why.empty() && !(made == seed);
        return fits ? std::optional(std::move(made)) : std::nullopt;
    }

private:
    static constexpr std::array<const char*, 6> initializers{
        "he_uniform",
        "lecun_uniform",
        "glorot_normal",
        "glorot_uniform",
        "he_normal",
        "lecun_normal"};

    [[nodiscard]] bool
    change(solution what, int attempt, symptom against, problem& p, random_stream& random) const {
        switch (what) {
        case solution::selu:
            return substitute(p, "selu", "lecun_uniform", "lecun_uniform");
        case solution::relu:
            return substitute(p, "relu", "he_uniform", "zeros");
        case solution::tanh:
            return substitute(p, "tanh", "he_uniform", "zeros");
        case solution::leaky:
            return advanced(p, attempt);
        case solution::batch_normalization:
            return normalise_batches(p);
        case solution::initial: {
            const auto kernel = initializers[random.below(initializers.size())];
            const auto bias = initializers[random.below(initializers.size())];
            return initialise(p, kernel, bias);
        }
        case solution::gradient_clip:
            if (p.compile.optimizer.update.clipvalue || p.compile.optimizer.update.clipnorm ||
                p.compile.optimizer.update.global_clipnorm) {
                return false;
            }
            p.compile.optimizer.update.clipvalue = hundredths(random, 9, 10);
            return true;
        case solution::adam:
            return p.compile.optimizer.class_name() != "Adam" && set_optimizer(p, "Adam");
        case solution::optimizer:
            return other_optimizer(p, random);
        case solution::momentum:
            p.compile.optimizer =
                optimizer_spec{sgd_spec{.momentum = hundredths(random, 0.01, 0.9)}};
            return true;
        case solution::learning_rate:
            return set_rate(p, attempt, against);
        case solution::batch_size:
            p.fit.batch_size = std::int64_t{32} << attempt;
            return true;
        case solution::gaussian_noise:
            return add_noise(p);
        case solution::dropout:
            return add_dropout(p);
        case solution::regularizer:
            return add_penalties(p);
        case solution::activation:
            return set_output(p);
        case solution::loss:
            return set_loss(p, random);
        case solution::data:
            return scale_inputs(p);
        case solution::reduce_learning_rate:
            return add_callback(
                p,
                {.name = "ReduceLROnPlateau",
                 .min_delta = 1e-4,
                 .patience = 5,
                 .factor = 0.2,
                 .min_lr = 0.001}
            );
        default: // early_stopping
            return add_callback(
                p,
                {.name = "EarlyStopping", .patience = std::max<std::int64_t>(3, p.fit.epochs / 15)}
            );
        }
    }

    /// On the validation loss; nothing where there is one of that name.
    static bool add_callback(problem& p, callback_spec wanted) {
        for (const callback_spec& there : p.fit.callbacks) {
            if (there.name == wanted.name) {
                return false;
            }
        }
        p.fit.callbacks.push_back(std::move(wanted));
        return true;
    }

    /// round(U(low, high), 2).
    [[nodiscard]] static double hundredths(random_stream& random, double low, double high) {
        return std::round(100 * random.uniform(low, high)) / 100;
    }

    [[nodiscard]] static std::vector<outlined_layer> hidden(const problem& p) {
        std::vector<outlined_layer> layers = outline(p.model);
        if (!layers.empty()) {
            layers.pop_back();
        }
        return layers;
    }

    static bool initialise(problem& p, const char* kernel, const char* bias) {
        for (const outlined_layer& l : hidden(p)) {
            layer_spec& layer = p.model.layers[l.layer];
            *find_kernel_initializer(layer) = {.name = kernel};
            if (initializer_spec* there = find_bias_initializer(layer)) {
                *there = {.name = bias};
            }
        }
        return true;
    }

    static bool substitute(problem& p, const char* name, const char* kernel, const char* bias) {
        for (const outlined_layer& l : hidden(p)) {
            set_activation(p.model, l, name);
        }
        return initialise(p, kernel, bias);
    }

    static void insert(problem& p, std::size_t at, layer_kind kind) {
        p.model.layers.insert(
            p.model.layers.begin() + static_cast<std::ptrdiff_t>(at), layer_spec{std::move(kind)}
        );
    }

    /// LeakyReLU, ELU, ThresholdedReLU with Keras' defaults.
    static bool advanced(problem& p, int attempt) {
        constexpr std::array<const char*, 3> names{"LeakyReLU", "ELU", "ThresholdedReLU"};
        const auto layer = make_layer(names.at(static_cast<std::size_t>(attempt)));
        if (!layer) {
            return false;
        }
        const std::vector<outlined_layer> layers = hidden(p);
        for (std::size_t i = layers.size(); i-- > 0;) {
            if (layers[i].activation != layers[i].layer) {
                p.model.layers[layers[i].activation].kind = *layer;
            } else {
                *find_activation_setting(p.model.layers[layers[i].layer]) = "linear";
                insert(p, layers[i].layer + 1, *layer);
            }
        }
        return !layers.empty();
    }

    static bool normalise_batches(problem& p) {
        const auto layer = make_layer("BatchNormalization");
        if (!layer) {
            return false;
        }
        const std::vector<outlined_layer> layers = hidden(p);
        for (std::size_t i = layers.size(); i-- > 0;) {
            const std::size_t after = layers[i].layer + 1;
            if (p.model.layers[after].class_name() == "BatchNormalization") {
                continue;
            }
            std::string* setting = find_activation_setting(p.model.layers[layers[i].layer]);
            const std::string own = setting != nullptr ? *setting : "linear";
            if (own != "linear") {
                *setting = "linear";
                insert(p, after, activation_spec{own});
            }
            insert(p, after, *layer);
        }
        return true;
    }

    static bool set_optimizer(problem& p, std::string_view name) {
        const auto kind = make_optimizer(name);
        if (kind) {
            p.compile.optimizer = optimizer_spec{*kind};
        }
        return kind.has_value();
    }

    static bool other_optimizer(problem& p, random_stream& random) {
        std::vector<std::string_view> others;
        for (const std::string_view name : {"SGD", "Adam", "Nadam", "Adamax", "RMSprop"}) {
            if (name != p.compile.optimizer.class_name() && make_optimizer(name)) {
                others.push_back(name);
            }
        }
        return set_optimizer(p, others[random.below(others.size())]);
    }

    static bool set_rate(problem& p, int attempt, symptom against) {
        const double base = p.compile.optimizer.class_name() == "SGD" ? 0.01 : 0.001;
        const double factor = against == symptom::oscillating_loss ? 0.1 : 10;
        // Through text-like rounding: 0.01 x 10 is 0.1, not 0.1 and a bit.
        const double exponent = std::round(std::log10(base * std::pow(factor, attempt)));
        double rate = std::pow(10, std::abs(exponent));
        rate = exponent < 0 ? 1 / rate : rate;
        p.compile.optimizer.rate() = learning_rate_spec(rate);
        return true;
    }

    static bool add_noise(problem& p) {
        const auto layer = make_layer("GaussianNoise");
        const std::vector<outlined_layer> layers = outline(p.model);
        if (!layer || layers.empty()) {
            return false;
        }
        for (std::size_t i = 0; i < std::min<std::size_t>(3, p.model.layers.size()); ++i) {
            if (p.model.layers[i].class_name() == "GaussianNoise") {
                return false;
            }
        }
        layer_kind noise = *layer;
        for (const setting& s : settings_of(noise)) {
            if (s.about.key == "stddev") {
                *s.value.to<double>() = 0.1;
            }
        }
        insert(p, layers.front().layer, std::move(noise));
        return true;
    }

    /// Behind hidden layers, at most a quarter as many as there are layers.
    static bool add_dropout(problem& p) {
        const std::size_t most = p.model.layers.size() / 4;
        const std::vector<outlined_layer> layers = hidden(p);
        for (std::size_t i = std::min(most, layers.size()); i-- > 0;) {
            insert(p, layers[i].activation + 1, dropout_spec{.rate = 0.25});
        }
        return most > 0;
    }

    static bool add_penalties(problem& p) {
        std::size_t strong = 0;
        std::vector<regularizer_spec*> places;
        for (const outlined_layer& l : hidden(p)) {
            for (const setting& s : settings_of(p.model.layers[l.layer].kind)) {
                if (s.about.key == "kernel_regularizer") {
                    places.push_back(s.value.to<regularizer_spec>());
                    strong += places.back()->l2 >= 0.007;
                }
            }
        }
        for (regularizer_spec* place : places) {
            *place = {.l1 = 0, .l2 = 0.01};
        }
        return strong < 2;
    }

    static bool set_output(problem& p) {
        const std::vector<outlined_layer> layers = outline(p.model);
        if (layers.empty()) {
            return false;
        }
        const judged_problem about = judged(p, true);
        const bool entropy = about.loss.find("entropy") != std::string::npos;
        set_activation(
            p.model,
            layers.back(),
            about.outputs != 1 ? "softmax"
            : entropy          ? "sigmoid"
                               : "linear"
        );
        return true;
    }

    static bool set_loss(problem& p, random_stream& random) {
        const judged_problem about = judged(p, true);
        const char* wanted = about.outputs > 2 ? "categorical_crossentropy" : "binary_crossentropy";
        if (about.loss == wanted) {
            wanted = random.below(2) == 0 ? "mean_squared_error" : "mean_absolute_error";
        }
        p.compile.loss = loss_spec{.name = wanted};
        return true;
    }

    /// (x - low) / (high - low) of each feature, as Normalization with given statistics.
    [[nodiscard]] bool scale_inputs(problem& p) const {
        if (ranges_.low.empty()) {
            return false;
        }
        normalization_spec scaling{.mean = ranges_.low};
        for (std::size_t f = 0; f < ranges_.low.size(); ++f) {
            const double width = ranges_.high[f] - ranges_.low[f];
            scaling.variance.push_back(width > 0 ? width * width : 1); // as scikit-learn does
        }
        insert(p, 0, std::move(scaling));
        return true;
    }

    feature_ranges ranges_;
};

} // namespace mend
