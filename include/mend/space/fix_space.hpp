// SPDX-License-Identifier: MIT
/// The space of fixes of a faulty problem: points of it are candidate problems.
///
/// Dimensions are named as a patch's lines are: "optimizer", "learning_rate", "SGD.momentum",
/// "loss", "loss.from_logits", "batch_size", "epochs", "front", "layers[2].units",
/// "layers[2].repeat", "layers[2].add_dropout". What belongs to something exists only with it: the
/// settings of an optimizer, those of a layer that may be removed. The default point is the faulty
/// problem.
///
/// Layers are gone through by their fields, so that a new kind of layer needs nothing here. The
/// output layer, the last one that has units or filters, keeps its width.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/text.hpp>
#include <mend/space/fix_domains.hpp>
#include <mend/space/fix_site.hpp>
#include <mend/space/space.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/validate.hpp>

namespace mend {

/// What the data asks for.
struct answers {
    int classes = 0;          ///< of class labels; 0: numbers
    std::int64_t outputs = 1; ///< numbers to predict per sample, where there are no classes
};

/// A faulty problem and the space of its fixes.
class fix_space {
public:
    [[nodiscard]] const problem& faulty() const noexcept { return faulty_; }

    [[nodiscard]] const space& over() const noexcept { return over_; }

    /// The problem at a point: the faulty one at the default point, and always one that can be
    /// written; its layers may not fit together. Requires a point of the space.
    [[nodiscard]] problem apply(const point& at) const {
        MEND_EXPECTS(over_.contains(at), "the point lies in the space");
        return detail::edit_problem(faulty_, sites_, at.raw(), over_.default_point()->raw());
    }

    /// What changes from the faulty problem to that at a point.
    [[nodiscard]] mend::patch patch(const point& at) const { return diff(faulty_, apply(at)); }

private:
    friend class fix_space_builder;

    problem faulty_;
    space over_;
    std::vector<fix_site> sites_; ///< one per parameter
};

/// Builds the space of fixes, one table of domains at a time.
class fix_space_builder {
public:
    fix_space_builder(const problem& faulty, answers wanted, fix_domains domains)
        : domains_(std::move(domains)) {
        made_.faulty_ = faulty;
        const inference shapes = infer_shapes(faulty.model);
        const std::int64_t width =
            shapes.why.empty() && !shapes.layers.empty() ? shapes.layers.back().output.back() : 0;
        const bool labels =
            wanted.classes > 0 || is_classifier(faulty); // one-hot rows are numbers, too
        output_ = !labels      ? output_kind::numbers
                  : width == 1 ? output_kind::one_for_labels
                               : output_kind::per_class;
        const auto& layers = faulty.model.layers;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            output_layer_ = width_of(i) ? i : output_layer_;
        }
    }

    [[nodiscard]] fix_space build() && {
        add_optimizer();
        add_loss();
        add_fit();
        add_front();
        for (std::size_t i = 0; i < made_.faulty_.model.layers.size(); ++i) {
            add_layer(i);
        }
        made_.over_.default_point(made_.over_.make_point(standard_));
        return std::move(made_);
    }

private:
    /// Adds a dimension over the values given and that of now; none where that leaves no choice.
    bool add(std::string name, fix_site site, const fix_value& now) {
        std::vector<fix_value>& values = site.values;
        if (std::find(values.begin(), values.end(), now) == values.end()) {
            values.push_back(now);
        }
        if (values.size() < 2) {
            return false;
        }
        space& over = made_.over_;
        if (std::holds_alternative<bool>(now)) {
            values = {false, true};
            over.boolean(std::move(name));
        } else if (std::holds_alternative<double>(now) || std::holds_alternative<std::int64_t>(now)) {
            std::sort(values.begin(), values.end(), [](const fix_value& a, const fix_value& b) {
                return detail::number_of(a) < detail::number_of(b);
            });
            std::vector<double> levels;
            for (const fix_value& value : values) {
                levels.push_back(detail::number_of(value));
            }
            over.ordinal(std::move(name), std::move(levels));
        } else {
            std::vector<std::string> choices;
            for (const fix_value& value : values) {
                choices.push_back(detail::text_of(value));
            }
            over.categorical(std::move(name), std::move(choices));
        }
        standard_.push_back(
            static_cast<double>(std::find(values.begin(), values.end(), now) - values.begin())
        );
        made_.sites_.push_back(std::move(site));
        return true;
    }

