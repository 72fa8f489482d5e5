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
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/text.hpp>
#include <mend/space/fix_domains.hpp>
#include <mend/space/fix_site.hpp>
#include <mend/space/problem_kind.hpp>
#include <mend/space/space.hpp>
#include <mend/space/study_space.hpp>
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

    /// What each parameter of the space edits.
    [[nodiscard]] const std::vector<fix_site>& sites() const noexcept { return sites_; }

    /// Raw values of the faulty problem; of what does not exist there, its default once it does.
    [[nodiscard]] const std::vector<double>& standard() const noexcept { return standard_; }

    /// What changes from the faulty problem to that at a point.
    [[nodiscard]] mend::patch patch(const point& at) const { return diff(faulty_, apply(at)); }

private:
    friend class fix_space_builder;

    problem faulty_;
    space over_;
    std::vector<fix_site> sites_; ///< one per parameter
    std::vector<double> standard_;
};

/// Builds the space of fixes, one table of domains at a time.
class fix_space_builder {
public:
    /// Only what `narrowed` names, with the values that it states, where it is given; it has to
    /// outlive this.
    fix_space_builder(
        const problem& faulty,
        const answers& wanted,
        const fix_domains& domains,
        const study_space* narrowed = nullptr
    );

    [[nodiscard]] fix_space build() &&;

private:
    /// What dimensions belong to, while they are added: they exist only where `parent` has one of
    /// the values. Empty: to nothing.
    struct belonging {
        std::string parent{};
        std::vector<std::string> values{};
    };

    /// Adds a dimension over the site's values and that of now, under their texts; none where that
    /// leaves no choice. Texts that are missing are made from the values.
    bool
    add(std::string name,
        fix_site site,
        const document& now,
        std::vector<std::string> texts = {},
        const std::string& now_text = {});

    /// Adds those settings whose keys the domains know, each named `prefix` + its key. They are of
    /// a copy, and as they were afterwards.
    void add_settings(
        const std::string& prefix,
        const std::vector<setting>& settings,
        std::span<const setting_domain> domains,
        const fix_site& site
    );

    void add_optimizer();
    void add_learning_rate();
    void add_loss();
    void add_fit();
    void add_front();
    void add_layer(std::size_t i);
    void add_activation(std::size_t i, const std::vector<setting>& settings);

    [[nodiscard]] const std::vector<layer_spec>& layers() const {
        return made_.faulty_.model.layers;
    }

    [[nodiscard]] bool is_activation_at(std::size_t i) const {
        return i < layers().size() && is_activation(layers()[i]);
    }

    /// The table's numbers times `now`, rounded, at least `least`, each once.
    [[nodiscard]] static document::array_type
    wholes(std::span<const double> table, std::int64_t now, std::int64_t least);

    /// The table's, or the study's where it has none.
    [[nodiscard]] document::array_type epochs(std::int64_t now) const;

    /// Whether there may be a dimension of this name.
    [[nodiscard]] bool has(std::string_view name) const noexcept {
        return narrowed_ == nullptr || narrowed_->find_editing(name) != nullptr;
    }

    fix_domains domains_;
    const study_space* narrowed_;
    output_kind output_ = output_kind::numbers;
    std::size_t output_layer_ = 0; ///< the last with units or filters
    fix_space made_;
    belonging belongs_;
};

/// The space of fixes of a problem for data with such answers.
[[nodiscard]] inline fix_space
make_fix_space(const problem& faulty, const answers& wanted, space_name name = space_name::mend) {
    return fix_space_builder(faulty, wanted, domains_of(name)).build();
}

/// The study's space, narrowed to what it had for one fault.
[[nodiscard]] inline fix_space
make_fix_space(const problem& faulty, const answers& wanted, const study_space& narrowed) {
    return fix_space_builder(faulty, wanted, domains_of(space_name::study), &narrowed).build();
}

