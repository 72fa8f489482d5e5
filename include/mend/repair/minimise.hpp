// SPDX-License-Identifier: MIT
/// Takes from a patch every change that is not needed.
///
/// A patch of up to four kinds of changes (a rate, the activations of all layers ...) is tried
/// without each kind, then without all of those that can be spared alone. Then, and for others at
/// once, delta debugging (Zeller and Hildebrandt 2002, "ddmin", its complements): the patch without
/// one half of its changes, then without one quarter ..., until no single change can be spared.
/// What stays as good, but for what the book says may be spared, with the same seed and a part of
/// the epochs takes the patch's place.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/repair/guided_book.hpp>

namespace mend {

class patch_minimiser {
public:
    patch_minimiser() = default;

    /// Begins with an entry of the book. `fidelity`: the part of the epochs that attempts train.
    patch_minimiser(std::size_t whole, double fidelity)
        : whole_(whole)
        , smallest_(whole)
        , fidelity_(fidelity) {}

    /// Takes in what the last attempts gave and returns the trials of the next ones, for `left`
    /// trainings at most; nothing once the patch can not be made smaller.
    [[nodiscard]] std::vector<guided_job> next(guided_book& book, double left) {
        for (;;) {
            if (const auto jobs = next_by_kinds(book, left); !jobs.empty()) {
                return jobs;
            }
            const bool had = !attempts_.empty();
            const bool found = take_best(book);
            const std::size_t changes = book[smallest_].changes.size();
            if (changes < 2 || book[smallest_].complexity < 2 ||
                (had && !found && chunks_ >= changes)) {
                attempts_.clear();
                return {};
            }
            chunks_ = found ? 2 : had ? 2 * chunks_ : chunks_;
            for (;; chunks_ *= 2) {
                chunks_ = std::min(chunks_, changes);
                std::vector<guided_job> jobs = attempt(book, left);
                if (!jobs.empty()) {
                    return jobs;
                }
                if (!attempts_.empty()) {
                    break; // all known from a race
                }
                if (chunks_ == changes) {
                    return {};
                }
            }
        }
    }

    [[nodiscard]] std::size_t whole() const noexcept { return whole_; }

    [[nodiscard]] std::size_t smallest() const noexcept { return smallest_; }

private:
    enum class stage : std::uint8_t { kinds, all_kinds, chunks };

    [[nodiscard]] bool is_as_good(const guided_book& book, std::size_t i) const {
        const double aim = book.value_at(whole_, fidelity_);
        return book.value_at(i, fidelity_) <= aim + book.spared(aim, fidelity_);
    }

    /// Whether one of the attempts was as good; the simplest of them, or of equals the best, is the
    /// smallest now.
    bool take_best(const guided_book& book) {
        const std::size_t before = smallest_;
        for (const std::size_t i : attempts_) {
            const double value = book.value_at(i, fidelity_);
            const bool is_smaller = book[i].complexity < book[smallest_].complexity;
            const bool is_better = smallest_ != before &&
                                   book[i].complexity == book[smallest_].complexity &&
                                   value < book.value_at(smallest_, fidelity_);
            if (is_as_good(book, i) && (is_smaller || is_better)) {
                smallest_ = i;
            }
        }
        attempts_.clear();
        return smallest_ != before;
    }

    /// Attempts without each kind of changes, then without all that can be spared; nothing
    /// afterwards, with those still to be judged.
    std::vector<guided_job> next_by_kinds(guided_book& book, double left) {
        std::vector<guided_job> jobs;
        if (stage_ == stage::kinds) {
            stage_ = stage::all_kinds;
            std::map<std::pair<fix_target, std::string_view>, std::vector<guided_change>> kinds;
            for (const guided_change& change : book[whole_].changes) {
                const fix_site& site = book.space().sites()[change.first];
                kinds[{site.what, site.key}].push_back(change);
            }
            for (const auto& [kind, changes] : kinds) {
                if (kinds.size() > 1 && kinds.size() <= 4 &&
                    try_without(book, changes, left, jobs)) {
                    without_.push_back(changes);
                }
            }
            if (!jobs.empty()) {
                return jobs;
            }
        }
        if (stage_ == stage::all_kinds) {
            stage_ = stage::chunks;
            std::vector<guided_change> spared;
            std::size_t count = 0;
            for (std::size_t k = 0; k < without_.size(); ++k) {
                if (is_as_good(book, attempts_[k])) {
                    spared.insert(spared.end(), without_[k].begin(), without_[k].end());
                    ++count;
                }
            }
            if (count > 1) {
                try_without(book, spared, left, jobs);
            } else if (count == 0) {
                attempts_.clear(); // judged: halves are next
            }
        }
        return jobs;
    }

    /// Notes the smallest without these changes as an attempt, with a trial where it needs one;
    /// false where that is no attempt, or costs more than is left.
    bool try_without(
        guided_book& book,
        std::span<const guided_change> changes,
        double& left,
        std::vector<guided_job>& jobs
    ) {
        const auto less = book.add_without(smallest_, changes);
        if (!less || *less == 0 || book[*less].complexity >= book[smallest_].complexity ||
            std::find(tried_.begin(), tried_.end(), *less) != tried_.end()) {
            return false;
        }
        const double cost = book.cost_to(*less, fidelity_);
        if (book[*less].reached < fidelity_) {
            if (cost > left) {
                return false;
            }
            left -= cost;
            jobs.push_back({*less, fidelity_, true});
        }
        attempts_.push_back(*less);
        tried_.push_back(*less);
        return true;
    }

    std::vector<guided_job> attempt(guided_book& book, double left) {
        std::vector<guided_change> changes = book[smallest_].changes;
        // What is thought to matter least is parted from the rest.
        std::stable_sort(
            changes.begin(),
            changes.end(),
            [&](const guided_change& a, const guided_change& b) {
                return book.effect_of(a) < book.effect_of(b);
            }
        );
        std::vector<guided_job> jobs;
        for (std::size_t c = 0; c < chunks_; ++c) {
            const std::size_t from = c * changes.size() / chunks_;
            const std::size_t to = (c + 1) * changes.size() / chunks_;
            try_without(book, std::span(changes).subspan(from, to - from), left, jobs);
        }
        return jobs;
    }

    std::size_t whole_ = 0;
    std::size_t smallest_ = 0;
    double fidelity_ = 1;
    stage stage_ = stage::kinds;
    std::vector<std::vector<guided_change>> without_; ///< the kind of each of the first attempts
    std::size_t chunks_ = 2;
    std::vector<std::size_t> attempts_; ///< that the last call asked for
    std::vector<std::size_t> tried_;    ///< all so far
};

} // namespace mend
