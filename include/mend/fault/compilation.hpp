// SPDX-License-Identifier: MIT
/// Faults of what compile and fit are given: LCH, OCH, OCG, VRM.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/fault/operator.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/pointer.hpp>

namespace mend {

namespace detail {

/// DeepCrime's list X.
inline constexpr std::string_view mutant_losses[] = {
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "squared_hinge",
    "hinge",
    "categorical_hinge",
    "logcosh",
    "huber_loss",
    "categorical_crossentropy",
    "binary_crossentropy",
    "kullback_leibler_divergence",
    "poisson"};

/// DeepCrime's list O.
inline constexpr std::string_view mutant_optimizers[] = {
    "sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam"};

} // namespace detail

/// Another loss, with Keras' default settings.
struct change_loss {
    static constexpr operator_about about{
        "LCH", "change_loss_function", operator_group::loss, "replaces the loss"};

    [[nodiscard]] std::vector<mutation_site> sites(const document&) const {
        return detail::whole_if(true);
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return detail::names_range(detail::mutant_losses);
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site, const mutation_value& value) const {
        return {"/compile/loss", document_from(value)};
    }
};

/// Another optimizer, with its default settings: the learning rate of the original is not kept.
struct change_optimizer {
    static constexpr operator_about about{
        "OCH",
        "change_optimisation_function",
        operator_group::optimisation,
        "replaces the optimizer by another with default settings"};

    [[nodiscard]] std::vector<mutation_site> sites(const document&) const {
        return detail::whole_if(true);
    }

    [[nodiscard]] setting_range
    settings(const document& problem, mutation_site, const mutation_facts&) const {
        const std::string now =
            plain_name(find_at(problem, "/compile/optimizer/class_name")->as_string());
        setting_range range = detail::names_range(detail::mutant_optimizers);
        std::erase(range.values, mutation_value(now));
        return range;
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site, const mutation_value& value) const {
        return {"/compile/optimizer", document_from(value)};
    }
};

/// Another limit where gradients are clipped: clipnorm is unset ("none"), clipvalue becomes 0.5.
struct change_gradient_clip {
    static constexpr operator_about about{
        "OCG",
        "change_gradient_clip",
        operator_group::optimisation,
        "changes the limit that gradients are clipped at"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::whole_if(!pointer(problem).empty());
    }

    [[nodiscard]] setting_range
    settings(const document& problem, mutation_site, const mutation_facts&) const {
        if (pointer(problem).ends_with("clipnorm")) {
            return {.values = {mutation_value(std::string("none"))}};
        }
        return {.values = {mutation_value(0.5)}};
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document& problem, mutation_site, const mutation_value& value) const {
        return {pointer(problem), to_text(value) == "none" ? document() : document_from(value)};
    }

private:
    [[nodiscard]] static std::string pointer(const document& problem) {
        for (const char* key : {"clipnorm", "clipvalue"}) {
            std::string path = std::string("/compile/optimizer/config/") + key;
            const document* now = find_at(problem, path);
            if (now != nullptr && now->is_number()) {
                return path;
            }
        }
        return {};
    }
};

/// No validation part: all rows but the test part's are trained on.
struct remove_validation {
    static constexpr operator_about about{
        "VRM",
        "remove_validation_set",
        operator_group::validation,
        "takes the validation part away"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::whole_if(find_at(problem, "/fit/validation_split")->as_number() > 0);
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts&) const {
        return detail::no_setting();
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site, const mutation_value&) const {
        return {"/fit/validation_split", 0.0};
    }
};

static_assert(problem_operator<change_loss>);
static_assert(problem_operator<change_optimizer>);
static_assert(problem_operator<change_gradient_clip>);
static_assert(problem_operator<remove_validation>);

} // namespace mend