inline fix_space_builder::fix_space_builder(
    const problem& faulty,
    const answers& wanted,
    const fix_domains& domains,
    const study_space* narrowed
)
    : domains_(domains)
    , narrowed_(narrowed) {
    made_.faulty_ = faulty;
    const inference shapes = infer_shapes(faulty.model);
    const bool fits = shapes.why.empty() && !shapes.layers.empty();
    if (wanted.classes > 0 || detail::is_classifier(faulty)) { // one-hot rows are numbers, too
        output_ = fits && shapes.layers.back().output.back() == 1 ? output_kind::one_for_labels
                                                                  : output_kind::per_class;
    }
    for (std::size_t i = 0; i < layers().size(); ++i) {
        layer_kind kind = layers()[i].kind;
        output_layer_ = detail::find_width(settings_of(kind)) ? i : output_layer_;
    }
}

inline fix_space fix_space_builder::build() && {
    add_optimizer();
    add_loss();
    add_fit();
    add_front();
    for (std::size_t i = 0; i < layers().size(); ++i) {
        add_layer(i);
    }
    made_.over_.default_point(made_.over_.make_point(made_.standard_));
    return std::move(made_);
}

inline document::array_type
fix_space_builder::wholes(std::span<const double> table, std::int64_t now, std::int64_t least) {
    document::array_type values;
    for (const double factor : table) {
        const document value =
            std::max<std::int64_t>(least, std::llround(factor * static_cast<double>(now)));
        if (std::find(values.begin(), values.end(), value) == values.end()) {
            values.push_back(value);
        }
    }
    return values;
}

inline document::array_type fix_space_builder::epochs(std::int64_t now) const {
    if (domains_.epoch_factors.empty()) {
        const auto grid = (narrowed_ != nullptr ? *narrowed_ : study_space{}).epochs(now);
        return {grid.begin(), grid.end()};
    }
    document::array_type values = wholes(domains_.epoch_factors, now, 1);
    const auto so_far = static_cast<std::int64_t>(domains_.epoch_factors.back()) * now;
    for (std::int64_t more = 2 * so_far; more <= domains_.epochs_in_reach; more *= 2) {
        values.push_back(more);
    }
    return values;
}

inline bool fix_space_builder::add(
    std::string name,
    fix_site site,
    const document& now,
    std::vector<std::string> texts,
    const std::string& now_text
) {
    if (!has(name)) {
        return false;
    }
    document::array_type& values = site.values;
    if (narrowed_ != nullptr) {
        const document::array_type& stated = narrowed_->find_editing(name)->values;
        if (!stated.empty()) {
            values = stated;
            texts.clear();
        }
    }
    for (std::size_t i = texts.size(); i < values.size(); ++i) {
        texts.push_back(plain_text(values[i]));
    }
    if (std::find(values.begin(), values.end(), now) == values.end()) {
        values.push_back(now);
        texts.push_back(now_text.empty() ? plain_text(now) : now_text);
    }
    if (values.size() < 2) {
        return false;
    }
    space& over = made_.over_;
    if (now.is_bool()) {
        values = {false, true};
        over.boolean(std::move(name));
    } else if (std::all_of(values.begin(), values.end(), [](const document& value) {
                   return value.is_number();
               })) {
        std::sort(values.begin(), values.end(), [](const document& a, const document& b) {
            return a.as_number() < b.as_number();
        });
        std::vector<double> levels;
        for (const document& value : values) {
            levels.push_back(value.as_number());
        }
        over.ordinal(std::move(name), std::move(levels));
    } else {
        over.categorical(std::move(name), std::move(texts));
    }
    if (!belongs_.parent.empty()) {
        over.only_if(belongs_.parent, belongs_.values);
    }
    made_.standard_.push_back(
        static_cast<double>(std::find(values.begin(), values.end(), now) - values.begin())
    );
    made_.sites_.push_back(std::move(site));
    return true;
}

inline void fix_space_builder::add_settings(
    const std::string& prefix,
    const std::vector<setting>& settings,
    std::span<const setting_domain> domains,
    const fix_site& site
) {
    for (const setting& s : settings) {
        for (const setting_domain& d : domains) {
            if (d.key != s.about.key) {
                continue;
            }
            const document now = document_from(s);
            const std::string now_text = detail::text_of(s);
            fix_site here = site;
            here.key = d.key;
            std::vector<std::string> texts;
            bool known = false;
            for (const domain_value& value : d.values) {
                // Through the setting itself, so that all spellings of a value are one.
                if (detail::assign({s}, d.key, value.spelled())) {
                    here.values.push_back(document_from(s));
                    texts.push_back(detail::text_of(s));
                    known = known || here.values.back() == now;
                }
            }
            detail::assign({s}, d.key, now);
            if (!here.values.empty() && !(d.only_where_set && known)) {
                add(prefix + std::string(d.key), std::move(here), now, std::move(texts), now_text);
            }
        }
    }
}

