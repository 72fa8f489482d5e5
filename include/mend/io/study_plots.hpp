// SPDX-License-Identifier: MIT
/// The pictures of an experiment: box plots, critical differences, best score against work.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/eval/experiment.hpp>
#include <mend/eval/experiment_summary.hpp>
#include <mend/io/svg.hpp>
#include <mend/stats/summary.hpp>
#include <mend/train/score.hpp>

namespace mend {

/// A row of a box plot.
struct box_row {
    std::string name;
    std::string kind;                ///< class of its colour
    std::vector<double> values{};    ///< numbers
    std::vector<std::string> tips{}; ///< what each value is, or none
};

/// Horizontal box plots, one row each: quartiles, whiskers to the last value within 1.5 times their
/// distance, all values as dots, the mean as a rhombus. The axis goes from `low` to `high`.
[[nodiscard]] std::string box_plot(
    std::string_view title,
    const std::vector<box_row>& rows,
    double low,
    double high,
    std::string_view axis
);

/// Mean ranks on a line, the best on the left; those that a bar joins do not differ significantly
/// (Demsar 2006).
[[nodiscard]] std::string difference_plot(
    std::string_view title, const std::vector<std::pair<std::string, double>>& ranks, double least
);

/// A line of best scores so far.
struct course_line {
    std::string kind;                 ///< class of its colour
    std::vector<course_step> steps{}; ///< in the order of cost
};

/// The mean over runs of the best score so far, from where all of them have one.
[[nodiscard]] std::vector<course_step>
mean_course(const std::vector<const experiment_run*>& runs, double budget);

/// Best scores against work, one panel. `known`: scores to mark by a level line, with their words.
[[nodiscard]] std::string course_plot(
    std::string_view title,
    const std::vector<course_line>& lines,
    const std::vector<std::pair<double, std::string>>& known,
    double budget,
    std::string_view axis
);

inline std::string box_plot(
    std::string_view title,
    const std::vector<box_row>& rows,
    double low,
    double high,
    std::string_view axis
) {
    constexpr double width = 460, left = 88, right = 16, top = 8, step = 30, bottom = 40;
    const double height = top + step * static_cast<double>(rows.size()) + bottom;
    svg picture(width, height, title);
    const auto x = [&](double value) {
        return left + (value - low) / (high - low) * (width - left - right);
    };
    for (const double tick : round_ticks(low, high, 5)) {
        picture.line(x(tick), top, x(tick), height - bottom, "grid");
        picture.label(x(tick), height - bottom + 16, "middle", short_text(tick));
    }
    picture.label((left + width - right) / 2, height - 6, "middle", axis);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const box_row& row = rows[r];
        const double middle = top + step * (static_cast<double>(r) + 0.5);
        picture.label(left - 10, middle + 4, "end", row.name);
        if (row.values.empty()) {
            picture.label(left + 6, middle + 4, "start", "none", "quiet");
            continue;
        }
        const double q1 = quantile(row.values, 0.25);
        const double q3 = quantile(row.values, 0.75);
        double first = q1;
        double last = q3;
        for (const double v : row.values) {
            first = v >= q1 - 1.5 * (q3 - q1) ? std::min(first, v) : first;
            last = v <= q3 + 1.5 * (q3 - q1) ? std::max(last, v) : last;
        }
        picture.line(x(first), middle, x(last), middle, "whisker " + row.kind);
        picture.box(x(q1), middle - 8, std::max(x(q3) - x(q1), 0.5), 16, "box " + row.kind);
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            // Spread over the height of the box, the same in every run of the program.
            const double shift = static_cast<double>((i * 5) % 9) - 4;
            picture.dot(
                x(row.values[i]),
                middle + 1.5 * shift,
                2,
                "dot " + row.kind,
                i < row.tips.size() ? row.tips[i] : std::string_view{}
            );
        }
        const double centre = median(row.values);
        picture.line(x(centre), middle - 9, x(centre), middle + 9, "median " + row.kind);
        const double average = x(mean(row.values));
        picture.path(
            "M" + svg::at(average - 5) + " " + svg::at(middle) + "l5 -5l5 5l-5 5z",
            "mean " + row.kind
        );
    }
    return picture.text();
}

