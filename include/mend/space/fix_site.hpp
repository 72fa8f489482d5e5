// SPDX-License-Identifier: MIT
/// What each dimension of a fix space edits, and the editing.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/space/fix_domains.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read_values.hpp>
#include <mend/spec/reading.hpp>
#include <mend/spec/settings.hpp>

namespace mend {

enum class fix_target : std::uint8_t {
    optimizer,
    learning_rate,     ///< of whatever optimizer
    optimizer_setting, ///< of its class
    update_setting,    ///< of what all optimizers share
    loss,
    loss_setting,
    fit_setting,
    front, ///< a layer before the first: "Rescaling" (by 1/255), "Normalization"
    layer_setting,
    trainable,
    repeat,      ///< how often the layer stands there, 0 to 2
    add_dropout, ///< after the layer and its activation; 0: none
};

/// What one dimension edits.
struct fix_site {
    fix_target what;
    std::size_t layer = 0; ///< of the faulty problem, where it is about a layer
    std::string_view key{};
    document::array_type values{}; ///< by raw value; empty for a real learning rate
};

namespace detail {

/// Puts a value, as Keras spells it, into the setting of that key; whether there is one that takes
/// it.
inline bool
assign(const std::vector<setting>& settings, std::string_view key, const document& value) {
    mistake_list mistakes;
    bool found = false;
    for (const setting& s : settings) {
        if (s.about.key == key) {
            read_setting(mistakes, value, "", s);
            found = true;
        }
    }
    return found && mistakes.found.empty();
}

/// The layers with those added in front, left out, repeated, and followed by dropout.
[[nodiscard]] inline std::vector<layer_spec> rebuilt(
    const std::vector<layer_spec>& layers,
    std::string_view front,
    const std::vector<std::int64_t>& repeat,
    const std::vector<double>& dropout
) {
    std::vector<layer_spec> made;
    if (front == "Rescaling") {
        made.push_back({rescaling_spec{.scale = 1.0 / 255}});
    } else if (front == "Normalization") {
        made.push_back({normalization_spec{}});
    }
    double rate = 0; // of dropout that waits for the activation that belongs to its layer
    for (std::size_t i = 0; i < layers.size(); ++i) {
        for (std::int64_t times = 0; times < repeat[i]; ++times) {
            made.push_back(layers[i]);
            if (times > 0) {
                made.back().name.clear();
            }
        }
        rate = dropout[i] > 0 ? dropout[i] : rate;
        const bool waits = i + 1 < layers.size() && is_activation(layers[i + 1]);
        if (rate > 0 && !waits) {
            made.push_back({dropout_spec{.rate = rate}});
            rate = 0;
        }
    }
    return made;
}

/// The problem with each dimension's value put in; those at their standard value leave their
/// setting untouched, to the last bit.
[[nodiscard]] inline problem edit_problem(
    const problem& faulty,
    const std::vector<fix_site>& sites,
    const std::vector<double>& raw,
    const std::vector<double>& standard
) {
    problem p{faulty.model, faulty.compile, faulty.fit};
    std::vector<std::int64_t> repeat(p.model.layers.size(), 1);
    std::vector<double> dropout(p.model.layers.size(), 0);
    std::string front;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        if (std::isnan(raw[i]) || raw[i] == standard[i]) {
            continue;
        }
        const fix_site& s = sites[i];
        if (s.what == fix_target::learning_rate) {
            const bool real = s.values.empty();
            p.compile.optimizer.learning_rate(
                real ? raw[i] : s.values[static_cast<std::size_t>(raw[i])].as_number()
            );
            continue;
        }
        const document& value = s.values[static_cast<std::size_t>(raw[i])];
        switch (s.what) {
        case fix_target::optimizer:
            p.compile.optimizer.kind = *make_optimizer(value.as_string());
            p.compile.optimizer.rate() = faulty.compile.optimizer.rate();
            break;
        case fix_target::learning_rate:
            break;
        case fix_target::optimizer_setting:
            assign(settings_of(p.compile.optimizer.kind), s.key, value);
            break;
        case fix_target::update_setting:
            assign(list_settings(p.compile.optimizer.update), s.key, value);
            break;
        case fix_target::loss:
            p.compile.loss = {.name = value.as_string()};
            break;
        case fix_target::loss_setting:
            assign(settings_of(p.compile.loss), s.key, value);
            break;
        case fix_target::fit_setting:
            assign(settings_of(p.fit), s.key, value);
            break;
        case fix_target::front:
            front = value.as_string();
            break;
        case fix_target::layer_setting:
            assign(settings_of(p.model.layers[s.layer].kind), s.key, value);
            break;
        case fix_target::trainable:
            p.model.layers[s.layer].trainable = value.as_bool();
            break;
        case fix_target::repeat:
            repeat[s.layer] = value.as_integer();
            break;
        case fix_target::add_dropout:
            dropout[s.layer] = value.as_number();
            break;
        }
    }
    p.model.layers = rebuilt(p.model.layers, front, repeat, dropout);
    return p;
}

} // namespace detail

} // namespace mend
