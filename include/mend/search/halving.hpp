// SPDX-License-Identifier: MIT
/// Successive halving and Hyperband, as schedulers of any searcher.
///
/// Many configurations run at low fidelity, the best 1 / eta of them go on at eta times as much,
/// and so forth (Jamieson, Talwalkar, AISTATS 2016). Hyperband cycles through brackets that halve
/// less and less often (Li et al., JMLR 2018). What configurations are tried, the searcher within
/// says; random search makes the published algorithms.
///
/// | option       | default     | source |
/// |--------------|-------------|--------|
/// | eta          | 3           | Hyperband, HpBandSter |
/// | min_fidelity | 0.01        | HpBandSter: the ladder is 1, 1/3, ... down to what is not below
/// it | | brackets     | 0           | cycles until the budget ends it | | mode         |
/// synchronous | HpBandSter; asynchronous: ASHA (Li et al., MLSys 2020) | | width        | 1 | one
/// at a time, and what does not depend on it; see below |
///
/// A promoted trial `continues` the trial of its configuration one rung below, in the order in
/// which configurations came. Failed trials, NaN and infinite values are never promoted; places
/// that stay free because of them are filled with new configurations at the higher fidelity, as
/// HpBandSter does. Several objectives are ranked in the order of NSGA-II.
///
/// The searcher within numbers its own proposals. It is told the first result of each of them, its
/// fidelity in the trial, and later ones through the hook `update`, where it has that. The width
/// asked of it is never more than its own. Open are at most `width`, and beyond that what one at a
/// time would propose next in any case: promotions of the oldest bracket, and new configurations of
/// its rung as far as the searcher within lets them be open. A wider one begins the next bracket
/// early when a rung waits for its last results.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/brackets.hpp>
#include <mend/search/history.hpp>
#include <mend/search/random.hpp>
#include <mend/search/rungs.hpp>
#include <mend/search/searcher.hpp>
#include <mend/space/space.hpp>

namespace mend {

enum class halving_mode : std::uint8_t {
    synchronous,  ///< a rung is closed, then its best go on
    asynchronous, ///< one goes on as soon as it is among the best of its rung so far, as told
};

/// Runs the proposals of a searcher on the rungs of brackets; what the classes below share.
template <searcher Inner>
class halving_search {
public:
    void start(const space& over, std::uint64_t seed) {
        inner_.start(over, seed);
        brackets_.restart();
        trials_.clear();
        points_.clear();
        told_ = 0;
        inner_open_ = 0;
        exhausted_ = false;
    }

    bool suggest(const std::vector<point>& known) { return suggest_to(inner_, known); }

    [[nodiscard]] std::optional<proposal> ask() {
        std::optional<detail::halving_run> run = next(open() >= width_);
        std::optional<proposal> made;
        if (run && run->is_new()) {
            made = inner_.ask();
            if (!made && inner_open_ == 0) {
                exhausted_ = true;
                brackets_.exhaust();
            }
            run = made ? run : next(open() >= width_, false);
        }
        if (!run) {
            return std::nullopt;
        }
        proposal asked;
        asked.id = static_cast<std::int64_t>(trials_.size());
        asked.fidelity = run->budget;
        asked.continues = run->continues;
        if (run->is_new()) {
            trials_.push_back({made->id, true});
            asked.at = std::move(made->at);
            ++inner_open_;
            points_.push_back(asked.at);
        } else {
            const std::int64_t inner = trials_[static_cast<std::size_t>(run->continues)].inner;
            trials_.push_back({inner, false});
            asked.at = points_[static_cast<std::size_t>(inner)];
        }
        brackets_.begin(*run);
        return asked;
    }

    void tell(const trial& done) {
        ++told_;
        brackets_.tell(detail::told_point(done));
        const started& mine = trials_[static_cast<std::size_t>(done.proposal.id)];
        trial passed = done;
        passed.proposal.id = mine.inner;
        passed.proposal.continues = proposal::none;
        if (mine.is_new) {
            --inner_open_;
            inner_.tell(passed);
        } else {
            update_to(inner_, passed);
        }
    }

    [[nodiscard]] int width() const {
        return next(true) ? std::max(width_, open() + 1) : std::max(width_, 1);
    }

    /// The searcher within.
    [[nodiscard]] const Inner& inner() const noexcept { return inner_; }

protected:
    halving_search(
        Inner inner,
        const std::vector<bracket_plan>& plans,
        double eta,
        std::int64_t most,
        halving_mode mode,
        int width
    )
        : inner_(std::move(inner))
        , brackets_(plans, eta, most, mode == halving_mode::asynchronous)
        , width_(width) {
        MEND_EXPECTS(width > 0, "at least one proposal may be open");
    }

private:
    struct started {
        std::int64_t inner; ///< id of the configuration with the searcher within
        bool is_new;
    };

    [[nodiscard]] int open() const noexcept { return static_cast<int>(trials_.size()) - told_; }

    /// The run to begin next; `oldest`: what one at a time would begin in any case.
    [[nodiscard]] std::optional<detail::halving_run> next(bool oldest, bool fresh = true) const {
        const bool room = fresh && !exhausted_ && inner_open_ < std::max(width_of(inner_), 1);
        return brackets_.next(room, oldest);
    }

    Inner inner_;
    detail::halving_brackets brackets_;
    int width_;
    std::vector<started> trials_; ///< by id
    std::vector<point> points_;   ///< of the configurations, by the id they have within
    int told_ = 0;
    int inner_open_ = 0;
    bool exhausted_ = false;
};

struct hyperband_options {
    double eta = 3;
    double min_fidelity = 0.01;
    std::int64_t brackets = 0; ///< 0: without end; synchronous only
    halving_mode mode = halving_mode::synchronous;
    int width = 1;
};

/// Hyperband over the proposals of any searcher: `hyperband{{.eta = 4}, tpe{}}`.
template <searcher Inner = random_search>
class hyperband : public halving_search<Inner> {
public:
    explicit hyperband(hyperband_options options = {}, Inner inner = Inner{})
        : halving_search<Inner>(
              std::move(inner),
              hyperband_brackets(options.eta, options.min_fidelity),
              options.eta,
              options.brackets,
              options.mode,
              options.width
          ) {}
};

struct successive_halving_options {
    double eta = 3;
    double min_fidelity = 0.01;
    std::int64_t configurations = 0; ///< of the first rung; 0: as many as leave one at the end
    std::int64_t brackets = 0;       ///< 0: one after the other without end; synchronous only
    halving_mode mode = halving_mode::synchronous;
    int width = 1;
};

/// Successive halving over the proposals of any searcher, the most aggressive bracket of Hyperband
/// again and again; ASHA where asynchronous.
template <searcher Inner = random_search>
class successive_halving : public halving_search<Inner> {
public:
    explicit successive_halving(successive_halving_options options = {}, Inner inner = Inner{})
        : halving_search<Inner>(
              std::move(inner),
              {plan(options)},
              options.eta,
              options.brackets,
              options.mode,
              options.width
          ) {}

private:
    static bracket_plan plan(const successive_halving_options& options) {
        MEND_EXPECTS(options.configurations >= 0, "a number of configurations");
        bracket_plan longest = hyperband_brackets(options.eta, options.min_fidelity).front();
        return options.configurations == 0
                   ? longest
                   : plan_bracket(options.configurations, longest.budgets, options.eta);
    }
};

static_assert(searcher<hyperband<>>);

} // namespace mend
