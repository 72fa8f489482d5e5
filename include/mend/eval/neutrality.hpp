// SPDX-License-Identifier: MIT
/// The search for alternative patches: breadth first over configurations that differ in one
/// dimension, keeping what improves.
///
/// Kim et al.: "Repairing DNN Architecture: Are We There Yet?" (ICST 2023) publish the graphs of
/// such searches; this is the search that reproduces the number of every node in them. From a
/// configuration all one-step changes that were never evaluated before are numbered in a fixed
/// order and evaluated. Those with a better mean than it are *improving*; of them the best `keep`
/// are recorded, best first, and searched from in turn. Those that are not better but reach the
/// threshold are *neutral*: recorded, before the improving ones, and not searched from. Means are
/// compared plainly, without a test.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/stats/summary.hpp>

namespace mend {

/// What a dimension is about, hence which values it may step to.
enum class neutrality_kind : std::uint8_t {
    activation,
    kernel_initializer,
    bias_initializer,
    layer, ///< how often a layer stands there
    unit,  ///< units or filters
    loss,
    optimizer,
    learning_rate,
    batch_size,
    epochs,
    frozen, ///< never changed
};

struct neutrality_dimension {
    std::string name; ///< "act1", "lr", ...
    neutrality_kind kind = neutrality_kind::frozen;

