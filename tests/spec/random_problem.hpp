// SPDX-License-Identifier: MIT
/// Random problems, and random spellings of them, for property tests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/core/text.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/names.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/validate.hpp>
#include <mend/spec/write.hpp>

#include "random_layer.hpp"

namespace mend::test {

class problem_maker : public layer_maker {
public:
    using layer_maker::layer_maker;

    /// A valid problem: for rows of numbers, for sequences or for images.
    problem make() {
        problem p;
        p.model.input_shape = chance(0.4)   ? dimensions{8, 9, 2}
                              : chance(0.3) ? dimensions{7, 3}
                                            : dimensions{static_cast<std::int64_t>(2 + below(5))};
        p.model.keras_version = pick(std::array<std::string, 6>{
            "", "2.4.3", "2.4.3", "2.12.0", "3.3.3", "tfjs-layers 4.22.0"});
        p.model.name = chance(0.5) ? "m" : "";
        const std::size_t count = 1 + below(5);
        for (std::size_t i = 0; i < count; ++i) {
            const inference shapes = infer_shapes(p.model);
            if (!shapes.why.empty()) {
                break;
            }
            p.model.layers.push_back(
                layer(i == 0 ? p.model.input_shape : shapes.layers.back().output)
            );
        }
        p.compile.optimizer = optimizer();
        p.compile.loss = loss();
        if (chance(0.7)) {
            p.compile.metrics.push_back(pick(std::array<std::string, 4>{
                "accuracy", "mean_absolute_error", "binary_accuracy", "auc"}));
        }
        p.fit = fit();
        if (chance(0.2)) {
            p.fit.callbacks.push_back(callback());
        }
        return valid(p) ? p : make();
    }

    /// A valid problem some steps away from this one.
    problem mutate(problem p) {
        const problem original = p;
        for (std::size_t steps = 1 + below(3); steps-- > 0;) {
            step(p);
        }
        p.source = {};
        return valid(p) ? p : mutate(original);
    }

    /// A document that means the problem, written as some Keras might.
    document spell(const problem& p) {
        keras3_ = chance(0.3);
        document layers = document::array();
        const bool built = chance(0.15); // the shape at the model alone
        const bool input_layer = !built && chance(0.4);
        if (input_layer) {
            document config = document::object();
            config.set(
                chance(0.5) ? "batch_input_shape" : "batch_shape",
                maybe_tuple(batch_shape_document(p.model.input_shape))
            );
            config.set("name", "in");
            layers.push_back(object("InputLayer", std::move(config), "keras.layers"));
        }
        for (std::size_t i = 0; i < p.model.layers.size(); ++i) {
            const bool carries = i == 0 && !input_layer && !built;
            layers.push_back(
                spell(p.model.layers[i], carries ? &p.model.input_shape : nullptr, i > 0)
            );
        }
        document config = document::object();
        if (!p.model.name.empty()) {
            config.set("name", p.model.name);
        }
        const bool list = !built && chance(0.1) && p.model.name.empty();
        config.set("layers", layers);
        if (built) {
            config.set("build_input_shape", batch_shape_document(p.model.input_shape));
        }
        document model =
            object("Sequential", list ? std::move(layers) : std::move(config), "keras");
        if (!p.model.keras_version.empty()) {
            model.set("keras_version", p.model.keras_version);
        }
        if (chance(0.1)) {
            document outer = document::object();
            outer.set("modelTopology", std::move(model));
            model = std::move(outer);
        }
        document compile = document::object();
        compile.set(chance(0.1) ? "optimizer_config" : "optimizer", spell(p.compile.optimizer));
        compile.set("loss", spell(p.compile.loss));
        if (!p.compile.metrics.empty() || chance(0.5)) {
            compile.set("metrics", metrics_document(p.compile.metrics));
        }
        document root = document::object();
        root.set("model", std::move(model));
        root.set("compile", std::move(compile));
        document fit_document =
            settings_document(p.fit, chance(0.5) ? detail_level::all : detail_level::given);
        if (fit_document.size() > 0 || chance(0.7)) {
            root.set("fit", std::move(fit_document));
        }
        return root;
    }

private:
    static bool valid(const problem& p) {
        return !p.model.layers.empty() && infer_shapes(p.model).why.empty();
    }

