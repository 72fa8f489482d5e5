// SPDX-License-Identifier: MIT
/// Faults of regularisation: RAW, RCW, RRW, RCD, RCP.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/fault/operator.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/pointer.hpp>

namespace mend {

namespace detail {

/// The three kernel regularisers, with Keras' default factors.
inline constexpr std::string_view mutant_regularizers[] = {"l1", "l2", "l1_l2"};

[[nodiscard]] inline document regularizer_named(const mutation_value& value) {
    const std::string name = to_text(value);
    if (std::find(std::begin(mutant_regularizers), std::end(mutant_regularizers), name) ==
        std::end(mutant_regularizers)) {
        throw usage_error("--value", "\"" + name + "\" is not one of l1, l2, l1_l2");
    }
    document config = document::object();
    config.set("l1", name == "l2" ? 0.0 : 0.01);
    config.set("l2", name == "l1" ? 0.0 : 0.01);
    document made = document::object();
    made.set("class_name", "L1L2");
    made.set("config", std::move(config));
    return made;
}

/// Which of the three a document is.
[[nodiscard]] inline std::string_view regularizer_name(const document& from) {
    const document* config = from.find("config");
    const auto factor = [&](const char* key) {
        const document* value = config == nullptr ? nullptr : config->find(key);
        return value != nullptr && value->is_number() && value->as_number() != 0;
    };
    return !factor("l2") ? "l1" : factor("l1") ? "l1_l2" : "l2";
}

/// Layers that have the setting, with a kernel regulariser or without.
[[nodiscard]] inline std::vector<mutation_site>
regularizer_sites(const document& problem, bool regularised) {
    return sites_where(problem, [regularised](const document& layer) {
        const document* now = layer_setting(layer, "kernel_regularizer");
        return now != nullptr && now->is_null() != regularised;
    });
}

/// The pointer of the patience of the early stopping; "" where there is none.
[[nodiscard]] inline std::string patience_pointer(const document& problem) {
    const std::string list = "/fit/callbacks";
    const document* callbacks = find_at(problem, list);
    for (std::size_t i = 0; callbacks != nullptr && i < callbacks->size(); ++i) {
        const std::string at = pointer_to(list, i);
        const document* name = find_at(problem, at + "/class_name");
        const document* patience = find_at(problem, at + "/config/patience");
        if (name != nullptr && *name == document("EarlyStopping") && patience != nullptr &&
            patience->is_number()) {
            return at + "/config/patience";
        }
    }
    return {};
}

} // namespace detail

/// A kernel regulariser where there is none.
struct add_regularisation {
    static constexpr operator_about about{
        "RAW",
        "add_weights_regularisation",
        operator_group::regularisation,
        "adds a kernel regulariser"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::regularizer_sites(problem, false);
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return detail::names_range(detail::mutant_regularizers);
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site site, const mutation_value& value) const {
        return {
            detail::layer_pointer(site, "kernel_regularizer"), detail::regularizer_named(value)};
    }
};

/// Another kernel regulariser. DeepCrime draws one of the other two; here both are mutants.
struct change_regularisation {
    static constexpr operator_about about{
        "RCW",
        "change_weights_regularisation",
        operator_group::regularisation,
        "replaces a kernel regulariser"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::regularizer_sites(problem, true);
    }

    [[nodiscard]] setting_range
    settings(const document& problem, mutation_site site, const mutation_facts&) const {
        const std::string now(
            detail::regularizer_name(detail::setting_at(problem, site, "kernel_regularizer"))
        );
        setting_range range = detail::names_range(detail::mutant_regularizers);
        std::erase(range.values, mutation_value(now));
        return range;
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site site, const mutation_value& value) const {
        return {
            detail::layer_pointer(site, "kernel_regularizer"), detail::regularizer_named(value)};
    }
};

/// No kernel regulariser where there is one. Mended: DeepCrime's program has no branch that ever
/// runs it.
struct remove_regularisation {
    static constexpr operator_about about{
        "RRW",
        "remove_weights_regularisation",
        operator_group::regularisation,
        "removes a kernel regulariser"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::regularizer_sites(problem, true);
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return detail::no_setting();
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site site, const mutation_value&) const {
        return {detail::layer_pointer(site, "kernel_regularizer"), document()};
    }
};

/// Another dropout rate. A rate of 1 is among DeepCrime's, and a mutant where mend takes it.
struct change_dropout_rate {
    static constexpr operator_about about{
        "RCD", "change_dropout_rate", operator_group::regularisation, "changes a dropout rate"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::sites_where(problem, [](const document& layer) {
            const document* rate = detail::layer_setting(layer, "rate");
            return rate != nullptr && rate->is_number() &&
                   layer.find("class_name")->as_string().find("Dropout") != std::string::npos;
        });
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return {.values = {0.125, 0.25, 0.75, 1.0}};
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site site, const mutation_value& value) const {
        return {detail::layer_pointer(site, "rate"), document_from(value)};
    }
};

/// Less patience of the early stopping, down to 1. Mended: DeepCrime's program lacks precision and
/// rounding for it (here 1, whole numbers) and cannot run it.
struct change_patience {
    static constexpr operator_about about{
        "RCP",
        "change_earlystopping_patience",
        operator_group::regularisation,
        "lowers the patience of the early stopping"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        const std::string path = detail::patience_pointer(problem);
        return detail::whole_if(!path.empty() && find_at(problem, path)->as_number() > 1);
    }

    [[nodiscard]] setting_range
    settings(const document& problem, mutation_site, const mutation_facts&) const {
        const double now = find_at(problem, detail::patience_pointer(problem))->as_number();
        return {.interval = setting_interval{now, 1, 1, 0}};
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document& problem, mutation_site, const mutation_value& value) const {
        return {detail::patience_pointer(problem), std::llround(std::get<double>(value))};
    }
};

static_assert(problem_operator<add_regularisation>);
static_assert(problem_operator<change_regularisation>);
static_assert(problem_operator<remove_regularisation>);
static_assert(problem_operator<change_dropout_rate>);
static_assert(problem_operator<change_patience>);

} // namespace mend
