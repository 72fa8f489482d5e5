// SPDX-License-Identifier: MIT
/// Genetic search, policy by policy, for one objective or several.
///
/// A population, best first in the order of NSGA-II (Deb, Pratap, Agarwal, Meyarivan, IEEE TEVC
/// 2002), of one objective by value; parents chosen, crossed and mutated by policies. By
/// generations as many children as the population are made and told, then the best of them and of
/// the `elite` best parents live on; in the steady state every child joins as soon as it is told,
/// and the worst leaves (Whitley: GENITOR, 1989).
///
/// | option         | default      | source |
/// |----------------|--------------|--------|
/// | population     | 8            | ours, for budgets of tens of trials; NSGA-II: 100 |
/// | elite          | all          | NSGA-II: parents and children compete |
/// | crossover_rate | 0.9          | NSGA-II |
/// | replacement    | steady_state | ours: of tens of trials generations are few |
/// | selection      | tournament   | of four; NSGA-II: of two |
/// | crossover      | uniform      | SBX with eta 15 as NSGA-II is the other |
/// | mutation       | by kind      | one value in the mean, as NSGA-II; polynomial is the other |
/// | width          | 1            | steady state; a generation is open at once |
///
/// The first population are the known points, then Sobol's sequence. Failed trials, NaN and
/// infinite values are the worst of all and leave first; low fidelities rank behind high ones.
/// Children are new points as long as some tries find one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/crossover.hpp>
#include <mend/search/history.hpp>
#include <mend/search/mutation.hpp>
#include <mend/search/searcher.hpp>
#include <mend/search/selection.hpp>
#include <mend/search/sobol.hpp>
#include <mend/space/neighbours.hpp>
#include <mend/space/space.hpp>

namespace mend {

enum class replacement : std::uint8_t { generational, steady_state };

template <
    parent_selection Selection = tournament_selection,
    gene_crossover Crossover = uniform_crossover,
    gene_mutation Mutation = kind_mutation>
struct genetic_options {
    static constexpr int all = std::numeric_limits<int>::max();

    std::optional<std::uint64_t> seed{}; ///< instead of the study's
    int population = 8;                  ///< at least 2
    int elite = all;                     ///< parents that may live on; generational
    double crossover_rate = 0.9;
    mend::replacement replacement = mend::replacement::steady_state;
    Selection selection{};
    Crossover crossover{};
    Mutation mutation{};
    int width = 1; ///< proposals that may be open; steady state
};

/// `genetic{}`, `genetic{{.population = 20}}`, `genetic<truncation_selection>{{.elite = 2}}`.
template <
    parent_selection Selection = tournament_selection,
    gene_crossover Crossover = uniform_crossover,
    gene_mutation Mutation = kind_mutation>
class genetic {
public:
    using options_type = genetic_options<Selection, Crossover, Mutation>;

    genetic() = default;

    explicit genetic(genetic_options<Selection, Crossover, Mutation> options)
        : options_(std::move(options)) {
        MEND_EXPECTS(options_.population > 1, "a population has two parents");
        MEND_EXPECTS(options_.elite >= 0, "a number of parents");
        MEND_EXPECTS(options_.width > 0, "at least one proposal may be open");
    }

    void start(const space& over, std::uint64_t seed) {
        const std::uint64_t own = options_.seed.value_or(seed);
        ids_.start(over, own);
        first_ = sobol_points(over, own);
        population_.clear();
        children_.clear();
        seen_.clear();
    }

    void suggest(const std::vector<point>& known) { ids_.suggest(known); }

    [[nodiscard]] std::optional<proposal> ask() {
        if (is_generational() && ids_.open() >= left()) {
            return std::nullopt;
        }
        random_stream stream = ids_.stream();
        proposal made = ids_.has_known() ? ids_.propose_known() : ids_.propose(choose(stream));
        seen_.add(made.at);
        return made;
    }

    void tell(const trial& done) {
        ids_.count_told();
        children_.emplace_back(done);
        if (!is_generational() || children_.size() == size()) {
            replace();
        }
    }

    /// A result of higher fidelity of a trial told before.
    void update(const trial& done) {
        for (auto* group : {&population_, &children_}) {
            for (detail::told_point& one : *group) {
                if (one.id == done.proposal.id) {
                    one = detail::told_point(done);
                }
            }
        }
        sort(population_);
    }

    /// What is open of the first population, or of a generation, does not depend on what is told.
    [[nodiscard]] int width() const noexcept {
        if (is_generational()) {
            return static_cast<int>(left());
        }
        return std::max(options_.width, options_.population - static_cast<int>(ids_.told()));
    }

private:
    [[nodiscard]] bool is_generational() const noexcept {
        return options_.replacement == replacement::generational;
    }

    [[nodiscard]] std::size_t size() const noexcept {
        return static_cast<std::size_t>(options_.population);
    }

    /// Trials of this generation that are still to be told.
    [[nodiscard]] std::int64_t left() const noexcept {
        return options_.population - static_cast<std::int64_t>(children_.size());
    }

    static void sort(std::vector<detail::told_point>& group) {
        std::vector<detail::told_point> sorted;
        for (const std::size_t i : detail::best_first(group)) {
            sorted.push_back(group[i]);
        }
        group = std::move(sorted);
    }

    /// Children take the places of parents.
    void replace() {
        if (is_generational() && population_.size() > static_cast<std::size_t>(options_.elite)) {
            population_.resize(static_cast<std::size_t>(options_.elite));
        }
        for (detail::told_point& child : children_) {
            population_.push_back(std::move(child));
        }
        children_.clear();
        sort(population_);
        population_.resize(std::min(population_.size(), size()));
    }

    [[nodiscard]] point choose(random_stream& stream) {
        const space& over = ids_.over();
        const auto at_random = [&] { return over.sample(stream); };
        if (ids_.asked() < options_.population || population_.empty()) {
            return seen_.draw_new(
                over, 10, [&] { return first_.next(stream); }, at_random
            );
        }
        return seen_.draw_new(
            over, 20, [&] { return breed(stream); }, at_random
        );
    }

    [[nodiscard]] point breed(random_stream& stream) const {
        const std::size_t count = population_.size();
        const std::size_t mother = options_.selection(count, stream);
        std::vector<double> raw = population_[mother].raw;
        if (stream.uniform() < options_.crossover_rate) {
            std::size_t father = options_.selection(count, stream);
            father = father == mother ? (mother + 1) % count : father;
            raw = options_.crossover(ids_.over(), raw, population_[father].raw, stream);
        }
        options_.mutation(ids_.over(), raw, stream);
        auto child = complete_point(ids_.over(), std::move(raw), stream);
        return child ? *std::move(child) : ids_.over().sample(stream);
    }

    options_type options_;
    detail::proposer ids_;
    sobol_points first_;
    std::vector<detail::told_point> population_; ///< best first
    std::vector<detail::told_point> children_;   ///< told, not yet among them
    detail::seen_points seen_;
};

static_assert(searcher<genetic<>>);

} // namespace mend
