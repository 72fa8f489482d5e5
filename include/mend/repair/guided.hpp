// SPDX-License-Identifier: MIT
/// Guided: mend's own technique, a searcher over problems that takes small steps.
///
/// What the study of repair tools shows (Kim et al., ICST 2023): known fixes change one to three
/// hyperparameters, and a search over the whole space changes nearly all of them. Guided searches
/// around the faulty problem instead:
///
/// 1. Trial 0, the faulty problem. Its signals and curve complete a diagnosis. Where one or two
///    epochs are too few updates to learn anything from, that is tried next (longer.hpp).
/// 2. A race: the most likely steps (steps.hpp) by a learnt prior and the diagnosis
///    (guided_prior.hpp), those of common practice in everything among them, train a fraction of
///    their epochs with the seed of trial 0, so that chance is the same for all. The better third
///    goes on, and again, until some are trained to their end (successive halving, Jamieson and
///    Talwalkar 2016; a promotion pays the added epochs alone).
/// 3. More races around the winner, for as long as they gain more than chance would give: steps
///    that helped are combined, in the order of what an additive model of all trials expects.
/// 4. Confirmation: the best few train again with fresh seeds, as does the faulty problem; a rank
///    test and the means decide, so that luck is not called a fix.
/// 5. Minimisation (minimise.hpp): every change that is not needed is taken away, as long as nearly
///    all of what the patch gains stays (delta debugging, Zeller and Hildebrandt 2002).
///
/// Where nothing beats both the faulty problem and a constant answer, after the races or once it is
/// confirmed, what is left of the budget goes into another bracket: races that begin with more
/// epochs, as in Hyperband (Li et al. 2018), of the next candidates and of those left behind. In
/// races, and in what is learnt from them, accuracies no better than a constant answer's are all
/// equal: differences between them are no progress.
///
/// Failed trials are the worst of their rung. Where nothing proves better than the faulty problem,
/// that is what is recommended. All is a function of the seed and what was told.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/record/check.hpp>
#include <mend/record/trial.hpp>
#include <mend/repair/data_facts.hpp>
#include <mend/repair/diagnose.hpp>
#include <mend/repair/guided_book.hpp>
#include <mend/repair/guided_options.hpp>
#include <mend/repair/guided_prior.hpp>
#include <mend/repair/longer.hpp>
#include <mend/repair/minimise.hpp>
#include <mend/repair/step_traits.hpp>
#include <mend/repair/steps.hpp>
#include <mend/repair/task.hpp>
#include <mend/search/searcher.hpp>
#include <mend/space/fix_space.hpp>

namespace mend {

class guided {
public:
    guided()
        : guided(guided_options{}) {}

    explicit guided(guided_options options)
        : options_(options) {
        MEND_EXPECTS(options.width > 0, "at least one proposal may be open");
        MEND_EXPECTS(options.keep > 1, "a race leaves some behind");
        MEND_EXPECTS(options.first_fidelity > 0 && options.first_fidelity <= 1, "a fidelity");
    }

    /// Copies what it needs of the task.
    void prepare(const repair_task& task) {
        space_ = std::make_shared<fix_space>(task.space);
        facts_ = facts_of(task.data, task.parts);
        facts_.test = {}; // no search sees the test part, its range included
        score_ = task.score;
        rows_ = task.parts.train.size();
        validation_rows_ = task.parts.validation.size();
        constant_ = constant_cost(task);
        budget_ = std::isfinite(task.budget) ? task.budget : 20;
        findings_ = mend::diagnose(task.faulty, facts_);
    }

    /// Requires `prepare`, and the space of that task.
    void start(const space& over, std::uint64_t) {
        MEND_EXPECTS(space_ != nullptr, "guided is told what to repair before it starts");
        MEND_EXPECTS(over == space_->over(), "the space of the repair");
        book_ = guided_book(space_, score_, rows_, validation_rows_, constant_);
        now_ = stage::faulty;
        queue_.assign(1, {0, 1, true});
        asked_.clear();
        open_ = 0;
        spent_ = 0;
        races_ = 0;
        brackets_ = 0;
        exhausted_ = false;
        winner_ = 0;
        longer_ = {};
    }

    [[nodiscard]] int width() const noexcept { return options_.width; }

