// SPDX-License-Identifier: MIT
/// The faults that ship with mend, as the tool has them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/fault_json.hpp>

#include "../build_facts.hpp"

inline std::vector<mend::fault> faults_in(const std::string& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(
             std::filesystem::path(build_facts::source_folder) / folder
         )) {
        if (entry.path().extension() == ".json") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    std::vector<mend::fault> faults;
    for (const auto& file : files) {
        faults.push_back(mend::read_fault(file.string()));
        CHECK(faults.back().id == file.stem().string());
    }
    return faults;
}

inline std::vector<mend::fault> published_faults() { return faults_in("catalogue/published"); }

inline std::vector<mend::fault> own_faults() { return faults_in("examples/problems"); }