    optimizer_spec optimizer() {
        optimizer_spec made;
        switch (below(8)) {
        case 0:
            made.kind = sgd_spec{.momentum = chance(0.5) ? 0.9 : 0.0, .nesterov = chance(0.3)};
            break;
        case 1:
            made.kind = rmsprop_spec{.rho = chance(0.5) ? 0.8 : 0.9, .centered = chance(0.2)};
            break;
        case 2:
            made.kind =
                adam_spec{.beta_1 = chance(0.5) ? 0.8 : 0.9, .epsilon = chance(0.3) ? 1e-4 : 1e-7};
            break;
        case 3:
            made.kind = adagrad_spec{.initial_accumulator_value = chance(0.5) ? 0.1 : 0.0};
            break;
        case 4:
            made.kind = adamax_spec{};
            break;
        case 5:
            made.kind = nadam_spec{};
            break;
        case 6:
            made.kind = adamw_spec{.weight_decay = chance(0.5) ? 0.004 : 0.1};
            break;
        default:
            made.kind = adadelta_spec{};
        }
        if (chance(0.2)) {
            made.rate() = schedule();
        }
        if (chance(0.7)) {
            made.learning_rate(number());
        }
        if (chance(0.2)) {
            made.update.clipnorm = number();
            if (!mend::holds<nadam_spec>(made.kind)) {
                made.update.decay = number();
            }
        }
        return made;
    }

    learning_rate_spec schedule() {
        learning_rate_spec made;
        if (chance(0.3)) {
            made.schedule = "piecewise_constant_decay";
            made.boundaries = {10, 20};
            made.values = {1, 0.5, 0.25};
            return made;
        }
        made.schedule = pick(std::array<std::string, 3>{
            "exponential_decay", "polynomial_decay", "cosine_decay"});
        made.decay_steps = chance(0.5) ? 100 : 200;
        made.decay_rate = made.schedule == "exponential_decay" ? 0.5 : 1;
        return made;
    }

    loss_spec loss() {
        loss_spec made{
            .name = pick(std::array<std::string, 5>{
                "mean_squared_error",
                "categorical_crossentropy",
                "binary_crossentropy",
                "sparse_categorical_crossentropy",
                "huber"})};
        made.from_logits = made.name.ends_with("crossentropy") && chance(0.3);
        made.delta = made.name == "huber" && chance(0.5) ? 2.5 : 1;
        made.label_smoothing = made.name == "categorical_crossentropy" && chance(0.3) ? 0.1 : 0;
        return made;
    }

    fit_spec fit() {
        return {
            .batch_size = static_cast<std::int64_t>(chance(0.5) ? 32 : 1 + below(100)),
            .epochs = static_cast<std::int64_t>(1 + below(3)),
            .shuffle = chance(0.9),
            .validation_split = chance(0.5) ? 0.0 : 0.25};
    }

    callback_spec callback() {
        callback_spec made = callback_named(chance(0.5) ? "EarlyStopping" : "TerminateOnNaN");
        made.patience = made.name == "EarlyStopping" ? static_cast<std::int64_t>(below(5)) : 0;
        return made;
    }

