// SPDX-License-Identifier: MIT
/// What the commands of the tool share: common options, reading of input, printing. A command is
/// one file that defines its add_...; `mend.cpp` lists them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <mend/data/dataset.hpp>
#include <mend/fault/fault.hpp>
#include <mend/space/study_space.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/problem.hpp>

namespace CLI {
class App;
}

namespace mend::tool {

/// Set by the first SIGINT or SIGTERM; a command that sees it ends with exit code 3.
extern std::atomic<bool> interrupted;

/// What every command takes.
struct common_options {
    std::uint64_t seed = 0;
    int jobs = 1; ///< all cores unless given
    bool json = false;
};

/// A command that has been added to the tool.
struct command {
    CLI::App* app;            ///< tells whether it was called
    std::function<int()> run; ///< the exit code; after parsing
};

// One per file of that name. `common` outlives the command.
command add_diagnose(CLI::App& tool, common_options& common);
command add_faults(CLI::App& tool, common_options& common);
command add_landscape(CLI::App& tool, common_options& common);
command add_mutate(CLI::App& tool, common_options& common);
command add_repair(CLI::App& tool, common_options& common);
command add_study(CLI::App& tool, common_options& common);
command add_train(CLI::App& tool, common_options& common);

/// The check of a number that is read whole: 010 would be eight. Empty where that cannot happen.
[[nodiscard]] std::string plain_number(const std::string& text);

/// The check of an option that is to be a finite number above 0; empty where it is.
[[nodiscard]] std::string positive_number(const std::string& text);

/// The check of an option that is to be a whole number; empty where it is.
[[nodiscard]] std::string whole_number(const std::string& text);

/// Whether `print` has printed anything.
[[nodiscard]] bool has_printed();

/// --seed, --jobs and --json.
void add_common(CLI::App& one, common_options& common);

inline constexpr const char* problem_help = "a problem or fault file, or fault:ID";
inline constexpr const char* data_help =
    "the data: blobs, circles, moons, spirals, line, digits, textures, topics, iris, mnist:DIR, "
    "cifar10:DIR, npz:FILE, csv:FILE#target=COLUMN, each with ?key=value&...";
inline constexpr const char* profile_help = "size of a fault: full (as published), small, tiny";

/// A problem and what the fault that it came in says besides.
struct input {
    std::string name;
    mend::problem problem;
    std::string data;                   ///< of the fault, if any
    std::optional<study_space> space{}; ///< likewise
    bool is_fault = false;
    std::optional<mend::mutation> mutation{}; ///< of its training data, if any
    std::optional<mend::problem> fixed{};     ///< by the fault's known fix
};

/// The faults that are compiled into the tool.
[[nodiscard]] std::vector<fault> catalogue();

/// One of them. Throws usage_error where there is none of that id.
[[nodiscard]] fault find_fault(std::string_view id);

/// PROBLEM: a problem file, a fault file or `fault:ID`, the fault at the size of --profile. Throws
/// file_error, spec_error, usage_error (also for another profile than full of what is no fault).
[[nodiscard]] input read_input(const std::string& word, const std::string& profile);

/// --data, or what the fault says where it is not given; its training data changed where the fault
/// says so. Throws usage_error where neither does, and
/// what read_dataset throws.
[[nodiscard]] dataset read_data(const std::string& word, const input& in);

/// An option that names a file to be written, and the name given; empty where it was not.
struct output_option {
    const char* name;
    const std::string& path;
};

/// Throws usage_error where two of them name one file, file_error where one cannot be written: it
/// is better said before the work than after it.
void check_outputs(std::initializer_list<output_option> outputs);

/// One JSON object on stdout.
void print(const document& out);

} // namespace mend::tool
