// SPDX-License-Identifier: MIT
/// The progress of a search on stderr: a bar on a terminal, a line every few seconds otherwise.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <unistd.h>

#include <mend/core/text.hpp>
#include <mend/study/study.hpp>
#include <mend/train/score.hpp>

namespace mend::tool {

class progress_display {
public:
    explicit progress_display(bool quiet)
        : quiet_(quiet)
        , terminal_(isatty(STDERR_FILENO) != 0) {}

    progress_display(const progress_display&) = delete;
    progress_display& operator=(const progress_display&) = delete;

    ~progress_display() { clear(); }

    /// Knows the score once the repair does.
    void show(const study_progress& now, score_rule rule) {
        if (quiet_) {
            return;
        }
        constexpr double between = 5; // seconds
        if (!terminal_ && now.seconds - last_ < between) {
            return;
        }
        last_ = now.seconds;
        const double share = std::clamp(spent(now), 0.0, 1.0);
        std::string text = counted(now.told->size(), "trial") + ", " + fixed_text(now.cost, 1) +
                           " trainings, " + duration_text(now.seconds);
        if (now.best) {
            const double best = (*now.told)[*now.best].value();
            text += ", best " + std::string(rule.name()) + " " +
                    short_text(rule.higher_is_better() ? -best : best);
        }
        if (!terminal_) {
            std::fprintf(
                stderr, "mend: %s (%s of the budget)\n", text.c_str(), percent_text(share).c_str()
            );
            return;
        }
        constexpr int width = 30;
        const int filled = static_cast<int>(std::lround(share * width));
        const std::string bar = std::string(static_cast<std::size_t>(filled), '#') +
                                std::string(static_cast<std::size_t>(width - filled), '.');
        std::fprintf(stderr, "\r\033[K[%s] %s", bar.c_str(), text.c_str());
        std::fflush(stderr);
        shown_ = true;
    }

    /// Takes the bar away.
    void clear() {
        if (shown_) {
            std::fputs("\r\033[K", stderr);
            std::fflush(stderr);
            shown_ = false;
        }
    }

private:
    /// Share of the budget that is used up, by the limit that is nearest.
    [[nodiscard]] static double spent(const study_progress& now) {
        return std::max(
            {now.cost / now.limits.trainings,
             static_cast<double>(now.told->size()) / now.limits.trials,
             now.seconds / now.limits.seconds}
        );
    }

    bool quiet_;
    bool terminal_;
    bool shown_ = false;
    double last_ = 0;
};

/// The same for work that is counted: so many of so many items are done.
class count_display {
public:
    count_display()
        : terminal_(isatty(STDERR_FILENO) != 0) {}

    count_display(const count_display&) = delete;
    count_display& operator=(const count_display&) = delete;

    ~count_display() { clear(); }

    /// The text says what was done last; an empty one keeps the one before.
    void show(std::size_t done, std::size_t total, const std::string& text) {
        if (!text.empty()) {
            text_ = text;
        }
        first_ = first_ == none ? done - 1 : first_;
        const double passed = elapsed();
        constexpr double between = 5; // seconds
        if (!terminal_ && done < total && passed - last_ < between) {
            return;
        }
        last_ = passed;
        const double each = passed / static_cast<double>(done - first_);
        const std::string line = std::to_string(done) + " of " + std::to_string(total) + ", " +
                                 duration_text(each * static_cast<double>(total - done)) +
                                 " to go" + (text_.empty() ? "" : "; " + text_);
        std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "mend: %s\n", line.c_str());
        std::fflush(stderr);
        shown_ = terminal_;
    }

    void clear() {
        if (shown_) {
            std::fputs("\r\033[K", stderr);
            std::fflush(stderr);
            shown_ = false;
        }
    }

private:
    using clock = std::chrono::steady_clock;
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] double elapsed() const {
        return std::chrono::duration<double>(clock::now() - began_).count();
    }

    bool terminal_;
    bool shown_ = false;
    std::size_t first_ = none; ///< done before this process began
    clock::time_point began_ = clock::now();
    double last_ = 0;
    std::string text_;
};

} // namespace mend::tool
