// SPDX-License-Identifier: MIT
/// What a searcher proposes, what came of it, and both together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <mend/record/curve.hpp>
#include <mend/record/signals.hpp>
#include <mend/space/space.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>

namespace mend {

/// What every told trial costs at least, in trainings: a search over failures alone ends too.
inline constexpr double minimum_trial_cost = 0.01;

/// How a training or another evaluation ended. All but `completed` carry no value.
enum class status : std::uint8_t {
    completed,
    nan,           ///< loss, weights or result became NaN
    diverged,      ///< the loss grew beyond all bounds
    unbuildable,   ///< the point is no valid problem
    deadline,      ///< took longer than one trial may
    stopped,       ///< told to stop from outside
    out_of_memory, ///< needed more memory than one trial may
};

inline constexpr std::array<std::string_view, 7> status_names{
    "completed", "nan", "diverged", "unbuildable", "deadline", "stopped", "out_of_memory"};

[[nodiscard]] constexpr std::string_view to_text(status s) noexcept {
    return status_names[static_cast<std::size_t>(s)];
}

[[nodiscard]] constexpr std::optional<status> find_status(std::string_view name) noexcept {
    for (std::size_t i = 0; i < status_names.size(); ++i) {
        if (status_names[i] == name) {
            return static_cast<status>(i);
        }
    }
    return std::nullopt;
}

/// A point to be tried, or a patch of the faulty problem.
struct proposal {
    /// No trial.
    static constexpr std::int64_t none = -1;

    std::int64_t id = 0; ///< 0, 1, 2, ... in the order of asking
    point at{};
    mend::patch patch{};            ///< of a searcher over problems; `at` is then the default point
    double fidelity = 1;            ///< (0, 1]: ceil(fidelity x the candidate's own epochs)
    std::uint64_t seed = 0;         ///< of everything random in the trial; the study sets it
    std::int64_t continues = none;  ///< told trial whose training, and seed, this one carries on
    double reached = 0;             ///< fidelity of that trial; the study sets it
    std::int64_t pairs_with = none; ///< told trial whose seed this one shares, to be compared

    friend bool operator==(const proposal&, const proposal&) = default;
};

/// What came of a proposal.
struct outcome {
    std::vector<double> values{}; ///< one per objective, minimised; empty unless completed
    double cost = 1;              ///< in trainings, see the design; >= 0
    mend::status status = mend::status::completed;
    training_curve curve{};
    mend::signals signals{};
    std::vector<document_member> attributes{}; ///< whatever else is to be kept with the trial

    friend bool operator==(const outcome& a, const outcome& b) {
        return a.values == b.values && a.cost == b.cost && a.status == b.status &&
               a.curve == b.curve && a.signals == b.signals && a.attributes == b.attributes;
    }
};

/// A failed evaluation.
[[nodiscard]] inline outcome failure(status why, double cost) {
    outcome failed;
    failed.cost = cost;
    failed.status = why;
    return failed;
}

/// A proposal that was evaluated.
struct trial {
    mend::proposal proposal{};
    mend::outcome outcome{};
    double seconds = 0; ///< wall clock

    [[nodiscard]] bool completed() const noexcept {
        return outcome.status == status::completed && !outcome.values.empty();
    }

    /// The first value; infinite for a trial that failed.
    [[nodiscard]] double value() const noexcept {
        return completed() ? outcome.values.front() : std::numeric_limits<double>::infinity();
    }

    friend bool operator==(const trial&, const trial&) = default;
};

/// Whether a completed trial is to be preferred: it has the higher fidelity, whatever the values,
/// since a part of a training says little of the whole; or the same and the smaller first value.
[[nodiscard]] inline bool is_better(const trial& a, const trial& b) noexcept {
    return a.proposal.fidelity != b.proposal.fidelity ? a.proposal.fidelity > b.proposal.fidelity
                                                      : a.value() < b.value();
}

/// Position of the best trial, the earliest of equals; nothing where none was completed.
[[nodiscard]] inline std::optional<std::size_t> find_best(const std::vector<trial>& told) noexcept {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < told.size(); ++i) {
        if (told[i].completed() && (!best || is_better(told[i], told[*best]))) {
            best = i;
        }
    }
    return best;
}

} // namespace mend
