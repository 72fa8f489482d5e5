// SPDX-License-Identifier: MIT
/// The epoch loop: a problem, data and a seed in; weights, a curve and a status out.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/data/batch.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/sparse_batch.hpp>
#include <mend/data/split.hpp>
#include <mend/nn/loss.hpp>
#include <mend/nn/network.hpp>
#include <mend/nn/optimizer.hpp>
#include <mend/record/curve.hpp>
#include <mend/record/trial.hpp>
#include <mend/spec/problem.hpp>
#include <mend/train/build.hpp>
#include <mend/train/callbacks.hpp>
#include <mend/train/observer.hpp>
#include <mend/train/sample_weights.hpp>
#include <mend/train/score.hpp>
#include <mend/train/target.hpp>

namespace mend {

/// A loss above this many times the first one (or 1, if that is larger) counts as divergence, an
/// infinite one too. Far beyond any loss that a training has been seen to come back from.
inline constexpr double divergence_factor = 1e12;

/// Rows that are evaluated at once.
inline constexpr index evaluation_batch = 128;

struct train_options {
    std::uint64_t seed = 0;    ///< of weights, order and dropout
    bool test = false;         ///< `train` evaluates the test part too; no search may
    bool metrics = false;      ///< part_scores::metrics are wanted
    bool keep_weights = false; ///< `train` gives the weights that it ends with
    std::span<const tensor<float>> initial_weights{}; ///< instead of drawn ones, where given
};

/// One training, which can go on where it stopped: `run(5)` and then `run(10)` trains ten epochs
/// and gives the same weights as `run(10)` alone. After the first step nothing allocates.
class trainer {
public:
    /// Throws spec_error, with the JSON path, where problem and data cannot meet. `parts` must
    /// outlive the trainer.
    trainer(
        const problem& wanted,
        const dataset& data,
        const data_parts& parts,
        score_rule rule,
        const train_options& options = {}
    );

    trainer(
        const problem&, const dataset&, const data_parts&&, score_rule, const train_options& = {}
    ) = delete;

    /// Trains until `epochs` epochs are done in all, or something ends the training earlier: a
    /// callback of the fit (the status is still `completed`), an observer, a failure. It then stays
    /// as it is.
    template <training_observer... Observers>
    status run(std::int64_t epochs, Observers&... observers);

    /// Loss (penalties included) and score of a part, in inference mode.
    [[nodiscard]] part_scores evaluate(const data_part& part);

    /// What a pass through the network left on the trainer's tape.
    struct pass_result {
        variable output;
        variable data_loss;
        variable loss; ///< penalties included
    };

    /// Runs rows of the train part's table through the network as it stands, in inference mode,
    /// at most as many as a batch has. `recording().backward(result.loss)` then fills `into`, which
    /// is made by `net().make_gradients()`. Where `trace` is not empty it receives each layer's
    /// result. Changes nothing of the training. Valid until the next pass.
    pass_result
    forward(std::span<const index> rows, gradients<float>& into, std::span<variable> trace = {});

    [[nodiscard]] tape<float>& recording() noexcept { return tape_; }

    /// Rows of the train part in stored order.
    [[nodiscard]] std::span<const index> train_rows() const noexcept { return parts_.train.rows; }

    /// Rows of the batch of the step that is next, or in which the training failed.
    [[nodiscard]] std::span<const index> batch_rows() const noexcept {
        return order_[steps_ % order_.count()];
    }

    [[nodiscard]] index batch_size() const noexcept { return batch_size_; }

    [[nodiscard]] index steps_per_epoch() const noexcept { return order_.count(); }

    /// Limits gradients as the optimizer does before an update.
    void clip(gradients<float>& slopes) const { optimizer_.clip(net_, slopes); }

    [[nodiscard]] status state() const noexcept { return state_; }

    [[nodiscard]] const training_curve& curve() const noexcept { return curve_; }

    /// The record of the epoch whose weights the network holds: the last one, unless a callback has
    /// put back the best. Requires a finished epoch.
    [[nodiscard]] const epoch_record& held() const noexcept { return curve_[callbacks_.held()]; }

    /// Updates done.
    [[nodiscard]] std::int64_t steps() const noexcept { return steps_; }

    /// Samples seen in updates.
    [[nodiscard]] std::int64_t samples_seen() const noexcept { return samples_seen_; }