    /// Adds the settings of a list whose keys the domains know, each named `prefix` + its key.
    /// `parent`: they exist only where that parameter has one of `with`.
    void add_settings(
        const std::string& prefix,
        const std::vector<setting>& settings,
        const std::vector<setting_domain>& domains,
        const fix_site& site,
        const std::string& parent = {},
        const std::vector<std::string>& with = {}
    ) {
        for (const setting& s : settings) {
            const auto now = detail::value_of(s);
            for (const setting_domain& d : domains) {
                if (d.key != s.about.key || !now || now->index() != d.values.front().index()) {
                    continue;
                }
                const bool known =
                    std::find(d.values.begin(), d.values.end(), *now) != d.values.end();
                fix_site here = site;
                here.key = d.key;
                here.values = d.values;
                if (!(d.only_where_set && known) &&
                    add(prefix + std::string(d.key), std::move(here), *now) && !parent.empty()) {
                    made_.over_.only_if(parent, with);
                }
            }
        }
    }

    void add_optimizer();
    void add_loss();
    void add_fit();
    void add_front();
    void add_layer(std::size_t i);
    void add_activation(std::size_t i, const std::string& parent);

    /// Whether the loss or the output is one for classes.
    [[nodiscard]] static bool is_classifier(const problem& p) {
        const std::string& loss = p.compile.loss.name;
        bool softmax = false;
        if (!p.model.layers.empty()) {
            layer_kind last = p.model.layers.back().kind;
            for (const setting& s : settings_of(last)) {
                softmax = softmax || (s.about.values == domain::activation &&
                                      *std::get<std::string*>(s.value) == "softmax");
            }
        }
        return softmax || loss.ends_with("crossentropy") || loss.ends_with("hinge") ||
               loss == "kullback_leibler_divergence";
    }

    [[nodiscard]] const layer_spec& layer(std::size_t i) const {
        return made_.faulty_.model.layers[i];
    }

    /// Units or filters of a layer that has them.
    [[nodiscard]] std::optional<std::pair<std::string_view, std::int64_t>> width_of(std::size_t i
    ) const {
        layer_kind kind = layer(i).kind;
        for (const setting& s : settings_of(kind)) {
            if (s.about.key == "units" || s.about.key == "filters") {
                return std::pair(s.about.key, *std::get<std::int64_t*>(s.value));
            }
        }
        return std::nullopt;
    }

    /// Scaled, rounded, at least 1.
    [[nodiscard]] static std::vector<fix_value>
    scaled(std::int64_t now, const std::vector<double>& factors) {
        std::vector<fix_value> values;
        for (const double factor : factors) {
            const fix_value value =
                std::max<std::int64_t>(1, std::llround(factor * static_cast<double>(now)));
            if (std::find(values.begin(), values.end(), value) == values.end()) {
                values.push_back(value);
            }
        }
        return values;
    }

    fix_domains domains_;
    output_kind output_ = output_kind::numbers;
    std::size_t output_layer_ = 0; ///< the last with units or filters
    fix_space made_;
    std::vector<double> standard_; ///< the default point, raw
};

/// The space of fixes of a problem for data with such answers.
[[nodiscard]] inline fix_space
make_fix_space(const problem& faulty, const answers& wanted, space_name name = space_name::mend) {
    return fix_space_builder(faulty, wanted, domains_of(name)).build();
}

