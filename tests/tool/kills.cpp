// SPDX-License-Identifier: MIT
// A study survives: killed at any moment, the resumed one ends as the uninterrupted one would have.
//
// MEND_KILLS: how many times to kill in all (the suite does a few).
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <mend/core/random.hpp>
#include <mend/io/results_csv.hpp>
#include <mend/io/text_file.hpp>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string tool_path() {
    const char* path = std::getenv("MEND_TOOL");
    return path != nullptr ? path : "build/tools/mend";
}

int kills_wanted() {
    const char* count = std::getenv("MEND_KILLS");
    return count != nullptr ? std::atoi(count) : 3;
}

struct folder {
    fs::path path;

    folder() {
        std::string name = (fs::temp_directory_path() / "mend-kill-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }

    ~folder() { fs::remove_all(path); }

    [[nodiscard]] std::string operator/(const char* name) const { return (path / name).string(); }
};

// Starts the tool; what it prints goes to `out` and `out`.err.
pid_t start(const std::vector<std::string>& words, const std::string& out) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const std::string err = out + ".err";
        dup2(open(out.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600), STDOUT_FILENO);
        dup2(open(err.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600), STDERR_FILENO);
        const std::string tool = tool_path();
        std::vector<char*> pointers{const_cast<char*>(tool.c_str())};
        for (const std::string& word : words) {
            pointers.push_back(const_cast<char*>(word.c_str()));
        }
        pointers.push_back(nullptr);
        execv(tool.c_str(), pointers.data());
        _exit(127);
    }
    return child;
}

// Waits for the end; the exit code, or minus the signal.
int end_of(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int run_whole(const std::vector<std::string>& words, const std::string& out) {
    return end_of(start(words, out));
}

std::uintmax_t size_of(const fs::path& path) {
    std::uintmax_t bytes = 0;
    std::error_code error;
    if (fs::is_directory(path, error)) {
        for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
            bytes += entry.is_regular_file(error) ? entry.file_size(error) : 0;
        }
    } else if (fs::exists(path, error)) {
        bytes = fs::file_size(path, error);
    }
    return bytes;
}

// Starts the tool and stops it once it has written so many bytes more and some time has passed,
// whatever it is at; whether it was running still.
bool stopped_midway(
    const std::vector<std::string>& words,
    const std::string& out,
    const fs::path& grows,
    int signal,
    mend::random_stream& random
) {
    using namespace std::chrono_literals;
    const std::uintmax_t before = size_of(grows);
    const std::uintmax_t wanted = random.below(20000);
    const auto delay = std::chrono::microseconds(random.below(3000));
    const pid_t child = start(words, out);
    int status = 0;
    for (;;) {
        if (waitpid(child, &status, WNOHANG) == child) {
            return false;
        }
        if (size_of(grows) >= before + wanted) {
            break;
        }
        std::this_thread::sleep_for(200us);
    }
    std::this_thread::sleep_for(delay);
    kill(child, signal);
    const int end = end_of(child);
    if (signal == SIGINT && end != 0) {
        CHECK(end == 3); // told to stop, it says so
    }
    return end == -signal || end == 3;
}

json without_time(json value) {
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

json result_of(const std::string& path) {
    return without_time(json::parse(mend::read_text_file(path)));
}

std::string rows_of(const std::string& path) {
    std::string text;
    for (mend::experiment_run row : mend::read_results(path)) {
        row.seconds = 0;
        text += mend::result_line(row);
    }
    return text;
}

void tear(const std::string& path, const std::string& begin) {
    std::ofstream(path, std::ios::app | std::ios::binary) << begin;
}

} // namespace

TEST_CASE("kill: a repair that is killed goes on from its study file to the same result") {
    mend::random_stream random(7, 0, mend::purpose::bootstrap);
    for (const char* jobs : {"1", "2"}) {
        CAPTURE(jobs);
        const folder files;
        const std::string study = files / "study.log";
        std::vector<std::string> words{
            "repair",
            "fault:moons_mlp_loss",
            "--budget",
            "15",
            "--seed",
            "11",
            "--json",
            "--technique",
            "random",
            "--jobs",
            jobs};
        const int code = run_whole(words, files / "whole");
        REQUIRE((code == 0 || code == 1));
        words.insert(words.end(), {"--study", study});
        int killed = 0;
        for (int round = 0; round < kills_wanted() * 4 && killed < kills_wanted(); ++round) {
            const int signal = round % 4 == 3 ? SIGINT : SIGKILL;
            if (stopped_midway(words, files / "killed", study, signal, random)) {
                ++killed;
            } else {
                // It came to its end: begin again.
                CHECK(result_of(files / "killed") == result_of(files / "whole"));
                fs::remove(study);
            }
            if (round % 3 == 1 && fs::exists(study)) {
                tear(study, R"({"op_code":4,"worker_id":"mend-)");
                REQUIRE(run_whole(words, files / "resumed") == code);
                const std::string said = mend::read_text_file(files / "resumed.err");
                CHECK(said.find("dropped an incomplete last line") != std::string::npos);
                CHECK(result_of(files / "resumed") == result_of(files / "whole"));
                fs::remove(study);
            }
        }
        CHECK(killed == kills_wanted());
        REQUIRE(run_whole(words, files / "resumed") == code);
        CHECK(result_of(files / "resumed") == result_of(files / "whole"));
    }
}

TEST_CASE("kill: an experiment that is killed goes on from its folder to the same results") {
    mend::random_stream random(8, 0, mend::purpose::bootstrap);
    const std::vector<std::string> common{
        "study",
        "--faults",
        "moons_mlp_loss,line_mlp_output",
        "--techniques",
        "random,tpe,oracle",
        "--runs",
        "2",
        "--budget",
        "5",
        "--profile",
        "tiny"};
    for (const char* jobs : {"1", "2"}) {
        CAPTURE(jobs);
        const folder files;
        auto words = common;
        words.insert(words.end(), {"--jobs", jobs, "--out"});
        const auto into = [&](const char* name) {
            auto all = words;
            all.push_back(files / name);
            return all;
        };
        REQUIRE(run_whole(into("whole"), files / "out") == 0);
        int killed = 0;
        for (int round = 0; round < kills_wanted() * 4 && killed < kills_wanted(); ++round) {
            const int signal = round % 4 == 3 ? SIGINT : SIGKILL;
            if (stopped_midway(
                    into("killed"), files / "out", files.path / "killed", signal, random
                )) {
                ++killed;
            } else {
                CHECK(
                    rows_of(files / "killed/results.csv") == rows_of(files / "whole/results.csv")
                );
                fs::remove_all(files / "killed");
            }
        }
        CHECK(killed == kills_wanted());
        REQUIRE(run_whole(into("killed"), files / "out") == 0);
        CHECK(rows_of(files / "killed/results.csv") == rows_of(files / "whole/results.csv"));
        CHECK(
            mend::read_text_file(files / "killed/table.md") ==
            mend::read_text_file(files / "whole/table.md")
        );
    }
}
