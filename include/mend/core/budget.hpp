// SPDX-License-Identifier: MIT
/// What a search may spend, as strong types, and what is left of it.
#pragma once

#include <cstdint>
#include <limits>

namespace mend {

/// Cost in full trainings of the faulty problem (design: "Cost"); may be fractional.
struct trainings {
    double count = 0;

    constexpr explicit trainings(double count_) noexcept
        : count(count_) {}
};

/// Number of told trials.
struct trials {
    std::int64_t count = 0;

    constexpr explicit trials(std::int64_t count_) noexcept
        : count(count_) {}
};

/// Wall-clock time.
struct seconds {
    double count = 0;

    constexpr explicit seconds(double count_) noexcept
        : count(count_) {}
};

/// Limits of a search; whichever is reached first ends it. Each limit is infinite until set.
struct budget {
    static constexpr double unlimited = std::numeric_limits<double>::infinity();

    double trainings = unlimited;
    double trials = unlimited;
    double seconds = unlimited;

    constexpr budget() noexcept = default;

    constexpr budget(mend::trainings limit) noexcept
        : trainings(limit.count) {}

    constexpr budget(mend::trials limit) noexcept
        : trials(static_cast<double>(limit.count)) {}

    constexpr budget(mend::seconds limit) noexcept
        : seconds(limit.count) {}

    /// Both limits at once: `trainings(20) & seconds(60)`.
    friend constexpr budget operator&(const budget& a, const budget& b) noexcept {
        budget both;
        both.trainings = a.trainings < b.trainings ? a.trainings : b.trainings;
        both.trials = a.trials < b.trials ? a.trials : b.trials;
        both.seconds = a.seconds < b.seconds ? a.seconds : b.seconds;
        return both;
    }

    friend constexpr bool operator==(const budget&, const budget&) noexcept = default;
};

[[nodiscard]] constexpr bool is_limited(const budget& b) noexcept { return b != budget{}; }

} // namespace mend