inline void fix_space_builder::add_optimizer() {
    const optimizer_spec& now = made_.faulty_.compile.optimizer;
    fix_site kinds{fix_target::optimizer};
    std::vector<optimizer_spec_kind> offered;
    const auto offer = [&](const optimizer_spec_kind& kind) {
        const std::string name(optimizer_spec{kind}.class_name());
        if (std::find(kinds.values.begin(), kinds.values.end(), fix_value(name)) ==
            kinds.values.end()) {
            kinds.values.emplace_back(name);
            offered.push_back(name == now.class_name() ? now.kind : kind);
        }
    };
    for (const std::string& name : domains_.optimizers) {
        if (const auto kind = make_optimizer(name)) {
            offer(*kind);
        }
    }
    offer(now.kind);
    add("optimizer", std::move(kinds), std::string(now.class_name()));

    const double rate = now.learning_rate();
    const bool fits = rate > 0 || domains_.rate_scale == scaling::linear;
    const double low = fits ? std::min(rate, domains_.lowest_rate) : domains_.lowest_rate;
    const double high = std::max(rate, domains_.highest_rate);
    made_.over_.real("learning_rate", low, high, domains_.rate_scale);
    made_.sites_.push_back({fix_target::learning_rate});
    standard_.push_back(fits ? rate : low); // stands for a rate of 0 on a logarithmic scale

    for (optimizer_spec_kind& kind : offered) {
        const std::string name(optimizer_spec{kind}.class_name());
        add_settings(
            name + ".",
            settings_of(kind),
            domains_.optimizer_settings,
            {fix_target::optimizer_setting},
            offered.size() > 1 ? "optimizer" : "",
            {name}
        );
    }
}

inline void fix_space_builder::add_loss() {
    loss_spec now = made_.faulty_.compile.loss;
    fix_site names{fix_target::loss};
    // Both mean the same; which one it is depends on how the user's labels are written.
    const std::string_view twin = now.name == "sparse_categorical_crossentropy"
                                      ? "categorical_crossentropy"
                                      : "sparse_categorical_crossentropy";
    const bool all_fit = domains_.losses.front().numbers; // as in the study
    for (const output_domain& loss : domains_.losses) {
        if (loss.fits(output_) && (all_fit || loss.value != twin)) {
            names.values.emplace_back(loss.value);
        }
    }
    std::vector<std::string> with_logits;
    for (const fix_value& name : names.values) {
        if (std::get<std::string>(name).ends_with("crossentropy")) {
            with_logits.push_back(std::get<std::string>(name));
        }
    }
    const bool named = now.name.ends_with("crossentropy");
    if (named && std::find(with_logits.begin(), with_logits.end(), now.name) == with_logits.end()) {
        with_logits.push_back(now.name);
    }
    const bool choice = add("loss", std::move(names), now.name);
    // One dimension for all losses that have the setting; others belong to the faulty loss alone.
    loss_spec shown = now;
    if (!named && !with_logits.empty()) {
        shown.name = with_logits.front();
    }
    for (const setting& s : settings_of(shown)) {
        const bool shared = s.about.key == "from_logits";
        if (shared || shown.name == now.name) {
            add_settings(
                "loss.",
                {s},
                domains_.loss_settings,
                {fix_target::loss_setting},
                choice ? "loss" : "",
                shared ? with_logits : std::vector<std::string>{now.name}
            );
        }
    }
}

inline void fix_space_builder::add_fit() {
    fit_spec now = made_.faulty_.fit;
    fix_site batch{fix_target::fit_setting, 0, "batch_size"};
    for (const std::int64_t size : domains_.batch_sizes) {
        batch.values.emplace_back(size);
    }
    add("batch_size", std::move(batch), now.batch_size);
    add("epochs",
        {fix_target::fit_setting, 0, "epochs", scaled(now.epochs, domains_.epoch_factors)},
        now.epochs);
    add_settings("", settings_of(now), domains_.fit_settings, {fix_target::fit_setting});
}

