// SPDX-License-Identifier: MIT
/// The experiment of the paper, all of it: faults x techniques x runs x spaces, kept in a folder.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/data/dataset.hpp>
#include <mend/eval/experiment.hpp>
#include <mend/fault/fault.hpp>
#include <mend/io/dataset.hpp>
#include <mend/io/journal.hpp>
#include <mend/io/study_folder.hpp>
#include <mend/repair/repair.hpp>
#include <mend/space/fix_domains.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/write.hpp>
#include <mend/study/parallel.hpp>
#include <mend/train/score.hpp>

namespace mend {

/// What is to be run.
struct study_plan {
    std::vector<fault> faults{}; ///< in the profile wanted
    std::string profile = "full";
    std::vector<experiment_technique> techniques{};
    std::vector<space_name> spaces{space_name::mend};
    std::size_t runs = 10;
    std::size_t baseline_runs = 20; ///< trainings of each faulty problem and each known fix
    int jobs = 1;                   ///< cells at a time; changes no result
    experiment_options options{};

    /// Called with every training of a baseline and every run that has ended, by one thread at a
    /// time: how many have, of how many, and the run.
    std::function<void(std::size_t, std::size_t, const experiment_run*)> progress{};

    /// Called with lines about files that were mended.
    std::function<void(const std::string&)> warn{};
};

/// What makes the results of a plan what they are, apart from its faults.
[[nodiscard]] inline std::vector<document_member> settings_of(const study_plan& plan) {
    return {
        {"profile", plan.profile},
        {"budget", plan.options.budget},
        {"seed", std::to_string(plan.options.seed)},
        {"baseline_runs", static_cast<std::int64_t>(plan.baseline_runs)},
        {"fresh_runs", static_cast<std::int64_t>(plan.options.fresh_runs)}};
}

/// Runs what the folder lacks of the plan, run 0 of everything first. False where it was
/// interrupted: the folder keeps every trial that was told. Throws what cells throw, and
/// file_error.
bool run_study_plan(const study_plan& plan, study_folder& folder);

namespace detail {

/// Datasets by their words and what problems take them for, each read once and kept until its last
/// user is done.
class shared_datasets {
public:
    void expect(const std::string& word, const problem& of) { ++entry_of(word, of).users; }

    /// Throws what read_dataset throws.
    [[nodiscard]] std::shared_ptr<const dataset> take(const std::string& word, const problem& of) {
        entry* mine = nullptr;
        {
            const std::lock_guard lock(mutex_);
            mine = &entry_of(word, of);
        }
        const std::lock_guard lock(mine->mutex);
        if (!mine->data) {
            mine->data = std::make_shared<const dataset>(read_dataset(word, of));
        }
        return mine->data;
    }

    void leave(const std::string& word, const problem& of) {
        const std::lock_guard lock(mutex_);
        entry& mine = entry_of(word, of);
        if (--mine.users == 0) {
            const std::lock_guard reading(mine.mutex);
            mine.data.reset();
        }
    }

private:
    struct entry {
        std::mutex mutex;
        std::shared_ptr<const dataset> data;
        std::size_t users = 0;
    };

    [[nodiscard]] entry& entry_of(const std::string& word, const problem& of) {
        return entries_[{word, predicts_number(of)}];
    }

