// SPDX-License-Identifier: MIT
/// What a searcher is, and any searcher as one type.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/record/trial.hpp>
#include <mend/space/space.hpp>

namespace mend {

/// Proposes points and learns from what came of them; knows no objective.
///
/// `start` begins a search from nothing. `ask` proposes, with ids 0, 1, 2, ... in order of asking;
/// nothing means "not before more is told", and ends the search when no proposal is open. `tell`
/// hands over finished trials in order of their ids, failed ones included; each searcher states how
/// it counts those. Between two tells it is asked until `width` proposals are open, so that what
/// it proposes depends on what it was told alone, never on who was faster. A proposal's seed is
/// not the searcher's to choose.
///
/// Optional hooks, used where they exist: `width() -> int`, the proposals that may be open (1 where
/// it is absent); `suggest(points)` after `start`, points to propose first; `update(trial)`, a
/// result of higher fidelity of a trial told before, under its old id; `prune(proposal, outcome) ->
/// bool`, whether a trial that has come so far (curve, signals, cost) should end there, as stopped:
/// const, called from other threads while ask and tell run, and a function of its arguments and of
/// what `start` set alone; `recommend() -> optional<int64>`, the id of the told trial that the
/// search stands for, where that is not the best one.
///
///     struct constant_search {
///         void start(const space& over, std::uint64_t) { at = *over.default_point(); }
///         std::optional<proposal> ask() { return proposal{.id = next++, .at = at}; }
///         void tell(const trial&) {}
///         point at; std::int64_t next = 0;
///     };
template <class Searcher>
concept searcher = requires(Searcher s, const space& over, std::uint64_t seed, const trial& done) {
    s.start(over, seed);
    { s.ask() } -> std::same_as<std::optional<proposal>>;
    s.tell(done);
};

/// How many proposals a searcher lets be open.
template <searcher Searcher>
[[nodiscard]] int width_of(const Searcher& s) {
    if constexpr (requires {
                      { s.width() } -> std::convertible_to<int>;
                  }) {
        return s.width();
    } else {
        return 1;
    }
}

/// Points to propose first; whether the searcher can take them. Call it after `start`.
template <searcher Searcher>
bool suggest_to(Searcher& s, const std::vector<point>& known) {
    if constexpr (requires {
                      { s.suggest(known) } -> std::same_as<bool>;
                  }) {
        return s.suggest(known);
    } else if constexpr (requires { s.suggest(known); }) {
        s.suggest(known);
        return true;
    } else {
        return false;
    }
}

/// Whether the searcher would end a trial that has come so far.
template <searcher Searcher>
[[nodiscard]] bool would_prune(const Searcher& s, const proposal& what, const outcome& so_far) {
    if constexpr (requires {
                      { s.prune(what, so_far) } -> std::convertible_to<bool>;
                  }) {
        return s.prune(what, so_far);
    } else {
        return false;
    }
}

/// The id of the trial that the search stands for; nothing: the best one.
template <searcher Searcher>
[[nodiscard]] std::optional<std::int64_t> recommended_by(const Searcher& s) {
    if constexpr (requires {
                      { s.recommend() } -> std::convertible_to<std::optional<std::int64_t>>;
                  }) {
        return s.recommend();
    } else {
        return std::nullopt;
    }
}

/// A result of higher fidelity of a trial told before; whether the searcher can take it.
template <searcher Searcher>
bool update_to(Searcher& s, const trial& done) {
    if constexpr (requires {
                      { s.update(done) } -> std::same_as<bool>;
                  }) {
        return s.update(done);
    } else if constexpr (requires { s.update(done); }) {
        s.update(done);
        return true;
    } else {
        return false;
    }
}

/// Any searcher, chosen at run time; a value that forwards every hook.
class any_searcher {
public:
    template <class Searcher>

    requires(!std::same_as<Searcher, any_searcher>) &&
        searcher<Searcher>&& std::copy_constructible<Searcher> any_searcher(Searcher s)
        : self_(std::make_unique<model<Searcher>>(std::move(s))) {}

    any_searcher(const any_searcher& other)
        : self_(other.self_->clone()) {}

    any_searcher(any_searcher&&) noexcept = default;

    any_searcher& operator=(any_searcher other) noexcept {
        self_ = std::move(other.self_);
        return *this;
    }

    ~any_searcher() = default;

    void start(const space& over, std::uint64_t seed) { self_->start(over, seed); }

    [[nodiscard]] std::optional<proposal> ask() { return self_->ask(); }

    void tell(const trial& done) { self_->tell(done); }

    [[nodiscard]] int width() const { return self_->width(); }

    bool suggest(const std::vector<point>& known) { return self_->suggest(known); }

    bool update(const trial& done) { return self_->update(done); }

    [[nodiscard]] bool prune(const proposal& what, const outcome& so_far) const {
        return self_->prune(what, so_far);
    }

    [[nodiscard]] std::optional<std::int64_t> recommend() const { return self_->recommend(); }

    /// The searcher within, or nullptr where it is of another type.
    template <class Searcher>
    [[nodiscard]] const Searcher* target() const noexcept {
        const auto* held = dynamic_cast<const model<Searcher>*>(self_.get());
        return held ? &held->inner : nullptr;
    }

private:
    struct interface {
        interface() = default;
        interface(const interface&) = default;
        interface& operator=(const interface&) = delete;
        virtual ~interface() = default;
        [[nodiscard]] virtual std::unique_ptr<interface> clone() const = 0;
        virtual void start(const space& over, std::uint64_t seed) = 0;
        virtual std::optional<proposal> ask() = 0;
        virtual void tell(const trial& done) = 0;
        [[nodiscard]] virtual int width() const = 0;
        virtual bool suggest(const std::vector<point>& known) = 0;
        virtual bool update(const trial& done) = 0;
        [[nodiscard]] virtual bool prune(const proposal& what, const outcome& so_far) const = 0;
        [[nodiscard]] virtual std::optional<std::int64_t> recommend() const = 0;
    };

    template <class Searcher>
    struct model final : interface {
        explicit model(Searcher s)
            : inner(std::move(s)) {}

        [[nodiscard]] std::unique_ptr<interface> clone() const override {
            return std::make_unique<model>(inner);
        }

        void start(const space& over, std::uint64_t seed) override { inner.start(over, seed); }

        std::optional<proposal> ask() override { return inner.ask(); }

        void tell(const trial& done) override { inner.tell(done); }

        [[nodiscard]] int width() const override { return width_of(inner); }

        bool suggest(const std::vector<point>& known) override { return suggest_to(inner, known); }

        bool update(const trial& done) override { return update_to(inner, done); }

        [[nodiscard]] bool prune(const proposal& what, const outcome& so_far) const override {
            return would_prune(inner, what, so_far);
        }

        [[nodiscard]] std::optional<std::int64_t> recommend() const override {
            return recommended_by(inner);
        }

        Searcher inner;
    };

    std::unique_ptr<interface> self_;
};

static_assert(searcher<any_searcher>);

} // namespace mend
