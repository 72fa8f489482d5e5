// SPDX-License-Identifier: MIT
/// The small steps from a point of a fix space: the changes that a person would try first.
///
/// A step sets one dimension, or several that belong together: an optimizer with its usual learning
/// rate, a loss with the output activation that fits it, one activation in all hidden layers. The
/// last steps restore common practice in everything at once: from such a problem it is quicker to
/// take away what is not needed than to find the right few among all changes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/repair/diagnose_fit.hpp>
#include <mend/repair/step.hpp>
#include <mend/repair/stronger_steps.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/validate.hpp>

namespace mend {

namespace detail {

/// Lists the steps from one point of a fix space.
class step_list {
public:
    /// `labels`: the data have class labels. `scaled`: the inputs are of a usual size.
    step_list(const fix_space& space, const point& from, bool labels, bool scaled)
        : space_(space)
        , raw_(full_values(space, from))
        , now_(space.apply(from))
        , labels_(labels)
        , scaled_(scaled) {
        for (std::size_t i = 0; i < space.sites().size(); ++i) {
            const fix_site& s = space.sites()[i];
            if (s.what == fix_target::layer_setting && s.key == "activation" && from[i].exists()) {
                hidden_.push_back(i);
            }
            exists_.push_back(from[i].exists());
        }
        if (!hidden_.empty()) {
            output_ = hidden_.back();
            hidden_.pop_back();
        }
    }

    [[nodiscard]] std::vector<step> make() {
        add_optimizers();
        add_rates();
        add(step_kind::no_penalties, no_penalties());
        add_odd_ones();
        add_output();
        add_hidden();
        add_initializers();
        add_levels();
        add_compounds();
        const double usual = rates_of(now_.compile.optimizer).first;
        const std::array elus{all_to(hidden_, "elu"), all_to(hidden_, "selu")};
        for (step& s : stronger_steps(space_, raw_, usual, elus)) {
            add(s.kind, std::move(s.values));
        }
        return std::move(steps_);
    }

private:
    [[nodiscard]] const parameter& parameter_of(std::size_t i) const {
        return space_.over().parameters()[i];
    }

    [[nodiscard]] std::optional<double> choice(std::size_t i, std::string_view text) const {
        const std::vector<std::string>& all = parameter_of(i).choices;
        const auto found = std::find(all.begin(), all.end(), text);
        return found == all.end() ? std::nullopt
                                  : std::optional(static_cast<double>(found - all.begin()));
    }

    [[nodiscard]] std::string_view text_now(std::size_t i) const {
        const auto at = static_cast<std::size_t>(raw_[i]);
        const std::vector<std::string>& all = parameter_of(i).choices;
        return at < all.size() ? std::string_view(all[at]) : std::string_view();
    }

    [[nodiscard]] std::optional<std::size_t>
    find(fix_target what, std::string_view key = {}) const {
        return find_site(space_, what, key);
    }

    /// The learning rate, where it has a range; one with stated values is a dimension like others.
    [[nodiscard]] std::optional<std::size_t> find_rate() const {
        const auto rate = find(fix_target::learning_rate);
        return rate && parameter_of(*rate).kind == parameter_kind::real ? rate : std::nullopt;
    }

    /// Adds a step of what in `values` is another value than now; none where nothing is.
    void add(step_kind kind, step_values values) {
        std::erase_if(values, [this](const auto& v) { return raw_[v.first] == v.second; });
        std::sort(values.begin(), values.end());
        step made{kind, std::move(values)};
        if (!made.values.empty() && std::find(steps_.begin(), steps_.end(), made) == steps_.end()) {
            steps_.push_back(std::move(made));
        }
    }

    [[nodiscard]] double within(std::size_t i, double value) const {
        return std::clamp(value, parameter_of(i).low, parameter_of(i).high);
    }

    /// An optimizer with its usual first rate.
    [[nodiscard]] step_values optimizer(std::string_view name) const {
        step_values values;
        const auto kind = make_optimizer(name);
        const auto which = find(fix_target::optimizer);
        const auto rate = find_rate();
        if (!kind) {
            return values;
        }
        if (which) {
            if (const auto value = choice(*which, name)) {
                values.emplace_back(*which, *value);
            } else {
                return values;
            }
        }
        if (rate) {
            values.emplace_back(*rate, within(*rate, rates_of({*kind}).first));
        }
        return values;
    }

