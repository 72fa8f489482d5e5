// SPDX-License-Identifier: MIT
/// An observer that looks into a training now and then: gradients, weights, units, outputs.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <mend/nn/network.hpp>
#include <mend/record/check.hpp>
#include <mend/record/curve.hpp>
#include <mend/record/trial.hpp>
#include <mend/spec/outline.hpp>
#include <mend/spec/problem.hpp>
#include <mend/train/observer.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

struct probe_options {
    /// A check after epochs 0, interval, 2 interval, ...; AutoTrainer's default.
    std::int64_t interval = 3;
    bool start = true; ///< a check before the first step too
};

/// Looks on at one training. A check runs the first batch_size rows of the train part, in stored
/// order, through the network in inference mode and back: about one step's work, so that a check
/// every third epoch of 12 steps or more costs less than 3 % of the training. The training stays
/// as it is, bit for bit. Steps allocate nothing.
///
///     probe watch(wanted);
///     run.run(10, watch);
///     const training_checks& seen = watch.seen();
class probe {
public:
    explicit probe(const problem& wanted, const probe_options& options = {});

    void on_begin(trainer& run);

    void on_step(const step_view& step);

    void on_epoch(const epoch_record&);

    void on_end(status how);

    [[nodiscard]] const training_checks& seen() const noexcept { return seen_; }

private:
    /// What a layer's outputs can be asked.
    struct layer_rule {
        bool has_units = false; ///< with weights or an activation: units may be dead
        bool bounded = false;   ///< hidden and saturating, within low .. high
        float low = 0;
        float high = 0;
    };

    static layer_rule rule_of(const layer_spec& layer, bool is_last);

    [[nodiscard]] training_check look(std::int64_t epoch);
    void look_at_outputs(training_check& check, tensor_view<const float> output) const;
    void look_at_layer(layer_check& check, const layer_rule& rule, tensor_view<const float> output);
    void look_at_weights(training_check& check) const;
    [[nodiscard]] failure_point locate();

    probe_options options_;
    std::vector<layer_rule> rules_;
    trainer* run_ = nullptr;
    training_checks seen_;
    gradients<float> slopes_;
    std::vector<variable> trace_;
    std::vector<float> before_; // weights before the update whose size is measured
    bool copied_ = false;       // before_ is of the last update
    std::vector<std::uint8_t> alive_;
};

namespace detail {

/// Sums over numbers, in lanes that the compiler keeps in vector registers.
struct moment_sums {
    double sum = 0;
    double absolute = 0;
    double square = 0;

    void add(const float* numbers, index count) noexcept {
        constexpr index lanes = 16;
        constexpr index block = 4096; // floats sum so many without losing digits that matter
        for (index first = 0; first < count; first += block) {
            const index end = std::min(first + block, count);
            std::array<float, lanes> a{};
            std::array<float, lanes> b{};
            std::array<float, lanes> c{};
            index i = first;
            for (; i + lanes <= end; i += lanes) {
                for (index k = 0; k < lanes; ++k) {
                    const float v = numbers[i + k];
                    const auto at = static_cast<std::size_t>(k);
                    a[at] += v;
                    b[at] += std::abs(v);
                    c[at] += v * v;
                }
            }
            for (; i < end; ++i) {
                a[0] += numbers[i];
                b[0] += std::abs(numbers[i]);
                c[0] += numbers[i] * numbers[i];
            }
            for (std::size_t k = 0; k < static_cast<std::size_t>(lanes); ++k) {
                sum += static_cast<double>(a[k]);
                absolute += static_cast<double>(b[k]);
                square += static_cast<double>(c[k]);
            }
        }
    }
};

[[nodiscard]] inline double square_sum(std::span<const float> numbers) noexcept {
    double sum = 0;
    for (const float v : numbers) {
        sum += static_cast<double>(v) * static_cast<double>(v);
    }
    return sum;
}

[[nodiscard]] inline index count_bad(std::span<const float> numbers) noexcept {
    return std::count_if(numbers.begin(), numbers.end(), [](float v) { return !std::isfinite(v); });
}

} // namespace detail

inline probe::probe(const problem& wanted, const probe_options& options)
    : options_(options) {
    MEND_EXPECTS(options.interval > 0, "checks are some epochs apart");
    const std::vector<layer_spec>& layers = wanted.model.layers;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        rules_.push_back(rule_of(layers[l], l + 1 == layers.size()));
    }
}

