// SPDX-License-Identifier: MIT
/// In what two problems differ: aligned layers, one readable line per change, complexity.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/write.hpp>

namespace mend {

/// One entry of an alignment of two lists of layers: both where a layer of one is a layer of the
/// other (of the same class), else a layer that was removed (`before`) or added (`after`).
struct layer_pair {
    std::optional<std::size_t> before;
    std::optional<std::size_t> after;
};

namespace detail {

/// Which settings differ, by position; both lists are of the same class.
[[nodiscard]] inline std::vector<std::size_t>
differing(const std::vector<setting>& a, const std::vector<setting>& b) {
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        if (document_from(a[i]) != document_from(b[i])) {
            positions.push_back(i);
        }
    }
    return positions;
}

/// Number of settings in which two layers of one class differ.
[[nodiscard]] inline std::size_t distance(layer_spec a, layer_spec b) {
    if (a == b) {
        return 0;
    }
    normalise(a.kind);
    normalise(b.kind);
    return differing(settings_of(a.kind), settings_of(b.kind)).size() +
           (a.trainable != b.trainable ? 1 : 0);
}

} // namespace detail

/// Pairs the layers of two models, in order: as few added and removed layers as possible, and among
/// those alignments one with as few differing settings as possible. Quadratic in the layers that
/// differ.
[[nodiscard]] inline std::vector<layer_pair>
align_layers(const std::vector<layer_spec>& a, const std::vector<layer_spec>& b) {
    std::size_t head = 0;
    while (head < a.size() && head < b.size() && a[head] == b[head]) {
        ++head;
    }
    std::size_t tail = 0;
    while (tail < a.size() - head && tail < b.size() - head &&
           a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
        ++tail;
    }
    const std::size_t rows = a.size() - head - tail;
    const std::size_t columns = b.size() - head - tail;
    constexpr std::size_t gap = 1U << 20U; // outweighs any number of differing settings
    // cost[i][j]: of aligning what follows layer i of a with what follows layer j of b.
    std::vector<std::size_t> cost((rows + 1) * (columns + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& {
        return cost[i * (columns + 1) + j];
    };
    std::vector<std::size_t> match(rows * columns, 4 * gap);
    for (std::size_t i = rows + 1; i-- > 0;) {
        for (std::size_t j = columns + 1; j-- > 0;) {
            if (i == rows || j == columns) {
                at(i, j) = (rows - i + columns - j) * gap;
                continue;
            }
            const layer_spec& x = a[head + i];
            const layer_spec& y = b[head + j];
            if (x.kind.index() == y.kind.index()) {
                match[i * columns + j] = detail::distance(x, y);
            }
            at(i, j) = std::min(
                {match[i * columns + j] + at(i + 1, j + 1), gap + at(i + 1, j), gap + at(i, j + 1)}
            );
        }
    }
    std::vector<layer_pair> pairs;
    for (std::size_t i = 0; i < head; ++i) {
        pairs.push_back({i, i});
    }
    for (std::size_t i = 0, j = 0; i < rows || j < columns;) {
        if (i < rows && j < columns && at(i, j) == match[i * columns + j] + at(i + 1, j + 1)) {
            pairs.push_back({head + i++, head + j++});
        } else if (i < rows && at(i, j) == gap + at(i + 1, j)) {
            pairs.push_back({head + i++, std::nullopt});
        } else {
            pairs.push_back({std::nullopt, head + j++});
        }
    }
    for (std::size_t i = 0; i < tail; ++i) {
        pairs.push_back({a.size() - tail + i, b.size() - tail + i});
    }
    return pairs;
}

namespace detail {

[[nodiscard]] inline std::string text_of(const setting& s);

/// "units=16, activation=relu": what differs from the defaults.
[[nodiscard]] inline std::string
text_of_given(const std::vector<setting>& settings, const std::vector<setting>& defaults) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < settings.size(); ++i) {
        if (settings[i].about.required ||
            document_from(settings[i]) != document_from(defaults[i])) {
            parts.push_back(concat({settings[i].about.key, "=", text_of(settings[i])}));
        }
    }
    return join(parts, ", ");
}

[[nodiscard]] inline std::string text_of(initializer_spec spec) {
    spec = normalised(spec);
    initializer_spec plain{.name = spec.name};
    const std::string given = text_of_given(settings_of(spec), settings_of(plain));
    return given.empty() ? spec.name : concat({spec.name, "(", given, ")"});
}

[[nodiscard]] inline std::string text_of(const regularizer_spec& spec) {
    if (spec.l1 != 0 && spec.l2 != 0) {
        return concat({"l1_l2(", plain_text(spec.l1), ", ", plain_text(spec.l2), ")"});
    }
    return spec.l1 != 0   ? concat({"l1(", plain_text(spec.l1), ")"})
           : spec.l2 != 0 ? concat({"l2(", plain_text(spec.l2), ")"})
                          : "none";
}

/// "[accuracy, auc(num_thresholds=50)]".
[[nodiscard]] inline std::string text_of(const std::vector<metric_spec>& metrics) {
    std::vector<std::string> parts;
    for (metric_spec metric : metrics) {
        metric_spec plain(metric.name);
        const std::string given = text_of_given(settings_of(metric), settings_of(plain));
        parts.push_back(given.empty() ? metric.name : concat({metric.name, "(", given, ")"}));
    }
    return concat({"[", join(parts, ", "), "]"});
}

[[nodiscard]] inline std::string text_of(const std::vector<callback_spec>& callbacks) {
    std::vector<std::string> parts;
    for (callback_spec callback : callbacks) {
        callback_spec plain = callback_named(callback.name);
        const std::string given = text_of_given(settings_of(callback), settings_of(plain));
        parts.push_back(concat({callback.name, "(", given, ")"}));
    }
    return parts.empty() ? "none" : join(parts, ", ");
}

[[nodiscard]] inline std::string text_of(constraint_spec spec) {
    if (!spec.exists()) {
        return "none";
    }
    std::vector<std::string> parts;
    for (const setting& s : settings_of(spec)) {
        parts.push_back(concat({s.about.key, "=", text_of(s)}));
    }
    if (spec.axis != constraint_spec().axis) {
        parts.push_back(concat({"axis=", to_text(spec.axis)}));
    }
    return parts.empty() ? spec.name : concat({spec.name, "(", join(parts, ", "), ")"});
}

[[nodiscard]] inline std::string text_of(learning_rate_spec spec) {
    if (spec.is_constant()) {
        return plain_text(document(spec.rate));
    }
    std::vector<std::string> parts;
    for (const setting& s : settings_of(spec)) {
        parts.push_back(concat({s.about.key, "=", text_of(s)}));
    }
    return concat({spec.schedule, "(", join(parts, ", "), ")"});
}

inline std::string text_of(const setting& s) {
    if (const auto* callbacks = s.value.to<std::vector<callback_spec>>()) {
        return text_of(*callbacks);
    }
    if (const auto* constraint = s.value.to<constraint_spec>()) {
        return text_of(*constraint);
    }
    if (const auto* rate = s.value.to<learning_rate_spec>()) {
        return text_of(*rate);
    }
    if (const auto* initializer = s.value.to<initializer_spec>()) {
        return text_of(*initializer);
    }
    if (const auto* regularizer = s.value.to<regularizer_spec>()) {
        return text_of(*regularizer);
    }
    const document value = document_from(s);
    return value.is_null() ? "none" : plain_text(value);
}

[[nodiscard]] inline std::string text_of(layer_spec layer) {
    normalise(layer.kind);
    layer_kind plain = default_of(layer.kind);
    const std::string given = text_of_given(settings_of(layer.kind), settings_of(plain));
    return given.empty() ? std::string(layer.class_name())
                         : concat({layer.class_name(), "(", given, ")"});
}

/// `layers[2] Dense "dense_1"`.
[[nodiscard]] inline std::string label_of(const layer_spec& layer, std::size_t position) {
    const std::string place = std::to_string(position);
    return layer.name.empty()
               ? concat({"layers[", place, "] ", layer.class_name()})
               : concat({"layers[", place, "] ", layer.class_name(), " \"", layer.name, "\""});
}

/// Appends "prefix key: old -> new" for each differing setting of two lists of one class.
inline void append_changes(
    std::vector<std::string>& lines,
    const std::string& prefix,
    const std::vector<setting>& a,
    const std::vector<setting>& b
) {
    for (const std::size_t i : differing(a, b)) {
        lines.push_back(concat({prefix, a[i].about.key, ": ", text_of(a[i]), " -> ", text_of(b[i])})
        );
    }
}

inline void append_layer_changes(
    std::vector<std::string>& lines, const model_spec& before, const model_spec& after
) {
    std::size_t next = 0; // the layer of `before` that comes next
    for (const auto& [i, j] : align_layers(before.layers, after.layers)) {
        if (i && j) {
            layer_spec x = before.layers[*i];
            layer_spec y = after.layers[*j];
            normalise(x.kind);
            normalise(y.kind);
            const std::string label = concat({label_of(x, *i), " "});
            append_changes(lines, label, settings_of(x.kind), settings_of(y.kind));
            if (x.trainable != y.trainable) {
                lines.push_back(concat(
                    {label, "trainable: ", to_text(x.trainable), " -> ", to_text(y.trainable)}
                ));
            }
            next = *i + 1;
        } else if (i) {
            lines.push_back(concat({"- ", label_of(before.layers[*i], *i)}));
            next = *i + 1;
        } else {
            const bool at_end = next == before.layers.size();
            const bool follows = at_end && next > 0;
            lines.push_back(concat(
                {"+ ",
                 text_of(after.layers[*j]),
                 follows ? " after layers[" : " before layers[",
                 std::to_string(follows ? next - 1 : next),
                 "]"}
            ));
        }
    }
}

inline void append_optimizer_changes(
    std::vector<std::string>& lines, optimizer_spec before, optimizer_spec after
) {
    const std::vector<setting> old = settings_of(before.kind);
    const std::vector<setting> now = settings_of(after.kind);
    if (before.kind.index() == after.kind.index()) {
        append_changes(lines, "optimizer.", settings_of(before), settings_of(after));
        return;
    }
    lines.push_back(concat({"optimizer: ", before.class_name(), " -> ", after.class_name()}));
    optimizer_spec_kind plain = default_of(after.kind);
    const std::vector<setting> defaults = settings_of(plain);
    for (const std::size_t i : differing(defaults, now)) {
        std::string line = concat({"optimizer.", now[i].about.key, ": "});
        for (const setting& s : old) {
            if (s.about.key == now[i].about.key) {
                line += concat({text_of(s), " -> "});
            }
        }
        lines.push_back(line + text_of(now[i]));
    }
    update_spec& x = before.update;
    update_spec& y = after.update;
    append_changes(lines, "optimizer.", list_settings(x), list_settings(y));
}

} // namespace detail

