// SPDX-License-Identifier: MIT
/// The study file: every finished trial as one line that Optuna (3.1 and later, JournalStorage with
/// its file backend) can open, and that reads back exactly, so that a study can be resumed.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/io/journal_file.hpp>
#include <mend/io/journal_text.hpp>
#include <mend/io/json_text.hpp>
#include <mend/record/trial.hpp>
#include <mend/space/space.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/document_text.hpp>

namespace mend {

struct journal_options {
    std::string study = "mend";        ///< name of the study in the file, which may hold several
    std::vector<bool> maximize{false}; ///< one per objective: what the file shows is its negative

    /// What makes the search what it is: technique, seed, problem ... A study in the file with
    /// other settings is refused.
    std::vector<document_member> settings{};
};

/// A study in a file. Appends under the lock rules of Optuna; each trial is one write, flushed, so
/// that whatever kills the process costs the line being written at most. An incomplete last line
/// is dropped when the file is opened. Numbers within an outcome's attributes are to be finite;
/// they come back as null otherwise. An attribute may not have the name of a member of a trial: id,
/// seed, fidelity, patch, status, cost, values, curve, signals ...
class journal {
public:
    /// Opens or creates the file, and begins the study where it is not in there. Throws file_error
    /// where the file cannot be used, is none of this kind, or holds another search.
    journal(const std::filesystem::path& path, space over, journal_options options = {});

    /// The trials that were in the file when it was opened, ids 0, 1, 2 ...
    [[nodiscard]] const std::vector<trial>& past() const noexcept { return past_; }

    /// One line about what was wrong with the file and could be mended; empty where nothing was.
    [[nodiscard]] const std::string& warning() const noexcept { return warning_; }

    /// Writes a told trial. Throws file_error.
    void append(const trial& told) { file_.append(detail::trial_line(told, worker_, id_, signs_)); }

private:
    void read(std::string_view text);
    void read_line(const document& line);
    void read_trial(const document& line, const document& attributes);
    void begin();
    void describe();
    [[noreturn]] void refuse(const std::string& why) const;

    detail::journal_file file_;
    space over_;
    journal_options options_;
    std::vector<int> signs_;
    std::string worker_ = "mend-" + detail::unique_word();
    std::string warning_;
    std::vector<trial> past_;
    document settings_; ///< as the file states them; null where it does not

    std::size_t line_ = 0;          ///< number of the line being read
    std::vector<document> studies_; ///< names of those created so far; null: deleted
    std::int64_t id_ = -1;          ///< of this study in the file
};

namespace detail {

/// A line of a journal; nothing where it is none. Bare NaN and Infinity, which Optuna writes, are
/// read as null: mend's own lines hold none.
[[nodiscard]] inline std::optional<document> parse_journal_line(std::string line) {
    const auto parse = [&line]() -> std::optional<document> {
        try {
            return parse_json(line);
        } catch (const spec_error&) {
            return std::nullopt;
        }
    };
    auto parsed = parse();
    if (!parsed) {
        for (const std::string_view word : {"-Infinity", "Infinity", "NaN"}) {
            for (std::size_t at = line.find(word); at != std::string::npos;
                 at = line.find(word, at)) {
                line.replace(at, word.size(), "null");
            }
        }
        parsed = parse();
    }
    const document* code = parsed ? parsed->find("op_code") : nullptr;
    return code && code->is_integer() ? parsed : std::nullopt;
}

[[nodiscard]] inline std::optional<std::int64_t> find_integer(const document& in, const char* key) {
    const document* found = in.find(key);
    return found && found->is_integer() ? std::optional(found->as_integer()) : std::nullopt;
}

[[nodiscard]] inline bool read_curve(const document& from, training_curve& curve) {
    for (std::size_t i = 0; from.is_array() && i < from.size(); ++i) {
        const document& epoch = from.items()[i];
        epoch_record made;
        double* const numbers[] = {
            &made.train.loss, &made.train.metric, &made.validation.loss, &made.validation.metric};
        if (!epoch.is_array() || epoch.size() != 4) {
            return false;
        }
        for (std::size_t j = 0; j < 4; ++j) {
            if (!read_number(&epoch.items()[j], *numbers[j])) {
                return false;
            }
        }
        curve.push_back(made);
    }
    return from.is_array();
}

/// Reads what attributes_document wrote; whether it is that.
[[nodiscard]] inline bool read_attributes(const document& all, trial& t) {
    const document* seed = all.find("seed");
    const document* how = all.find("status");
    if (!seed || !seed->is_string() || !how || !how->is_string() ||
        !read_number(all.find("cost"), t.outcome.cost) ||
        !read_number(all.find("seconds"), t.seconds) ||
        !(t.outcome.cost >= minimum_trial_cost && std::isfinite(t.outcome.cost))) {
        return false;
    }
    t.proposal.id = find_integer(all, "id").value_or(proposal::none);
    t.proposal.continues = find_integer(all, "continues").value_or(proposal::none);
    t.proposal.pairs_with = find_integer(all, "pairs_with").value_or(proposal::none);
    if (const document* changes = all.find("patch")) {
        try {
            t.proposal.patch = patch_from(*changes);
        } catch (const spec_error&) {
            return false;
        }
    }
    if (const document* part = all.find("reached");
        part && !read_number(part, t.proposal.reached)) {
        return false;
    }
    const std::string& digits = seed->as_string();
    const auto end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, t.proposal.seed).ptr != end) {
        return false;
    }
    const auto status = find_status(how->as_string());
    if (!status) {
        return false;
    }
    t.outcome.status = *status;
    if (const document* part = all.find("fidelity");
        part && !read_number(part, t.proposal.fidelity)) {
        return false;
    }
    if (const document* curve = all.find("curve"); curve && !read_curve(*curve, t.outcome.curve)) {
        return false;
    }
    if (const document* signals = all.find("signals"); signals && signals->is_object()) {
        for (const auto& [name, value] : signals->members()) {
            signal& s = t.outcome.signals.emplace_back(signal{name, 0});
            if (!read_number(&value, s.value)) {
                return false;
            }
        }
    }
    for (const document_member& member : all.members()) {
        bool ours = member.key == "values";
        for (const std::string_view name : journal_attributes) {
            ours = ours || member.key == name;
        }
        if (!ours) {
            t.outcome.attributes.push_back(member);
        }
    }
    return true;
}

} // namespace detail