    void add_optimizers() {
        const auto which = find(fix_target::optimizer);
        if (!which) {
            return;
        }
        for (const std::string& name : parameter_of(*which).choices) {
            if (name != now_.compile.optimizer.class_name()) {
                add(name == "Adam"  ? step_kind::adam
                    : name == "SGD" ? step_kind::plain_optimizer
                                    : step_kind::adaptive_optimizer,
                    optimizer(name));
            }
        }
    }

    void add_rates() {
        const auto rate = find_rate();
        if (!rate) {
            return;
        }
        const double now = raw_[*rate];
        const double usual = rates_of(now_.compile.optimizer).first;
        if (!(usual > 0.6 * now && usual < 1.6 * now)) {
            add(step_kind::usual_rate, {{*rate, within(*rate, usual)}});
        }

        struct change {
            double factor;
            step_kind kind;
        };

        constexpr std::array<change, 6> changes{{
            {1.0 / 3, step_kind::lower_rate},
            {0.1, step_kind::lower_rate},
            {0.01, step_kind::much_lower_rate},
            {3, step_kind::higher_rate},
            {10, step_kind::higher_rate},
            {100, step_kind::much_higher_rate},
        }};
        for (const change& c : changes) {
            const double to = rounded(now * c.factor, 4);
            if (to >= parameter_of(*rate).low && to <= parameter_of(*rate).high &&
                !(usual > 0.6 * to && usual < 1.6 * to)) {
                add(c.kind, {{*rate, to}});
            }
        }
    }

    /// Where all layers but one agree in a setting, three at least, the one may be the mistake.
    void add_odd_ones() {
        add_odd_one(hidden_);
        add_odd_one(settings_named("kernel_initializer"));
        add_odd_one(settings_named("kernel_regularizer"));
    }

    void add_odd_one(const std::vector<std::size_t>& where) {
        std::optional<std::size_t> odd;
        for (const std::size_t i : where) {
            const auto alike = std::count_if(where.begin(), where.end(), [&](std::size_t j) {
                return text_now(j) == text_now(i);
            });
            if (alike == 1 && !odd) {
                odd = i;
            } else if (alike + 1 != std::ssize(where)) {
                return;
            }
        }
        if (odd && where.size() >= 3) {
            const std::size_t other = where.front() == *odd ? where.back() : where.front();
            add(step_kind::odd_one_out, all_to({*odd}, text_now(other)));
        }
    }

    /// The output activation and loss that belong together for these data, as names.
    struct output_pair {
        std::string_view activation;
        std::string_view loss;
    };

    [[nodiscard]] bool is_single_output() const {
        const inference shapes = infer_shapes(now_.model);
        return shapes.why.empty() && !shapes.layers.empty() &&
               shapes.layers.back().output.back() == 1;
    }

    [[nodiscard]] std::vector<output_pair> fitting_pairs() const {
        if (!labels_) {
            return {{"linear", "mean_squared_error"}, {"linear", "mean_absolute_error"}};
        }
        if (is_single_output()) {
            return {{"sigmoid", "binary_crossentropy"}};
        }
        const bool sparse = now_.compile.loss.name == "sparse_categorical_crossentropy";
        return {
            {"softmax", sparse ? "sparse_categorical_crossentropy" : "categorical_crossentropy"},
            {"sigmoid", "binary_crossentropy"}};
    }

    [[nodiscard]] step_values with_activation(std::string_view name) const {
        const auto value = output_ ? choice(*output_, name) : std::nullopt;
        return value ? step_values{{*output_, *value}} : step_values{};
    }

    [[nodiscard]] step_values with_loss(std::string_view name) const {
        const auto loss = find(fix_target::loss);
        const auto value = loss ? choice(*loss, name) : std::nullopt;
        return value ? step_values{{*loss, *value}} : step_values{};
    }

