// SPDX-License-Identifier: MIT
/// The 24 operators of DeepCrime by code, what mutants they give, and the making of those.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/random.hpp>
#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/fault/activations.hpp>
#include <mend/fault/compilation.hpp>
#include <mend/fault/hyperparameters.hpp>
#include <mend/fault/mutation.hpp>
#include <mend/fault/operator.hpp>
#include <mend/fault/regularisation.hpp>
#include <mend/fault/training_data.hpp>
#include <mend/fault/weights.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read.hpp>
#include <mend/spec/write.hpp>

namespace mend {

/// In DeepCrime's order.
[[nodiscard]] inline std::span<const any_operator> fault_operators() {
    static constexpr std::array all{
        erase_operator<change_label>(),
        erase_operator<delete_training_data>(),
        erase_operator<unbalance_training_data>(),
        erase_operator<add_sample_noise>(),
        erase_operator<overlap_classes>(),
        erase_operator<change_batch_size>(),
        erase_operator<change_learning_rate>(),
        erase_operator<change_epochs>(),
        erase_operator<disable_batching>(),
        erase_operator<change_activation>(),
        erase_operator<remove_activation>(),
        erase_operator<add_activation>(),
        erase_operator<add_regularisation>(),
        erase_operator<change_regularisation>(),
        erase_operator<remove_regularisation>(),
        erase_operator<change_dropout_rate>(),
        erase_operator<change_patience>(),
        erase_operator<change_initialisation>(),
        erase_operator<add_bias>(),
        erase_operator<remove_bias>(),
        erase_operator<change_loss>(),
        erase_operator<change_optimizer>(),
        erase_operator<change_gradient_clip>(),
        erase_operator<remove_validation>(),
    };
    return all;
}

/// The operator of a code, in any case. Throws usage_error, naming all, where there is none.
[[nodiscard]] inline const any_operator& find_operator(std::string_view code) {
    std::vector<std::string> known;
    for (const any_operator& one : fault_operators()) {
        if (plain_name(one.about.code) == plain_name(code)) {
            return one;
        }
        known.emplace_back(one.about.code);
    }
    throw usage_error(
        "--operator", "\"" + std::string(code) + "\" is not one of " + join(known, ", ")
    );
}

namespace detail {

[[nodiscard]] inline problem
edited(const any_operator& how, const document& tree, const mutation& m) {
    document root = tree;
    const auto [path, value] = how.edit(tree, m.layer, m.value);
    static_cast<void>(apply_to(root, {.edits = {{.path = path, .value = value}}}));
    return problem_from(root);
}

/// Whether a number is where the operator wants one.
inline void check_value(const any_operator& how, const mutation& m, const setting_range& range) {
    const auto refuse = [&](const std::string& why) {
        throw usage_error("--value", std::string(how.about.code) + " " + why);
    };
    const bool numbers = range.interval || (!range.values.empty() && range.values[0].index() == 1);
    const bool none = !range.interval && !range.values.empty() && range.values[0].index() == 0;
    if (none ? m.value.index() != 0 : m.value.index() == 0) {
        refuse(none ? "takes no value" : "needs a value");
    }
    if (numbers && m.value.index() != 1 && how.about.code != "OCG") {
        refuse("takes a number, not \"" + to_text(m.value) + "\"");
    }
    if (range.interval && !range.interval->contains(std::get<double>(m.value))) {
        refuse(
            "takes a number from " + to_text(range.interval->mild) + " to " +
            to_text(range.interval->strong)
        );
    }
}

} // namespace detail

/// The settings that make a mutant of this problem at a site: those that change it, and that mend
/// supports. An interval stays as it is.
///
/// Mended: DeepCrime's lists are cut by hand so that none gives the original back, not everywhere.
[[nodiscard]] inline setting_range mutant_settings(
    const any_operator& how,
    const problem& original,
    mutation_site site,
    const mutation_facts& facts = {}
) {
    const document tree = document_from(original);
    setting_range range = how.settings(tree, site, facts);
    std::erase_if(range.values, [&](const mutation_value& value) {
        try {
            return detail::edited(how, tree, {.layer = site, .value = value}) == original;
        } catch (const error&) {
            return true;
        }
    });
    return range;
}

/// The sites at which an operator has a mutant of this problem.
[[nodiscard]] inline std::vector<mutation_site>
mutant_sites(const any_operator& how, const problem& original, const mutation_facts& facts = {}) {
    std::vector<mutation_site> sites = how.sites(document_from(original));
    std::erase_if(sites, [&](mutation_site site) {
        const setting_range range = mutant_settings(how, original, site, facts);
        return !range.interval && range.values.empty();
    });
    return sites;
}

/// Gives a mutation of a known operator its layer where it leaves that open: by its seed, uniformly
/// from those that the operator applies to. Throws usage_error where the operator does not apply,
/// or not to that layer.
///
/// Mended: for DeepCrime's program a given layer 0 means every layer.
[[nodiscard]] inline mutation
complete_site(mutation m, const problem& original, const mutation_facts& facts = {}) {
    const any_operator& how = find_operator(m.code);
    m.code = how.about.code;
    const std::vector<mutation_site> sites = mutant_sites(how, original, facts);
    if (sites.empty()) {
        throw usage_error("--operator", m.code + " does not apply to this problem");
    }
    if (!sites[0] && m.layer) {
        throw usage_error("--layer", m.code + " is not an operator of layers");
    }
    if (sites[0] && !m.layer) {
        random_stream random(m.seed, 0, purpose::mutation, 1);
        m.layer = sites[random.below(sites.size())];
    }
    if (std::find(sites.begin(), sites.end(), m.layer) == sites.end()) {
        throw usage_error(
            "--layer", m.code + " does not apply to layer " + std::to_string(*m.layer)
        );
    }
    if (m.label && m.code != "TCL" && m.code != "TCO") {
        throw usage_error("--label", "is for TCL and TCO");
    }
    return m;
}

/// Fills in what a mutation leaves open, by its seed: the layer as complete_site does, a setting
/// uniformly from the operator's list; the same for the same seed. A value within an interval has
/// to be given. Throws usage_error as complete_site does and for a value that the operator does not
/// take.
[[nodiscard]] inline mutation
complete_mutation(mutation m, const problem& original, const mutation_facts& facts = {}) {
    m = complete_site(std::move(m), original, facts);
    const any_operator& how = find_operator(m.code);
    const setting_range range = mutant_settings(how, original, m.layer, facts);
    if (m.value.index() == 0 && !range.interval) {
        random_stream random(m.seed, 0, purpose::mutation, 2);
        m.value = range.values[random.below(range.values.size())];
    }
    detail::check_value(how, m, range);
    return m;
}

/// The mutant of a problem operator, in the spelling of the file that the original was read from.
/// Requires a complete mutation. Throws spec_error where the value is none that mend supports, and
/// usage_error where it changes nothing.
[[nodiscard]] inline problem inject(const problem& original, const mutation& m) {
    const any_operator& how = find_operator(m.code);
    MEND_EXPECTS(!how.changes_data(), "an operator that edits problems");
    const problem mutant = detail::edited(how, document_from(original), m);
    if (mutant == original) {
        throw usage_error("--value", to_text(m) + " leaves the problem as it is");
    }
    return apply(original, diff(original, mutant));
}

/// What a data operator makes of a train part; the part itself stays as it is. What it draws is a
/// function of the mutation's seed.
[[nodiscard]] inline data_part alter(const data_part& train, int classes, const mutation& m) {
    const any_operator& how = find_operator(m.code);
    MEND_EXPECTS(how.changes_data(), "an operator that changes data");
    random_stream random(m.seed, 0, purpose::mutation);
    return how.alter(train, classes, std::get<double>(m.value), m.label, random);
}

/// The dataset whose train part is altered when it is divided; tables are shared. Throws spec_error
/// for a mutation of no data operator, or of a value that is no percentage that it takes.
[[nodiscard]] inline dataset alter(dataset data, const mutation& m) {
    MEND_EXPECTS(!data.train_view, "one mutation at a time");
    const any_operator* how = nullptr;
    for (const any_operator& one : fault_operators()) {
        how = one.about.code == m.code && one.changes_data() ? &one : how;
    }
    if (how == nullptr) {
        throw spec_error("/mutation/operator", "\"" + m.code + "\" changes no data");
    }
    const auto range = *how->settings({}, {}, {}).interval;
    const auto* value = std::get_if<double>(&m.value);
    if (value == nullptr || !range.contains(*value)) {
        throw spec_error("/mutation/value", "must be a number from 0 to " + to_text(range.strong));
    }
    data.train_view = [classes = data.classes, m](const data_part& train) {
        return alter(train, classes, m);
    };
    data.name += " with " + to_text(m) + ", seed " + std::to_string(m.seed);
    return data;
}

} // namespace mend
