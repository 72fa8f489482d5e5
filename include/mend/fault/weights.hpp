// SPDX-License-Identifier: MIT
/// Faults of the weights: WCI, WAB, WRB.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/fault/operator.hpp>
#include <mend/spec/document.hpp>

namespace mend {

namespace detail {

/// DeepCrime's list W.
inline constexpr std::string_view mutant_initializers[] = {
    "zeros",
    "ones",
    "constant",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "orthogonal",
    "lecun_uniform",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "lecun_normal",
    "he_uniform"};

[[nodiscard]] inline std::vector<mutation_site> bias_sites(const document& problem, bool used) {
    return sites_where(problem, [used](const document& layer) {
        const document* now = layer_setting(layer, "use_bias");
        return now != nullptr && now->is_bool() && now->as_bool() == used;
    });
}

} // namespace detail

/// Another kernel initialiser, with Keras' default settings. Others that mend knows (identity for
/// kernels of two dimensions, variance_scaling) may be given by name.
struct change_initialisation {
    static constexpr operator_about about{
        "WCI",
        "change_weights_initialisation",
        operator_group::weights,
        "replaces a kernel initialiser"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::sites_where(problem, [](const document& layer) {
            return detail::layer_setting(layer, "kernel_initializer") != nullptr;
        });
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return detail::names_range(detail::mutant_initializers);
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site site, const mutation_value& value) const {
        return {detail::layer_pointer(site, "kernel_initializer"), document_from(value)};
    }
};

/// A bias where there is none.
struct add_bias {
    static constexpr operator_about about{
        "WAB", "add_bias", operator_group::weights, "adds a bias"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::bias_sites(problem, false);
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return detail::no_setting();
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site site, const mutation_value&) const {
        return {detail::layer_pointer(site, "use_bias"), true};
    }
};

/// No bias where there is one.
struct remove_bias {
    static constexpr operator_about about{
        "WRB", "remove_bias", operator_group::weights, "removes a bias"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::bias_sites(problem, true);
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return detail::no_setting();
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site site, const mutation_value&) const {
        return {detail::layer_pointer(site, "use_bias"), false};
    }
};

static_assert(problem_operator<change_initialisation>);
static_assert(problem_operator<add_bias>);
static_assert(problem_operator<remove_bias>);

} // namespace mend
