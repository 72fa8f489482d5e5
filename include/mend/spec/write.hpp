// SPDX-License-Identifier: MIT
/// Specs as documents, in the spelling of Keras 2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/spec/compile.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/initializer_spec.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/names.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>

namespace mend {

/// Which settings a document names.
enum class detail_level : std::uint8_t {
    all,   ///< every one, as Keras writes
    given, ///< required ones and those that differ from their defaults
};

namespace detail {

[[nodiscard]] inline document class_document(std::string_view class_name, document config) {
    document out = document::object();
    out.set("class_name", class_name);
    out.set("config", std::move(config));
    return out;
}

[[nodiscard]] inline document pair_document(const extent_pair& pair) {
    return document::array_type{pair[0], pair[1]};
}

[[nodiscard]] document settings_document(
    const std::vector<setting>& settings, const std::vector<setting>& defaults, detail_level level
);

[[nodiscard]] inline document initializer_document(initializer_spec spec, detail_level level) {
    spec = normalised(spec);
    initializer_spec plain{.name = spec.name};
    return class_document(
        class_name_of(spec.name), settings_document(settings_of(spec), settings_of(plain), level)
    );
}

/// null where there is no penalty.
[[nodiscard]] inline document regularizer_document(const regularizer_spec& spec) {
    if (!spec.exists()) {
        return {};
    }
    document config = document::object();
    config.set("l1", spec.l1);
    config.set("l2", spec.l2);
    return class_document("L1L2", std::move(config));
}

/// null for an empty list.
template <class Number>
[[nodiscard]] document list_document(const std::vector<Number>& numbers) {
    document list = document::array();
    for (const Number number : numbers) {
        list.push_back(number);
    }
    return numbers.empty() ? document() : list;
}

struct setting_writer {
    document operator()(const bool* value) const { return *value; }

    document operator()(const std::int64_t* value) const { return *value; }

    document operator()(const double* value) const { return *value; }

    document operator()(const std::string* value) const { return *value; }

    document operator()(const extent_pair* value) const { return pair_document(*value); }

    document operator()(const edge_sizes* value) const {
        return document::array_type{pair_document((*value)[0]), pair_document((*value)[1])};
    }

    document operator()(const dimensions* value) const { return list_document(*value); }

    document operator()(const std::vector<double>* value) const { return list_document(*value); }

    document operator()(const std::optional<std::int64_t>* value) const {
        return *value ? document(**value) : document();
    }

    document operator()(const std::optional<extent_pair>* value) const {
        return *value ? pair_document(**value) : document();
    }

    document operator()(const initializer_spec* value) const {
        return initializer_document(*value, detail_level::all);
    }

    document operator()(const regularizer_spec* value) const {
        return regularizer_document(*value);
    }

    document operator()(const std::optional<double>* value) const {
        return *value ? document(**value) : document();
    }

    document operator()(const class_weights* value) const {
        document weights = document::object();
        for (const auto& [label, weight] : value->weights) {
            weights.set(std::to_string(label), weight);
        }
        return weights.size() == 0 ? document() : weights;
    }

    /// null for none.
    document operator()(const std::vector<callback_spec>* value) const {
        document list = document::array();
        for (callback_spec callback : *value) {
            callback_spec plain = callback_named(callback.name);
            list.push_back(class_document(
                callback.name,
                settings_document(settings_of(callback), settings_of(plain), detail_level::given)
            ));
        }
        return value->empty() ? document() : list;
    }

    document operator()(const constraint_spec* value) const {
        if (!value->exists()) {
            return {};
        }
        constraint_spec copy = *value;
        document config = settings_document(settings_of(copy), {}, detail_level::all);
        if (value->name != "non_neg") {
            document axes = document::array();
            for (const std::int64_t axis : value->axis) {
                axes.push_back(axis);
            }
            config.set("axis", value->axis.size() == 1 ? axes.items()[0] : axes);
        }
        return class_document(class_name_of(value->name), std::move(config));
    }

