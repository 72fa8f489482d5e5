// SPDX-License-Identifier: MIT
#include "command.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <CLI/CLI.hpp>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/fault/operators.hpp>
#include <mend/fault/profile.hpp>
#include <mend/io/dataset.hpp>
#include <mend/io/fault_json.hpp>
#include <mend/io/json_text.hpp>
#include <mend/io/problem_json.hpp>
#include <mend/io/text_file.hpp>
#include <mend/spec/apply.hpp>

extern const std::vector<std::string_view> fault_texts;

namespace mend::tool {

std::string plain_number(const std::string& text) {
    const bool octal = text.size() > 1 && text.find_first_not_of("+-0123456789") == text.npos &&
                       text.find_first_not_of("+-") < text.size() - 1 &&
                       text[text.find_first_not_of("+-")] == '0';
    return octal ? "\"" + text + "\" begins with 0" : std::string();
}

std::string positive_number(const std::string& text) {
    if (std::string why = plain_number(text); !why.empty()) {
        return why;
    }
    double number = 0;
    return CLI::detail::lexical_cast(text, number) && number > 0 && std::isfinite(number)
               ? std::string()
               : "\"" + text + "\" is not a number above 0";
}

std::string whole_number(const std::string& text) {
    if (std::string why = plain_number(text); !why.empty()) {
        return why;
    }
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc{} && read.ptr == end && number >= 0
               ? std::string()
               : "\"" + text + "\" is not a whole number from 0 to 9223372036854775807";
}

void add_common(CLI::App& one, common_options& common) {
    one.add_option("--seed", common.seed, "seed of everything random (0)")->check(whole_number);
    one.add_option("--jobs", common.jobs, "trainings at a time; changes no result (all cores)")
        ->check(plain_number)
        ->check(CLI::Range(1, 1024)); // thousands of threads are more than systems start
    one.add_flag("--json", common.json, "print one JSON object");
}

std::vector<fault> catalogue() {
    std::vector<fault> faults;
    faults.reserve(fault_texts.size());
    for (const std::string_view text : fault_texts) {
        faults.push_back(parse_fault(text, "catalogue"));
    }
    return faults;
}

fault find_fault(std::string_view id) {
    std::vector<std::string> known;
    for (fault& f : catalogue()) {
        if (f.id == id) {
            return std::move(f);
        }
        known.push_back(f.id);
    }
    throw usage_error("fault:" + std::string(id), "no such fault; there are " + join(known, ", "));
}

input read_input(const std::string& word, const std::string& profile) {
    const auto from = [&](const fault& whole) {
        fault f = fault_in_profile(whole, profile);
        mend::problem fixed = apply(f.problem, f.fix);
        return input{
            f.id,
            std::move(f.problem),
            std::move(f.data),
            std::move(f.space),
            true,
            f.mutation,
            std::move(fixed)};
    };
    if (word.starts_with("fault:")) {
        return from(find_fault(word.substr(6)));
    }
    const std::string text = read_text_file(word);
    const document root = parse_json(text, word);
    if (root.find("problem") != nullptr && root.find("fix") != nullptr) {
        return from(fault_from(root, word));
    }
    if (profile != "full") {
        throw usage_error("--profile", word + " is no fault and has no profiles");
    }
    input in{std::filesystem::path(word).stem().string(), parse_problem(text, word), {}};
    if (const document* data = root.find("data"); data != nullptr && data->is_string()) {
        in.data = data->as_string();
    }
    in.is_fault = root.find("problem") != nullptr;
    if (const document* mutation = root.find("mutation"); in.is_fault && mutation != nullptr) {
        in.mutation = mutation_from(*mutation, word + ": /mutation");
    }
    return in;
}

dataset read_data(const std::string& word, const input& in) {
    if (word.empty() && in.data.empty()) {
        throw usage_error("--data", "is needed: the problem does not name its data");
    }
    dataset data = read_dataset(word.empty() ? in.data : word, in.problem);
    return in.mutation ? alter(std::move(data), *in.mutation) : data;
}

void check_outputs(std::initializer_list<output_option> outputs) {
    namespace fs = std::filesystem;
    std::vector<fs::path> seen;
    for (const output_option& one : outputs) {
        if (one.path.empty()) {
            continue;
        }
        std::error_code error;
        const fs::file_status there = fs::status(one.path, error);
        if (fs::is_directory(there)) {
            throw file_error(one.path, "is a directory");
        }
        if (fs::exists(there) && !fs::is_regular_file(there)) {
            continue; // a device or a pipe: it takes anything, also twice
        }
        const fs::path path = fs::weakly_canonical(fs::absolute(one.path, error), error);
        const fs::path folder = path.parent_path();
        if (!fs::is_directory(folder, error)) {
            throw file_error(one.path, "there is no folder " + folder.string());
        }
        if (access(folder.c_str(), W_OK) != 0) { // files are replaced, not written over
            throw file_error(one.path, "its folder may not be written to");
        }
        if (std::find(seen.begin(), seen.end(), path) != seen.end()) {
            throw usage_error(one.name, "names a file that another option writes");
        }
        seen.push_back(path);
    }
}

namespace {

bool printed = false;

} // namespace

void print(const document& out) {
    printed = true;
    std::cout << to_json(out, 2) << '\n';
}

bool has_printed() { return printed; }

} // namespace mend::tool