    void add_output() {
        const auto loss = find(fix_target::loss);
        const std::vector<output_pair> pairs = fitting_pairs();
        for (const output_pair& pair : pairs) {
            const bool has_activation = output_ && text_now(*output_) == pair.activation;
            const bool has_loss = now_.compile.loss.name == pair.loss;
            if (has_activation && !has_loss) {
                add(step_kind::fitting_loss, with_loss(pair.loss));
            } else if (has_loss && !has_activation) {
                add(step_kind::fitting_output, with_activation(pair.activation));
            } else if (!has_loss) {
                step_values both = with_activation(pair.activation);
                const step_values other = with_loss(pair.loss);
                both.insert(both.end(), other.begin(), other.end());
                add(step_kind::output_and_loss, both);
                add(step_kind::fitting_loss, with_loss(pair.loss));
                add(step_kind::fitting_output, with_activation(pair.activation));
            }
        }
        for (std::size_t v = 0; output_ && v < parameter_of(*output_).choices.size(); ++v) {
            add(step_kind::other_output, {{*output_, static_cast<double>(v)}});
        }
        for (std::size_t v = 0; loss && v < parameter_of(*loss).choices.size(); ++v) {
            add(step_kind::other_loss, {{*loss, static_cast<double>(v)}});
        }
    }

    [[nodiscard]] step_values
    all_to(const std::vector<std::size_t>& where, std::string_view text) const {
        step_values values;
        for (const std::size_t i : where) {
            if (const auto value = choice(i, text)) {
                values.emplace_back(i, *value);
            }
        }
        return values;
    }

    void add_hidden() {
        add(step_kind::hidden_relu, all_to(hidden_, "relu"));
        for (const std::size_t i : hidden_) {
            add(step_kind::one_hidden_relu, all_to({i}, "relu"));
        }
        for (const std::string_view name : {"tanh", "sigmoid"}) {
            add(step_kind::other_hidden, all_to(hidden_, name));
        }
        for (const std::string_view name : {"elu", "selu"}) {
            add(step_kind::elu_hidden, all_to(hidden_, name));
        }
    }

    [[nodiscard]] std::vector<std::size_t> settings_named(std::string_view key) const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < space_.sites().size(); ++i) {
            if (exists_[i] && space_.sites()[i].what == fix_target::layer_setting &&
                space_.sites()[i].key == key) {
                found.push_back(i);
            }
        }
        return found;
    }

    /// Initialisers that a network of usual width trains well from.
    [[nodiscard]] static bool is_usual_kernel(std::string_view name) noexcept {
        return name.starts_with("glorot") || name.starts_with("he_") || name.starts_with("lecun") ||
               name.starts_with("orthogonal") || name.starts_with("variance_scaling");
    }

    [[nodiscard]] step_values usual_kernels() const {
        step_values values;
        for (const std::size_t i : settings_named("kernel_initializer")) {
            if (!is_usual_kernel(text_now(i))) {
                const step_values one = all_to({i}, "glorot_uniform");
                values.insert(values.end(), one.begin(), one.end());
            }
        }
        return values;
    }

    void add_initializers() {
        const std::vector<std::size_t> kernels = settings_named("kernel_initializer");
        add(step_kind::usual_kernels, usual_kernels());
        for (const auto& value : usual_kernels()) {
            add(step_kind::one_usual_kernel, {value});
        }
        add(step_kind::he_kernels, all_to(kernels, "he_uniform"));
        add(step_kind::zero_biases, all_to(settings_named("bias_initializer"), "zeros"));
    }

    [[nodiscard]] step_values no_penalties() const {
        step_values values;
        for (const std::string_view key :
             {"kernel_regularizer", "bias_regularizer", "activity_regularizer"}) {
            const step_values some = all_to(settings_named(key), "none");
            values.insert(values.end(), some.begin(), some.end());
        }
        return values;
    }

    /// Steps of dimensions that are ordered, and of those without a rule of their own.
    void add_levels() {
        step_values wider;
        for (std::size_t i = 0; i < space_.sites().size(); ++i) {
            const fix_site& s = space_.sites()[i];
            const parameter& p = parameter_of(i);
            if (!exists_[i]) {
                continue;
            }
            if (p.kind == parameter_kind::ordinal) {
                add_ordinal(i, s, p, wider);
            } else if (s.what == fix_target::front) {
                for (const auto& [name, kind] :
                     {std::pair{"Rescaling", step_kind::rescaled_input},
                      std::pair{"Normalization", step_kind::normalised_input}}) {
                    add(kind, all_to({i}, name));
                }
            } else if (p.kind == parameter_kind::boolean) {
                add(step_kind::other, {{i, 1 - raw_[i]}});
            }
        }
        if (wider.size() > 1) {
            add(step_kind::wider, wider);
        }
    }