    void step(problem& p) {
        std::vector<layer_spec>& layers = p.model.layers;
        const std::size_t at = layers.empty() ? 0 : below(layers.size());
        const inference shapes = infer_shapes(p.model);
        const auto input_of = [&](std::size_t i) {
            return i == 0 || i > shapes.layers.size() ? p.model.input_shape
                                                      : shapes.layers[i - 1].output;
        };
        switch (below(10)) {
        case 0: {
            const std::size_t place = below(layers.size() + 1);
            layers.insert(
                layers.begin() + static_cast<std::ptrdiff_t>(place), layer(input_of(place))
            );
            break;
        }
        case 1:
            if (!layers.empty()) {
                layers.erase(layers.begin() + static_cast<std::ptrdiff_t>(at));
            }
            break;
        case 2:
            if (!layers.empty()) {
                layers[at] = layer(input_of(at));
            }
            break;
        case 3:
        case 4:
        case 5:
            if (!layers.empty()) {
                refill(layers[at], input_of(at));
            }
            break;
        case 6:
            p.compile.optimizer = optimizer();
            break;
        case 7:
            p.compile.optimizer.learning_rate(number());
            break;
        case 8:
            p.compile.loss = loss();
            break;
        default:
            p.fit = fit();
            if (chance(0.5)) {
                p.fit.callbacks = {callback()};
                p.fit.class_weight.weights = {{0, number()}, {1, 1}};
            }
            if (chance(0.2)) {
                p.model.input_shape.front() += 1;
            }
            if (chance(0.2)) {
                p.model.keras_version = "2.9.0";
            }
            if (chance(0.1)) {
                p.model.keras_version.clear();
            }
        }
    }

    // --- spellings

    document maybe_tuple(document list) {
        if (!chance(0.1)) {
            return list;
        }
        document wrapped = document::object();
        wrapped.set("class_name", "__tuple__");
        wrapped.set("items", std::move(list));
        return wrapped;
    }

    document object(std::string_view class_name, document config, std::string_view module) {
        document made = document::object();
        if (keras3_) {
            made.set("module", module);
        }
        made.set("class_name", class_name);
        made.set("config", std::move(config));
        if (keras3_) {
            made.set("registered_name", nullptr);
        }
        return made;
    }

    document spell(const initializer_spec& given) {
        const initializer_spec spec = normalised(given);
        const document plain = detail::initializer_document(spec, detail_level::given);
        if (plain.find("config")->size() == 0 && chance(0.5)) {
            return chance(0.5) ? document(spec.name) : *plain.find("class_name");
        }
        if (chance(0.3) && (spec.name.starts_with("he_") || spec.name.starts_with("glorot_"))) {
            document config = document::object(); // as TensorFlow.js
            config.set("scale", spec.name.starts_with("he_") ? 2 : 1);
            config.set("mode", spec.name.starts_with("he_") ? "fan_in" : "fan_avg");
            config.set("distribution", spec.name.ends_with("normal") ? "normal" : "uniform");
            config.set("seed", spec.seed ? document(*spec.seed) : document());
            return object("VarianceScaling", std::move(config), "keras.initializers");
        }
        document all = detail::initializer_document(
            spec, chance(0.5) ? detail_level::all : detail_level::given
        );
        return object(
            all.find("class_name")->as_string(),
            std::move(*all.find("config")),
            "keras.initializers"
        );
    }

    document spell(const regularizer_spec& spec) {
        if (!spec.exists()) {
            return {};
        }
        document config = document::object();
        if (spec.l1 == 0 && chance(0.5)) {
            config.set("l2", spec.l2);
            return object("L2", std::move(config), "keras.regularizers");
        }
        if (spec.l2 == 0 && chance(0.5)) {
            config.set("l1", spec.l1);
            return object("l1", std::move(config), "keras.regularizers");
        }
        return detail::regularizer_document(spec);
    }

    document spell(const edge_sizes& edges) {
        const auto& [rows, columns] = edges;
        if (rows[0] == rows[1] && columns[0] == columns[1] && chance(0.5)) {
            return rows == columns && chance(0.5)
                       ? document(rows[0])
                       : maybe_tuple(document::array_type{rows[0], columns[0]});
        }
        return maybe_tuple(document::array_type{
            maybe_tuple(detail::pair_document(rows)), maybe_tuple(detail::pair_document(columns))});
    }

