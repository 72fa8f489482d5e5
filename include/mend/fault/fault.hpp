// SPDX-License-Identifier: MIT
/// A fault as a value: a problem that trains badly, the patch that is known to mend it, the data on
/// which it shows, and what was published of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/fault/mutation.hpp>
#include <mend/fault/read_space.hpp>
#include <mend/space/study_space.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read.hpp>

namespace mend {

/// A cheaper variant of a fault: fewer rows and epochs.
struct fault_profile {
    std::string name; ///< "small", "tiny"
    std::string data; ///< instead of the fault's; empty: that
    std::string fixed_data;
    std::optional<std::int64_t> epochs; ///< of the faulty problem
    std::optional<std::int64_t> batch_size;

    friend bool operator==(const fault_profile&, const fault_profile&) = default;
};

struct fault {
    std::string id;
    std::string about;      ///< one sentence for people; may be empty
    std::string data;       ///< as `--data` takes it
    std::string fixed_data; ///< of the fixed problem, where the data are part of what is wrong
    mend::problem problem;
    patch fix;                   ///< applies to `problem`
    std::string profile{"full"}; ///< that this fault is in
    std::vector<fault_profile> profiles{};
    std::optional<study_space> space{}; ///< its published search space
    bool repairable = true; ///< false: no patch of the problem alone mends it; to be diagnosed
    std::optional<mend::mutation> mutation{}; ///< of the train part, where the fault is in the data
    document source{};                        ///< the whole, as it was read

    /// Whether it was found and measured by others.
    [[nodiscard]] bool is_published() const noexcept { return source.find("published") != nullptr; }

    /// The data that shows the fixed problem.
    [[nodiscard]] const std::string& data_of_fixed() const noexcept {
        return fixed_data.empty() ? data : fixed_data;
    }

    friend bool operator==(const fault& a, const fault& b) {
        return a.id == b.id && a.about == b.about && a.data == b.data &&
               a.fixed_data == b.fixed_data && a.problem == b.problem && a.fix == b.fix &&
               a.profile == b.profile && a.profiles == b.profiles && a.space == b.space &&
               a.repairable == b.repairable && a.mutation == b.mutation;
    }
};

/// The fault in a document:
///
///     {"id": .., "about": .., "data": WORD, "fixed_data": WORD, "repairable": false,
///      "problem": {..}, "fix": [RFC 6902 edits],
///      "profiles": {"small": {"data": WORD, "fit": {"epochs": 2, "batch_size": 16}}, "tiny": ..},
///      "space": {..}, "published": {..}}
///
/// Needed are id, data, problem, fix. Members that mend does not read (what was published, what a
/// profile was measured to do) are kept in `source`. Throws spec_error with the path of the
/// mistake, `name` in front.
[[nodiscard]] fault fault_from(const document& root, std::string_view name = {});

namespace detail {

/// Reads members of a fault; every mistake is a spec_error that names the place.
class fault_reader {
public:
    explicit fault_reader(std::string_view name)
        : name_(name) {}

    [[noreturn]] void refuse(const std::string& where, const std::string& why) const {
        throw spec_error(name_.empty() ? where : name_ + ": " + where, why);
    }

    [[nodiscard]] std::string
    text(const document& from, const std::string& at, const char* key, bool required) const {
        const document* value = from.find(key);
        if (value == nullptr) {
            if (required) {
                refuse(at + "/" + key, "is missing");
            }
            return {};
        }
        if (!value->is_string()) {
            refuse(at + "/" + key, "must be a string");
        }
        return value->as_string();
    }

    /// A study names files after it.
    void check_id(std::string_view id) const {
        const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '_' || c == '-' || c == '.';
        });
        if (id.empty() || !plain || id.front() == '.') {
            refuse("/id", "must be of letters, digits, _, - and ., and not begin with a point");
        }
    }

    [[nodiscard]] std::optional<std::int64_t>
    count(const document& from, const std::string& at, const char* key) const {
        const document* value = from.find(key);
        if (value == nullptr) {
            return std::nullopt;
        }
        if (!value->is_integer() || value->as_integer() < 1 || value->as_integer() > INT32_MAX) {
            refuse(at + "/" + key, "must be an integer from 1 to 2147483647");
        }
        return value->as_integer();
    }

    [[nodiscard]] std::vector<fault_profile> profiles(const document& from) const {
        if (!from.is_object()) {
            refuse("/profiles", "must be an object");
        }
        std::vector<fault_profile> read;
        for (const auto& [name, value] : from.members()) {
            const std::string at = "/profiles/" + name;
            if (name != "small" && name != "tiny") {
                refuse(at, "is neither small nor tiny");
            }
            if (!value.is_object()) {
                refuse(at, "must be an object");
            }
            fault_profile profile;
            profile.name = name;
            profile.data = text(value, at, "data", false);
            profile.fixed_data = text(value, at, "fixed_data", false);
            if (const document* fit = value.find("fit")) {
                if (!fit->is_object()) {
                    refuse(at + "/fit", "must be an object");
                }
                for (const auto& [key, ignored] : fit->members()) {
                    if (key != "epochs" && key != "batch_size") {
                        refuse(at + "/fit/" + key, "is neither epochs nor batch_size");
                    }
                }
                profile.epochs = count(*fit, at + "/fit", "epochs");
                profile.batch_size = count(*fit, at + "/fit", "batch_size");
            }
            read.push_back(std::move(profile));
        }
        return read;
    }

private:
    std::string name_;
};

} // namespace detail

inline fault fault_from(const document& root, std::string_view name) {
    const detail::fault_reader reader(name);
    if (!root.is_object()) {
        reader.refuse("/", "a fault is an object");
    }
    fault read;
    read.id = reader.text(root, "", "id", true);
    reader.check_id(read.id);
    read.about = reader.text(root, "", "about", false);
    read.data = reader.text(root, "", "data", true);
    read.fixed_data = reader.text(root, "", "fixed_data", false);
    if (root.find("problem") == nullptr) {
        reader.refuse("/problem", "is missing");
    }
    read.problem = problem_from(root, name);
    const document* fix = root.find("fix");
    if (fix == nullptr) {
        reader.refuse("/fix", "is missing");
    }
    try {
        read.fix = with_old_values(read.problem, patch_from(*fix, "/fix"));
        static_cast<void>(apply(read.problem, read.fix)); // the fix must fit
    } catch (const spec_error& mistake) {
        const bool within = std::string_view(mistake.where()).starts_with("/fix");
        reader.refuse(
            within ? mistake.where() : "/fix", within ? mistake.why() : std::string(mistake.what())
        );
    }
    if (const document* profiles = root.find("profiles")) {
        read.profiles = reader.profiles(*profiles);
    }
    if (const document* space = root.find("space")) {
        read.space = study_space_from(*space, name);
    }
    if (const document* repairable = root.find("repairable")) {
        if (!repairable->is_bool()) {
            reader.refuse("/repairable", "must be true or false");
        }
        read.repairable = repairable->as_bool();
    }
    if (const document* mutation = root.find("mutation")) {
        const std::string at = "/mutation";
        read.mutation = mutation_from(*mutation, name.empty() ? at : std::string(name) + ": " + at);
    }
    read.source = root;
    return read;
}

} // namespace mend
