// SPDX-License-Identifier: MIT
/// Tables as text: comma-separated values with a header line (RFC 4180), gzipped or not.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/samples.hpp>
#include <mend/io/input_file.hpp>
#include <mend/io/labels.hpp>

namespace mend {

/// Settings of read_csv.
struct csv_options {
    std::string target{}; ///< the name of the column to predict; all others are features
    target_kind kind = target_kind::automatic;
    index limit = 0; ///< read the first so many rows only; 0: all
};

namespace detail {

/// Splits a file into records of fields. Fields may be quoted; "" within quotes is a quote; lines
/// end with LF or CR LF. Empty lines are passed over.
class csv_reader {
public:
    explicit csv_reader(const std::string& path)
        : file_(path)
        , block_(std::size_t{1} << 16U) {}

    /// Reads the next record; false at the end. Fields keep their place from call to call, so that
    /// reading on allocates little.
    bool next(std::vector<std::string>& fields);

    [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }

    /// The line that the last record began on, from 1.
    [[nodiscard]] index line() const noexcept { return line_; }

private:
    /// The next character, or -1 at the end.
    int take() {
        if (at_ == held_) {
            held_ = file_.read_some(block_);
            at_ = 0;
            if (held_ == 0) {
                return -1;
            }
        }
        const int c = block_[at_++];
        ended_lines_ += c == '\n' ? 1 : 0;
        return c;
    }

    /// Whether the rest of a byte order mark, EF BB BF, follows.
    [[nodiscard]] bool starts_with_mark() const noexcept {
        return held_ - at_ >= 2 && block_[at_] == 0xBB && block_[at_ + 1] == 0xBF;
    }