inline probe::layer_rule probe::rule_of(const layer_spec& layer, bool is_last) {
    const std::string name = activation_of(layer);
    layer_rule rule;
    rule.has_units = !name.empty();
    if (name == "sigmoid" || name == "hard_sigmoid") {
        rule.bounded = !is_last;
        rule.high = 1;
    } else if (name == "tanh" || name == "softsign") {
        rule.bounded = !is_last;
        rule.low = -1;
        rule.high = 1;
    }
    return rule;
}

inline void probe::on_begin(trainer& run) {
    const network<float>& net = run.net();
    MEND_EXPECTS(
        static_cast<std::size_t>(net.layer_count()) == rules_.size(),
        "the probe is for the problem that is trained"
    );
    if (run_ != &run) {
        run_ = &run;
        slopes_ = net.make_gradients();
        trace_.resize(rules_.size());
        before_.resize(static_cast<std::size_t>(net.trainable_size()));
        index units = 0;
        for (const shape& output : net.layer_outputs()) {
            units = std::max(units, output.rank() == 0 ? 1 : output[output.rank() - 1]);
        }
        alive_.resize(static_cast<std::size_t>(units));
    }
    if (options_.start && run.steps() == 0 && seen_.at.empty()) {
        seen_.at.push_back(look(training_check::start));
    }
}

inline void probe::on_step(const step_view& step) {
    const index per_epoch = run_->steps_per_epoch();
    const index epoch = step.step / per_epoch;
    if (step.step % per_epoch + 1 == per_epoch && epoch % options_.interval == 0) {
        step.copy_weights(before_);
        copied_ = true;
    }
}

inline void probe::on_epoch(const epoch_record&) {
    const auto epoch = static_cast<std::int64_t>(run_->curve().size()) - 1;
    if (epoch % options_.interval == 0) {
        seen_.at.push_back(look(epoch));
    }
    copied_ = false;
}

inline void probe::on_end(status how) {
    if ((how == status::nan || how == status::diverged) && !seen_.failure) {
        seen_.failure = locate();
    }
}

inline training_check probe::look(std::int64_t epoch) {
    const network<float>& net = run_->net();
    const std::span<const index> rows = run_->train_rows();
    const auto count = std::min(rows.size(), static_cast<std::size_t>(run_->batch_size()));
    const trainer::pass_result pass = run_->forward(rows.first(count), slopes_, trace_);
    tape<float>& tape = run_->recording();
    training_check check;
    check.epoch = epoch;
    check.loss = static_cast<double>(*tape.data(pass.loss));
    check.penalty = check.loss - static_cast<double>(*tape.data(pass.data_loss));
    check.layers.resize(rules_.size());
    look_at_outputs(check, tape.value(pass.output));
    for (std::size_t l = 0; l < rules_.size(); ++l) {
        look_at_layer(check.layers[l], rules_[l], tape.value(trace_[l]));
    }
    tape.backward(pass.loss);
    check.bad_gradients = static_cast<double>(detail::count_bad(slopes_.numbers.flat()));
    for (const parameter_info& p : net.parameters()) { // what lies between them may be anything
        check.bad_weights += static_cast<double>(detail::count_bad(net.value(p).flat()));
    }
    run_->clip(slopes_);
    look_at_weights(check);
    return check;
}

inline void probe::look_at_outputs(training_check& check, tensor_view<const float> output) const {
    const index width = output.row_size();
    check.output_size = 0;
    check.output_low = std::numeric_limits<double>::infinity();
    check.output_high = -check.output_low;
    for (index r = 0; r < output.rows(); ++r) {
        double sum = 0;
        for (index j = 0; j < width; ++j) {
            const auto v = static_cast<double>(output.data()[r * width + j]);
            sum += std::abs(v);
            check.output_low = std::min(check.output_low, v);
            check.output_high = std::max(check.output_high, v);
        }
        if (std::isfinite(sum)) {
            check.output_size = std::max(check.output_size, sum);
        } else {
            ++check.bad_outputs;
        }
    }
    check.output_spread = 0;
    for (index j = 0; j < width; ++j) {
        double mean = 0;
        double square = 0; // Welford's sums: large outputs that are all alike have spread 0
        for (index r = 0; r < output.rows(); ++r) {
            const double away = static_cast<double>(output.data()[r * width + j]) - mean;
            mean += away / static_cast<double>(r + 1);
            square += away * away * static_cast<double>(r) / static_cast<double>(r + 1);
        }
        const double deviation = std::sqrt(square / static_cast<double>(output.rows()));
        check.output_spread = std::max(check.output_spread, deviation);
    }
}

