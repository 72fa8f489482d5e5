// SPDX-License-Identifier: MIT
/// AutoTrainer's detection: checks and curve of a training -> verdict.
///
/// Zhang, Zhai, Ma, Shen: "AUTOTRAINER: An Automatic DNN Training Problem Detection and Repair
/// System" (ICSE 2021), and the authors' code. Defaults are theirs:
///
/// | option | paper | default |
/// |---|---|---|
/// | interval | | 3 epochs |
/// | vanish_ratio, vanish_norm | beta 1, beta 2 | 1e-3, 1e-4 |
/// | explode_ratio | beta 3 | 70 |
/// | dead_share | gamma | 0.7 |
/// | slow_gain | delta | 0.01 |
/// | swing, swing_share | zeta, eta | 0.03, 0.2 |
/// | low_accuracy | Theta | 0.7 |
/// | large_output | omega 1 | 10 |
/// | output_sum | omega 2 | 1 (used plus 0.1) |
/// | judgement | | 0.3 of the epochs |
/// | seen | determine_threshold | 1 check |
///
/// Deviations. Theta is the same in every training (theirs: 0.7 in all but the first). A kernel is
/// a weight of rank 2 and more in both profiles. 0 / 0 of gradient norms says nothing, x / 0
/// explodes. The windows alpha are 0, as in their code. mend ends a training at its first NaN: the
/// epochs up to the checks that would report it count as NaN, and they come even after the last
/// epoch. What the raw inputs are is not part of abnormal data; the layers' outputs are. Rules on
/// accuracy need a score that is one; for others they are silent.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <mend/record/check.hpp>
#include <mend/record/curve.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/symptoms.hpp>
#include <mend/spec/outline.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>

namespace mend {

/// What AutoTrainer calls training problems, in the order in which ties are broken.
enum class symptom : std::uint8_t {
    abnormal_data,      ///< AD, extended
    loss,               ///< IL, extended
    activation,         ///< IO, extended
    exploding_gradient, ///< EG
    dying_relu,         ///< DR
    vanishing_gradient, ///< VG
    slow_convergence,   ///< SC
    oscillating_loss,   ///< OL
    overfitting,        ///< known to the repair; never raised by the detection, as in the original
};

inline constexpr std::array<std::string_view, 9> symptom_names{
    "abnormal_data",
    "loss",
    "activation",
    "exploding_gradient",
    "dying_relu",
    "vanishing_gradient",
    "slow_convergence",
    "oscillating_loss",
    "overfitting"};

[[nodiscard]] constexpr std::string_view to_text(symptom s) noexcept {
    return symptom_names[static_cast<std::size_t>(s)];
}

enum class autotrainer_profile : std::uint8_t {
    icse,     ///< the paper's five symptoms
    extended, ///< the eight of the later code; the rules of the five differ too
};

struct autotrainer_rules {
    autotrainer_profile profile = autotrainer_profile::icse;
    std::int64_t interval = 3;
    double vanish_ratio = 1e-3;
    double vanish_norm = 1e-4;
    double explode_ratio = 70;
    double dead_share = 0.7;
    double slow_gain = 0.01;
    double swing = 0.03;
    double swing_share = 0.2;
    double low_accuracy = 0.7;
    double large_output = 10;
    double output_sum = 1;
    double judgement = 0.3;
    int seen = 1;
};

/// What the rules ask of a problem besides its training.
struct judged_problem {
    std::int64_t epochs = 1;
    std::int64_t outputs = 1;
    std::string loss{};
    std::string activation{}; ///< of the output
    bool has_accuracy = true; ///< the score is an accuracy
};

[[nodiscard]] inline judged_problem judged(const problem& p, bool has_accuracy) {
    const std::vector<outlined_layer> layers = outline(p.model);
    const inference shapes = infer_shapes(p.model);
    return {
        p.fit.epochs,
        shapes.why.empty() && !shapes.layers.empty() ? element_count(shapes.layers.back().output)
                                                     : 1,
        p.compile.loss.name,
        layers.empty() ? "linear" : layers.back().function,
        has_accuracy};
}

/// A verdict ends a training and starts the repair.
struct autotrainer_verdict {
    symptom what = symptom::slow_convergence;
    std::int64_t epoch = 0; ///< index of the check

