// SPDX-License-Identifier: MIT
/// The dimensions along which the search for alternative patches steps from a problem.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/text.hpp>
#include <mend/eval/neutrality.hpp>
#include <mend/space/fix_site.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/settings.hpp>

namespace mend {

/// A problem as a configuration, and configurations as problems. Dimensions are named as in the
/// published graphs: "ki1", "bi1" and "act1" count the layers that have the setting, "unit1" and
/// "layer1" the hidden ones; then "loss", "optimizer", "lr", "batch_size", "epochs".
class neutrality_space {
public:
    explicit neutrality_space(
        const problem& faulty, neutrality_order order = neutrality_order::deepfd
    );

    [[nodiscard]] const std::vector<neutrality_dimension>& dimensions() const noexcept {
        return dimensions_;
    }

    /// The faulty problem's.
    [[nodiscard]] const configuration& start() const noexcept { return start_; }

    /// The problem of a configuration; its layers may not fit together. Requires one value per
    /// dimension, each the start's or one that steps lead to.
    [[nodiscard]] problem apply(const configuration& at) const;

private:
    void add(neutrality_kind kind, std::size_t of_layer, std::string_view key, document now);
    void add_layer(std::size_t i, std::size_t output_layer);

    problem faulty_;
    std::vector<neutrality_dimension> dimensions_;
    configuration start_;
    std::vector<fix_site> sites_;
};

inline neutrality_space::neutrality_space(const problem& faulty, neutrality_order order)
    : faulty_(faulty) {
    const std::vector<layer_spec>& layers = faulty_.model.layers;
    std::size_t output_layer = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        layer_kind kind = layers[i].kind;
        output_layer = detail::find_width(settings_of(kind)) ? i : output_layer;
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
        add_layer(i, output_layer);
    }
    using enum neutrality_kind;
    add(loss, 0, "", faulty_.compile.loss.name);
    add(optimizer, 0, "", plain_name(faulty_.compile.optimizer.class_name()));
    add(learning_rate, 0, "", faulty_.compile.optimizer.learning_rate());
    add(batch_size, 0, "batch_size", faulty_.fit.batch_size);
    add(epochs, 0, "epochs", faulty_.fit.epochs);

    // Start and sites follow their dimensions, whose names are unique.
    const std::vector<neutrality_dimension> before =
        std::exchange(dimensions_, in_order(dimensions_, order));
    configuration start(start_.size());
    std::vector<fix_site> sites(sites_.size(), fix_site{fix_target::loss, 0, {}, {}});
    for (std::size_t i = 0; i < before.size(); ++i) {
        const auto to = static_cast<std::size_t>(
            std::find(dimensions_.begin(), dimensions_.end(), before[i]) - dimensions_.begin()
        );
        start[to] = std::move(start_[i]);
        sites[to] = std::move(sites_[i]);
    }
    start_ = std::move(start);
    sites_ = std::move(sites);
}

inline void neutrality_space::add(
    neutrality_kind kind, std::size_t of_layer, std::string_view key, document now
) {
    struct traits {
        const char* name;
        fix_target what;
        bool counted;
    };

    const traits about = [kind]() -> traits {
        switch (kind) {
        case neutrality_kind::activation:
            return {"act", fix_target::layer_setting, true};
        case neutrality_kind::kernel_initializer:
            return {"ki", fix_target::layer_setting, true};
        case neutrality_kind::bias_initializer:
            return {"bi", fix_target::layer_setting, true};
        case neutrality_kind::layer:
            return {"layer", fix_target::repeat, true};
        case neutrality_kind::unit:
            return {"unit", fix_target::layer_setting, true};
        case neutrality_kind::loss:
            return {"loss", fix_target::loss, false};
        case neutrality_kind::optimizer:
            return {"optimizer", fix_target::optimizer, false};
        case neutrality_kind::learning_rate:
            return {"lr", fix_target::learning_rate, false};
        case neutrality_kind::batch_size:
            return {"batch_size", fix_target::fit_setting, false};
        default:
            return {"epochs", fix_target::fit_setting, false};
        }
    }();
    std::size_t number = 1;
    for (const neutrality_dimension& d : dimensions_) {
        number += d.kind == kind ? 1 : 0;
    }
    dimensions_.push_back({about.name + (about.counted ? std::to_string(number) : ""), kind});
    start_.push_back(std::move(now));
    sites_.push_back({about.what, of_layer, key, {}});
}

inline void neutrality_space::add_layer(std::size_t i, std::size_t output_layer) {
    layer_kind kind = faulty_.model.layers[i].kind;
    const std::vector<setting> settings = settings_of(kind);
    const setting* const width = detail::find_width(settings);
    if (width && i < output_layer) {
        add(neutrality_kind::layer, i, "", 1);
        add(neutrality_kind::unit, i, width->about.key, document_from(*width));
    }
    const bool activated =
        i + 1 < faulty_.model.layers.size() && holds<activation_spec>(faulty_.model.layers[i + 1]);
    for (const setting& s : settings) {
        const document now = document_from(s);
        if (s.about.values == domain::activation && !(activated && now == document("linear"))) {
            add(neutrality_kind::activation, i, s.about.key, now);
        }
        const bool kernel = s.about.key == "kernel_initializer";
        if (!kernel && s.about.key != "bias_initializer") {
            continue;
        }
        // An initialiser of the alphabet is known by its name, whatever its spelling.
        document name = now;
        const auto kind_of =
            kernel ? neutrality_kind::kernel_initializer : neutrality_kind::bias_initializer;
        for (const document& one : one_step_values(kind_of, {})) {
            if (detail::assign({s}, s.about.key, one) && document_from(s) == now) {
                name = one;
            }
        }
        detail::assign({s}, s.about.key, now);
        add(kind_of, i, s.about.key, std::move(name));
    }
}

inline problem neutrality_space::apply(const configuration& at) const {
    MEND_EXPECTS(at.size() == start_.size(), "one value per dimension");
    std::vector<fix_site> sites;
    std::vector<double> raw;
    // The rate comes after the optimizer that it is given to.
    for (const bool rates : {false, true}) {
        for (std::size_t i = 0; i < at.size(); ++i) {
            const bool is_rate = sites_[i].what == fix_target::learning_rate;
            if (is_rate == rates && at[i] != start_[i]) {
                sites.push_back(sites_[i]);
                sites.back().values = {at[i]};
                raw.push_back(0); // each has its one value
            }
        }
    }
    return detail::edit_problem(faulty_, sites, raw, std::vector<double>(sites.size(), -1));
}

} // namespace mend
