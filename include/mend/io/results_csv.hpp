// SPDX-License-Identifier: MIT
/// results.csv of an experiment: one line a run. Numbers read back exactly; what is no number is
/// an empty field. The course of a run is a list of "cost:best score" steps.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/eval/experiment.hpp>
#include <mend/io/csv.hpp>

namespace mend {

inline constexpr std::array<std::string_view, 22> result_columns{
    "fault",
    "technique",
    "run",
    "seed",
    "data",
    "space",
    "budget",
    "faulty",
    "patched",
    "fixed",
    "improvement_rate",
    "complexity",
    "normalised_complexity",
    "asymmetric_jaccard",
    "trials",
    "trainings",
    "seconds",
    "metric",
    "measured",
    "fix_cost",
    "patch",
    "course"};

/// The header line, with its end.
[[nodiscard]] inline std::string result_header() {
    std::string line;
    for (const std::string_view column : result_columns) {
        line += line.empty() ? "" : ",";
        line += column;
    }
    return line + "\n";
}

/// A run's line, with its end.
[[nodiscard]] std::string result_line(const experiment_run& row);

/// The runs of a file. Throws file_error where it is none, or is not as result_line writes it.
[[nodiscard]] std::vector<experiment_run> read_results(const std::string& path);

namespace detail {

/// A field that a comma or a quote is in stands in quotes.
[[nodiscard]] inline std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + "\"";
}

[[nodiscard]] inline std::string csv_number(double number) {
    return std::isnan(number) ? std::string() : to_text(number);
}

/// Reads fields of one line; what is wrong is a file_error that names line and column.
class result_reader {
public:
    result_reader(const csv_reader& file, const std::vector<std::string>& fields)
        : file_(file)
        , fields_(fields) {}

    [[nodiscard]] const std::string& text(std::size_t column) const { return fields_[column]; }

    /// NaN for an empty field.
    [[nodiscard]] double number(std::size_t column) const {
        return fields_[column].empty() ? std::numeric_limits<double>::quiet_NaN()
                                       : parsed<double>(column, fields_[column]);
    }

    template <class Integer>
    [[nodiscard]] Integer integer(std::size_t column) const {
        return parsed<Integer>(column, fields_[column]);
    }

    [[nodiscard]] std::vector<course_step> course(std::size_t column) const {
        std::vector<course_step> steps;
        std::string_view rest = fields_[column];
        while (!rest.empty()) {
            const std::string_view step = rest.substr(0, rest.find(' '));
            const auto colon = std::min(step.find(':'), step.size() - 1);
            steps.push_back(
                {parsed<double>(column, step.substr(0, colon)),
                 parsed<double>(column, step.substr(colon + 1))}
            );
            rest.remove_prefix(std::min(rest.size(), step.size() + 1));
        }
        return steps;
    }

private:
    template <class Number>
    [[nodiscard]] Number parsed(std::size_t column, std::string_view field) const {
        Number value{};
        const auto end = std::from_chars(field.data(), field.data() + field.size(), value);
        if (end.ec != std::errc{} || end.ptr != field.data() + field.size()) {
            throw file_error(
                file_.path(),
                "line " + to_text(file_.line()) + ", column " +
                    std::string(result_columns[column]) + ": \"" + std::string(field) +
                    "\" is no number"
            );
        }
        return value;
    }

    const csv_reader& file_;
    const std::vector<std::string>& fields_;
};

} // namespace detail

inline std::string result_line(const experiment_run& row) {
    std::string course;
    for (const course_step& step : row.course) {
        course += (course.empty() ? "" : " ") + to_text(step.cost) + ":" + to_text(step.best);
    }
    const std::array<std::string, result_columns.size()> fields{
        detail::csv_field(row.fault),
        detail::csv_field(row.technique),
        std::to_string(row.run),
        std::to_string(row.seed),
        detail::csv_field(row.data),
        row.space,
        to_text(row.budget),
        detail::csv_number(row.faulty),
        detail::csv_number(row.patched),
        detail::csv_number(row.fixed),
        detail::csv_number(row.improvement),
        detail::csv_number(row.complexity),
        detail::csv_number(row.normalised_complexity),
        detail::csv_number(row.jaccard),
        std::to_string(row.trials),
        to_text(row.trainings),
        fixed_text(row.seconds, 3),
        row.metric,
        detail::csv_number(row.measured),
        detail::csv_number(row.fix_cost),
        detail::csv_field(row.patch),
        course};
    std::string line;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        line += (i == 0 ? "" : ",") + fields[i];
    }
    return line + "\n";
}

inline std::vector<experiment_run> read_results(const std::string& path) {
    std::vector<experiment_run> rows;
    detail::csv_reader file(path);
    std::vector<std::string> fields;
    if (!file.next(fields)) {
        return rows;
    }
    if (!std::equal(fields.begin(), fields.end(), result_columns.begin(), result_columns.end())) {
        throw file_error(path, "is no table of results: its first line names other columns");
    }
    while (file.next(fields)) {
        if (fields.size() != result_columns.size()) {
            throw file_error(
                path,
                "line " + to_text(file.line()) + " has " + std::to_string(fields.size()) +
                    " fields, not " + std::to_string(result_columns.size())
            );
        }
        const detail::result_reader in(file, fields);
        experiment_run& row = rows.emplace_back();
        row.fault = in.text(0);
        row.technique = in.text(1);
        row.run = in.integer<std::size_t>(2);
        row.seed = in.integer<std::uint64_t>(3);
        row.data = in.text(4);
        row.space = in.text(5);
        row.budget = in.number(6);
        row.faulty = in.number(7);
        row.patched = in.number(8);
        row.fixed = in.number(9);
        row.improvement = in.number(10);
        row.complexity = in.number(11);
        row.normalised_complexity = in.number(12);
        row.jaccard = in.number(13);
        row.trials = in.integer<std::size_t>(14);
        row.trainings = in.number(15);
        row.seconds = in.number(16);
        row.metric = in.text(17);
        row.measured = in.number(18);
        row.fix_cost = in.number(19);
        row.patch = in.text(20);
        row.course = in.course(21);
    }
    return rows;
}

} // namespace mend
