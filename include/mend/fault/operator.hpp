// SPDX-License-Identifier: MIT
/// What a fault operator is: DeepCrime's mutation operators (Humbatova, Jahangirova, Tonella:
/// "DeepCrime: mutation testing of deep learning systems based on real faults", ISSTA 2021) as
/// values that edit a problem, or the rows that it is trained on.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>
#include <mend/fault/mutation.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/pointer.hpp>

namespace mend {

enum class operator_group : std::uint8_t {
    training_data,
    hyperparameters,
    activation,
    regularisation,
    weights,
    loss,
    optimisation,
    validation,
};

[[nodiscard]] constexpr std::string_view to_text(operator_group group) noexcept {
    constexpr std::string_view names[] = {
        "training data",
        "hyperparameters",
        "activation",
        "regularisation",
        "weights",
        "loss",
        "optimisation",
        "validation"};
    return names[static_cast<std::size_t>(group)];
}

/// What an operator says of itself.
struct operator_about {
    std::string_view code; ///< "TCL"
    std::string_view name; ///< DeepCrime's: "change_label"
    operator_group group{};
    std::string_view what; ///< what changes, in a few words
};

/// A layer, or the whole problem.
using mutation_site = std::optional<std::size_t>;

/// Values from the mild end (the original's behaviour) to the strong one, which may be the smaller
/// number. What a binary search for the mildest killed value starts from.
struct setting_interval {
    double mild = 0;
    double strong = 0;
    double precision = 1; ///< how close the ends have to come
    int decimals = 0;     ///< that a middle is rounded to

    [[nodiscard]] bool contains(double value) const noexcept {
        return mild <= strong ? value >= mild && value <= strong : value <= mild && value >= strong;
    }

    friend bool operator==(const setting_interval&, const setting_interval&) = default;
};

/// The settings that an operator may have at a site.
struct setting_range {
    std::vector<mutation_value> values{};       ///< each is a mutant; one empty value: no setting
    std::optional<setting_interval> interval{}; ///< instead of values
};

/// What operators want to know besides the problem.
struct mutation_facts {
    std::int64_t train_rows = 0; ///< 0: not known
};

/// Edits a problem. Operators see it as the document that Keras 2 would write, every setting named
/// (`document_from(problem)`), and set one value in it, so that each changes one thing.
///
///     struct change_epochs {
///         static constexpr operator_about about{"HNE", "change_epochs", ...};
///         std::vector<mutation_site> sites(const document&) const;
///         setting_range settings(const document&, mutation_site, const mutation_facts&) const;
///         std::pair<std::string, document> edit(...) const;   // JSON pointer, new value
///     };
template <class O>
concept problem_operator = requires(
    const O& o,
    const document& problem,
    mutation_site site,
    const mutation_value& value,
    const mutation_facts& facts
) {
    { O::about } -> std::convertible_to<operator_about>;
    { o.sites(problem) } -> std::same_as<std::vector<mutation_site>>;
    { o.settings(problem, site, facts) } -> std::same_as<setting_range>;
    { o.edit(problem, site, value) } -> std::same_as<std::pair<std::string, document>>;
};

/// Changes the rows that are trained on, by a percentage; what it draws comes from the stream. The
/// given part is not touched.
template <class O>
concept data_operator = requires(
    const O& o,
    const data_part& train,
    int classes,
    double percentage,
    std::optional<int> label,
    random_stream& random
) {
    { O::about } -> std::convertible_to<operator_about>;
    { O::strongest } -> std::convertible_to<double>;
    { o.alter(train, classes, percentage, label, random) } -> std::same_as<data_part>;
};

template <class O>
concept fault_operator = problem_operator<O> || data_operator<O>;

/// Any operator; they have no state, so that functions are all there is to one.
struct any_operator {
    operator_about about{};
    std::vector<mutation_site> (*sites)(const document&) = nullptr;
    setting_range (*settings)(const document&, mutation_site, const mutation_facts&) = nullptr;

    /// Of problem operators, else null.
    std::pair<std::string, document> (*edit
    )(const document&, mutation_site, const mutation_value&) = nullptr;

    /// Of data operators, else null.
    data_part (*alter)(const data_part&, int, double, std::optional<int>, random_stream&) = nullptr;

    [[nodiscard]] bool changes_data() const noexcept { return alter != nullptr; }
};

template <fault_operator O>
[[nodiscard]] constexpr any_operator erase_operator() {
    any_operator any;
    any.about = O::about;
    if constexpr (data_operator<O>) {
        any.sites = [](const document&) { return std::vector<mutation_site>{std::nullopt}; };
        any.settings = [](const document&, mutation_site, const mutation_facts&) {
            return setting_range{.interval = setting_interval{0, O::strongest, 5, 2}};
        };
        any.alter = [](const data_part& train,
                       int classes,
                       double percentage,
                       std::optional<int> label,
                       random_stream& random) {
            return O{}.alter(train, classes, percentage, label, random);
        };
    } else {
        any.sites = [](const document& problem) { return O{}.sites(problem); };
        any.settings = [](const document& problem, mutation_site site, const mutation_facts& facts
                       ) { return O{}.settings(problem, site, facts); };
        any.edit = [](const document& problem, mutation_site site, const mutation_value& value) {
            return O{}.edit(problem, site, value);
        };
    }
    return any;
}

namespace detail {

/// The layers of a problem's document.
[[nodiscard]] inline const std::vector<document>& layers_in(const document& problem) {
    return find_at(problem, "/model/config/layers")->items();
}

/// A setting of a layer; nullptr where it has none of that key.
[[nodiscard]] inline const document* layer_setting(const document& layer, std::string_view key) {
    const document* config = layer.find("config");
    return config == nullptr ? nullptr : config->find(key);
}

[[nodiscard]] inline std::string layer_pointer(mutation_site site, std::string_view key) {
    return "/model/config/layers/" + std::to_string(*site) + "/config/" + std::string(key);
}

[[nodiscard]] inline const document&
setting_at(const document& problem, mutation_site site, std::string_view key) {
    return *find_at(problem, layer_pointer(site, key));
}

/// The layers for which a predicate of document holds.
template <class Predicate>
[[nodiscard]] std::vector<mutation_site> sites_where(const document& problem, Predicate holds) {
    std::vector<mutation_site> sites;
    const auto& layers = layers_in(problem);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (holds(layers[i])) {
            sites.emplace_back(i);
        }
    }
    return sites;
}

/// The whole problem as the only site, or none.
[[nodiscard]] inline std::vector<mutation_site> whole_if(bool applies) {
    return applies ? std::vector<mutation_site>{std::nullopt} : std::vector<mutation_site>{};
}

/// Names as settings.
template <class Names>
[[nodiscard]] setting_range names_range(const Names& names) {
    setting_range range;
    for (const std::string_view name : names) {
        range.values.emplace_back(std::string(name));
    }
    return range;
}

/// The one mutant of an operator without settings.
[[nodiscard]] inline setting_range no_setting() { return {.values = {mutation_value{}}}; }

} // namespace detail

} // namespace mend
