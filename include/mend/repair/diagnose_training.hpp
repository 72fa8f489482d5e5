// SPDX-License-Identifier: MIT
/// What a training itself shows: where it broke, units that died, gradients that vanish or explode,
/// curves that stand still, swing or part.
///
/// Limits are those of AutoTrainer (Zhang et al., ICSE 2021: gradient ratios, zero gradients,
/// oscillation, gap of overfitting); an update of about 1e-3 of the weights is what is usual
/// (Karpathy, CS231n notes); half of a layer dead or saturated as in DeepLocalize (Wardat et al.,
/// ICSE 2021).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/record/check.hpp>
#include <mend/record/curve.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/data_facts.hpp>
#include <mend/repair/diagnose_fit.hpp>
#include <mend/repair/diagnose_layers.hpp>
#include <mend/repair/finding.hpp>
#include <mend/repair/symptoms.hpp>
#include <mend/spec/outline.hpp>
#include <mend/spec/problem.hpp>
#include <mend/train/score.hpp>

namespace mend {

/// What is known of one training of a problem.
struct training_evidence {
    score_rule rule{};
    mend::status status = mend::status::completed;
    training_curve curve{};
    training_checks checks{};
};

namespace detail {

/// How good the best validation score is, from 0 (the best constant answer) to 1 (perfect).
[[nodiscard]] inline double goodness(const training_evidence& seen, const data_facts& facts) {
    double best = std::nan("");
    for (const epoch_record& e : seen.curve) {
        const double score = std::isnan(e.validation.metric) ? e.train.metric : e.validation.metric;
        best = seen.rule.better(score, best) ? score : best;
    }
    if (std::isnan(best)) {
        return 0;
    }
    if (seen.rule.kind == score_kind::accuracy) {
        const double chance = facts.majority();
        return std::clamp((best - chance) / std::max(1 - chance, 1e-9), 0.0, 1.0);
    }
    const double spread = facts.is_classification() ? 0.5 : facts.target_deviation;
    const double error = seen.rule.kind == score_kind::mean_squared_error ? std::sqrt(best) : best;
    return std::clamp(1 - error / std::max(spread, 1e-12), 0.0, 1.0);
}

class training_diagnosis {
public:
    training_diagnosis(finding_list& into, const data_facts& facts, const training_evidence& seen)
        : into_(into)
        , facts_(facts)
        , seen_(seen)
        , faulty_(into.faulty())
        , layers_(outline(faulty_.model))
        , good_(goodness(seen, facts)) {
        for (const epoch_record& e : seen.curve) {
            train_loss_.push_back(e.train.loss);
            validation_loss_.push_back(e.validation.loss);
            train_score_.push_back(e.train.metric);
            validation_score_.push_back(e.validation.metric);
        }
        for (const training_check& c : seen.checks.at) {
            if (c.epoch >= 0) {
                last_ = &c;
                first_ = first_ == nullptr ? &c : first_;
            }
        }
        if (last_ == nullptr && !seen.checks.at.empty()) {
            last_ = &seen.checks.at.back();
        }
    }

    void run() {
        failure();
        if (last_ != nullptr && last_->layers.size() == faulty_.model.layers.size()) {
            dead_layers();
            gradients();
            saturation();
            outputs();
            updates();
            penalty();
        }
        if (train_loss_.size() >= 3) {
            curves();
        }
    }

private:
    /// A symptom explains less where the result is good.
    [[nodiscard]] double weighed(double confidence) const { return confidence * (1 - 0.7 * good_); }

    finding& add(const char* code, double confidence, std::string path, std::string what) {
        finding& f = into_.add(code, weighed(confidence), std::move(path), std::move(what));
        f.dynamic = true;
        return f;
    }

    void suggest_rate(finding& f, double factor) {
        into_.suggest(f, [&](problem& p) {
            p.compile.optimizer.learning_rate(p.compile.optimizer.learning_rate() * factor);
        });
    }

    void suggest_adam(finding& f) {
        into_.suggest(f, [](problem& p) { p.compile.optimizer = adam_with(0.001); });
    }

    void suggest_hidden(finding& f, const char* name) {
        into_.suggest(f, [&](problem& p) {
            for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
                set_activation(p.model, layers_[i], name);
                *find_kernel_initializer(p.model.layers[layers_[i].layer]
                ) = {.name = initializer_for(name)};
            }
        });
    }

