// SPDX-License-Identifier: MIT
/// Edits of a problem's document, setting by setting, in the spelling that it uses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/initializer_spec.hpp>
#include <mend/spec/names.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/read_values.hpp>
#include <mend/spec/reading.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/write.hpp>

namespace mend::detail {

/// Makes edits on a working copy of a document, and keeps them.
class document_editor {
public:
    explicit document_editor(document root)
        : root_(std::move(root)) {}

    [[nodiscard]] const document& root() const noexcept { return root_; }

    [[nodiscard]] const document* find(std::string_view pointer) const {
        return find_at(root_, pointer);
    }

    void add(std::string path, document value) {
        make({edit_operation::add, std::move(path), std::move(value)});
    }

    void remove(std::string path) { make({edit_operation::remove, std::move(path)}); }

    void replace(std::string path, document value) {
        make({edit_operation::replace, std::move(path), std::move(value)});
    }

    /// Replaces what is there, adds what is not.
    void put(std::string path, document value) {
        if (find(path) != nullptr) {
            replace(std::move(path), std::move(value));
        } else {
            add(std::move(path), std::move(value));
        }
    }

    /// Changes one setting of the object at `at`, under the key and in the form that it uses.
    void put(const std::string& at, const setting& s);

    [[nodiscard]] std::vector<edit> edits() && { return std::move(edits_); }

private:
    void make(edit e) {
        patch done = apply_to(root_, patch{{std::move(e)}});
        edits_.push_back(std::move(done.edits.front()));
    }

    void put_initializer(std::string path, initializer_spec spec);
    void put_regularizer(std::string path, regularizer_spec spec);
    void put_rate(std::string path, learning_rate_spec spec);
    void put_callbacks(std::string path, std::vector<callback_spec> wanted);

    document root_;
    std::vector<edit> edits_;
};

/// The config of `{"class_name", "config"}`; nullptr where the value is another form.
[[nodiscard]] inline const document* config_of(const document* value) noexcept {
    const document* name = value != nullptr ? value->find("class_name") : nullptr;
    const document* config = value != nullptr ? value->find("config") : nullptr;
    const bool whole =
        name != nullptr && name->is_string() && config != nullptr && config->is_object();
    return whole ? config : nullptr;
}

inline void document_editor::put(const std::string& at, const setting& s) {
    const document* object = find(at);
    const std::string_view known = object != nullptr ? key_in(*object, s.about) : "";
    std::string path = pointer_to(at, known.empty() ? s.about.key : known);
    if (const auto* initializer = s.value.to<initializer_spec>()) {
        put_initializer(std::move(path), *initializer);
    } else if (const auto* regularizer = s.value.to<regularizer_spec>()) {
        put_regularizer(std::move(path), *regularizer);
    } else if (const auto* callbacks = s.value.to<std::vector<callback_spec>>()) {
        put_callbacks(std::move(path), *callbacks);
    } else if (const auto* rate = s.value.to<learning_rate_spec>()) {
        put_rate(std::move(path), *rate);
    } else {
        put(std::move(path), document_from(s));
    }
}

inline void document_editor::put_initializer(std::string path, initializer_spec spec) {
    spec = normalised(spec);
    const document* there = find(path);
    const document* config = config_of(there);
    if (config != nullptr &&
        initializer_name(there->find("class_name")->as_string()) == spec.name) {
        initializer_spec old;
        mistake_list none;
        read_setting(none, *there, path, {field{}, &old});
        if (old.name == spec.name) { // else it is variance scaling under another name
            const std::vector<setting> settings = settings_of(spec);
            const std::string config_at = pointer_to(path, "config");
            for (const std::size_t i : differing(settings_of(old), settings)) {
                put(config_at, settings[i]);
            }
            return;
        }
    }
    document written = initializer_document(spec, detail_level::given);
    const bool plain = written.find("config")->size() == 0;
    put(std::move(path),
        plain && (there == nullptr || !there->is_object()) ? document(spec.name)
                                                           : std::move(written));
}

inline void document_editor::put_regularizer(std::string path, regularizer_spec spec) {
    const document* there = find(path);
    if (config_of(there) != nullptr && spec.exists()) {
        const std::string name = plain_name(there->find("class_name")->as_string());
        if (name == "l1l2" || (name == "l1" && spec.l2 == 0) || (name == "l2" && spec.l1 == 0)) {
            regularizer_spec old;
            mistake_list none;
            read_setting(none, *there, path, {field{}, &old});
            const std::string config_at = pointer_to(path, "config");
            if (old.l1 != spec.l1) {
                put(config_at, {field{"l1"}, &spec.l1});
            }
            if (old.l2 != spec.l2) {
                put(config_at, {field{"l2"}, &spec.l2});
            }
            return;
        }
    }
    put(std::move(path), regularizer_document(spec));
}

inline void document_editor::put_rate(std::string path, learning_rate_spec spec) {
    const document* there = find(path);
    if (config_of(there) != nullptr) {
        learning_rate_spec old;
        mistake_list none;
        read_setting(none, *there, path, {field{}, &old});
        if (!old.is_constant() && old.schedule == spec.schedule) {
            const std::vector<setting> settings = settings_of(spec);
            const std::string config_at = pointer_to(path, "config");
            for (const std::size_t i : differing(settings_of(old), settings)) {
                put(config_at, settings[i]);
            }
            return;
        }
    }
    put(std::move(path), document_from(setting{field{}, &spec}));
}

/// Leaves where the callbacks stay the same classes, else the list as a whole.
inline void document_editor::put_callbacks(std::string path, std::vector<callback_spec> wanted) {
    std::vector<callback_spec> old;
    mistake_list none;
    if (const document* there = find(path)) {
        read_setting(none, *there, path, {field{}, &old});
    }
    bool alike = old.size() == wanted.size();
    for (std::size_t i = 0; alike && i < old.size(); ++i) {
        alike = old[i].name == wanted[i].name && config_of(find(pointer_to(path, i))) != nullptr;
    }
    if (!alike) {
        put(std::move(path), document_from(setting{field{}, &wanted}));
        return;
    }
    for (std::size_t i = 0; i < old.size(); ++i) {
        const std::vector<setting> settings = settings_of(wanted[i]);
        const std::string config_at = pointer_to(pointer_to(path, i), "config");
        for (const std::size_t k : differing(settings_of(old[i]), settings)) {
            put(config_at, settings[k]);
        }
    }
}

} // namespace mend::detail