    void add_ordinal(std::size_t i, const fix_site& s, const parameter& p, step_values& wider) {
        const auto at = static_cast<std::size_t>(raw_[i]);
        const double now = p.levels[at];
        for (std::size_t v = 0; v < p.levels.size(); ++v) {
            const double to = p.levels[v];
            const auto value = static_cast<double>(v);
            if (to == now) {
                continue;
            }
            if (s.key == "batch_size") {
                if (to >= now / 16 && to <= now * 8) {
                    add(to < now ? step_kind::smaller_batch : step_kind::larger_batch,
                        {{i, value}});
                }
            } else if (s.key == "epochs") {
                // Of less than twice as many, only the most: the others would tell the same.
                const bool most = v + 1 == p.levels.size() || p.levels[v + 1] > 2 * now;
                if (to > now && most) {
                    add(step_kind::more_epochs, {{i, value}});
                }
            } else if (s.key == "units" || s.key == "filters") {
                if (to > now && to <= 2 * now) {
                    wider.emplace_back(i, value);
                }
                if (to >= now / 2 && to <= 2 * now) {
                    add(to > now ? step_kind::wider : step_kind::narrower, {{i, value}});
                }
            } else if (s.what == fix_target::repeat) {
                add(to > now ? step_kind::deeper : step_kind::shallower, {{i, value}});
            } else if (s.what == fix_target::add_dropout || s.key == "rate") {
                if (v + 1 == at || v == at + 1 || to == 0) {
                    add(to > now ? step_kind::more_dropout : step_kind::less_dropout, {{i, value}});
                }
            } else if (s.what == fix_target::optimizer_setting) {
                if (v + 1 == at || v == at + 1) {
                    add(step_kind::optimizer_setting, {{i, value}});
                }
            } else if (v + 1 == at || v == at + 1) {
                add(step_kind::other, {{i, value}});
            }
        }
    }

    [[nodiscard]] static bool is_usual_hidden(std::string_view name) noexcept {
        return name == "relu" || name == "elu" || name == "selu" || name == "tanh" ||
               name == "softplus" || name == "swish" || name == "gelu" || name == "leaky_relu";
    }

    void add_compounds() {
        step_values training = optimizer("Adam");
        if (const auto batch = find(fix_target::fit_setting, "batch_size")) {
            const parameter& p = parameter_of(*batch);
            const double now = p.levels[static_cast<std::size_t>(raw_[*batch])];
            const auto usual = std::find(p.levels.begin(), p.levels.end(), 32.0);
            if ((now < 16 || now > 128) && usual != p.levels.end()) {
                training.emplace_back(*batch, static_cast<double>(usual - p.levels.begin()));
            }
        }
        step_values model;
        const output_pair pair = fitting_pairs().front();
        for (const step_values& some :
             {with_activation(pair.activation),
              with_loss(pair.loss),
              usual_kernels(),
              all_to(settings_named("bias_initializer"), "zeros"),
              no_penalties()}) {
            model.insert(model.end(), some.begin(), some.end());
        }
        for (const std::size_t i : hidden_) {
            if (!is_usual_hidden(text_now(i))) {
                const step_values one = all_to({i}, "relu");
                model.insert(model.end(), one.begin(), one.end());
            }
        }
        const auto front = find(fix_target::front);
        if (front && !scaled_) {
            const step_values one = all_to({*front}, "Normalization");
            model.insert(model.end(), one.begin(), one.end());
        }
        step_values everything = training;
        everything.insert(everything.end(), model.begin(), model.end());
        add(step_kind::usual_training, training);
        add(step_kind::usual_model, model);
        add(step_kind::usual_everything, everything);
    }

    const fix_space& space_;
    std::vector<double> raw_;
    problem now_;
    bool labels_;
    bool scaled_;
    std::vector<bool> exists_;
    std::vector<std::size_t> hidden_; ///< parameters of hidden activations, in the order of layers
    std::optional<std::size_t> output_;
    std::vector<step> steps_;
};

} // namespace detail

/// The steps from a point of a fix space, each once; singles before compounds. `labels`: the data
/// have class labels; `scaled`: the inputs are of a usual size.
[[nodiscard]] inline std::vector<step>
steps_from(const fix_space& space, const point& from, bool labels, bool scaled) {
    return detail::step_list(space, from, labels, scaled).make();
}

} // namespace mend
