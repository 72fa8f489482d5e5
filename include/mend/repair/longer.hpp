// SPDX-License-Identifier: MIT
/// The faulty problem trained much longer: where one or two epochs are too few updates to learn
/// anything from, no candidate tells anything either in as many.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <mend/repair/finding.hpp>
#include <mend/repair/guided_book.hpp>
#include <mend/repair/guided_prior.hpp>
#include <mend/repair/step_traits.hpp>
#include <mend/repair/steps.hpp>

namespace mend {

/// One candidate, the faulty problem with more epochs, trained a part at a time. The first part is
/// four times as long as the faulty training and says whether more updates help at all; the rest
/// follows once a race has found nothing as good as that part.
class longer_training {
public:
    longer_training() = default;

    /// Where the diagnosis is as sure as `from` that updates are too few: the longest training
    /// within `most` trainings, of those of more than four times the epochs (up to that a race has
    /// seats). Adds it to the book; none where the space has no such thing. `labels`: the data
    /// have class labels; `rows`: of the train part.
    longer_training(
        guided_book& book,
        std::span<const finding> findings,
        double from,
        bool labels,
        std::int64_t rows,
        double most
    ) {
        const auto says_so = [from](const finding& f) {
            return f.code == "few_updates" && f.confidence >= from;
        };
        if (std::none_of(findings.begin(), findings.end(), says_so)) {
            return;
        }
        const point faulty = book[0].at;
        for (const step& s : steps_from(book.space(), faulty, labels, true)) {
            const auto to = s.kind == step_kind::more_epochs ? take_step(book.space(), faulty, s)
                                                             : std::nullopt;
            if (!to) {
                continue;
            }
            const problem& before = book.space().faulty();
            const step_traits traits = traits_of(before, book.space().apply(*to), rows);
            const std::size_t i =
                book.add(*to, step_prior(step_kind::more_epochs, findings, traits));
            if (book[i].cost <= most && book[i].cost > std::max(part + 0.5, book[entry_].cost)) {
                entry_ = i;
            }
        }
    }

    /// The trial of the first part; nothing where there is no such candidate.
    [[nodiscard]] std::optional<guided_job> first(const guided_book& book) const {
        return entry_ == 0 ? std::nullopt : std::optional(up_to(part / book[entry_].cost));
    }

    /// Gives up where the first part is not better than the faulty problem, beyond chance.
    void judge(const guided_book& book) {
        const double faulty = book.value_at(0, 1);
        if (!(book[entry_].last < faulty - book.chance(faulty))) {
            entry_ = 0;
        }
    }

    /// The trial of the next part; nothing where it is trained to its end or has failed, for want
    /// of budget, or where a whole training of another candidate was as good.
    [[nodiscard]] std::optional<guided_job> next(const guided_book& book, double left) {
        const guided_entry& e = book[entry_];
        bool wanted = entry_ != 0 && e.reached < 1 && std::isfinite(e.last) && cost(book) <= left;
        for (std::size_t i = 1; i < book.size(); ++i) {
            wanted = wanted && book.mean_of(i) > e.last;
        }
        if (!wanted) {
            entry_ = 0;
            return std::nullopt;
        }
        return up_to(e.reached + part / e.cost);
    }

    /// What it still costs, in trainings of the faulty problem.
    [[nodiscard]] double cost(const guided_book& book) const {
        return entry_ == 0 ? 0 : book.cost_to(entry_, 1);
    }

private:
    static constexpr double part = 4; ///< trainings of the faulty problem

    [[nodiscard]] guided_job up_to(double fidelity) const {
        return {entry_, std::min(1.0, fidelity), true};
    }

    std::size_t entry_ = 0; ///< 0: none
};

} // namespace mend