inline journal::journal(const std::filesystem::path& path, space over, journal_options options)
    : file_(path)
    , over_(std::move(over))
    , options_(std::move(options)) {
    for (const bool maximize : options_.maximize) {
        signs_.push_back(maximize ? -1 : 1);
    }
    read(file_.read());
    if (id_ < 0) {
        begin();
        read(file_.read());
    }
    if (settings_.is_null()) {
        if (!past_.empty()) {
            throw file_error(file_.path().string(), "does not say what its study searched");
        }
        describe();
    }
    for (const document_member& ours : options_.settings) {
        const document* theirs = settings_.find(ours.key);
        if (!theirs || *theirs != ours.value) {
            throw file_error(
                file_.path().string(),
                "holds a study with " + ours.key + " " +
                    (theirs ? plain_text(*theirs) : "unknown") + ", not " + plain_text(ours.value)
            );
        }
    }
}

inline void journal::refuse(const std::string& why) const {
    throw file_error(file_.path().string(), "line " + std::to_string(line_) + " " + why);
}

inline void journal::read(std::string_view text) {
    line_ = 0;
    studies_.clear();
    past_.clear();
    std::size_t from = 0;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos;
         end = text.find('\n', from)) {
        ++line_;
        const auto line = detail::parse_journal_line(std::string(text.substr(from, end - from)));
        if (!line) {
            refuse("is no record of a study");
        }
        read_line(*line);
        from = end + 1;
    }
    if (const std::string_view torn = text.substr(from); !torn.empty()) {
        ++line_;
        const std::string_view begins = R"({"op_code")";
        const std::size_t seen = std::min(torn.size(), begins.size());
        if (torn.substr(0, seen) != begins.substr(0, seen)) {
            refuse("is no record of a study"); // somebody's file: leave it as it is
        }
        file_.repair();
        warning_ = file_.path().string() + ": dropped an incomplete last line (line " +
                   std::to_string(line_) + ")";
    }
}