    friend bool operator==(const neutrality_dimension&, const neutrality_dimension&) = default;
};

/// A value per dimension: names are strings, counts integers, the learning rate a real.
using configuration = std::vector<document>;

/// In which order the dimensions are stepped along; each family of published graphs has its own.
/// Within a kind they keep their order.
enum class neutrality_order : std::uint8_t {
    deepfd, ///< D1 to D9
    mnist,  ///< M1 to M3; Reuters, R1 to R7, is the same
    cifar,  ///< C1 to C3
    later,  ///< 068, 098, 099, 48221692
};

/// The dimensions in the order of a family.
[[nodiscard]] std::vector<neutrality_dimension>
in_order(std::vector<neutrality_dimension> all, neutrality_order order);

/// The values that a dimension may step to, in their order: 4 activations, 3 initialisers, 13
/// losses, 3 optimizers, 6 batch sizes, 0 to 2 layers, ten times and a tenth of the learning rate,
/// twice and half the epochs and units (dropped at 0). The present value is left out.
[[nodiscard]] document::array_type one_step_values(neutrality_kind kind, const document& now);

/// A configuration that was evaluated and recorded.
struct neutrality_node {
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    std::size_t number = 0;       ///< in the order of evaluation; the start is 0
    std::size_t parent = none;    ///< number of the node it was reached from
    std::size_t dimension = none; ///< in which it differs from the parent
    configuration at{};
    std::vector<double> scores{}; ///< of its trainings
    double mean = std::numeric_limits<double>::quiet_NaN();
    bool improving = false; ///< better than the parent; a node that is not is neutral
    bool accepted = false;  ///< reaches the threshold
};

/// A configuration to be evaluated.
struct neutrality_candidate {
    std::size_t number = 0;
    configuration at{};
};

/// Gives the scores of several trainings of each candidate, in order; none for one that fails. A
/// list shorter than that of the candidates ends the search once it is taken into account.
using neutrality_evaluation =
    std::function<std::vector<std::vector<double>>(std::span<const neutrality_candidate>)>;

struct neutrality_options {
    bool higher_is_better = true;
    double threshold = std::numeric_limits<double>::quiet_NaN(); ///< NaN: nothing is accepted
    std::size_t keep = 5; ///< improving neighbours that are searched from
};

struct neutrality_result {
    std::vector<neutrality_node> nodes{}; ///< recorded, the start first
    std::size_t evaluated = 0;            ///< configurations, the start included
    bool complete = false;                ///< the queue ran empty
};

/// Searches from a configuration; see above. Requires one value per dimension.
[[nodiscard]] neutrality_result search_neutrality(
    std::span<const neutrality_dimension> along,
    configuration start,
    const neutrality_evaluation& evaluate,
    const neutrality_options& options = {}
);

namespace detail {

inline constexpr std::string_view neutral_activations[] = {
    "relu", "sigmoid", "exponential", "softmax"};
inline constexpr std::string_view neutral_initializers[] = {
    "he_normal", "glorot_normal", "random_normal"};
inline constexpr std::string_view neutral_optimizers[] = {"adamax", "nadam", "sgd"};
inline constexpr std::string_view neutral_losses[] = {
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "squared_hinge",
    "hinge",
    "categorical_hinge",
    "logcosh",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "kullback_leibler_divergence",
    "poisson"};

/// Kinds in the order of a family; kernel and bias initialisers alternate where both stand.
[[nodiscard]] inline std::span<const neutrality_kind> kinds_in_order(neutrality_order order) {
    using enum neutrality_kind;
    static constexpr std::array deepfd{
        kernel_initializer,
        bias_initializer,
        activation,
        layer,
        unit,
        loss,
        batch_size,
        optimizer,
        learning_rate,
        epochs};
    static constexpr std::array mnist{
        activation,
        kernel_initializer,
        optimizer,
        learning_rate,
        batch_size,
        epochs,
        loss,
        layer,
        unit};
    static constexpr std::array cifar{
        activation,
        kernel_initializer,
        optimizer,
        learning_rate,
        batch_size,
        epochs,
        loss,
        unit,
        layer};
    static constexpr std::array later{
        kernel_initializer,
        bias_initializer,
        unit,
        activation,
        loss,
        optimizer,
        learning_rate,
        epochs,
        batch_size};
    switch (order) {
    case neutrality_order::mnist:
        return mnist;
    case neutrality_order::cifar:
        return cifar;
    case neutrality_order::later:
        return later;
    default:
        return deepfd;
    }
}

[[nodiscard]] inline std::string text_of(const configuration& at) {
    std::string text;
    for (const document& value : at) {
        text += to_json(value) + "\n";
    }
    return text;
}

} // namespace detail

inline std::vector<neutrality_dimension>
in_order(std::vector<neutrality_dimension> all, neutrality_order order) {
    const auto kinds = detail::kinds_in_order(order);
    const bool alternate =
        std::find(kinds.begin(), kinds.end(), neutrality_kind::bias_initializer) == kinds.end();
    std::map<neutrality_kind, std::size_t> seen;
    using keyed_dimension = std::pair<std::array<std::size_t, 3>, neutrality_dimension>;
    std::vector<keyed_dimension> sorted;
    for (neutrality_dimension& d : all) {
        const bool bias = alternate && d.kind == neutrality_kind::bias_initializer;
        const auto group = bias ? neutrality_kind::kernel_initializer : d.kind;
        const auto place =
            static_cast<std::size_t>(std::find(kinds.begin(), kinds.end(), group) - kinds.begin());
        const std::size_t count = seen[d.kind]++;
        sorted.push_back({{place, count, bias ? 1U : 0U}, std::move(d)});
    }
    std::stable_sort(
        sorted.begin(),
        sorted.end(),
        [](const keyed_dimension& a, const keyed_dimension& b) { return a.first < b.first; }
    );
    all.clear();
    for (keyed_dimension& d : sorted) {
        all.push_back(std::move(d.second));
    }
    return all;
}

inline document::array_type one_step_values(neutrality_kind kind, const document& now) {
    document::array_type values;
    const auto names = [&](std::span<const std::string_view> all) {
        values.assign(all.begin(), all.end());
    };
    switch (kind) {
    case neutrality_kind::activation:
        names(detail::neutral_activations);
        break;
    case neutrality_kind::kernel_initializer:
    case neutrality_kind::bias_initializer:
        names(detail::neutral_initializers);
        break;
    case neutrality_kind::loss:
        names(detail::neutral_losses);
        break;
    case neutrality_kind::optimizer:
        names(detail::neutral_optimizers);
        break;
    case neutrality_kind::layer:
        values = {0, 1, 2};
        break;
    case neutrality_kind::batch_size:
        values = {16, 32, 64, 128, 256, 512};
        break;
    case neutrality_kind::learning_rate:
        values = {rounded(now.as_number() * 10), rounded(now.as_number() / 10)};
        break;
    case neutrality_kind::unit:
    case neutrality_kind::epochs:
        values.emplace_back(now.as_integer() * 2);
        if (now.as_integer() > 1) {
            values.emplace_back(now.as_integer() / 2);
        }
        break;
    case neutrality_kind::frozen:
        break;
    }
    std::erase(values, now);
    return values;
}

inline neutrality_result search_neutrality(
    std::span<const neutrality_dimension> along,
    configuration start,
    const neutrality_evaluation& evaluate,
    const neutrality_options& options
) {
    MEND_EXPECTS(start.size() == along.size(), "one value per dimension");
    const auto better = [&](double a, double b) {
        return options.higher_is_better ? a > b : a < b; // false where either is NaN
    };
    const auto accepted = [&](double mean_score) {
        return mean_score == options.threshold || better(mean_score, options.threshold);
    };
    neutrality_result result;
    std::map<std::string, std::size_t> numbers; // of all that was ever evaluated
    std::vector<neutrality_candidate> asked{{0, std::move(start)}};
    std::vector<std::size_t> changed; // dimension of each of those asked
    // Takes what was asked; whether all of it was evaluated.
    const auto evaluate_asked = [&](std::vector<neutrality_node>& made, std::size_t parent) {
        std::vector<std::vector<double>> scores = evaluate(asked);
        MEND_EXPECTS(scores.size() <= asked.size(), "scores of the candidates, no more");
        for (std::size_t i = 0; i < scores.size(); ++i) {
            neutrality_node node;
            node.number = asked[i].number;
            node.parent = parent;
            node.dimension = parent == neutrality_node::none ? parent : changed[i];
            node.at = std::move(asked[i].at);
            node.mean = mean(scores[i]);
            node.scores = std::move(scores[i]);
            node.accepted = accepted(node.mean);
            made.push_back(std::move(node));
        }
        result.evaluated += scores.size();
        return scores.size() == asked.size();
    };

    numbers.emplace(detail::text_of(asked[0].at), 0);
    if (!evaluate_asked(result.nodes, neutrality_node::none)) {
        return result;
    }
    for (std::deque<std::size_t> queue{0}; !queue.empty(); queue.pop_front()) {
        const neutrality_node parent = result.nodes[queue.front()];
        asked.clear();
        changed.clear();
        for (std::size_t d = 0; d < along.size(); ++d) {
            for (document& value : one_step_values(along[d].kind, parent.at[d])) {
                configuration at = parent.at;
                at[d] = std::move(value);
                const std::size_t number = numbers.size();
                if (numbers.emplace(detail::text_of(at), number).second) {
                    asked.push_back({number, std::move(at)});
                    changed.push_back(d);
                }
            }
        }
        std::vector<neutrality_node> made;
        const bool all = evaluate_asked(made, parent.number);
        std::vector<neutrality_node> improving;
        for (neutrality_node& node : made) {
            node.improving = std::isnan(parent.mean) ? !std::isnan(node.mean) // it failed
                                                     : better(node.mean, parent.mean);
            if (node.improving) {
                improving.push_back(std::move(node));
            } else if (node.accepted) {
                result.nodes.push_back(std::move(node));
            }
        }
        std::stable_sort(
            improving.begin(),
            improving.end(),
            [&](const neutrality_node& a, const neutrality_node& b) {
                return better(a.mean, b.mean);
            }
        );
        improving.resize(std::min(improving.size(), options.keep));
        for (neutrality_node& node : improving) {
            queue.push_back(result.nodes.size());
            result.nodes.push_back(std::move(node));
        }
        if (!all) {
            return result;
        }
    }
    result.complete = true;
    return result;
}

} // namespace mend
