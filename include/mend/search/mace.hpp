// SPDX-License-Identifier: MIT
/// MACE: the Pareto front of three acquisitions at once, found by NSGA-II.
///
/// Lyu et al.: "Batch Bayesian optimization via multi-objective acquisition ensemble" (ICML 2018)
/// in the noise-perturbed form of HEBO. Minimised are, with two fresh standard normal numbers e1,
/// e2 for every candidate and eta = sqrt(2 noise):
///
///     mean + eta e1 - kappa deviation,   -log EI(z),   -log PI(z),
///     z = (target - 1e-4 - mean - eta e2) / deviation
///
/// Deviation: HEBO replaces the tails of both logarithms below z = -6 by approximations, one of
/// which jumps there by 1.02; here they are exact throughout.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/search/acquisition.hpp>
#include <mend/search/gaussian_process.hpp>
#include <mend/search/genes.hpp>
#include <mend/search/pareto.hpp>
#include <mend/search/variation.hpp>

namespace mend {

/// Weight of the deviation after `told` observations in batches of `batch`, for so many parameters:
/// sqrt(2 v ((2 + d / 2) log t + log(3 pi^2 / (3 delta)))) with v = 0.5, delta = 0.01, t = told /
/// batch rounded down, at least 1.
[[nodiscard]] inline double
mace_kappa(std::size_t told, std::size_t batch, std::size_t parameters) noexcept {
    constexpr double log_pi_square_by_delta = 6.894629957437489; // log(pi^2 / 0.01)
    const auto t =
        static_cast<double>(std::max<std::size_t>(1, told / std::max<std::size_t>(1, batch)));
    return std::sqrt(
        (2 + 0.5 * static_cast<double>(parameters)) * std::log(t) + log_pi_square_by_delta
    );
}

/// What the acquisitions compare with.
struct mace_target {
    double kappa = 1;
    double target = 0; ///< predicted mean at the best point
    double noise = 0;  ///< variance of an observation
};

/// The three values, all to be minimised; e1 and e2 are standard normal numbers, or 0.
[[nodiscard]] inline std::array<double, 3>
mace_values(const gaussian_prediction& at, const mace_target& to, double e1, double e2) noexcept {
    const double deviation = std::sqrt(at.variance);
    const double eta = std::sqrt(2 * to.noise);
    const double z = (to.target - 1e-4 - at.mean - eta * e2) / deviation;
    return {
        at.mean + eta * e1 - to.kappa * deviation,
        -(std::log(deviation) + log_unit_improvement(z)),
        -log_normal_probability(z)};
}

struct mace_options {
    std::size_t population = 100;
    int generations = 100;  ///< the first included
    double crossover = 0.9; ///< probability, for each kind of gene
    double crossover_eta = 15;
    double mutation = 0.9; ///< probability, for each kind of gene
    double mutation_eta = 20;
};

namespace detail {

/// NSGA-II over rows of genes as pymoo (and HEBO 0.3.6 with it) arranges it: random parents, all
/// selection in the survival; reals crossed and mutated together, stepped genes apart from them,
/// each category alone. Deviation: stepped genes vary over whole cells, so that the first and last
/// value are as likely as the others.
class mace_evolution {
public:
    mace_evolution(
        const gene_map& map,
        const gaussian_process& model,
        const mace_target& target,
        const mace_options& options,
        random_stream stream
    )
        : map_(map)
        , model_(model)
        , target_(target)
        , options_(options)
        , stream_(stream) {
        for (std::size_t g = 0; g < map.size(); ++g) {
            (map.kind(g) == gene_kind::real      ? reals_
             : map.kind(g) == gene_kind::stepped ? stepped_
                                                 : categories_)
                .push_back(g);
        }
    }

    /// Evolves from these rows of genes, settled ones. Returns the positions of the first front.
    [[nodiscard]] std::vector<std::size_t> run(std::span<const double> first) {
        const std::size_t width = map_.size();
        for (std::size_t i = 0; i < first.size() && count() < options_.population; i += width) {
            append(first.subspan(i, width));
        }
        evaluate(0);
        for (int generation = 1; generation < options_.generations; ++generation) {
            const std::size_t before = count();
            breed(before);
            if (count() == before) {
                break; // nothing new can be made: the space is used up
            }
            evaluate(before);
            survive();
        }
        return pareto_front({values_, 3});
    }

    /// Genes of a row of the population.
    [[nodiscard]] std::span<const double> row(std::size_t i) const noexcept {
        return std::span(genes_).subspan(i * map_.size(), map_.size());
    }

    /// Of every row of the population.
    [[nodiscard]] std::span<const gaussian_prediction> predictions() const noexcept {
        return predicted_;
    }

    /// What the rows were valued at, noise included.
    [[nodiscard]] objective_rows values() const { return {values_, 3}; }

private:
    [[nodiscard]] std::size_t count() const noexcept { return hashes_.size(); }

    [[nodiscard]] bool chance(double probability) noexcept {
        return stream_.uniform() < probability;
    }

    /// Adds a row unless there is an equal one.
    void append(std::span<const double> genes) {
        std::uint64_t hash = 0;
        for (const double g : genes) {
            hash = mix_bits(hash ^ std::bit_cast<std::uint64_t>(std::isnan(g) ? -1.0 : g + 0.0));
        }
        if (std::find(hashes_.begin(), hashes_.end(), hash) == hashes_.end()) {
            hashes_.push_back(hash);
            genes_.insert(genes_.end(), genes.begin(), genes.end());
        }
    }

