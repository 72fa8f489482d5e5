// SPDX-License-Identifier: MIT
/// The published search space of one fault: which of the study's dimensions it has, and what each
/// edits. Their domains are the study's tables (fix_domains.hpp), epochs apart.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <mend/spec/document.hpp>

namespace mend {

/// One dimension.
struct study_dimension {
    std::string name;    ///< as published: "ki1", "act2", "lr"
    std::string edits;   ///< as fix_space names it: "layers[0].kernel_initializer"; "": nothing
    std::string faulty;  ///< the faulty value as published: "glorot_uniform"
    bool frozen = false; ///< stays at its faulty value in a search
    document::array_type values{}; ///< instead of the table's; empty: the table's

    friend bool operator==(const study_dimension&, const study_dimension&) = default;
};

struct study_space {
    std::vector<study_dimension> dimensions;

    /// Epochs are the faulty ones times and divided by ratio^0 .. ratio^4, cut to whole numbers,
    /// the quotients only where they are above a bound. The study drew the ratio anew for each
    /// process, uniformly between 1.1 and 1.3; the middle stands for all of them.
    double epoch_ratio = 1.2;
    double quotients_above = 1;

    friend bool operator==(const study_space&, const study_space&) = default;

    /// The dimension that edits this, if a search may; else nullptr.
    [[nodiscard]] const study_dimension* find_editing(std::string_view edits) const noexcept {
        for (const study_dimension& d : dimensions) {
            if (d.edits == edits && !d.frozen) {
                return &d;
            }
        }
        return nullptr;
    }

    /// The dimension of this published name, or nullptr.
    [[nodiscard]] const study_dimension* find(std::string_view name) const noexcept {
        for (const study_dimension& d : dimensions) {
            if (d.name == name) {
                return &d;
            }
        }
        return nullptr;
    }

    /// The epochs to choose from, ascending.
    [[nodiscard]] std::vector<std::int64_t> epochs(std::int64_t faulty) const {
        std::vector<std::int64_t> grid;
        // 12 / ((1.1 + 1.3) / 2) is 10, whatever it rounds to.
        const auto cut = [](double value) { return static_cast<std::int64_t>(value + 1e-9); };
        for (int power = 4; power >= 1; --power) {
            const double quotient = static_cast<double>(faulty) / std::pow(epoch_ratio, power);
            if (quotient > quotients_above) {
                grid.push_back(cut(quotient));
            }
        }
        for (int power = 0; power <= 4; ++power) {
            grid.push_back(cut(static_cast<double>(faulty) * std::pow(epoch_ratio, power)));
        }
        std::sort(grid.begin(), grid.end());
        grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
        return grid;
    }
};

} // namespace mend