inline void
probe::look_at_layer(layer_check& check, const layer_rule& rule, tensor_view<const float> output) {
    const index size = output.size();
    const auto count = static_cast<double>(size);
    const float* const data = output.data();
    detail::moment_sums sums;
    sums.add(data, size);
    check.mean = sums.sum / count;
    check.variance = std::max(sums.square / count - check.mean * check.mean, 0.0);
    check.mean_absolute = sums.absolute / count;
    const shape& extents = output.extents();
    const index units = extents[extents.rank() - 1];
    if (rule.has_units) {
        std::fill_n(alive_.begin(), units, std::uint8_t{0});
        for (index first = 0; first < size; first += units) {
            for (index u = 0; u < units; ++u) {
                alive_[static_cast<std::size_t>(u)] |= data[first + u] != 0.0F;
            }
        }
        check.dead_units =
            static_cast<double>(std::count(alive_.begin(), alive_.begin() + units, std::uint8_t{0})
            ) /
            static_cast<double>(units);
    }
    if (rule.bounded) {
        const float margin = 0.025F * (rule.high - rule.low);
        const float low = rule.low + margin;
        const float high = rule.high - margin;
        index saturated = 0;
        for (index i = 0; i < size; ++i) {
            saturated += data[i] < low || data[i] > high;
        }
        check.saturated_units = static_cast<double>(saturated) / count;
    }
}

inline void probe::look_at_weights(training_check& check) const {
    const network<float>& net = run_->net();
    index zeros = 0;
    index entries = 0;

    struct norms {
        double gradient = 0;
        double kernel = 0;
        double weight = 0;
        double before = 0;
        double change = 0;
        bool learns = false;
        bool has_kernel = false;
    };

    std::vector<norms> sums(check.layers.size());
    for (const parameter_info& p : net.parameters()) {
        if (!p.trainable) {
            continue;
        }
        norms& sum = sums[static_cast<std::size_t>(p.layer)];
        const std::span<const float> slope = slopes_.of(p).flat();
        const std::span<const float> weight = net.value(p).flat();
        const double square = detail::square_sum(slope);
        sum.learns = true;
        sum.gradient += square;
        if (p.extents.rank() != 1) {
            sum.has_kernel = true;
            sum.kernel += square;
        }
        sum.weight += detail::square_sum(weight);
        zeros += std::count(slope.begin(), slope.end(), 0.0F);
        entries += static_cast<index>(slope.size());
        for (std::size_t i = 0; copied_ && i < weight.size(); ++i) {
            const auto old = static_cast<double>(before_[static_cast<std::size_t>(p.offset) + i]);
            const double change = static_cast<double>(weight[i]) - old;
            sum.before += old * old;
            sum.change += change * change;
        }
    }
    check.zero_gradients =
        entries > 0 ? static_cast<double>(zeros) / static_cast<double>(entries) : 1;
    for (std::size_t l = 0; l < sums.size(); ++l) {
        if (sums[l].learns) {
            check.layers[l].gradient = std::sqrt(sums[l].gradient);
            check.layers[l].weight = std::sqrt(sums[l].weight);
        }
        if (sums[l].has_kernel) {
            check.layers[l].kernel_gradient = std::sqrt(sums[l].kernel);
        }
        if (copied_ && sums[l].before > 0) {
            check.layers[l].update_ratio = std::sqrt(sums[l].change / sums[l].before);
        }
    }
}

/// Looks for the first NaN or infinity with the weights and the batch at which the loss broke.
inline failure_point probe::locate() {
    const network<float>& net = run_->net();
    failure_point found;
    found.step = run_->steps();
    found.epoch = found.step / run_->steps_per_epoch();
    for (const parameter_info& p : net.parameters()) {
        if (detail::count_bad(net.value(p).flat()) > 0) {
            found.what = breakage::weights;
            found.layer = p.layer;
            return found;
        }
    }
    static_cast<void>(run_->forward(run_->batch_rows(), slopes_, trace_));
    for (std::size_t l = 0; l < trace_.size(); ++l) {
        if (detail::count_bad(run_->recording().value(trace_[l]).flat()) > 0) {
            found.what = breakage::outputs;
            found.layer = static_cast<index>(l);
            return found;
        }
    }
    return found;
}

} // namespace mend
