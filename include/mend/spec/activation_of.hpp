// SPDX-License-Identifier: MIT
/// Which activation a layer applies, whatever class it is.
#pragma once

#include <string_view>
#include <variant>

#include <mend/spec/layer.hpp>

namespace mend {

/// The canonical name of the activation of a layer that has that setting ("linear" where it applies
/// none); "" for layers without one (Flatten, Dropout, ...).
[[nodiscard]] inline std::string_view activation_of(const layer_spec& layer) {
    return std::visit(
        [](const auto& spec) -> std::string_view {
            if constexpr (requires { spec.activation; }) {
                return spec.activation;
            } else {
                return {};
            }
        },
        layer.kind
    );
}

} // namespace mend
