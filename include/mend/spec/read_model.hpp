// SPDX-License-Identifier: MIT
/// From a document to the model: sequential models of Keras 1 to 3 and TensorFlow.js.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/spec/document.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read_layer.hpp>
#include <mend/spec/read_values.hpp>
#include <mend/spec/reading.hpp>
#include <mend/spec/validate.hpp>

namespace mend::detail {

/// Where the parts of a problem lie in its document, as JSON pointers; patches go there.
struct problem_layout {
    std::string model;           ///< the object that holds class_name and config
    std::string version;         ///< keras_version; also where it would be added
    std::string layers;          ///< the list of layers
    std::size_t offset = 0;      ///< 1 where an InputLayer comes first
    std::string input_shape;     ///< the value that gives the input shape
    bool input_on_layer = false; ///< it is a setting of the first layer itself
    std::string optimizer;       ///< also where it would be added, like the rest
    std::string loss;
    std::string metrics;
    std::string fit;
};

class model_reader {
public:
    model_reader(mistake_list& mistakes, problem_layout& layout, model_spec& model)
        : mistakes_(mistakes)
        , layout_(layout)
        , model_(model) {}

    void read(const document& value, std::string at) {
        const document* model = &value;
        layout_.version.clear();
        note_version(*model, at);
        for (const std::string_view wrapper : {"modelTopology", "model_config"}) {
            if (const document* inner = model->find(wrapper)) {
                model = inner;
                at = pointer_to(at, wrapper);
                note_version(*model, at);
            }
        }
        layout_.model = at;
        if (!model->is_object()) {
            mistakes_.add(at, "must be a model as Keras writes it, not " + shown(*model));
            return;
        }
        if (layout_.version.empty()) {
            layout_.version = pointer_to(at, "keras_version");
        }
        for (const auto& [key, member] : model->members()) {
            if (!is_any_of(
                    key,
                    {"class_name",
                     "config",
                     "keras_version",
                     "backend",
                     "module",
                     "registered_name",
                     "build_config",
                     "compile_config",
                     "training_config"}
                )) {
                mistakes_.add(pointer_to(at, key), "is not a key that mend knows here");
            }
        }
        const document* name = model->find("class_name");
        if (name == nullptr) {
            mistakes_.add(pointer_to(at, "class_name"), "is missing");
        } else if (!name->is_string() || name->as_string() != "Sequential") {
            mistakes_.add(
                pointer_to(at, "class_name"), shown(*name) + " is not supported, only Sequential is"
            );
            return;
        }
        if (const document* config = model->find("config")) {
            read_config(*model, *config, pointer_to(at, "config"));
        } else {
            mistakes_.add(pointer_to(at, "config"), "is missing");
        }
    }

private:
    void note_version(const document& object, const std::string& at) {
        const document* version_value = object.find("keras_version");
        if (version_value == nullptr) {
            return;
        }
        layout_.version = pointer_to(at, "keras_version");
        if (version_value->is_null()) {
            return;
        }
        if (!version_value->is_string()) {
            mistakes_.add(
                layout_.version, "must be a text such as \"2.4.3\", not " + shown(*version_value)
            );
        } else if (!find_semantics(version_value->as_string())) {
            mistakes_.add(
                layout_.version,
                shown(*version_value) + " is not supported: 2.0 to 2.15, 3 and tfjs-layers are"
            );
        } else {
            model_.keras_version = version_value->as_string();
        }
    }

    void read_config(const document& model, const document& config, const std::string& at) {
        const document* layers = &config;
        layout_.layers = at;
        if (config.is_object()) {
            for (const auto& [key, member] : config.members()) {
                if (!is_any_of(
                        key, {"name", "trainable", "dtype", "layers", "build_input_shape"}
                    )) {
                    mistakes_.add(pointer_to(at, key), "is not a key that mend knows here");
                }
            }
            if (const document* name = config.find("name"); name && name->is_string()) {
                model_.name = name->as_string();
            }
            check_dtype(mistakes_, config, at);
            if (const document* value = config.find("trainable")) {
                bool trainable = true;
                read_setting(mistakes_, *value, pointer_to(at, "trainable"), {{}, &trainable});
                if (!trainable) {
                    mistakes_.add(
                        pointer_to(at, "trainable"), "false is not supported, only true is"
                    );
                }
            }
            layers = config.find("layers");
            layout_.layers = pointer_to(at, "layers");
        }
        if (layers == nullptr) {
            mistakes_.add(layout_.layers, "is missing");
            return;
        }
        if (!layers->is_array()) {
            mistakes_.add(layout_.layers, "must be a list of layers, not " + shown(*layers));
            return;
        }
        const std::size_t before = mistakes_.found.size();
        std::optional<std::size_t> first_bad;
        for (std::size_t i = 0; i < layers->size(); ++i) {
            const std::size_t known = mistakes_.found.size();
            add_layer(layers->items()[i], pointer_to(layout_.layers, i), i == 0);
            if (mistakes_.found.size() != known && !first_bad) {
                first_bad = i;
            }
        }
        if (layers->size() == layout_.offset && mistakes_.found.size() == before) {
            mistakes_.add(layout_.layers, "has no layers");
            return;
        }
        if (!find_input_shape(model, config, at)) {
            return;
        }
        check_shapes(first_bad);
    }

