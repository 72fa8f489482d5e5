// SPDX-License-Identifier: MIT
/// A fault's published search space from a document.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <mend/core/error.hpp>
#include <mend/space/study_space.hpp>
#include <mend/spec/document.hpp>

namespace mend {

/// The space in a document:
///
///     {"dimensions": [{"name": "ki1", "edits": "layers[0].kernel_initializer",
///                      "faulty": "glorot_uniform"},
///                     {"name": "dropout1", "edits": "layers[3].rate", "faulty": "0.25",
///                      "frozen": true}, ..],
///      "epochs": {"ratio": [1.1, 1.3], "quotients_above": 1}}
///
/// Other members are for people. Throws spec_error with a path below /space, `name` in front.
[[nodiscard]] inline study_space
study_space_from(const document& from, std::string_view name = {}) {
    const auto refuse = [&](const std::string& where, const std::string& why) {
        throw spec_error((name.empty() ? "" : std::string(name) + ": ") + "/space" + where, why);
    };
    study_space read;
    const document* listed = from.find("dimensions");
    if (listed == nullptr || !listed->is_array()) {
        refuse("/dimensions", "must be a list");
    }
    for (std::size_t i = 0; i < listed->size(); ++i) {
        const document& entry = listed->items()[i];
        const std::string at = "/dimensions/" + std::to_string(i);
        study_dimension made;
        for (const auto& [key, into] :
             {std::pair{"name", &made.name},
              std::pair{"edits", &made.edits},
              std::pair{"faulty", &made.faulty}}) {
            const document* value = entry.find(key);
            if (value == nullptr || !value->is_string()) {
                refuse(at + "/" + key, value == nullptr ? "is missing" : "must be a string");
            }
            *into = value->as_string();
        }
        if (const document* frozen = entry.find("frozen")) {
            if (!frozen->is_bool()) {
                refuse(at + "/frozen", "must be true or false");
            }
            made.frozen = frozen->as_bool();
        }
        if (read.find(made.name) != nullptr) {
            refuse(at + "/name", "is there twice");
        }
        read.dimensions.push_back(std::move(made));
    }
    if (const document* epochs = from.find("epochs")) {
        const document* ratio = epochs->find("ratio");
        const document* above = epochs->find("quotients_above");
        if (ratio == nullptr || !ratio->is_array() || ratio->size() != 2 ||
            !ratio->items()[0].is_number() || !ratio->items()[1].is_number()) {
            refuse("/epochs/ratio", "must be a list of two numbers");
        }
        if (above == nullptr || !above->is_number()) {
            refuse("/epochs/quotients_above", "must be a number");
        }
        read.epoch_ratio = (ratio->items()[0].as_number() + ratio->items()[1].as_number()) / 2;
        read.quotients_above = above->as_number();
        if (!(read.epoch_ratio > 1)) {
            refuse("/epochs/ratio", "must lie above 1");
        }
    }
    return read;
}

} // namespace mend