    input_file file_;
    std::vector<std::uint8_t> block_;
    std::size_t at_ = 0;
    std::size_t held_ = 0;
    index ended_lines_ = 0;
    index line_ = 0;
};

inline bool csv_reader::next(std::vector<std::string>& fields) {
    int c = take();
    if (line_ == 0 && c == 0xEF && starts_with_mark()) { // a byte order mark may open the file
        take();
        take();
        c = take();
    }
    while (c == '\n' || c == '\r') {
        c = take();
    }
    if (c < 0) {
        return false;
    }
    line_ = ended_lines_ + 1;
    std::size_t count = 0;
    for (;; c = take()) { // one field each time round
        if (count == fields.size()) {
            fields.emplace_back();
        }
        std::string& field = fields[count++];
        field.clear();
        if (c == '"') {
            for (c = take(); c != '"' || (c = take()) == '"'; c = take()) {
                if (c < 0) {
                    throw data_error(path(), "ends within the quotes of line " + to_text(line_));
                }
                field.push_back(static_cast<char>(c));
            }
        }
        for (; c != ',' && c != '\n' && c >= 0; c = take()) {
            field.push_back(static_cast<char>(c));
        }
        if (c != ',') {
            if (!field.empty() && field.back() == '\r') {
                field.pop_back();
            }
            break;
        }
    }
    fields.resize(count);
    return true;
}

/// A field without the spaces around it.
[[nodiscard]] inline std::string_view trimmed(std::string_view field) {
    const auto first = field.find_first_not_of(" \t");
    const auto last = field.find_last_not_of(" \t");
    return first == std::string_view::npos ? std::string_view()
                                           : field.substr(first, last - first + 1);
}

/// The number that a field is, spaces around it aside. False where it is none or not finite.
inline bool parse_number(std::string_view field, float& number) {
    field = trimmed(field);
    if (field.empty()) {
        return false;
    }
    field.remove_prefix(field.size() > 1 && field[0] == '+' && field[1] != '-' ? 1 : 0);
    const char* const end = field.data() + field.size();
    double exact = 0; // what is too small for a float is zero, not an error
    const auto result = std::from_chars(field.data(), end, exact);
    number = static_cast<float>(exact);
    return result.ec == std::errc{} && result.ptr == end && std::isfinite(number);
}

/// Throws data_error where a target that is not all numbers can not be names of classes either: a
/// field is blank, numbers are wanted, or most fields are numbers.
inline void check_words(
    const std::vector<std::string>& words, const csv_options& options, const std::string& path
) {
    float number = 0;
    const auto is_number = [&](const std::string& word) { return parse_number(word, number); };
    const auto numbers = std::count_if(words.begin(), words.end(), is_number);
    const bool wants_numbers =
        options.kind == target_kind::regression ||
        (options.kind != target_kind::classification && 2 * numbers > std::ssize(words));
    for (std::size_t row = 0; row < words.size(); ++row) {
        if (words[row].empty() || (wants_numbers && !is_number(words[row]))) {
            throw data_error(
                path,
                "row " + std::to_string(row + 1) + ", column \"" + options.target + "\": " +
                    (words[row].empty() ? "is empty"
                                        : "\"" + words[row] + "\" is not a finite number")
            );
        }
    }
}

/// Labels of words in order of appearance; the words become the names.
inline std::vector<int>
labels_of(const std::vector<std::string>& words, std::vector<std::string>& names) {
    std::vector<int> labels;
    for (const std::string& word : words) {
        const auto at = std::find(names.begin(), names.end(), word);
        labels.push_back(static_cast<int>(at - names.begin()));
        if (at == names.end()) {
            names.push_back(word);
        }
    }
    return labels;
}

} // namespace detail

/// A table whose columns, the target's aside, are the features of a sample, in their order. A
/// target of text means class names in order of appearance, spaces around them aside; numbers mean
/// labels or numbers by the rule of labels.hpp. Text among numbers, when those are most, is a
/// mistake, as is a blank target. Throws file_error, data_error (which names row and column,
/// rows of data counted from 1), usage_error where no column is named as the target.
[[nodiscard]] inline dataset read_csv(const std::string& path, const csv_options& options) {
    if (options.target.empty()) {
        throw usage_error("csv:" + path, "needs #target=COLUMN, the column to predict");
    }
    detail::csv_reader reader(path);
    std::vector<std::string> names;
    if (!reader.next(names)) {
        throw data_error(path, "is empty; it needs a header line");
    }
    const auto named = std::find(names.begin(), names.end(), options.target);
    if (named == names.end()) {
        throw data_error(
            path, "has no column \"" + options.target + "\"; it has: " + join(names, ", ")
        );
    }
    if (names.size() < 2) {
        throw data_error(path, "has no column beside the target");
    }
    if (std::find(named + 1, names.end(), options.target) != names.end()) {
        throw data_error(path, "has two columns \"" + options.target + "\"");
    }
    const auto target = static_cast<std::size_t>(named - names.begin());
    std::vector<float> features;
    std::vector<std::string> words;
    std::vector<std::string> fields;
    index rows = 0;
    while ((options.limit == 0 || rows < options.limit) && reader.next(fields)) {
        ++rows;
        const auto row = [&] {
            return "row " + std::to_string(rows) + " (line " + std::to_string(reader.line()) + ")";
        };
        if (fields.size() != names.size()) {
            throw data_error(
                path,
                row() + " has " + std::to_string(fields.size()) + " fields, the header " +
                    std::to_string(names.size())
            );
        }
        for (std::size_t column = 0; column < fields.size(); ++column) {
            if (column == target) {
                words.emplace_back(detail::trimmed(fields[column]));
                continue;
            }
            float number = 0;
            if (!detail::parse_number(fields[column], number)) {
                throw data_error(
                    path,
                    row() + ", column \"" + names[column] + "\": \"" + fields[column] +
                        "\" is not a finite number"
                );
            }
            features.push_back(number);
        }
    }
    if (rows == 0) {
        throw data_error(path, "holds no samples, only a header");
    }
    samples table;
    table.sample = shape{static_cast<index>(names.size() - 1)};
    table.dense.resize(table.sample.batch(rows));
    std::copy(features.begin(), features.end(), table.dense.data());

    tensor<float> numbers(shape{rows, 1});
    index read = 0;
    while (read < rows && detail::parse_number(words[static_cast<std::size_t>(read)], numbers[read])
    ) {
        ++read;
    }
    dataset data;
    data.name = "csv:" + path + "#target=" + options.target;
    if (read < rows) { // text
        detail::check_words(words, options, path);
        table.labels = detail::labels_of(words, data.class_names);
        data.classes = static_cast<int>(data.class_names.size());
    } else {
        const label_rule rule = find_label_rule({&numbers}, options.kind, path);
        data.classes = rule.classes;
        data.class_names = label_names(rule);
        if (rule.classes > 0) {
            table.labels = encode_labels(numbers, rule);
        } else {
            table.targets = std::move(numbers);
        }
    }
    data.pool = std::make_shared<const samples>(std::move(table));
    check_dataset(data);
    return data;
}

} // namespace mend
