// SPDX-License-Identifier: MIT
/// Search techniques by the names that the command line takes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/repair/autotrainer.hpp>
#include <mend/repair/guided.hpp>
#include <mend/repair/task.hpp>
#include <mend/search/bohb.hpp>
#include <mend/search/evolution.hpp>
#include <mend/search/genetic.hpp>
#include <mend/search/hebo.hpp>
#include <mend/search/random.hpp>
#include <mend/search/searcher.hpp>
#include <mend/search/sobol.hpp>
#include <mend/search/tpe.hpp>

namespace mend {

struct technique {
    std::string_view name;
    any_searcher (*make)(const repair_task&);
};

namespace detail {

template <searcher Searcher>
[[nodiscard]] any_searcher make_searcher(Searcher s, const repair_task& task) {
    prepare_for(s, task);
    return any_searcher(std::move(s));
}

} // namespace detail

/// All of them; the first is the default.
[[nodiscard]] inline const std::vector<technique>& techniques() {
    static const std::vector<technique> all{
        {"guided", [](const repair_task& task) { return detail::make_searcher(guided{}, task); }},
        {"random",
         [](const repair_task& task) { return detail::make_searcher(random_search{}, task); }},
        {"sobol", [](const repair_task& task) { return detail::make_searcher(sobol{}, task); }},
        {"genetic", [](const repair_task& task) { return detail::make_searcher(genetic{}, task); }},
        {"evolution",
         [](const repair_task& task) { return detail::make_searcher(evolution{}, task); }},
        {"tpe", [](const repair_task& task) { return detail::make_searcher(tpe{}, task); }},
        // Trainings have tens of epochs, which are the steps of fidelity; spaces of fixes have more
        // parameters than a budget pays for trials, which bounds what the model may wait for.
        {"bohb",
         [](const repair_task& task) {
             return detail::make_searcher(bohb{{.min_fidelity = 1.0 / 27, .min_points = 8}}, task);
         }},
        {"hebo", [](const repair_task& task) { return detail::make_searcher(hebo{}, task); }},
        {"autotrainer",
         [](const repair_task& task) { return detail::make_searcher(autotrainer{}, task); }},
    };
    return all;
}

/// "random, sobol, ...".
[[nodiscard]] inline std::string technique_list() {
    std::vector<std::string> names;
    for (const technique& t : techniques()) {
        names.emplace_back(t.name);
    }
    return join(names, ", ");
}

/// Throws usage_error for an unknown name.
[[nodiscard]] inline searcher_maker make_technique(std::string_view name) {
    for (const technique& t : techniques()) {
        if (t.name == name) {
            return t.make;
        }
    }
    throw usage_error(
        "--technique", "\"" + std::string(name) + "\" is not one of " + technique_list()
    );
}

} // namespace mend
