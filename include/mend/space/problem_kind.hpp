// SPDX-License-Identifier: MIT
/// What a problem says of itself that its fixes depend on.
#pragma once

#include <string>
#include <vector>

#include <mend/spec/difference.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>

namespace mend {

namespace detail {

/// The units or filters among settings; nullptr where there are none.
[[nodiscard]] inline const setting* find_width(const std::vector<setting>& settings) {
    for (const setting& s : settings) {
        if (s.about.key == "units" || s.about.key == "filters") {
            return &s;
        }
    }
    return nullptr;
}

/// Whether the loss or the output is one for classes.
[[nodiscard]] inline bool is_classifier(const problem& p) {
    const std::string& loss = p.compile.loss.name;
    if (loss.ends_with("crossentropy") || loss.ends_with("hinge") ||
        loss == "kullback_leibler_divergence") {
        return true;
    }
    if (p.model.layers.empty()) {
        return false;
    }
    layer_kind last = p.model.layers.back().kind;
    for (const setting& s : settings_of(last)) {
        if (s.about.values == domain::activation && text_of(s) == "softmax") {
            return true;
        }
    }
    return false;
}

} // namespace detail

} // namespace mend