    void add_layer(const document& value, const std::string& at, bool first) {
        const auto parts = read_layer_parts(mistakes_, value, at);
        if (!parts) {
            return;
        }
        if (parts->class_name != "InputLayer") {
            if (auto layer = read_layer(mistakes_, *parts, at)) {
                model_.layers.push_back(*std::move(layer));
            }
            return;
        }
        if (!first) {
            mistakes_.add(at, "an InputLayer must come first");
            return;
        }
        layout_.offset = 1;
        read_settings(
            mistakes_, *parts->config, pointer_to(at, "config"), {}, {}, input_layer_keys
        );
    }

    /// The shape that Keras would take: of the InputLayer, else of the first layer, else the one
    /// that the model was built with.
    [[nodiscard]] bool
    find_input_shape(const document& model, const document& config, const std::string& at) {
        const document* first = child(*(config.is_object() ? config.find("layers") : &config), "0");
        const document* class_name = first != nullptr ? first->find("class_name") : nullptr;
        // What is the number of words there is the shape of samples elsewhere.
        const bool embeds = class_name != nullptr && class_name->is_string() &&
                            class_name->as_string() == embedding_spec::class_name;
        const auto take = [this, embeds](const document* object, const std::string& path) {
            for (const std::string_view key : shape_keys) {
                const document* value = object != nullptr ? object->find(key) : nullptr;
                if (value != nullptr && !value->is_null() &&
                    key != (embeds ? "input_dim" : "input_length")) {
                    layout_.input_shape = pointer_to(path, key);
                    return read_input_shape(*value, key);
                }
            }
            return false;
        };
        const std::size_t before = mistakes_.found.size();
        const std::string first_at = pointer_to(layout_.layers, std::size_t{0});
        if (first != nullptr && take(first->find("config"), pointer_to(first_at, "config"))) {
            layout_.input_on_layer = layout_.offset == 0;
            return true;
        }
        if (take(&config, at) ||
            take(model.find("build_config"), pointer_to(layout_.model, "build_config")) ||
            (first != nullptr &&
             take(first->find("build_config"), pointer_to(first_at, "build_config")))) {
            return true;
        }
        if (mistakes_.found.size() == before) {
            mistakes_.add(
                pointer_to(pointer_to(first_at, "config"), "batch_input_shape"),
                "is missing: the model states no input shape"
            );
        }
        return false;
    }

    [[nodiscard]] bool read_input_shape(const document& value, std::string_view key) {
        const document& list = unwrapped(value);
        const bool batched = (key != "input_shape" && key != "input_length") ||
                             layout_.input_shape.ends_with("build_config/input_shape");
        model_.input_shape.clear();
        if (key == "input_dim" || (key == "input_length" && !list.is_array())) {
            value_reader(mistakes_, value, layout_.input_shape, field{key, domain::positive})(
                &model_.input_shape.emplace_back()
            );
            return true;
        }
        if (!list.is_array()) {
            mistakes_.add(layout_.input_shape, "must be a list, not " + shown(list));
            return true;
        }
        for (std::size_t i = batched ? 1 : 0; i < list.size(); ++i) {
            const auto extent = integer_of(list.items()[i]);
            if (!extent || *extent < 1 || *extent > largest_layer) {
                mistakes_.add(
                    pointer_to(layout_.input_shape, i),
                    "must be a positive integer, not " + shown(list.items()[i])
                );
                model_.input_shape.clear();
                return true;
            }
            model_.input_shape.push_back(*extent);
        }
        if (model_.input_shape.empty() || model_.input_shape.size() > most_dimensions ||
            element_count(model_.input_shape) > largest_layer) {
            mistakes_.add(
                layout_.input_shape,
                shown(list) + " is not a shape of samples with one to three dimensions"
            );
            model_.input_shape.clear();
        }
        return true;
    }

    /// Checks as many layers as were read without mistakes.
    void check_shapes(std::optional<std::size_t> first_bad) {
        if (model_.input_shape.empty()) {
            return;
        }
        model_spec good = model_;
        if (first_bad) {
            good.layers.resize(
                std::min(good.layers.size(), *first_bad - std::min(*first_bad, layout_.offset))
            );
        }
        const inference shapes = infer_shapes(good);
        if (!shapes.why.empty()) {
            mistakes_.add(
                pointer_to(layout_.layers, shapes.bad_layer + layout_.offset),
                std::string(good.layers[shapes.bad_layer].class_name()) + ": " + shapes.why
            );
        }
    }

    // In the order of who decides; input_shape has no batch dimension but in a build_config, and
    // input_length (of an Embedding) none at all.
    static constexpr std::string_view shape_keys[] = {
        "batch_input_shape",
        "batch_shape",
        "build_input_shape",
        "input_shape",
        "input_dim",
        "input_length"};

    mistake_list& mistakes_;
    problem_layout& layout_;
    model_spec& model_;
};

} // namespace mend::detail