    std::mutex mutex_;
    std::map<std::pair<std::string, bool>, entry> entries_;
};

/// One cell that is to be run.
struct planned_cell {
    const fault* broken;
    const experiment_technique* technique;
    space_name space;
    std::size_t run;
};

} // namespace detail

inline bool run_study_plan(const study_plan& plan, study_folder& folder) {
    const auto interrupted = [&] {
        return plan.options.interrupted != nullptr && plan.options.interrupted->load();
    };
    // One baseline training and one cell are an item of work each.
    std::vector<std::pair<const fault*, baseline_key>> trainings_wanted;
    std::vector<detail::planned_cell> cells;
    for (const fault& f : plan.faults) {
        for (const bool fixed : {false, true}) {
            for (std::size_t i = 0; i < plan.baseline_runs; ++i) {
                const baseline_key key{f.id, fixed, i};
                if (!folder.baselines().contains(key)) {
                    trainings_wanted.emplace_back(&f, key);
                }
            }
        }
    }
    for (std::size_t run = 0; run < plan.runs; ++run) {
        for (const fault& f : plan.faults) {
            for (const space_name space : plan.spaces) {
                for (const experiment_technique& technique : plan.techniques) {
                    experiment_run sought;
                    sought.fault = f.id;
                    sought.technique = technique.name;
                    sought.space = to_text(space);
                    sought.run = run;
                    const bool done =
                        std::any_of(folder.rows().begin(), folder.rows().end(), [&](const auto& r) {
                            return r.same_cell(sought);
                        });
                    if (!done) {
                        cells.push_back({&f, &technique, space, run});
                    }
                }
            }
        }
    }
    const std::size_t total =
        plan.faults.size() *
        (2 * plan.baseline_runs + plan.runs * plan.spaces.size() * plan.techniques.size());
    std::size_t done = total - trainings_wanted.size() - cells.size();
    std::mutex mutex;
    const auto tell = [&](const experiment_run* row) {
        const std::lock_guard lock(mutex);
        ++done;
        if (plan.progress) {
            plan.progress(done, total, row);
        }
    };

    detail::shared_datasets datasets;
    for (const auto& [f, key] : trainings_wanted) {
        datasets.expect(key.fixed ? f->data_of_fixed() : f->data, f->problem);
    }
    for (const detail::planned_cell& cell : cells) {
        datasets.expect(cell.broken->data, cell.broken->problem);
    }
    for_each_parallel(plan.jobs, trainings_wanted.size(), [&](std::size_t i) {
        const auto& [f, key] = trainings_wanted[i];
        if (interrupted()) {
            return;
        }
        const std::string& word = key.fixed ? f->data_of_fixed() : f->data;
        {
            const auto data = datasets.take(word, f->problem);
            if (!key.fixed || word == f->data) {
                folder.expect_data(f->id, data->name);
            }
            const score_rule rule = resolve_score(f->problem.compile.metrics, *data);
            const problem side = key.fixed ? apply(f->problem, f->fix) : f->problem;
            if (const auto score = baseline_score(side, *data, rule, key.run, plan.options)) {
                folder.append(key, *score);
                tell(nullptr);
            }
        }
        datasets.leave(word, f->problem);
    });
    for_each_parallel(plan.jobs, cells.size(), [&](std::size_t i) {
        const detail::planned_cell& cell = cells[i];
        const fault& f = *cell.broken;
        if (interrupted()) {
            return;
        }
        {
            const auto data = datasets.take(f.data, f.problem);
            folder.expect_data(f.id, data->name);
            std::optional<journal> file;
            if (cell.technique->run) {
                const score_rule rule = resolve_score(f.problem.compile.metrics, *data);
                const std::string seed = std::to_string(plan.options.seed + cell.run);
                file.emplace(
                    folder.cell_path(f.id, cell.technique->name, to_text(cell.space), cell.run),
                    repair_space(f.problem, *data, cell.space, f.space).over(),
                    journal_options{
                        .study = f.id + "/" + cell.technique->name + "/" + seed,
                        .maximize = {rule.higher_is_better()},
                        .settings =
                            {{"technique", cell.technique->name},
                             {"space", to_text(cell.space)},
                             {"seed", seed},
                             {"budget", plan.options.budget},
                             {"data", data->name},
                             {"problem", to_json(document_of(f.problem))}}}
                );
                if (!file->warning().empty() && plan.warn) {
                    const std::lock_guard lock(mutex);
                    plan.warn(file->warning());
                }
            }
            auto row = run_cell(
                f,
                *data,
                *cell.technique,
                cell.space,
                cell.run,
                folder.baseline_of(f.id),
                plan.options,
                file ? file->past() : std::vector<trial>{},
                file ? std::function<void(const trial&)>([&](const trial& t) { file->append(t); })
                     : nullptr
            );
            if (row) {
                folder.append(*row);
                tell(&*row);
            }
        }
        datasets.leave(f.data, f.problem);
    });
    return !interrupted();
}

} // namespace mend