    friend bool operator==(const autotrainer_verdict&, const autotrainer_verdict&) = default;
};

/// Of several, the one of the highest priority.
[[nodiscard]] inline symptom most_urgent(const std::vector<symptom>& all) noexcept {
    constexpr std::array<int, 9> priority{4, 3, 3, 2, 2, 2, 1, 1, 0};
    const auto rank = [&](symptom s) { return priority[static_cast<std::size_t>(s)]; };
    symptom best = all.front();
    for (const symptom s : all) {
        best = rank(s) > rank(best) ? s : best;
    }
    return best;
}

namespace detail {

/// The features at the checks of one training, in order. All but counters stay once they are set.
class autotrainer_monitor {
public:
    autotrainer_monitor(const autotrainer_rules& rules, const judged_problem& about)
        : rules_(rules)
        , about_(about) {}

    /// The verdict at a check after epoch `epoch`; `curve` ends with that epoch.
    [[nodiscard]] std::optional<symptom>
    at(std::int64_t epoch, const training_curve& curve, const training_check& check) {
        const bool extended = rules_.profile == autotrainer_profile::extended;
        const bool outputs = extended && takes_outputs(epoch);
        if (extended && !started_) {
            static_test();
        }
        started_ = true;
        gradients(check);
        if (outputs) {
            look_at_outputs(check);
        }
        history(epoch, curve);
        const std::vector<symptom> found = !extended ? icse_verdict()
                                           : outputs ? extended_verdict()
                                                     : std::vector<symptom>{};
        return found.empty() ? std::nullopt : std::optional(most_urgent(found));
    }

private:
    [[nodiscard]] bool takes_outputs(std::int64_t epoch) {
        if (abnormal_loss_ || nan_loss_ || stagnates_) {
            return true;
        }
        if (!half_ && 2 * epoch >= about_.epochs) {
            half_ = true;
            return true;
        }
        return false;
    }

    void static_test() {
        const bool binary = about_.loss.find("binary") != std::string::npos;
        const bool categorical = about_.loss.find("categorical") != std::string::npos;
        improper_loss_ = !((about_.outputs <= 2 && binary) || (about_.outputs > 2 && categorical));
        if (!improper_loss_) {
            bad_output_ = (binary && about_.activation != "sigmoid" && about_.outputs != 2) ||
                          (categorical && about_.activation != "softmax");
        }
    }

    void gradients(const training_check& check) {
        bad_weight_ = bad_weight_ || check.bad_weights > 0;
        if (check.bad_gradients > 0) {
            bad_gradient_ = true;
            return;
        }
        const kernel_norms norms = find_kernel_norms(check);
        if (norms.exist) {
            vanish_ += norms.ratio() < rules_.vanish_ratio && norms.first < rules_.vanish_norm;
            explode_ += norms.ratio() > rules_.explode_ratio;
        }
        died_ += check.zero_gradients >= rules_.dead_share;
    }

    void look_at_outputs(const training_check& check) {
        bad_output_ =
            bad_output_ || check.bad_outputs > 0 || check.output_size > rules_.output_sum + 0.1;
        for (std::size_t l = 0; l + 1 < check.layers.size(); ++l) {
            large_output_ = large_output_ ||
                            (!bad_output_ && check.layers[l].mean_absolute >= rules_.large_output);
        }
    }

    void history(std::int64_t epoch, const training_curve& curve) {
        const bool extended = rules_.profile == autotrainer_profile::extended;
        const auto n = static_cast<double>(epoch + 1);
        for (const epoch_record& e : curve) {
            for (const double loss : {e.train.loss, e.validation.loss}) {
                nan_loss_ = nan_loss_ || !std::isfinite(loss) || (extended && loss >= 1e3);
                abnormal_loss_ = abnormal_loss_ || (extended && loss < 0);
            }
        }
        nan_loss_ = nan_loss_ || (!extended && curve.back().validation.loss >= 1e5);
        const double from = rules_.judgement * static_cast<double>(about_.epochs) -
                            (extended ? static_cast<double>(rules_.interval) : 0.0);
        // The slack takes up the rounding of 0.3.
        if (nan_loss_ || n < from - 1e-9 || !about_.has_accuracy) {
            return;
        }
        std::vector<double> train;
        std::vector<double> validation;
        for (const epoch_record& e : curve) {
            train.push_back(e.train.metric);
            validation.push_back(e.validation.metric);
        }
        const auto is_low = [&](const std::vector<double>& scores) {
            return *std::max_element(scores.begin(), scores.end()) < rules_.low_accuracy;
        };
        unstable_ =
            unstable_ ||
            find_oscillation(train, rules_.swing).is_unstable(train.size(), rules_.swing_share);
        low_ = low_ || (extended ? is_low(validation) && is_low(train)
                                 : is_low(validation) || is_low(train));
        stagnates_ = stagnates_ || (largest_gain(validation) < rules_.slow_gain &&
                                    largest_gain(train) < rules_.slow_gain);
    }