    /// Memory held, about: weights, gradients, the optimizer's state and activations.
    [[nodiscard]] std::size_t bytes() const noexcept {
        constexpr std::size_t most_copies = 5; // weights, gradients and at most three slots
        return net_.values().size_bytes() * most_copies + tape_.capacity();
    }

    [[nodiscard]] const network<float>& net() const noexcept { return net_; }

    /// To set weights before the first step.
    [[nodiscard]] network<float>& net() noexcept { return net_; }

private:
    /// Features and answers of the batch at hand, in buffers that are made once.
    struct batch_buffers {
        tensor<float> features;
        sparse_batch bags; ///< in place of features, where the network takes sparse rows
        tensor<float> targets;
        std::vector<int> labels;
    };

    /// Makes the buffers fit batches of a table.
    void make_room(const samples& table);

    /// Gathers some rows and their answers.
    [[nodiscard]] input_batch<float>
    gather(const samples& from, std::span<const index> rows, bool training);

    [[nodiscard]] bool goes_sparse(const samples& from) const noexcept {
        return from.is_sparse() && net_.takes_sparse();
    }

    [[nodiscard]] target_batch<float> wanted(index rows) const;

    /// The loss of a batch, sample weights included, penalties not.
    [[nodiscard]] variable batch_loss(variable output, index rows);

    void add_score(score_sums& sums, tensor_view<const float> output) const;

    template <class... Observers>
    [[nodiscard]] status run_epoch(Observers&... observers);

    /// The updates of an epoch; adds up loss and score.
    template <class... Observers>
    [[nodiscard]] status run_steps(double& loss_total, Observers&... observers);

    [[nodiscard]] status judge(double loss);

    /// Rows that the buffers have room for; a batch of more than there are is all of them.
    [[nodiscard]] index largest_batch() const noexcept {
        return std::max(std::min<index>(batch_size_, parts_.train.size()), evaluation_batch);
    }

