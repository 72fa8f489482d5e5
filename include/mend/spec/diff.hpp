// SPDX-License-Identifier: MIT
/// diff: the edits that turn one problem's document into one that means another.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/document_editor.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/write.hpp>

namespace mend {

namespace detail {

/// Writes the edits that lead from one problem to another.
class problem_differ {
public:
    problem_differ(const problem& before, const problem& after)
        : before_(before)
        , after_(after)
        , editor_(document_of(before)) {
        problem_reading reading = read_tree(editor_.root());
        if (!reading.mistakes.found.empty()) {
            throw error_of(reading.mistakes.found, "");
        }
        layout_ = std::move(reading.layout);
    }

    [[nodiscard]] patch run() {
        diff_version();
        diff_layers();
        diff_input_shape();
        diff_optimizer();
        diff_loss();
        if (before_.compile.metrics != after_.compile.metrics) {
            editor_.put(layout_.metrics, metrics_document(after_.compile.metrics));
        }
        diff_fit();
        patch found{std::move(editor_).edits(), lines(before_, after_)};
        if (before_.model_is_text && changes_model(found)) {
            // The file holds the model as text: first put the tree in its place.
            const document model = *document_of(before_).find("model");
            found.edits.insert(
                found.edits.begin(), {edit_operation::replace, "/model", model, model}
            );
        }
        return found;
    }

private:
    void diff_version() {
        const std::string& wanted = after_.model.keras_version;
        if (find_semantics(before_.model.keras_version) == find_semantics(wanted)) {
            return;
        }
        if (wanted.empty()) {
            editor_.remove(layout_.version);
        } else {
            editor_.put(layout_.version, wanted);
        }
    }

    [[nodiscard]] std::string layer_path(std::size_t position) const {
        return pointer_to(layout_.layers, position);
    }

    void diff_layers() {
        const std::vector<layer_pair> pairs =
            align_layers(before_.model.layers, after_.model.layers);
        std::size_t at = layout_.offset;
        std::optional<std::size_t> old_first;
        for (std::size_t i = 0; i < pairs.size();) {
            if (pairs[i].before && pairs[i].after) {
                if (*pairs[i].before == 0) {
                    old_first = at;
                }
                diff_layer(
                    at++,
                    before_.model.layers[*pairs[i].before],
                    after_.model.layers[*pairs[i].after]
                );
                ++i;
                continue;
            }
            std::size_t removed = 0;
            std::vector<std::size_t> added;
            for (; i < pairs.size() && !(pairs[i].before && pairs[i].after); ++i) {
                if (pairs[i].after) {
                    added.push_back(*pairs[i].after);
                } else {
                    ++removed;
                }
            }
            for (std::size_t k = 0; k < added.size(); ++k, ++at) {
                document layer = new_layer(added[k], at);
                if (k < removed) {
                    editor_.replace(layer_path(at), std::move(layer));
                } else {
                    editor_.add(layer_path(at), std::move(layer));
                }
            }
            for (std::size_t k = added.size(); k < removed; ++k) {
                editor_.remove(layer_path(at));
            }
        }
        if (layout_.input_on_layer && old_first && *old_first != layout_.offset) {
            const std::string key = layout_.input_shape.substr(layout_.input_shape.rfind('/'));
            editor_.remove(layer_path(*old_first) + "/config" + key);
        }
    }

    /// A layer to put into the document: the first carries the input shape where the file keeps it
    /// on the first layer, and no two layers get one name.
    [[nodiscard]] document new_layer(std::size_t position, std::size_t at) const {
        layer_spec layer = after_.model.layers[position];
        for (const document& other : editor_.find(layout_.layers)->items()) {
            const document* config = other.find("config");
            const document* name = config != nullptr ? config->find("name") : nullptr;
            if (name != nullptr && name->is_string() && name->as_string() == layer.name) {
                layer.name.clear();
            }
        }
        normalise(layer.kind);
        document written = document_from(layer, detail_level::given);
        if (at == layout_.offset && layout_.input_on_layer) {
            written.find("config")->set(
                "batch_input_shape", batch_shape_document(after_.model.input_shape)
            );
        }
        const document* first = editor_.find(layer_path(0));
        if (first != nullptr && first->find("module") != nullptr) { // Keras 3
            written.set("module", "keras.layers");
            written.set("registered_name", nullptr);
        }
        return written;
    }

    void diff_layer(std::size_t at, layer_spec x, layer_spec y) {
        if (x == y) {
            return;
        }
        const std::string config = pointer_to(layer_path(at), "config");
        const layer_kind wanted = y.kind;
        normalise(x.kind);
        normalise(y.kind);
        const std::vector<setting> settings = settings_of(y.kind);
        for (const std::size_t i : differing(settings_of(x.kind), settings)) {
            editor_.put(config, settings[i]);
        }
        if (x.trainable != y.trainable) {
            editor_.put(config, {field{"trainable"}, &y.trainable});
        }
        keep_strides(config, wanted);
    }

