// SPDX-License-Identifier: MIT
/// What was published of faults, as their JSON says it: to stand beside an experiment's results.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/eval/experiment_summary.hpp>
#include <mend/eval/improvement.hpp>
#include <mend/fault/fault.hpp>
#include <mend/spec/document.hpp>
#include <mend/stats/summary.hpp>

namespace mend {

/// What was published of a fault at a budget by one technique.
struct published_result {
    std::string technique;
    double mean = 0; ///< holdout score over the runs
    double deviation = 0;
    double rate = 0; ///< improvement rate, not clipped
    double complexity = 0;
    double normalised_complexity = 0;
    double jaccard = 0;
};

struct published_fault {
    std::string id;
    double faulty = 0;
    double fixed = 0;
    std::vector<published_result> results{};

    [[nodiscard]] const published_result* find(std::string_view technique) const noexcept {
        for (const published_result& r : results) {
            if (r.technique == technique) {
                return &r;
            }
        }
        return nullptr;
    }
};

/// What faults say was published of them for a budget; faults that say nothing are left out.
[[nodiscard]] std::vector<published_fault>
published_of(std::span<const fault> faults, double budget);

namespace detail {

[[nodiscard]] inline double number_of(const document& from, const char* key) {
    const document* value = from.find(key);
    return value != nullptr && value->is_number() ? value->as_number()
                                                  : std::numeric_limits<double>::quiet_NaN();
}

/// Techniques for which anything was published.
[[nodiscard]] inline std::vector<std::string>
published_techniques(std::span<const published_fault> published) {
    std::vector<std::string> names;
    for (const published_fault& f : published) {
        for (const published_result& r : f.results) {
            add_unique(names, r.technique);
        }
    }
    return names;
}

/// The published mean over the counted faults of something that every result has.
[[nodiscard]] inline double published_mean(
    const experiment_summary& all,
    std::span<const published_fault> published,
    const std::string& technique,
    double published_result::*member,
    bool clip
) {
    std::vector<double> numbers;
    for (const published_fault& f : published) {
        const published_result* r = f.find(technique);
        const bool counts =
            std::find(all.counted.begin(), all.counted.end(), f.id) != all.counted.end();
        if (r != nullptr && counts && !std::isnan(r->*member)) {
            numbers.push_back(clip ? clipped_rate(r->*member) : r->*member);
        }
    }
    return mean(numbers);
}

} // namespace detail

inline std::vector<published_fault> published_of(std::span<const fault> faults, double budget) {
    std::vector<published_fault> found;
    for (const fault& f : faults) {
        const document* published = f.source.find("published");
        if (published == nullptr) {
            continue;
        }
        published_fault one{
            f.id, detail::number_of(*published, "faulty"), detail::number_of(*published, "fixed")};
        const document* results = published->find("results");
        for (std::size_t i = 0; results != nullptr && results->is_array() && i < results->size();
             ++i) {
            const document& r = results->items()[i];
            const document* technique = r.find("technique");
            if (detail::number_of(r, "budget") != budget || technique == nullptr ||
                !technique->is_string()) {
                continue;
            }
            one.results.push_back(
                {technique->as_string(),
                 detail::number_of(r, "mean"),
                 detail::number_of(r, "std"),
                 detail::number_of(r, "improvement_rate"),
                 detail::number_of(r, "complexity"),
                 detail::number_of(r, "normalised_complexity"),
                 detail::number_of(r, "asymmetric_jaccard")}
            );
        }
        found.push_back(std::move(one));
    }
    return found;
}

} // namespace mend