    document spell(const setting& s) {
        if (auto* initializer_setting = s.value.to<initializer_spec>()) {
            return spell(*initializer_setting);
        }
        if (auto* regularizer_setting = s.value.to<regularizer_spec>()) {
            return spell(*regularizer_setting);
        }
        if (auto* pair = s.value.to<extent_pair>()) {
            if ((*pair)[0] == (*pair)[1] && chance(0.2)) {
                return (*pair)[0];
            }
            return maybe_tuple(document_from(s));
        }
        if (auto* edges = s.value.to<edge_sizes>()) {
            return spell(*edges);
        }
        if (auto* list = s.value.to<dimensions>()) {
            return (*list).size() == 1 && s.about.key == "axis" && chance(0.5)
                       ? document((*list)[0])
                       : document_from(s);
        }
        if (auto* integer = s.value.to<std::int64_t>()) {
            const bool listed = s.about.values == domain::extent || s.about.values == domain::axis;
            if (listed && chance(0.3)) {
                return maybe_tuple(document::array_type{document(*integer)});
            }
            return chance(0.1) ? document(static_cast<double>(*integer)) : document(*integer);
        }
        return document_from(s);
    }

    document spell(layer_spec layer, const dimensions* input_shape, bool later) {
        document config = document::object();
        if (!layer.name.empty()) {
            config.set("name", layer.name);
        }
        if (chance(0.5) || !layer.trainable) {
            config.set("trainable", layer.trainable);
        }
        if (chance(0.3)) {
            config.set("dtype", "float32");
        }
        if (input_shape != nullptr) {
            if (input_shape->size() == 1 && chance(0.2)) {
                const bool embeds = holds<embedding_spec>(layer);
                config.set(embeds ? "input_length" : "input_dim", input_shape->front());
            } else if (chance(0.2)) {
                document list = batch_shape_document(*input_shape);
                list.items().erase(list.items().begin());
                config.set("input_shape", std::move(list));
            } else {
                document list = batch_shape_document(*input_shape);
                if (chance(0.2)) {
                    list.items()[0] = 16;
                }
                config.set(chance(0.8) ? "batch_input_shape" : "batch_shape", std::move(list));
            }
        } else if (later && chance(0.05)) {
            config.set("batch_input_shape", document::array()); // stale; Keras ignores it
        }
        layer_kind plain = default_of(layer.kind);
        const std::vector<setting> settings = settings_of(layer.kind);
        const std::vector<setting> defaults = settings_of(plain);
        const bool all = chance(0.5);
        for (std::size_t i = 0; i < settings.size(); ++i) {
            if (all || settings[i].about.required ||
                document_from(settings[i]) != document_from(defaults[i])) {
                config.set(settings[i].about.key, spell(settings[i]));
            }
        }
        return object(layer.class_name(), std::move(config), "keras.layers");
    }

    document spell(optimizer_spec spec) {
        document given = settings_document(spec, detail_level::given);
        if (given.size() == 0 && chance(0.5)) {
            return chance(0.5) ? plain_name(spec.class_name()) : std::string(spec.class_name());
        }
        document config =
            chance(0.5) ? settings_document(spec, detail_level::all) : std::move(given);
        if (chance(0.3)) {
            for (auto& [key, value] : config.members()) {
                if (key == "learning_rate") {
                    key = "lr";
                }
            }
        }
        if (chance(0.3)) {
            config.set("name", "opt");
            if (config.find("decay") == nullptr && !mend::holds<nadam_spec>(spec.kind)) {
                config.set("decay", 0.0);
            }
            if (config.find("clipnorm") == nullptr) {
                config.set("clipnorm", nullptr);
            }
        }
        return object(spec.class_name(), std::move(config), "keras.optimizers");
    }

    document spell(const loss_spec& spec) {
        const document given = settings_document(spec, detail_level::given);
        if (given.size() == 0 && chance(0.7)) {
            return chance(0.8) ? spec.name : class_name_of(spec.name);
        }
        document config =
            settings_document(spec, chance(0.5) ? detail_level::all : detail_level::given);
        config.set("reduction", "auto");
        document made = object(class_name_of(spec.name), std::move(config), "keras.losses");
        if (!chance(0.1)) {
            return made;
        }
        document list = document::array();
        list.push_back(std::move(made));
        return list;
    }

    bool keras3_ = false;
};

} // namespace mend::test
