// SPDX-License-Identifier: MIT
/// Keras' callbacks at work: what EarlyStopping and ReduceLROnPlateau do after each epoch.
///
/// The rules are those of Keras 2.6 and later, also for older versions, which took EarlyStopping's
/// baseline for the best value so far. A value of NaN is no improvement. Without a validation part,
/// callbacks that monitor it do nothing, as in Keras. TerminateOnNaN needs no action: a training
/// ends with a loss of NaN anyway.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/nn/network.hpp>
#include <mend/nn/optimizer.hpp>
#include <mend/record/curve.hpp>
#include <mend/spec/compile.hpp>
#include <mend/spec/problem.hpp>
#include <mend/train/score.hpp>

namespace mend {

namespace detail {

/// Whether a callback takes more for better.
[[nodiscard]] inline bool
goes_up(const callback_spec& callback, const monitored& what, const problem& wanted) {
    if (callback.mode != "auto") {
        return callback.mode == "max";
    }
    if (what.metric == wanted.compile.metrics.size()) {
        return false; // the loss
    }
    const metric_spec& metric = wanted.compile.metrics[what.metric];
    const bool stops = callback.name == "EarlyStopping";
    if (stops && wanted.model.semantics() == keras_semantics::keras3) {
        const auto score = find_score(metric);
        return score && score->higher_is_better();
    }
    // By the name alone, also where that is wrong for precision and recall.
    const bool accuracy = metric.name.find("acc") != std::string::npos;
    return accuracy || (stops && metric.name == "auc");
}

} // namespace detail

/// The callbacks of one training.
class callbacks {
public:
    callbacks(const problem& wanted, bool has_validation)
        : planned_(wanted.fit.epochs)
        , restores_at_end_(wanted.model.semantics() == keras_semantics::keras3) {
        for (const callback_spec& spec : wanted.fit.callbacks) {
            const auto what = monitored_metric(spec, wanted.compile);
            if (spec.name == "TerminateOnNaN" || !what || (what->validation && !has_validation)) {
                continue;
            }
            const double sign = detail::goes_up(spec, *what, wanted) ? -1 : 1;
            all_.push_back({spec, *what, sign});
            reads_metrics_ = reads_metrics_ || what->metric < wanted.compile.metrics.size();
        }
    }

    /// Whether one monitors a metric, not a loss.
    [[nodiscard]] bool reads_metrics() const noexcept { return reads_metrics_; }

    /// Acts on the last epoch of the curve; true where the training is to end. `restore` is to
    /// follow.
    [[nodiscard]] bool
    after_epoch(const training_curve& curve, network<float>& net, optimizer<float>& rule) {
        bool stop = false;
        for (watch& w : all_) {
            const part_scores& part =
                w.what.validation ? curve.back().validation : curve.back().train;
            const bool is_loss = w.what.metric >= part.metrics.size();
            const double current = w.sign * (is_loss ? part.loss : part.metrics[w.what.metric]);
            if (w.spec.name == "EarlyStopping") {
                stop = wants_end(w, current, curve.size() - 1, net) || stop;
            } else {
                rule.learning_rate(reduced(w, current, rule.learning_rate()));
            }
        }
        held_ = curve.size() - 1;
        over_ = stop || static_cast<std::int64_t>(curve.size()) == planned_;
        return stop;
    }

    /// Puts back the weights of an earlier epoch where a callback has ended the training that
    /// restores them; in Keras 3 each that restores does, whoever ended the training, also after
    /// the last epoch of the fit.
    void restore(network<float>& net) {
        for (const watch& w : all_) {
            if (!w.weights.empty() && (w.ends || (over_ && restores_at_end_))) {
                std::copy(w.weights.begin(), w.weights.end(), net.values().begin());
                held_ = w.best_epoch;
            }
        }
    }

    /// The epoch whose weights the network holds. Requires an epoch.
    [[nodiscard]] std::size_t held() const noexcept { return held_; }

private:
    /// One callback; values are turned so that less is better.
    struct watch {
        callback_spec spec;
        monitored what;
        double sign;
        double best = std::numeric_limits<double>::infinity();
        std::int64_t wait = 0;
        std::int64_t cooldown = 0;
        bool ends = false;
        std::size_t best_epoch = 0;
        std::vector<float> weights{};
    };

    static bool wants_end(watch& w, double current, std::size_t epoch, const network<float>& net) {
        if (static_cast<std::int64_t>(epoch) < w.spec.start_from_epoch) {
            return false;
        }
        const double delta = std::abs(w.spec.min_delta);
        const bool better = current + delta < w.best;
        if (w.spec.restore_best_weights && (better || w.weights.empty())) {
            w.weights.assign(net.values().begin(), net.values().end());
            w.best_epoch = epoch;
        }
        ++w.wait;
        if (better) {
            w.best = current;
            if (!w.spec.baseline || current + delta < w.sign * *w.spec.baseline) {
                w.wait = 0;
            }
            return false;
        }
        w.ends = w.wait >= w.spec.patience && epoch > 0;
        return w.ends;
    }

    [[nodiscard]] static double reduced(watch& w, double current, double rate) noexcept {
        if (w.cooldown > 0) {
            --w.cooldown;
            w.wait = 0;
        }
        if (current < w.best - w.spec.min_delta) {
            w.best = current;
            w.wait = 0;
        } else if (w.cooldown == 0 && ++w.wait >= w.spec.patience && rate > w.spec.min_lr) {
            w.cooldown = w.spec.cooldown;
            w.wait = 0;
            return std::max(rate * w.spec.factor, w.spec.min_lr);
        }
        return rate;
    }

    std::int64_t planned_;
    bool restores_at_end_;
    bool reads_metrics_ = false;
    std::size_t held_ = 0;
    bool over_ = false; ///< the training ends with the epoch that was acted on
    std::vector<watch> all_;
};

} // namespace mend
