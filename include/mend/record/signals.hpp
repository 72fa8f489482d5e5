// SPDX-License-Identifier: MIT
/// Symptoms that a training showed, as named numbers: what diagnosis and the searchers over
/// problems read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <mend/record/curve.hpp>

namespace mend {

/// One symptom; the name says where it was seen where that matters: "layer/3/dead_units".
struct signal {
    std::string name;
    double value = 0;

    friend bool operator==(const signal& a, const signal& b) noexcept {
        return a.name == b.name && detail::same_number(a.value, b.value);
    }
};

/// Symptoms in the order in which they were set; each name once.
using signals = std::vector<signal>;

/// nullptr where there is none. Linear.
[[nodiscard]] inline const double* find_signal(const signals& all, std::string_view name) noexcept {
    for (const signal& s : all) {
        if (s.name == name) {
            return &s.value;
        }
    }
    return nullptr;
}

inline void set_signal(signals& all, std::string_view name, double value) {
    for (signal& s : all) {
        if (s.name == name) {
            s.value = value;
            return;
        }
    }
    all.push_back({std::string(name), value});
}

} // namespace mend