inline void fix_space_builder::add_optimizer() {
    const optimizer_spec now = made_.faulty_.compile.optimizer;
    fix_site kinds{fix_target::optimizer};
    std::vector<optimizer_spec> offered;
    for (const std::string_view name : domains_.optimizers) {
        if (const auto kind = make_optimizer(name)) {
            offered.push_back({name == now.class_name() ? now.kind : *kind, now.update});
            kinds.values.emplace_back(name);
        }
    }
    if (std::find(offered.begin(), offered.end(), now) == offered.end()) {
        offered.push_back(now);
    }
    const bool choice = add("optimizer", std::move(kinds), now.class_name());

    add_learning_rate();

    for (optimizer_spec& one : offered) {
        const std::string name(one.class_name());
        if (choice) {
            belongs_ = {"optimizer", {name}};
        }
        add_settings(
            name + ".",
            settings_of(one.kind),
            domains_.optimizer_settings,
            {fix_target::optimizer_setting}
        );
        belongs_ = {};
    }
    optimizer_spec shared = now;
    for (const setting& s : shared_settings_of(shared)) {
        const bool clips_otherwise = now.update.clipvalue || now.update.global_clipnorm;
        if (s.about.key != "clipnorm" || now.update.clipnorm || !clips_otherwise) {
            add_settings("", {s}, domains_.update_settings, {fix_target::update_setting});
        }
    }
}

inline void fix_space_builder::add_learning_rate() {
    constexpr const char* name = "learning_rate";
    const double rate = made_.faulty_.compile.optimizer.learning_rate();
    if (!has(name)) {
        return;
    }
    if (narrowed_ != nullptr && !narrowed_->find_editing(name)->values.empty()) {
        add(name, {fix_target::learning_rate}, rate);
        return;
    }
    const bool fits = rate > 0 || domains_.rate_scale == scaling::linear;
    const double low = fits ? std::min(rate, domains_.lowest_rate) : domains_.lowest_rate;
    const double high = std::max(rate, domains_.highest_rate);
    made_.over_.real(name, low, high, domains_.rate_scale);
    made_.sites_.push_back({fix_target::learning_rate});
    made_.standard_.push_back(fits ? rate : low); // stands for a rate of 0 on a logarithmic scale
}

inline void fix_space_builder::add_loss() {
    const loss_spec& now = made_.faulty_.compile.loss;
    // Both mean the same; which one it is depends on how the user's labels are written.
    const std::string_view twin = now.name == "sparse_categorical_crossentropy"
                                      ? "categorical_crossentropy"
                                      : "sparse_categorical_crossentropy";
    fix_site names{fix_target::loss};
    std::vector<std::string> entropies; // those that have from_logits
    for (const output_domain& loss : domains_.losses) {
        if (loss.fits(output_) && (domains_.twin_losses || loss.value != twin)) {
            names.values.emplace_back(loss.value);
            if (loss.value.ends_with("crossentropy") && loss.value != now.name) {
                entropies.emplace_back(loss.value);
            }
        }
    }
    loss_spec shown = now;
    if (now.name.ends_with("crossentropy")) {
        entropies.push_back(now.name);
    } else if (!entropies.empty()) {
        shown = {.name = entropies.front()};
    }
    const bool choice = add("loss", std::move(names), now.name);
    // One dimension for all losses that have the setting; others are of the faulty loss alone.
    for (const loss_spec& from : {shown, now}) {
        loss_spec copy = from;
        for (const setting& s : settings_of(copy)) {
            const bool shared = s.about.key == "from_logits";
            if (choice) {
                belongs_ = {"loss", shared ? entropies : std::vector<std::string>{now.name}};
            }
            if (made_.over_.find("loss." + std::string(s.about.key)) == made_.over_.size() &&
                (shared || from.name == now.name)) {
                add_settings("loss.", {s}, domains_.loss_settings, {fix_target::loss_setting});
            }
        }
        belongs_ = {};
    }
}

