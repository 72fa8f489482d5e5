// SPDX-License-Identifier: MIT
// Data goes one way through the rooms: every #include edge of the library is allowed by this table.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "build_facts.hpp"

namespace {

namespace fs = std::filesystem;

using names = std::set<std::string>;

// Which rooms, and which foreign headers beyond the standard library, a room may include.
struct allowance {
    names rooms;
    names foreign;
};

names all_up_to_repair() {
    return {
        "core",
        "stats",
        "spec",
        "tensor",
        "space",
        "autodiff",
        "data",
        "record",
        "nn",
        "search",
        "train",
        "study"};
}

names with(names base, const names& more) {
    base.insert(more.begin(), more.end());
    return base;
}

const std::map<std::string, allowance>& table() {
    static const std::map<std::string, allowance> rows{
        {"core", {{}, {}}},
        {"stats", {{"core"}, {}}},
        {"spec", {{"core"}, {}}},
        {"tensor", {{"core"}, {"Eigen", "sys"}}}, // sys: large pages
        {"space", {{"core", "spec"}, {"Eigen"}}},
        {"autodiff", {{"core", "tensor"}, {}}},
        {"data", {{"core", "tensor"}, {}}},
        {"record", {{"core", "spec", "space"}, {}}},
        {"nn", {{"core", "tensor", "autodiff"}, {}}},
        {"fault", {{"core", "spec", "space", "tensor", "data"}, {}}},
        {"search", {{"core", "stats", "spec", "space", "record"}, {"Eigen"}}},
        {"train", {{"core", "spec", "tensor", "autodiff", "data", "nn", "record"}, {}}},
        {"study", {{"core", "space", "record", "search"}, {"oneapi"}}},
        {"repair", {all_up_to_repair(), {}}},
        {"eval", {with(all_up_to_repair(), {"fault", "repair"}), {}}},
        {"io",
         {with(all_up_to_repair(), {"fault", "repair", "eval"}),
          {"nlohmann", "zlib.h", "fcntl.h", "unistd.h", "sys"}}},
    };
    return rows;
}

struct edge {
    std::string from; // "spec/problem.hpp"
    std::string to;   // "mend/core/error.hpp", "Eigen/Core", "vector"
};

std::vector<edge> edges() {
    const fs::path root = fs::path(build_facts::source_folder) / "include" / "mend";
    std::vector<edge> found;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const fs::path relative = fs::relative(entry.path(), root);
        if (entry.path().extension() != ".hpp" || !relative.has_parent_path()) {
            continue; // umbrellas are doors, not rooms
        }
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with("#include")) {
                const auto open = line.find_first_of("<\"");
                const auto close = line.find_first_of(">\"", open + 1);
                found.push_back({relative.generic_string(), line.substr(open + 1, close - open - 1)}
                );
            }
        }
    }
    return found;
}

std::string room_of(const std::string& header) { return header.substr(0, header.find('/')); }

} // namespace

TEST_CASE("rooms: every include edge is one the table allows") {
    const auto all = edges();
    REQUIRE(all.size() > 100);
    for (const edge& e : all) {
        CAPTURE(e.from);
        CAPTURE(e.to);
        const std::string room = room_of(e.from);
        REQUIRE(table().contains(room));
        const allowance& allowed = table().at(room);
        if (e.to.starts_with("mend/")) {
            const std::string target = e.to.substr(5);
            REQUIRE_MESSAGE(
                target.find('/') != std::string::npos, "a library header includes an umbrella"
            );
            const std::string other = room_of(target);
            CHECK((other == room || allowed.rooms.contains(other)));
        } else if (e.to.find('/') != std::string::npos) {
            CHECK(allowed.foreign.contains(room_of(e.to)));
        } else if (e.to.ends_with(".h")) {
            CHECK(allowed.foreign.contains(e.to));
        }
    }
}

TEST_CASE("rooms: headers do not include each other in a circle") {
    std::map<std::string, names> out;
    for (const edge& e : edges()) {
        if (e.to.starts_with("mend/")) {
            out[e.from].insert(e.to.substr(5));
        }
    }
    // Take away headers all of whose includes are gone already; a circle is what can never be
    // taken.
    for (bool changed = true; changed && !out.empty();) {
        changed = false;
        for (auto it = out.begin(); it != out.end();) {
            const bool free =
                std::none_of(it->second.begin(), it->second.end(), [&](const auto& to) {
                    return out.contains(to);
                });
            it = free ? out.erase(it) : std::next(it);
            changed = changed || free;
        }
    }
    CHECK_MESSAGE(out.empty(), (out.empty() ? std::string{} : out.begin()->first));
}

TEST_CASE("rooms: no header is longer than 500 lines") {
    const fs::path root = fs::path(build_facts::source_folder) / "include";
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (entry.path().extension() == ".hpp") {
            std::ifstream file(entry.path());
            std::string line;
            int lines = 0;
            while (std::getline(file, line)) {
                ++lines;
            }
            CAPTURE(entry.path().string());
            CHECK(lines <= 500);
        }
    }
}