/// Takes one record into account. Identifiers are implicit: studies count up as they are created.
inline void journal::read_line(const document& line) {
    const std::int64_t code = *detail::find_integer(line, "op_code");
    const auto study = detail::find_integer(line, "study_id");
    const bool is_ours = id_ >= 0 && study == id_;
    if (code == 0) {
        const document* name = line.find("study_name");
        if (name && *name == document(options_.study)) {
            if (id_ >= 0) {
                return; // there already: Optuna ignores it, too
            }
            document directions = document::array();
            for (const int sign : signs_) {
                directions.push_back(sign < 0 ? 2 : 1);
            }
            const document* stated = line.find("directions");
            if (!stated || *stated != directions) {
                refuse("begins a study with other objectives than this one");
            }
            id_ = static_cast<std::int64_t>(studies_.size());
        }
        // A name that is there already begins nothing; one that was deleted may come again.
        if (name && std::find(studies_.begin(), studies_.end(), *name) == studies_.end()) {
            studies_.push_back(*name);
        }
    } else if (code == 1) {
        if (study && *study >= 0 && *study < static_cast<std::int64_t>(studies_.size())) {
            studies_[static_cast<std::size_t>(*study)] = {};
        }
        if (is_ours) {
            id_ = -1;
            past_.clear();
            settings_ = {};
        }
    } else if (code == 2 && is_ours) {
        const document* attribute = line.find("user_attr");
        if (const document* search = attribute ? attribute->find("search") : nullptr) {
            settings_ = *search;
        }
    } else if (code == 4 && is_ours) {
        const document* attributes = line.find("user_attrs");
        if (attributes && attributes->find("id") && attributes->find("cost")) {
            read_trial(line, *attributes);
        } else if (warning_.empty()) {
            warning_ = file_.path().string() + ": left out trials that mend did not write";
        }
    }
}

inline void journal::read_trial(const document& line, const document& attributes) {
    trial t;
    if (!detail::read_attributes(attributes, t)) {
        refuse("holds a trial that mend did not write");
    }
    if (t.proposal.id != static_cast<std::int64_t>(past_.size())) {
        refuse(
            "holds trial " + std::to_string(t.proposal.id) + " where trial " +
            std::to_string(past_.size()) + " was to come"
        );
    }
    const document* params = line.find("params");
    const document* distributions = line.find("distributions");
    std::vector<double> raw(over_.size(), parameter::absent);
    std::size_t known = 0;
    for (std::size_t i = 0; params && distributions && i < raw.size(); ++i) {
        const parameter& p = over_.parameters()[i];
        const document* value = params->find(p.name);
        const document* from = distributions->find(p.name);
        if (value && value->is_number() && from &&
            *from == document(detail::distribution_text(p))) {
            raw[i] = value->as_number();
            ++known;
        }
    }
    t.proposal.at = over_.make_point(std::move(raw));
    if (!params || known != params->size() || !over_.contains(t.proposal.at)) {
        refuse("holds a trial of another search space");
    }
    const document* single = line.find("value");
    const document* several = line.find("values");
    const document* exact = attributes.find("values");
    document values = document::array();
    if (exact && exact->is_array()) {
        values = *exact;
    } else if (several && several->is_array()) {
        values = *several;
    } else if (single && single->is_number()) {
        values.push_back(*single);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        double& value = t.outcome.values.emplace_back();
        if (!detail::read_number(&values.items()[i], value)) {
            refuse("holds a value that is no number");
        }
        value *= !exact && i < signs_.size() ? signs_[i] : 1;
        if (std::isnan(value) || !t.completed()) {
            refuse("holds a trial that mend did not write");
        }
    }
    past_.push_back(std::move(t));
}

/// Appends the record that creates the study.
inline void journal::begin() {
    document directions = document::array();
    for (const int sign : signs_) {
        directions.push_back(sign < 0 ? 2 : 1);
    }
    document line = document::object();
    detail::put(line, "op_code", 0);
    detail::put(line, "worker_id", worker_);
    detail::put(line, "study_name", options_.study);
    detail::put(line, "directions", std::move(directions));
    file_.append(to_json(line) + "\n");
}

/// Appends what made the study, and what it searches.
inline void journal::describe() {
    settings_ = document::object();
    settings_.members() = options_.settings;
    std::string lines;
    for (const char* key : {"tool", "search"}) {
        document attribute = document::object();
        detail::put(
            attribute, key, key[0] == 't' ? document("mend " + std::string(version)) : settings_
        );
        document line = document::object();
        detail::put(line, "op_code", 2);
        detail::put(line, "worker_id", worker_);
        detail::put(line, "study_id", id_);
        detail::put(line, "user_attr", std::move(attribute));
        lines += to_json(line) + "\n";
    }
    file_.append(lines);
}

} // namespace mend