inline void fix_space_builder::add_fit() {
    fit_spec now = made_.faulty_.fit;
    add("batch_size",
        {fix_target::fit_setting, 0, "batch_size", wholes(domains_.batch_sizes, 1, 1)},
        now.batch_size);
    add("epochs", {fix_target::fit_setting, 0, "epochs", epochs(now.epochs)}, now.epochs);
    add_settings("", settings_of(now), domains_.fit_settings, {fix_target::fit_setting});
}

inline void fix_space_builder::add_front() {
    if (!layers().empty() && !holds<rescaling_spec>(layers()[0]) &&
        !holds<normalization_spec>(layers()[0]) && !domains_.front.empty()) {
        fix_site front{fix_target::front};
        front.values.assign(domains_.front.begin(), domains_.front.end());
        add("front", std::move(front), domains_.front[0]);
    }
}

inline void fix_space_builder::add_activation(std::size_t i, const std::vector<setting>& settings) {
    for (const setting& s : settings) {
        if (s.about.values != domain::activation) {
            continue;
        }
        const document now = document_from(s);
        if (is_activation_at(i + 1) && now == document("linear")) {
            return; // the next layer is its activation
        }
        const bool inner = i < output_layer_ || is_activation_at(i + 1);
        fix_site site{fix_target::layer_setting, i, s.about.key};
        for (const output_domain& a : inner ? domains_.activations : domains_.output_activations) {
            if (inner || a.fits(output_)) {
                site.values.emplace_back(a.value);
            }
        }
        add("layers[" + std::to_string(i) + "]." + std::string(s.about.key), std::move(site), now);
    }
}

inline void fix_space_builder::add_layer(std::size_t i) {
    const std::string prefix = "layers[" + std::to_string(i) + "].";
    const layer_spec& faulty = layers()[i];
    layer_kind kind = faulty.kind;
    const std::vector<setting> settings = settings_of(kind);
    const setting* const width = detail::find_width(settings);
    const bool hidden = width && i < output_layer_;
    const bool optional =
        domains_.more_than_study && (is_regularizing(faulty) || holds<rescaling_spec>(faulty) ||
                                     holds<normalization_spec>(faulty));
    if (hidden || optional) {
        fix_site repeat{fix_target::repeat, i};
        for (const document& times : wholes(domains_.repeats, 1, 0)) {
            if (hidden || times.as_integer() < 2) {
                repeat.values.push_back(times);
            }
        }
        if (add(prefix + "repeat", std::move(repeat), 1)) {
            const parameter& made = made_.over_.parameters().back();
            belongs_.parent = made.name;
            for (double raw = made.low; raw <= made.high; ++raw) {
                if (made.number(raw) > 0) {
                    belongs_.values.push_back(made.text(raw));
                }
            }
        }
    }
    if (hidden) {
        const document now = document_from(*width);
        add(prefix + std::string(width->about.key),
            {fix_target::layer_setting,
             i,
             width->about.key,
             wholes(domains_.width_factors, now.as_integer(), 1)},
            now);
    }
    add_activation(i, settings);
    add_settings(prefix, settings, domains_.layer_settings, {fix_target::layer_setting, i});
    if (width && !faulty.trainable && domains_.more_than_study) {
        add(prefix + "trainable", {fix_target::trainable, i, "trainable", {true}}, false);
    }
    const std::size_t after = is_activation_at(i + 1) ? i + 2 : i + 1;
    if (hidden && holds<dense_spec>(faulty) && !domains_.added_dropout.empty() &&
        !(after < layers().size() && holds<dropout_spec>(layers()[after]))) {
        fix_site dropout{fix_target::add_dropout, i};
        dropout.values.assign(domains_.added_dropout.begin(), domains_.added_dropout.end());
        add(prefix + "add_dropout", std::move(dropout), 0.0);
    }
    belongs_ = {};
}

} // namespace mend
