// SPDX-License-Identifier: MIT
/// The folder that keeps an experiment, so that it can be stopped at any moment and gone on with:
///
/// - `study.json`: what makes its results what they are (profile, budget, seed ...), and a
///   fingerprint of every fault; another experiment in the folder is refused;
/// - `baselines.csv`: every training of the faulty problems and the known fixes;
/// - `results.csv`: a line a run, appended as it ends; put in order when the experiment ends;
/// - `cells/`: a study file for every run that has not ended, and for those that have.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/eval/experiment.hpp>
#include <mend/eval/experiment_summary.hpp>
#include <mend/fault/fault.hpp>
#include <mend/io/journal_file.hpp>
#include <mend/io/json_text.hpp>
#include <mend/io/results_csv.hpp>
#include <mend/io/text_file.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/write.hpp>

namespace mend {

/// A training of a baseline.
struct baseline_key {
    std::string fault;
    bool fixed = false; ///< of the known fix, else of the faulty problem
    std::size_t run = 0;

    friend bool operator<(const baseline_key& a, const baseline_key& b) {
        return std::tie(a.fault, a.fixed, a.run) < std::tie(b.fault, b.fixed, b.run);
    }
};

/// See above. Appending is safe from several threads; one process at a time has the folder.
class study_folder {
public:
    /// Opens the folder, or makes it. Throws file_error where it can not be used, is in use, or
    /// holds an experiment with other settings or other faults of these names.
    study_folder(
        const std::string& path,
        const std::vector<document_member>& settings,
        std::span<const fault> faults
    );