    const data_parts& parts_;
    std::int64_t batch_size_;
    bool shuffle_;
    train_options options_;
    network<float> net_;
    loss_options loss_;
    target_encoding encoding_;
    optimizer<float> optimizer_;
    gradients<float> slopes_;
    tape<float> tape_;
    batches order_;
    batch_buffers buffers_;
    sample_weights weights_;
    std::span<const float> batch_weights_; ///< of the batch at hand
    callbacks callbacks_;
    score_sums train_sums_;
    score_sums part_sums_;
    bool finished_ = false; ///< a callback has ended the training
    training_curve curve_;
    status state_ = status::completed;
    std::int64_t steps_ = 0;
    std::int64_t samples_seen_ = 0;
    double first_loss_ = 0;
};

/// What a finished training leaves.
struct training {
    mend::status status = mend::status::completed;
    training_curve curve;
    part_scores train;      ///< of the last epoch, as Keras reports it: means over its batches
    part_scores validation; ///< NaN where there is no such part
    part_scores test;       ///< NaN unless asked for
    std::int64_t epochs = 0;
    std::int64_t steps = 0;
    std::int64_t samples = 0;           ///< seen in updates
    double seconds = 0;                 ///< in updates and validation
    std::vector<tensor<float>> weights; ///< as Keras' get_weights(), where wanted
};

namespace detail {

inline tensor<float> gather_rows(const data_part& part) {
    tensor<float> rows(part.source->sample.batch(part.size()));
    gather_features(*part.source, part.rows, rows.view());
    return rows;
}

} // namespace detail

inline trainer::trainer(
    const problem& wanted,
    const dataset& data,
    const data_parts& parts,
    score_rule rule,
    const train_options& options
)
    : parts_(parts)
    , batch_size_(wanted.fit.batch_size)
    , shuffle_(wanted.fit.shuffle)
    , options_(options)
    , net_(build_network(wanted, data))
    , loss_(build_loss(wanted))
    , encoding_(build_targets(wanted, net_.output(), data))
    , optimizer_(build_optimizer(wanted), net_)
    , slopes_(net_.make_gradients())
    , order_(parts.train, wanted.fit.batch_size)
    , weights_(wanted, data)
    , callbacks_(wanted, !parts.validation.empty())
    , train_sums_(rule)
    , part_sums_(rule) {
    warn_if_not_optimised();
    net_.initialise(options.seed);
    if (net_.adapts()) {
        tensor<float> rows = detail::gather_rows(parts.train);
        net_.adapt(rows.view().reshaped(net_.input().batch(rows.rows())));
    }
    if (!options.initial_weights.empty()) {
        net_.weights(options.initial_weights);
    }
    const index largest = largest_batch();
    const samples& table = *parts.train.source;
    make_room(table);
    if (goes_sparse(table)) {
        // A batch with as many entries as there are rows of the kernel touches two thirds of them
        // at most; beyond that, postponing saves too little.
        const auto entries = static_cast<index>(table.sparse.columns.size());
        slopes_.keeps_factors = batch_size_ * entries <= table.rows() * table.sample.size() &&
                                optimizer_.postpone(net_);
    }
    buffers_.labels.resize(static_cast<std::size_t>(largest));
    weights_.reserve(largest);
    if (options.metrics || callbacks_.reads_metrics()) {
        train_sums_.add_metrics(wanted.compile.metrics);
    }
    part_sums_ = train_sums_;
    if (encoding_ != target_encoding::labels) {
        buffers_.targets.resize(shape{largest, net_.output().size()});
    }
}

inline void trainer::make_room(const samples& table) {
    const index largest = largest_batch();
    if (goes_sparse(table)) {
        buffers_.bags.reserve(table, largest);
    } else {
        buffers_.features.resize(net_.input().batch(largest));
    }
}

inline input_batch<float>
trainer::gather(const samples& from, std::span<const index> rows, bool training) {
    const auto count = static_cast<index>(rows.size());
    if (!from.labels.empty()) {
        gather_labels(from, rows, std::span(buffers_.labels).first(rows.size()));
    }
    if (encoding_ == target_encoding::column) {
        for (index r = 0; r < count; ++r) {
            buffers_.targets[r] = static_cast<float>(buffers_.labels[static_cast<std::size_t>(r)]);
        }
    } else if (encoding_ != target_encoding::labels) {
        gather_targets(from, rows, buffers_.targets.view().slice(0, count));
    }
    batch_weights_ =
        weights_.gather(from, rows, buffers_.labels, buffers_.targets.view(), training);
    if (goes_sparse(from)) {
        return buffers_.bags.gather(from, rows);
    }
    const tensor_view<float> features = buffers_.features.view().slice(0, count);
    gather_features(from, rows, features);
    return features;
}

inline variable trainer::batch_loss(variable output, index rows) {
    return loss<float>(tape_, output, loss_, wanted(rows), batch_weights_);
}

inline target_batch<float> trainer::wanted(index rows) const {
    if (encoding_ == target_encoding::labels) {
        return {.labels = std::span(buffers_.labels).first(static_cast<std::size_t>(rows))};
    }
    return {.dense = buffers_.targets.view().slice(0, rows)};
}

inline void trainer::add_score(score_sums& sums, tensor_view<const float> output) const {
    const index rows = output.rows();
    if (encoding_ == target_encoding::targets) {
        sums.add(output, buffers_.targets.view().slice(0, rows));
    } else {
        sums.add(output, std::span(buffers_.labels).first(static_cast<std::size_t>(rows)));
    }
}

inline part_scores trainer::evaluate(const data_part& part) {
    if (part.empty()) {
        return {};
    }
    make_room(*part.source);
    part_sums_.clear();
    double loss_total = 0;
    for (index first = 0; first < part.size(); first += evaluation_batch) {
        const index count = std::min(evaluation_batch, part.size() - first);
        const input_batch<float> x = gather(
            *part.source,
            std::span(part.rows).subspan(
                static_cast<std::size_t>(first), static_cast<std::size_t>(count)
            ),
            false
        );
        tape_.rewind();
        const variable output = net_.forward(tape_, x, {.penalties = true});
        const variable total = with_penalties(tape_, batch_loss(output, count));
        loss_total += static_cast<double>(*tape_.data(total)) * static_cast<double>(count);
        add_score(part_sums_, tape_.value(output));
    }
    return part_sums_.scores(loss_total / static_cast<double>(part.size()));
}

inline trainer::pass_result
trainer::forward(std::span<const index> rows, gradients<float>& into, std::span<variable> trace) {
    const auto count = static_cast<index>(rows.size());
    const input_batch<float> x = gather(order_.source(), rows, true);
    tape_.rewind();
    pass_result made;
    made.output = net_.forward(tape_, x, {.penalties = true}, &into, trace);
    made.data_loss = batch_loss(made.output, count);
    made.loss = with_penalties(tape_, made.data_loss);
    return made;
}

inline status trainer::judge(double loss) {
    if (std::isnan(loss)) {
        return status::nan;
    }
    first_loss_ = steps_ == 0 ? std::max(1.0, std::abs(loss)) : first_loss_;
    if (std::isinf(loss) || std::abs(loss) > divergence_factor * first_loss_) {
        return status::diverged;
    }
    return status::completed;
}

template <class... Observers>
status trainer::run_steps(double& loss_total, Observers&... observers) {
    for (index number = 0; number < order_.count(); ++number) {
        const std::span<const index> rows = order_[number];
        const auto count = static_cast<index>(rows.size());
        const input_batch<float> x = gather(order_.source(), rows, true);
        tape_.rewind();
        if (x.sparse != nullptr) {
            optimizer_.catch_up(net_, *x.sparse);
        }
        const variable output = net_.forward(
            tape_,
            x,
            {.training = true, .seed = options_.seed, .step = static_cast<std::uint64_t>(steps_)},
            &slopes_
        );
        const variable total = with_penalties(tape_, batch_loss(output, count));
        const double value = *tape_.data(total);
        add_score(train_sums_, tape_.value(output));
        if (const status now = judge(value); now != status::completed) {
            return now;
        }
        tape_.backward(total);
        bool stop = false;
        [[maybe_unused]] const step_view seen{
            steps_, value, net_, slopes_, optimizer_, tape_.value(output)};
        ((stop = detail::tell_step(observers, seen) || stop), ...);
        optimizer_.step(net_, slopes_);
        net_.apply_updates(tape_);
        ++steps_;
        samples_seen_ += count;
        loss_total += value * static_cast<double>(count);
        if (stop) {
            return status::stopped;
        }
    }
    return status::completed;
}

template <class... Observers>
status trainer::run_epoch(Observers&... observers) {
    if (shuffle_) {
        order_.shuffle(options_.seed, curve_.size());
    }
    train_sums_.clear();
    double loss_total = 0;
    const status now = run_steps(loss_total, observers...);
    optimizer_.settle(net_);
    if (now != status::completed) {
        return now;
    }
    const epoch_record done{
        train_sums_.scores(loss_total / static_cast<double>(parts_.train.size())),
        evaluate(parts_.validation)};
    curve_.push_back(done);
    finished_ = callbacks_.after_epoch(curve_, net_, optimizer_);
    bool stop = false;
    ((stop = detail::tell_epoch(observers, done) || stop), ...);
    callbacks_.restore(net_); // observers saw the epoch's own weights
    return stop ? status::stopped : status::completed;
}

template <training_observer... Observers>
status trainer::run(std::int64_t epochs, Observers&... observers) {
    (detail::tell_begin(observers, *this), ...);
    while (state_ == status::completed && !finished_ &&
           static_cast<std::int64_t>(curve_.size()) < epochs) {
        state_ = run_epoch(observers...);
    }
    (detail::tell_end(observers, state_), ...);
    return state_;
}

/// Trains a problem over all its epochs and evaluates it.
template <training_observer... Observers>
[[nodiscard]] training train(
    const problem& wanted,
    const dataset& data,
    const data_parts& parts,
    score_rule rule,
    const train_options& options = {},
    Observers&... observers
) {
    const auto start = std::chrono::steady_clock::now();
    trainer run(wanted, data, parts, rule, options);
    training done;
    done.status = run.run(wanted.fit.epochs, observers...);
    done.curve = run.curve();
    if (done.status == status::completed) {
        done.train = run.held().train;
        done.validation = run.held().validation;
    } else if (done.status != status::stopped) {
        done.validation = run.evaluate(parts.validation);
    }
    done.epochs = static_cast<std::int64_t>(done.curve.size());
    done.steps = run.steps();
    done.samples = run.samples_seen();
    done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (options.keep_weights) {
        done.weights = std::as_const(run).net().weights();
    }
    if (options.test && done.status != status::stopped) {
        done.test = run.evaluate(parts.test);
    }
    return done;
}

} // namespace mend