/// One readable line per change from one problem to the other, such as
/// `optimizer.learning_rate: 1 -> 0.001`; layers are counted from 0, as those of `before`.
[[nodiscard]] inline std::vector<std::string> lines(const problem& before, const problem& after) {
    std::vector<std::string> found;
    if (find_semantics(before.model.keras_version) != find_semantics(after.model.keras_version)) {
        const auto name = [](const std::string& version_name) {
            return version_name.empty() ? "none" : version_name;
        };
        found.push_back(concat(
            {"keras_version: ",
             name(before.model.keras_version),
             " -> ",
             name(after.model.keras_version)}
        ));
    }
    if (before.model.input_shape != after.model.input_shape) {
        found.push_back(concat(
            {"input_shape: ",
             to_text(before.model.input_shape),
             " -> ",
             to_text(after.model.input_shape)}
        ));
    }
    detail::append_layer_changes(found, before.model, after.model);
    detail::append_optimizer_changes(found, before.compile.optimizer, after.compile.optimizer);
    loss_spec old_loss = before.compile.loss;
    loss_spec new_loss = after.compile.loss;
    if (old_loss.name != new_loss.name) {
        found.push_back(concat({"loss: ", old_loss.name, " -> ", new_loss.name}));
        old_loss = {.name = new_loss.name};
    }
    detail::append_changes(found, "loss.", settings_of(old_loss), settings_of(new_loss));
    if (before.compile.metrics != after.compile.metrics) {
        found.push_back(concat(
            {"metrics: ",
             detail::text_of(before.compile.metrics),
             " -> ",
             detail::text_of(after.compile.metrics)}
        ));
    }
    fit_spec old_fit = before.fit;
    fit_spec new_fit = after.fit;
    detail::append_changes(found, "fit.", settings_of(old_fit), settings_of(new_fit));
    return found;
}

/// The number of hyperparameters whose value (defaults filled in) differs. A layer added or removed
/// counts 1, so one of another class in its place 2; another optimizer or loss counts 1 plus each
/// of its settings that differs from the default. An initialiser or regulariser with its settings
/// is one hyperparameter.
[[nodiscard]] inline std::size_t complexity(const problem& before, const problem& after) {
    return lines(before, after).size();
}

} // namespace mend