    /// Strides that the file states as the pool size do not follow it.
    void keep_strides(const std::string& config, const layer_kind& wanted) {
        const std::string path = pointer_to(config, "strides");
        const document* strides = editor_.find(path);
        if (strides == nullptr || strides->is_null()) {
            return;
        }
        const auto keep = [&](auto step) {
            auto stated = step;
            mistake_list none;
            read_setting(none, *strides, path, {field{"", domain::extent}, &stated});
            if (stated != step) {
                editor_.replace(path, document_from({field{}, &step}));
            }
        };
        if (const auto* max1d = get_if<max_pooling1d_spec>(&wanted)) {
            keep(max1d->step());
        } else if (const auto* average1d = get_if<average_pooling1d_spec>(&wanted)) {
            keep(average1d->step());
        } else if (const auto* max2d = get_if<max_pooling2d_spec>(&wanted)) {
            keep(max2d->step());
        } else if (const auto* average2d = get_if<average_pooling2d_spec>(&wanted)) {
            keep(average2d->step());
        }
    }

    /// Last of the model: whatever the layers became, the document states the wanted shape.
    void diff_input_shape() {
        const dimensions& wanted = after_.model.input_shape;
        const problem_reading now = read_tree(editor_.root());
        if (now.value.model.input_shape == wanted) {
            return;
        }
        std::string path = now.layout.input_shape;
        const std::string first = pointer_to(layer_path(0), "config");
        document shape = batch_shape_document(wanted);
        if (path.empty()) {
            editor_.put(pointer_to(first, "batch_input_shape"), std::move(shape));
        } else if (path.ends_with("/input_dim") || path.ends_with("/input_length")) {
            if (wanted.size() == 1) {
                editor_.replace(std::move(path), wanted[0]);
            } else {
                editor_.remove(std::move(path));
                editor_.add(pointer_to(first, "batch_input_shape"), std::move(shape));
            }
        } else if (path.ends_with("/config/input_shape")) {
            shape.items().erase(shape.items().begin());
            editor_.replace(std::move(path), std::move(shape));
        } else {
            const document& old = unwrapped(*editor_.find(path));
            if (old.is_array() && old.size() > 0) {
                shape.items()[0] = old.items()[0]; // the batch stays as stated
            }
            editor_.replace(std::move(path), std::move(shape));
        }
    }

    void diff_optimizer() {
        optimizer_spec x = before_.compile.optimizer;
        optimizer_spec y = after_.compile.optimizer;
        if (x == y) {
            state_default_rate();
            return;
        }
        const document* there = editor_.find(layout_.optimizer);
        if (x.kind.index() == y.kind.index() && config_of(there) != nullptr) {
            const std::vector<setting> settings = settings_of(y);
            const std::string config = pointer_to(layout_.optimizer, "config");
            for (const std::size_t i : differing(settings_of(x), settings)) {
                editor_.put(config, settings[i]);
            }
            state_default_rate();
            return;
        }
        document written = document_from(y, detail_level::given);
        if (written.find("config")->size() == 0 && !there->is_object()) {
            written = plain_name(y.class_name());
        } else if (there->find("module") != nullptr) { // Keras 3
            written.set("module", "keras.optimizers");
            written.set("registered_name", nullptr);
        }
        editor_.replace(layout_.optimizer, std::move(written));
    }

    /// Names the rate where the file leaves it to a version that is no longer the file's.
    void state_default_rate() {
        optimizer_spec wanted = after_.compile.optimizer;
        const std::string_view name = wanted.class_name();
        const document* version = editor_.find(layout_.version);
        const bool stated = version != nullptr && version->is_string();
        if (default_rate(name, before_.model.keras_version) ==
            default_rate(name, stated ? version->as_string() : std::string_view())) {
            return;
        }
        const document* there = editor_.find(layout_.optimizer);
        const setting rate = settings_of(wanted).front();
        if (config_of(there) == nullptr) {
            editor_.replace(layout_.optimizer, document_from(wanted, detail_level::given));
        } else if (key_in(*config_of(there), rate.about).empty()) {
            editor_.put(pointer_to(layout_.optimizer, "config"), rate);
        }
    }

    void diff_loss() {
        loss_spec x = before_.compile.loss;
        loss_spec y = after_.compile.loss;
        if (x == y) {
            return;
        }
        const document* there = editor_.find(layout_.loss);
        if (x.name == y.name && config_of(there) != nullptr) {
            const std::vector<setting> settings = settings_of(y);
            for (const std::size_t i : differing(settings_of(x), settings)) {
                editor_.put(pointer_to(layout_.loss, "config"), settings[i]);
            }
            return;
        }
        editor_.replace(layout_.loss, document_from(y));
    }

    void diff_fit() {
        fit_spec x = before_.fit;
        fit_spec y = after_.fit;
        const std::vector<setting> settings = settings_of(y);
        const std::vector<std::size_t> changed = differing(settings_of(x), settings);
        if (changed.empty()) {
            return;
        }
        if (editor_.find(layout_.fit) == nullptr) {
            document fit = document::object();
            for (const std::size_t i : changed) {
                fit.set(settings[i].about.key, document_from(settings[i]));
            }
            editor_.add(layout_.fit, std::move(fit));
            return;
        }
        for (const std::size_t i : changed) {
            editor_.put(layout_.fit, settings[i]);
        }
    }

    const problem& before_;
    const problem& after_;
    document_editor editor_;
    problem_layout layout_;
};

} // namespace detail

/// The edits that turn the document of `before` into one that means `after`:
/// apply(before, diff(before, after)) == after. Leaves or whole layers, under the keys and in the
/// forms that the document uses; what it leaves out is added. Throws spec_error where `before` is
/// no problem that mend supports (one made in C++).
[[nodiscard]] inline patch diff(const problem& before, const problem& after) {
    return detail::problem_differ(before, after).run();
}

} // namespace mend
