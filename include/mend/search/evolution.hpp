// SPDX-License-Identifier: MIT
/// Regularised evolution (Real, Aggarwal, Huang, Le: "Regularized evolution for image classifier
/// architecture search", AAAI 2019): mutation alone, and death by age.
///
/// The best of `sample` individuals, drawn from the population with replacement, is mutated; the
/// child joins when it is told, and the oldest leaves, however good it is.
///
/// | option     | default | source |
/// |------------|---------|--------|
/// | population | 10      | ours, for budgets of tens of trials; the paper: 100 |
/// | sample     | 8       | ours; the paper: 25 |
/// | mutation   | by kind | one value in the mean |
/// | width      | 1       | the first population is open at once |
///
/// The first population are the known points, then Sobol's sequence. Failed trials, NaN and
/// infinite values are the worst, but live as long as the others; several objectives are ranked in
/// the order of NSGA-II within the sample, low fidelities behind high ones. Children are new points
/// as long as some tries find one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/history.hpp>
#include <mend/search/mutation.hpp>
#include <mend/search/searcher.hpp>
#include <mend/search/sobol.hpp>
#include <mend/space/neighbours.hpp>
#include <mend/space/space.hpp>

namespace mend {

template <gene_mutation Mutation = kind_mutation>
struct evolution_options {
    std::optional<std::uint64_t> seed{}; ///< instead of the study's
    int population = 10;
    int sample = 8;
    Mutation mutation{};
    int width = 1; ///< proposals that may be open after the first population
};

/// `evolution{}`, `evolution{{.population = 50, .sample = 12}}`.
template <gene_mutation Mutation = kind_mutation>
class evolution {
public:
    evolution() = default;

    explicit evolution(evolution_options<Mutation> options)
        : options_(std::move(options)) {
        MEND_EXPECTS(options_.population > 0 && options_.sample > 0, "individuals");
        MEND_EXPECTS(options_.width > 0, "at least one proposal may be open");
    }

    void start(const space& over, std::uint64_t seed) {
        const std::uint64_t own = options_.seed.value_or(seed);
        ids_.start(over, own);
        first_ = sobol_points(over, own);
        population_.clear();
        seen_.clear();
    }

    void suggest(const std::vector<point>& known) { ids_.suggest(known); }

    [[nodiscard]] std::optional<proposal> ask() {
        random_stream stream = ids_.stream();
        proposal made = ids_.has_known() ? ids_.propose_known() : ids_.propose(choose(stream));
        seen_.add(made.at);
        return made;
    }

    void tell(const trial& done) {
        ids_.count_told();
        population_.emplace_back(done);
        if (population_.size() > static_cast<std::size_t>(options_.population)) {
            population_.erase(population_.begin());
        }
    }

    /// A result of higher fidelity of a trial told before; its age stays.
    void update(const trial& done) {
        for (detail::told_point& one : population_) {
            if (one.id == done.proposal.id) {
                one = detail::told_point(done);
            }
        }
    }

    [[nodiscard]] int width() const noexcept {
        return std::max(options_.width, options_.population - static_cast<int>(ids_.told()));
    }

private:
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
        std::vector<detail::told_point> sample;
        for (int i = 0; i < options_.sample; ++i) {
            sample.push_back(population_[stream.below(population_.size())]);
        }
        std::vector<double> raw = sample[detail::best_first(sample).front()].raw;
        options_.mutation(ids_.over(), raw, stream);
        auto child = complete_point(ids_.over(), std::move(raw), stream);
        return child ? *std::move(child) : ids_.over().sample(stream);
    }

    evolution_options<Mutation> options_;
    detail::proposer ids_;
    sobol_points first_;
    std::vector<detail::told_point> population_; ///< the oldest first
    detail::seen_points seen_;
};

static_assert(searcher<evolution<>>);

} // namespace mend