    [[nodiscard]] std::optional<proposal> ask() {
        while (queue_.empty() && open_ == 0 && now_ != stage::done) {
            plan();
        }
        if (queue_.empty()) {
            return std::nullopt;
        }
        const guided_job job = queue_.front();
        queue_.erase(queue_.begin());
        const guided_entry& e = book_[job.entry];
        proposal made;
        made.id = static_cast<std::int64_t>(asked_.size());
        made.at = e.at;
        made.fidelity = job.fidelity;
        if (job.common && e.reached > 0) {
            made.continues = e.common;
        } else if (job.common && made.id > 0 && options_.pair_seeds) {
            made.pairs_with = 0;
        }
        asked_.push_back(job);
        ++open_;
        return made;
    }

    void tell(const trial& done) {
        --open_;
        spent_ += done.outcome.cost;
        book_.record(asked_[static_cast<std::size_t>(done.proposal.id)], done);
        if (done.proposal.id == 0 && options_.diagnose) {
            findings_ = mend::diagnose(
                space_->faulty(),
                facts_,
                {score_, done.outcome.status, done.outcome.curve, find_checks(done.outcome.signals)}
            );
        }
    }

    /// The trial that stands for what was found; trial 0 where that is nothing, once it was told.
    [[nodiscard]] std::optional<std::int64_t> recommend() const {
        if (book_.size() == 0 || book_[book_.chosen()].whole == proposal::none) {
            return std::nullopt;
        }
        return book_[book_.chosen()].whole;
    }

    /// What the diagnosis found, with that of trial 0 once it was told.
    [[nodiscard]] const std::vector<finding>& findings() const noexcept { return findings_; }

private:
    enum class stage : std::uint8_t { faulty, longer, race, confirm, minimise, done };

    void plan();
    void plan_longer();
    bool go_on_longer();
    void plan_race();
    void next_rung();
    void end_race();
    bool go_deeper();
    void plan_confirmation();
    void end_confirmation();
    void plan_minimisation();
    void continue_minimisation();

    [[nodiscard]] std::vector<std::size_t> candidates();

    [[nodiscard]] double left() const noexcept { return budget_ - spent_; }

    [[nodiscard]] double first_rung() const {
        const fit_spec& fit = space_->faulty().fit;
        const auto steps = static_cast<double>((rows_ + fit.batch_size - 1) / fit.batch_size);
        const double least = std::ceil(options_.first_steps / std::max(1.0, steps));
        const double share = std::max(1.0, least) / static_cast<double>(fit.epochs);
        return options_.race ? std::min(1.0, std::max(options_.first_fidelity, share)) : 1.0;
    }

    /// The part of the budget that races leave to what follows.
    [[nodiscard]] double kept_back() const {
        const double reserve = options_.reserve * budget_;
        return brackets_ == 0 ? reserve : std::min(reserve, 0.3 * left());
    }

    guided_options options_;
    std::shared_ptr<const fix_space> space_;
    data_facts facts_;
    score_rule score_{};
    std::int64_t rows_ = 0;
    std::int64_t validation_rows_ = 0;
    double constant_ = 0; ///< see guided_book
    double budget_ = 20;
    std::vector<finding> findings_;