    /// What was wrong with the files and could be mended.
    [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

    /// The runs that have ended.
    [[nodiscard]] const std::vector<experiment_run>& rows() const noexcept { return rows_; }

    [[nodiscard]] const std::map<baseline_key, double>& baselines() const noexcept {
        return baselines_;
    }

    /// Says which data a fault's runs are on, as they were read or drawn. Throws file_error where
    /// those of the folder are on others, as where MEND_DATA_DIR was set in between.
    void expect_data(const std::string& fault, const std::string& name);

    void append(experiment_run row) {
        const std::lock_guard lock(mutex_);
        results_->append(result_line(row));
        rows_.push_back(std::move(row));
    }

    void append(const baseline_key& key, double score) {
        const std::lock_guard lock(mutex_);
        baseline_file_->append(
            detail::csv_field(key.fault) + (key.fixed ? ",fixed," : ",faulty,") +
            std::to_string(key.run) + "," + detail::csv_number(score) + "\n"
        );
        baselines_[key] = score;
    }

    /// The scores of both sides that were trained so far, in the order of their runs.
    [[nodiscard]] experiment_baseline baseline_of(const std::string& fault) const {
        experiment_baseline found;
        for (const auto& [key, score] : baselines_) {
            if (key.fault == fault) {
                (key.fixed ? found.fixed : found.faulty).push_back(score);
            }
        }
        return found;
    }

    /// The study file of a cell.
    [[nodiscard]] std::string cell_path(
        const std::string& fault,
        std::string_view technique,
        std::string_view space,
        std::size_t run
    ) const {
        return (path_ / "cells" /
                (fault + "-" + std::string(space) + "-" + std::string(technique) + "-" +
                 std::to_string(run) + ".log"))
            .string();
    }

    [[nodiscard]] std::string file(const std::string& name) const {
        return (path_ / name).string();
    }

    /// Puts results.csv in order. Nothing is to be appended afterwards.
    void put_in_order();

private:
    void require_own(const char* name, std::string_view header) const;
    void check(const std::vector<document_member>& settings, std::span<const fault> faults);
    void begin(detail::journal_file& lines, const std::string& header);
    void read_baselines();

    std::filesystem::path path_;
    std::vector<std::string> warnings_;
    std::optional<detail::journal_file> results_;
    std::optional<detail::journal_file> baseline_file_;
    std::vector<experiment_run> rows_;
    std::map<baseline_key, double> baselines_;
    std::map<std::string, std::string> data_; ///< of each fault
    std::mutex mutex_;
};

namespace detail {

/// 64 bits, FNV-1a.
[[nodiscard]] inline std::string fingerprint(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    std::string digits;
    for (int shift = 60; shift >= 0; shift -= 4) {
        digits += "0123456789abcdef"[hash >> static_cast<unsigned>(shift) & 15U];
    }
    return digits;
}

/// Of all that a fault's results depend on.
[[nodiscard]] inline std::string fingerprint(const fault& f) {
    return fingerprint(
        f.data + "\n" + f.fixed_data + "\n" + to_json(document_of(f.problem)) + "\n" +
        to_json(document_from(f.fix))
    );
}

} // namespace detail

inline study_folder::study_folder(
    const std::string& path,
    const std::vector<document_member>& settings,
    std::span<const fault> faults
)
    : path_(path) {
    const std::string baseline_header = "fault,side,run,score\n";
    require_own("baselines.csv", baseline_header);
    require_own("results.csv", result_header());
    std::error_code error;
    std::filesystem::create_directories(path_ / "cells", error);
    if (error) {
        throw file_error(path, error.message());
    }
    // The locks on both come first: what is refused changes nothing.
    baseline_file_.emplace(path_ / "baselines.csv");
    results_.emplace(path_ / "results.csv");
    check(settings, faults);
    begin(*baseline_file_, baseline_header);
    begin(*results_, result_header());
    read_baselines();
    rows_ = read_results(file("results.csv"));
    for (const experiment_run& row : rows_) {
        data_.emplace(row.fault, row.data);
    }
}

/// Throws file_error where there is a file that begins with another line.
inline void study_folder::require_own(const char* name, std::string_view header) const {
    std::error_code error;
    if (std::filesystem::exists(path_ / name, error)) {
        const std::string text = read_text_file(file(name));
        if (text.substr(0, header.size()) != header.substr(0, text.size())) {
            throw file_error(file(name), "is another file than a study's");
        }
    }
}

inline void study_folder::expect_data(const std::string& fault, const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto [known, is_new] = data_.emplace(fault, name);
    if (known->second != name) {
        throw file_error(
            file("study.json"),
            "holds runs of " + fault + " on " + known->second + ", not on " + name
        );
    }
    if (is_new) {
        document settings = parse_json(read_text_file(file("study.json")), file("study.json"));
        document* all = settings.find("data");
        (all != nullptr ? *all : settings.set("data", document::object())).set(fault, name);
        write_text_file(file("study.json"), to_json(settings, 1) + "\n");
    }
}

inline void
study_folder::check(const std::vector<document_member>& settings, std::span<const fault> faults) {
    const std::string name = file("study.json");
    document known = document::object();
    if (std::filesystem::exists(name)) {
        known = parse_json(read_text_file(name), name);
        for (const char* part : {"faults", "data"}) {
            const document* found = known.is_object() ? known.find(part) : &known;
            if (found != nullptr && !found->is_object()) {
                throw file_error(name, "holds no settings of a study");
            }
        }
        if (const document* data = known.find("data")) {
            for (const auto& [fault, word] : data->members()) {
                data_.emplace(fault, word.is_string() ? word.as_string() : "");
            }
        }
    }
    const document before = known;
    for (const document_member& ours : settings) {
        const document* theirs = known.find(ours.key);
        if (theirs == nullptr) {
            known.set(ours.key, ours.value);
        } else if (*theirs != ours.value) {
            throw file_error(
                name,
                "holds a study with " + ours.key + " " + plain_text(*theirs) + ", not " +
                    plain_text(ours.value)
            );
        }
    }
    document* prints = known.find("faults");
    if (prints == nullptr) {
        prints = &known.set("faults", document::object());
    }
    for (const fault& f : faults) {
        const document print = detail::fingerprint(f);
        const document* theirs = prints->find(f.id);
        if (theirs != nullptr && *theirs != print) {
            throw file_error(name, "holds a study of another fault \"" + f.id + "\" than this one");
        }
        prints->set(f.id, print);
    }
    if (known != before) {
        write_text_file(name, to_json(known, 1) + "\n");
    }
}

/// Drops a torn last line of a file, and begins it where it is new.
inline void study_folder::begin(detail::journal_file& lines, const std::string& header) {
    if (lines.repair()) {
        warnings_.push_back(lines.path().string() + ": dropped an incomplete last line");
    }
    if (lines.read().empty()) {
        lines.append(header);
    }
}

inline void study_folder::read_baselines() {
    detail::csv_reader in(file("baselines.csv"));
    std::vector<std::string> fields;
    in.next(fields); // the header
    while (in.next(fields)) {
        std::size_t run = 0;
        double score = std::numeric_limits<double>::quiet_NaN();
        const auto whole = [&](std::size_t i, auto& number) {
            const char* const end = fields[i].data() + fields[i].size();
            return std::from_chars(fields[i].data(), end, number).ptr == end;
        };
        if (fields.size() != 4 || !whole(2, run) || (!fields[3].empty() && !whole(3, score)) ||
            (fields[1] != "faulty" && fields[1] != "fixed")) {
            throw file_error(in.path(), "line " + to_text(in.line()) + " is no training's score");
        }
        baselines_[{fields[0], fields[1] == "fixed", run}] = score;
    }
}

inline void study_folder::put_in_order() {
    std::sort(rows_.begin(), rows_.end(), [](const experiment_run& a, const experiment_run& b) {
        const auto key = [](const experiment_run& row) {
            return std::tuple(
                fault_position(row.fault),
                std::string_view(row.space),
                detail::technique_position(row.technique),
                std::string_view(row.technique),
                row.run
            );
        };
        return key(a) < key(b);
    });
    std::string text = result_header();
    for (const experiment_run& row : rows_) {
        text += result_line(row);
    }
    write_text_file(file("results.csv"), text);
}

} // namespace mend