    document operator()(const learning_rate_spec* value) const {
        if (value->is_constant()) {
            return value->rate;
        }
        learning_rate_spec copy = *value;
        return class_document(
            class_name_of(value->schedule),
            settings_document(settings_of(copy), {}, detail_level::all)
        );
    }
};

} // namespace detail

/// The value of one setting. Specs with a class (initialisers, regularisers) are
/// `{"class_name", "config"}`.
[[nodiscard]] inline document document_from(const setting& s) {
    return s.value.dispatch(detail::setting_writer{});
}

inline document detail::settings_document(
    const std::vector<setting>& settings, const std::vector<setting>& defaults, detail_level level
) {
    document out = document::object();
    for (std::size_t i = 0; i < settings.size(); ++i) {
        document value = document_from(settings[i]);
        if (level == detail_level::all || settings[i].about.required ||
            value != document_from(defaults[i])) {
            out.set(settings[i].about.key, std::move(value));
        }
    }
    return out;
}

/// Settings that only repeat a default, written as the default: strides equal to the pool size.
inline void normalise(layer_kind& kind) {
    if (const auto write = detail::facts_of(kind).normalise) {
        write(kind.address());
    }
}

/// The settings of a layer alone, without its name: `{"units": 16, "activation": "relu"}`.
[[nodiscard]] inline document settings_document(layer_kind kind, detail_level level) {
    normalise(kind);
    layer_kind plain = default_of(kind);
    return detail::settings_document(settings_of(kind), settings_of(plain), level);
}

/// What all optimizers share is named only where it differs from the default. The rate of a class
/// whose default differs between versions is always named.
[[nodiscard]] inline document settings_document(optimizer_spec optimizer, detail_level level) {
    optimizer_spec plain{default_of(optimizer.kind)};
    document out =
        detail::settings_document(settings_of(optimizer.kind), settings_of(plain.kind), level);
    if (detail::has_rates_by_version(optimizer.class_name())) {
        out.set("learning_rate", document_from(settings_of(optimizer.kind).front()));
    }
    document shared = detail::settings_document(
        shared_settings_of(optimizer), shared_settings_of(plain), detail_level::given
    );
    for (auto& [key, value] : shared.members()) {
        out.set(key, std::move(value));
    }
    return out;
}

[[nodiscard]] inline document settings_document(loss_spec loss, detail_level level) {
    loss_spec plain{.name = loss.name};
    return detail::settings_document(settings_of(loss), settings_of(plain), level);
}

/// Class weights and callbacks are named only where there are some.
[[nodiscard]] inline document settings_document(fit_spec fit, detail_level level) {
    fit_spec plain;
    document out = detail::settings_document(settings_of(fit), settings_of(plain), level);
    std::erase_if(out.members(), [](const document_member& member) {
        return member.value.is_null();
    });
    return out;
}

/// `[null, 28, 28, 1]`.
[[nodiscard]] inline document batch_shape_document(const dimensions& sample) {
    document list = document::array();
    list.push_back(nullptr);
    for (const std::int64_t extent : sample) {
        list.push_back(extent);
    }
    return list;
}

[[nodiscard]] inline document document_from(const layer_spec& layer, detail_level level) {
    document config = document::object();
    if (!layer.name.empty()) {
        config.set("name", layer.name);
    }
    if (level == detail_level::all || !layer.trainable) {
        config.set("trainable", layer.trainable);
    }
    document settings = settings_document(layer.kind, level);
    for (auto& [key, value] : settings.members()) {
        config.set(key, std::move(value));
    }
    return detail::class_document(layer.class_name(), std::move(config));
}

[[nodiscard]] inline document document_from(const optimizer_spec& optimizer, detail_level level) {
    return detail::class_document(optimizer.class_name(), settings_document(optimizer, level));
}

/// A plain name where all settings have their defaults, else `{"class_name", "config"}`.
[[nodiscard]] inline document document_from(const loss_spec& loss) {
    document settings = settings_document(loss, detail_level::given);
    return settings.size() == 0
               ? document(loss.name)
               : detail::class_document(class_name_of(loss.name), std::move(settings));
}

/// A plain name where all settings have their defaults, else `{"class_name", "config"}`.
[[nodiscard]] inline document document_from(metric_spec metric) {
    metric_spec plain(metric.name);
    document settings =
        detail::settings_document(settings_of(metric), settings_of(plain), detail_level::given);
    const bool is_auc = metric.name == "auc";
    const bool is_class = is_auc || metric.name == "precision" || metric.name == "recall";
    std::string class_name = is_auc ? "AUC" : class_name_of(metric.name);
    if (settings.size() > 0) {
        return detail::class_document(class_name, std::move(settings));
    }
    return is_class ? std::move(class_name) : metric.name;
}

[[nodiscard]] inline document metrics_document(const std::vector<metric_spec>& metrics) {
    document list = document::array();
    for (const metric_spec& metric : metrics) {
        list.push_back(document_from(metric));
    }
    return list;
}

/// The problem as Keras 2 spells it, every setting named; not what it was read from.
[[nodiscard]] inline document document_from(const problem& p) {
    document layers = document::array();
    for (const layer_spec& layer : p.model.layers) {
        document written = document_from(layer, detail_level::all);
        if (layers.size() == 0) {
            written.find("config")->set(
                "batch_input_shape", batch_shape_document(p.model.input_shape)
            );
        }
        layers.push_back(std::move(written));
    }
    document config = document::object();
    if (!p.model.name.empty()) {
        config.set("name", p.model.name);
    }
    config.set("layers", std::move(layers));
    document model = document::object();
    model.set("class_name", "Sequential");
    if (!p.model.keras_version.empty()) {
        model.set("keras_version", p.model.keras_version);
    }
    model.set("config", std::move(config));

    document compile = document::object();
    compile.set("optimizer", document_from(p.compile.optimizer, detail_level::all));
    compile.set("loss", document_from(p.compile.loss));
    compile.set("metrics", metrics_document(p.compile.metrics));

    document out = document::object();
    out.set("model", std::move(model));
    out.set("compile", std::move(compile));
    out.set("fit", settings_document(p.fit, detail_level::all));
    return out;
}

} // namespace mend