    guided_book book_;
    stage now_ = stage::faulty;
    std::vector<guided_job> queue_;
    std::vector<guided_job> asked_; ///< of each trial
    int open_ = 0;
    double spent_ = 0;
    int races_ = 0;
    int brackets_ = 0;                ///< that found nothing
    bool exhausted_ = false;          ///< there is nothing left to race
    std::size_t winner_ = 0;          ///< the base of the next race
    std::vector<std::size_t> racing_; ///< still in the race
    double rung_ = 0;                 ///< fidelity that they run to
    longer_training longer_;
    patch_minimiser minimiser_;
};

static_assert(searcher<guided>);
static_assert(problem_searcher<guided>);

inline void guided::plan() {
    switch (now_) {
    case stage::faulty:
        plan_longer();
        break;
    case stage::longer:
        longer_.judge(book_);
        plan_race();
        break;
    case stage::race:
        next_rung();
        break;
    case stage::confirm:
        end_confirmation();
        break;
    case stage::minimise:
        continue_minimisation();
        break;
    case stage::done:
        break;
    }
}

inline void guided::plan_longer() {
    if (options_.longer && options_.diagnose) {
        const double most = std::min(options_.long_share * budget_, left());
        const bool labels = facts_.is_classification();
        longer_ = longer_training(book_, findings_, options_.long_from, labels, rows_, most);
    }
    if (const auto job = longer_.first(book_)) {
        now_ = stage::longer;
        queue_.push_back(*job);
    } else {
        plan_race();
    }
}

inline bool guided::go_on_longer() {
    const auto job = longer_.next(book_, left());
    if (job) {
        now_ = stage::race;
        racing_.clear();
        queue_.push_back(*job);
    }
    return job.has_value();
}

/// Entries around the winner that have not been tried, the most promising per cost first.
inline std::vector<std::size_t> guided::candidates() {
    const bool scaled = facts_.train.low >= -10 && facts_.train.high <= 10;
    const std::size_t known = book_.size();
    const point base = book_[winner_].at;
    const problem from = space_->apply(base);
    for (const step& s : steps_from(*space_, base, facts_.is_classification(), scaled)) {
        if (const auto to = take_step(*space_, base, s)) {
            const step_traits traits = traits_of(from, space_->apply(*to), rows_);
            book_.add(*to, step_prior(s.kind, findings_, traits, options_.diagnose));
        }
    }
    for (std::size_t i = 1; winner_ != 0 && i < known; ++i) { // what helped elsewhere, on top
        if (i != winner_ && book_[i].last < book_.value_at(0, book_[i].reached)) {
            book_.add_sum(winner_, i);
        }
    }
    std::vector<std::pair<double, std::size_t>> ranked;
    for (std::size_t i = 1; i < book_.size(); ++i) {
        const guided_entry& e = book_[i];
        if (e.reached < rung_ && e.values.empty() && std::isfinite(e.cost) &&
            (e.reached == 0 || (brackets_ > 0 && std::isfinite(e.last)))) {
            double weight = e.prior - std::log(std::max(e.cost, 0.05));
            weight += races_ > 0 && options_.surrogate ? 4 * book_.expected_gain(i) : 0;
            ranked.emplace_back(-weight, i);
        }
    }
    std::stable_sort(ranked.begin(), ranked.end());
    std::vector<std::size_t> order;
    for (const auto& [weight, i] : ranked) {
        order.push_back(i);
    }
    return order;
}

inline void guided::plan_race() {
    double share = races_ == 0      ? options_.first_share * budget_
                   : brackets_ == 0 ? 0.6 * (left() - kept_back())
                                    : left() - kept_back();
    share = std::min(share, left() - longer_.cost(book_));
    rung_ = std::min(1.0, first_rung() * std::pow(options_.keep, brackets_));
    racing_.clear();
    // A candidate's expected way: each rung is reached by one in `keep` of those before.
    double way = 0;
    double reach = 1;
    double from = 0;
    for (double f = rung_; from < 1; f = std::min(1.0, f * options_.keep)) {
        way += reach * (f - from);
        reach /= options_.keep;
        from = f;
    }
    double planned = 0;
    for (const std::size_t i : candidates()) {
        const double cost = book_[i].cost * way;
        if (planned + cost <= share) {
            planned += cost;
            racing_.push_back(i);
        } else if (racing_.size() >= 2) {
            break;
        }
    }
    if (racing_.empty()) {
        exhausted_ = brackets_ > 0 && rung_ >= 1;
        if (!go_on_longer() && !go_deeper()) {
            plan_confirmation();
        }
        return;
    }
    now_ = stage::race;
    for (const std::size_t i : racing_) {
        queue_.push_back({i, rung_, true});
    }
}

inline void guided::next_rung() {
    book_.rank(racing_);
    if (rung_ >= 1 || racing_.empty()) {
        end_race();
        return;
    }
    const auto kept = static_cast<std::size_t>(
        std::max(2.0, std::ceil(static_cast<double>(racing_.size()) / options_.keep))
    );
    book_.keep_leaders(racing_, kept, rung_);
    rung_ = std::min(1.0, rung_ * options_.keep);
    std::vector<std::size_t> going;
    double available = left();
    for (const std::size_t i : racing_) {
        const double cost = book_.cost_to(i, rung_);
        if (cost <= available) {
            available -= cost + (going.empty() ? 0.5 * kept_back() : 0);
            going.push_back(i);
            queue_.push_back({i, rung_, true});
        } else if (!going.empty()) {
            break;
        }
    }
    racing_ = std::move(going);
    if (racing_.empty()) {
        end_race();
    }
}

inline void guided::end_race() {
    if (go_on_longer()) {
        return;
    }
    ++races_;
    book_.learn();
    std::size_t best = winner_;
    for (std::size_t i = 0; i < book_.size(); ++i) {
        best = book_.mean_of(i) < book_.mean_of(best) ? i : best;
    }
    const double before = book_.told(book_.mean_of(winner_));
    const auto is_gain = [&](std::size_t i) {
        return book_.told(book_.mean_of(i)) < before - book_.spared(before);
    };
    const bool gained = is_gain(best);
    // Of those that chance does not tell apart from the best, the simplest goes on.
    const double limit = book_.mean_of(best) + book_.spared(book_.mean_of(best));
    std::size_t simplest = best;
    for (std::size_t i = 1; i < book_.size(); ++i) {
        if (book_.mean_of(i) <= limit && is_gain(i) &&
            book_[i].complexity < book_[simplest].complexity) {
            simplest = i;
        }
    }
    winner_ = gained ? simplest : winner_;
    const bool more = left() > kept_back() + 1;
    if (options_.combine && more && !book_.is_perfect(book_.mean_of(winner_)) &&
        (gained || winner_ == 0 || races_ < 2)) {
        plan_race();
    } else if (!go_deeper()) {
        plan_confirmation();
    }
}

/// Where nothing has learned, another bracket: more of the budget for each candidate. False where
/// what would be recommended has, or there is nothing left to race.
inline bool guided::go_deeper() {
    const bool done = book_.is_perfect(book_.mean_of(0)) || book_.has_learned(book_.chosen());
    if (!options_.brackets || exhausted_ || left() <= 2 || done) {
        return false;
    }
    ++brackets_;
    winner_ = 0;
    plan_race();
    return true;
}

inline void guided::plan_confirmation() {
    now_ = stage::confirm;
    std::vector<std::size_t> finalists;
    for (std::size_t i = 1; i < book_.size(); ++i) {
        if (book_.beats_faulty(i)) {
            finalists.push_back(i);
        }
    }
    std::stable_sort(finalists.begin(), finalists.end(), [this](std::size_t a, std::size_t b) {
        return book_.mean_of(a) < book_.mean_of(b);
    });
    const auto first = std::find(finalists.begin(), finalists.end(), book_.chosen());
    if (first != finalists.end()) {
        std::rotate(finalists.begin(), first, first + 1);
    }
    finalists.resize(std::min<std::size_t>(finalists.size(), 3));
    double available = left();
    for (int round = 0; round < options_.confirmations && !finalists.empty(); ++round) {
        for (std::size_t k = 0; k < finalists.size(); ++k) {
            const double cost = book_[finalists[k]].cost;
            if (cost <= (k == 0 ? 1.0 : 0.6) * available) {
                available -= cost;
                queue_.push_back({finalists[k], 1, false});
            }
        }
        // A faulty problem that lies far behind needs no second look.
        const double gap = book_.mean_of(0) - book_.mean_of(finalists.front());
        if (gap < 6 * book_.chance(book_.mean_of(0)) && available > 2) {
            available -= 1;
            queue_.push_back({0, 1, false});
        }
    }
    if (queue_.empty()) {
        end_confirmation();
    }
}

inline void guided::end_confirmation() {
    if (!go_deeper()) {
        plan_minimisation();
    }
}

inline void guided::plan_minimisation() {
    const std::size_t whole = book_.chosen();
    if (!options_.minimise || whole == 0 || book_[whole].complexity < 2) {
        now_ = stage::done;
        return;
    }
    // The shortest training in which the patch already shows, well beyond chance.
    double fidelity = first_rung();
    while (fidelity < 1) {
        const double value = book_.value_at(whole, fidelity);
        if (book_.value_at(0, fidelity) - value > 4 * book_.chance(value)) {
            break;
        }
        fidelity = std::min(1.0, fidelity * options_.keep);
    }
    now_ = stage::minimise;
    minimiser_ = patch_minimiser(whole, fidelity);
    continue_minimisation();
}

/// Once the patch is as small as it gets, that trains to its end, and again with a fresh seed where
/// the budget allows; the book then chooses between it and the whole.
inline void guided::continue_minimisation() {
    const std::size_t smallest = minimiser_.smallest();
    queue_ = minimiser_.next(book_, left() - book_[smallest].cost);
    if (!queue_.empty()) {
        return;
    }
    now_ = stage::done;
    const std::size_t least = minimiser_.smallest();
    if (least == minimiser_.whole() || !book_[least].values.empty()) {
        return;
    }
    const double whole = book_.cost_to(least, 1);
    if (whole <= left()) {
        queue_.push_back({least, 1, true});
        if (whole + book_[least].cost <= left()) {
            queue_.push_back({least, 1, false});
        }
    }
}

} // namespace mend