inline std::string difference_plot(
    std::string_view title, const std::vector<std::pair<std::string, double>>& ranks, double least
) {
    constexpr double width = 500, side = 116, axis = 58, step = 20;
    auto sorted = ranks;
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
    });
    const std::size_t count = sorted.size();
    const std::size_t half = (count + 1) / 2;
    const auto highest = static_cast<double>(count);
    const auto x = [&](double rank) {
        return side + (rank - 1) / (highest - 1) * (width - 2 * side);
    };
    // Runs of techniques that do not differ, each within no other.
    std::vector<std::pair<std::size_t, std::size_t>> groups;
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t j = i;
        while (j + 1 < count && sorted[j + 1].second - sorted[i].second < least) {
            ++j;
        }
        if (j > i && (groups.empty() || groups.back().second < j)) {
            groups.emplace_back(i, j);
        }
    }
    const double first_label = axis + 14 + 8 * static_cast<double>(groups.size()) + 12;
    const double height = first_label + step * static_cast<double>(half);
    svg picture(width, height, title);
    picture.line(x(1), axis, x(highest), axis, "axis");
    for (double rank = 1; rank <= highest; ++rank) {
        picture.line(x(rank), axis - 5, x(rank), axis, "axis");
        picture.label(x(rank), axis - 10, "middle", short_text(rank));
    }
    const double ruler = std::min(x(1 + least), width - 4);
    picture.line(x(1), 18, ruler, 18, "group");
    picture.label((x(1) + ruler) / 2, 12, "middle", "critical difference " + fixed_text(least, 2));
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const double y = axis + 10 + 8 * static_cast<double>(g);
        picture.line(
            x(sorted[groups[g].first].second) - 4,
            y,
            x(sorted[groups[g].second].second) + 4,
            y,
            "group"
        );
    }
    for (std::size_t i = 0; i < count; ++i) {
        const bool on_left = i < half;
        const std::size_t down = on_left ? i : count - 1 - i;
        const double y = first_label + step * static_cast<double>(down);
        const double at = x(sorted[i].second);
        const double end = on_left ? side - 10 : width - side + 10;
        picture.path(
            "M" + svg::at(at) + " " + svg::at(axis) + "V" + svg::at(y) + "H" + svg::at(end), "stem"
        );
        picture.label(
            on_left ? end - 4 : end + 4,
            y + 4,
            on_left ? "end" : "start",
            sorted[i].first + " " + fixed_text(sorted[i].second, 1)
        );
    }
    return picture.text();
}

inline std::vector<course_step>
mean_course(const std::vector<const experiment_run*>& runs, double budget) {
    std::vector<double> costs;
    for (const experiment_run* run : runs) {
        for (const course_step& step : run->course) {
            costs.push_back(std::min(step.cost, budget));
        }
    }
    std::sort(costs.begin(), costs.end());
    costs.erase(std::unique(costs.begin(), costs.end()), costs.end());
    std::vector<course_step> line;
    for (const double cost : costs) {
        double sum = 0;
        bool all = true;
        for (const experiment_run* run : runs) {
            double best = std::numeric_limits<double>::quiet_NaN();
            for (const course_step& step : run->course) {
                best = std::min(step.cost, budget) <= cost ? step.best : best;
            }
            all = all && !std::isnan(best);
            sum += best;
        }
        if (all) {
            line.push_back({cost, sum / static_cast<double>(runs.size())});
        }
    }
    return line;
}

inline std::string course_plot(
    std::string_view title,
    const std::vector<course_line>& lines,
    const std::vector<std::pair<double, std::string>>& known,
    double budget,
    std::string_view axis
) {
    constexpr double width = 320, height = 210, left = 46, right = 10, top = 26, bottom = 36;
    svg picture(width, height, title);
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    const auto hold = [&](double score) {
        low = std::isfinite(score) ? std::min(low, score) : low;
        high = std::isfinite(score) ? std::max(high, score) : high;
    };
    for (const auto& [score, words] : known) {
        hold(score);
    }
    for (const course_line& line : lines) {
        for (const course_step& step : line.steps) {
            hold(step.best);
        }
    }
    picture.label(left, 15, "start", title, "title");
    std::tie(low, high) = drawn_interval(low, high);
    const double margin = 0.05 * (high - low);
    low -= margin;
    high += margin;
    const auto x = [&](double cost) { return left + cost / budget * (width - left - right); };
    const auto y = [&](double score) {
        return top + (high - score) / (high - low) * (height - top - bottom);
    };
    for (const double tick : round_ticks(low, high, 4)) {
        picture.line(left, y(tick), width - right, y(tick), "grid");
        picture.label(left - 6, y(tick) + 4, "end", short_text(tick));
    }
    for (const double tick : round_ticks(0, budget, 5)) {
        picture.label(x(tick), height - bottom + 15, "middle", short_text(tick));
    }
    picture.label((left + width - right) / 2, height - 5, "middle", axis, "quiet");
    for (const auto& [score, words] : known) {
        if (std::isfinite(score)) {
            picture.line(left, y(score), width - right, y(score), "known");
            // Above the line, below it at the upper edge.
            const double above = y(score) - 4;
            picture.label(
                width - right - 2, above < top + 8 ? y(score) + 12 : above, "end", words, "quiet"
            );
        }
    }
    for (const course_line& line : lines) {
        if (line.steps.empty()) {
            continue;
        }
        std::string steps =
            "M" + svg::at(x(line.steps[0].cost)) + " " + svg::at(y(line.steps[0].best));
        for (const course_step& step : line.steps) {
            steps += "H" + svg::at(x(step.cost)) + "V" + svg::at(y(step.best));
        }
        picture.path(steps + "H" + svg::at(x(budget)), "line " + line.kind);
    }
    return picture.text();
}

} // namespace mend