inline void fix_space_builder::add_front() {
    const auto& layers = made_.faulty_.model.layers;
    if (!layers.empty() && !holds<rescaling_spec>(layers[0]) &&
        !holds<normalization_spec>(layers[0]) && !domains_.front.empty()) {
        fix_site front{fix_target::front};
        front.values.assign(domains_.front.begin(), domains_.front.end());
        add("front", std::move(front), domains_.front[0]);
    }
}

inline void fix_space_builder::add_activation(std::size_t i, const std::string& parent) {
    layer_kind kind = layer(i).kind;
    for (const setting& s : settings_of(kind)) {
        if (s.about.values != domain::activation) {
            continue;
        }
        const std::string now = *std::get<std::string*>(s.value);
        const bool follows =
            i + 1 < made_.faulty_.model.layers.size() && holds<activation_spec>(layer(i + 1));
        if (follows && now == "linear") {
            return; // the next layer is its activation
        }
        fix_site site{fix_target::layer_setting, i, s.about.key};
        if (i < output_layer_ || follows) {
            site.values.assign(domains_.activations.begin(), domains_.activations.end());
        } else {
            for (const output_domain& a : domains_.output_activations) {
                if (a.fits(output_)) {
                    site.values.emplace_back(a.value);
                }
            }
        }
        const std::string name = "layers[" + std::to_string(i) + "]." + std::string(s.about.key);
        if (add(name, std::move(site), now) && !parent.empty()) {
            made_.over_.only_if(parent, {"1", "2"});
        }
    }
}

inline void fix_space_builder::add_layer(std::size_t i) {
    const std::string prefix = "layers[" + std::to_string(i) + "].";
    const auto width = width_of(i);
    const bool hidden = width && i < output_layer_;
    const bool optional = domains_.removes_dropout &&
                          (holds<dropout_spec>(layer(i)) || holds<rescaling_spec>(layer(i)) ||
                           holds<normalization_spec>(layer(i)));
    std::string parent;
    if (hidden || optional) {
        fix_site repeat{fix_target::repeat, i};
        for (const std::int64_t times : domains_.repeats) {
            if (times < 2 || hidden) {
                repeat.values.emplace_back(times);
            }
        }
        if (add(prefix + "repeat", std::move(repeat), std::int64_t{1})) {
            parent = prefix + "repeat";
        }
    }
    std::vector<std::string> there;
    for (const std::int64_t times : domains_.repeats) {
        if (times > 0 && (times < 2 || hidden)) {
            there.push_back(std::to_string(times));
        }
    }
    if (hidden &&
        add(prefix + std::string(width->first),
            {fix_target::layer_setting,
             i,
             width->first,
             scaled(width->second, domains_.width_factors)},
            width->second) &&
        !parent.empty()) {
        made_.over_.only_if(parent, there);
    }
    add_activation(i, parent);
    layer_kind kind = layer(i).kind;
    add_settings(
        prefix,
        settings_of(kind),
        domains_.layer_settings,
        {fix_target::layer_setting, i},
        parent,
        there
    );
    if (width && !layer(i).trainable && domains_.removes_dropout &&
        add(prefix + "trainable", {fix_target::trainable, i, "trainable", {true}}, false) &&
        !parent.empty()) {
        made_.over_.only_if(parent, there);
    }
    const auto& layers = made_.faulty_.model.layers;
    const std::size_t after =
        i + 1 < layers.size() && holds<activation_spec>(layers[i + 1]) ? i + 2 : i + 1;
    if (hidden && holds<dense_spec>(layer(i)) && !domains_.added_dropout.empty() &&
        !(after < layers.size() && holds<dropout_spec>(layers[after]))) {
        fix_site dropout{fix_target::add_dropout, i};
        dropout.values.assign(domains_.added_dropout.begin(), domains_.added_dropout.end());
        if (add(prefix + "add_dropout", std::move(dropout), 0.0) && !parent.empty()) {
            made_.over_.only_if(parent, there);
        }
    }
}

} // namespace mend
