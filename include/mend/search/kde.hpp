// SPDX-License-Identifier: MIT
/// Search by two kernel densities, of good and of bad trials: the model of BOHB (Falkner, Klein,
/// Hutter: "BOHB: robust and efficient hyperparameter optimization at scale", ICML 2018), with the
/// rules of its program HpBandSter.
///
/// Each fidelity has its own trials; the model is that of the highest one that has enough: the best
/// max(N, 15 % of n) are good, the next max(N, 85 % of n) bad, N = d + 1 of each needed at least,
/// so that it begins with n = 2 d + 2. Densities have one bandwidth per column by the normal
/// reference rule. A proposal is the best by l / g of 64 drawn around good trials with three times
/// their bandwidth; every third is random.
///
/// | option           | default | source |
/// |------------------|---------|--------|
/// | min_points       | 0       | N; 0: d + 1, d the parameters of more than one value |
/// | good_share       | 0.15    | HpBandSter, as all below |
/// | candidates       | 64      | |
/// | random_fraction  | 1/3     | |
/// | bandwidth_factor | 3       | |
/// | min_bandwidth    | 1e-3    | |
/// | width            | 1       | proposals that may be open; they know nothing of each other |
///
/// Deviations: results are kept on every fidelity, so that the model can fall back; unordered
/// kernels count all choices and never weigh one of them below an even share; ordinals are numbers;
/// a parameter that did not exist has a uniform kernel instead of an imputed value; N counts good
/// trials that did not fail; points are not proposed twice as long as there are new ones. Failed
/// trials, NaN and infinite values are the worst: they teach the density of bad trials alone. Cost
/// per ask: candidates x trials x parameters kernels.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/density.hpp>
#include <mend/search/history.hpp>
#include <mend/search/searcher.hpp>
#include <mend/search/truncated_normal.hpp>
#include <mend/space/encoding.hpp>
#include <mend/space/space.hpp>

namespace mend {

/// Bandwidths by the normal reference rule, 1.06 sd n^(-1 / (4 + d)) of each column, sd with
/// divisor n, at least `least`; of unordered values at most the even share of (k - 1) / k.
/// Coordinates that are absent (NaN) do not count.
[[nodiscard]] inline std::vector<double> normal_reference_widths(
    std::span<const density_column> columns,
    std::span<const std::vector<double>> rows,
    double least = 1e-3
) {
    std::vector<double> widths;
    widths.reserve(columns.size());
    for (std::size_t j = 0; j < columns.size(); ++j) {
        double n = 0;
        double mean = 0;
        double squares = 0; // Welford's sum
        for (const std::vector<double>& row : rows) {
            if (!std::isnan(row[j])) {
                const double away = row[j] - mean;
                mean += away / ++n;
                squares += away * (row[j] - mean);
            }
        }
        const double power = -1 / (4 + static_cast<double>(columns.size()));
        double width = n > 0 ? 1.06 * std::sqrt(squares / n) * std::pow(n, power) : least;
        if (columns[j].levels > 0) {
            const auto levels = static_cast<double>(columns[j].levels);
            width = std::min(width, (levels - 1) / levels);
        }
        widths.push_back(std::max(width, least));
    }
    return widths;
}

/// A kernel of the same bandwidths around every row. Requires rows.
[[nodiscard]] inline kernel_density reference_density(
    std::vector<density_column> columns,
    std::span<const std::vector<double>> rows,
    std::span<const double> widths
) {
    kernel_density density(std::move(columns));
    for (const std::vector<double>& row : rows) {
        density.add(1, row, widths);
    }
    return density;
}

/// How many trials are good and bad, of n that were told on a fidelity; nothing where they are too
/// few: `least` of each are needed.
[[nodiscard]] inline std::optional<std::pair<std::size_t, std::size_t>>
kde_split(std::size_t n, std::size_t least, double good_share) noexcept {
    const auto part = [&](double share) {
        return std::max(least, static_cast<std::size_t>(share * static_cast<double>(n) + 1e-9));
    };
    const std::size_t good = std::min(part(good_share), n);
    const std::size_t bad = std::min(part(1 - good_share), n - good);
    return good >= least && bad >= least ? std::optional(std::pair(good, bad)) : std::nullopt;
}

struct kde_options {
    std::optional<std::uint64_t> seed{}; ///< instead of the study's
    int min_points = 0;
    double good_share = 0.15;
    int candidates = 64;
    double random_fraction = 1.0 / 3;
    double bandwidth_factor = 3;
    double min_bandwidth = 1e-3;
    int width = 1;
};

class kde_search {
public:
    kde_search() = default;

    explicit kde_search(kde_options options)
        : options_(options) {
        MEND_EXPECTS(options.min_points >= 0 && options.candidates > 0, "counts");
        MEND_EXPECTS(options.good_share > 0 && options.good_share < 1, "a share");
        MEND_EXPECTS(options.random_fraction >= 0 && options.random_fraction <= 1, "a share");
        MEND_EXPECTS(options.bandwidth_factor > 0 && options.min_bandwidth > 0, "bandwidths");
        MEND_EXPECTS(options.width > 0, "at least one proposal may be open");
    }

    void start(const space& over, std::uint64_t seed) {
        ids_.start(over, options_.seed.value_or(seed));
        code_.emplace(over);
        columns_.clear();
        for (const encoded_column& column : code_->columns()) {
            columns_.push_back({.levels = column.levels, .truncated = false});
        }
        rungs_.clear();
        seen_.clear();
        model_.reset();
        stale_ = false;
        model_based_ = false;
    }

    void suggest(const std::vector<point>& known) { ids_.suggest(known); }