    void suggest_epochs(finding& f, double factor) {
        into_.suggest(f, [&](problem& p) {
            p.fit.epochs = std::max<std::int64_t>(
                1, std::llround(std::ceil(static_cast<double>(p.fit.epochs) * factor))
            );
        });
    }

    void failure() {
        if (seen_.status != status::nan && seen_.status != status::diverged) {
            return;
        }
        const bool nan = seen_.status == status::nan;
        std::string where = into_.optimizer("learning_rate");
        std::string what = nan ? "the loss became NaN" : "the loss grew beyond all bounds";
        const auto& point = seen_.checks.failure;
        if (point) {
            what += " in epoch " + std::to_string(point->epoch) + ", update " +
                    std::to_string(point->step);
            const auto layer = static_cast<std::size_t>(std::max<std::int64_t>(point->layer, 0));
            if (point->layer >= 0 && layer < faulty_.model.layers.size()) {
                what +=
                    point->what == breakage::weights ? "; the weights of " : "; the outputs of ";
                what += layer_text(faulty_, layer) + " are the first that are not finite";
                where = into_.layer(layer);
            }
        }
        finding& f = add(nan ? "nan" : "divergence", 0.9, std::move(where), std::move(what));
        if (point) {
            f.evidence.push_back({"epoch", static_cast<double>(point->epoch)});
            f.evidence.push_back({"update", static_cast<double>(point->step)});
            f.evidence.push_back({"layer", static_cast<double>(point->layer)});
        }
        suggest_rate(f, 0.1);
        suggest_adam(f);
        suggest_rate(f, 0.01);
        into_.suggest(f, [](problem& p) { p.compile.optimizer.update.clipvalue = 1; });
    }

    void dead_layers() {
        for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
            const layer_check& at = last_->layers[layers_[i].activation];
            if (!(at.dead_units >= 0.5)) {
                continue;
            }
            finding& f =
                add("dying_units",
                    0.35 + 0.55 * at.dead_units,
                    into_.layer(layers_[i].layer),
                    percent_text(at.dead_units) + " of the units of " +
                        layer_text(faulty_, layers_[i].layer) + " are 0 for every row");
            f.evidence.push_back({"dead_units", at.dead_units});
            f.evidence.push_back({"epoch", static_cast<double>(last_->epoch)});
            suggest_hidden(f, "selu");
            suggest_hidden(f, "elu");
            suggest_rate(f, 0.1);
            into_.suggest(f, [&](problem& p) {
                *find_kernel_initializer(p.model.layers[layers_[i].layer]) = {.name = "he_uniform"};
            });
        }
        // Zero inputs make zero gradients too, in a network that is well.
        bool none = true;
        bool dead = false;
        for (const layer_check& at : last_->layers) {
            none = none && !(at.kernel_gradient > 0);
            dead = dead || at.dead_units >= 0.5;
        }
        if (last_->zero_gradients >= 0.7 && (none || dead)) {
            finding& f =
                add("zero_gradients",
                    0.3 + 0.5 * last_->zero_gradients,
                    into_.layer(0),
                    percent_text(last_->zero_gradients) + " of all gradients are exactly 0");
            f.evidence.push_back({"zero_gradients", last_->zero_gradients});
            suggest_hidden(f, "selu");
            suggest_rate(f, 0.1);
        }
    }

    void gradients() {
        double smallest = std::numeric_limits<double>::infinity();
        double largest = 0;
        double first_norm = 0;
        for (const training_check& c : seen_.checks.at) {
            const kernel_norms norms = find_kernel_norms(c);
            if (c.bad_gradients > 0 || !norms.exist || layers_.size() < 2) {
                continue;
            }
            if (norms.ratio() < smallest) {
                smallest = norms.ratio();
                first_norm = norms.first;
            }
            largest = std::max(largest, norms.ratio());
        }
        if (smallest < 1e-3 && first_norm < 1e-4) {
            finding& f =
                add("vanishing_gradient",
                    0.85,
                    into_.layer(layers_.front().layer),
                    "the gradient of the first kernel is " + short_text(smallest) +
                        " of that of the last");
            f.evidence.push_back({"ratio", smallest});
            f.evidence.push_back({"first_norm", first_norm});
            suggest_hidden(f, "selu");
            suggest_hidden(f, "relu");
        }
        if (largest > 70) {
            finding& f =
                add("exploding_gradient",
                    0.6,
                    into_.layer(layers_.front().layer),
                    "the gradient of the first kernel is " + short_text(largest) +
                        " times that of the last");
            f.evidence.push_back({"ratio", largest});
            suggest_rate(f, 0.1);
            suggest_hidden(f, "selu");
            suggest_hidden(f, "relu");
        }
    }

