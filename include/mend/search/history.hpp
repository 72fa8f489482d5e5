// SPDX-License-Identifier: MIT
/// What searchers have in common: the points they begin with, what they were told, its order.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/pareto.hpp>
#include <mend/search/sorting.hpp>
#include <mend/space/space.hpp>

namespace mend::detail {

/// The part of a told trial that models learn from.
struct told_point {
    std::int64_t id = 0;
    std::vector<double> raw{};
    std::vector<double> values{}; ///< empty for a failed trial
    double fidelity = 1;

    told_point() = default;

    /// A trial counts as failed, too, where a value is NaN or infinite.
    explicit told_point(const trial& done)
        : id(done.proposal.id)
        , raw(done.proposal.at.raw())
        , fidelity(done.proposal.fidelity) {
        const auto& given = done.outcome.values;
        if (done.completed() &&
            std::all_of(given.begin(), given.end(), [](double v) { return std::isfinite(v); })) {
            values = given;
        }
    }

    [[nodiscard]] bool failed() const noexcept { return values.empty(); }
};

/// Positions, best first: by fidelity, the highest first; of one fidelity by value, of several
/// objectives in the order of NSGA-II; ties in the order told; failed trials last. (Optuna ranks
/// pruned trials by their last step in the same way.) All objective vectors are as long as the
/// first one that did not fail; others count as failed.
[[nodiscard]] inline std::vector<std::size_t> best_first(const std::vector<told_point>& told) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < told.size() && width == 0; ++i) {
        width = told[i].values.size();
    }
    const auto usable = [&](std::size_t i) {
        return width > 0 && told[i].values.size() == width ? told[i].fidelity : 0.0;
    };
    auto order = sorted_positions(told.size(), [&](std::size_t a, std::size_t b) {
        const double left = usable(a);
        const double right = usable(b);
        if (left != right || width != 1 || left == 0) {
            return left > right;
        }
        return told[a].values[0] < told[b].values[0];
    });
    if (width <= 1) {
        return order;
    }
    std::vector<std::size_t> group;
    std::vector<double> values;
    for (std::size_t from = 0; from < order.size() && usable(order[from]) > 0;) {
        group.clear();
        values.clear();
        for (std::size_t i = from; i < order.size() && usable(order[i]) == usable(order[from]);
             ++i) {
            group.push_back(order[i]);
            values.insert(values.end(), told[order[i]].values.begin(), told[order[i]].values.end());
        }
        for (const std::size_t row : nsga2_order({values, width})) {
            order[from++] = group[row];
        }
    }
    return order;
}

/// Numbers proposals and hands out the points to begin with: the space's default point, then those
/// suggested.
class proposer {
public:
    void start(const space& over, std::uint64_t seed) {
        over_ = over;
        seed_ = seed;
        asked_ = 0;
        told_ = 0;
        first_.clear();
        begun_ = 0;
        if (auto standard = over.default_point()) {
            first_.push_back(*std::move(standard));
        }
    }

    void suggest(const std::vector<point>& known) {
        for (const point& p : known) {
            MEND_EXPECTS(over_.contains(p), "a suggested point lies in the space");
            first_.push_back(p);
        }
    }

    void count_told() noexcept { ++told_; }

    [[nodiscard]] const space& over() const noexcept { return over_; }

    /// Number of proposals so far; the id of the next.
    [[nodiscard]] std::int64_t asked() const noexcept { return asked_; }

    [[nodiscard]] std::int64_t told() const noexcept { return told_; }

    /// Number of proposals that are open.
    [[nodiscard]] std::int64_t open() const noexcept { return asked_ - told_; }

    /// Whether a point to begin with is left.
    [[nodiscard]] bool has_known() const noexcept { return begun_ < first_.size(); }

    /// The next proposal of a point to begin with. Requires one.
    [[nodiscard]] proposal propose_known() { return propose(first_[begun_++]); }

    [[nodiscard]] proposal propose(point at) {
        proposal made;
        made.id = asked_++;
        made.at = std::move(at);
        return made;
    }

    /// The random numbers of the next proposal.
    [[nodiscard]] random_stream stream() const noexcept {
        return {seed_, static_cast<std::uint64_t>(asked_), purpose::search};
    }

private:
    space over_;
    std::uint64_t seed_ = 0;
    std::int64_t asked_ = 0;
    std::int64_t told_ = 0;
    std::vector<point> first_; ///< to begin with
    std::size_t begun_ = 0;    ///< of them
};

/// Which points were proposed before; by a hash of 64 bits, so that about one in 10^13 new points
/// among a million is taken for an old one.
class seen_points {
public:
    void clear() noexcept { hashes_.clear(); }

    void add(const point& p) {
        const std::uint64_t mine = hash(p);
        const auto at = std::lower_bound(hashes_.begin(), hashes_.end(), mine);
        if (at == hashes_.end() || *at != mine) {
            hashes_.insert(at, mine);
        }
    }

    [[nodiscard]] bool contains(const point& p) const {
        return std::binary_search(hashes_.begin(), hashes_.end(), hash(p));
    }

    /// The first new point of the space that `draw` makes in so many tries, else one that
    /// `at_random` makes in a hundred; where there is none, an old one.
    template <class Draw, class Random>
    [[nodiscard]] point draw_new(const space& over, int tries, Draw draw, Random at_random) const {
        std::optional<point> old;
        for (int i = 0; i < tries; ++i) {
            point made = draw();
            if (over.contains(made)) {
                if (!contains(made)) {
                    return made;
                }
                old = std::move(made);
            }
        }
        for (int i = 0; i < 100; ++i) {
            point made = at_random();
            if (!contains(made)) {
                return made;
            }
            if (!old) {
                old = std::move(made);
            }
        }
        return *std::move(old);
    }

private:
    [[nodiscard]] static std::uint64_t hash(const point& p) noexcept {
        std::uint64_t bits = p.size();
        for (const double raw : p.raw()) {
            const double plain = std::isnan(raw) ? parameter::absent : raw + 0.0; // -0 is 0
            bits = mix_bits(bits ^ std::bit_cast<std::uint64_t>(plain));
        }
        return bits;
    }

    std::vector<std::uint64_t> hashes_; ///< ascending
};

} // namespace mend::detail
