// SPDX-License-Identifier: MIT
/// Faults of activations: ACH, ARM, AAL. Each layer that has the setting `activation` is a site of
/// its own.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/fault/operator.hpp>
#include <mend/spec/document.hpp>

namespace mend {

namespace detail {

/// DeepCrime's list A.
inline constexpr std::string_view mutant_activations[] = {
    "elu",
    "softmax",
    "selu",
    "softplus",
    "softsign",
    "relu",
    "tanh",
    "sigmoid",
    "hard_sigmoid",
    "exponential",
    "linear"};

/// Layers whose activation is linear, or is not.
[[nodiscard]] inline std::vector<mutation_site>
activation_sites(const document& problem, bool linear) {
    return sites_where(problem, [linear](const document& layer) {
        const document* now = layer_setting(layer, "activation");
        return now != nullptr && now->is_string() && (now->as_string() == "linear") == linear;
    });
}

[[nodiscard]] inline std::pair<std::string, document>
activation_edit(mutation_site site, const mutation_value& value) {
    return {layer_pointer(site, "activation"), document_from(value)};
}

} // namespace detail

/// Another activation instead of one that is not linear.
struct change_activation {
    static constexpr operator_about about{
        "ACH", "change_activation_function", operator_group::activation, "replaces an activation"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::activation_sites(problem, false);
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return detail::names_range(detail::mutant_activations);
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site site, const mutation_value& value) const {
        return detail::activation_edit(site, value);
    }
};

/// Linear instead of an activation.
struct remove_activation {
    static constexpr operator_about about{
        "ARM", "remove_activation_function", operator_group::activation, "removes an activation"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::activation_sites(problem, false);
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return detail::no_setting();
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site site, const mutation_value&) const {
        return {detail::layer_pointer(site, "activation"), "linear"};
    }
};

/// An activation where there is none.
struct add_activation {
    static constexpr operator_about about{
        "AAL",
        "add_activation_function",
        operator_group::activation,
        "adds an activation to a linear layer"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::activation_sites(problem, true);
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return detail::names_range(detail::mutant_activations); // linear is the original
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site site, const mutation_value& value) const {
        return detail::activation_edit(site, value);
    }
};

static_assert(problem_operator<change_activation>);
static_assert(problem_operator<remove_activation>);
static_assert(problem_operator<add_activation>);

} // namespace mend