    /// What the gradients say, the most urgent alone.
    [[nodiscard]] std::optional<symptom> of_gradients() const {
        if (died_ >= rules_.seen) {
            return symptom::dying_relu;
        }
        if (explode_ >= rules_.seen) {
            return symptom::exploding_gradient;
        }
        if (vanish_ >= rules_.seen) {
            return symptom::vanishing_gradient;
        }
        return std::nullopt;
    }

    [[nodiscard]] std::vector<symptom> icse_verdict() const {
        std::vector<symptom> found;
        if (nan_loss_ || bad_weight_ || bad_gradient_) {
            found.push_back(symptom::exploding_gradient);
        }
        if (low_ || stagnates_) {
            if (const auto seen = of_gradients()) {
                found.push_back(*seen);
            } else if (stagnates_) {
                found.push_back(symptom::slow_convergence);
            }
        } else if (unstable_) {
            found.push_back(symptom::oscillating_loss);
        }
        return found;
    }

    [[nodiscard]] std::vector<symptom> extended_verdict() const {
        std::vector<symptom> found;
        if (large_output_) {
            found.push_back(symptom::abnormal_data);
        }
        if (abnormal_loss_) {
            found.push_back(symptom::loss);
        } else if (nan_loss_) {
            if (bad_output_) {
                found.push_back(symptom::activation);
            } else if (bad_weight_ || bad_gradient_) {
                found.push_back(symptom::exploding_gradient);
            }
        }
        if (low_ || stagnates_) {
            if (bad_output_) {
                found.push_back(symptom::activation);
            } else if (const auto seen = of_gradients()) {
                found.push_back(*seen);
            } else if (low_ && stagnates_ && !large_output_) {
                found.push_back(symptom::slow_convergence);
            }
        }
        if (unstable_) {
            found.push_back(bad_output_ ? symptom::activation : symptom::oscillating_loss);
        }
        if (!bad_output_ && improper_loss_) {
            found.push_back(symptom::loss);
        }
        return found;
    }

    const autotrainer_rules& rules_;
    const judged_problem& about_;
    bool started_ = false;
    bool half_ = false; // the check at half of the epochs has been
    bool bad_gradient_ = false;
    bool bad_weight_ = false;
    bool nan_loss_ = false;
    bool abnormal_loss_ = false;
    bool unstable_ = false;
    bool low_ = false;
    bool stagnates_ = false;
    bool improper_loss_ = false;
    bool bad_output_ = false;   // act_out
    bool large_output_ = false; // abn_out
    int vanish_ = 0;
    int explode_ = 0;
    int died_ = 0;
};

} // namespace detail

/// The first verdict on a training that has come as far as `curve` and `checks` say, failed (`how`)
/// or not; nothing where there is none. Checks at other epochs than 0, interval, 2 interval, ...
/// are passed over; one that is missing ends the watching. Requires that there is a validation
/// part.
[[nodiscard]] inline std::optional<autotrainer_verdict> judge(
    const autotrainer_rules& rules,
    const judged_problem& about,
    const training_curve& curve,
    const training_checks& checks,
    status how = status::completed
) {
    detail::autotrainer_monitor monitor(rules, about);
    const bool failed = how == status::nan || how == status::diverged;
    training_curve history;
    std::size_t next = 0;
    const auto done = static_cast<std::int64_t>(curve.size());
    // A training that failed is watched for the two checks that see its NaN.
    const std::int64_t last_check =
        failed ? (done + rules.interval - 1) / rules.interval * rules.interval + rules.interval
               : done - 1;
    for (std::int64_t epoch = 0; epoch <= last_check; epoch += rules.interval) {
        while (static_cast<std::int64_t>(history.size()) <= epoch) {
            const std::size_t at = history.size();
            history.push_back(at < curve.size() ? curve[at] : epoch_record{});
        }
        training_check check{.epoch = epoch};
        if (epoch < done) {
            while (next < checks.at.size() && checks.at[next].epoch < epoch) {
                ++next;
            }
            if (next == checks.at.size() || checks.at[next].epoch != epoch) {
                return std::nullopt;
            }
            check = checks.at[next];
        } else {
            const bool weights = checks.failure && checks.failure->what == breakage::weights;
            check.bad_weights = weights ? 1 : 0;
            check.bad_gradients = 1;
            check.bad_outputs = !checks.failure || checks.failure->layer >= 0 ? 1 : 0;
        }
        if (const auto found = monitor.at(epoch, history, check)) {
            return autotrainer_verdict{*found, epoch};
        }
    }
    return std::nullopt;
}

} // namespace mend