    /// Predicts and values the rows from `begin` on.
    void evaluate(std::size_t begin) {
        const std::size_t fresh = count() - begin;
        features_.resize(fresh * map_.width());
        for (std::size_t i = 0; i < fresh; ++i) {
            map_.write_features(row(begin + i), features_.data() + i * map_.width());
        }
        predicted_.resize(count());
        model_.predict(features_, std::span(predicted_).subspan(begin));
        for (std::size_t i = begin; i < count(); ++i) {
            const double e1 = stream_.normal();
            const double e2 = stream_.normal();
            for (const double value : mace_values(predicted_[i], target_, e1, e2)) {
                values_.push_back(value);
            }
        }
    }

    /// Appends as many children as the population has rows, or fewer where no new ones turn up.
    void breed(std::size_t parents) {
        std::vector<std::size_t> order(parents);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::vector<double> children(2 * map_.size());
        const auto [one, other] = std::pair(
            std::span(children).first(map_.size()), std::span(children).last(map_.size())
        );
        for (int attempt = 0; attempt < 20 && count() < 2 * options_.population; ++attempt) {
            stream_.shuffle(std::span(order));
            for (std::size_t i = 0; i < parents; i += 2) {
                // An odd one out is paired with the first.
                const std::span<const double> mother = row(order[i]);
                const std::span<const double> father = row(order[i + 1 < parents ? i + 1 : 0]);
                std::copy(mother.begin(), mother.end(), one.begin());
                std::copy(father.begin(), father.end(), other.begin());
                vary(one, other);
                for (const std::span<double> child : {one, other}) {
                    if (count() < 2 * options_.population && map_.settle(child, stream_)) {
                        append(child);
                    }
                }
            }
        }
    }

    void vary(std::span<double> one, std::span<double> other) {
        for (const auto* const group : {&reals_, &stepped_}) {
            if (group->empty()) {
                continue;
            }
            if (chance(options_.crossover)) {
                for (const std::size_t g : *group) {
                    cross(one[g], other[g]);
                }
            }
            const double each = std::min(0.5, 1 / static_cast<double>(group->size()));
            for (const std::span<double> child : {one, other}) {
                if (!chance(options_.mutation)) {
                    continue;
                }
                for (const std::size_t g : *group) {
                    if (chance(each)) {
                        child[g] = mutate_polynomial(
                            child[g], stream_.uniform(), options_.mutation_eta, 0, 1
                        );
                    }
                }
            }
        }
        for (const std::size_t g : categories_) {
            if (chance(options_.crossover) && chance(0.5)) {
                std::swap(one[g], other[g]);
            }
            for (const std::span<double> child : {one, other}) {
                if (chance(0.5) && !std::isnan(child[g])) {
                    child[g] = static_cast<double>(stream_.below(map_.levels(g)));
                }
            }
        }
    }

    void cross(double& a, double& b) {
        if (!chance(0.5) || std::isnan(a) || std::isnan(b)) {
            return;
        }
        auto [low, high] =
            cross_simulated_binary(a, b, stream_.uniform(), options_.crossover_eta, 0, 1);
        if ((a > b) != chance(0.5)) {
            std::swap(low, high);
        }
        a = low;
        b = high;
    }

    /// Keeps as many rows as the population has: whole fronts, of the last one the least crowded.
    void survive() {
        const std::vector<std::size_t> ranks = pareto_ranks({values_, 3});
        const std::size_t width = map_.size();
        std::size_t left = std::min(options_.population, count());
        std::vector<bool> keeps(count());
        std::vector<std::size_t> front;
        for (std::size_t rank = 0; left > 0; ++rank) {
            front.clear();
            for (std::size_t i = 0; i < ranks.size(); ++i) {
                if (ranks[i] == rank) {
                    front.push_back(i);
                }
            }
            std::vector<double> crowding;
            if (front.size() > left) {
                crowding = crowding_distances({values_, 3}, front);
            }
            for (; left > 0 && !front.empty(); --left) {
                std::size_t best = front.size() - 1;
                if (!crowding.empty()) {
                    const auto most = std::max_element(crowding.begin(), crowding.end());
                    best = static_cast<std::size_t>(most - crowding.begin());
                    crowding.erase(most);
                }
                keeps[front[best]] = true;
                front.erase(front.begin() + static_cast<std::ptrdiff_t>(best));
            }
        }
        std::size_t to = 0;
        for (std::size_t from = 0; from < keeps.size(); ++from) {
            if (keeps[from]) {
                std::copy_n(genes_.data() + from * width, width, genes_.data() + to * width);
                std::copy_n(values_.data() + from * 3, 3, values_.data() + to * 3);
                predicted_[to] = predicted_[from];
                hashes_[to] = hashes_[from];
                ++to;
            }
        }
        genes_.resize(to * width);
        values_.resize(to * 3);
        predicted_.resize(to);
        hashes_.resize(to);
    }

    const gene_map& map_;
    const gaussian_process& model_;
    mace_target target_;
    mace_options options_;
    random_stream stream_;
    std::vector<std::size_t> reals_;
    std::vector<std::size_t> stepped_;
    std::vector<std::size_t> categories_;
    std::vector<double> genes_;
    std::vector<double> features_;
    std::vector<double> values_; ///< three per row
    std::vector<gaussian_prediction> predicted_;
    std::vector<std::uint64_t> hashes_;
};

} // namespace detail

} // namespace mend
