// SPDX-License-Identifier: MIT
// Runs the tool as its users do, for the tests of its commands.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <mend/io/text_file.hpp>

#include "../build_facts.hpp"

namespace mend::test {

namespace fs = std::filesystem;
using nlohmann::json;

struct run_result {
    int code = -1;
    std::string out;
    std::string err;
};

inline const char* tool() {
    const char* path = std::getenv("MEND_TOOL");
    return path != nullptr ? path : "build/tools/mend";
}

// A folder of its own that goes with the test.
struct temporary_folder {
    fs::path path;

    temporary_folder() {
        std::string name = (fs::temp_directory_path() / "mend-test-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }

    ~temporary_folder() { fs::remove_all(path); }

    [[nodiscard]] std::string file(const std::string& name, std::string_view text) const {
        const std::string full = (path / name).string();
        std::ofstream(full, std::ios::binary) << text;
        return full;
    }
};

inline run_result run(const std::string& arguments) {
    const temporary_folder folder;
    const std::string err = (folder.path / "err").string();
    const std::string command = std::string(tool()) + " " + arguments + " 2>'" + err + "'";
    run_result result;
    std::FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    char buffer[4096];
    for (std::size_t got = 0; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
        result.out.append(buffer, got);
    }
    const int ended = pclose(pipe);
    result.code = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    result.err = mend::read_text_file(err);
    return result;
}

inline std::string problem_path(const std::string& name) {
    return std::string(build_facts::source_folder) + "/examples/problems/" + name + ".json";
}

// Bad input: exit 2, nothing on stdout, one line on stderr that has these words.
inline void check_refused(const std::string& arguments, const std::vector<std::string>& words) {
    CAPTURE(arguments);
    const run_result result = run(arguments);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    for (const std::string& word : words) {
        CAPTURE(result.err);
        CHECK(result.err.find(word) != std::string::npos);
    }
}

inline json without_time(json value) {
    if (value.is_object()) {
        for (const char* key : {"seconds", "samples_per_second", "jobs"}) {
            value.erase(key);
        }
    }
    if (value.is_structured()) {
        for (auto& inner : value) {
            inner = without_time(inner);
        }
    }
    return value;
}

inline constexpr const char* small_problem = R"({
 "model": {"class_name": "Sequential", "config": {"layers": [
   {"class_name": "Dense", "config": {"units": 8, "activation": "relu", "batch_input_shape": [null, 2]}},
   {"class_name": "Dense", "config": {"units": 3, "activation": "softmax"}}]}},
 "compile": {"optimizer": {"class_name": "SGD", "config": {"learning_rate": 1000.0}},
             "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
 "fit": {"batch_size": 32, "epochs": 3}})";

inline std::string changed(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace mend::test