    [[nodiscard]] std::optional<proposal> ask() {
        random_stream stream = ids_.stream();
        model_based_ = false;
        proposal made = ids_.has_known() ? ids_.propose_known() : ids_.propose(choose(stream));
        seen_.add(made.at);
        return made;
    }

    void tell(const trial& done) {
        ids_.count_told();
        update(done);
    }

    /// A result of another fidelity of a trial told before.
    void update(const trial& done) {
        const double fidelity = done.proposal.fidelity;
        auto mine = std::find_if(rungs_.begin(), rungs_.end(), [&](const rung& r) {
            return std::abs(r.fidelity - fidelity) <= 1e-9 * fidelity;
        });
        if (mine == rungs_.end()) {
            mine = std::find_if(rungs_.begin(), rungs_.end(), [&](const rung& r) {
                return r.fidelity < fidelity;
            });
            mine = rungs_.insert(mine, {fidelity, {}, {}});
        }
        mine->told.emplace_back(done);
        mine->told.back().fidelity = 1; // all the same here
        mine->codes.push_back(code_->encode(done.proposal.at));
        stale_ = true;
    }

    [[nodiscard]] int width() const noexcept { return options_.width; }

    /// Whether the last proposal came from the model.
    [[nodiscard]] bool model_based() const noexcept { return model_based_; }

private:
    /// What was told on one fidelity.
    struct rung {
        double fidelity = 1;
        std::vector<detail::told_point> told{};
        std::vector<std::vector<double>> codes{};
    };

    struct model {
        std::vector<std::vector<double>> rows; ///< good ones
        std::vector<double> widths;            ///< of their density
        kernel_density good;
        kernel_density bad;
    };

    [[nodiscard]] std::optional<model> fit(const rung& on) const;
    [[nodiscard]] point choose(random_stream& stream);
    [[nodiscard]] std::optional<point> draw(const model& m, random_stream& stream) const;

    kde_options options_;
    detail::proposer ids_;
    std::optional<encoding> code_;
    std::vector<density_column> columns_;
    std::vector<rung> rungs_; ///< the highest fidelity first
    detail::seen_points seen_;
    std::optional<model> model_;
    bool stale_ = false; ///< something was told since the model was fitted
    bool model_based_ = false;
};

inline std::optional<kde_search::model> kde_search::fit(const rung& on) const {
    const std::size_t least = options_.min_points > 0
                                  ? static_cast<std::size_t>(options_.min_points)
                                  : columns_.size() + 1;
    const auto counts = kde_split(on.told.size(), least, options_.good_share);
    if (!counts || columns_.empty()) {
        return std::nullopt;
    }
    std::vector<std::vector<double>> good;
    std::vector<std::vector<double>> bad;
    for (const std::size_t i : detail::best_first(on.told)) {
        if (good.size() < counts->first && !on.told[i].failed()) {
            good.push_back(on.codes[i]);
        } else if (bad.size() < counts->second) {
            bad.push_back(on.codes[i]);
        }
    }
    if (good.size() < least) {
        return std::nullopt;
    }
    std::vector<double> widths = normal_reference_widths(columns_, good, options_.min_bandwidth);
    kernel_density l = reference_density(columns_, good, widths);
    kernel_density g = reference_density(
        columns_, bad, normal_reference_widths(columns_, bad, options_.min_bandwidth)
    );
    return model{std::move(good), std::move(widths), std::move(l), std::move(g)};
}

inline point kde_search::choose(random_stream& stream) {
    if (stale_) {
        model_.reset();
        for (auto r = rungs_.begin(); r != rungs_.end() && !model_; ++r) {
            model_ = fit(*r);
        }
        stale_ = false;
    }
    const space& over = ids_.over();
    if (model_ && stream.uniform() >= options_.random_fraction) {
        if (auto made = draw(*model_, stream)) {
            model_based_ = true;
            return *std::move(made);
        }
    }
    const auto at_random = [&] { return over.sample(stream); };
    return seen_.draw_new(over, 1, at_random, at_random);
}

/// The best new candidate around good trials, if any.
inline std::optional<point> kde_search::draw(const model& m, random_stream& stream) const {
    // Densities are not told apart below this one.
    constexpr double log_floor = -73.682723; // of 1e-32
    std::optional<point> best;
    double best_score = 0;
    for (int i = 0; i < options_.candidates; ++i) {
        std::vector<double> code = m.rows[stream.below(m.rows.size())];
        for (std::size_t j = 0; j < code.size(); ++j) {
            const auto levels = static_cast<double>(columns_[j].levels);
            const bool absent = std::isnan(code[j]);
            if (levels > 0) {
                if (absent || stream.uniform() < m.widths[j]) {
                    code[j] = static_cast<double>(stream.below(columns_[j].levels));
                }
            } else if (absent) {
                code[j] = stream.uniform();
            } else {
                const double width = options_.bandwidth_factor * m.widths[j];
                code[j] = truncated_normal(code[j], width, 0, 1).sample(stream);
            }
        }
        point made = code_->decode(code);
        if (!ids_.over().contains(made) || seen_.contains(made)) {
            continue;
        }
        for (std::size_t j = 0; j < code.size(); ++j) {
            const bool exists = made[code_->columns()[j].parameter].exists();
            code[j] = exists ? code[j] : parameter::absent;
        }
        const double score = std::max(m.good.log_density(code), log_floor) -
                             std::max(m.bad.log_density(code), log_floor);
        if (!best || score > best_score) {
            best = std::move(made);
            best_score = score;
        }
    }
    return best;
}

static_assert(searcher<kde_search>);

} // namespace mend
