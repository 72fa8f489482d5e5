// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/minimise.hpp>
#include <mend/repair/repair.hpp>

#include "blobs.hpp"

namespace repair_minimise_tests {

namespace {

/// A book whose trials are pretended: an entry that changes all of `needed` has the accuracy 0.9,
/// any other 0.3. With a bonus it is 0.6, and that much more with the bonus' change.
struct pretended {
    std::shared_ptr<mend::fix_space> space;
    mend::guided_book book;
    std::set<std::size_t> needed;
    std::pair<std::size_t, double> bonus{SIZE_MAX, 0}; ///< what one more change adds
    std::int64_t trials = 0;
    double cost = 0;

    explicit pretended(std::set<std::size_t> needed_)
        : space(std::make_shared<mend::fix_space>(
              mend::repair_space(mend::test::blobs_problem(100), mend::test::blobs_data())
          ))
        , book(space, {mend::score_kind::accuracy}, 200, 100000)
        , needed(std::move(needed_)) {}

    void train(const mend::guided_job& job) {
        std::size_t met = 0;
        for (const mend::guided_change& change : book[job.entry].changes) {
            met += needed.contains(change.first);
        }
        double accuracy = met == needed.size() ? (bonus.second > 0 ? 0.6 : 0.9) : 0.3;
        for (const mend::guided_change& change : book[job.entry].changes) {
            accuracy += bonus.first == change.first && met == needed.size() ? bonus.second : 0;
        }
        mend::trial done;
        done.proposal.id = trials++;
        done.proposal.fidelity = job.fidelity;
        const auto epochs = std::ceil(job.fidelity * static_cast<double>(book[job.entry].epochs));
        done.outcome.curve.assign(static_cast<std::size_t>(epochs), {{1, accuracy}, {1, accuracy}});
        done.outcome.values = {-accuracy};
        cost += book.cost_to(job.entry, job.fidelity);
        book.record(job, done);
    }

    /// An entry with another value in each of these parameters.
    std::size_t changed(const std::set<std::size_t>& parameters) {
        std::vector<double> raw = space->standard();
        for (const std::size_t i : parameters) {
            raw[i] = space->over().parameters()[i].kind == mend::parameter_kind::real
                         ? 0.01
                         : (raw[i] == 0 ? 1 : 0);
        }
        return book.add(space->over().make_point(std::move(raw)), 0);
    }

    std::size_t minimised(std::size_t whole, double budget) {
        train({whole, 1, true});
        mend::patch_minimiser m(whole, 0.5);
        for (auto jobs = m.next(book, budget - cost); !jobs.empty();
             jobs = m.next(book, budget - cost)) {
            for (const mend::guided_job& job : jobs) {
                train(job);
            }
        }
        return m.smallest();
    }
};

/// The parameters that exist in the faulty problem.
std::vector<std::size_t> present(const mend::fix_space& space) {
    std::vector<std::size_t> found;
    const mend::point at = *space.over().default_point();
    for (std::size_t i = 0; i < at.size(); ++i) {
        const std::string& name = space.over().parameters()[i].name;
        if (at[i].exists() && name != "epochs" && name.find("repeat") == std::string::npos &&
            name != "optimizer" && name != "loss") {
            found.push_back(i);
        }
    }
    return found;
}

} // namespace

TEST_CASE("minimise: what is left is what is needed, whichever changes those are") {
    const std::vector<std::size_t> all = present(*pretended({}).space);
    REQUIRE(all.size() >= 6);
    const std::set<std::size_t> six(all.begin(), all.begin() + 6);
    for (const std::set<std::size_t>& needed :
         {std::set<std::size_t>{all[0]},
          std::set<std::size_t>{all[5]},
          std::set<std::size_t>{all[1], all[4]},
          std::set<std::size_t>{all[0], all[2], all[5]},
          six}) {
        pretended task(needed);
        const std::size_t smallest = task.minimised(task.changed(six), 1000);
        std::set<std::size_t> left;
        for (const mend::guided_change& change : task.book[smallest].changes) {
            left.insert(change.first);
        }
        CHECK(left == needed);
    }
}

TEST_CASE("minimise: kinds of changes that can be spared are found one by one and left out together"
) {
    const auto at = [](const pretended& task, const std::string& name) {
        const std::vector<mend::parameter>& all = task.space->over().parameters();
        const auto found = std::find_if(all.begin(), all.end(), [&](const mend::parameter& p) {
            return p.name == name;
        });
        REQUIRE(found != all.end());
        return static_cast<std::size_t>(found - all.begin());
    };
    const pretended any({});
    const std::size_t rate = at(any, "learning_rate");
    const std::size_t batch = at(any, "batch_size");
    const std::size_t hidden = at(any, "layers[0].activation");
    const std::size_t output = at(any, "layers[1].activation");
    const std::set<std::size_t> all{rate, batch, hidden, output};
    pretended task({rate});
    const std::size_t whole = task.changed(all);
    std::set<std::set<std::size_t>> first_left_out;
    for (const mend::guided_job& job : mend::patch_minimiser(whole, 0.5).next(task.book, 1000)) {
        std::set<std::size_t> without = all;
        for (const mend::guided_change& change : task.book[job.entry].changes) {
            without.erase(change.first);
        }
        first_left_out.insert(without);
    }
    CHECK(first_left_out == std::set<std::set<std::size_t>>{{rate}, {batch}, {hidden, output}});
    const std::size_t smallest = task.minimised(whole, 1000);
    CHECK(task.book[smallest].changes.size() == 1);
    CHECK(task.book[smallest].changes.front().first == rate);
    // The whole; without the rate, the batches, the activations; without the last two.
    CHECK(task.trials == 5);
    // Activations are one kind, but one of them may be spared.
    pretended half({rate, output});
    const std::size_t two = half.minimised(half.changed({rate, batch, hidden, output}), 1000);
    CHECK(half.book[two].changes.size() == 2);
    CHECK(half.book[two].changes == half.book[half.changed({rate, output})].changes);
}

TEST_CASE("minimise: a change that gives less than a tenth of the gain is no part of the patch") {
    const std::vector<std::size_t> all = present(*pretended({}).space);
    for (const double worth : {0.01, 0.05}) {
        pretended task({all[0]});
        task.bonus = {all[1], worth};
        task.train({0, 1, true}); // what is gained is known
        const std::size_t smallest = task.minimised(task.changed({all[0], all[1]}), 1000);
        CHECK(task.book[smallest].changes.size() == (worth < 0.03 ? 1 : 2));
    }
}

TEST_CASE("minimise: it keeps to what may be spent") {
    const std::vector<std::size_t> all = present(*pretended({}).space);
    pretended task({all[0]});
    const std::set<std::size_t> six(all.begin(), all.begin() + 6);
    static_cast<void>(task.minimised(task.changed(six), 3));
    CHECK(task.cost <= 3);
}

} // namespace repair_minimise_tests