    void saturation() {
        for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
            const layer_check& at = last_->layers[layers_[i].activation];
            if (at.saturated_units >= 0.5) {
                finding& f =
                    add("saturation",
                        0.3 + 0.5 * at.saturated_units,
                        into_.layer(layers_[i].activation, "activation"),
                        percent_text(at.saturated_units) + " of the outputs of " +
                            layer_text(faulty_, layers_[i].activation) + " are at the ends of " +
                            layers_[i].function);
                f.evidence.push_back({"saturated_units", at.saturated_units});
                suggest_hidden(f, "relu");
                suggest_hidden(f, "selu");
                suggest_rate(f, 0.1);
            }
            if (at.mean_absolute >= 10) {
                finding& f =
                    add("large_activations",
                        0.5,
                        into_.layer(layers_[i].layer),
                        "the outputs of " + layer_text(faulty_, layers_[i].layer) + " are " +
                            short_text(at.mean_absolute) + " in the mean");
                f.evidence.push_back({"mean_absolute", at.mean_absolute});
                into_.suggest(f, [](problem& p) {
                    p.model.layers.insert(p.model.layers.begin(), layer_spec{normalization_spec{}});
                });
                suggest_rate(f, 0.1);
            }
        }
    }

    void outputs() {
        const double size = std::max(std::abs(last_->output_low), std::abs(last_->output_high));
        if (last_->epoch < 0 || !(last_->output_spread <= 1e-4 * std::max(size, 1e-12))) {
            return;
        }
        finding& f =
            add("constant_output",
                0.75,
                into_.layer(layers_.back().layer),
                "all rows get the same answer");
        f.evidence.push_back({"output_spread", last_->output_spread});
        suggest_rate(f, 0.1);
        suggest_adam(f);
        suggest_rate(f, 0.01);
    }

    void updates() {
        if (first_ == nullptr) {
            return;
        }
        double largest = 0;
        double all = 0;
        for (const layer_check& at : first_->layers) {
            if (!std::isnan(at.update_ratio)) {
                largest = std::max(largest, at.update_ratio);
                all = std::max(all, at.update_ratio);
            }
        }
        if (largest > 0.1) {
            finding& f =
                add("large_updates",
                    0.4 + 0.4 * std::min(1.0, std::log10(largest / 0.1) / 2),
                    into_.optimizer("learning_rate"),
                    "one update changes weights by " + percent_text(largest));
            f.evidence.push_back({"update_ratio", largest});
            suggest_rate(f, 0.1);
            suggest_rate(f, 0.01);
        } else if (all < 1e-5) {
            finding& f =
                add("small_updates",
                    0.5,
                    into_.optimizer("learning_rate"),
                    "one update changes weights by " + short_text(100 * all) + " % at most");
            f.evidence.push_back({"update_ratio", all});
            suggest_rate(f, 10);
            suggest_adam(f);
            suggest_rate(f, 100);
        }
    }

    void penalty() {
        const double share = last_->loss > 0 ? last_->penalty / last_->loss : 0;
        if (!(share > 0.5)) {
            return;
        }
        finding& f =
            add("penalty_dominates",
                0.3 + 0.6 * share,
                into_.layer(layers_.front().layer),
                "penalties make " + percent_text(share) + " of the loss");
        f.evidence.push_back({"share", share});
    }

    void curves() {
        const std::size_t n = train_loss_.size();
        const bool accuracy = seen_.rule.kind == score_kind::accuracy;
        if (n >= 5) {
            std::vector<double> heights = train_score_;
            if (!accuracy) {
                for (std::size_t i = 0; i < n; ++i) {
                    heights[i] = std::log(std::max(train_loss_[i], 1e-300));
                }
            }
            // Accuracy points, or a fifth of the loss.
            const oscillation found = find_oscillation(heights, accuracy ? 0.03 : 0.2);
            if (found.is_unstable(n, 0.2) && found.swings > 0) {
                finding& f =
                    add("oscillation",
                        0.6,
                        into_.optimizer("learning_rate"),
                        "the training swings: " + counted(found.swings, "time") + " in " +
                            counted(n, "epoch"));
                f.evidence.push_back({"swings", static_cast<double>(found.swings)});
                suggest_rate(f, 0.1);
                suggest_adam(f);
                into_.suggest(f, [](problem& p) { p.fit.batch_size *= 4; });
            }
        }
        progress(n);
        gap(n, accuracy);
    }

    void progress(std::size_t n) {
        const double first = train_loss_.front();
        const double last = train_loss_.back();
        const double lowest = *std::min_element(train_loss_.begin(), train_loss_.end());
        const double size = std::max(std::abs(first), 1e-12);
        if (first - lowest < 0.02 * size && good_ < 0.8) {
            finding& f =
                add("no_progress",
                    0.6,
                    into_.optimizer("learning_rate"),
                    "the loss stands still: " + short_text(first) + " in the first epoch, " +
                        short_text(lowest) + " at best");
            f.evidence.push_back({"first_loss", first});
            f.evidence.push_back({"lowest_loss", lowest});
            suggest_adam(f);
            suggest_rate(f, 10);
            suggest_rate(f, 0.1);
            return;
        }
        const std::size_t late = n - std::max<std::size_t>(1, n / 3);
        const double before = train_loss_[late - (late > 0 ? 1 : 0)];
        const double recent = before - last;
        const bool best_at_end =
            std::isnan(validation_loss_.back()) ||
            validation_loss_.back() <=
                1.02 * *std::min_element(validation_loss_.begin(), validation_loss_.end());
        // Of all that the loss fell, a good part came late, or what is left is still shrinking.
        if (best_at_end && recent > 0.01 * size &&
            (recent > 0.15 * (first - last) || recent > 0.1 * std::abs(before))) {
            finding& f =
                add("slow_convergence",
                    0.65,
                    into_.fit("epochs"),
                    "the loss still falls when the training ends: by " + short_text(recent) +
                        " in the last third");
            f.evidence.push_back({"recent_fall", recent});
            f.evidence.push_back({"last_loss", last});
            suggest_epochs(f, 4);
            suggest_rate(f, 10);
            suggest_adam(f);
            suggest_epochs(f, 2);
        }
    }

    void gap(std::size_t n, bool accuracy) {
        const auto best = std::min_element(validation_loss_.begin(), validation_loss_.end());
        if (std::isnan(validation_loss_.back())) {
            return;
        }
        const auto epoch = static_cast<std::size_t>(best - validation_loss_.begin());
        const double apart = accuracy ? train_score_.back() - validation_score_.back()
                                      : (validation_loss_.back() - train_loss_.back()) /
                                            std::max(validation_loss_.back(), 1e-12);
        const bool rises = validation_loss_.back() > 1.1 * *best && epoch + 1 < n;
        if (apart > (accuracy ? 0.07 : 0.5) && rises) {
            finding& f =
                add("overfitting",
                    0.35 + std::min(0.4, std::max(0.0, apart)),
                    into_.fit("epochs"),
                    "validation is best in epoch " + std::to_string(epoch) +
                        " and falls behind from there");
            f.evidence.push_back({"gap", apart});
            f.evidence.push_back({"best_epoch", static_cast<double>(epoch)});
            into_.suggest(f, [&](problem& p) {
                p.fit.epochs = static_cast<std::int64_t>(epoch) + 1;
            });
            into_.suggest(f, [&](problem& p) {
                for (std::size_t i = layers_.size() - 1; i-- > 0;) {
                    if (!p.model.layers[layers_[i].activation + 1].name.starts_with("dropout")) {
                        p.model.layers.insert(
                            p.model.layers.begin() +
                                static_cast<std::ptrdiff_t>(layers_[i].activation + 1),
                            layer_spec{dropout_spec{.rate = 0.25}}
                        );
                    }
                }
            });
        } else if (good_ < 0.6 && !(apart > (accuracy ? 0.07 : 0.5))) {
            finding& f =
                add("underfitting",
                    0.4 * (1 - good_),
                    into_.layer(layers_.empty() ? 0 : layers_.front().layer),
                    "the model does not fit the rows that it is trained on");
            into_.suggest(f, [&](problem& p) {
                for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
                    if (auto* dense = get_if<dense_spec>(&p.model.layers[layers_[i].layer].kind)) {
                        dense->units *= 2;
                    }
                }
            });
            suggest_epochs(f, 4);
        }
    }

    finding_list& into_;
    const data_facts& facts_;
    const training_evidence& seen_;
    const problem& faulty_;
    std::vector<outlined_layer> layers_;
    double good_;
    std::vector<double> train_loss_;
    std::vector<double> validation_loss_;
    std::vector<double> train_score_;
    std::vector<double> validation_score_;
    const training_check* first_ = nullptr;
    const training_check* last_ = nullptr;
};

} // namespace detail

} // namespace mend
