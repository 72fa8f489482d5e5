// SPDX-License-Identifier: MIT
/// Trains a problem and its mutants over many seeds and keeps the scores.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/eval/judge.hpp>
#include <mend/eval/mutation_score.hpp>
#include <mend/fault/mutation.hpp>
#include <mend/fault/operators.hpp>
#include <mend/repair/runs.hpp>
#include <mend/spec/problem.hpp>
#include <mend/study/parallel.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

struct mutant_run_options {
    std::size_t runs = 20; ///< trainings of the original and of each mutant; at least 2
    std::uint64_t seed = 0;
    int jobs = 1;          ///< trainings at a time; changes no result
    bool on_train = false; ///< scores on the train part, too
    bool inputs = false;   ///< which inputs of the train part each run predicts right, too
    killing_rule rule{};
    const std::atomic<bool>* interrupted = nullptr;
    std::function<void(const std::string& what)> progress{}; ///< after each configuration
};

/// Scores of the runs of one configuration, in the order of their seeds.
struct mutant_scores {
    std::vector<double> train; ///< of the original's train part; empty unless asked for
    std::vector<double> test;
    correct_table correct; ///< of the original's train part; empty unless asked for
    std::string refused;   ///< why nothing could be trained; else empty
};

/// Which rows of a part a trained network predicts right. Requires accuracy as its score.
[[nodiscard]] inline std::vector<bool> correct_inputs(trainer& trained, const data_part& part) {
    std::vector<bool> correct;
    data_part one(part.source, {0});
    for (const index row : part.rows) {
        one.rows[0] = row;
        correct.push_back(trained.evaluate(one).metric > 0.5);
    }
    return correct;
}

/// What operators have to know of the data that a problem is trained on. Throws data_error where
/// they cannot be split.
[[nodiscard]] inline mutation_facts
mutation_facts_of(const problem& original, const dataset& data) {
    return {.train_rows = split(data, original.fit.validation_split).train.size()};
}

/// Thrown where mutant_run_options::interrupted became true.
struct mutant_run_interrupted {};

/// Trains each configuration once, however often it is asked for. Run r of a configuration has a
/// seed made from both, so that samples are independent and do not depend on what else was trained;
/// a data operator draws anew in each run. Train and test part are those of `mend train`.
class mutant_runs {
public:
    /// Throws spec_error where the original cannot be trained on the data.
    mutant_runs(problem original, dataset data, const mutant_run_options& options)
        : original_(std::move(original))
        , data_(std::move(data))
        , score_(resolve_score(original_.compile.metrics, data_))
        , options_(options) {
        MEND_EXPECTS(options.runs > 1, "two runs at least");
        if (options.inputs && score_.kind != score_kind::accuracy) {
            throw usage_error("--inputs", "needs accuracy as the score: what is right elsewhere?");
        }
        static_cast<void>(scores_of({})); // bad input is to be said first
    }

    [[nodiscard]] score_rule score() const noexcept { return score_; }

    /// Whether each run is scored on the train part, too.
    [[nodiscard]] bool on_train() const noexcept { return options_.on_train; }

    [[nodiscard]] const mutant_scores& original() const { return done_.at(std::string()); }

    /// Of a complete mutation. An unbuildable mutant is one with `refused`.
    const mutant_scores& operator()(const mutation& m) { return scores_of(m); }

    /// The verdict on a complete mutation by the test part or the train part; none where it could
    /// not be trained.
    std::optional<killing> judge(const mutation& m, bool on_train = false) {
        const mutant_scores& found = scores_of(m);
        if (!found.refused.empty()) {
            return std::nullopt;
        }
        return on_train ? judge_killing(original().train, found.train, score_, options_.rule)
                        : judge_killing(original().test, found.test, score_, options_.rule);
    }

    /// Trainings done so far.
    [[nodiscard]] std::size_t trainings() const noexcept { return trainings_; }

private:
    const mutant_scores& scores_of(const mutation& m) {
        const std::string name = to_text(m);
        const auto known = done_.find(name);
        if (known != done_.end()) {
            return known->second;
        }
        mutant_scores made;
        try {
            made = train(m, name);
        } catch (const error& why) {
            if (m.code.empty()) {
                throw;
            }
            made = {};
            made.refused = why.what();
        }
        if (options_.interrupted != nullptr && *options_.interrupted) {
            throw mutant_run_interrupted{};
        }
        if (options_.progress) {
            options_.progress(name.empty() ? "original" : name);
        }
        return done_.emplace(name, std::move(made)).first->second;
    }

    /// FNV-1a: the same number for the same name everywhere.
    [[nodiscard]] static std::uint64_t hash(std::string_view name) noexcept {
        std::uint64_t h = 0xCBF29CE484222325U;
        for (const char c : name) {
            h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
        }
        return h;
    }

    [[nodiscard]] mutant_scores train(const mutation& m, const std::string& name) {
        const bool data_changes = !m.code.empty() && find_operator(m.code).changes_data();
        const problem trained = m.code.empty() || data_changes ? original_ : inject(original_, m);
        const data_parts parts = split(data_, trained.fit.validation_split);
        const data_parts evaluated = split(data_, original_.fit.validation_split);
        const std::uint64_t base = derived_seed(options_.seed, purpose::mutation, hash(name));
        mutant_scores scores;
        scores.test.resize(options_.runs);
        scores.train.resize(options_.on_train ? options_.runs : 0);
        scores.correct.resize(options_.inputs ? options_.runs : 0);
        for_each_parallel(options_.jobs, options_.runs, [&](std::size_t r) {
            const std::uint64_t seed = derived_seed(base, purpose::trial, r);
            data_parts mine = parts;
            if (data_changes) {
                mutation drawn = m;
                drawn.seed = seed;
                mine.train = alter(parts.train, data_.classes, drawn);
            }
            if (trained.fit.callbacks.empty()) { // else they may look at it
                mine.validation = data_part(mine.validation.source, {});
            }
            trainer run(trained, data_, mine, score_, {.seed = seed});
            detail::stop_when_set watch{options_.interrupted};
            if (run.run(trained.fit.epochs, watch) == status::stopped) {
                return;
            }
            scores.test[r] = run.evaluate(evaluated.test).metric;
            if (options_.on_train) {
                scores.train[r] = run.evaluate(evaluated.train).metric;
            }
            if (options_.inputs) {
                scores.correct[r] = correct_inputs(run, evaluated.train);
            }
        });
        trainings_ += options_.runs;
        return scores;
    }

    problem original_;
    dataset data_;
    score_rule score_;
    mutant_run_options options_;
    std::map<std::string, mutant_scores> done_; ///< by the text of the mutation
    std::size_t trainings_ = 0;
};

} // namespace mend
