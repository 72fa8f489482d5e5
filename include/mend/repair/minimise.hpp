// SPDX-License-Identifier: MIT
/// Takes from a patch every change that is not needed.
///
/// Delta debugging (Zeller and Hildebrandt 2002, "ddmin", its complements): the patch without one
/// half of its changes, then without one quarter ..., until no single change can be spared. What
/// stays as good, within chance, with the same seed and a part of the epochs takes the patch's
/// place.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
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
    /// Whether one of the attempts was as good; the simplest of them, or of equals the best, is the
    /// smallest now.
    bool take_best(const guided_book& book) {
        const double aim = book.value_at(whole_, fidelity_);
        const std::size_t before = smallest_;
        for (const std::size_t i : attempts_) {
            const double value = book.value_at(i, fidelity_);
            const bool is_smaller = book[i].complexity < book[smallest_].complexity;
            const bool is_better = smallest_ != before &&
                                   book[i].complexity == book[smallest_].complexity &&
                                   value < book.value_at(smallest_, fidelity_);
            if (value <= aim + book.chance(aim) && (is_smaller || is_better)) {
                smallest_ = i;
            }
        }
        attempts_.clear();
        return smallest_ != before;
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
            const auto less =
                book.add_without(smallest_, std::span(changes).subspan(from, to - from));
            if (!less || *less == 0 || book[*less].complexity >= book[smallest_].complexity ||
                std::find(tried_.begin(), tried_.end(), *less) != tried_.end()) {
                continue;
            }
            const double cost = book.cost_to(*less, fidelity_);
            if (book[*less].reached >= fidelity_) {
                attempts_.push_back(*less);
                tried_.push_back(*less);
            } else if (cost <= left) {
                left -= cost;
                attempts_.push_back(*less);
                tried_.push_back(*less);
                jobs.push_back({*less, fidelity_, true});
            }
        }
        return jobs;
    }

    std::size_t whole_ = 0;
    std::size_t smallest_ = 0;
    double fidelity_ = 1;
    std::size_t chunks_ = 2;
    std::vector<std::size_t> attempts_; ///< that the last call asked for
    std::vector<std::size_t> tried_;    ///< all so far
};

} // namespace mend
