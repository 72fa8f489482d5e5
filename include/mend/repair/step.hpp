// SPDX-License-Identifier: MIT
/// A small step in a fix space: a change of one kind, of one dimension or of several that belong
/// together.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/space/fix_space.hpp>

namespace mend {

/// What a step changes, as far as a prior tells steps apart.
enum class step_kind : std::uint8_t {
    adam,
    adaptive_optimizer, ///< another one that scales its steps
    plain_optimizer,    ///< SGD
    usual_rate,
    lower_rate,
    much_lower_rate,
    higher_rate,
    much_higher_rate,
    optimizer_setting,
    fitting_loss,
    other_loss,
    fitting_output,
    other_output,
    output_and_loss,
    hidden_relu, ///< in all hidden layers
    one_hidden_relu,
    other_hidden,  ///< tanh or sigmoid
    usual_kernels, ///< initialisers of all kernels
    one_usual_kernel,
    he_kernels,
    zero_biases,
    no_penalties,
    less_dropout,
    more_dropout,
    smaller_batch,
    larger_batch,
    more_epochs,
    wider,
    narrower,
    deeper,
    shallower,
    rescaled_input,
    normalised_input,
    other,
    usual_training, ///< optimizer, rate, batch
    usual_model,    ///< activations, initialisers, loss, penalties
    usual_everything,
    odd_one_out,            ///< one layer becomes what the layers of its kind are
    stronger_training,      ///< a rate up to ten times as high, more and smaller batches
    much_stronger_training, ///< thirty times and more
    elu_hidden,             ///< elu or selu in all hidden layers
    elu_training,           ///< and a rate up to ten times as high, more and smaller batches
    much_stronger_elu,      ///< a hundred times and more
};

inline constexpr std::array<std::string_view, 43> step_kind_names{
    "adam",
    "adaptive_optimizer",
    "plain_optimizer",
    "usual_rate",
    "lower_rate",
    "much_lower_rate",
    "higher_rate",
    "much_higher_rate",
    "optimizer_setting",
    "fitting_loss",
    "other_loss",
    "fitting_output",
    "other_output",
    "output_and_loss",
    "hidden_relu",
    "one_hidden_relu",
    "other_hidden",
    "usual_kernels",
    "one_usual_kernel",
    "he_kernels",
    "zero_biases",
    "no_penalties",
    "less_dropout",
    "more_dropout",
    "smaller_batch",
    "larger_batch",
    "more_epochs",
    "wider",
    "narrower",
    "deeper",
    "shallower",
    "rescaled_input",
    "normalised_input",
    "other",
    "usual_training",
    "usual_model",
    "usual_everything",
    "odd_one_out",
    "stronger_training",
    "much_stronger_training",
    "elu_hidden",
    "elu_training",
    "much_stronger_elu"};

static_assert(step_kind_names.size() == static_cast<std::size_t>(step_kind::much_stronger_elu) + 1);

[[nodiscard]] constexpr std::string_view to_text(step_kind kind) noexcept {
    return step_kind_names[static_cast<std::size_t>(kind)];
}

/// Parameters of a space and the raw values that they are given.
using step_values = std::vector<std::pair<std::size_t, double>>;

/// Values for some parameters of a space, by position, in ascending order.
struct step {
    step_kind kind = step_kind::other;
    step_values values{};

    friend bool operator==(const step& a, const step& b) noexcept { return a.values == b.values; }
};

/// The raw values of a point, those that do not exist filled in by what they would start with.
[[nodiscard]] inline std::vector<double> full_values(const fix_space& space, const point& at) {
    std::vector<double> raw = at.raw();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        raw[i] = std::isnan(raw[i]) ? space.standard()[i] : raw[i];
    }
    return raw;
}

/// The parameter that edits this, the first of several; `key` narrows where it is not empty.
[[nodiscard]] inline std::optional<std::size_t>
find_site(const fix_space& space, fix_target what, std::string_view key = {}) {
    for (std::size_t i = 0; i < space.sites().size(); ++i) {
        if (space.sites()[i].what == what && (key.empty() || space.sites()[i].key == key)) {
            return i;
        }
    }
    return std::nullopt;
}

/// The point that a step leads to; nothing where that is a forbidden combination.
[[nodiscard]] inline std::optional<point>
take_step(const fix_space& space, const point& from, const step& s) {
    std::vector<double> raw = full_values(space, from);
    for (const auto& [parameter, value] : s.values) {
        raw[parameter] = value;
    }
    point made = space.over().make_point(std::move(raw));
    return space.over().contains(made) ? std::optional(std::move(made)) : std::nullopt;
}

} // namespace mend
